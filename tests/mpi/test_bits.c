/* Claim: the number of ranks and their grid change no bit. A minimisation and a run of a hot sample
 * (atoms migrate, lists are rebuilt) are done on one rank and on all of them with several rank
 * grids, among them grids with more ranks than cells; positions, velocities, forces, images by id,
 * edges, virial, ledger and the steps at which lists were built must be the same bits. Measuring on
 * the way changes nothing either.
 */
#include "engine_sample.h"

enum { N_ATOMS = 500, WORDS = 12, N_STEPS = 80 };

typedef enum ensemble { NVE, NPT, LOADED, N_ENSEMBLES } ensemble;
static const char *const names[] = {"nve", "npt", "loaded"};

/* All bits of the end of a run, the same on every rank. */
typedef struct bits {
  uint64_t atom[N_ATOMS][WORDS];
  uint64_t global[16];
  uint64_t built[(N_STEPS + 63) / 64]; /* steps with a new list */
} bits;

static uint64_t bits_of(double x) {
  uint64_t word;
  memcpy(&word, &x, sizeof word);
  return word;
}

static void gather(mg_sim *sim, mg_motion *motion, bits *out) {
  const mg_atoms *atoms = &sim->atoms;
  for (int32_t i = 0; i < atoms->n; i++) {
    uint64_t *word = out->atom[atoms->id[i] - 1];
    for (int a = 0; a < 3; a++) {
      word[a] = bits_of(atoms->x[i][a]);
      word[3 + a] = bits_of(atoms->v[i][a]);
      word[6 + a] = bits_of(atoms->f[i][a]);
      word[9 + a] = (uint32_t)(atoms->image[i][a] + 1000);
    }
  }
  /* every atom has one owner: or-ing with zeros copies */
  MPI_Allreduce(MPI_IN_PLACE, out->atom, N_ATOMS * WORDS, MPI_UINT64_T, MPI_BOR,
                mg_comm_mpi(sim->comm));
  mg_thermo thermo;
  ENGINE_OK(sim, mg_thermo_measure(sim, motion, &thermo));
  for (int a = 0; a < 3; a++) {
    out->global[a] = bits_of(sim->box.length[a]);
    out->global[3 + a] = bits_of(sim->virial[a]);
    out->global[6 + a] = bits_of(thermo.pressure[3 + a]);
    out->global[9 + a] = bits_of(motion->w[a]);
  }
  out->global[12] = bits_of(thermo.potential_energy);
  out->global[13] = bits_of(thermo.kinetic_energy);
  out->global[14] = bits_of(thermo.conserved);
  out->global[15] = bits_of(motion->atoms.rate[0]);
}

typedef struct watcher {
  bits *out;
  int64_t builds;
  bool measure;
} watcher;

static bool watch(void *context, mg_sim *sim, mg_motion *motion, mg_status *status) {
  watcher *w = context;
  const uint64_t step = (uint64_t)(sim->step - 1);
  if (sim->force.n_builds != w->builds) w->out->built[step / 64] |= (uint64_t)1 << step % 64;
  w->builds = sim->force.n_builds;
  mg_thermo thermo;
  if (w->measure && sim->step % 7 == 0) *status = mg_thermo_measure(sim, motion, &thermo);
  return false;
}

static void ask(const mg_sim *sim, ensemble kind, mg_motion *motion) {
  if (kind == NVE) return;
  engine_thermostat(motion, 1500, 1200, 0.1);
  engine_barostat(motion, kind == NPT ? "xyz" : "x", kind == NPT, 0.5);
  motion->pressure[0] = (mg_ramp){0, 0.003};
  if (kind == NPT) return;
  motion->mode[2] = MG_AXIS_DEFORM;
  motion->strain_rate = -0.2;
  motion->length0 = sim->box.length[2];
  motion->use_area = true;
  motion->area[0] = 800;
}

/* From random insertion to the end of a run on @p comm. */
static void run(const mg_comm *comm, const int grid[3], ensemble kind, bool measure, bits *out) {
  memset(out, 0, sizeof *out);
  mg_sim sim;
  engine_start(&sim, comm, "auto");
  memcpy(sim.wanted_grid, grid, sizeof sim.wanted_grid);
  engine_random(&sim, N_ATOMS, 0.4, 1, 1.1); /* 11 A thin: two cells */
  if (kind == LOADED) sim.box.periodic[1] = false;
  engine_frame(&sim, 2000);
  engine_relax(&sim, kind == LOADED ? "xz" : "xyz", kind == NPT, 1e-2, 40);
  ENGINE_OK(&sim, mg_velocity_draw(&sim, 1500));
  engine_frame(&sim, 300); /* a thin skin: many lists */
  mg_motion motion = engine_motion(&sim, N_STEPS);
  ask(&sim, kind, &motion);
  watcher w = {.out = out, .builds = sim.force.n_builds, .measure = measure};
  mg_motion_begin(&motion, &sim);
  ENGINE_OK(&sim, mg_advance(&sim, &motion, watch, &w));
  mg_motion_settle(&motion, &sim);
  gather(&sim, &motion, out);
  mg_sim_clear(&sim);
}

static bool same(const bits *one, const bits *two) {
  return memcmp(one->atom, two->atom, sizeof one->atom) == 0 &&
         memcmp(one->global, two->global, sizeof one->global) == 0 &&
         memcmp(one->built, two->built, sizeof one->built) == 0;
}

static bits alone, together;

static int n_built(const bits *b) {
  int n = 0;
  for (int k = 0; k < N_STEPS; k++) n += (int)(b->built[k / 64] >> k % 64 & 1);
  return n;
}

/* Alone on this rank, then together on the grids 0 (chosen), 1 n 1, n 1 1, and more. */
static void on_all_grids(ensemble kind) {
  const int n = mpi_world.size;
  const int grids[][3] = {{0, 0, 0}, {1, n, 1}, {n, 1, 1}, {1, n % 2 ? 1 : 2, n % 2 ? n : n / 2}};
  mg_comm self;
  ck_assert_int_eq(mg_comm_from(&self, MPI_COMM_SELF), MG_OK);
  run(&self, (int[3]){0, 0, 0}, kind, true, &alone);
  mg_comm_close(&self);
  ck_assert_all(&mpi_world, n_built(&alone) >= 3 && n_built(&alone) < N_STEPS);
  for (size_t g = 0; g < sizeof grids / sizeof *grids; g++) {
    run(&mpi_world, grids[g], kind, false, &together);
    if (mpi_world.rank == 0 && !same(&alone, &together))
      printf("%s on %d x %d x %d differs\n", names[kind], grids[g][0], grids[g][1], grids[g][2]);
    ck_assert_all(&mpi_world, same(&alone, &together));
  }
}

START_TEST(same_bits) { on_all_grids((ensemble)_i); }
END_TEST

/* The comparison would see one bit. */
START_TEST(one_bit_is_seen) {
  run(&mpi_world, (int[3]){0, 0, 0}, NVE, false, &alone);
  together = alone;
  ck_assert_all(&mpi_world, same(&alone, &together));
  together.atom[77][4] ^= 1;
  ck_assert_all(&mpi_world, !same(&alone, &together));
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_loop_test(tests, same_bits, 0, N_ENSEMBLES);
  tcase_add_test(tests, one_bit_is_seen);
}

MPI_CHECK_MAIN("bits", fill)
