/* base/fmath.h: own exp and log are within about 2 units in the last place of the true value (bound
 * here: 3, since the truth, the C library's long double, is no longer than double on some machines
 * and under valgrind), and have the same bits whatever the compiler and its options. */
#include "mgmd/base/fmath.h"
#include "mgmd/base/rng.h"
#include "unit_check.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* Error of @p value in units of the last place of @p truth. */
static double ulps(double value, long double truth) {
  int exponent;
  frexpl(truth, &exponent);
  return (double)(fabsl(value - truth) / ldexpl(1, exponent - DBL_MANT_DIG));
}

START_TEST(exponential_is_accurate) {
  mg_rng rng;
  mg_rng_start(&rng, 1, MG_RNG_JITTER, 0, 0);
  for (int i = 0; i < 20000; i++) {
    const double scale = i % 2 ? 1400 : 2 * pow(2, -(double)(i % 50));
    const double x = scale * (mg_rng_uniform(&rng) - 0.5);
    ck_assert_double_lt(ulps(mg_exp(x), expl(x)), 3);
  }
  ck_assert(mg_exp(0) == 1);
}
END_TEST

START_TEST(logarithm_is_accurate) {
  mg_rng rng;
  mg_rng_start(&rng, 2, MG_RNG_JITTER, 0, 0);
  for (int i = 0; i < 20000; i++) {
    const double u = mg_rng_uniform(&rng);
    const double x = i % 2 ? ldexp(0.5 + u, (int)mg_rng_below(&rng, 2000) - 1000)
                           : 1 + ldexp(u - 0.5, -(i % 50)); /* ever closer to 1 */
    if (x == 1) continue;
    ck_assert_double_lt(ulps(mg_log1(x), logl(x)), 3);
  }
  ck_assert(mg_log1(1) == 0);
}
END_TEST

START_TEST(ends_of_the_range) {
  ck_assert(mg_exp(-701) == 0 && mg_exp(-INFINITY) == 0);
  ck_assert(mg_exp(701) == INFINITY && mg_exp(INFINITY) == INFINITY);
  ck_assert(isnan(mg_exp(NAN)));
  ck_assert(isfinite(mg_exp(699.99)) && mg_exp(-699.99) > 0);
  ck_assert_double_lt(ulps(mg_log1(DBL_MAX), logl(DBL_MAX)), 3);
  ck_assert_double_lt(ulps(mg_log1(DBL_MIN / 1024), logl(DBL_MIN / 1024)), 3);
}
END_TEST

/* The golden number is this hash as gcc 12 and clang 14 give it at -O0 and -O3. Another one means
 * that trajectories and checkpoints of earlier versions cannot be continued bit for bit. */
START_TEST(bits_are_fixed) {
  uint64_t hash = 0xcbf29ce484222325; /* FNV-1a, 64 bits */
  for (int i = 1; i <= 20000; i++) {
    const double y[2] = {mg_exp(i * 0.034321 - 343.21), mg_log1(i * 0.0712345)};
    unsigned char byte[sizeof y];
    memcpy(byte, y, sizeof y);
    for (size_t k = 0; k < sizeof y; k++) hash = (hash ^ byte[k]) * 0x100000001b3;
  }
  ck_assert_uint_eq(hash, 0xa7bbc67523fffd04);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, exponential_is_accurate);
  tcase_add_test(tests, logarithm_is_accurate);
  tcase_add_test(tests, ends_of_the_range);
  tcase_add_test(tests, bits_are_fixed);
}

UNIT_CHECK_MAIN("fmath", fill)
