/* Claims: the built-in Cu-Zr potential is the published one, exact and smooth where it should be.
 *
 * Numbers: the table of sample values was computed from the published setfl file and the papers'
 * formulas by a separate script (6 digits); potentials/README.md holds the constants, which are
 * read from there (as doubles) and summed as they stand, in long double. Slopes against four-point
 * differences of the values. Crystals are in test_potential_crystals.c.
 */
#include "mgmd/potential/potential.h"
#include "unit_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 22, PAIRS = 3, ROWS = 32, COLUMNS = 8 };
static const int PAIR[PAIRS][2] = {{0, 0}, {0, 1}, {1, 1}};
static const char *const PAIR_NAME[PAIRS] = {"Cu-Cu", "Cu-Zr", "Zr-Zr"};

/* r; phi CuCu, CuZr, ZrZr; psi CuCu, CuZr, ZrZr */
static const double SAMPLE[SAMPLES][7] = {
    {0.5, 1471.97, 1813.8, 2253.42, 12.1985, 48.9558, 65.8065},
    {1, 134.464, 155.691, 182.502, 7.50567, 29.5358, 47.9501},
    {1.5, 14.3723, 16.2076, 32.2886, 4.41767, 16.7158, 33.9542},
    {1.8, 2.09928, 5.0828, 14.1986, 3.13806, 11.4519, 27.0019},
    {2, 0.769645, 2.74533, 8.2553, 2.47047, 8.74554, 22.9284},
    {2.2, 0.404639, 1.50498, 4.59586, 1.92577, 6.57724, 19.2868},
    {2.4, 0.173085, 0.801026, 2.52886, 1.48495, 4.86581, 16.0586},
    {2.6, 0.0566831, 0.38425, 1.74248, 1.13149, 3.53726, 13.221},
    {2.8, 0.0268204, 0.147784, 1.19299, 0.850977, 2.5249, 10.747},
    {3, 0.0389916, 0.0357578, 0.78235, 0.630791, 1.76923, 8.60763},
    {3.2, 0.0532863, 0.00440598, 0.505554, 0.460054, 1.21784, 6.7734},
    {3.5, 0.0607519, 0.024663, 0.25477, 0.276998, 0.675912, 4.53317},
    {4, 0.0335224, 0.0638439, 0.078501, 0.106912, 0.240827, 1.96321},
    {4.5, 0.0101916, 0.0411877, 0.0030196, 0.0334545, 0.074999, 0.581201},
    {5, 0.00705622, 0.01472, 0.00186939, 0.0066083, 0.0148146, 0.0695088},
    {5.5, 0.00159766, -0.00446104, -0.013172, 0.000413019, 0.000925914, 7.30513e-05},
    {6, 0, -0.00431003, -0.0172526, 0, 0, 0},
    {6.5, 0, -0.00863309, -0.00821477, 0, 0, 0},
    {7, 0, -0.0104645, -0.000237902, 0, 0, 0},
    {7.3, 0, -0.00172025, 3.50344e-05, 0, 0, 0},
    {7.5, 0, -3.60392e-05, 9.13379e-07, 0, 0, 0},
    {7.59, 0, -4.47229e-09, 1.12121e-10, 0, 0, 0}};

static mg_potential *built_in(void) {
  mg_potential *potential = mg_potential_builtin("cuzr-mendelev2007");
  ck_assert_msg(potential != NULL, "%s", mg_error_text());
  return potential;
}

START_TEST(sample_values) {
  mg_potential *potential = built_in();
  for (int s = 0; s < SAMPLES; s++) {
    for (int k = 0; k < PAIRS; k++) {
      const double r = SAMPLE[s][0], expected_phi = SAMPLE[s][1 + k],
                   expected_psi = SAMPLE[s][4 + k];
      double phi, psi;
      mg_potential_phi(potential, PAIR[k][0], PAIR[k][1], r, &phi, NULL);
      mg_potential_psi(potential, PAIR[k][0], PAIR[k][1], r, &psi, NULL);
      ck_assert_double_le(fabs(phi - expected_phi), 6e-6 * fabs(expected_phi));
      ck_assert_double_le(fabs(psi - expected_psi), 6e-6 * fabs(expected_psi));
      double other;
      mg_potential_psi(potential, PAIR[k][1], PAIR[k][0], r, &other, NULL);
      ck_assert_double_eq(psi, other);
    }
  }
  mg_potential_destroy(&potential);
}
END_TEST

/* A table of potentials/README.md: the rows below a heading, first column apart. */
typedef struct sheet {
  int n;
  char key[ROWS][8];
  long double value[ROWS][COLUMNS];
} sheet;

static void read_row(sheet *rows, char *line) {
  char *cell = strtok(line, "| \n");
  snprintf(rows->key[rows->n], sizeof rows->key[0], "%s", cell);
  int column = 0;
  while ((cell = strtok(NULL, "| \n")) != NULL) {
    char *rest;
    ck_assert_int_lt(column, COLUMNS);
    rows->value[rows->n][column++] = strtod(cell, &rest);
    ck_assert_msg(*rest == '\0', "'%s' is no number", cell);
  }
  rows->n++;
}

static void read_sheet(const char *heading, sheet *rows) {
  memset(rows, 0, sizeof *rows);
  FILE *file = fopen(MGMD_SOURCE_DIR "/potentials/README.md", "r");
  ck_assert_ptr_nonnull(file);
  char line[512];
  bool inside = false;
  int seen = 0;
  while (fgets(line, sizeof line, file)) {
    if (line[0] == '#') inside = strstr(line, heading) != NULL;
    if (!inside || line[0] != '|') continue;
    if (seen++ < 2) continue; /* column names, rule */
    ck_assert_int_lt(rows->n, ROWS);
    read_row(rows, line);
  }
  fclose(file);
  ck_assert_int_gt(rows->n, 0);
}

static long double truncated_powers(const sheet *rows, const char *key, long double r) {
  long double sum = 0;
  for (int k = 0; k < rows->n; k++) {
    const long double x = rows->value[k][0] - r;
    if (strcmp(rows->key[k], key) != 0 || x <= 0) continue;
    for (int n = 4; n <= 8; n++) sum += rows->value[k][n - 3] * powl(x, n);
  }
  return sum;
}

static const long double *row_of(const sheet *rows, const char *key) {
  for (int k = 0; k < rows->n; k++)
    if (strcmp(rows->key[k], key) == 0) return rows->value[k];
  ck_abort_msg("no row %s", key);
  return NULL;
}

static long double plain_phi(const char *key, long double r, const sheet *powers,
                             const sheet *exponents, const sheet *zbl) {
  const long double *e = row_of(exponents, key), *z = row_of(zbl, key);
  if (r >= e[0]) return truncated_powers(powers, key, r);
  if (r >= 1) return expl(e[1] + e[2] * r + e[3] * r * r + e[4] * r * r * r);
  return z[0] / r *
         (0.1818L * expl(-z[1] * r) + 0.5099L * expl(-z[2] * r) + 0.2802L * expl(-z[3] * r) +
          0.02817L * expl(-z[4] * r));
}

/* Truncated powers cancel: with a long double no wider than a double (some machines, valgrind) the
 * reference is what is wrong. */
static double reference_error(void) {
  const volatile long double one = 1, tiny = 0x1p-60L;
  return one + tiny != one ? 1 : 1000;
}

START_TEST(equals_the_written_formulas) {
  mg_potential *potential = built_in();
  const double error = reference_error();
  sheet powers, exponents, zbl, densities, embedding;
  read_sheet("Pair function from r_s on", &powers);
  read_sheet("Pair function from 1 to r_s", &exponents);
  read_sheet("Pair function below 1", &zbl);
  read_sheet("Density function", &densities);
  read_sheet("Embedding function", &embedding);
  ck_assert_int_eq(powers.n + exponents.n + zbl.n + densities.n + embedding.n, 9 + 3 + 3 + 9 + 13);
  for (int k = 0; k < PAIRS; k++) {
    for (int i = 1; i < 3850; i++) { /* not on a knot, up to behind the cutoff */
      const double r = 0.002 * i + 0.00013;
      double phi, psi;
      mg_potential_phi(potential, PAIR[k][0], PAIR[k][1], r, &phi, NULL);
      mg_potential_psi(potential, PAIR[k][0], PAIR[k][1], r, &psi, NULL);
      const double plain = (double)plain_phi(PAIR_NAME[k], r, &powers, &exponents, &zbl);
      ck_assert_double_le(fabs(phi - plain), error * (2e-14 + 4e-14 * fabs(plain)));
      const double density = (double)truncated_powers(&densities, PAIR_NAME[k], r);
      ck_assert_double_le(fabs(psi - density), error * (2e-14 + 2e-14 * density));
    }
  }
  for (int a = 0; a < 2; a++) {
    for (int i = 1; i < 3000; i++) {
      const double rho = 0.1 * i + 0.013;
      long double F = -sqrtl(rho);
      for (int k = 0; k < embedding.n; k++) {
        const long double x = rho - embedding.value[k][0];
        if (strcmp(embedding.key[k], a == 0 ? "Cu" : "Zr") == 0 && x > 0)
          F += embedding.value[k][1] * powl(x, 4);
      }
      double value;
      mg_potential_embed(potential, a, rho, &value, NULL);
      ck_assert_double_le(fabs(value - (double)F),
                          error * 1e-14 * (1 + fabs((double)F)) * (1 + rho));
    }
  }
  mg_potential_destroy(&potential);
}
END_TEST

typedef void pair_function(const mg_potential *, int, int, double, double *, double *);

static double difference(pair_function *function, const mg_potential *potential, int k, double r,
                         double h) {
  double f[4];
  const double shift[4] = {-2, -1, 1, 2};
  for (int i = 0; i < 4; i++)
    function(potential, PAIR[k][0], PAIR[k][1], r + shift[i] * h, &f[i], NULL);
  return (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h);
}

START_TEST(slopes_are_derivatives) {
  mg_potential *potential = built_in();
  pair_function *const functions[] = {mg_potential_phi, mg_potential_psi};
  const double h = 2e-4;
  for (int which = 0; which < 2; which++) {
    for (int k = 0; k < PAIRS; k++) {
      const double splice = k == 2 ? 2.3 : 1.8;
      for (double r = 0.2; r < 7.7; r += 0.00377) {
        /* only the slope is continuous at the two joints of phi */
        if (fabs(r - 1) < 3 * h || fabs(r - splice) < 3 * h) continue;
        double slope;
        functions[which](potential, PAIR[k][0], PAIR[k][1], r, NULL, &slope);
        const double expected = difference(functions[which], potential, k, r, h);
        ck_assert_double_le(fabs(slope - expected), 1e-8 * (1 + fabs(slope)));
      }
    }
  }
  for (int a = 0; a < 2; a++) {
    for (double rho = 0.5; rho < 400; rho += 0.0937) {
      double f[4], slope;
      for (int i = 0; i < 4; i++)
        mg_potential_embed(potential, a, rho + (i < 2 ? i - 2 : i - 1) * 1e-2, &f[i], NULL);
      mg_potential_embed(potential, a, rho, NULL, &slope);
      /* the second derivative jumps where the tangent begins */
      const double tolerance = fabs(rho - 300) < 0.03 ? 1e-2 : 1e-6;
      ck_assert_double_le(fabs(slope - (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / 12e-2),
                          tolerance * (1 + fabs(slope)));
    }
  }
  mg_potential_destroy(&potential);
}
END_TEST

static void check_jump(pair_function *function, const mg_potential *potential, int k, double r,
                       double value_jump, double slope_jump) {
  double f[2], df[2];
  function(potential, PAIR[k][0], PAIR[k][1], nextafter(r, 0), &f[0], &df[0]);
  function(potential, PAIR[k][0], PAIR[k][1], r, &f[1], &df[1]);
  ck_assert_msg(fabs(f[1] - f[0]) <= value_jump, "%s at %g: value jumps by %g", PAIR_NAME[k], r,
                f[1] - f[0]);
  ck_assert_msg(fabs(df[1] - df[0]) <= slope_jump, "%s at %g: slope jumps by %g", PAIR_NAME[k], r,
                df[1] - df[0]);
}

START_TEST(continuous_at_every_knot) {
  mg_potential *potential = built_in();
  for (int k = 0; k < PAIRS; k++) {
    check_jump(mg_potential_phi, potential, k, 1.0, 9e-7, 4e-6);
    check_jump(mg_potential_phi, potential, k, k == 2 ? 2.3 : 1.8, 1e-9, 1e-9);
    const mg_segments *phi = mg_potential_phi_segments(potential, PAIR[k][0], PAIR[k][1]);
    const mg_segments *psi = mg_potential_psi_segments(potential, PAIR[k][0], PAIR[k][1]);
    for (int i = 1; i <= phi->n; i++)
      check_jump(mg_potential_phi, potential, k, phi->knot[i], 2e-14, 2e-13);
    for (int i = 0; i <= psi->n; i++)
      check_jump(mg_potential_psi, potential, k, psi->knot[i], 1e-13, 1e-13);
  }
  const double knots[] = {9, 11, 13, 15, 16, 16.5, 17, 18, 60, 70, 80, 85, 90, 300};
  for (int a = 0; a < 2; a++) {
    for (size_t i = 0; i < sizeof knots / sizeof *knots; i++) {
      double f[2], df[2];
      mg_potential_embed(potential, a, nextafter(knots[i], 0), &f[0], &df[0]);
      mg_potential_embed(potential, a, nextafter(knots[i], 1000), &f[1], &df[1]);
      ck_assert_double_le(fabs(f[1] - f[0]), 1e-12 * (1 + fabs(f[0])));
      ck_assert_double_le(fabs(df[1] - df[0]), 1e-12 * (1 + fabs(df[0])));
    }
  }
  mg_potential_destroy(&potential);
}
END_TEST

static double of_segments(const mg_segments *segments, double r) {
  if (r >= segments->knot[segments->n]) return 0;
  int k = 0;
  while (r >= segments->knot[k + 1]) k++;
  const double t = r - (segments->knot[k] + segments->knot[k + 1]) / 2;
  double sum = 0;
  for (int m = segments->degree; m >= 0; m--) sum = sum * t + segments->coef[k][m];
  return sum;
}

START_TEST(segments_equal_functions) {
  mg_potential *potential = built_in();
  for (int k = 0; k < PAIRS; k++) {
    const int a = PAIR[k][0], b = PAIR[k][1];
    const mg_segments *of_phi = mg_potential_phi_segments(potential, a, b);
    const mg_segments *of_psi = mg_potential_psi_segments(potential, a, b);
    const mg_segments *of_dphi = mg_potential_dphi_segments(potential, a, b);
    const mg_segments *of_dpsi = mg_potential_dpsi_segments(potential, b, a);
    ck_assert_double_eq(of_phi->knot[0], k == 2 ? 2.3 : 1.8);
    ck_assert_double_eq(of_psi->knot[0], 1.8);
    ck_assert_double_eq(of_phi->knot[of_phi->n], mg_potential_phi_cutoff(potential, a, b));
    ck_assert_double_eq(of_psi->knot[of_psi->n], mg_potential_psi_cutoff(potential, b, a));
    ck_assert_int_eq(of_dphi->degree, of_phi->degree - 1);
    ck_assert_int_eq(of_dpsi->degree, of_psi->degree - 1);
    for (double r = 0.01; r < 7.7; r += 0.00113) {
      double phi, dphi, psi, dpsi;
      mg_potential_phi(potential, a, b, r, &phi, &dphi);
      mg_potential_psi(potential, a, b, r, &psi, &dpsi);
      ck_assert_double_le(fabs(of_segments(of_psi, r) - psi), 2e-14 * (0.1 + fabs(psi)));
      ck_assert_double_le(fabs(of_segments(of_dpsi, r) - dpsi), 1e-13 * (0.1 + fabs(dpsi)));
      if (r < of_phi->knot[0]) continue;
      ck_assert_double_le(fabs(of_segments(of_phi, r) - phi), 2e-14 * (0.1 + fabs(phi)));
      ck_assert_double_le(fabs(of_segments(of_dphi, r) - dphi), 1e-13 * (0.1 + fabs(dphi)));
    }
  }
  mg_potential_destroy(&potential);
}
END_TEST

START_TEST(embedding_pieces_equal_function) {
  mg_potential *potential = built_in();
  for (int a = 0; a < 2; a++) {
    const mg_embed_pieces *pieces = mg_potential_embed_pieces(potential, a);
    ck_assert_int_eq(pieces->n, a == 0 ? 8 : 5);
    for (double rho = 0.01; rho <= 300; rho += 0.0313) {
      int k = pieces->n - 1;
      while (k >= 0 && rho < pieces->knot[k]) k--;
      double sum = 0, F;
      for (int m = MG_EMBED_DEGREE; k >= 0 && m >= 0; m--)
        sum = sum * (rho - pieces->knot[k]) + pieces->coef[k][m];
      mg_potential_embed(potential, a, rho, &F, NULL);
      ck_assert_double_eq_tol(F, sum - sqrt(rho), 1e-14 * (1 + fabs(F)));
    }
  }
  mg_potential_destroy(&potential);
}
END_TEST

START_TEST(right_out_of_the_usual_range) {
  mg_potential *potential = built_in();
  for (int k = 0; k < PAIRS; k++) {
    const int a = PAIR[k][0], b = PAIR[k][1];
    double last = INFINITY;
    for (double r = 1e-3; r < 1.9; r += 1e-3) { /* repulsive all the way */
      double phi, dphi;
      mg_potential_phi(potential, a, b, r, &phi, &dphi);
      ck_assert(phi < last && dphi < 0 && isfinite(phi));
      last = phi;
    }
    double value, slope;
    mg_potential_phi(potential, a, b, mg_potential_phi_cutoff(potential, a, b), &value, &slope);
    ck_assert(value == 0 && slope == 0);
    mg_potential_psi(potential, a, b, 1e30, &value, &slope);
    ck_assert(value == 0 && slope == 0);
    mg_potential_psi(potential, a, b, NAN, &value, &slope);
    ck_assert(isnan(value) && isnan(slope));
    mg_potential_phi(potential, a, b, NAN, &value, &slope);
    ck_assert(isnan(value) && isnan(slope));
  }
  for (int a = 0; a < 2; a++) {
    double F, dF, top, dtop;
    mg_potential_embed(potential, a, 0, &F, &dF);
    ck_assert(F == 0 && dF == 0);
    mg_potential_embed(potential, a, 1e-300, &F, &dF);
    ck_assert(isfinite(F) && isfinite(dF));
    ck_assert_double_eq(mg_potential_rho_max(potential, a), 300);
    mg_potential_embed(potential, a, 300, &top, &dtop);
    mg_potential_embed(potential, a, 1e4, &F, &dF);
    ck_assert_double_eq(dF, dtop);
    ck_assert_double_eq_tol(F, top + 9700 * dtop, 1e-10 * fabs(F));
    mg_potential_embed(potential, a, NAN, &F, &dF);
    ck_assert(isnan(F) && isnan(dF));
  }
  mg_potential_destroy(&potential);
}
END_TEST

START_TEST(one_cutoff_per_pair_and_function) {
  mg_potential *potential = built_in();
  const double phi[PAIRS] = {6.0, 7.6, 7.6}, psi[PAIRS] = {6.0, 6.0, 5.6};
  for (int k = 0; k < PAIRS; k++) {
    for (int turned = 0; turned < 2; turned++) {
      const int a = PAIR[k][turned], b = PAIR[k][1 - turned];
      ck_assert_double_eq(mg_potential_phi_cutoff(potential, a, b), phi[k]);
      ck_assert_double_eq(mg_potential_psi_cutoff(potential, a, b), psi[k]);
    }
  }
  ck_assert_double_eq(mg_potential_cutoff(potential), 7.6);
  const mg_species *species = mg_potential_species(potential);
  ck_assert_int_eq(species->n, 2);
  ck_assert_str_eq(species->symbol[0], "Cu");
  ck_assert_str_eq(species->symbol[1], "Zr");
  ck_assert_double_eq(species->mass[0], 63.546);
  ck_assert_double_eq(species->mass[1], 91.224);
  mg_potential_destroy(&potential);
}
END_TEST

START_TEST(found_by_name) {
  mg_potential *potential;
  ck_assert_int_eq(mg_potential_load(mg_potential_builtin_names[0], NULL, 0, &potential), MG_OK);
  ck_assert_str_eq(mg_potential_name(potential), "cuzr-mendelev2007");
  mg_potential *again = built_in();
  ck_assert_uint_eq(mg_potential_hash(potential), mg_potential_hash(again));
  mg_potential_destroy(&again);
  mg_potential_destroy(&potential);
  mg_potential_destroy(&potential); /* empty is allowed */

  ck_assert(mg_potential_is_file("x/Al.eam.alloy") && mg_potential_is_file("a.eam.fs"));
  ck_assert(!mg_potential_is_file("cuzr-mendelev2007") && !mg_potential_is_file(".eam.fs"));

  ck_assert_ptr_null(mg_potential_builtin("cuzr-mendelev207"));
  ck_assert_int_eq(mg_error_code(), MG_ERR_INPUT);
  ck_assert_ptr_nonnull(strstr(mg_error_text(), "did you mean 'cuzr-mendelev2007'?"));
  mg_error_clear();
  ck_assert_int_eq(mg_potential_load("lj", NULL, 0, &potential), MG_ERR_INPUT);
  ck_assert_ptr_null(potential);
  ck_assert_ptr_nonnull(strstr(mg_error_text(), "*.eam.fs"));
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, sample_values);
  tcase_add_test(tests, equals_the_written_formulas);
  tcase_add_test(tests, slopes_are_derivatives);
  tcase_add_test(tests, continuous_at_every_knot);
  tcase_add_test(tests, segments_equal_functions);
  tcase_add_test(tests, embedding_pieces_equal_function);
  tcase_add_test(tests, right_out_of_the_usual_range);
  tcase_add_test(tests, one_cutoff_per_pair_and_function);
  tcase_add_test(tests, found_by_name);
}

UNIT_CHECK_MAIN("potential", fill)
