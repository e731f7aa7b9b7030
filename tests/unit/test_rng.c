/* base/rng.h: the generator is Philox4x32-10 (known answers published with the Random123 library,
 * kat_vectors), its numbers have the moments they should, and streams that differ in one of
 * (seed, purpose, id, step) are unrelated. Bounds: 5 standard errors of the sample moments. */
#include "mgmd/base/rng.h"
#include "unit_check.h"

#include <math.h>

enum { N = 40000 };

START_TEST(known_answers) {
  static const struct {
    uint32_t counter[4], key[2], out[4];
  } cases[] = {
      {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
       {0xffffffff, 0xffffffff},
       {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    mg_rng rng = {.used = 4}; /* at the start of a block: the next draw makes it */
    for (int i = 0; i < 4; i++) rng.counter[i] = cases[k].counter[i];
    for (int i = 0; i < 2; i++) rng.key[i] = cases[k].key[i];
    for (int i = 0; i < 2; i++) {
      const uint64_t draw = mg_rng_u64(&rng);
      ck_assert_uint_eq((uint32_t)draw, cases[k].out[2 * i]);
      ck_assert_uint_eq((uint32_t)(draw >> 32), cases[k].out[2 * i + 1]);
    }
  }
}
END_TEST

START_TEST(a_stream_is_a_pure_function) {
  mg_rng a, b;
  mg_rng_start(&a, 7, MG_RNG_VELOCITY, 123456789012, 400000);
  mg_rng_start(&b, 99, MG_RNG_JITTER, 1, 1);
  for (int i = 0; i < 100; i++) mg_rng_u64(&b);
  mg_rng_start(&b, 7, MG_RNG_VELOCITY, 123456789012, 400000);
  for (int i = 0; i < 100; i++) ck_assert_uint_eq(mg_rng_u64(&a), mg_rng_u64(&b));
}
END_TEST

/* Correlation of the first numbers of N pairs of streams, in units of its standard error. */
static double correlation(uint64_t seed, mg_rng_purpose purpose, int64_t id, int64_t step) {
  double sum = 0;
  for (int64_t i = 1; i <= N; i++) {
    mg_rng a, b;
    mg_rng_start(&a, 7, MG_RNG_POSITION, i, 5);
    mg_rng_start(&b, 7 + seed, purpose, i + id, 5 + step);
    sum += (mg_rng_uniform(&a) - 0.5) * (mg_rng_uniform(&b) - 0.5);
  }
  return sum / (sqrt((double)N) / 12);
}

START_TEST(streams_are_unrelated) {
  ck_assert_double_gt(correlation(0, MG_RNG_POSITION, 0, 0), 100); /* the same stream */
  ck_assert_double_lt(fabs(correlation(1, MG_RNG_POSITION, 0, 0)), 5);
  ck_assert_double_lt(fabs(correlation((uint64_t)1 << 32, MG_RNG_POSITION, 0, 0)), 5);
  ck_assert_double_lt(fabs(correlation(0, MG_RNG_SPECIES, 0, 0)), 5);
  ck_assert_double_lt(fabs(correlation(0, MG_RNG_POSITION, 1, 0)), 5);
  ck_assert_double_lt(fabs(correlation(0, MG_RNG_POSITION, (int64_t)1 << 32, 0)), 5);
  ck_assert_double_lt(fabs(correlation(0, MG_RNG_POSITION, 0, 1)), 5);
  ck_assert_double_lt(fabs(correlation(0, MG_RNG_POSITION, 0, (int64_t)1 << 32)), 5);
}
END_TEST

START_TEST(uniform_moments) {
  mg_rng rng;
  mg_rng_start(&rng, 1, MG_RNG_JITTER, 0, 0);
  double m1 = 0, m2 = 0, lag = 0, last = 0;
  for (int i = 0; i < N; i++) {
    const double u = mg_rng_uniform(&rng);
    ck_assert(u > 0 && u < 1);
    const double d = u - 0.5;
    m1 += d, m2 += d * d, lag += d * last, last = d;
  }
  /* variance 1/12; of the square 1/80 - 1/144 = 1/180; of the product 1/144 */
  ck_assert_double_lt(fabs(m1 / N), 5 * sqrt(1.0 / 12 / N));
  ck_assert_double_lt(fabs(m2 / N - 1.0 / 12), 5 * sqrt(1.0 / 180 / N));
  ck_assert_double_lt(fabs(lag / N), 5 * sqrt(1.0 / 144 / N));
}
END_TEST

START_TEST(uniform_stays_open) {
  /* The extremes of the 64 random bits, set directly. */
  mg_rng low = {.used = 0};
  ck_assert_double_gt(mg_rng_uniform(&low), 0);
  mg_rng high = {.used = 0, .block = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}};
  ck_assert_double_lt(mg_rng_uniform(&high), 1);
}
END_TEST

START_TEST(below_is_unbiased) {
  mg_rng rng;
  mg_rng_start(&rng, 2, MG_RNG_SPECIES, 0, 0);
  int count[7] = {0};
  for (int i = 0; i < N; i++) {
    const uint64_t k = mg_rng_below(&rng, 7);
    ck_assert_uint_lt(k, 7);
    count[k]++;
  }
  double chi2 = 0;
  for (int k = 0; k < 7; k++) chi2 += pow(count[k] - N / 7.0, 2) / (N / 7.0);
  ck_assert_double_lt(chi2, 33.1); /* 6 degrees of freedom: exceeded once in 1e5 */
  ck_assert_uint_eq(mg_rng_below(&rng, 1), 0);

  /* n just above 2^63: half of the raw numbers are refused; the mean of k/n stays 1/2 */
  const uint64_t n = ((uint64_t)1 << 63) + 1;
  double sum = 0;
  for (int i = 0; i < 1000; i++) sum += (double)mg_rng_below(&rng, n) / (double)n;
  ck_assert_double_lt(fabs(sum / 1000 - 0.5), 5 * sqrt(1.0 / 12 / 1000));
}
END_TEST

START_TEST(normal_moments) {
  mg_rng rng;
  mg_rng_start(&rng, 3, MG_RNG_VELOCITY, 0, 0);
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
  int beyond = 0;
  for (int i = 0; i < N; i++) {
    const double g = mg_rng_normal(&rng);
    m1 += g, m2 += g * g, m3 += g * g * g, m4 += g * g * g * g;
    beyond += fabs(g) > 2;
  }
  /* variances of the powers of a standard normal: 1, 2, 15, 96 */
  ck_assert_double_lt(fabs(m1 / N), 5 * sqrt(1.0 / N));
  ck_assert_double_lt(fabs(m2 / N - 1), 5 * sqrt(2.0 / N));
  ck_assert_double_lt(fabs(m3 / N), 5 * sqrt(15.0 / N));
  ck_assert_double_lt(fabs(m4 / N - 3), 5 * sqrt(96.0 / N));
  const double p = erfc(sqrt(2.0)); /* beyond two standard deviations */
  ck_assert_double_lt(fabs((double)beyond / N - p), 5 * sqrt(p / N));
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, known_answers);
  tcase_add_test(tests, a_stream_is_a_pure_function);
  tcase_add_test(tests, streams_are_unrelated);
  tcase_add_test(tests, uniform_moments);
  tcase_add_test(tests, uniform_stays_open);
  tcase_add_test(tests, below_is_unbiased);
  tcase_add_test(tests, normal_moments);
}

UNIT_CHECK_MAIN("rng", fill)
