/** An eam/fs table of Cu and Zr made up for tests: smooth functions whose four densities differ,
 *  with a kink or with noise on request. Copper and zirconium by name only. */
#ifndef MGMD_TESTS_TOY_TABLE_H
#define MGMD_TESTS_TOY_TABLE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef enum toy_flaw { TOY_SMOOTH, TOY_KINK, TOY_NOISE } toy_flaw;

enum { TOY_POINTS = 4001, TOY_DENSITIES = 2001, TOY_CHARS = 26 };

/** psi of species b at a, and phi, at distance r [A] below 6 A. */
static inline double toy_psi(int a, int b, double r) {
  static const double weight[2][2] = {{1, 2}, {3, 5}};
  return weight[a][b] * pow(6 - r, 4) / 300;
}

static inline double toy_phi(int a, int b, double r) {
  return (0.3 + 0.1 * (a + b)) * exp(-2.5 * (r - 2.5 - 0.1 * (a + b))) * pow((6 - r) / 3.5, 4);
}

static inline double toy_flaw_at(toy_flaw flaw, int k, double r) {
  if (flaw == TOY_KINK) return 0.02 * fmax(3.033 - r, 0);
  if (flaw == TOY_NOISE) return 1e-4 * ((k * 7919 % 1000) / 1000.0 - 0.5) * (6 - r);
  return 0;
}

/** The text, to be freed. */
static inline char *toy_table(toy_flaw flaw) {
  char *text = malloc((size_t)TOY_CHARS * (2 * TOY_DENSITIES + 7 * TOY_POINTS) + 1000), *at = text;
  if (!text) abort();
  const double d_r = 6.0 / (TOY_POINTS - 1), d_rho = 0.05;
  at += sprintf(at, "made up\n\n\n2 Cu Zr\n%d %g %d %.17g 6\n", TOY_DENSITIES, d_rho, TOY_POINTS,
                d_r);
  for (int b = 0; b < 2; b++) {
    at += sprintf(at, "%d %d 3.5 fcc\n", b ? 40 : 29, b ? 91 : 64);
    for (int k = 0; k < TOY_DENSITIES; k++) at += sprintf(at, "%.17g\n", -sqrt(k * d_rho));
    for (int a = 0; a < 2; a++)
      for (int k = 0; k < TOY_POINTS; k++) at += sprintf(at, "%.17g\n", toy_psi(a, b, k * d_r));
  }
  for (int a = 0; a < 2; a++)
    for (int b = 0; b <= a; b++)
      for (int k = 0; k < TOY_POINTS; k++) {
        const double r = k * d_r;
        at += sprintf(at, "%.17g\n", r * (toy_phi(a, b, r) + toy_flaw_at(flaw, k, r)));
      }
  return text;
}

#endif
