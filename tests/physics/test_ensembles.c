/* Claims: in every ensemble, also while targets ramp, the ledger K + U + cell + heat - work is
 * constant up to an error that scales as dt^2 and stays far below kT per atom; its terms are what
 * they are called: heat the energy that went into the chains, work the integral of force times
 * displacement and of -P dV; the masses of chains and cell are those of theory.
 *
 * With MGMD_LONG=1 in the environment it is also seen not to drift over 300 ps.
 *
 * Numbers: the ratio of 4 between time steps is theory. A wrong order of operations, a missing
 * kinetic term or a half step at the wrong target makes an error of order dt or dt^0.
 */
#include "engine_sample.h"

enum { N_ATOMS = 200 };
static const double T = 300;

static mg_sim sim;
static engine_state bulk, slab; /* periodic; open along y */

static void begin(void) {
  engine_start(&sim, &mpi_world, "auto");
  engine_glass(&sim, N_ATOMS, 1, 1.1, 1.2, T);
  engine_save(&sim, &bulk);
}
static void end(void) { mg_sim_clear(&sim); }

static void open_slab(void) {
  ENGINE_OK(&sim, mg_sim_rebuild(&sim)); /* wraps */
  for (int32_t i = 0; i < sim.atoms.n; i++) sim.atoms.image[i][1] = 0;
  sim.box.periodic[1] = false;
  engine_frame(&sim, T);
  mg_motion motion = engine_motion(&sim, 400);
  engine_thermostat(&motion, T, T, 0.05);
  engine_barostat(&motion, "x", false, 0.3);
  engine_run(&sim, &motion, NULL, NULL);
  engine_save(&sim, &slab);
}

/* Ensembles ------------------------------------------------------------------------------------*/

static void press(mg_motion *m, double x0, double y0, double z0, double x1, double y1, double z1) {
  m->pressure[0] = (mg_ramp){x0 / MG_GPA, x1 / MG_GPA};
  m->pressure[1] = (mg_ramp){y0 / MG_GPA, y1 / MG_GPA};
  m->pressure[2] = (mg_ramp){z0 / MG_GPA, z1 / MG_GPA};
}

static void strain(mg_motion *m, double rate) {
  m->mode[2] = MG_AXIS_DEFORM;
  m->strain_rate = rate;
  m->length0 = sim.box.length[2];
}

static void nvt(mg_motion *m) { engine_thermostat(m, T, T, 0.1); }

static void nvt_one_link(mg_motion *m) {
  nvt(m);
  m->chain_length = 1;
}

static void nvt_eight_links(mg_motion *m) {
  nvt(m);
  m->chain_length = MG_CHAIN;
}

static void nvt_ramp(mg_motion *m) { engine_thermostat(m, T, 600, 0.1); }

static void nph(mg_motion *m) {
  engine_barostat(m, "xyz", true, 0.5);
  press(m, 1, 1, 1, 1, 1, 1);
}

static void npt(mg_motion *m) {
  nvt(m);
  nph(m);
}

static void npt_then_per_axis(mg_motion *m) { npt(m); }

static void npt_per_axis(mg_motion *m) {
  nvt(m);
  engine_barostat(m, "xyz", false, 0.5);
  press(m, 0, 1, 2, 0, 1, 2);
}

static void npt_ramps(mg_motion *m) {
  nvt_ramp(m);
  engine_barostat(m, "xyz", true, 0.5);
  press(m, 0, 0, 0, 3, 3, 3);
}

static void npt_ramps_per_axis(mg_motion *m) {
  nvt_ramp(m);
  engine_barostat(m, "xz", false, 0.5);
  press(m, 0, 0, 2, 3, 0, -1);
}

static void two_coupled(mg_motion *m) {
  nvt(m);
  engine_barostat(m, "xy", true, 0.5);
  press(m, 1, 1, 0, 1, 1, 0);
  strain(m, -0.02);
}

static void strained(mg_motion *m) { strain(m, -0.05); }

static void strained_nvt(mg_motion *m) {
  nvt(m);
  strain(m, 0.05);
}

static void strained_uncoupled(mg_motion *m) {
  strained_nvt(m);
  m->velocity_coupling = false;
}

static void loaded(mg_motion *m) {
  nvt(m);
  engine_barostat(m, "x", false, 0.5);
  strain(m, -0.04);
}

static void loaded_pressed(mg_motion *m) {
  loaded(m);
  m->use_area = true;
  for (int a = 0; a < 3; a++) m->area[a] = mg_box_volume(&sim.box) / sim.box.length[a];
  press(m, 0.5, 0, 0, 1.5, 0, 0);
}

typedef struct ledger {
  int every;        /* steps */
  int64_t uncouple; /* at this step */
  double first, square;
  int n;
} ledger;

static bool watch_ledger(void *context, mg_sim *now, mg_motion *motion, mg_status *status) {
  ledger *l = context;
  if (now->step == l->uncouple) mg_motion_uncouple(motion);
  if ((now->step - motion->start_step) % l->every) return false;
  mg_thermo thermo;
  *status = mg_thermo_measure(now, motion, &thermo);
  l->square += (thermo.conserved - l->first) * (thermo.conserved - l->first);
  l->n++;
  return false;
}

/* Rms departure of the ledger from its start in a run of 0.6 ps with time step @p dt [eV/atom]. */
static double ledger_error(const engine_state *from, void (*ask)(mg_motion *), double dt) {
  ledger l = {.every = (int)rint(0.01 / dt)};
  sim.box.periodic[1] = from->box.periodic[1];
  engine_restore(&sim, from, T);
  sim.dt = dt;
  mg_motion motion = engine_motion(&sim, 60 * l.every);
  ask(&motion);
  if (ask == npt_then_per_axis) l.uncouple = 20 * l.every;
  mg_motion_begin(&motion, &sim);
  mg_thermo thermo;
  ENGINE_OK(&sim, mg_thermo_measure(&sim, &motion, &thermo));
  l.first = thermo.conserved;
  ENGINE_OK(&sim, mg_advance(&sim, &motion, watch_ledger, &l));
  mg_motion_end(&motion, &sim); /* moves the cell's energy to heat: the ledger stays */
  ENGINE_OK(&sim, mg_thermo_measure(&sim, &motion, &thermo));
  ck_assert_double_lt(fabs(thermo.conserved - l.first), 4 * sqrt(l.square / l.n));
  return sqrt(l.square / l.n) / N_ATOMS;
}

static void check_ledger(const char *name, const engine_state *from, void (*ask)(mg_motion *)) {
  const double coarse = ledger_error(from, ask, 0.002), fine = ledger_error(from, ask, 0.001);
  printf("%-22s ledger off by %.2e eV/atom at 1 fs, %.2e at 2 fs, ratio %.2f\n", name, fine, coarse,
         coarse / fine);
  ck_assert_double_lt(coarse, 1e-5); /* kT is 0.026 eV */
  ck_assert_double_eq_tol(coarse / fine, 4, 0.4);
}

START_TEST(ledger_in_bulk) {
  check_ledger("NVT", &bulk, nvt);
  check_ledger("NVT, chain of 1", &bulk, nvt_one_link);
  check_ledger("NVT, chain of 8", &bulk, nvt_eight_links);
  check_ledger("NVT ramp", &bulk, nvt_ramp);
  check_ledger("NPH", &bulk, nph);
  check_ledger("NPT", &bulk, npt);
  check_ledger("NPT, then per axis", &bulk, npt_then_per_axis);
  check_ledger("NPT per axis", &bulk, npt_per_axis);
  check_ledger("NPT ramps", &bulk, npt_ramps);
  check_ledger("NPT ramps per axis", &bulk, npt_ramps_per_axis);
  check_ledger("NPT of two, strained", &bulk, two_coupled);
  check_ledger("strained", &bulk, strained);
  check_ledger("strained NVT", &bulk, strained_nvt);
  check_ledger("without coupling", &bulk, strained_uncoupled);
}
END_TEST

START_TEST(ledger_beside_free_faces) {
  open_slab();
  check_ledger("slab, NVT", &slab, nvt);
  check_ledger("slab loaded", &slab, loaded);
  check_ledger("slab loaded, pressed", &slab, loaded_pressed);
}
END_TEST

/* Mean of the ledger over the next 10 ps. */
static double window(mg_motion *motion) {
  enum { SAMPLES = 100 };
  double sum = 0;
  for (int k = 0; k < SAMPLES; k++) {
    mg_thermo thermo;
    motion->n_steps += (int)rint(0.1 / sim.dt);
    ENGINE_OK(&sim, mg_advance(&sim, motion, NULL, NULL));
    ENGINE_OK(&sim, mg_thermo_measure(&sim, motion, &thermo));
    sum += thermo.conserved / SAMPLES;
  }
  return sum;
}

/* Largest departure of windows in 300 ps from the first, after 20 ps of settling [eV/atom]. */
static double long_departure(double dt) {
  engine_restore(&sim, &bulk, T);
  sim.dt = dt;
  mg_motion motion = engine_motion(&sim, (int)rint(20 / dt));
  nvt(&motion);
  engine_barostat(&motion, "xyz", true, 2);
  mg_motion_begin(&motion, &sim);
  ENGINE_OK(&sim, mg_advance(&sim, &motion, NULL, NULL));
  const double first = window(&motion);
  double most = 0;
  for (int w = 0; w < 30; w++) most = fmax(most, fabs(window(&motion) - first) / N_ATOMS);
  return most;
}

START_TEST(ledger_does_not_drift) {
  if (!engine_long()) return;
  const double coarse = long_departure(0.002), fine = long_departure(0.001);
  printf("NPT for 300 ps: ledger off by up to %.2e eV/atom at 1 fs, %.2e at 2 fs\n", fine, coarse);
  ck_assert_double_lt(coarse, 1e-5);
  ck_assert_double_lt(fine, coarse / 2); /* a walk whose steps go as dt^2 */
}
END_TEST

/* What the terms mean --------------------------------------------------------------------------*/

START_TEST(masses) {
  const double kT = MG_BOLTZMANN * 600, n = N_ATOMS;
  mg_motion m = engine_motion(&sim, 10);
  engine_thermostat(&m, T, 600, 0.25); /* the hotter end counts */
  engine_barostat(&m, "xz", false, 3);
  mg_motion_begin(&m, &sim);
  ck_assert_int_eq(m.atoms.n, 3);
  ck_assert_int_eq(m.cell.n, 3);
  ck_assert_double_eq_tol(m.atoms.mass[0] / ((3 * n - 3) * kT * 0.25 * 0.25), 1, 1e-14);
  ck_assert_double_eq_tol(m.cell.mass[0] / (kT * 3 * 3), 1, 1e-14);
  for (int k = 1; k < 3; k++) {
    ck_assert_double_eq_tol(m.atoms.mass[k] / (kT * 0.25 * 0.25), 1, 1e-14);
    ck_assert_double_eq_tol(m.cell.mass[k] / (kT * 3 * 3), 1, 1e-14);
  }
  ck_assert_double_eq_tol(m.mass_cell / ((n + 1) * kT * 3 * 3), 1, 1e-14);
  m.coupled = true;
  mg_motion_begin(&m, &sim);
  ck_assert_double_eq_tol(m.mass_cell / (2 * (n + 1) * kT * 3 * 3), 1, 1e-14);
  m.w[0] = m.w[2] = 0.01;
  const double energy = mg_motion_cell_energy(&m);
  ck_assert_double_eq_tol(energy / (0.5 * m.mass_cell * 1e-4), 1, 1e-14);
  mg_motion_uncouple(&m); /* nothing jumps */
  ck_assert_double_eq_tol(m.mass_cell / ((n + 1) * kT * 3 * 3), 1, 1e-14);
  ck_assert_double_eq_tol(mg_motion_cell_energy(&m) / energy, 1, 1e-14);
}
END_TEST

/* Time integrals by the trapezium rule over what is seen at full steps. */
typedef struct integrals {
  double eta[2]; /* of xi in kT: freedom xi_1 + xi_2 + ..., of atoms and of the cell */
  double load;   /* of axial force dL along z */
  double press;  /* of -P A dL, or -P V w dt, over barostatted axes */
  double before[4], length;
} integrals;

static void integrands(const mg_sim *s, const mg_motion *m, double out[4]) {
  const mg_chain *chains[2] = {&m->atoms, &m->cell};
  const double freedom[2] = {mg_sim_freedom(s), m->coupled ? 1 : 2};
  for (int c = 0; c < 2; c++) {
    out[c] = 0;
    for (int k = 0; k < chains[c]->n; k++) out[c] += (k ? 1 : freedom[c]) * chains[c]->rate[k];
  }
  out[2] = mg_sim_axial_force(s, 2);
  out[3] = 0;
  for (int a = 0; a < 3; a++) {
    const double extent = m->use_area ? m->area[a] * s->box.length[a] : mg_box_volume(&s->box);
    if (m->mode[a] == MG_AXIS_BAROSTAT)
      out[3] -= mg_motion_pressure(m, a, s->step) * extent * m->w[a];
  }
}

static bool integrate(void *context, mg_sim *s, mg_motion *m, mg_status *status) {
  (void)status;
  integrals *i = context;
  double at[4];
  integrands(s, m, at);
  for (int c = 0; c < 2; c++) i->eta[c] += 0.5 * s->dt * (at[c] + i->before[c]);
  i->load += 0.5 * (at[2] + i->before[2]) * (s->box.length[2] - i->length);
  i->press += 0.5 * s->dt * (at[3] + i->before[3]);
  memcpy(i->before, at, sizeof at);
  i->length = s->box.length[2];
  return false;
}

static integrals run_integrated(mg_motion *motion) {
  integrals sums = {.length = sim.box.length[2]};
  mg_motion_begin(motion, &sim);
  integrands(&sim, motion, sums.before);
  ENGINE_OK(&sim, mg_advance(&sim, motion, integrate, &sums));
  return sums;
}

static double chain_energy(const mg_chain *chain, double kT, double eta) {
  double sum = kT * eta;
  for (int k = 0; k < chain->n; k++) sum += 0.5 * chain->mass[k] * chain->rate[k] * chain->rate[k];
  return sum;
}

START_TEST(heat_is_what_the_chains_hold) {
  const double target = 450;
  mg_motion m = engine_motion(&sim, 1000);
  engine_thermostat(&m, target, target, 0.1);
  engine_barostat(&m, "xz", false, 0.3);
  sim.dt = 0.001;
  const integrals sums = run_integrated(&m);
  const double kT = MG_BOLTZMANN * target;
  const double atoms = chain_energy(&m.atoms, kT, sums.eta[0]);
  const double cell = chain_energy(&m.cell, kT, sums.eta[1]);
  printf("heat %.6f eV, chains of atoms %.6f and cell %.6f eV\n", sim.heat, atoms, cell);
  ck_assert_double_lt(sim.heat, -1); /* it warmed up */
  ck_assert_double_eq_tol(sim.heat, atoms + cell, 1e-3);
  ck_assert_double_gt(fabs(cell), 1e-2);
}
END_TEST

START_TEST(work_is_force_times_displacement) {
  mg_motion m = engine_motion(&sim, 1000);
  sim.dt = 0.001;
  strained(&m);
  const integrals sums = run_integrated(&m);
  printf("work %.6f eV, force dL %.6f eV\n", sim.work, sums.load);
  ck_assert_double_gt(sim.work, 0.1);
  ck_assert_double_eq_tol(sim.work / sums.load, 1, 1e-4);
  mg_motion_end(&m, &sim);
}
END_TEST

START_TEST(work_of_the_pressures) {
  for (int use_area = 0; use_area < 2; use_area++) {
    engine_restore(&sim, &bulk, T);
    mg_motion m = engine_motion(&sim, 1000);
    sim.dt = 0.001;
    npt_ramps_per_axis(&m);
    m.use_area = use_area;
    for (int a = 0; a < 3; a++) m.area[a] = 0.7 * mg_box_volume(&sim.box) / sim.box.length[a];
    const integrals sums = run_integrated(&m);
    printf("work %.6f eV, -P dV %.6f eV\n", sim.work, sums.press);
    ck_assert_double_gt(fabs(sim.work), 0.01);
    ck_assert_double_eq_tol(sim.work / sums.press, 1, 1e-3);
  }
  /* one pressure on all axes: its work is an exact differential */
  engine_restore(&sim, &bulk, T);
  mg_motion m = engine_motion(&sim, 1000);
  npt(&m);
  mg_motion_begin(&m, &sim);
  const double volume = mg_box_volume(&sim.box);
  ENGINE_OK(&sim, mg_advance(&sim, &m, NULL, NULL));
  const double expected = -1 / MG_GPA * (mg_box_volume(&sim.box) - volume);
  ck_assert_double_gt(fabs(expected), 0.01);
  ck_assert_double_eq_tol(sim.work, expected, 1e-4);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, begin, end);
  tcase_add_test(tests, ledger_in_bulk);
  tcase_add_test(tests, ledger_beside_free_faces);
  tcase_add_test(tests, ledger_does_not_drift);
  tcase_add_test(tests, masses);
  tcase_add_test(tests, heat_is_what_the_chains_hold);
  tcase_add_test(tests, work_is_force_times_displacement);
  tcase_add_test(tests, work_of_the_pressures);
}

MPI_CHECK_MAIN("ensembles", fill)
