/* base/xsum.h: sums do not depend on order or grouping, each contribution is rounded once to a
 * multiple of 2^-52, and what does not fit poisons the sum. Truth: integer arithmetic on the binary
 * digits of the numbers. */
#include "mgmd/base/rng.h"
#include "mgmd/base/xsum.h"
#include "unit_check.h"

enum { N = 5000 };

/* Numbers of both signs over 26 decades, 1e-15 to 1e11. */
static void wide_range(double *x) {
  mg_rng rng;
  mg_rng_start(&rng, 11, MG_RNG_JITTER, 0, 0);
  for (int i = 0; i < N; i++) {
    const double size = pow(10, 26 * mg_rng_uniform(&rng) - 15);
    x[i] = mg_rng_uniform(&rng) < 0.5 ? -size : size;
  }
}

static void shuffle(double *x, int64_t id) {
  mg_rng rng;
  mg_rng_start(&rng, 12, MG_RNG_JITTER, id, 0);
  for (int i = N - 1; i > 0; i--) {
    const int j = (int)mg_rng_below(&rng, (uint64_t)i + 1);
    const double t = x[i];
    x[i] = x[j], x[j] = t;
  }
}

START_TEST(order_and_grouping_do_not_matter) {
  static double x[N];
  wide_range(x);
  mg_xsum first = {0};
  double plain_first = 0;
  for (int i = 0; i < N; i++) mg_xsum_add(&first, x[i]), plain_first += x[i];
  int plain_differs = 0;
  for (int trial = 0; trial < 20; trial++) {
    shuffle(x, trial);
    mg_xsum part[7] = {{0}}, sum = {0};
    double plain = 0;
    for (int i = 0; i < N; i++) mg_xsum_add(&part[i % 7], x[i]), plain += x[i];
    for (int k = 6; k >= 0; k--) mg_xsum_merge(&sum, &part[k]);
    ck_assert(sum.total == first.total);
    ck_assert(mg_xsum_value(&sum) == mg_xsum_value(&first));
    plain_differs += plain != plain_first;
  }
  ck_assert_int_gt(plain_differs, 10); /* else the numbers would show nothing */
}
END_TEST

/* x in units of 2^-52, rounded to nearest, halves to even. */
static mg_int128 in_units(double x) {
  int exponent;
  const int64_t digits = (int64_t)ldexp(frexp(fabs(x), &exponent), 53);
  const int shift = exponent - 1; /* x = digits 2^shift units */
  mg_int128 units = 0;
  if (shift >= 0) {
    units = (mg_int128)digits << shift;
  } else if (shift > -55) {
    const int64_t half = (int64_t)1 << (-shift - 1), rest = digits & (2 * half - 1);
    units = digits >> -shift;
    if (rest > half || (rest == half && units % 2)) units++;
  }
  return x < 0 ? -units : units;
}

START_TEST(each_contribution_is_rounded_once) {
  static double x[N];
  wide_range(x);
  for (int k = 0; k < 100; k++) x[k] = (k - 50) * 0x1p-53; /* halves */
  for (int i = 0; i < N; i++) {
    mg_xsum sum = {0};
    mg_xsum_add(&sum, x[i]);
    ck_assert(sum.total == in_units(x[i]));
  }
}
END_TEST

START_TEST(multiples_of_the_unit_are_exact) {
  mg_rng rng;
  mg_rng_start(&rng, 13, MG_RNG_JITTER, 0, 0);
  mg_xsum sum = {0};
  mg_int128 truth = 0;
  for (int i = 0; i < N; i++) {
    const int64_t k = (int64_t)(mg_rng_u64(&rng) >> 11) - ((int64_t)1 << 52);
    const int shift = (int)mg_rng_below(&rng, 39);
    mg_xsum_add(&sum, ldexp((double)k, shift - 52));
    truth += (mg_int128)k * ((int64_t)1 << shift);
  }
  ck_assert(sum.total == truth);
  ck_assert_int_eq(sum.poison, 0);
}
END_TEST

START_TEST(small_survives_beside_large) {
  mg_xsum sum = {0};
  mg_xsum_add(&sum, 0x1p39);
  mg_xsum_add(&sum, 0x1p-52);
  mg_xsum_add(&sum, -0x1p39);
  ck_assert(mg_xsum_value(&sum) == 0x1p-52);
}
END_TEST

START_TEST(value_is_correctly_rounded) {
  const mg_int128 one = (mg_int128)1 << 53;
  const struct {
    mg_int128 total;
    double value;
  } cases[] = {{one + 1, 0x1p1},           {one + 3, 2 * (1 + 2 * 0x1p-52)},
               {-(one + 1), -0x1p1},       {-(one + 3), -2 * (1 + 2 * 0x1p-52)},
               {one << 60, 0x1p61},        {((one + 1) << 60) + 1, 0x1p61 * (1 + 0x1p-52)},
               {(one + 1) << 60, 0x1p61},  {0, 0}};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    const mg_xsum sum = {.total = cases[k].total};
    ck_assert(mg_xsum_value(&sum) == cases[k].value);
  }
}
END_TEST

START_TEST(what_does_not_fit_poisons) {
  static const double bad[] = {NAN, INFINITY, -INFINITY, 0x1p40, -0x1p40, 1e300};
  for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
    mg_xsum sum = {0}, other = {0};
    mg_xsum_add(&sum, 1);
    mg_xsum_add(&other, bad[k]);
    ck_assert_int_eq(other.poison, 1);
    mg_xsum_merge(&sum, &other);
    ck_assert(isnan(mg_xsum_value(&sum)));
  }
  mg_xsum most = {0};
  const double largest = nextafter(0x1p40, 0);
  for (int i = 0; i < N; i++) mg_xsum_add(&most, largest);
  ck_assert_int_eq(most.poison, 0);
  ck_assert(mg_xsum_value(&most) == N * largest);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, order_and_grouping_do_not_matter);
  tcase_add_test(tests, each_contribution_is_rounded_once);
  tcase_add_test(tests, multiples_of_the_unit_are_exact);
  tcase_add_test(tests, small_survives_beside_large);
  tcase_add_test(tests, value_is_correctly_rounded);
  tcase_add_test(tests, what_does_not_fit_poisons);
}

UNIT_CHECK_MAIN("xsum", fill)
