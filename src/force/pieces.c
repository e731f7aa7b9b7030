#include "pieces.h"
#include "mgmd/base/mem.h"

#include <math.h>

static double psi_most(const mg_potential *potential) {
  const int n = mg_potential_species(potential)->n;
  double most = 0;
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++) most = fmax(most, mg_potential_psi_cutoff(potential, a, b));
  return most;
}

/* The knots of both functions in increasing order, from `start` on. @return pieces, 0: too many */
static int unite(const mg_segments *psi, const mg_segments *phi, double start,
                 double knot[MG_PIECES + 1]) {
  int n = 0, i = 0, j = 0;
  knot[0] = start;
  while (i <= psi->n || j <= phi->n) {
    const double next =
        fmin(i <= psi->n ? psi->knot[i] : INFINITY, j <= phi->n ? phi->knot[j] : INFINITY);
    if (i <= psi->n && psi->knot[i] <= next) i++;
    if (j <= phi->n && phi->knot[j] <= next) j++;
    if (next <= start) continue;
    if (n == MG_PIECES) return 0;
    knot[++n] = next;
  }
  return n;
}

static double start_of(const mg_segments *psi, const mg_segments *phi) {
  return fmax(psi->knot[0], phi->knot[0]);
}

static bool on_grid(double r) {
  const double at = r * MG_BINS_PER_ANGSTROM;
  return fabs(at - rint(at)) < 1e-9;
}

static bool pair_fits(const mg_potential *potential, int a, int b) {
  const mg_segments *phi = mg_potential_phi_segments(potential, a, b);
  const mg_segments *psi = mg_potential_psi_segments(potential, a, b);
  if (!phi || !psi || psi != mg_potential_psi_segments(potential, b, a)) return false;
  if (psi->n > 1 && psi->degree > MG_SHORT_DEGREE) return false;
  double knot[MG_PIECES + 1];
  const int n = unite(psi, phi, start_of(psi, phi), knot);
  for (int k = 0; k <= n; k++)
    if (!on_grid(knot[k])) return false;
  /* far pairs must lie on phi's last piece */
  const double most = psi_most(potential);
  return n > 0 && knot[0] > MG_BIN_START && phi->knot[phi->n - 1] <= most &&
         knot[n] <= MG_BIN_START + MG_BINS / MG_BINS_PER_ANGSTROM;
}

bool mg_pieces_fit(const mg_potential *potential) {
  const int n = mg_potential_species(potential)->n;
  for (int a = 0; a < n; a++) {
    if (!mg_potential_embed_pieces(potential, a)) return false;
    for (int b = 0; b < n; b++)
      if (!pair_fits(potential, a, b)) return false;
  }
  return true;
}

/* Piece k of `to` and its slope, about mid, from the segment that holds mid; zero outside. */
static void expand(const mg_segments *from, double mid, int k, double value[][MG_PIECES],
                   double slope[][MG_PIECES]) {
  for (int m = 0; m <= MG_DEGREE; m++) value[m][k] = 0;
  for (int m = 0; m < MG_DEGREE; m++) slope[m][k] = 0;
  if (mid >= from->knot[from->n]) return;
  int s = 0;
  while (mid >= from->knot[s + 1]) s++;
  const long double shift = mid - (from->knot[s] + from->knot[s + 1]) / 2;
  long double c[MG_DEGREE + 1];
  for (int m = 0; m <= MG_DEGREE; m++) c[m] = from->coef[s][m];
  for (int m = 0; m < MG_DEGREE; m++) /* repeated synthetic division */
    for (int l = MG_DEGREE - 1; l >= m; l--) c[l] += shift * c[l + 1];
  for (int m = 0; m <= MG_DEGREE; m++) value[m][k] = (double)c[m];
  for (int m = 0; m < MG_DEGREE; m++) slope[m][k] = (double)((m + 1) * c[m + 1]);
}

static void fill_near(mg_pair_pieces *pair, const mg_segments *psi, const mg_segments *phi) {
  double knot[MG_PIECES + 1];
  const int n = unite(psi, phi, start_of(psi, phi), knot);
  for (int k = 0; k < n; k++) {
    pair->mid[k] = (knot[k] + knot[k + 1]) / 2;
    expand(psi, pair->mid[k], k, pair->psi, pair->dpsi);
    expand(phi, pair->mid[k], k, pair->phi, pair->dphi);
  }
  for (int k = 0; k < n; k++) {
    double *slope = pair->slope_row[k], *value = pair->psi_row[k];
    for (int m = 0; m < MG_DEGREE; m++) slope[m] = pair->dphi[m][k];
    for (int m = 0; m < MG_SHORT_DEGREE; m++) slope[MG_DEGREE + m] = pair->dpsi[m][k];
    slope[MG_DEGREE + MG_SHORT_DEGREE] = pair->mid[k];
    for (int m = 0; m <= MG_SHORT_DEGREE; m++) value[m] = pair->psi[m][k];
    value[MG_SHORT_DEGREE + 1] = pair->mid[k];
  }
  for (int bin = 0; bin < MG_BINS; bin++) {
    const double r = MG_BIN_START + (bin + 0.5) / MG_BINS_PER_ANGSTROM;
    int k = 0;
    while (k < n - 1 && r >= knot[k + 1]) k++;
    pair->bin[bin] = (uint16_t)k;
  }
  pair->near2 = knot[0] * knot[0];
  pair->psi2 = psi->knot[psi->n] * psi->knot[psi->n];
  pair->phi2 = phi->knot[phi->n] * phi->knot[phi->n];
}

/* What has one piece takes its coefficients as they are. */
static void fill_single(mg_pair_pieces *pair, const mg_segments *psi, const mg_segments *phi) {
  const int last = phi->n - 1;
  pair->single = psi->n == 1;
  pair->psi1_mid = (psi->knot[0] + psi->knot[1]) / 2;
  pair->far_mid = (phi->knot[last] + phi->knot[last + 1]) / 2;
  for (int m = 0; m <= MG_DEGREE; m++) {
    pair->psi1[m] = psi->coef[0][m];
    pair->far[m] = phi->coef[last][m];
  }
  for (int m = 0; m < MG_DEGREE; m++) {
    pair->dpsi1[m] = (m + 1) * pair->psi1[m + 1];
    pair->dfar[m] = (m + 1) * pair->far[m + 1];
  }
}

static void fill_embed(mg_piece_tables *tables, const mg_potential *potential, int a) {
  const mg_embed_pieces *F = mg_potential_embed_pieces(potential, a);
  for (int k = 0; k < MG_EMBED_PIECES; k++)
    tables->embed_knot[k][a] = k < F->n ? F->knot[k] : INFINITY;
  for (int k = 0; k < F->n; k++) {
    const int row = a * (MG_EMBED_PIECES + 1) + k + 1;
    tables->embed_origin[row] = F->knot[k];
    for (int m = 0; m <= MG_EMBED_DEGREE; m++) tables->embed_value[m][row] = F->coef[k][m];
    for (int m = 0; m < MG_EMBED_DEGREE; m++)
      tables->embed_slope[m][row] = (m + 1) * F->coef[k][m + 1];
  }
  tables->rho_max[a] = mg_potential_rho_max(potential, a);
}

mg_status mg_pieces_make(const mg_potential *potential, void **tables) {
  mg_piece_tables *made;
  MG_TRY(MG_NEW(made, 1));
  *tables = made;
  const int n = mg_potential_species(potential)->n;
  for (int a = 0; a < n; a++) {
    fill_embed(made, potential, a);
    for (int b = 0; b < n; b++) {
      const mg_segments *psi = mg_potential_psi_segments(potential, a, b);
      const mg_segments *phi = mg_potential_phi_segments(potential, a, b);
      fill_near(&made->pair[a][b], psi, phi);
      fill_single(&made->pair[a][b], psi, phi);
    }
  }
  return MG_OK;
}
