/* Claims: energy, forces and stress are one consistent whole, for every kernel this processor runs.
 *
 * - Forces are minus the gradient of the total energy, and the virial minus dE/d ln L per axis:
 *   four-point differences, whose error (h^4 and rounding) is far below the 1e-7 asked for.
 * - Energy, force and all six stress components of every atom equal a direct sum over all pairs and
 *   images written for this test alone, in boxes much thinner than the cutoff too.
 * - What atoms carry adds up to the totals.
 * Periodic and with a free face.
 */
#include "engine_sample.h"

enum { MOST = 256 };

static mg_sim sim;

static void end(void) { mg_sim_clear(&sim); }

/* A quickly relaxed random sample, atoms then shaken so that forces are those of a hot glass. */
static void make_sample(const char *kernel, int n, double x, double y, double z, bool open) {
  engine_start(&sim, &mpi_world, kernel);
  engine_random(&sim, n, x, y, z);
  engine_frame(&sim, 2000);
  engine_relax(&sim, "xyz", true, 1e-2, 150);
  if (open) sim.box.periodic[1] = false;
  for (int32_t i = 0; i < sim.atoms.n; i++) {
    mg_rng rng;
    mg_rng_start(&rng, 5, MG_RNG_JITTER, sim.atoms.id[i], 0);
    for (int a = 0; a < 3; a++) sim.atoms.x[i][a] += 0.1 * mg_rng_normal(&rng);
  }
  engine_frame(&sim, 300);
}

/* Run @p check on a periodic and an open sample of @p n atoms with every kernel. */
static void with_all_kernels(int n, double x, double y, double z, void (*check)(void)) {
  int n_run = 0;
  for (int k = 0; mg_kernels[k]; k++) {
    if (!mg_kernels[k]->available()) continue;
    for (int open = 0; open < 2; open++, n_run++) {
      make_sample(mg_kernels[k]->name, n, x, y, z, open);
      ck_assert_str_eq(sim.force.kernel->name, mg_kernels[k]->name);
      check();
      mg_sim_clear(&sim);
    }
  }
  ck_assert_int_ge(n_run, 2);
}

/* Differences ----------------------------------------------------------------------------------*/

/* Energy with the positions changed a little, far less than the skin: the list stays. */
static double energy_now(void) {
  ENGINE_OK(&sim, mg_sim_evaluate(&sim));
  return engine_energy(&sim);
}

static double energy_moved(int32_t i, int a, double by) {
  const double x = sim.atoms.x[i][a];
  sim.atoms.x[i][a] = x + by;
  const double energy = energy_now();
  sim.atoms.x[i][a] = x;
  return energy;
}

static double four_point(double m2, double m1, double p1, double p2, double h) {
  return (8 * (p1 - m1) - (p2 - m2)) / (12 * h);
}

static void check_gradient(void) {
  const double h = 2e-3;
  double force[MOST][3], error2 = 0, force2 = 0;
  int n = 0;
  memcpy(force, sim.atoms.f, (size_t)sim.atoms.n * sizeof *force);
  for (int32_t i = 0; i < sim.atoms.n; i += 17)
    for (int a = 0; a < 3; a++, n++) {
      const double slope = four_point(energy_moved(i, a, -2 * h), energy_moved(i, a, -h),
                                      energy_moved(i, a, h), energy_moved(i, a, 2 * h), h);
      error2 += (slope + force[i][a]) * (slope + force[i][a]);
      force2 += force[i][a] * force[i][a];
    }
  ck_assert_double_gt(sqrt(force2 / n), 0.3); /* not a sample at rest */
  printf("%s: force error over rms force %.2e\n", sim.force.kernel->name, sqrt(error2 / force2));
  ck_assert_double_lt(sqrt(error2 / force2), 1e-7);
}

START_TEST(forces_are_the_gradient) { with_all_kernels(200, 1, 1.2, 1.1, check_gradient); }
END_TEST

static double energy_strained(int a, double strain) {
  const double by = exp(strain);
  sim.box.length[a] *= by;
  for (int32_t i = 0; i < sim.atoms.n; i++) sim.atoms.x[i][a] *= by;
  const double energy = energy_now();
  sim.box.length[a] /= by;
  for (int32_t i = 0; i < sim.atoms.n; i++) sim.atoms.x[i][a] /= by;
  return energy;
}

static void check_virial(void) {
  const double h = 2e-4;
  double virial[3], error = 0, size = 0;
  memcpy(virial, sim.virial, sizeof virial);
  for (int a = 0; a < 3; a++) {
    const double slope = four_point(energy_strained(a, -2 * h), energy_strained(a, -h),
                                    energy_strained(a, h), energy_strained(a, 2 * h), h);
    error = fmax(error, fabs(slope + virial[a]));
    size = fmax(size, fabs(virial[a]));
  }
  printf("%s: virial error over virial %.2e\n", sim.force.kernel->name, error / size);
  ck_assert_double_lt(error, 1e-7 * size);
}

START_TEST(virial_is_the_slope_in_strain) { with_all_kernels(200, 1, 1.2, 1.1, check_virial); }
END_TEST

/* Brute force ----------------------------------------------------------------------------------*/

static double brute_energy[MOST], brute_force[MOST][3], brute_stress[MOST][6];

typedef void (*pair_visitor)(int i, int j, const double d[3], double r);

/* All ordered pairs within the cutoff, in all images. */
static void visit_pairs(pair_visitor visit) {
  const double cutoff = mg_potential_cutoff(sim.potential);
  int reach[3];
  for (int a = 0; a < 3; a++)
    reach[a] = sim.box.periodic[a] ? (int)ceil(cutoff / sim.box.length[a]) + 1 : 0;
  for (int i = 0; i < sim.atoms.n; i++)
    for (int j = 0; j < sim.atoms.n; j++)
      for (int nx = -reach[0]; nx <= reach[0]; nx++)
        for (int ny = -reach[1]; ny <= reach[1]; ny++)
          for (int nz = -reach[2]; nz <= reach[2]; nz++) {
            const int image[3] = {nx, ny, nz};
            double d[3], r2 = 0;
            for (int a = 0; a < 3; a++) {
              d[a] = sim.atoms.x[j][a] - sim.atoms.x[i][a] + image[a] * sim.box.length[a];
              r2 += d[a] * d[a];
            }
            if (r2 > 0 && r2 < cutoff * cutoff) visit(i, j, d, sqrt(r2));
          }
}

static double density[MOST], slope_F[MOST];

static void add_density(int i, int j, const double d[3], double r) {
  (void)d;
  double psi;
  mg_potential_psi(sim.potential, sim.atoms.species[i], sim.atoms.species[j], r, &psi, NULL);
  density[i] += psi;
}

static void add_pair(int i, int j, const double d[3], double r) {
  static const int first[6] = {0, 1, 2, 0, 0, 1}, second[6] = {0, 1, 2, 1, 2, 2};
  const int s = sim.atoms.species[i], t = sim.atoms.species[j];
  double phi, dphi, at_i, at_j;
  mg_potential_phi(sim.potential, s, t, r, &phi, &dphi);
  mg_potential_psi(sim.potential, s, t, r, NULL, &at_i);
  mg_potential_psi(sim.potential, t, s, r, NULL, &at_j);
  const double slope = dphi + slope_F[i] * at_i + slope_F[j] * at_j;
  brute_energy[i] += phi / 2;
  for (int a = 0; a < 3; a++) brute_force[i][a] += slope * d[a] / r;
  for (int c = 0; c < 6; c++) brute_stress[i][c] += slope * d[first[c]] * d[second[c]] / r / 2;
}

static void brute_sum(void) {
  memset(density, 0, sizeof density);
  memset(brute_force, 0, sizeof brute_force);
  memset(brute_stress, 0, sizeof brute_stress);
  visit_pairs(add_density);
  for (int i = 0; i < sim.atoms.n; i++)
    mg_potential_embed(sim.potential, sim.atoms.species[i], density[i], &brute_energy[i],
                       &slope_F[i]);
  visit_pairs(add_pair);
}

static double departure(int n, const double *one, const double *two) {
  double most = 0, size = 0;
  for (int k = 0; k < n; k++) {
    most = fmax(most, fabs(one[k] - two[k]));
    size = fmax(size, fabs(two[k]));
  }
  return most / size;
}

/* Engine against direct sum, atom by atom, and atoms against totals. */
static void check_brute(void) {
  const int n = sim.atoms.n;
  double energy[MOST], stress[MOST][6], total[7] = {0};
  ENGINE_OK(&sim, mg_thermo_per_atom(&sim, energy, stress)); /* at rest: no kinetic part */
  brute_sum();
  const double most[3] = {departure(n, energy, brute_energy),
                          departure(3 * n, sim.atoms.f[0], brute_force[0]),
                          departure(6 * n, stress[0], brute_stress[0])};
  printf("%s: against a direct sum, energy %.1e force %.1e stress %.1e\n", sim.force.kernel->name,
         most[0], most[1], most[2]);
  const double limit = sim.force.kernel == &mg_kernel_reference ? 1e-13 : 1e-11;
  for (int k = 0; k < 3; k++) ck_assert_double_lt(most[k], limit);

  for (int i = 0; i < n; i++) {
    total[0] += brute_energy[i];
    for (int c = 0; c < 6; c++) total[1 + c] += brute_stress[i][c];
  }
  mg_thermo thermo;
  ENGINE_OK(&sim, mg_thermo_measure(&sim, NULL, &thermo));
  ck_assert_double_eq_tol(thermo.potential_energy / total[0], 1, 1e-12);
  const double size = fabs(total[1]) + fabs(total[2]) + fabs(total[3]);
  for (int c = 0; c < 6; c++) {
    const double product = -thermo.pressure[c] / MG_GPA * mg_box_volume(&sim.box);
    ck_assert_double_eq_tol(product / size, total[1 + c] / size, limit);
    if (c < 3) ck_assert_double_eq_tol(sim.virial[c] / size, -total[1 + c] / size, limit);
  }
}

START_TEST(direct_sum) { with_all_kernels(100, 1, 1.1, 1.2, check_brute); }
END_TEST

/* Boxes of 6 to 7 A: up to five images of the same atom within the cutoff. */
START_TEST(direct_sum_in_a_thin_box) {
  with_all_kernels(60, 0.5, 1, 2, check_brute);
  with_all_kernels(12, 1, 1, 1, check_brute);
}
END_TEST

/* With velocities: kinetic stress, and totals from the reduction of a step. */
START_TEST(kinetic_part_of_the_stress) {
  make_sample("auto", 100, 1, 1, 1, false);
  ENGINE_OK(&sim, mg_velocity_draw(&sim, 900));
  mg_thermo thermo;
  ENGINE_OK(&sim, mg_thermo_measure(&sim, NULL, &thermo));
  double flow[6] = {0};
  static const int first[6] = {0, 1, 2, 0, 0, 1}, second[6] = {0, 1, 2, 1, 2, 2};
  brute_sum();
  for (int i = 0; i < sim.atoms.n; i++)
    for (int c = 0; c < 6; c++)
      flow[c] += mg_sim_mass(&sim, sim.atoms.species[i]) * sim.atoms.v[i][first[c]] *
                     sim.atoms.v[i][second[c]] -
                 brute_stress[i][c];
  for (int c = 0; c < 6; c++)
    ck_assert_double_eq_tol(thermo.pressure[c], flow[c] / mg_box_volume(&sim.box) * MG_GPA, 1e-9);
  ck_assert_double_eq_tol(thermo.temperature, 900, 1e-9);
  ck_assert_double_eq_tol(thermo.kinetic_energy, 0.5 * (3 * 100 - 3) * MG_BOLTZMANN * 900, 1e-9);
  for (int a = 0; a < 3; a++)
    ck_assert_double_eq_tol(thermo.force[a], -flow[a] / sim.box.length[a], 1e-9);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, NULL, end);
  tcase_add_test(tests, forces_are_the_gradient);
  tcase_add_test(tests, virial_is_the_slope_in_strain);
  tcase_add_test(tests, direct_sum);
  tcase_add_test(tests, direct_sum_in_a_thin_box);
  tcase_add_test(tests, kinetic_part_of_the_stress);
}

MPI_CHECK_MAIN("forces", fill)
