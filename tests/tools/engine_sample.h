/** Samples for tests that drive the engine: crystals and small glasses of the built-in potential,
 *  set up in a line or two, and runs of some picoseconds. All of it is collective over sim->comm.
 */
#ifndef MGMD_TESTS_ENGINE_SAMPLE_H
#define MGMD_TESTS_ENGINE_SAMPLE_H

#include "mgmd/base/rng.h"
#include "mgmd/dynamics/minimize.h"
#include "mgmd/dynamics/thermo.h"
#include "mgmd/dynamics/velocity.h"
#include "mgmd/state/build.h"
#include "mpi_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ENGINE_CU = 0, ENGINE_ZR = 1 };

/** The call on the engine of @p sim succeeds, on all ranks. */
#define ENGINE_OK(sim, call) ck_assert_status_all((sim)->comm, (call), MG_OK)

/** Whether the long versions of the tests are wanted: MGMD_LONG=1 in the environment. */
static inline bool engine_long(void) {
  const char *wish = getenv("MGMD_LONG");
  return wish && strcmp(wish, "0") != 0;
}

/** No atoms yet. Release with mg_sim_clear. */
static inline void engine_start(mg_sim *sim, const mg_comm *comm, const char *kernel) {
  mg_potential *potential = mg_potential_builtin("cuzr-mendelev2007");
  ck_assert_all(comm, potential != NULL);
  ck_assert_status_all(comm, mg_sim_init(sim, comm, potential, kernel), MG_OK);
  sim->dt = 0.002;
  sim->seed = 20070215;
  sim->axes = (mg_axes){.load = 2, .free = 1, .thin = 0};
}

/** Lay the grid and evaluate forces at the present positions. */
static inline void engine_frame(mg_sim *sim, double temperature) {
  ENGINE_OK(sim, mg_sim_frame(sim, temperature));
  ENGINE_OK(sim, mg_sim_evaluate(sim));
}

/** A perfect crystal of one species (fcc, bcc, hcp) or of CuZr (B2), evaluated. */
static inline void engine_crystal(mg_sim *sim, mg_lattice lattice, int species, double a, double c,
                                  int nx, int ny, int nz) {
  mg_build_spec spec = {.lattice = lattice,
                        .composition = {.n = 1, .fraction = {1}},
                        .species = {species},
                        .a = a,
                        .c = c,
                        .cells = {nx, ny, nz},
                        .seed = sim->seed};
  if (lattice == MG_LATTICE_B2) {
    spec.composition.n = 2;
    spec.composition.fraction[0] = spec.composition.fraction[1] = 0.5;
    spec.species[1] = 1 - species;
  }
  ENGINE_OK(sim, mg_build_lattice(&spec, sim->comm->rank, sim->comm->size, &sim->box, &sim->atoms));
  engine_frame(sim, 300);
}

/** Random Cu64Zr36 at the density of the liquid, not relaxed and not framed; the edges have the
 *  proportions x : y : z. */
static inline void engine_random(mg_sim *sim, int n, double x, double y, double z) {
  const double unit = cbrt(n / 0.058 / (x * y * z));
  const mg_build_spec spec = {.composition = {.n = 2, .fraction = {0.64, 0.36}},
                              .species = {ENGINE_CU, ENGINE_ZR},
                              .n_atoms = n,
                              .box = {x * unit, y * unit, z * unit},
                              .min_distance = 2.0,
                              .seed = sim->seed};
  ENGINE_OK(sim, mg_build_random(&spec, sim->comm->rank, sim->comm->size, &sim->box, &sim->atoms));
}

/** Relax positions, and the edges with @p coupled or by themselves along @p axes ("xyz", ""). */
static inline mg_minimize_result engine_relax(mg_sim *sim, const char *axes, bool coupled,
                                              double force_tolerance, int64_t most_steps) {
  mg_minimize_spec spec = {.force_tolerance = force_tolerance,
                           .pressure_tolerance = 1e-2 * force_tolerance,
                           .most_move = 0.1,
                           .most_steps = most_steps,
                           .coupled = coupled};
  for (; *axes; axes++) spec.relax[*axes - 'x'] = true;
  mg_minimize_result result;
  ENGINE_OK(sim, mg_minimize(sim, &spec, &result));
  return result;
}

/** A motion that starts now: NVE until the fields are set. */
static inline mg_motion engine_motion(const mg_sim *sim, int64_t n_steps) {
  mg_motion motion;
  mg_motion_init(&motion);
  motion.start_step = sim->step;
  motion.n_steps = n_steps;
  return motion;
}

static inline void engine_thermostat(mg_motion *motion, double from, double to, double tau) {
  motion->thermostat = true;
  motion->temperature = (mg_ramp){from, to};
  motion->tau_T = tau;
}

/** Barostat on @p axes ("xyz", "x", ...) at zero pressure. */
static inline void engine_barostat(mg_motion *motion, const char *axes, bool coupled, double tau) {
  for (; *axes; axes++) motion->mode[*axes - 'x'] = MG_AXIS_BAROSTAT;
  motion->coupled = coupled;
  motion->tau_P = tau;
}

/** begin, advance, end. */
static inline void engine_run(mg_sim *sim, mg_motion *motion, mg_observer observer, void *context) {
  mg_motion_begin(motion, sim);
  ENGINE_OK(sim, mg_advance(sim, motion, observer, context));
  mg_motion_end(motion, sim);
}

/** A glass of Cu64Zr36 at @p temperature and about zero pressure: random insertion, relaxation, a
 *  picosecond of NPT. Young and soft, but a solid in equilibrium enough for short runs. */
static inline void engine_glass(mg_sim *sim, int n, double x, double y, double z,
                                double temperature) {
  engine_random(sim, n, x, y, z);
  engine_frame(sim, 2000);
  engine_relax(sim, "xyz", true, 1e-3, 300);
  ENGINE_OK(sim, mg_velocity_draw(sim, 2 * temperature));
  engine_frame(sim, temperature);
  mg_motion motion = engine_motion(sim, 500);
  engine_thermostat(&motion, temperature, temperature, 0.05);
  engine_barostat(&motion, "xyz", true, 0.3);
  engine_run(sim, &motion, NULL, NULL);
  sim->work = sim->heat = 0;
}

/** Total potential energy at the present positions, forces current [eV]. */
static inline double engine_energy(mg_sim *sim) {
  mg_thermo thermo;
  ENGINE_OK(sim, mg_thermo_measure(sim, NULL, &thermo));
  return thermo.potential_energy;
}

/** Positions (unwrapped), velocities and edges by id, to go back to or compare with. One rank. */
enum { ENGINE_MOST = 1024 };
typedef struct engine_state {
  mg_box box;
  double x[ENGINE_MOST][3], v[ENGINE_MOST][3];
} engine_state;

static inline void engine_save(const mg_sim *sim, engine_state *state) {
  const mg_atoms *atoms = &sim->atoms;
  ck_assert_int_eq(atoms->n, atoms->n_global);
  ck_assert_int_le(atoms->max_id, ENGINE_MOST);
  state->box = sim->box;
  for (int32_t i = 0; i < atoms->n; i++)
    for (int a = 0; a < 3; a++) {
      const int64_t k = atoms->id[i] - 1;
      state->x[k][a] = atoms->x[i][a] + atoms->image[i][a] * sim->box.length[a];
      state->v[k][a] = atoms->v[i][a];
    }
}

/** Go back, evaluated, with the ledger and the clock at zero. */
static inline void engine_restore(mg_sim *sim, const engine_state *state, double temperature) {
  mg_atoms *atoms = &sim->atoms;
  sim->box = state->box;
  for (int32_t i = 0; i < atoms->n; i++)
    for (int a = 0; a < 3; a++) {
      atoms->x[i][a] = state->x[atoms->id[i] - 1][a];
      atoms->v[i][a] = state->v[atoms->id[i] - 1][a];
      atoms->image[i][a] = 0;
    }
  sim->step = 0;
  sim->work = sim->heat = 0;
  engine_frame(sim, temperature);
}

/** Largest distance between two states along one axis, of positions or velocities. */
static inline double engine_distance(const engine_state *one, const engine_state *two, int64_t n,
                                     bool velocities) {
  double most = 0;
  for (int64_t k = 0; k < n; k++)
    for (int a = 0; a < 3; a++)
      most = fmax(most, velocities ? fabs(one->v[k][a] - two->v[k][a])
                                   : fabs(one->x[k][a] - two->x[k][a]));
  return most;
}

#endif
