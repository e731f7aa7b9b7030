/* Claim: crystals of the built-in potential have the lattice constants, energies and elastic
 * constants that independent programs find for it at 0 K.
 *
 * Numbers: lattice constants, energies, and the elastic constants of Cu were computed with LAMMPS
 * and by a separate script from the published table; densities and energies at fixed lattice
 * parameters likewise. Here they come from a plain lattice sum written for this test alone,
 * minimised by golden sections, with elastic constants as second differences of the energy.
 */
#include "mgmd/base/units.h"
#include "mgmd/potential/potential.h"
#include "unit_check.h"

#include <math.h>

enum { CU = 0, ZR = 1, BASIS = 4 };

typedef struct crystal {
  int n;
  int species[BASIS];
  double cell[3][3];      /* rows are the cell vectors, in units of a (and c) */
  double basis[BASIS][3]; /* in units of the cell vectors */
} crystal;

static const crystal FCC_CU = {1, {CU}, {{0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}}, {{0, 0, 0}}};
static const crystal B2_CUZR = {
    2, {CU, ZR}, {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, {{0, 0, 0}, {0.5, 0.5, 0.5}}};
static const crystal HCP_ZR = {2,
                               {ZR, ZR},
                               {{1, 0, 0}, {-0.5, 0.86602540378443865, 0}, {0, 0, 1}},
                               {{0, 0, 0}, {1.0 / 3, 2.0 / 3, 0.5}}};

static mg_potential *potential;

static void make(void) { potential = mg_potential_builtin("cuzr-mendelev2007"); }
static void drop(void) { mg_potential_destroy(&potential); }

/* Energy per atom [eV] of the crystal deformed by x -> D (scale x); rho[] per basis atom. */
static double energy(const crystal *c, const double scale[3], double D[3][3],
                     double rho_out[BASIS]) {
  double total = 0;
  for (int i = 0; i < c->n; i++) {
    double rho = 0, pairs = 0, F;
    for (int j = 0; j < c->n; j++) {
      for (int n = 0; n < 13 * 13 * 13; n++) {
        const int image[3] = {n % 13 - 6, n / 13 % 13 - 6, n / 169 - 6};
        double x[3] = {0}, d[3];
        for (int k = 0; k < 3; k++)
          for (int l = 0; l < 3; l++)
            x[l] += (image[k] + c->basis[j][k] - c->basis[i][k]) * c->cell[k][l] * scale[l];
        for (int k = 0; k < 3; k++) d[k] = D[k][0] * x[0] + D[k][1] * x[1] + D[k][2] * x[2];
        const double r = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
        if (r < 0.1) continue; /* the atom itself */
        double psi, phi;
        mg_potential_psi(potential, c->species[i], c->species[j], r, &psi, NULL);
        mg_potential_phi(potential, c->species[i], c->species[j], r, &phi, NULL);
        rho += psi;
        pairs += phi / 2;
      }
    }
    mg_potential_embed(potential, c->species[i], rho, &F, NULL);
    if (rho_out) rho_out[i] = rho;
    total += F + pairs;
  }
  return total / c->n;
}

static double plain_energy(const crystal *c, double a, double height, double rho[BASIS]) {
  const double scale[3] = {a, a, height};
  return energy(c, scale, (double[3][3]){{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, rho);
}

/* Minimum of f(x, context) between low and high. */
static double golden(double (*f)(double, void *), void *context, double low, double high) {
  const double ratio = 0.61803398874989485;
  double x[2] = {high - ratio * (high - low), low + ratio * (high - low)};
  double y[2] = {f(x[0], context), f(x[1], context)};
  while (high - low > 1e-6) {
    if (y[0] < y[1]) {
      high = x[1], x[1] = x[0], y[1] = y[0];
      x[0] = high - ratio * (high - low), y[0] = f(x[0], context);
    } else {
      low = x[0], x[0] = x[1], y[0] = y[1];
      x[1] = low + ratio * (high - low), y[1] = f(x[1], context);
    }
  }
  return (low + high) / 2;
}

static double of_cube(double a, void *context) { return plain_energy(context, a, a, NULL); }

static double of_height(double height, void *context) {
  return plain_energy(&HCP_ZR, *(double *)context, height, NULL);
}

static double of_base(double a, void *context) {
  double *height = context;
  *height = golden(of_height, &a, 5.0, 5.4);
  return of_height(*height, &a);
}

START_TEST(fcc_copper) {
  crystal c = FCC_CU;
  const double a = golden(of_cube, &c, 3.4, 3.9);
  ck_assert_double_eq_tol(a, 3.63908, 1e-4);
  ck_assert_double_eq_tol(of_cube(a, &c), -3.28312, 1e-5);
  double rho[BASIS];
  plain_energy(&FCC_CU, 3.63908, 3.63908, rho);
  ck_assert_double_eq_tol(rho[0], 16.327, 1e-3);
}
END_TEST

START_TEST(b2_copper_zirconium) {
  crystal c = B2_CUZR;
  const double a = golden(of_cube, &c, 3.0, 3.5);
  ck_assert_double_eq_tol(a, 3.23693, 1e-4);
  ck_assert_double_eq_tol(of_cube(a, &c), -5.01532, 1e-5);
  double rho[BASIS];
  plain_energy(&B2_CUZR, 3.25, 3.25, rho);
  ck_assert_double_eq_tol(rho[0], 22.6, 0.05);
  ck_assert_double_eq_tol(rho[1], 63.0, 0.05);
}
END_TEST

START_TEST(hcp_zirconium) {
  double height;
  const double a = golden(of_base, &height, 3.1, 3.35);
  of_base(a, &height);
  ck_assert_double_eq_tol(a, 3.22030, 1e-4);
  ck_assert_double_eq_tol(height, 5.21521, 1e-4);
  ck_assert_double_eq_tol(plain_energy(&HCP_ZR, a, height, NULL), -6.46927, 1e-5);
  double rho[BASIS];
  const double e = plain_energy(&HCP_ZR, 3.220299, 1.60 * 3.220299, rho);
  ck_assert_double_eq_tol(e, -6.4673, 1e-4);
  ck_assert_double_eq_tol(rho[0], 84.72, 0.01);
}
END_TEST

/* Second derivative of the energy per volume along a strain direction [GPa]. */
static double stiffness(double a, double strain[3][3]) {
  const double h = 1e-3, scale[3] = {a, a, a};
  double e[3];
  for (int s = -1; s <= 1; s++) {
    double D[3][3];
    for (int k = 0; k < 3; k++)
      for (int l = 0; l < 3; l++) D[k][l] = (k == l) + s * h * strain[k][l];
    e[s + 1] = energy(&FCC_CU, scale, D, NULL);
  }
  return (e[0] - 2 * e[1] + e[2]) / (h * h) / (a * a * a / 4) * MG_GPA;
}

START_TEST(elastic_constants_of_copper) {
  const double a = 3.63908;
  const double c11 = stiffness(a, (double[3][3]){{1, 0, 0}, {0, 0, 0}, {0, 0, 0}});
  const double both = stiffness(a, (double[3][3]){{1, 0, 0}, {0, 1, 0}, {0, 0, 0}});
  const double c44 = stiffness(a, (double[3][3]){{0, 0.5, 0}, {0.5, 0, 0}, {0, 0, 0}});
  const double c12 = both / 2 - c11;
  ck_assert_double_eq_tol(c11, 174.6, 0.5);
  ck_assert_double_eq_tol(c12, 127.5, 0.5);
  ck_assert_double_eq_tol(c44, 84.5, 0.5);
  ck_assert_double_eq_tol((c11 + 2 * c12) / 3, 143.2, 0.5);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, make, drop);
  tcase_add_test(tests, fcc_copper);
  tcase_add_test(tests, b2_copper_zirconium);
  tcase_add_test(tests, hcp_zirconium);
  tcase_add_test(tests, elastic_constants_of_copper);
}

UNIT_CHECK_MAIN("potential_crystals", fill)
