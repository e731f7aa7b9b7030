/* Claim: crystals relaxed by the engine (forces, virial, FIRE with the cell's edges) have the
 * lattice constants, energies and elastic constants of the potential, whatever the size of the box.
 *
 * Numbers: fcc Cu, hcp Zr, B2 CuZr and the elastic constants of Cu as LAMMPS and a separate script
 * find them from the published table; those of hcp Zr from a separate lattice sum over the exact
 * functions, as second derivatives of the energy of a sheared two-atom cell. The box here is
 * orthogonal, so shear moduli come by a turned crystal (Cu) and by a frozen shear wave (Zr).
 */
#include "engine_sample.h"

static const double A_CU = 3.63908, A_ZR = 3.22030, C_ZR = 5.21521, A_CUZR = 3.23693;

static mg_sim sim;

static void begin(void) { engine_start(&sim, &mpi_world, "auto"); }
static void end(void) { mg_sim_clear(&sim); }

static double energy_per_atom(void) { return engine_energy(&sim) / (double)sim.atoms.n_global; }

/* Lattice constants ----------------------------------------------------------------------------*/

static void relax_cell(void) {
  const mg_minimize_result result = engine_relax(&sim, "xyz", false, 1e-7, 2000);
  ck_assert_msg(result.converged, "force %g pressure %g", result.most_force, result.most_pressure);
}

START_TEST(fcc_copper) {
  engine_crystal(&sim, MG_LATTICE_FCC, ENGINE_CU, 3.70, 0, 4, 5, 4);
  sim.box.length[0] *= 0.99; /* not even cubic at the start */
  for (int32_t i = 0; i < sim.atoms.n; i++) sim.atoms.x[i][0] *= 0.99;
  relax_cell();
  const double cells[3] = {4, 5, 4};
  for (int k = 0; k < 3; k++) ck_assert_double_eq_tol(sim.box.length[k] / cells[k], A_CU, 1e-4);
  ck_assert_double_eq_tol(energy_per_atom(), -3.28312, 1e-5);
  printf("fcc Cu: a %.6f A, E %.7f eV\n", sim.box.length[0] / 4, energy_per_atom());
}
END_TEST

START_TEST(b2_copper_zirconium) {
  engine_crystal(&sim, MG_LATTICE_B2, ENGINE_CU, 3.20, 0, 5, 4, 6);
  relax_cell();
  const double cells[3] = {5, 4, 6};
  for (int k = 0; k < 3; k++) ck_assert_double_eq_tol(sim.box.length[k] / cells[k], A_CUZR, 1e-4);
  ck_assert_double_eq_tol(energy_per_atom(), -5.01532, 1e-5);
  printf("B2 CuZr: a %.6f A, E %.7f eV\n", sim.box.length[0] / 5, energy_per_atom());
}
END_TEST

START_TEST(hcp_zirconium) {
  engine_crystal(&sim, MG_LATTICE_HCP, ENGINE_ZR, 3.25, 5.15, 5, 3, 4);
  relax_cell();
  ck_assert_double_eq_tol(sim.box.length[0] / 5, A_ZR, 1e-4);
  ck_assert_double_eq_tol(sim.box.length[1] / 3 / sqrt(3), A_ZR, 1e-4);
  ck_assert_double_eq_tol(sim.box.length[2] / 4, C_ZR, 1e-4);
  ck_assert_double_eq_tol(energy_per_atom(), -6.46927, 1e-5);
  printf("hcp Zr: a %.6f c %.6f A, E %.7f eV\n", sim.box.length[0] / 5, sim.box.length[2] / 4,
         energy_per_atom());
}
END_TEST

/* A box of one cell, where every atom meets many of its own images, is the same crystal. */
START_TEST(one_cell) {
  static const struct {
    mg_lattice lattice;
    int species;
    double a, c;
  } crystals[] = {{MG_LATTICE_FCC, ENGINE_CU, 3.6, 0},
                  {MG_LATTICE_B2, ENGINE_ZR, 3.25, 0},
                  {MG_LATTICE_HCP, ENGINE_ZR, 3.2, 5.2}};
  for (size_t k = 0; k < sizeof crystals / sizeof *crystals; k++) {
    double energy[2], virial[2][3];
    for (int large = 0; large < 2; large++) {
      mg_sim_clear(&sim);
      begin();
      const int m = large ? 6 : 1;
      engine_crystal(&sim, crystals[k].lattice, crystals[k].species, crystals[k].a, crystals[k].c,
                     m, m, m);
      energy[large] = energy_per_atom();
      for (int a = 0; a < 3; a++) virial[large][a] = sim.virial[a] / (double)sim.atoms.n_global;
    }
    ck_assert_double_eq_tol(energy[0] / energy[1], 1, 1e-12);
    for (int a = 0; a < 3; a++) ck_assert_double_eq_tol(virial[0][a], virial[1][a], 1e-11);
  }
}
END_TEST

/* Elastic constants ----------------------------------------------------------------------------*/

/* Scale the box and all in it along each axis. */
static void stretch(const double by[3]) {
  for (int a = 0; a < 3; a++) {
    sim.box.length[a] *= by[a];
    for (int32_t i = 0; i < sim.atoms.n; i++) sim.atoms.x[i][a] *= by[a];
  }
  engine_frame(&sim, 300);
}

/* Column of the elastic tensor for strain along @p axis, in GPa: slopes of the stress between the
 * strains -h and h, the atoms inside the cell relaxed. */
static void stiffness(int axis, double column[3]) {
  const double h = 1e-4;
  for (int a = 0; a < 3; a++) column[a] = 0;
  for (int sign = -1; sign <= 1; sign += 2) {
    double by[3] = {1, 1, 1};
    by[axis] = 1 + sign * h;
    stretch(by);
    engine_relax(&sim, "", false, 1e-9, 1000);
    for (int a = 0; a < 3; a++)
      column[a] -= sign * sim.virial[a] / mg_box_volume(&sim.box) / (2 * h) * MG_GPA;
    by[axis] = 1 / by[axis];
    stretch(by);
  }
}

START_TEST(elastic_constants_of_copper) {
  engine_crystal(&sim, MG_LATTICE_FCC, ENGINE_CU, A_CU, 0, 4, 4, 4);
  relax_cell();
  double c[3];
  stiffness(1, c);
  ck_assert_double_eq_tol(c[1], 174.6, 0.5);
  ck_assert_double_eq_tol(c[0], 127.5, 0.5);
  ck_assert_double_eq_tol(c[2], c[0], 1e-4);
  ck_assert_double_eq_tol((c[1] + 2 * c[0]) / 3, 143.2, 0.5);
  printf("fcc Cu: C11 %.3f C12 %.3f B %.3f GPa\n", c[1], c[0], (c[1] + 2 * c[0]) / 3);

  /* along x = [110], y = [-110], z = [001] fcc is a stretched bcc; C11' = (C11 + C12)/2 + C44 */
  const double c11 = c[1], c12 = c[0];
  mg_sim_clear(&sim);
  begin();
  engine_crystal(&sim, MG_LATTICE_BCC, ENGINE_CU, A_CU, 0, 6, 6, 4);
  stretch((double[3]){sqrt(0.5), sqrt(0.5), 1});
  relax_cell();
  stiffness(0, c);
  const double c44 = c[0] - (c11 + c12) / 2;
  ck_assert_double_eq_tol(c44, 84.5, 0.5);
  ck_assert_double_eq_tol((c11 + c12) / 2 - c[1], c44, 1e-3); /* the other cross term agrees */
  ck_assert_double_eq_tol(c[2], c12, 1e-3);
  printf("fcc Cu: C44 %.3f GPa\n", c44);
}
END_TEST

/* C44 of the present crystal from a shear wave u_x = A sin(2 pi z/L) frozen into @p n cells: its
 * energy is V C44 (k A)^2/4. Exact for an endless wave; the rest goes as k^2. */
static double wave_modulus(int n) {
  engine_crystal(&sim, MG_LATTICE_HCP, ENGINE_ZR, A_ZR, C_ZR, 3, 2, n);
  const double k = 2 * acos(-1) / sim.box.length[2], amplitude = 1e-3 / k;
  const double still = engine_energy(&sim);
  for (int32_t i = 0; i < sim.atoms.n; i++)
    sim.atoms.x[i][0] += amplitude * sin(k * sim.atoms.x[i][2]);
  engine_frame(&sim, 300);
  const double wave = engine_energy(&sim);
  const double kA = k * amplitude;
  const double modulus = 4 * (wave - still) / (mg_box_volume(&sim.box) * kA * kA) * MG_GPA;
  mg_sim_clear(&sim);
  begin();
  return modulus;
}

START_TEST(elastic_constants_of_zirconium) {
  const double coarse = wave_modulus(12), fine = wave_modulus(24);
  const double c44 = (4 * fine - coarse) / 3; /* the k^2 term drops out */
  engine_crystal(&sim, MG_LATTICE_HCP, ENGINE_ZR, A_ZR, C_ZR, 5, 3, 4);
  relax_cell();
  double x[3], y[3], z[3];
  stiffness(0, x);
  stiffness(1, y);
  stiffness(2, z);
  ck_assert_double_eq_tol(x[0], 148.322, 0.05);
  ck_assert_double_eq_tol(x[1], 81.586, 0.05);
  ck_assert_double_eq_tol(x[2], 63.288, 0.05);
  ck_assert_double_eq_tol(z[2], 180.081, 0.05);
  ck_assert_double_eq_tol(c44, 48.214, 0.05);
  printf("hcp Zr: C11 %.3f C12 %.3f C13 %.3f C33 %.3f C44 %.3f GPa\n", x[0], x[1], x[2], z[2], c44);
  ck_assert_double_eq_tol(y[1], x[0], 1e-2); /* isotropic about the hexagonal axis */
  ck_assert_double_eq_tol(y[0], x[1], 1e-2);
  ck_assert_double_eq_tol(z[0], x[2], 1e-2); /* C31 = C13 */
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, begin, end);
  tcase_add_test(tests, fcc_copper);
  tcase_add_test(tests, b2_copper_zirconium);
  tcase_add_test(tests, hcp_zirconium);
  tcase_add_test(tests, one_cell);
  tcase_add_test(tests, elastic_constants_of_copper);
  tcase_add_test(tests, elastic_constants_of_zirconium);
}

MPI_CHECK_MAIN("crystals", fill)
