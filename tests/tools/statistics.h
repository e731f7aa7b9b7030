/** Means and variances of correlated series with standard errors by blocking [Flyvbjerg and
 *  Petersen, J. Chem. Phys. 91, 461 (1989)]: neighbours are averaged pairwise until the error of
 *  the mean no longer grows; the largest value over levels with at least 32 blocks is taken, so it
 *  errs on the large side. */
#ifndef MGMD_TESTS_STATISTICS_H
#define MGMD_TESTS_STATISTICS_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct estimate {
  double value, error;
} estimate;

/** Mean of @p n values, 32 at least. */
static inline estimate statistics_mean(const double *series, int n) {
  estimate mean = {0, 0};
  double *block = malloc((size_t)n * sizeof *block);
  if (!block) abort();
  memcpy(block, series, (size_t)n * sizeof *block);
  for (int k = 0; k < n; k++) mean.value += series[k] / n;
  for (int m = n; m >= 32; m /= 2) {
    double square = 0;
    for (int k = 0; k < m; k++) square += (block[k] - mean.value) * (block[k] - mean.value);
    mean.error = fmax(mean.error, sqrt(square / m / (m - 1)));
    for (int k = 0; k < m / 2; k++) block[k] = 0.5 * (block[2 * k] + block[2 * k + 1]);
  }
  free(block);
  return mean;
}

/** Variance of @p n values. */
static inline estimate statistics_variance(const double *series, int n) {
  const double mean = statistics_mean(series, n).value;
  double *square = malloc((size_t)n * sizeof *square);
  if (!square) abort();
  for (int k = 0; k < n; k++) square[k] = (series[k] - mean) * (series[k] - mean);
  const estimate variance = statistics_mean(square, n);
  free(square);
  return variance;
}

/** How many standard errors an estimate lies from @p expected. */
static inline double statistics_sigmas(estimate e, double expected) {
  return (e.value - expected) / e.error;
}

#endif
