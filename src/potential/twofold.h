/** Arithmetic with twice a double's digits, from plain double operations.
 *
 *  A number is the unevaluated sum high + low. [T. J. Dekker, Numer. Math. 18, 224 (1971)]
 *  Used instead of long double, which has 53, 64 or 113 bits depending on the machine: results are
 *  the same bits everywhere. Needs a build without contraction into fused operations. Magnitudes
 *  must stay within 1e-150 .. 1e150.
 */
#ifndef MGMD_SRC_POTENTIAL_TWOFOLD_H
#define MGMD_SRC_POTENTIAL_TWOFOLD_H

typedef struct twofold {
  double high, low;
} twofold;

/** a + b, exactly. */
static inline twofold twofold_sum(double a, double b) {
  const double s = a + b, t = s - a;
  return (twofold){s, (a - (s - t)) + (b - t)};
}

/** a * b, exactly. */
static inline twofold twofold_product(double a, double b) {
  const double split = 134217729; /* 2^27 + 1 */
  const double ca = split * a, cb = split * b;
  const double ah = ca - (ca - a), al = a - ah, bh = cb - (cb - b), bl = b - bh;
  const double p = a * b;
  return (twofold){p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

static inline twofold twofold_add(twofold a, twofold b) {
  const twofold s = twofold_sum(a.high, b.high);
  return twofold_sum(s.high, s.low + (a.low + b.low));
}

static inline twofold twofold_multiply(twofold a, twofold b) {
  const twofold p = twofold_product(a.high, b.high);
  return twofold_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

static inline double twofold_value(twofold a) { return a.high + a.low; }

#endif
