/* Claims: setfl files are read as LAMMPS reads them, but without its ringing next to fillers; what
 * is written reads back; potentials/CuZr_mendelev2007.eam.fs is what the program writes.
 *
 * Numbers: energy and forces of four atoms in a made-up two-species table come from LAMMPS
 * (2022-01-06, pair_style eam/fs), which fixes the order of indices and the spline; polynomials and
 * closed forms otherwise. The published table is compared with where it is installed (package
 * lammps-data): its deviations from the formulas are its own rounding and were measured before,
 * see potentials/README.md.
 *
 * With MGMD_REGENERATE=1 in the environment the committed table is written anew.
 */
#include "mgmd/base/str.h"
#include "mgmd/potential/potential.h"
#include "unit_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PUBLISHED "/usr/share/lammps/potentials/CuZr_mm.eam.fs"
#define COMMITTED MGMD_SOURCE_DIR "/potentials/CuZr_mendelev2007.eam.fs"

/* The contents of a file, zero-terminated and to be freed; NULL when it cannot be opened. */
static char *contents(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  fseek(file, 0, SEEK_END);
  *length = (size_t)ftell(file);
  rewind(file);
  char *text = malloc(*length + 1);
  ck_assert_ptr_nonnull(text);
  ck_assert_uint_eq(fread(text, 1, *length, file), *length);
  text[*length] = '\0';
  fclose(file);
  return text;
}

static mg_potential *parse(const char *text, bool finnis_sinclair) {
  mg_potential *potential;
  const mg_status status =
      mg_potential_parse_setfl("table", text, strlen(text), finnis_sinclair, &potential);
  ck_assert_msg(status == MG_OK, "%s", mg_error_text());
  return potential;
}

static mg_potential *load(const char *path) {
  size_t length;
  char *text = contents(path, &length);
  ck_assert_msg(text != NULL, "cannot open %s", path);
  mg_potential *potential;
  const mg_status status = mg_potential_load(path, text, length, &potential);
  ck_assert_msg(status == MG_OK, "%s", mg_error_text());
  free(text);
  return potential;
}

/* The made-up table: species Aa and Bb; what b makes at a is weight[b][a] (6-r)^4/1000. */
enum { TOY_SIZE = 200000, TOY_RHO = 201, TOY_R = 301 };
static const double WEIGHT[2][2] = {{1, 2}, {3, 5}};
static char toy[TOY_SIZE];

static void add_block(char **at, int n, double step, double (*f)(double, double), double weight) {
  for (int k = 0; k < n; k++)
    *at += snprintf(*at, 32, "%.17g%c", f(k * step, weight), k % 5 == 4 || k == n - 1 ? '\n' : ' ');
}

static double toy_F(double rho, double weight) { return -weight * rho + 0.02 * rho * rho; }
static double toy_psi(double r, double weight) {
  return r < 5.99 ? weight * pow(6 - r, 4) / 1000 : 0;
}
static double toy_rphi(double r, double weight) {
  return r < 5.99 ? r * weight * pow(6 - r, 4) / 100 : 0;
}

static void make_toy(bool finnis_sinclair) {
  char *at = toy;
  at += sprintf(at, "one\ntwo\nthree\n2 Aa Bb\n%d 0.05 %d 0.02 6\n", TOY_RHO, TOY_R);
  for (int b = 0; b < 2; b++) {
    at += sprintf(at, "%d %d 3.0 fcc\n", b + 1, 10 * (b + 1));
    add_block(&at, TOY_RHO, 0.05, toy_F, 1 + 0.3 * b);
    for (int a = 0; a < (finnis_sinclair ? 2 : 1); a++)
      add_block(&at, TOY_R, 0.02, toy_psi, WEIGHT[b][a]);
  }
  for (int pair = 0; pair < 3; pair++) add_block(&at, TOY_R, 0.02, toy_rphi, 0.3 + 0.2 * pair);
}

START_TEST(energy_and_forces_of_lammps) {
  enum { N = 4 };
  const int s[N] = {0, 1, 1, 0};
  const double x[N][3] = {{20, 20, 20}, {22.1, 20.3, 20}, {20.4, 22.5, 20.7}, {21, 21, 22.6}};
  const double expected[N][3] = {{0.0539009540387684, 0.0265910834865, -0.0910344107284117},
                                 {-0.510586194787548, 0.525001300914678, 0.210857091732672},
                                 {0.414636016431957, -0.624255099068006, -0.127659971819594},
                                 {0.0420492243168222, 0.0726627146668284, 0.00783729081533455}};
  make_toy(true);
  mg_potential *potential = parse(toy, true);
  double E = 0, f[N][3] = {{0}}, slope[N];
  for (int i = 0; i < N; i++) {
    double rho = 0, F, psi, phi;
    for (int j = 0; j < N; j++) {
      const double r = hypot(hypot(x[i][0] - x[j][0], x[i][1] - x[j][1]), x[i][2] - x[j][2]);
      if (i == j) continue;
      mg_potential_psi(potential, s[i], s[j], r, &psi, NULL);
      mg_potential_phi(potential, s[i], s[j], r, &phi, NULL);
      rho += psi;
      E += phi / 2;
    }
    mg_potential_embed(potential, s[i], rho, &F, &slope[i]);
    E += F;
  }
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) {
      const double r = hypot(hypot(x[i][0] - x[j][0], x[i][1] - x[j][1]), x[i][2] - x[j][2]);
      double at_i, at_j, dphi;
      if (i == j) continue;
      mg_potential_psi(potential, s[i], s[j], r, NULL, &at_i);
      mg_potential_psi(potential, s[j], s[i], r, NULL, &at_j);
      mg_potential_phi(potential, s[j], s[i], r, NULL, &dphi);
      for (int k = 0; k < 3; k++)
        f[i][k] -= (slope[i] * at_i + slope[j] * at_j + dphi) * (x[i][k] - x[j][k]) / r;
    }
  }
  ck_assert_double_eq_tol(E, -0.765048112373558, 1e-13);
  for (int i = 0; i < N; i++)
    for (int k = 0; k < 3; k++) ck_assert_double_eq_tol(f[i][k], expected[i][k], 1e-13);
  mg_potential_destroy(&potential);
}
END_TEST

START_TEST(alloy_density_depends_on_its_maker) {
  make_toy(false);
  mg_potential *potential = parse(toy, false);
  for (int a = 0; a < 2; a++) {
    for (int b = 0; b < 2; b++) {
      double psi;
      mg_potential_psi(potential, a, b, 2.0, &psi, NULL);
      ck_assert_double_eq_tol(psi, toy_psi(2.0, WEIGHT[b][0]), 1e-14);
    }
  }
  const mg_species *species = mg_potential_species(potential);
  ck_assert_str_eq(species->symbol[1], "Bb");
  ck_assert_double_eq(species->mass[1], 20);
  ck_assert_ptr_null(mg_potential_phi_segments(potential, 0, 0));
  ck_assert_ptr_null(mg_potential_psi_segments(potential, 0, 0));
  ck_assert_ptr_null(mg_potential_dphi_segments(potential, 0, 0));
  ck_assert_ptr_null(mg_potential_dpsi_segments(potential, 0, 0));
  mg_potential_destroy(&potential);
}
END_TEST

START_TEST(slopes_are_derivatives) {
  make_toy(true);
  mg_potential *potential = parse(toy, true);
  const double h = 1e-4;
  for (double r = 0.003; r < 6.1; r += 0.00617) {
    double f[2], slope;
    mg_potential_phi(potential, 0, 1, r - h / 2, &f[0], NULL);
    mg_potential_phi(potential, 0, 1, r + h / 2, &f[1], NULL);
    mg_potential_phi(potential, 0, 1, r, NULL, &slope);
    ck_assert_double_le(fabs(slope - (f[1] - f[0]) / h), 1e-5 * (1 + fabs(slope) / r));
    mg_potential_psi(potential, 0, 1, r - h / 2, &f[0], NULL);
    mg_potential_psi(potential, 0, 1, r + h / 2, &f[1], NULL);
    mg_potential_psi(potential, 0, 1, r, NULL, &slope);
    ck_assert_double_le(fabs(slope - (f[1] - f[0]) / h), 1e-6);
  }
  for (double rho = 0.01; rho < 12; rho += 0.0313) { /* F is a parabola up to 10, a line above */
    double F, dF;
    mg_potential_embed(potential, 0, rho, &F, &dF);
    const double inside = fmin(rho, 10);
    /* the slope at the end of a table is a two-point one, half a step off */
    const double tolerance = rho < 0.1 || rho > 9.9 ? 1.1e-3 : 1e-12;
    ck_assert_double_eq_tol(dF, -1 + 0.04 * inside, tolerance);
    ck_assert_double_eq_tol(F, toy_F(inside, 1) + dF * (rho - inside), 1e-2 * tolerance + 1e-12);
  }
  mg_potential_destroy(&potential);
}
END_TEST

START_TEST(each_function_ends_where_its_table_does) {
  make_toy(true);
  char *zero = strstr(toy, "1 10 3.0"); /* what Aa makes is put to zero */
  for (int line = 0; line < 1 + (TOY_RHO + 4) / 5; line++) zero = strchr(zero, '\n') + 1;
  for (int value = 0; value < 2 * TOY_R; value++) {
    const size_t n = strcspn(zero, " \n");
    memset(zero, ' ', n);
    zero[0] = '0';
    zero += n + 1;
  }
  mg_potential *potential = parse(toy, true);
  ck_assert_double_eq(mg_potential_psi_cutoff(potential, 0, 0), 0);
  ck_assert_double_eq(mg_potential_psi_cutoff(potential, 0, 1), 6); /* by what Bb makes at Aa */
  ck_assert_double_eq(mg_potential_psi_cutoff(potential, 1, 0), 6);
  ck_assert_double_eq(mg_potential_phi_cutoff(potential, 0, 0), 6);
  ck_assert_double_eq(mg_potential_cutoff(potential), 6);
  ck_assert_double_eq_tol(mg_potential_rho_max(potential, 1), 10, 1e-12);
  double psi = 1;
  mg_potential_psi(potential, 0, 0, 1.0, &psi, NULL);
  ck_assert_double_eq(psi, 0);
  mg_potential_psi(potential, 1, 0, 1.0, &psi, NULL);
  ck_assert_double_eq(psi, 0);
  mg_potential_destroy(&potential);
}
END_TEST

/* A text of r phi values with a filler in front, one species, steps of 0.02 A. */
static mg_potential *with_filler(double filler, int n_filler, double (*rphi)(double, double)) {
  char *at = toy;
  at += sprintf(at, "\n\n\n1 Aa\n%d 0.05 %d 0.02 6\n1 1 1 x\n", TOY_RHO, TOY_R);
  add_block(&at, TOY_RHO, 0.05, toy_F, 1);
  add_block(&at, TOY_R, 0.02, toy_psi, 1);
  for (int k = 0; k < TOY_R; k++)
    at += sprintf(at, "%.17g\n", k < n_filler ? filler : rphi(k * 0.02, 1));
  return parse(toy, false);
}

START_TEST(fillers_do_not_ring) {
  const double fillers[] = {1e12, 0, -1, 0.5};
  for (int i = 0; i < 4; i++) {
    for (int n = 1; n < 40; n += 3) {
      mg_potential *potential = with_filler(fillers[i], n, toy_rphi);
      const double sound = 0.02 * (n + 2);
      double last = INFINITY, phi, dphi, before, slope;
      for (double r = 1e-4; r < 2; r += 1e-3) {
        mg_potential_phi(potential, 0, 0, r, &phi, &dphi);
        ck_assert(isfinite(phi) && phi < last && dphi < 0);
        last = phi;
        if (r > sound) ck_assert_double_eq_tol(phi, toy_rphi(r, 1) / r, 1e-4);
      }
      mg_potential_phi(potential, 0, 0, sound * (1 - 1e-12), &before, &slope);
      mg_potential_phi(potential, 0, 0, sound, &phi, &dphi);
      ck_assert_double_eq_tol(phi, before, 1e-9);
      ck_assert_double_eq_tol(dphi, slope, 1e-6 * fabs(slope));
      mg_potential_destroy(&potential);
    }
  }
}
END_TEST

static double attractive(double r, double weight) { return r < 5.99 ? -weight * r * (6 - r) : 0; }

START_TEST(no_wall_is_invented) {
  mg_potential *potential = with_filler(0, 1, attractive); /* phi rises everywhere */
  double deep, deeper, slope;
  mg_potential_phi(potential, 0, 0, 0.06, &deep, NULL);
  mg_potential_phi(potential, 0, 0, 0.01, &deeper, &slope);
  ck_assert_double_eq_tol(deep, -5.94, 1e-9);
  ck_assert_double_eq_tol(deeper, deep, 1e-12);
  ck_assert_double_eq(slope, 0);
  mg_potential_destroy(&potential);
}
END_TEST

/* Byte for byte: the numbers come from operations that round alike on every machine. */
static void compare_texts(const char *a, const char *b) {
  for (int line = 1; *a || *b; line++) {
    const size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");
    ck_assert_msg(n == m && memcmp(a, b, n) == 0, "line %d: '%.*s', '%.*s'", line, (int)n, a,
                  (int)m, b);
    a += n + (a[n] == '\n'), b += m + (b[m] == '\n');
  }
}

START_TEST(committed_table_is_current) {
  mg_potential *potential = mg_potential_builtin("cuzr-mendelev2007");
  char *text;
  ck_assert_int_eq(mg_potential_write_setfl(potential, 10001, 300, 10001, &text), MG_OK);
  if (getenv("MGMD_REGENERATE")) {
    FILE *file = fopen(COMMITTED, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert(fputs(text, file) >= 0 && fclose(file) == 0);
  }
  size_t length;
  char *committed = contents(COMMITTED, &length);
  ck_assert_msg(committed != NULL, "cannot open " COMMITTED);
  compare_texts(text, committed);
  free(committed);
  mg_free(text);
  mg_potential_destroy(&potential);
}
END_TEST

START_TEST(written_table_reads_back) {
  mg_potential *exact = mg_potential_builtin("cuzr-mendelev2007"), *table = load(COMMITTED);
  ck_assert_double_eq(mg_potential_cutoff(table), 7.6);
  ck_assert_uint_ne(mg_potential_hash(exact), mg_potential_hash(table));
  for (int a = 0; a < 2; a++) {
    double f, g, df, dg;
    for (int b = 0; b < 2; b++) {
      const double first = a + b == 2 ? 2.31 : 1.81; /* the curvature of phi jumps below */
      for (double r = first; r < 7.7; r += 0.000317) {
        mg_potential_phi(exact, a, b, r, &f, &df);
        mg_potential_phi(table, a, b, r, &g, &dg);
        ck_assert_double_le(fabs(f - g), 2e-10);
        ck_assert_double_le(fabs(df - dg), 1e-6);
        mg_potential_psi(exact, a, b, r, &f, &df);
        mg_potential_psi(table, a, b, r, &g, &dg);
        ck_assert_double_le(fabs(f - g), 1e-11);
        ck_assert_double_le(fabs(df - dg), 1e-7);
      }
      for (double r = 0.005; r < first; r += 0.00123) {
        mg_potential_phi(exact, a, b, r, &f, NULL);
        mg_potential_phi(table, a, b, r, &g, NULL);
        ck_assert_double_le(fabs(f - g), 1e-4 * fabs(f));
      }
    }
    for (double rho = 5; rho < 320; rho += 0.0171) {
      mg_potential_embed(exact, a, rho, &f, &df);
      mg_potential_embed(table, a, rho, &g, &dg);
      /* the slope at the table's end, and so the tangent above, is a two-point one */
      const double tolerance = rho < 299.9 ? 1e-8 : 1e-3;
      ck_assert_double_le(fabs(f - g), tolerance * (1 + fabs(f)));
      ck_assert_double_le(fabs(df - dg), fmax(1e-6, tolerance) * (1 + fabs(df)));
    }
  }
  mg_potential_destroy(&exact);
  mg_potential_destroy(&table);
}
END_TEST

START_TEST(tables_can_be_written_again) {
  make_toy(true);
  mg_potential *first = parse(toy, true);
  char *text;
  ck_assert_int_eq(mg_potential_write_setfl(first, TOY_RHO, 10, TOY_R, &text), MG_OK);
  mg_potential *second = parse(text, true);
  mg_free(text);
  for (int a = 0; a < 2; a++) {
    for (int b = 0; b < 2; b++) {
      for (double r = 0.1; r < 6.2; r += 0.0171) {
        double f, g;
        mg_potential_phi(first, a, b, r, &f, NULL);
        mg_potential_phi(second, a, b, r, &g, NULL);
        ck_assert_double_eq_tol(f, g, 1e-13 * (1 + fabs(f)));
        mg_potential_psi(first, a, b, r, &f, NULL);
        mg_potential_psi(second, a, b, r, &g, NULL);
        ck_assert_double_eq_tol(f, g, 1e-13);
      }
    }
  }
  ck_assert_int_eq(mg_potential_write_setfl(first, 4, 10, TOY_R, &text), MG_ERR_INPUT);
  ck_assert_ptr_null(text);
  mg_error_clear();
  ck_assert_int_eq(mg_potential_write_setfl(first, TOY_RHO, NAN, TOY_R, &text), MG_ERR_INPUT);
  mg_potential_destroy(&first);
  mg_potential_destroy(&second);
}
END_TEST

START_TEST(published_table) {
  mg_potential *exact = mg_potential_builtin("cuzr-mendelev2007"), *table = load(PUBLISHED);
  const double phi_error[3] = {1.45e-8, 2.2e-9, 4.4e-9}; /* from 1.5 A on */
  for (int a = 0; a < 2; a++) {
    double f, g;
    for (int k = 0; k < 10000; k++) {
      mg_potential_embed(exact, a, k * 0.03, &f, NULL);
      mg_potential_embed(table, a, k * 0.03, &g, NULL);
      ck_assert_double_le(fabs(f - g), k * 0.03 < 100 ? 2.9e-10 : 8.5e-9);
    }
    for (int b = 0; b < 2; b++) {
      for (int k = 1; k < 10000; k++) {
        const double r = k * 7.6e-4;
        mg_potential_psi(exact, a, b, r, &f, NULL);
        mg_potential_psi(table, a, b, r, &g, NULL);
        ck_assert_double_le(fabs(f - g), 2.6e-10);
        mg_potential_phi(exact, a, b, r, &f, NULL);
        mg_potential_phi(table, a, b, r, &g, NULL);
        if (r >= 1.5) {
          ck_assert_double_le(fabs(f - g), phi_error[a + b]);
        } else if (r >= 0.502) {
          ck_assert_double_le(fabs(f - g), 1.6e-8 * fabs(f));
        } else { /* the filler of 1e12 is there */
          ck_assert(g > 1000 && g < 3 * f);
        }
      }
    }
  }
  for (int a = 0; a < 2; a++)
    ck_assert_double_eq_tol(mg_potential_psi_cutoff(table, 0, a), 6.0, 2e-3);
  ck_assert_double_eq_tol(mg_potential_psi_cutoff(table, 1, 1), 5.6, 2e-3);
  ck_assert_double_eq_tol(mg_potential_phi_cutoff(table, 0, 0), 6.0, 2e-3);
  mg_potential_destroy(&exact);
  mg_potential_destroy(&table);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, energy_and_forces_of_lammps);
  tcase_add_test(tests, alloy_density_depends_on_its_maker);
  tcase_add_test(tests, slopes_are_derivatives);
  tcase_add_test(tests, each_function_ends_where_its_table_does);
  tcase_add_test(tests, fillers_do_not_ring);
  tcase_add_test(tests, no_wall_is_invented);
  tcase_add_test(tests, committed_table_is_current);
  tcase_add_test(tests, written_table_reads_back);
  tcase_add_test(tests, tables_can_be_written_again);
  FILE *file = fopen(PUBLISHED, "r");
  if (file) {
    fclose(file);
    tcase_add_test(tests, published_table);
  } else {
    puts("ok published_table # SKIP " PUBLISHED " is not installed (package lammps-data)");
  }
}

UNIT_CHECK_MAIN("setfl", fill)
