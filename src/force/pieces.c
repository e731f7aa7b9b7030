#include "pieces.h"
#include "mgmd/base/mem.h"

#include <math.h>
#include <string.h>

/* The far polynomial may be off by this much [eV/A^2]; forces have a rounding error of 1e-14. */
static const double FAR_TOLERANCE = 1e-12;

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
    const double next = fmin(i <= psi->n ? psi->knot[i] : INFINITY,
                             j <= phi->n ? phi->knot[j] : INFINITY);
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
  for (int bin = 0; bin < MG_BINS; bin++) {
    const double r = MG_BIN_START + (bin + 0.5) / MG_BINS_PER_ANGSTROM;
    int k = 0;
    while (k < n - 1 && r >= knot[k + 1]) k++;
    pair->bin[bin] = (uint16_t)k;
  }
  pair->near2 = knot[0] * knot[0];
  pair->single = psi->n == 1;
  pair->psi1_mid = (psi->knot[0] + psi->knot[1]) / 2;
  for (int m = 0; m <= MG_DEGREE; m++) pair->psi1[m] = psi->coef[0][m];
  for (int m = 0; m < MG_DEGREE; m++) pair->dpsi1[m] = (m + 1) * psi->coef[0][m + 1];
}

static double far_value(const mg_potential *potential, int a, int b, double s) {
  double slope;
  mg_potential_phi(potential, a, b, sqrt(s), NULL, &slope);
  return slope / sqrt(s);
}

/* Interpolation of phi'/r in Chebyshev nodes of w, rewritten by powers of w/half. */
static void far_fit(mg_pair_pieces *pair, const mg_potential *potential, int a, int b,
                    double half) {
  enum { N = MG_FAR_DEGREE + 1 };
  const long double pi = 3.14159265358979323846264338327950288L;
  long double power[N] = {0}, older[N] = {1}, old[N] = {0, 1};
  for (int m = 0; m < N; m++) {
    long double sum = 0;
    for (int k = 0; k < N; k++) {
      const long double angle = pi * (k + 0.5L) / N;
      const double s = pair->far_mid + half * (double)cosl(angle);
      sum += far_value(potential, a, b, s) * cosl(m * angle);
    }
    sum *= (m ? 2.0L : 1.0L) / N;
    for (int l = 0; l < N; l++) power[l] += sum * older[l];
    long double next[N]; /* T_m+1 = 2 x T_m - T_m-1 */
    for (int l = 0; l < N; l++) next[l] = 2 * (l ? old[l - 1] : 0) - older[l];
    memcpy(older, old, sizeof old);
    memcpy(old, next, sizeof next);
  }
  long double scale = 1, end = 0, end_power = half;
  for (int m = 0; m < N; m++) {
    const long double c = power[m] / scale;
    pair->far[m] = (double)c;
    pair->far_phi[m + 1] = (double)(c / (2 * (m + 1))); /* dphi/ds = phi'/(2 r) */
    end += c / (2 * (m + 1)) * end_power;
    end_power *= half;
    scale *= half;
  }
  pair->far_phi[0] = (double)-end;
}

static mg_status fill_far(mg_pair_pieces *pair, const mg_potential *potential, int a, int b) {
  const double from = psi_most(potential), to = mg_potential_phi_cutoff(potential, a, b);
  pair->phi2 = to * to;
  pair->psi2 = mg_potential_psi_cutoff(potential, a, b);
  pair->psi2 *= pair->psi2;
  pair->far_pairs = to > from;
  if (!pair->far_pairs) return MG_OK;
  pair->far_mid = (to * to + from * from) / 2;
  pair->far_end = to * to - pair->far_mid;
  far_fit(pair, potential, a, b, (to * to - from * from) / 2);
  double worst = 0;
  for (int k = 0; k <= 1000; k++) {
    const double w = (to * to - from * from) * (k / 1000.0 - 0.5);
    double value = pair->far[MG_FAR_DEGREE];
    for (int m = MG_FAR_DEGREE - 1; m >= 0; m--) value = value * w + pair->far[m];
    worst = fmax(worst, fabs(value - far_value(potential, a, b, pair->far_mid + w)));
  }
  MG_REQUIRE(worst < FAR_TOLERANCE, MG_ERR_INTERNAL,
             "far polynomial of %s is off by %g eV/A^2", mg_potential_name(potential), worst);
  return MG_OK;
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
      fill_near(&made->pair[a][b], mg_potential_psi_segments(potential, a, b),
                mg_potential_phi_segments(potential, a, b));
      MG_TRY(fill_far(&made->pair[a][b], potential, a, b));
    }
  }
  return MG_OK;
}
