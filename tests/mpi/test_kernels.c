/* Claims: every kernel gives the forces, virials, energies, stresses and neighbour lists of the
 * plain one, whatever the box, the boundaries, the species and however close the atoms; and the
 * forces and virials are the derivatives of the energy.
 *
 * Independent truth: four-point differences of the total energy under displacement and strain, and
 * the stress of a rotated cluster, which is the rotated stress. Rounding allows 1e-10 between
 * kernels (relative where forces are large) and 1e-7 of the rms force in differences.
 */
#include "mgmd/base/rng.h"
#include "mgmd/dynamics/sim.h"
#include "mgmd/state/build.h"
#include "mpi_check.h"

#include <math.h>
#include <string.h>

typedef struct sample {
  double box[3];
  bool open[3];
  double copper;       /* fraction */
  double min_distance; /* [A]; 0: a B2 lattice with jitter */
} sample;

static const double DENSITY = 0.055; /* atoms per A^3 */

static mg_build_spec spec_of(const sample *s) {
  mg_build_spec spec = {.lattice = s->min_distance > 0 ? MG_LATTICE_RANDOM : MG_LATTICE_B2};
  const bool mixed = s->copper > 0 && s->copper < 1;
  spec.composition.n = mixed ? 2 : 1;
  strcpy(spec.composition.symbol[0], s->copper > 0 ? "Cu" : "Zr");
  strcpy(spec.composition.symbol[1], "Zr");
  spec.composition.fraction[0] = mixed ? s->copper : 1;
  spec.composition.fraction[1] = 1 - s->copper;
  spec.species[0] = s->copper > 0 ? 0 : 1;
  spec.species[1] = 1;
  spec.a = 3.25;
  spec.seed = 11;
  spec.min_distance = s->min_distance;
  spec.n_atoms = (int64_t)(DENSITY * s->box[0] * s->box[1] * s->box[2]);
  for (int a = 0; a < 3; a++) {
    spec.box[a] = s->box[a];
    spec.cells[a] = (int64_t)rint(s->box[a] / spec.a);
  }
  return spec;
}

static void jitter(mg_atoms *atoms, double width) {
  for (int32_t i = 0; i < atoms->n; i++) {
    mg_rng rng;
    mg_rng_start(&rng, 5, MG_RNG_JITTER, atoms->id[i], 0);
    for (int a = 0; a < 3; a++) atoms->x[i][a] += width * mg_rng_normal(&rng);
  }
}

static void start(mg_sim *sim, const char *kernel, const sample *s) {
  ck_assert_status_all(
      &mpi_world, mg_sim_init(sim, &mpi_world, mg_potential_builtin("cuzr-mendelev2007"), kernel),
      MG_OK);
  sim->dt = 0.002;
  sim->wanted_skin = 0.6;
  const mg_build_spec spec = spec_of(s);
  mg_status (*const build)(const mg_build_spec *, int, int, mg_box *, mg_atoms *) =
      s->min_distance > 0 ? mg_build_random : mg_build_lattice;
  ck_assert_status_all(&mpi_world,
                       build(&spec, mpi_world.rank, mpi_world.size, &sim->box, &sim->atoms), MG_OK);
  if (!(s->min_distance > 0)) jitter(&sim->atoms, 0.12);
  for (int a = 0; a < 3; a++) sim->box.periodic[a] = !s->open[a];
  ck_assert_status_all(&mpi_world, mg_sim_frame(sim, 300), MG_OK);
  ck_assert_status_all(&mpi_world, mg_sim_evaluate(sim), MG_OK);
}

typedef struct observed {
  double *energy;
  double (*stress)[6];
} observed;

static observed observe(const mg_sim *sim) {
  observed o;
  if (MG_NEW(o.energy, sim->atoms.n) != MG_OK || MG_NEW(o.stress, sim->atoms.n) != MG_OK)
    mg_die("out of memory");
  mg_force_observe(&sim->force, o.energy, o.stress);
  return o;
}

static void drop(observed *o) {
  mg_free(o->energy);
  mg_free(o->stress);
}

/* Total energy and the sum of stresses. */
static double totals(const mg_sim *sim, double stress[6]) {
  observed o = observe(sim);
  mg_reduction sum;
  mg_reduction_start(&sum);
  for (int32_t i = 0; i < sim->atoms.n; i++) {
    mg_xsum_add(&sum.sum[0], o.energy[i]);
    for (int c = 0; c < 6; c++) mg_xsum_add(&sum.sum[1 + c], o.stress[i][c]);
  }
  drop(&o);
  mg_reduce(&mpi_world, &sum);
  for (int c = 0; stress && c < 6; c++) stress[c] = mg_xsum_value(&sum.sum[1 + c]);
  return mg_xsum_value(&sum.sum[0]);
}

static double apart(double a, double b) { return fabs(a - b) / (1 + fabs(b)); }

static bool same_list(const mg_nlist *a, const mg_nlist *b) {
  if (a->n != b->n || a->n_pairs != b->n_pairs) return false;
  const size_t n = (size_t)a->n, entries = (size_t)a->first[a->n];
  const size_t ends = 2 * n * (size_t)a->n_species;
  return memcmp(a->first, b->first, (n + 1) * sizeof *a->first) == 0 &&
         memcmp(a->end, b->end, ends * sizeof *a->end) == 0 &&
         memcmp(a->entry, b->entry, entries * sizeof *a->entry) == 0;
}

static bool usable(const mg_kernel *kernel, const char *besides) {
  return strcmp(kernel->name, besides) != 0 && kernel->available();
}

static void compare(const mg_sim *sim, const mg_sim *plain) {
  ck_assert_all(&mpi_world, same_list(&sim->force.list, &plain->force.list));
  double force = 0, energy = 0, stress = 0;
  observed a = observe(sim), b = observe(plain);
  for (int32_t i = 0; i < sim->atoms.n; i++) {
    double size = 0;
    for (int c = 0; c < 3; c++) size += fabs(plain->atoms.f[i][c]);
    for (int c = 0; c < 3; c++)
      force = fmax(force, fabs(sim->atoms.f[i][c] - plain->atoms.f[i][c]) / (1 + size));
    energy = fmax(energy, apart(a.energy[i], b.energy[i]));
    for (int c = 0; c < 6; c++)
      stress = fmax(stress, fabs(a.stress[i][c] - b.stress[i][c]) / (1 + 10 * size));
  }
  drop(&a);
  drop(&b);
  ck_assert_all(&mpi_world, force < 1e-10);
  ck_assert_all(&mpi_world, energy < 1e-10);
  ck_assert_all(&mpi_world, stress < 1e-10);
  for (int c = 0; c < 3; c++) ck_assert_double_lt(apart(sim->virial[c], plain->virial[c]), 1e-10);
  ck_assert_double_lt(apart(sim->force.most_rho, plain->force.most_rho), 1e-12);
}

static const sample SAMPLES[] = {
    {{24, 21, 26}, {false, false, false}, 0.64, 2.0}, /* a melt, random */
    {{19, 23, 21}, {false, false, false}, 0.5, 0.9},  /* as bad a start as can be */
    {{5, 29, 24}, {false, false, false}, 0.64, 1.9},  /* thinner than the cutoff */
    {{6, 25, 27}, {false, true, false}, 0.64, 1.9},
    {{20, 20, 22}, {true, true, true}, 0.64, 1.9},
    {{22, 23, 21}, {false, false, false}, 1, 2.0}, /* copper alone */
    {{22, 23, 25}, {false, false, false}, 0, 2.0}, /* zirconium alone */
    {{19.5, 22.75, 19.5}, {false, false, false}, 0.5, 0},
};
enum { N_SAMPLES = sizeof SAMPLES / sizeof *SAMPLES };

START_TEST(all_kernels_agree) {
  for (int k = 0; mg_kernels[k]; k++) {
    if (!usable(mg_kernels[k], "reference")) continue;
    for (int s = 0; s < N_SAMPLES; s++) {
      mg_sim sim, plain;
      start(&sim, mg_kernels[k]->name, &SAMPLES[s]);
      start(&plain, "reference", &SAMPLES[s]);
      ck_assert_str_eq(sim.force.kernel->name, mg_kernels[k]->name);
      compare(&sim, &plain);
      mg_sim_clear(&sim);
      mg_sim_clear(&plain);
    }
  }
}
END_TEST

/* --- derivatives --- */

static double difference(const double e[4], double h) {
  return (e[0] - 8 * e[1] + 8 * e[2] - e[3]) / (12 * h);
}

static const double STEPS[4] = {-2, -1, 1, 2};

/* dE/dx of atom `id`; its force on the side. */
static double slope_of(mg_sim *sim, int64_t id, int axis, double h, double *force) {
  int32_t mine = -1;
  for (int32_t i = 0; i < sim->atoms.n; i++)
    if (sim->atoms.id[i] == id) mine = i;
  *force = mg_max_all_real(&mpi_world, mine >= 0 ? sim->atoms.f[mine][axis] : -INFINITY);
  const double x = mine >= 0 ? sim->atoms.x[mine][axis] : 0;
  double e[4];
  for (int k = 0; k < 4; k++) {
    if (mine >= 0) sim->atoms.x[mine][axis] = x + STEPS[k] * h;
    mg_sim_forces(sim);
    e[k] = totals(sim, NULL);
  }
  if (mine >= 0) sim->atoms.x[mine][axis] = x;
  mg_sim_forces(sim);
  return difference(e, h);
}

static double rms_force(const mg_sim *sim) {
  mg_reduction sum;
  mg_reduction_start(&sum);
  for (int32_t i = 0; i < sim->atoms.n; i++)
    for (int a = 0; a < 3; a++) mg_xsum_add(&sum.sum[0], sim->atoms.f[i][a] * sim->atoms.f[i][a]);
  mg_reduce(&mpi_world, &sum);
  return sqrt(mg_xsum_value(&sum.sum[0]) / (3 * (double)sim->atoms.n_global));
}

START_TEST(forces_are_slopes) {
  for (int k = 0; mg_kernels[k]; k++) {
    if (!usable(mg_kernels[k], "")) continue;
    mg_sim sim;
    start(&sim, mg_kernels[k]->name, &SAMPLES[7]);
    const double rms = rms_force(&sim);
    ck_assert_double_gt(rms, 0.3);
    for (int n = 0; n < 12; n++) {
      double force;
      const double slope = slope_of(&sim, 1 + 41 * n % sim.atoms.n_global, n % 3, 2e-3, &force);
      ck_assert_double_lt(fabs(slope + force), 1e-7 * rms);
    }
    mg_sim_clear(&sim);
  }
}
END_TEST

static void stretch(mg_sim *sim, const mg_box *box, double (*x)[3], int axis, double strain) {
  sim->box = *box;
  sim->box.length[axis] = box->length[axis] * (1 + strain);
  for (int32_t i = 0; i < sim->atoms.n; i++)
    sim->atoms.x[i][axis] = box->lo[axis] + (x[i][axis] - box->lo[axis]) * (1 + strain);
}

START_TEST(virial_is_the_slope_under_strain) {
  const double h = 2e-4;
  for (int k = 0; mg_kernels[k]; k++) {
    if (!usable(mg_kernels[k], "")) continue;
    mg_sim sim;
    start(&sim, mg_kernels[k]->name, &SAMPLES[7]);
    double(*x)[3], stress[6];
    ck_assert_int_eq(MG_NEW(x, sim.atoms.n), MG_OK);
    memcpy(x, sim.atoms.x, (size_t)sim.atoms.n * sizeof *x);
    const mg_box box = sim.box;
    const double scale = rms_force(&sim) * (double)sim.atoms.n_global;
    totals(&sim, stress);
    for (int a = 0; a < 3; a++) {
      double e[4];
      for (int n = 0; n < 4; n++) {
        stretch(&sim, &box, x, a, STEPS[n] * h);
        mg_sim_forces(&sim);
        e[n] = totals(&sim, NULL);
      }
      stretch(&sim, &box, x, a, 0);
      ck_assert_double_lt(fabs(difference(e, h) + sim.virial[a]), 1e-7 * scale);
      ck_assert_double_lt(fabs(stress[a] + sim.virial[a]), 1e-12 * scale);
    }
    mg_free(x);
    mg_sim_clear(&sim);
  }
}
END_TEST

START_TEST(forces_sum_to_zero) {
  for (int k = 0; mg_kernels[k]; k++)
    for (int s = 0; s < N_SAMPLES; s++) {
      if (!usable(mg_kernels[k], "")) continue;
      mg_sim sim;
      start(&sim, mg_kernels[k]->name, &SAMPLES[s]);
      mg_reduction sum;
      mg_reduction_start(&sum);
      double most = 0;
      for (int32_t i = 0; i < sim.atoms.n; i++)
        for (int a = 0; a < 3; a++) {
          mg_xsum_add(&sum.sum[a], sim.atoms.f[i][a]);
          most = fmax(most, fabs(sim.atoms.f[i][a]));
        }
      mg_reduce(&mpi_world, &sum);
      most = mg_max_all_real(&mpi_world, most);
      for (int a = 0; a < 3; a++)
        ck_assert_double_lt(fabs(mg_xsum_value(&sum.sum[a])), 1e-10 * (1 + most));
      mg_sim_clear(&sim);
    }
}
END_TEST

/* Turn all atoms about an axis along z; c and s: cosine and sine of the angle. */
static void turn(mg_sim *sim, double c, double s) {
  for (int32_t i = 0; i < sim->atoms.n; i++) {
    double *x = sim->atoms.x[i];
    const double x0 = x[0] - 10, x1 = x[1] - 10;
    x[0] = 10 + c * x0 - s * x1;
    x[1] = 10 + s * x0 + c * x1;
  }
}

START_TEST(stress_turns_with_a_cluster) {
  const double c = 0.6, s = 0.8;
  for (int k = 0; mg_kernels[k]; k++) {
    if (!usable(mg_kernels[k], "")) continue;
    mg_sim sim;
    start(&sim, mg_kernels[k]->name, &SAMPLES[4]);
    double a[6], b[6];
    const double energy = totals(&sim, a);
    turn(&sim, c, s);
    ck_assert_status_all(&mpi_world, mg_sim_frame(&sim, 300), MG_OK);
    ck_assert_status_all(&mpi_world, mg_sim_evaluate(&sim), MG_OK);
    ck_assert_double_lt(apart(totals(&sim, b), energy), 1e-12);
    const double expected[6] = {c * c * a[0] - 2 * c * s * a[3] + s * s * a[1],
                                s * s * a[0] + 2 * c * s * a[3] + c * c * a[1],
                                a[2],
                                c * s * (a[0] - a[1]) + (c * c - s * s) * a[3],
                                c * a[4] - s * a[5],
                                s * a[4] + c * a[5]};
    for (int n = 0; n < 6; n++)
      ck_assert_double_lt(fabs(b[n] - expected[n]), 1e-11 * (fabs(a[0]) + fabs(a[1])));
    mg_sim_clear(&sim);
  }
}
END_TEST

/* One atom far from everything: no force, no energy, nothing undefined. */
START_TEST(lone_atoms_feel_nothing) {
  for (int k = 0; mg_kernels[k]; k++) {
    if (!usable(mg_kernels[k], "")) continue;
    mg_sim sim;
    start(&sim, mg_kernels[k]->name, &SAMPLES[4]);
    for (int32_t i = 0; i < sim.atoms.n; i++)
      for (int a = 0; a < 3; a++) sim.atoms.x[i][a] *= 9;
    ck_assert_status_all(&mpi_world, mg_sim_frame(&sim, 300), MG_OK);
    ck_assert_status_all(&mpi_world, mg_sim_evaluate(&sim), MG_OK);
    double stress[6];
    ck_assert_double_eq(totals(&sim, stress), 0);
    for (int c = 0; c < 3; c++) ck_assert_double_eq(sim.virial[c], 0);
    ck_assert_double_eq(rms_force(&sim), 0);
    mg_sim_clear(&sim);
  }
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, all_kernels_agree);
  tcase_add_test(tests, forces_are_slopes);
  tcase_add_test(tests, virial_is_the_slope_under_strain);
  tcase_add_test(tests, forces_sum_to_zero);
  tcase_add_test(tests, stress_turns_with_a_cluster);
  tcase_add_test(tests, lone_atoms_feel_nothing);
}

MPI_CHECK_MAIN("kernels", fill)
