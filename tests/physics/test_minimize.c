/* Claims about minimisation: it ends where forces and excess pressures are below the tolerances,
 * and there the energy is a minimum (displacements and strains only raise it); random insertion,
 * with pairs at 2 A, survives: nothing infinite, no atom lost, pairs pushed apart; target pressures
 * are reached, coupled edges keep their proportions and an open axis is left alone.
 */
#include "engine_sample.h"

static mg_sim sim;

static void begin(void) { engine_start(&sim, &mpi_world, "auto"); }
static void end(void) { mg_sim_clear(&sim); }

static double closest_pair(void) {
  double least = INFINITY;
  for (int32_t i = 0; i < sim.atoms.n; i++)
    for (int32_t j = 0; j < i; j++) {
      double r2 = 0;
      for (int a = 0; a < 3; a++) {
        double d = sim.atoms.x[i][a] - sim.atoms.x[j][a];
        if (sim.box.periodic[a]) d -= rint(d / sim.box.length[a]) * sim.box.length[a];
        r2 += d * d;
      }
      least = fmin(least, r2);
    }
  return sqrt(least);
}

START_TEST(random_insertion_survives) {
  for (uint64_t seed = 1; seed <= 3; seed++) {
    mg_sim_clear(&sim);
    begin();
    sim.seed = seed;
    engine_random(&sim, 500, 1, 1.5, 0.8);
    engine_frame(&sim, 2000);
    const double energy = engine_energy(&sim), close = closest_pair();
    ck_assert_double_ge(close, 2.0);
    ck_assert_double_lt(close, 2.1);
    const mg_minimize_result result = engine_relax(&sim, "", false, 0.05, 1000);
    printf("random 500, seed %d: %.3f to %.3f eV/atom, force %.3g eV/A after %d steps, closest "
           "pair %.3f to %.3f A\n",
           (int)seed, energy / 500, engine_energy(&sim) / 500, result.most_force, (int)result.steps,
           close, closest_pair());
    ck_assert(result.converged);
    ck_assert_double_lt(engine_energy(&sim) / 500, energy / 500 - 0.2);
    ck_assert_double_gt(engine_energy(&sim) / 500, -5);
    ck_assert_double_gt(closest_pair(), 2.1);
    ck_assert_int_eq(sim.atoms.n_global, 500);
  }
}
END_TEST

START_TEST(ends_in_a_minimum) {
  engine_random(&sim, 150, 1, 1, 1);
  engine_frame(&sim, 2000);
  const mg_minimize_result result = engine_relax(&sim, "xyz", false, 1e-8, 20000);
  ck_assert_msg(result.converged, "force %g after %d steps", result.most_force, (int)result.steps);
  double most = 0;
  for (int32_t i = 0; i < sim.atoms.n; i++) {
    const double *f = sim.atoms.f[i];
    most = fmax(most, sqrt(f[0] * f[0] + f[1] * f[1] + f[2] * f[2]));
    for (int a = 0; a < 3; a++) ck_assert_double_eq(sim.atoms.v[i][a], 0);
  }
  ck_assert_double_eq(most, result.most_force);
  ck_assert_double_le(most, 1e-8);
  for (int a = 0; a < 3; a++) /* at rest, pressure is the virial alone */
    ck_assert_double_le(fabs(sim.virial[a]) / mg_box_volume(&sim.box), 1e-10);
  const double energy = engine_energy(&sim);
  engine_state state;
  engine_save(&sim, &state);
  for (int k = 0; k < 20; k++) {
    engine_restore(&sim, &state, 300);
    for (int a = 0; a < 3; a++) {
      mg_rng rng;
      mg_rng_start(&rng, 3, MG_RNG_JITTER, k, a);
      const double by = 1 + 1e-3 * mg_rng_normal(&rng);
      sim.box.length[a] *= by;
      for (int32_t i = 0; i < sim.atoms.n; i++)
        sim.atoms.x[i][a] = sim.atoms.x[i][a] * by + 5e-3 * mg_rng_normal(&rng);
    }
    engine_frame(&sim, 300);
    ck_assert_double_gt(engine_energy(&sim), energy);
  }
}
END_TEST

/* A crystal under 5 GPa on each axis, and under different pressures. */
START_TEST(target_pressure) {
  engine_crystal(&sim, MG_LATTICE_B2, ENGINE_CU, 3.25, 0, 4, 4, 4);
  mg_minimize_spec spec = {.force_tolerance = 1e-6,
                           .pressure_tolerance = 1e-8,
                           .most_move = 0.1,
                           .most_steps = 3000,
                           .relax = {true, true, true},
                           .pressure = {1 / MG_GPA, 2 / MG_GPA, -0.5 / MG_GPA}};
  mg_minimize_result result;
  ENGINE_OK(&sim, mg_minimize(&sim, &spec, &result));
  ck_assert(result.converged);
  for (int a = 0; a < 3; a++)
    ck_assert_double_eq_tol(sim.virial[a] / mg_box_volume(&sim.box), spec.pressure[a], 1e-8);
  ck_assert_double_lt(sim.box.length[1], sim.box.length[0]);
  ck_assert_double_lt(sim.box.length[0], sim.box.length[2]);

  const double shape = sim.box.length[0] / sim.box.length[2];
  spec.coupled = true;
  for (int a = 0; a < 3; a++) spec.pressure[a] = 5 / MG_GPA;
  ENGINE_OK(&sim, mg_minimize(&sim, &spec, &result));
  ck_assert(result.converged);
  ck_assert_double_eq_tol(sim.box.length[0] / sim.box.length[2], shape, 1e-12);
  ck_assert_double_eq_tol((sim.virial[0] + sim.virial[1] + sim.virial[2]) /
                              mg_box_volume(&sim.box) / 3,
                          5 / MG_GPA, 1e-8);
}
END_TEST

START_TEST(free_faces) {
  engine_crystal(&sim, MG_LATTICE_FCC, ENGINE_CU, 3.66, 0, 4, 5, 4);
  sim.box.periodic[1] = false;
  engine_frame(&sim, 300);
  const double edge = sim.box.length[1], energy = engine_energy(&sim);
  const mg_minimize_result result = engine_relax(&sim, "xz", false, 1e-6, 5000);
  ck_assert(result.converged);
  ck_assert_double_eq(sim.box.length[1], edge);
  ck_assert_double_eq_tol(sim.box.length[0], sim.box.length[2], 1e-6); /* the film stays square */
  ck_assert_double_lt(engine_energy(&sim), energy);
  double low = INFINITY, high = -INFINITY;
  for (int32_t i = 0; i < sim.atoms.n; i++) {
    low = fmin(low, sim.atoms.x[i][1]);
    high = fmax(high, sim.atoms.x[i][1]);
  }
  ck_assert_double_eq_tol(high - low, 4.5 * 3.64, 0.3);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, begin, end);
  tcase_add_test(tests, random_insertion_survives);
  tcase_add_test(tests, ends_in_a_minimum);
  tcase_add_test(tests, target_pressure);
  tcase_add_test(tests, free_faces);
}

MPI_CHECK_MAIN("minimize", fill)
