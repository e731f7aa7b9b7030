/* Where the knots of a fit lie: the partition of the bins with the least sum of squared residuals,
 * by dynamic programming. A table that was made from piecewise polynomials gives its knots back,
 * when they lie on the grid; of any other the knots crowd where its functions bend most.
 *
 * Residuals come from normal equations in Legendre polynomials of the interval. A leading block of
 * a Cholesky factor is the factor of the block: the residuals of all lower degrees are by-products.
 */
#include "mgmd/potential/fit.h"

#include <math.h>
#include <string.h>

enum { HIGH = MG_DEGREE, LOW = MG_SHORT_DEGREE }; /* coefficients of slopes */

typedef struct normal {
  double gram[HIGH][HIGH];
  double right[MG_FIT_CURVES][HIGH];
  double square[MG_FIT_CURVES];
} normal;

static void add_sample(normal *sum, const mg_fit_samples *samples, int k, double x) {
  double p[HIGH];
  p[0] = 1, p[1] = x;
  for (int m = 2; m < HIGH; m++) p[m] = ((2 * m - 1) * x * p[m - 1] - (m - 1) * p[m - 2]) / m;
  const double w = samples->weight[k];
  for (int a = 0; a < HIGH; a++)
    for (int b = 0; b <= a; b++) sum->gram[a][b] += w * p[a] * p[b];
  for (int c = 0; c < samples->n_curves; c++) {
    const double f = w * samples->slope[c][k];
    for (int a = 0; a < HIGH; a++) sum->right[c][a] += f * p[a];
    sum->square[c] += f * samples->slope[c][k];
  }
}

/* Cholesky factor in place. A pivot of nothing (too few samples) leaves its unknown out. */
static void factor(double a[HIGH][HIGH]) {
  for (int k = 0; k < HIGH; k++) {
    double pivot = a[k][k];
    for (int m = 0; m < k; m++) pivot -= a[k][m] * a[k][m];
    a[k][k] = pivot > 1e-13 * a[k][k] ? sqrt(pivot) : INFINITY;
    for (int l = k + 1; l < HIGH; l++) {
      double sum = a[l][k];
      for (int m = 0; m < k; m++) sum -= a[l][m] * a[k][m];
      a[l][k] = sum / a[k][k];
    }
  }
}

static void residuals(normal *sum, const mg_fit_samples *samples, int i, int j,
                      mg_fit_costs *costs) {
  factor(sum->gram);
  for (int c = 0; c < samples->n_curves; c++) {
    double left = sum->square[c], y[HIGH];
    for (int k = 0; k < HIGH; k++) {
      double v = sum->right[c][k];
      for (int m = 0; m < k; m++) v -= sum->gram[k][m] * y[m];
      y[k] = v / sum->gram[k][k];
      left -= y[k] * y[k];
      if (k == LOW - 1) costs->low[c][i][j] = left;
    }
    const double scale = samples->factor[c] * samples->factor[c];
    costs->low[c][i][j] = scale * fmax(costs->low[c][i][j], 0);
    costs->high[c][i][j] = scale * fmax(left, 0);
  }
}

void mg_fit_measure_costs(const mg_fit_samples *samples, mg_fit_costs *costs) {
  for (int i = 0; i < samples->n_bins; i++)
    for (int j = i + 1; j <= samples->n_bins; j++) {
      const double lo = mg_fit_edge(samples, i), hi = mg_fit_edge(samples, j);
      const double mid = (lo + hi) / 2, scale = 2 / (hi - lo);
      normal sum;
      memset(&sum, 0, sizeof sum);
      for (int k = i * samples->per_bin; k < j * samples->per_bin; k++)
        add_sample(&sum, samples, k, (samples->r[k] - mid) * scale);
      residuals(&sum, samples, i, j, costs);
    }
}

double mg_fit_partition(const mg_fit_samples *samples, const mg_fit_costs *costs, bool phi_only,
                        bool low, int forced, int n, int knot[MG_SEGMENTS + 1]) {
  double best[MG_SEGMENTS + 1][MG_FIT_BINS + 1];
  int from[MG_SEGMENTS + 1][MG_FIT_BINS + 1];
  const int n_bins = samples->n_bins, n_curves = phi_only ? 1 : samples->n_curves;
  for (int j = 0; j <= n_bins; j++) best[0][j] = j == 0 ? 0 : INFINITY;
  for (int p = 1; p <= n; p++)
    for (int j = 0; j <= n_bins; j++) {
      best[p][j] = INFINITY;
      from[p][j] = 0;
      for (int i = 0; i < j; i++) {
        if (i < forced && forced < j) continue;
        double cost = best[p - 1][i] + costs->high[0][i][j];
        for (int c = 1; c < n_curves; c++) cost += low ? costs->low[c][i][j] : costs->high[c][i][j];
        if (cost < best[p][j]) best[p][j] = cost, from[p][j] = i;
      }
    }
  knot[n] = n_bins;
  for (int p = n; p > 0; p--) knot[p - 1] = from[p][knot[p]];
  return best[n][n_bins];
}
