#include "mgmd/base/fmath.h"

#include <math.h>

/* ln 2 split so that k * LN2_HIGH is exact for |k| < 2^20 */
static const double LN2_HIGH = 0x1.62e42fee00000p-1;
static const double LN2_LOW = 0x1.a39ef35793c76p-33;

double mg_exp(double x) {
  if (!(x > -700)) return isnan(x) ? x : 0;
  if (x > 700) return INFINITY;
  const double k = rint(x * 1.4426950408889634);
  const double r = (x - k * LN2_HIGH) - k * LN2_LOW; /* |r| <= 0.347 */
  /* Taylor series to r^13/13!: the remainder is below 1e-17 on this range */
  double sum = 0;
  for (int n = 13; n >= 2; n--) sum = (1 + sum) * (r / n);
  sum = r + r * sum;
  return ldexp(1 + sum, (int)k);
}

double mg_log1(double x) {
  int k;
  double m = frexp(x, &k); /* m in [0.5, 1) */
  if (m < 0.70710678118654752) m *= 2, k--;
  /* ln m = 2 artanh s, s = (m-1)/(m+1), |s| <= 0.1716: the series to s^23 is exact to 1e-18 */
  const double s = (m - 1) / (m + 1), z = s * s;
  double sum = 0;
  for (int n = 23; n >= 3; n -= 2) sum = (sum + 1.0 / n) * z;
  return (k * LN2_HIGH + (k * LN2_LOW + 2 * s * sum)) + 2 * s;
}
