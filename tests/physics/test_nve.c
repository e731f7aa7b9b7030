/* Claims: without thermostat the total energy is conserved up to an error that scales as dt^2
 * (velocity Verlet has a shadow Hamiltonian H + dt^2 H2), momentum is conserved, and the motion is
 * reversible: with all rates turned round a run returns to where it began, also with thermostat and
 * barostat, whose order of operations is palindromic.
 *
 * Numbers: ratios of 4 for twice the time step are theory; how small the remainders must be follows
 * from rounding, 1e-16 amplified by the chaos of a picosecond.
 */
#include "engine_sample.h"

enum { N_ATOMS = 200 };
static const double T = 300;

static mg_sim sim;
static engine_state start, now;

static void begin(void) {
  engine_start(&sim, &mpi_world, "auto");
  engine_glass(&sim, N_ATOMS, 1, 1.1, 1.2, T);
  engine_save(&sim, &start);
}
static void end(void) { mg_sim_clear(&sim); }

/* Rms departure of the total energy from its start in runs of 0.4 ps [eV]. */
static double energy_error(double dt) {
  enum { SAMPLES = 50 };
  const int every = (int)rint(0.008 / dt);
  engine_restore(&sim, &start, T);
  sim.dt = dt;
  mg_motion motion = engine_motion(&sim, 0);
  mg_motion_begin(&motion, &sim);
  mg_thermo thermo;
  ENGINE_OK(&sim, mg_thermo_measure(&sim, &motion, &thermo));
  const double first = thermo.conserved;
  double square = 0;
  for (int k = 0; k < SAMPLES; k++) {
    motion.n_steps += every;
    ENGINE_OK(&sim, mg_advance(&sim, &motion, NULL, NULL));
    ENGINE_OK(&sim, mg_thermo_measure(&sim, &motion, &thermo));
    ck_assert_double_eq(thermo.conserved, thermo.potential_energy + thermo.kinetic_energy);
    square += (thermo.conserved - first) * (thermo.conserved - first);
  }
  return sqrt(square / SAMPLES);
}

START_TEST(energy_error_scales_as_dt_squared) {
  const double e1 = energy_error(0.001), e2 = energy_error(0.002), e4 = energy_error(0.004);
  printf("NVE: rms energy error 1, 2, 4 fs: %.3e %.3e %.3e eV/atom, ratios %.3f %.3f\n",
         e1 / N_ATOMS, e2 / N_ATOMS, e4 / N_ATOMS, e2 / e1, e4 / e2);
  ck_assert_double_lt(e2 / N_ATOMS, 1e-5);
  ck_assert_double_eq_tol(e2 / e1, 4, 0.15);
  ck_assert_double_eq_tol(e4 / e2, 4, 0.5);
}
END_TEST

START_TEST(momentum_stays_zero) {
  mg_motion motion = engine_motion(&sim, 300);
  engine_run(&sim, &motion, NULL, NULL);
  double total[3] = {0}, size = 0;
  for (int32_t i = 0; i < sim.atoms.n; i++) {
    const double mass = mg_sim_mass(&sim, sim.atoms.species[i]);
    for (int a = 0; a < 3; a++) total[a] += mass * sim.atoms.v[i][a];
    size += mass * fabs(sim.atoms.v[i][0]);
  }
  for (int a = 0; a < 3; a++) ck_assert_double_lt(fabs(total[a]), 1e-11 * size);
}
END_TEST

/* Reversal -------------------------------------------------------------------------------------*/

static void swap(mg_ramp *ramp) { *ramp = (mg_ramp){ramp->to, ramp->from}; }

/* Everything that changes sign with time does; targets run backwards. */
static void turn_round(mg_motion *motion) {
  mg_motion_settle(motion, &sim);
  for (int32_t i = 0; i < sim.atoms.n; i++)
    for (int a = 0; a < 3; a++) sim.atoms.v[i][a] = -sim.atoms.v[i][a];
  for (int k = 0; k < MG_CHAIN; k++) {
    motion->atoms.rate[k] = -motion->atoms.rate[k];
    motion->cell.rate[k] = -motion->cell.rate[k];
  }
  for (int a = 0; a < 3; a++) {
    motion->w[a] = -motion->w[a];
    swap(&motion->pressure[a]);
  }
  swap(&motion->temperature);
  motion->strain0 += motion->strain_rate * ((double)motion->n_steps * sim.dt);
  motion->strain_rate = -motion->strain_rate;
  motion->start_step = sim.step;
}

/* There and back by @p motion, for 0.6 ps each way. */
static void there_and_back(const char *name, mg_motion *motion) {
  mg_motion_begin(motion, &sim);
  ENGINE_OK(&sim, mg_advance(&sim, motion, NULL, NULL));
  engine_save(&sim, &now);
  ck_assert_double_gt(engine_distance(&start, &now, N_ATOMS, false), 0.1);
  turn_round(motion);
  ENGINE_OK(&sim, mg_advance(&sim, motion, NULL, NULL));
  turn_round(motion);
  engine_save(&sim, &now);
  double edges = 0;
  for (int a = 0; a < 3; a++) edges = fmax(edges, fabs(now.box.length[a] - start.box.length[a]));
  const double x = engine_distance(&start, &now, N_ATOMS, false);
  const double v = engine_distance(&start, &now, N_ATOMS, true);
  printf("%s: back to %.1e A, %.1e A/ps, edges %.1e A, heat %.1e work %.1e eV\n", name, x, v, edges,
         sim.heat, sim.work);
  ck_assert_double_lt(x, 1e-8);
  ck_assert_double_lt(v, 1e-7);
  ck_assert_double_lt(edges, 1e-9);
  ck_assert_double_lt(fabs(sim.heat), 1e-8); /* the ledger runs backwards too */
  ck_assert_double_lt(fabs(sim.work), 1e-8);
}

START_TEST(nve_is_reversible) {
  mg_motion motion = engine_motion(&sim, 300);
  there_and_back("NVE", &motion);
}
END_TEST

START_TEST(nvt_is_reversible) {
  mg_motion motion = engine_motion(&sim, 300);
  engine_thermostat(&motion, 400, 400, 0.1);
  there_and_back("NVT", &motion);
}
END_TEST

static void npt_there_and_back(const char *name, bool coupled) {
  mg_motion motion = engine_motion(&sim, 300);
  engine_thermostat(&motion, 400, 400, 0.1);
  engine_barostat(&motion, "xyz", coupled, 0.3);
  for (int a = 0; a < 3; a++)
    motion.pressure[a].from = motion.pressure[a].to = (coupled ? 2 : 1 + a) / MG_GPA;
  there_and_back(name, &motion);
}

START_TEST(npt_is_reversible) { npt_there_and_back("NPT", true); }
END_TEST

START_TEST(npt_per_axis_is_reversible) { npt_there_and_back("NPT per axis", false); }
END_TEST

START_TEST(ramps_are_reversible) {
  mg_motion motion = engine_motion(&sim, 300);
  engine_thermostat(&motion, 300, 600, 0.1);
  engine_barostat(&motion, "xy", false, 0.3);
  motion.pressure[0] = (mg_ramp){0, 3 / MG_GPA};
  motion.mode[2] = MG_AXIS_DEFORM;
  motion.strain_rate = -0.05;
  motion.length0 = sim.box.length[2];
  there_and_back("ramps and strain", &motion);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, begin, end);
  tcase_add_test(tests, energy_error_scales_as_dt_squared);
  tcase_add_test(tests, momentum_stays_zero);
  tcase_add_test(tests, nve_is_reversible);
  tcase_add_test(tests, nvt_is_reversible);
  tcase_add_test(tests, npt_is_reversible);
  tcase_add_test(tests, npt_per_axis_is_reversible);
  tcase_add_test(tests, ramps_are_reversible);
}

MPI_CHECK_MAIN("nve", fill)
