/* The surroundings in which a fit is judged: what an atom of each species feels in a dense crystal
 * of its own, and the effective energy of two atoms,
 *
 *    S_ab(r) = phi_ab + F'_a psi_ab + F'_b psi_ba ,
 *
 * with F' at the densities there. The crystal is face-centred cubic at the spacing of least energy:
 * a yardstick, not a claim about the species. Its stiffness K = d2E/dx2 of one atom,
 *
 *    K = 1/3 sum_j (S'' + 2 S'/r + F'' psi'^2) ,
 *
 * gives the rms force component by equipartition, <f^2> = kB T K.
 */
#include "fit_impl.h"

#include "mgmd/base/fmath.h"
#include "mgmd/base/units.h"

#include <math.h>

static const double SPACING_LEAST = 1.2, SPACING_STEP = 0.01; /* [A] */
static const double STIFFNESS_LEAST = 1, STIFFNESS_MOST = 50; /* [eV/A^2] */
static const double DENSITY_MOST = 0.1;                       /* [1/A^3] of metals */
static const double MELT = 2300, ROOM = 300;                  /* [K] */

enum { SHELLS = 512, SIDE = 16 }; /* shell n: (i,j,k) with i^2+j^2+k^2 = 2n, distance d sqrt(n) */

static void count_shells(int count[SHELLS]) {
  for (int n = 0; n < SHELLS; n++) count[n] = 0;
  for (int i = -SIDE; i <= SIDE; i++)
    for (int j = -SIDE; j <= SIDE; j++)
      for (int k = -SIDE; k <= SIDE; k++) {
        const int square = i * i + j * j + k * k;
        if (square % 2 == 0 && square / 2 < SHELLS) count[square / 2]++;
      }
}

/* Energy of an atom in a crystal with nearest neighbours at d. */
static double crystal(const mg_potential *potential, const int count[SHELLS], int a, double d,
                      double *rho) {
  double pair = 0, F;
  *rho = 0;
  for (int n = 1; n < SHELLS; n++) {
    double phi, psi;
    const double r = d * sqrt(n);
    if (r >= mg_potential_cutoff(potential)) break;
    mg_potential_phi(potential, a, a, r, &phi, NULL);
    mg_potential_psi(potential, a, a, r, &psi, NULL);
    pair += count[n] * phi;
    *rho += count[n] * psi;
  }
  mg_potential_embed(potential, a, *rho, &F, NULL);
  return F + pair / 2;
}

static double stiffness(const mg_potential *potential, const int count[SHELLS], int a, double d,
                        double F1, double F2) {
  const double h = 0.01;
  double sum = 0;
  for (int n = 1; n < SHELLS; n++) {
    const double r = d * sqrt(n);
    if (r >= mg_potential_cutoff(potential)) break;
    double slope[3], psi = 0;
    for (int k = 0; k < 3; k++) {
      double dphi;
      mg_potential_phi(potential, a, a, r + (k - 1) * h, NULL, &dphi);
      mg_potential_psi(potential, a, a, r + (k - 1) * h, NULL, &slope[k]);
      if (k == 1) psi = slope[k];
      slope[k] = dphi + 2 * F1 * slope[k];
    }
    sum += count[n] * ((slope[2] - slope[0]) / (2 * h) + 2 * slope[1] / r + F2 * psi * psi);
  }
  return sum / 3;
}

static void find_site(const mg_potential *potential, const int count[SHELLS], int a,
                      mg_fit_site *site) {
  double best = INFINITY, spacing = SPACING_LEAST;
  for (double d = SPACING_LEAST; d < mg_potential_cutoff(potential); d += SPACING_STEP) {
    double rho;
    const double energy = crystal(potential, count, a, d, &rho);
    if (energy < best && rho <= mg_potential_rho_max(potential, a)) {
      best = energy;
      spacing = d;
      site->rho = rho;
    }
  }
  double F[3];
  for (int k = 0; k < 3; k++)
    mg_potential_embed(potential, a, site->rho * (0.8 + 0.2 * k), NULL, &F[k]);
  site->F1 = F[1];
  site->weight = fmax(fabs(F[1]), fmax(fabs(F[0]), fabs(F[2])));
  site->density = fmin(sqrt(2) / (spacing * spacing * spacing), DENSITY_MOST);
  const double F2 = site->rho > 0 ? (F[2] - F[0]) / (0.4 * site->rho) : 0;
  const double K = stiffness(potential, count, a, spacing, F[1], F2);
  site->stiffness = fmin(fmax(K, STIFFNESS_LEAST), STIFFNESS_MOST); /* NaN becomes the least */
}

void mg_fit_sites(const mg_potential *potential, mg_fit_site sites[MG_MAX_SPECIES]) {
  int count[SHELLS];
  count_shells(count);
  for (int a = 0; a < mg_potential_species(potential)->n; a++)
    find_site(potential, count, a, &sites[a]);
}

double mg_fit_effective(const mg_fit_view *view, double r) {
  double phi, ab, ba;
  mg_potential_phi(view->potential, view->a, view->b, r, &phi, NULL);
  mg_potential_psi(view->potential, view->a, view->b, r, &ab, NULL);
  mg_potential_psi(view->potential, view->b, view->a, r, &ba, NULL);
  return phi + view->site[0]->F1 * ab + view->site[1]->F1 * ba;
}

double mg_fit_boltzmann(const mg_fit_view *view, double r) {
  const double S = mg_fit_effective(view, r) / (MG_BOLTZMANN * MELT);
  return S > 0 ? mg_exp(-fmin(S, 600)) : 1;
}

double mg_fit_room_force(const mg_fit_view *view) {
  const double K = (view->site[0]->stiffness + view->site[1]->stiffness) / 2;
  return sqrt(MG_BOLTZMANN * ROOM * K);
}

double mg_fit_crowd(const mg_fit_view *view, double r) {
  const double pi = 3.14159265358979323846;
  return 4 * pi * r * r * (view->site[0]->density + view->site[1]->density) / 2;
}
