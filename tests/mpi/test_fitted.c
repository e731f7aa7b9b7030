/* Claims: with a table, the vector kernels give the forces, energies and virials of the plain one
 * to the error the fit tells, on the same lists; forces are the slopes of the kernel's own energy,
 * also where atoms come closer than the polynomials hold, and psi_ab need not be psi_ba. A vector
 * kernel conserves energy as well as the plain one.
 *
 * Independent truth: the plain kernel, which evaluates the table's splines; differences of the
 * total energy. The committed Cu-Zr table, a made-up one whose four densities differ, and, where
 * package lammps-data is installed, published ones with 16 pieces and with far pairs in several.
 */
#include "mgmd/base/rng.h"
#include "mgmd/dynamics/motion.h"
#include "mgmd/dynamics/sim.h"
#include "mgmd/dynamics/velocity.h"
#include "mgmd/io/file.h"
#include "mgmd/potential/fit.h"
#include "mgmd/state/build.h"
#include "mpi_check.h"
#include "toy_table.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define PUBLISHED "/usr/share/lammps/potentials/"

typedef struct subject {
  const char *table; /* NULL: made up */
  int species[2];
  mg_lattice lattice;
  double a;     /* [A] */
  double error; /* of forces, relative to the rms force */
  bool jumps;   /* the table's densities do not end at zero: neither do energies */
} subject;

static const subject SUBJECTS[] = {
    {MGMD_SOURCE_DIR "/potentials/CuZr_mendelev2007.eam.fs",
     {0, 1},
     MG_LATTICE_B2,
     3.25,
     2e-6,
     false},
    {NULL, {0, 1}, MG_LATTICE_B2, 3.0, 2e-6, false},
    {PUBLISHED "CuZr_mm.eam.fs", {0, 1}, MG_LATTICE_B2, 3.25, 3e-5, false},
    {PUBLISHED "Fe_mm.eam.fs", {0, 0}, MG_LATTICE_B2, 2.86, 1e-5, false},
    {PUBLISHED "AlCu.eam.alloy", {0, 1}, MG_LATTICE_B2, 3.0, 2e-6, true},
    {PUBLISHED "NiAlH_jea.eam.fs", {0, 1}, MG_LATTICE_B2, 2.9, 2e-6, false},
};
enum { N_SUBJECTS = sizeof SUBJECTS / sizeof *SUBJECTS, CELLS = 6 };

static bool there(const subject *s) { return !s->table || access(s->table, R_OK) == 0; }

static mg_potential *potential_of(const subject *s) {
  char *text = NULL;
  size_t length = 0;
  mg_potential *potential;
  if (s->table) {
    ck_assert_status_all(&mpi_world,
                         mg_file_read_all(&mpi_world, s->table, 1 << 28, &text, &length), MG_OK);
    ck_assert_status_all(&mpi_world, mg_potential_load(s->table, text, length, &potential), MG_OK);
    mg_free(text);
  } else {
    char *made_up = toy_table(TOY_SMOOTH);
    ck_assert_status_all(
        &mpi_world, mg_potential_load("toy.eam.fs", made_up, strlen(made_up), &potential), MG_OK);
    free(made_up);
  }
  return potential;
}

static void start(mg_sim *sim, const char *kernel, const subject *s, double jitter) {
  mg_potential *potential = potential_of(s);
  mg_build_spec spec = {.lattice = s->lattice, .a = s->a, .cells = {CELLS, CELLS + 1, CELLS}};
  spec.composition.n = s->species[0] == s->species[1] ? 1 : 2;
  for (int k = 0; k < spec.composition.n; k++) {
    spec.species[k] = s->species[k];
    strcpy(spec.composition.symbol[k], mg_potential_species(potential)->symbol[s->species[k]]);
    spec.composition.fraction[k] = 1.0 / spec.composition.n;
  }
  ck_assert_status_all(&mpi_world, mg_sim_init(sim, &mpi_world, potential, kernel), MG_OK);
  sim->dt = 0.002;
  sim->wanted_skin = 0.6;
  ck_assert_status_all(
      &mpi_world, mg_build_lattice(&spec, mpi_world.rank, mpi_world.size, &sim->box, &sim->atoms),
      MG_OK);
  for (int32_t i = 0; i < sim->atoms.n; i++) {
    mg_rng rng;
    mg_rng_start(&rng, 5, MG_RNG_JITTER, sim->atoms.id[i], 0);
    for (int a = 0; a < 3; a++) sim->atoms.x[i][a] += jitter * mg_rng_normal(&rng);
  }
  ck_assert_status_all(&mpi_world, mg_sim_frame(sim, 300), MG_OK);
  ck_assert_status_all(&mpi_world, mg_sim_evaluate(sim), MG_OK);
}

static double *energies(const mg_sim *sim) {
  double *energy;
  if (MG_NEW(energy, sim->atoms.n) != MG_OK) mg_die("out of memory");
  mg_force_observe(&sim->force, energy, NULL);
  return energy;
}

static double total(const mg_sim *sim) {
  double *energy = energies(sim);
  mg_reduction sum;
  mg_reduction_start(&sum);
  for (int32_t i = 0; i < sim->atoms.n; i++) mg_xsum_add(&sum.sum[0], energy[i]);
  mg_free(energy);
  mg_reduce(&mpi_world, &sum);
  return mg_xsum_value(&sum.sum[0]);
}

/* Sums of squares of forces and of their differences, and the largest difference of energies. */
static void compare(const mg_sim *sim, const mg_sim *plain, double *force, double *difference,
                    double *energy) {
  mg_reduction sum;
  mg_reduction_start(&sum);
  double *a = energies(sim), *b = energies(plain), most = 0;
  for (int32_t i = 0; i < sim->atoms.n; i++) {
    for (int c = 0; c < 3; c++) {
      const double f = plain->atoms.f[i][c], d = sim->atoms.f[i][c] - f;
      mg_xsum_add(&sum.sum[0], f * f);
      mg_xsum_add(&sum.sum[1], d * d * 1e6);
    }
    most = fmax(most, fabs(a[i] - b[i]));
  }
  mg_free(a);
  mg_free(b);
  mg_reduce(&mpi_world, &sum);
  const double n = 3 * (double)sim->atoms.n_global;
  *force = sqrt(mg_xsum_value(&sum.sum[0]) / n);
  *difference = sqrt(mg_xsum_value(&sum.sum[1]) * 1e-6 / n);
  *energy = mg_max_all_real(&mpi_world, most);
}

static bool usable(const mg_kernel *kernel) {
  return strcmp(kernel->name, "reference") != 0 && kernel->available();
}

START_TEST(kernels_agree_to_the_error_told) {
  for (int k = 0; mg_kernels[k]; k++)
    for (int s = 0; s < N_SUBJECTS; s++) {
      if (!usable(mg_kernels[k]) || !there(&SUBJECTS[s])) continue;
      mg_sim sim, plain;
      double force, difference, energy;
      start(&sim, mg_kernels[k]->name, &SUBJECTS[s], 0.1);
      start(&plain, "reference", &SUBJECTS[s], 0.1);
      ck_assert_str_eq(sim.force.kernel->name, mg_kernels[k]->name);
      const mg_fit_error *told = &mg_potential_fit(sim.potential)->error;
      compare(&sim, &plain, &force, &difference, &energy);
      if (mpi_world.rank == 0)
        printf("%-9s %-45s force %.2g of %.3g eV/A (told %.2g), energy %.2g eV\n",
               sim.force.kernel->name, mg_potential_name(sim.potential), difference / force, force,
               told->pointwise, energy);
      ck_assert_double_lt(difference, SUBJECTS[s].error * force);
      ck_assert_double_lt(energy, 1e-6);
      for (int c = 0; c < 3; c++)
        ck_assert_double_lt(fabs(sim.virial[c] - plain.virial[c]),
                            1e-6 * (double)sim.atoms.n_global);
      mg_sim_clear(&sim);
      mg_sim_clear(&plain);
    }
}
END_TEST

static double difference(const double e[4], double h) {
  return (e[0] - 8 * e[1] + 8 * e[2] - e[3]) / (12 * h);
}

/* dE/dx of atom `id`; its force on the side. */
static double slope_of(mg_sim *sim, int64_t id, int axis, double h, double *force) {
  static const double steps[4] = {-2, -1, 1, 2};
  int32_t mine = -1;
  for (int32_t i = 0; i < sim->atoms.n; i++)
    if (sim->atoms.id[i] == id) mine = i;
  *force = mg_max_all_real(&mpi_world, mine >= 0 ? sim->atoms.f[mine][axis] : -INFINITY);
  const double x = mine >= 0 ? sim->atoms.x[mine][axis] : 0;
  double e[4];
  for (int k = 0; k < 4; k++) {
    if (mine >= 0) sim->atoms.x[mine][axis] = x + steps[k] * h;
    mg_sim_forces(sim);
    e[k] = total(sim);
  }
  if (mine >= 0) sim->atoms.x[mine][axis] = x;
  mg_sim_forces(sim);
  return difference(e, h);
}

/* The second jitter brings many atoms so close that the plain functions take over. */
START_TEST(forces_are_slopes_of_the_kernels_energy) {
  static const double jitter[2] = {0.1, 0.35};
  for (int k = 0; mg_kernels[k]; k++)
    for (int s = 0; s < N_SUBJECTS; s++)
      for (int m = 0; m < 2; m++) {
        if (!usable(mg_kernels[k]) || !there(&SUBJECTS[s]) || SUBJECTS[s].jumps) continue;
        mg_sim sim;
        start(&sim, mg_kernels[k]->name, &SUBJECTS[s], jitter[m]);
        for (int n = 0; n < 8; n++) {
          double force;
          const double slope = slope_of(&sim, 1 + 41 * n % sim.atoms.n_global, n % 3, 1e-3, &force);
          ck_assert_double_lt(fabs(slope + force), 2e-6 * (1 + fabs(force)));
        }
        mg_sim_clear(&sim);
      }
}
END_TEST

static double conserved(mg_sim *sim) {
  ck_assert_status_all(&mpi_world, mg_sim_evaluate(sim), MG_OK);
  return total(sim) + (sim->kinetic[0] + sim->kinetic[1] + sim->kinetic[2]) / 2;
}

/* Largest deviation of the total energy over 0.4 ps at 600 K, per atom [eV]. */
static double drift(const char *kernel, const subject *s) {
  mg_sim sim;
  start(&sim, kernel, s, 0);
  sim.seed = 3;
  ck_assert_status_all(&mpi_world, mg_velocity_draw(&sim, 600), MG_OK);
  double most = 0;
  const double first = conserved(&sim);
  for (int block = 0; block < 10; block++) {
    mg_motion motion;
    mg_motion_init(&motion);
    motion.start_step = sim.step;
    motion.n_steps = 20;
    mg_motion_begin(&motion, &sim);
    ck_assert_status_all(&mpi_world, mg_advance(&sim, &motion, NULL, NULL), MG_OK);
    mg_motion_end(&motion, &sim);
    most = fmax(most, fabs(conserved(&sim) - first));
  }
  most /= (double)sim.atoms.n_global;
  mg_sim_clear(&sim);
  return most;
}

/* Trajectories are the same bits on any number of ranks (test_bits.c): two will do. */
START_TEST(energy_is_kept_as_by_the_plain_kernel) {
  if (mpi_world.size > 2) return;
  const double plain = drift("reference", &SUBJECTS[0]);
  for (int k = 0; mg_kernels[k]; k++) {
    if (!usable(mg_kernels[k])) continue;
    const double fitted = drift(mg_kernels[k]->name, &SUBJECTS[0]);
    if (mpi_world.rank == 0)
      printf("%s: total energy within %.3g eV per atom; plain: %.3g\n", mg_kernels[k]->name, fitted,
             plain);
    ck_assert_double_lt(fitted, 1.01 * plain + 1e-9);
  }
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, kernels_agree_to_the_error_told);
  tcase_add_test(tests, forces_are_slopes_of_the_kernels_energy);
  tcase_add_test(tests, energy_is_kept_as_by_the_plain_kernel);
}

MPI_CHECK_MAIN("fitted", fill)
