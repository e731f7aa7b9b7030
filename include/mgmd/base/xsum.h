/** Exact sums of doubles: the same bits for any order, hence for any number of ranks.
 *
 *  Each contribution is rounded once, by itself, to a multiple of 2^-52 and added as an integer;
 *  integer sums are associative. The range +-2^40 per contribution and 2^34 contributions fit in
 *  127 bits. A contribution outside the range (or not finite) poisons the sum, which then reads
 *  as NaN: the caller's fault check sees it. Wide-range dot products are scaled by an exact power
 *  of two first.
 */
#ifndef MGMD_BASE_XSUM_H
#define MGMD_BASE_XSUM_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 mg_int128;

typedef struct mg_xsum {
  mg_int128 total; /**< in units of 2^-52 */
  int64_t poison;  /**< number of contributions out of range */
} mg_xsum;

/** The nearest whole number, halves to even, of |x| <= 2^51: rint without a call. */
static inline double mg_xsum_round(double x) { return (x + 0x1.8p52) - 0x1.8p52; }

static inline void mg_xsum_add(mg_xsum *sum, double x) {
  /* x = h 2^-20 + l, both parts converted exactly or correctly rounded: a pure function of x */
  double h;
  if (x > -0x1p30 && x < 0x1p30) {
    h = mg_xsum_round(x * 0x1p20);
  } else if (x > -0x1p40 && x < 0x1p40) {
    h = rint(x * 0x1p20);
  } else {
    sum->poison++;
    return;
  }
  const double l = mg_xsum_round((x - h * 0x1p-20) * 0x1p52);
  sum->total += (mg_int128)(int64_t)h * ((int64_t)1 << 32) + (int64_t)l;
}

static inline void mg_xsum_merge(mg_xsum *sum, const mg_xsum *other) {
  sum->total += other->total;
  sum->poison += other->poison;
}

/** The sum as a double (correctly rounded from the integer by a fixed recipe), NaN if poisoned. */
static inline double mg_xsum_value(const mg_xsum *sum) {
  if (sum->poison) return NAN;
  return (double)sum->total * 0x1p-52;
}

#endif
