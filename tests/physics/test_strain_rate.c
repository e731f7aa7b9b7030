/* Claims about an axis strained at a prescribed rate: its edge is L0 (1 + e0 + rate t) bit for bit;
 * a perfect cold crystal follows affinely, with the stress its elastic constants tell and the work
 * its energy gains; free particles keep v L, so an ideal gas heats adiabatically, and v when the
 * coupling to velocities is off; two loadings in a row join without a jump.
 *
 * Numbers: closed forms; C11 and C12 of copper as in test_crystals.c.
 */
#include "engine_sample.h"

static const double A_CU = 3.639087;

static mg_sim sim;

static void begin(void) { engine_start(&sim, &mpi_world, "auto"); }
static void end(void) { mg_sim_clear(&sim); }

static void strain(mg_motion *motion, double rate, double strain0, double length0) {
  motion->mode[2] = MG_AXIS_DEFORM;
  motion->strain_rate = rate;
  motion->strain0 = strain0;
  motion->length0 = length0;
}

typedef struct edge {
  double length0, rate;
  int64_t begin;
  int wrong, seen;
} edge;

static bool watch_edge(void *context, mg_sim *s, mg_motion *motion, mg_status *status) {
  (void)motion;
  (void)status;
  edge *e = context;
  const double expected = e->length0 * (1 + e->rate * ((double)(s->step - e->begin) * s->dt));
  e->wrong += s->box.length[2] != expected;
  e->seen++;
  return false;
}

START_TEST(edge_is_exact) {
  engine_crystal(&sim, MG_LATTICE_FCC, ENGINE_CU, A_CU, 0, 3, 3, 4);
  ENGINE_OK(&sim, mg_velocity_draw(&sim, 100));
  sim.step = 1000003;
  engine_frame(&sim, 100);
  const double length0 = sim.box.length[2];
  edge e = {.length0 = length0, .rate = -0.0137, .begin = sim.step};
  mg_motion motion = engine_motion(&sim, 300);
  engine_thermostat(&motion, 100, 100, 0.1);
  strain(&motion, e.rate, 0, length0);
  engine_run(&sim, &motion, watch_edge, &e);
  ck_assert_int_eq(e.seen, 300);
  ck_assert_int_eq(e.wrong, 0);

  /* back again, strain counted from the same L0 */
  const double reached = e.rate * (300 * sim.dt);
  motion = engine_motion(&sim, 300);
  strain(&motion, -e.rate, reached, length0);
  engine_run(&sim, &motion, NULL, NULL);
  ck_assert_double_eq(sim.box.length[2], length0);
}
END_TEST

/* Strain a crystal at rest by @p to in 50 steps. Returns the stress of each axis [GPa]. */
static void pull(double to, double stress[3]) {
  mg_sim_clear(&sim);
  begin();
  engine_crystal(&sim, MG_LATTICE_FCC, ENGINE_CU, A_CU, 0, 4, 4, 4);
  const double energy = engine_energy(&sim), at[3] = {2.5 * A_CU, 3 * A_CU, 0.5 * A_CU};
  mg_motion motion = engine_motion(&sim, 50);
  strain(&motion, to / (50 * sim.dt), 0, sim.box.length[2]);
  engine_run(&sim, &motion, NULL, NULL);

  bool found = false; /* the atom of this lattice site, moved along */
  for (int32_t i = 0; i < sim.atoms.n; i++)
    found = found ||
            (fabs(sim.atoms.x[i][0] - at[0]) < 1e-11 && fabs(sim.atoms.x[i][1] - at[1]) < 1e-11 &&
             fabs(sim.atoms.x[i][2] - at[2] * (1 + to)) < 1e-11);
  ck_assert(found);
  double fastest = 0, forces = 0;
  for (int32_t i = 0; i < sim.atoms.n; i++)
    for (int a = 0; a < 3; a++) {
      fastest = fmax(fastest, fabs(sim.atoms.v[i][a]));
      forces = fmax(forces, fabs(sim.atoms.f[i][a]));
    }
  ck_assert_double_lt(fastest, 1e-10);
  ck_assert_double_lt(forces, 1e-10);
  for (int a = 0; a < 3; a++) stress[a] = -sim.virial[a] / mg_box_volume(&sim.box) * MG_GPA;
  const double gain = engine_energy(&sim) - energy;
  ck_assert_double_gt(gain, 1e-3);
  ck_assert_double_eq_tol(sim.work / gain, 1, 1e-3); /* the trapezium rule over 100 half steps */
  ck_assert_double_eq(sim.heat, 0);
}

START_TEST(cold_crystal_is_elastic) {
  const double e = 1e-3;
  double pulled[3], pushed[3];
  pull(e, pulled);
  pull(-e, pushed);
  const double c11 = (pulled[2] - pushed[2]) / (2 * e), c12 = (pulled[0] - pushed[0]) / (2 * e);
  printf("slopes of stress at a strain rate: C11 %.3f C12 %.3f GPa\n", c11, c12);
  ck_assert_double_eq_tol(c11, 174.47, 0.1);
  ck_assert_double_eq_tol(c12, 127.83, 0.1);
  ck_assert_double_eq_tol(pulled[0], pulled[1], 1e-9);
}
END_TEST

/* Eight atoms out of each other's reach. */
static void gas(bool coupling, double *kinetic, double *expected, double *work) {
  engine_crystal(&sim, MG_LATTICE_FCC, ENGINE_CU, 30, 0, 1, 1, 2);
  ENGINE_OK(&sim, mg_velocity_draw(&sim, 500));
  engine_frame(&sim, 500);
  double before[8][3];
  for (int32_t i = 0; i < 8; i++)
    memcpy(before[sim.atoms.id[i] - 1], sim.atoms.v[i], sizeof before[0]);
  const double kinetic0 = sim.kinetic[2];
  mg_motion motion = engine_motion(&sim, 500);
  strain(&motion, -0.1, 0, sim.box.length[2]);
  motion.velocity_coupling = coupling;
  engine_run(&sim, &motion, NULL, NULL);
  const double ratio = coupling ? 1 / 0.9 : 1;
  for (int32_t i = 0; i < 8; i++) {
    const double *v = before[sim.atoms.id[i] - 1];
    for (int a = 0; a < 3; a++)
      ck_assert_double_eq_tol(sim.atoms.v[i][a], v[a] * (a == 2 ? ratio : 1), 1e-12);
  }
  *kinetic = sim.kinetic[2];
  *expected = kinetic0 * ratio * ratio;
  *work = sim.work - 0.5 * kinetic0 * (ratio * ratio - 1);
}

START_TEST(free_particles) {
  for (int coupling = 0; coupling < 2; coupling++) {
    mg_sim_clear(&sim);
    begin();
    double kinetic, expected, work;
    gas(coupling, &kinetic, &expected, &work);
    ck_assert_double_eq_tol(kinetic, expected, 1e-12);
    ck_assert_double_eq_tol(work, 0, 1e-12);
  }
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, begin, end);
  tcase_add_test(tests, edge_is_exact);
  tcase_add_test(tests, cold_crystal_is_elastic);
  tcase_add_test(tests, free_particles);
}

MPI_CHECK_MAIN("strain rate", fill)
