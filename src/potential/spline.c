/* Cubic splines on a uniform grid, as LAMMPS's eam styles use them.
 *
 * The slope at a point comes from a five-point stencil on its neighbours,
 *
 *    f'_k = (f_k-2 - 8 f_k-1 + 8 f_k+1 - f_k+2) / 12 ,
 *
 * three-point next to the ends, two-point at them; values and slopes of two neighbours define the
 * cubic between them (C1, error of order h^4). The same stencil is what makes energies and forces
 * of a setfl file agree with LAMMPS to rounding; a natural spline would be C2 and differ from it
 * where a table carries noise. Four coefficients per interval lie in half a cache line; the slope
 * is evaluated from the value's own coefficients, so it is its exact derivative.
 */
#include "impl.h"

#include "mgmd/base/mem.h"

#include <math.h>

static double stencil(const double *f, int n, int k) {
  if (k == 0) return f[1] - f[0];
  if (k == n - 1) return f[n - 1] - f[n - 2];
  if (k == 1 || k == n - 2) return 0.5 * (f[k + 1] - f[k - 1]);
  return ((f[k - 2] - f[k + 2]) + 8 * (f[k + 1] - f[k - 1])) / 12;
}

mg_status mg_spline_build(mg_spline *spline, int n, double step, const double *values) {
  MG_TRY(MG_NEW(spline->coef, n));
  spline->n = n;
  spline->step = step;
  spline->inverse = 1 / step;
  for (int k = 0; k < n; k++) {
    double *c = spline->coef[k];
    c[0] = values[k];
    c[1] = stencil(values, n, k);
    if (k == n - 1) break;
    const double rise = values[k + 1] - values[k], next = stencil(values, n, k + 1);
    c[2] = 3 * rise - 2 * c[1] - next;
    c[3] = c[1] + next - 2 * rise;
  }
  return MG_OK;
}

void mg_spline_clear(mg_spline *spline) {
  MG_DELETE(spline->coef);
  spline->n = 0;
}

double mg_spline_end(const mg_spline *spline) {
  if (spline->coef[spline->n - 1][0] != 0) return INFINITY;
  int k = spline->n - 2;
  while (k >= 0) {
    const double *c = spline->coef[k];
    if (c[0] != 0 || c[1] != 0 || c[2] != 0 || c[3] != 0) break;
    k--;
  }
  return (k + 1) * spline->step;
}
