/* Claims: thermostat and barostat sample the ensembles they are named after.
 *
 * Theory, with Nf = 3N - 3: <K> = Nf kT/2, Var K = Nf (kT)^2/2; in NPT <P> = target and
 * Var V = -kT d<V>/dP, the slope taken from runs at two other pressures; and
 * <V (P - target)> = -kT, which the barostat's share of the kinetic energy (its 1/Nf term) brings
 * about: without it the left side is zero. Errors are by blocking; everything lies within three,
 * or else, since one sound run in thirty misses one of a dozen limits, in a second run.
 *
 * The sample is a melt of 64 atoms at 2000 K: small, so that fluctuations are large, and liquid, so
 * that they are soon forgotten (a cold crystal's breathing mode keeps its energy for long).
 * Per-axis targets, which a liquid cannot bear, are tried on a crystal.
 * MGMD_LONG=1 in the environment makes all runs 20 times longer.
 */
#include "engine_sample.h"
#include "statistics.h"

enum { EVERY = 5, MOST = 200000 };
static const double T = 2000;

static mg_sim sim;
static double kinetic[MOST], volume[MOST], pressure[3][MOST], product[MOST];
static int n_seen;
static bool within; /* all expectations so far are */

static void begin(void) { engine_start(&sim, &mpi_world, "auto"); }
static void end(void) { mg_sim_clear(&sim); }

static int64_t steps(int64_t n) { return engine_long() ? 20 * n : n; }

/* Pressures in GPa, K and product in eV. */
static bool watch(void *context, mg_sim *s, mg_motion *motion, mg_status *status) {
  (void)context;
  (void)status;
  if ((s->step - motion->start_step) % EVERY || n_seen == MOST) return false;
  kinetic[n_seen] = 0.5 * (s->kinetic[0] + s->kinetic[1] + s->kinetic[2]);
  volume[n_seen] = mg_box_volume(&s->box);
  double excess = 0;
  for (int a = 0; a < 3; a++) {
    const double flow = s->kinetic[a] + s->virial[a];
    pressure[a][n_seen] = flow / volume[n_seen] * MG_GPA;
    excess += flow - mg_motion_pressure(motion, a, s->step) * volume[n_seen];
  }
  product[n_seen++] = excess / 3;
  return false;
}

/* Run @p n steps after a run-in of a quarter as many. */
static void sample(mg_motion *motion, int64_t n) {
  motion->start_step = sim.step;
  motion->n_steps = n / 4;
  mg_motion_begin(motion, &sim);
  ENGINE_OK(&sim, mg_advance(&sim, motion, NULL, NULL));
  motion->n_steps += n;
  n_seen = 0;
  ENGINE_OK(&sim, mg_advance(&sim, motion, watch, NULL));
  mg_motion_end(motion, &sim);
}

static void expect(const char *what, estimate e, double expected) {
  const double sigmas = statistics_sigmas(e, expected);
  printf("%-28s %.6g +- %.2g, expected %.6g: %+.2f errors\n", what, e.value, e.error, expected,
         sigmas);
  within = within && fabs(sigmas) < 3;
}

/* A sample of the wrong ensemble misses with every seed. */
static void at_most_twice(void (*body)(void)) {
  for (int attempt = 0; attempt < 2; attempt++) {
    mg_sim_clear(&sim);
    begin();
    sim.seed += (uint64_t)attempt;
    within = true;
    body();
    if (within) return;
    printf("more than three errors: once more with another seed\n");
  }
  ck_abort_msg("two samples are more than three standard errors off");
}

static void expect_kinetic(double temperature) {
  const double kT = MG_BOLTZMANN * temperature, freedom = mg_sim_freedom(&sim);
  expect("mean kinetic energy", statistics_mean(kinetic, n_seen), freedom / 2 * kT);
  const estimate variance = statistics_variance(kinetic, n_seen);
  expect("variance of kinetic energy", variance, freedom / 2 * kT * kT);
  ck_assert_double_lt(variance.error, 0.1 * variance.value); /* it could have failed */
}

/* The mean of what a barostat drives: a push is soon followed by its opposite, so the mean is far
 * better known than neighbouring values tell. Only long blocks give its error. */
static estimate cancelling_mean(const double *series) {
  const int block = n_seen / 32;
  double means[32] = {0};
  for (int k = 0; k < 32 * block; k++) means[k / block] += series[k] / block;
  return statistics_mean(means, 32);
}

static void melt(void) {
  engine_random(&sim, 64, 1, 1, 1);
  engine_frame(&sim, T);
  engine_relax(&sim, "xyz", true, 1e-2, 100);
  ENGINE_OK(&sim, mg_velocity_draw(&sim, T));
  engine_frame(&sim, T);
}

static void sample_constant_volume(void) {
  melt();
  mg_motion motion = engine_motion(&sim, 0);
  engine_thermostat(&motion, T, T, 0.1);
  sample(&motion, steps(25000));
  expect_kinetic(T);
}

START_TEST(constant_volume) { at_most_twice(sample_constant_volume); }
END_TEST

static estimate mean_volume(double target, int64_t n) {
  mg_motion motion = engine_motion(&sim, 0);
  engine_thermostat(&motion, T, T, 0.1);
  engine_barostat(&motion, "xyz", true, 0.3);
  for (int a = 0; a < 3; a++) motion.pressure[a].from = motion.pressure[a].to = target / MG_GPA;
  sample(&motion, n);
  return statistics_mean(volume, n_seen);
}

static void sample_constant_pressure(void) {
  const double kT = MG_BOLTZMANN * T, span = 1;
  melt();
  mean_volume(0, steps(40000));
  expect_kinetic(T);
  for (int k = 0; k < n_seen; k++)
    pressure[0][k] = (pressure[0][k] + pressure[1][k] + pressure[2][k]) / 3;
  expect("mean pressure [GPa]", cancelling_mean(pressure[0]), 0);
  const estimate excess = cancelling_mean(product);
  expect("V (P - target) [eV]", excess, -kT);
  ck_assert_double_lt(excess.error, kT / 4);
  const estimate variance = statistics_variance(volume, n_seen);

  const estimate less = mean_volume(-span, steps(25000)), more = mean_volume(span, steps(25000));
  const double slope = (less.value - more.value) / (2 * span) * MG_GPA;
  const double error = hypot(less.error, more.error) / (2 * span) * MG_GPA;
  printf("compressibility %.4g 1/GPa\n", slope / MG_GPA * 2 / (less.value + more.value));
  const estimate difference = {variance.value - kT * slope, hypot(variance.error, kT * error)};
  printf("variance of volume %.5g +- %.2g, from slope %.5g +- %.2g\n", variance.value,
         variance.error, kT * slope, kT * error);
  expect("their difference [A^6]", difference, 0);
  ck_assert_double_lt(difference.error, 0.1 * variance.value);
}

START_TEST(constant_pressure) { at_most_twice(sample_constant_pressure); }
END_TEST

static void sample_each_axis(void) {
  const double cold = 300;
  engine_crystal(&sim, MG_LATTICE_FCC, ENGINE_CU, 3.65, 0, 3, 3, 3);
  ENGINE_OK(&sim, mg_velocity_draw(&sim, 2 * cold));
  engine_frame(&sim, cold);
  mg_motion motion = engine_motion(&sim, 0);
  engine_thermostat(&motion, cold, cold, 0.1);
  engine_barostat(&motion, "xyz", false, 0.3);
  for (int a = 0; a < 3; a++) motion.pressure[a].from = motion.pressure[a].to = a / MG_GPA;
  sample(&motion, steps(12000));
  for (int a = 0; a < 3; a++) {
    const estimate mean = cancelling_mean(pressure[a]);
    expect("mean pressure of an axis [GPa]", mean, a);
    ck_assert_double_lt(mean.error, 0.02);
  }
}

START_TEST(pressure_of_each_axis) { at_most_twice(sample_each_axis); }
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, begin, end);
  tcase_add_test(tests, constant_volume);
  tcase_add_test(tests, constant_pressure);
  tcase_add_test(tests, pressure_of_each_axis);
}

MPI_CHECK_MAIN("canonical", fill)
