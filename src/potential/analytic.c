/* The built-in potential: its analytic form, evaluated through exact polynomials.
 *
 * Between two knots a sum of truncated powers is one polynomial. It is re-expanded about the
 * interval's midpoint,
 *
 *    c (e - r)^n = c sum_m binomial(n, m) (e - mid)^(n-m) (-1)^m (r - mid)^m ,
 *
 * with twice the digits, because the powers cancel by four; the sums of the result do not. Value
 * and slope then cost one Horner scheme of degree <= 8, whatever the number of powers. The
 * embedding function is expanded about the left knot of each piece instead: its last piece is long
 * (18..300) and used near its beginning.
 *
 * Not taken: a spline of the form (memory, and an error where there need be none); evaluating the
 * powers directly (slower, and with rounding errors of 1e-12 instead of 1e-14).
 */
#include "impl.h"
#include "twofold.h"

#include "mgmd/base/fmath.h"
#include "mgmd/base/mem.h"

#include <math.h>

/* Ziegler, Biersack, Littmark, The Stopping and Range of Ions in Solids (1985) */
static const double ZBL[4] = {0.1818, 0.5099, 0.2802, 0.02817};
enum { ZBL_END = 1 }; /* [A]; an exponential joins it to the powers from here */

static double binomial(int n, int m) {
  double result = 1; /* whole at each step, hence exact */
  for (int k = 1; k <= m; k++) result = result * (n - m + k) / k;
  return result;
}

/* Add c (d + t)^n for t = x - centre, or c (d - t)^n, to the coefficients of the powers of t. */
static void add_power(twofold coef[], double c, twofold d, int n, bool minus) {
  twofold term = {c, 0}; /* c d^(n-m) */
  for (int m = n; m >= 0; m--) {
    const twofold factor = {(minus && m % 2 ? -1 : 1) * binomial(n, m), 0};
    coef[m] = twofold_add(coef[m], twofold_multiply(factor, term));
    term = twofold_multiply(term, d);
  }
}

/* Coefficients about mid of the powers that reach beyond it. */
static void expand(const mg_powers *powers, int n_powers, double mid, twofold coef[MG_DEGREE + 1]) {
  for (int m = 0; m <= MG_DEGREE; m++) coef[m] = (twofold){0, 0};
  for (int k = 0; k < n_powers; k++) {
    if (powers[k].end <= mid) continue;
    const twofold d = twofold_sum(powers[k].end, -mid);
    for (int n = MG_POWER_FIRST; n <= MG_POWER_LAST; n++)
      add_power(coef, powers[k].c[n - MG_POWER_FIRST], d, n, true);
  }
}

static int highest(const mg_segments *segments) {
  int degree = 0;
  for (int k = 0; k < segments->n; k++)
    for (int m = 0; m <= MG_DEGREE; m++)
      if (segments->coef[k][m] != 0 && m > degree) degree = m;
  return degree;
}

/* The segments of a sum of powers (ends ascending) from start on, and of its derivative. */
static void make_segments(const mg_powers *powers, int n_powers, double start, mg_segments *value,
                          mg_segments *slope) {
  value->n = slope->n = n_powers;
  value->knot[0] = slope->knot[0] = start;
  for (int k = 0; k < n_powers; k++) {
    value->knot[k + 1] = slope->knot[k + 1] = powers[k].end;
    twofold coef[MG_DEGREE + 1];
    expand(powers, n_powers, (value->knot[k] + value->knot[k + 1]) / 2, coef);
    for (int m = 0; m <= MG_DEGREE; m++) value->coef[k][m] = twofold_value(coef[m]);
    for (int m = 0; m < MG_DEGREE; m++)
      slope->coef[k][m] = twofold_value(twofold_multiply((twofold){m + 1, 0}, coef[m + 1]));
  }
  value->degree = highest(value);
  slope->degree = highest(slope);
}

/* The fourth powers of F that have begun at knot k, about that knot. */
static void make_embed(const mg_embed_form *form, mg_embed_pieces *embed) {
  embed->n = form->n;
  for (int k = 0; k < form->n; k++) {
    twofold coef[5] = {{0, 0}};
    for (int l = 0; l <= k; l++)
      add_power(coef, form->c[l], twofold_sum(form->knot[k], -form->knot[l]), 4, false);
    embed->knot[k] = form->knot[k];
    for (int m = 0; m <= 4; m++) embed->coef[k][m] = twofold_value(coef[m]);
  }
}

static uint64_t hash_form(const mg_form *form) {
  uint64_t hash = MG_HASH_START;
  for (int a = 0; a < form->species.n; a++) {
    const mg_embed_form *embed = &form->embed[a];
    hash = mg_hash_bytes(hash, form->species.symbol[a], MG_SYMBOL);
    hash = mg_hash_bytes(hash, &form->species.mass[a], sizeof(double));
    hash = mg_hash_bytes(hash, embed->knot, sizeof embed->knot);
    hash = mg_hash_bytes(hash, embed->c, sizeof embed->c);
  }
  for (int k = 0; k < mg_pair_count(form->species.n); k++) {
    const mg_pair_form *pair = &form->pair[k];
    hash = mg_hash_bytes(hash, &pair->strength, sizeof pair->strength);
    hash = mg_hash_bytes(hash, pair->rate, sizeof pair->rate);
    hash = mg_hash_bytes(hash, &pair->splice, sizeof pair->splice);
    hash = mg_hash_bytes(hash, pair->e, sizeof pair->e);
    hash = mg_hash_bytes(hash, pair->phi, sizeof pair->phi);
    hash = mg_hash_bytes(hash, pair->psi, sizeof pair->psi);
  }
  return mg_hash_bytes(hash, &form->rho_max, sizeof form->rho_max);
}

mg_status mg_exact_create(const mg_form *form, mg_potential *potential) {
  MG_TRY(MG_NEW(potential->exact, 1));
  mg_exact *exact = potential->exact;
  exact->form = form;
  potential->species = form->species;
  for (int b = 0; b < form->species.n; b++) {
    potential->element[b] = form->element[b];
    potential->rho_max[b] = form->rho_max;
    make_embed(&form->embed[b], &exact->embed[b]);
    for (int a = 0; a <= b; a++) {
      const mg_pair_form *pair = &form->pair[mg_pair_index(a, b)];
      mg_exact_pair *functions = &exact->pair[mg_pair_index(a, b)];
      make_segments(pair->phi, pair->n_phi, fmax(form->start, pair->splice), &functions->phi,
                    &functions->dphi);
      make_segments(pair->psi, pair->n_psi, form->start, &functions->psi, &functions->dpsi);
      const double phi_end = pair->phi[pair->n_phi - 1].end,
                   psi_end = pair->psi[pair->n_psi - 1].end;
      potential->phi_cutoff[a][b] = potential->phi_cutoff[b][a] = phi_end;
      potential->psi_cutoff[a][b] = potential->psi_cutoff[b][a] = psi_end;
      potential->cutoff = fmax(potential->cutoff, fmax(phi_end, psi_end));
    }
  }
  potential->hash = hash_form(form);
  return MG_OK;
}

static void inner_phi(const mg_pair_form *pair, double r, double *phi, double *dphi) {
  if (r < ZBL_END) {
    double sum = 0, slope = 0;
    for (int m = 0; m < 4; m++) {
      const double term = ZBL[m] * mg_exp(-pair->rate[m] * r);
      sum += term;
      slope -= pair->rate[m] * term;
    }
    *phi = pair->strength / r * sum;
    *dphi = pair->strength / r * (slope - sum / r);
  } else {
    const double *e = pair->e;
    *phi = mg_exp(((e[3] * r + e[2]) * r + e[1]) * r + e[0]);
    *dphi = *phi * ((3 * e[3] * r + 2 * e[2]) * r + e[1]);
  }
}

void mg_exact_phi(const mg_exact *exact, int a, int b, double r, double *phi, double *dphi) {
  const int k = mg_pair_index(a, b);
  const mg_segments *segments = &exact->pair[k].phi;
  if (r >= segments->knot[0]) {
    mg_segments_value(segments, r, phi, dphi);
  } else {
    inner_phi(&exact->form->pair[k], r, phi, dphi);
  }
}

void mg_exact_psi(const mg_exact *exact, int a, int b, double r, double *psi, double *dpsi) {
  mg_segments_value(&exact->pair[mg_pair_index(a, b)].psi, r, psi, dpsi);
}

double mg_exact_rphi_zero(const mg_exact *exact, int a, int b) {
  return exact->form->pair[mg_pair_index(a, b)].strength * (ZBL[0] + ZBL[1] + ZBL[2] + ZBL[3]);
}

void mg_exact_embed_value(const mg_exact *exact, int a, double rho, double *F, double *dF) {
  if (rho <= 0) { /* the slope of -sqrt(rho) has no limit here: zero by convention */
    *F = *dF = 0;
    return;
  }
  const double top = exact->form->rho_max, inside = rho > top ? top : rho;
  const double root = sqrt(inside);
  double value = -root, slope = -0.5 / root;
  const mg_embed_pieces *embed = &exact->embed[a];
  int k = embed->n - 1;
  while (k >= 0 && inside < embed->knot[k]) k--;
  if (k >= 0) {
    const double t = inside - embed->knot[k], *c = embed->coef[k];
    value += (((c[4] * t + c[3]) * t + c[2]) * t + c[1]) * t + c[0];
    slope += ((4 * c[4] * t + 3 * c[3]) * t + 2 * c[2]) * t + c[1];
  }
  *F = value + slope * (rho - inside);
  *dF = slope;
}
