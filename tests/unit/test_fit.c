/* Claims: functions that are piecewise polynomials come back, knots and all, to rounding; the
 * Cu-Zr table gets the pieces of the analytic form it was made from; every fit is continuous in
 * value and slope, also where it hands over to the table, and its slopes are the slopes of its
 * values; the errors it tells are true; tables with kinks or noise are refused, with the reason.
 *
 * Independent truth: polynomials made here; the analytic form; brute-force comparison with the
 * table's splines at other points than the fit's own. Of the files of package lammps-data, where it
 * is installed, those that must pass are named.
 */
#include "mgmd/base/str.h"
#include "mgmd/force/kernel.h"
#include "mgmd/potential/fit.h"
#include "toy_table.h"
#include "unit_check.h"

#include <math.h>
#include <string.h>

#define PUBLISHED "/usr/share/lammps/potentials/"
#define COMMITTED MGMD_SOURCE_DIR "/potentials/CuZr_mendelev2007.eam.fs"

static mg_potential *load(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  fseek(file, 0, SEEK_END);
  const size_t length = (size_t)ftell(file);
  rewind(file);
  char *text = malloc(length);
  ck_assert_ptr_nonnull(text);
  ck_assert_uint_eq(fread(text, 1, length, file), length);
  fclose(file);
  mg_potential *potential;
  ck_assert_int_eq(mg_potential_load(path, text, length, &potential), MG_OK);
  free(text);
  return potential;
}

static mg_potential *toy(toy_flaw flaw) {
  char *text = toy_table(flaw);
  mg_potential *potential;
  ck_assert_int_eq(mg_potential_load("toy.eam.fs", text, strlen(text), &potential), MG_OK);
  free(text);
  return potential;
}

/* --- the parts --- */

/* c (end - r)^n sums: slopes with knots at bins 9, 22 and 40 of 50, degree 7 and 3. */
static const double KNOTS[] = {1.9 + 0.9, 1.9 + 2.2, 1.9 + 4.0, 1.9 + 5.0};

static double truncated(int curve, double r) {
  double sum = 0;
  for (int k = 0; k < 4; k++) {
    const double t = KNOTS[k] - r;
    if (t <= 0) continue;
    if (curve == 0)
      sum += (k - 1.4) * (pow(t / 4, 7) - 0.7 * pow(t / 4, 3)) + (k == 3 ? 0.1 * t : 0);
    if (curve == 1) sum += (1 + 0.5 * k) * pow(t / 4, 3);
  }
  return sum;
}

static void take(mg_fit_samples *s, int per_bin) {
  *s = (mg_fit_samples){.first = 19,
                        .n_bins = 50,
                        .bins_per_angstrom = 10,
                        .per_bin = per_bin,
                        .n_curves = 2,
                        .factor = {1, 1}};
  const int n = s->n_bins * per_bin;
  ck_assert_int_eq(MG_NEW(s->r, n), MG_OK);
  ck_assert_int_eq(MG_NEW(s->weight, n), MG_OK);
  for (int c = 0; c < 2; c++) ck_assert_int_eq(MG_NEW(s->slope[c], n), MG_OK);
  for (int k = 0; k < n; k++) {
    s->r[k] = 1.9 + 0.1 * (k + 0.5) / per_bin;
    s->weight[k] = 1 + 0.5 * sin(k);
    for (int c = 0; c < 2; c++) s->slope[c][k] = truncated(c, s->r[k]);
  }
}

static void drop(mg_fit_samples *s) {
  mg_free(s->r);
  mg_free(s->weight);
  for (int c = 0; c < 2; c++) mg_free(s->slope[c]);
}

START_TEST(piecewise_polynomials_come_back) {
  mg_fit_samples s;
  mg_fit_costs *costs;
  int knot[MG_SEGMENTS + 1];
  take(&s, 12);
  ck_assert_int_eq(MG_NEW(costs, 1), MG_OK);
  mg_fit_measure_costs(&s, costs);
  const double three = mg_fit_partition(&s, costs, false, true, 0, 3, knot);
  const double four = mg_fit_partition(&s, costs, false, true, 0, 4, knot);
  ck_assert_double_lt(sqrt(four / three), 1e-2);
  const int expected[] = {0, 9, 22, 40, 50};
  for (int k = 0; k <= 4; k++) ck_assert_int_eq(knot[k], expected[k]);
  for (int c = 0; c < 2; c++) {
    mg_segments slope, value;
    ck_assert_int_eq(mg_fit_slope(&s, c, c ? 3 : 7, knot, 4, 6.9, true, &slope), MG_OK);
    mg_fit_integrate(&slope, 6.9, 0.25, &value);
    const double size = fabs(truncated(c, 1.9));
    for (double r = 1.9; r < 6.9; r += 0.0137) {
      double f, df, dv, v;
      mg_segments_value(&slope, r, &f, &df);
      mg_segments_value(&value, r, &v, &dv);
      ck_assert_double_lt(fabs(f - truncated(c, r)), 1e-12 * size);
      ck_assert_double_lt(fabs(f - dv), 1e-13 * size);
    }
    double v, dv;
    mg_segments_value(&value, 6.9, &v, &dv);
    ck_assert_double_lt(fabs(v - 0.25), 1e-13 * size);
    ck_assert_double_lt(fabs(dv), 1e-12 * size);
  }
  mg_free(costs);
  drop(&s);
}
END_TEST

START_TEST(a_forced_knot_is_kept) {
  mg_fit_samples s;
  mg_fit_costs *costs;
  int knot[MG_SEGMENTS + 1];
  take(&s, 12);
  ck_assert_int_eq(MG_NEW(costs, 1), MG_OK);
  mg_fit_measure_costs(&s, costs);
  ck_assert(isinf(mg_fit_partition(&s, costs, false, true, 31, 1, knot)));
  for (int n = 2; n <= 6; n++) {
    bool there = false;
    ck_assert(isfinite(mg_fit_partition(&s, costs, false, true, 31, n, knot)));
    for (int k = 0; k <= n; k++) there = there || knot[k] == 31;
    ck_assert(there);
  }
  mg_free(costs);
  drop(&s);
}
END_TEST

/* --- whole tables --- */

START_TEST(the_table_of_a_form_gets_its_pieces) {
  static const double knots[3][7] = {
      {2.4, 2.8, 3.2, 4.5, 4.8, 6.0}, {2.8, 3.2, 4.0, 4.4, 5.5, 6.0, 7.6}, {2.3, 3.5, 6.0, 7.6}};
  static const int count[3] = {6, 7, 4}, first[3] = {0, 0, 1}, second[3] = {0, 1, 1};
  mg_potential *table = load(COMMITTED), *form = mg_potential_builtin("cuzr-mendelev2007");
  const mg_fit *fit = mg_potential_fit(table);
  ck_assert_ptr_nonnull(fit);
  ck_assert_ptr_null(mg_potential_fit(form));
  ck_assert_msg(fit->good, "%s", fit->reason);
  ck_assert_double_lt(fit->error.force, 1e-6);
  ck_assert_double_lt(fit->error.energy, 1e-8);
  for (int k = 0; k < 3; k++) {
    const int a = first[k], b = second[k];
    const mg_fit_pair *pair = mg_fit_pair_of(fit, a, b);
    ck_assert_int_eq(pair->phi.n, count[k]);
    ck_assert(pair->symmetric);
    for (int m = 0; m < count[k]; m++) ck_assert_double_eq(pair->phi.knot[m + 1], knots[k][m]);
    for (double r = 2.42; r < 7.6; r += 0.01) { /* below, the kinks of phi at 1.8 and 2.3 A */
      double f, df, g, dg;
      mg_fit_phi_value(table, a, b, r, &f, &df);
      mg_potential_phi(form, a, b, r, &g, &dg);
      ck_assert_double_lt(fabs(f - g), 2e-8);
      ck_assert_double_lt(fabs(df - dg), 1e-6);
      mg_fit_psi_value(table, b, a, r, &f, &df);
      mg_potential_psi(form, b, a, r, &g, &dg);
      ck_assert_double_lt(fabs(f - g), 1e-8 * (1 + g));
      ck_assert_double_lt(fabs(df - dg), 1e-7 * (1 + g));
    }
  }
  mg_potential_destroy(&table);
  mg_potential_destroy(&form);
}
END_TEST

typedef void function(const mg_potential *, int, int, double, double *, double *);

static void check_step(const mg_potential *potential, function *at, int a, int b, double r) {
  double below, above, dbelow, dabove;
  at(potential, a, b, nextafter(r, 0), &below, &dbelow);
  at(potential, a, b, r, &above, &dabove);
  ck_assert_double_lt(fabs(below - above), 1e-11 * (1 + fabs(above)));
  ck_assert_double_lt(fabs(dbelow - dabove), 1e-10 * (1 + fabs(dabove)));
}

static void check_slopes(const mg_potential *potential, function *at, int a, int b, double end) {
  const double h = 1e-3;
  for (double r = 1.2; r < end + 0.1; r += 0.0173) {
    double v[4], slope;
    for (int k = 0; k < 4; k++) at(potential, a, b, r + (k < 2 ? k - 2 : k - 1) * h, &v[k], NULL);
    at(potential, a, b, r, NULL, &slope);
    const double difference = (v[0] - 8 * v[1] + 8 * v[2] - v[3]) / (12 * h);
    ck_assert_double_lt(fabs(difference - slope), 2e-5 * (1 + fabs(slope)));
  }
}

/* Published tables may themselves jump where they end. */
static void check_smooth(const mg_potential *potential, bool slopes, bool ends) {
  const mg_fit *fit = mg_potential_fit(potential);
  const int n = mg_potential_species(potential)->n;
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++) {
      const mg_fit_pair *pair = mg_fit_pair_of(fit, a, b);
      for (int k = 0; k < pair->phi.n; k++) {
        check_step(potential, mg_fit_phi_value, a, b, pair->phi.knot[k]);
        check_step(potential, mg_fit_psi_value, a, b, pair->phi.knot[k]);
      }
      if (ends) check_step(potential, mg_fit_phi_value, a, b, pair->end);
      if (ends) check_step(potential, mg_fit_psi_value, a, b, pair->psi_end);
      if (slopes) check_slopes(potential, mg_fit_phi_value, a, b, pair->end);
      if (slopes) check_slopes(potential, mg_fit_psi_value, a, b, pair->end);
    }
}

/* Errors at points of our own, against the ones told. */
static void check_told(const mg_potential *potential) {
  const mg_fit *fit = mg_potential_fit(potential);
  const int n = mg_potential_species(potential)->n;
  for (int a = 0; a < n; a++)
    for (int b = a; b < n; b++) {
      const mg_fit_pair *pair = mg_fit_pair_of(fit, a, b);
      double most = 0;
      for (double r = fmax(2.6, pair->start); r < pair->end; r += 0.00713) {
        double f, g;
        mg_fit_phi_value(potential, a, b, r, &f, NULL);
        mg_potential_phi(potential, a, b, r, &g, NULL);
        most = fmax(most, fabs(f - g));
      }
      ck_assert_double_le(most, 1.5 * pair->error.energy + 1e-12);
    }
}

START_TEST(fits_are_smooth_and_told_truly) {
  mg_potential *table = load(COMMITTED), *made_up = toy(TOY_SMOOTH);
  ck_assert(mg_potential_fit(made_up)->good);
  ck_assert(!mg_fit_pair_of(mg_potential_fit(made_up), 0, 1)->symmetric);
  check_smooth(table, false, true);
  check_smooth(made_up, true, true);
  check_told(table);
  check_told(made_up);
  mg_potential_destroy(&table);
  mg_potential_destroy(&made_up);
}
END_TEST

START_TEST(bad_tables_are_refused_with_the_reason) {
  for (int flaw = TOY_KINK; flaw <= TOY_NOISE; flaw++) {
    mg_potential *potential = toy((toy_flaw)flaw);
    const mg_fit *fit = mg_potential_fit(potential);
    ck_assert(!fit->good);
    ck_assert(strstr(fit->reason, "Cu-Cu as polynomials is off by") != NULL);
    ck_assert_str_eq(mg_kernel_choose("auto", potential, INT32_MAX)->name, "reference");
    ck_assert_int_eq(mg_error_code(), MG_OK);
    for (int k = 0; strcmp(mg_kernels[k]->name, "reference") != 0; k++) {
      if (!mg_kernels[k]->available()) continue;
      ck_assert_ptr_null(mg_kernel_choose(mg_kernels[k]->name, potential, INT32_MAX));
      ck_assert_int_eq(mg_error_code(), MG_ERR_INPUT);
      ck_assert(strstr(mg_error_text(), fit->reason) != NULL);
      mg_error_clear();
    }
    mg_potential_destroy(&potential);
  }
}
END_TEST

START_TEST(published_tables) {
  static const struct {
    const char *name;
    double force, energy; /* no worse than */
  } known[] = {{"CuZr_mm.eam.fs", 3e-6, 3e-8},       {"Al_mm.eam.fs", 6e-6, 1e-7},
               {"Fe_mm.eam.fs", 1e-6, 1e-8},         {"Mg_mm.eam.fs", 1e-6, 5e-8},
               {"Zr_mm.eam.fs", 3e-6, 2e-8},         {"NiAlH_jea.eam.fs", 2e-5, 6e-7},
               {"AlCu.eam.alloy", 2e-7, 2e-9},       {"Al_zhou.eam.alloy", 5e-7, 2e-9},
               {"Cu_mishin1.eam.alloy", 1e-6, 1e-8}, {"Cu_zhou.eam.alloy", 5e-7, 3e-9},
               {"W_zhou.eam.alloy", 5e-7, 4e-9},     {"NiAlH_jea.eam.alloy", 2e-5, 6e-7}};
  for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
    char path[256];
    snprintf(path, sizeof path, PUBLISHED "%s", known[k].name);
    mg_potential *potential = load(path);
    if (!potential) continue;
    const mg_fit *fit = mg_potential_fit(potential);
    ck_assert_msg(fit->good, "%s: %s", path, fit->reason);
    ck_assert_double_lt(fit->error.force, known[k].force);
    ck_assert_double_lt(fit->error.energy, known[k].energy);
    check_smooth(potential, false, false);
    mg_potential_destroy(&potential);
  }
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, piecewise_polynomials_come_back);
  tcase_add_test(tests, a_forced_knot_is_kept);
  tcase_add_test(tests, the_table_of_a_form_gets_its_pieces);
  tcase_add_test(tests, fits_are_smooth_and_told_truly);
  tcase_add_test(tests, bad_tables_are_refused_with_the_reason);
  tcase_add_test(tests, published_tables);
}

UNIT_CHECK_MAIN("fit", fill)
