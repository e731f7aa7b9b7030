#include "pieces.h"
#include "mgmd/base/mem.h"

#include <math.h>

/* The grid of analytic forms: 64 bins from 1.3 A on. */
enum { BINS_PER_ANGSTROM = 10, FIRST_BIN = 13 };

/* The functions of a pair of species, from an analytic form or from a fit. */
typedef struct functions {
  const mg_segments *phi, *psi, *back; /* psi_ab, psi_ba */
  double start, phi_end, psi_end;      /* [A] */
  int bins_per_angstrom, first_bin;
  int n; /* pieces, 0: too many */
  double knot[MG_PIECES + 1];
} functions;

/* The knots of both functions in increasing order, from the start on. @return 0: too many */
static int unite(functions *f) {
  int n = 0, i = 0, j = 0;
  f->knot[0] = f->start;
  while (i <= f->psi->n || j <= f->phi->n) {
    const double next = fmin(i <= f->psi->n ? f->psi->knot[i] : INFINITY,
                             j <= f->phi->n ? f->phi->knot[j] : INFINITY);
    if (i <= f->psi->n && f->psi->knot[i] <= next) i++;
    if (j <= f->phi->n && f->phi->knot[j] <= next) j++;
    if (next <= f->start) continue;
    if (n == MG_PIECES) return 0;
    f->knot[++n] = next;
  }
  return n;
}

static functions functions_of(const mg_potential *potential, int a, int b) {
  functions f = {.phi = mg_potential_phi_segments(potential, a, b)};
  const mg_fit *fit = mg_potential_fit(potential);
  if (f.phi) {
    f.psi = mg_potential_psi_segments(potential, a, b);
    f.back = mg_potential_psi_segments(potential, b, a);
    f.start = fmax(f.psi->knot[0], f.phi->knot[0]);
    f.phi_end = f.phi->knot[f.phi->n];
    f.psi_end = f.psi->knot[f.psi->n];
    f.bins_per_angstrom = BINS_PER_ANGSTROM;
    f.first_bin = FIRST_BIN;
  } else {
    const mg_fit_pair *pair = mg_fit_pair_of(fit, a, b);
    f.phi = &pair->phi;
    f.psi = mg_fit_psi(fit, a, b);
    f.back = pair->symmetric ? f.psi : mg_fit_psi(fit, b, a);
    f.start = pair->start;
    f.phi_end = pair->end;
    f.psi_end = pair->psi_end;
    f.bins_per_angstrom = pair->bins_per_angstrom;
    f.first_bin = (int)rint(f.start * f.bins_per_angstrom) - 1;
  }
  f.n = unite(&f);
  return f;
}

static bool on_grid(const functions *f, double r) {
  const double at = r * f->bins_per_angstrom;
  return fabs(at - rint(at)) < 1e-9;
}

static mg_pair_kind kind_of(const functions *f) {
  if (f->back != f->psi) return MG_PAIR_SKEW;
  if (f->n <= MG_FEW && f->psi->n == 1) return MG_PAIR_SINGLE;
  if (f->psi->degree > MG_SHORT_DEGREE) return MG_PAIR_LONG;
  const bool ends_at_knot = f->psi_end >= f->psi->knot[f->psi->n];
  return f->n <= MG_FEW && ends_at_knot ? MG_PAIR_SHORT : MG_PAIR_MANY;
}

static bool pair_fits(const mg_potential *potential, int a, int b) {
  const functions f = functions_of(potential, a, b);
  for (int k = 0; k <= f.n; k++)
    if (!on_grid(&f, f.knot[k])) return false;
  const int last_bin = (int)rint(f.knot[f.n] * f.bins_per_angstrom);
  return f.n > 0 && f.knot[0] * f.bins_per_angstrom > f.first_bin + 0.5 &&
         last_bin <= f.first_bin + MG_BINS;
}

bool mg_pieces_fit(const mg_potential *potential) {
  const int n = mg_potential_species(potential)->n;
  const mg_fit *fit = mg_potential_fit(potential);
  if (fit ? !fit->good : !mg_potential_phi_segments(potential, 0, 0)) return false;
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++)
      if (!pair_fits(potential, a, b)) return false;
  return true;
}

/* Coefficients about mid of the segment that holds mid; zero outside. */
static void expand(const mg_segments *from, double mid, long double c[MG_DEGREE + 1]) {
  for (int m = 0; m <= MG_DEGREE; m++) c[m] = 0;
  if (mid >= from->knot[from->n]) return;
  int s = 0;
  while (mid >= from->knot[s + 1]) s++;
  const long double shift = mid - (from->knot[s] + from->knot[s + 1]) / 2;
  for (int m = 0; m <= MG_DEGREE; m++) c[m] = from->coef[s][m];
  for (int m = 0; m < MG_DEGREE; m++) /* repeated synthetic division */
    for (int l = MG_DEGREE - 1; l >= m; l--) c[l] += shift * c[l + 1];
}

static void fill_piece(mg_pair_pieces *pair, const functions *f, int k) {
  const int half = k / MG_FEW, at = k % MG_FEW;
  long double phi[MG_DEGREE + 1], psi[MG_DEGREE + 1], back[MG_DEGREE + 1];
  expand(f->phi, pair->mid[k], phi);
  expand(f->psi, pair->mid[k], psi);
  expand(f->back, pair->mid[k], back);
  for (int m = 0; m <= MG_DEGREE; m++) {
    pair->phi[half][m][at] = (double)phi[m];
    pair->psi[half][m][at] = (double)psi[m];
  }
  for (int m = 0; m < MG_DEGREE; m++) {
    pair->dphi[half][m][at] = (double)((m + 1) * phi[m + 1]);
    pair->dpsi[half][m][at] = (double)((m + 1) * back[m + 1]);
    pair->skew[half][m][at] = (double)((m + 1) * (psi[m + 1] - back[m + 1]));
  }
}

static void fill_rows(mg_pair_pieces *pair, int k) {
  enum { SHORT = MG_SHORT_DEGREE };
  const int half = k / MG_FEW, at = k % MG_FEW;
  double *slope = pair->slope_row[k], *value = pair->psi_row[k];
  for (int m = 0; m < MG_DEGREE; m++) {
    slope[m] = pair->dphi[half][m][at];
    slope[m < SHORT ? MG_DEGREE + m : 16 + m - SHORT] = pair->dpsi[half][m][at];
    slope[20 + m] = pair->skew[half][m][at];
  }
  slope[MG_DEGREE + SHORT] = value[SHORT + 1] = pair->mid[k];
  for (int m = 0; m <= MG_DEGREE; m++)
    value[m <= SHORT ? m : 8 + m - SHORT - 1] = pair->psi[half][m][at];
}

static void fill_near(mg_pair_pieces *pair, const functions *f) {
  for (int k = 0; k < f->n; k++) {
    pair->mid[k] = (f->knot[k] + f->knot[k + 1]) / 2;
    fill_piece(pair, f, k);
    fill_rows(pair, k);
  }
  for (int bin = 0; bin < MG_BINS; bin++) {
    const double r = (f->first_bin + bin + 0.5) / f->bins_per_angstrom;
    int k = 0;
    while (k < f->n - 1 && r >= f->knot[k + 1]) k++;
    pair->bin[bin] = (uint16_t)k;
  }
  /* 2^52 + bin, rounded to an integer: the low six bits are the bin. Half of bin 0 lies below 2^52,
   * where halves are no integers: no piece begins there. */
  pair->bins_per_angstrom = f->bins_per_angstrom;
  pair->bin_origin = 0x1p52 - f->first_bin - 0.5;
  pair->near2 = f->start * f->start;
  pair->psi2 = f->psi_end * f->psi_end;
  pair->phi2 = f->phi_end * f->phi_end;
}

/* What has one piece takes its coefficients as they are. */
static void fill_single(mg_pair_pieces *pair, const functions *f) {
  const mg_segments *psi = f->psi, *phi = f->phi;
  const int last = phi->n - 1;
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
  tables->rho_max[a] = mg_potential_rho_max(potential, a);
  tables->has_embed = F != NULL;
  if (!F) return;
  for (int k = 0; k < MG_EMBED_PIECES; k++)
    tables->embed_knot[k][a] = k < F->n ? F->knot[k] : INFINITY;
  for (int k = 0; k < F->n; k++) {
    const int row = a * (MG_EMBED_PIECES + 1) + k + 1;
    tables->embed_origin[row] = F->knot[k];
    for (int m = 0; m <= MG_EMBED_DEGREE; m++) tables->embed_value[m][row] = F->coef[k][m];
    for (int m = 0; m < MG_EMBED_DEGREE; m++)
      tables->embed_slope[m][row] = (m + 1) * F->coef[k][m + 1];
  }
}

mg_status mg_pieces_make(const mg_potential *potential, void **tables) {
  mg_piece_tables *made;
  MG_TRY(MG_NEW(made, 1));
  *tables = made;
  const int n = mg_potential_species(potential)->n;
  for (int a = 0; a < n; a++) {
    fill_embed(made, potential, a);
    for (int b = 0; b < n; b++) {
      const functions f = functions_of(potential, a, b);
      mg_pair_pieces *pair = &made->pair[a][b];
      fill_near(pair, &f);
      fill_single(pair, &f);
      pair->kind = kind_of(&f);
      pair->far_many = f.phi->knot[f.phi->n - 1] > mg_potential_near(potential);
    }
  }
  return MG_OK;
}
