/* The continuous piecewise polynomial closest to sampled slopes, between given knots.
 *
 * On each segment: the two straight lines that are 1 at one end and 0 at the other, and
 * differences of Legendre polynomials P_m+2 - P_m, which vanish at both ends. The latter belong to
 * one segment and are eliminated there; what is left couples neighbouring knots alone, a
 * tridiagonal system in the values at the knots. Continuity holds by construction.
 */
#include "mgmd/potential/fit.h"

#include <math.h>
#include <string.h>

enum { MOST = MG_DEGREE, INNER = MOST - 2 }; /* coefficients of a slope; those within a segment */

/* A last segment that ends before this part of its interval is a straight line: powers about the
 * middle of the interval would cancel there. */
static const double SLIVER = 0.25;

/* Of one segment, 0 and 1 being its ends: normal equations, then what elimination leaves. */
typedef struct element {
  double lo, hi;
  int n; /* shapes */
  double gram[MOST][MOST], right[MOST];
  double from_end[2][INNER], own[INNER]; /* inner coefficients = own - sum of from_end[e] u_e */
} element;

static void shapes(double x, int n, double shape[MOST]) {
  double p[MOST + 1];
  p[0] = 1, p[1] = x;
  for (int m = 2; m <= MOST; m++) p[m] = ((2 * m - 1) * x * p[m - 1] - (m - 1) * p[m - 2]) / m;
  shape[0] = (1 - x) / 2;
  shape[1] = (1 + x) / 2;
  for (int m = 2; m < n; m++) shape[m] = p[m] - p[m - 2];
}

static void gather(const mg_fit_samples *samples, int curve, int begin, int end, element *e) {
  const int n = e->n;
  for (int k = begin; k < end; k++) {
    if (!(samples->r[k] < e->hi)) break;
    double shape[MOST];
    shapes((2 * samples->r[k] - e->lo - e->hi) / (e->hi - e->lo), n, shape);
    const double w = samples->weight[k], f = w * samples->slope[curve][k];
    for (int a = 0; a < n; a++) {
      e->right[a] += f * shape[a];
      for (int b = 0; b <= a; b++) e->gram[a][b] += w * shape[a] * shape[b];
    }
  }
  for (int a = 0; a < n; a++)
    for (int b = 0; b < a; b++) e->gram[b][a] = e->gram[a][b];
}

/* Solves the inner block for several right sides, by Cholesky. @return whether it is regular */
static bool solve_inner(const element *e, int n, double x[3][INNER]) {
  double l[INNER][INNER];
  for (int k = 0; k < n; k++)
    for (int i = k; i < n; i++) {
      double sum = e->gram[2 + i][2 + k];
      for (int m = 0; m < k; m++) sum -= l[i][m] * l[k][m];
      if (i == k && !(sum > 1e-13 * e->gram[2 + k][2 + k] && isfinite(sum))) return false;
      l[i][k] = i == k ? sqrt(sum) : sum / l[k][k];
    }
  for (int r = 0; r < 3; r++) {
    for (int k = 0; k < n; k++) {
      for (int m = 0; m < k; m++) x[r][k] -= l[k][m] * x[r][m];
      x[r][k] /= l[k][k];
    }
    for (int k = n - 1; k >= 0; k--) {
      for (int m = k + 1; m < n; m++) x[r][k] -= l[m][k] * x[r][m];
      x[r][k] /= l[k][k];
    }
  }
  return true;
}

/* Leaves the equations of the ends in gram[0..1] and right[0..1]. */
static bool eliminate(element *e) {
  const int n = e->n;
  double x[3][INNER];
  for (int m = 0; m < n - 2; m++)
    x[0][m] = e->gram[2 + m][0], x[1][m] = e->gram[2 + m][1], x[2][m] = e->right[2 + m];
  if (!solve_inner(e, n - 2, x)) return false;
  for (int a = 0; a < 2; a++)
    for (int m = 0; m < n - 2; m++) {
      e->gram[a][0] -= e->gram[a][2 + m] * x[0][m];
      e->gram[a][1] -= e->gram[a][2 + m] * x[1][m];
      e->right[a] -= e->gram[a][2 + m] * x[2][m];
    }
  memcpy(e->from_end[0], x[0], sizeof x[0]);
  memcpy(e->from_end[1], x[1], sizeof x[1]);
  memcpy(e->own, x[2], sizeof x[2]);
  return true;
}

/* Values at the n + 1 knots. @return whether the system is regular */
static bool solve_knots(const element *e, int n, bool to_zero, double u[MG_SEGMENTS + 1]) {
  double diagonal[MG_SEGMENTS + 1] = {0}, right[MG_SEGMENTS + 1] = {0};
  for (int k = 0; k < n; k++)
    for (int a = 0; a < 2; a++) {
      diagonal[k + a] += e[k].gram[a][a];
      right[k + a] += e[k].right[a];
    }
  const int last = to_zero ? n - 1 : n;
  for (int k = 0; k < last; k++) {
    if (!(diagonal[k] > 0 && isfinite(diagonal[k]))) return false;
    const double ratio = e[k].gram[1][0] / diagonal[k];
    diagonal[k + 1] -= ratio * e[k].gram[0][1];
    right[k + 1] -= ratio * right[k];
  }
  u[n] = 0;
  for (int k = last; k >= 0; k--) {
    const double next = k < n ? e[k].gram[0][1] * u[k + 1] : 0;
    u[k] = (right[k] - next) / diagonal[k];
    if (!isfinite(u[k])) return false;
  }
  return true;
}

/* Powers of r - mid of the polynomial with these shape coefficients. */
static void to_powers(const element *e, const double *shape, double mid, double *coef) {
  const int n = e->n;
  double p[MOST][MOST] = {{1}, {0, 1}}, of_x[MOST] = {0}; /* Legendre polynomials by powers of x */
  for (int m = 2; m < MOST; m++)
    for (int k = 0; k <= m; k++)
      p[m][k] = ((2 * m - 1) * (k > 0 ? p[m - 1][k - 1] : 0) - (m - 1) * p[m - 2][k]) / m;
  of_x[0] = (shape[0] + shape[1]) / 2;
  of_x[1] = (shape[1] - shape[0]) / 2;
  for (int m = 2; m < n; m++)
    for (int k = 0; k <= m; k++) of_x[k] += shape[m] * (p[m][k] - p[m - 2][k]);
  /* x = scale (r - mid) + shift */
  const double scale = 2 / (e->hi - e->lo), shift = (2 * mid - e->lo - e->hi) / (e->hi - e->lo);
  for (int m = 0; m <= MG_DEGREE; m++) coef[m] = 0;
  for (int m = n - 1; m >= 0; m--) {
    for (int k = n - 1; k > 0; k--) coef[k] = shift * coef[k] + scale * coef[k - 1];
    coef[0] = shift * coef[0] + of_x[m];
  }
}

mg_status mg_fit_slope(const mg_fit_samples *samples, int curve, int degree, const int *knot, int n,
                       double end, bool to_zero, mg_segments *slope) {
  element e[MG_SEGMENTS];
  memset(e, 0, sizeof e);
  memset(slope, 0, sizeof *slope);
  slope->n = n;
  slope->degree = degree;
  for (int k = 0; k <= n; k++) slope->knot[k] = mg_fit_edge(samples, knot[k]);
  for (int k = 0; k < n; k++) {
    e[k].lo = slope->knot[k];
    e[k].hi = fmin(slope->knot[k + 1], end);
    const bool sliver = e[k].hi - e[k].lo < SLIVER * (slope->knot[k + 1] - slope->knot[k]);
    e[k].n = sliver ? 2 : degree + 1;
    gather(samples, curve, knot[k] * samples->per_bin, knot[k + 1] * samples->per_bin, &e[k]);
    if (!eliminate(&e[k])) return MG_ERR_RUN;
  }
  double u[MG_SEGMENTS + 1];
  if (!solve_knots(e, n, to_zero, u)) return MG_ERR_RUN;
  for (int k = 0; k < n; k++) {
    double shape[MOST] = {u[k], u[k + 1]};
    for (int m = 2; m < e[k].n; m++)
      shape[m] =
          e[k].own[m - 2] - e[k].from_end[0][m - 2] * u[k] - e[k].from_end[1][m - 2] * u[k + 1];
    to_powers(&e[k], shape, (slope->knot[k] + slope->knot[k + 1]) / 2, slope->coef[k]);
  }
  return MG_OK;
}

static double middle(const mg_segments *segments, int k) {
  return (segments->knot[k] + segments->knot[k + 1]) / 2;
}

static double horner(const double *c, int degree, double t) {
  double sum = c[degree];
  for (int m = degree - 1; m >= 0; m--) sum = sum * t + c[m];
  return sum;
}

void mg_fit_integrate(const mg_segments *slope, double end, double value_at_end,
                      mg_segments *value) {
  memset(value, 0, sizeof *value);
  value->n = slope->n;
  value->degree = slope->degree + 1;
  memcpy(value->knot, slope->knot, sizeof value->knot);
  double target = value_at_end;
  for (int k = slope->n - 1; k >= 0; k--) {
    double *c = value->coef[k];
    const double mid = middle(slope, k), at = k == slope->n - 1 ? end : slope->knot[k + 1];
    for (int m = 0; m <= slope->degree; m++) c[m + 1] = slope->coef[k][m] / (m + 1);
    c[0] = target - horner(c, value->degree, at - mid);
    target = horner(c, value->degree, slope->knot[k] - mid);
  }
}
