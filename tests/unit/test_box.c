/* state/box.h: wrapping puts every coordinate into [lo, lo + length), counts the images so that the
 * unwrapped coordinate is kept to rounding, and leaves open axes alone. The edges are the cases
 * where rounding would put an atom on the upper face: it belongs to the lower one. */
#include "mgmd/base/rng.h"
#include "mgmd/state/box.h"
#include "unit_check.h"

#include <float.h>
#include <math.h>

static const mg_box periodic = {
    .lo = {0, -3.3, 1e3}, .length = {25, 55.5, 7.1}, .periodic = {true, true, true}};

static void check_wrapped(const mg_box *box, const double before[3], const int image_before[3]) {
  double x[3];
  int image[3];
  for (int a = 0; a < 3; a++) x[a] = before[a], image[a] = image_before[a];
  mg_box_wrap(box, x, image);
  for (int a = 0; a < 3; a++) {
    ck_assert(x[a] >= box->lo[a] && x[a] < box->lo[a] + box->length[a]);
    const double moved = x[a] + (image[a] - image_before[a]) * box->length[a] - before[a];
    const double size = fabs(before[a]) + fabs(box->lo[a]) + 2 * box->length[a];
    ck_assert_double_le(fabs(moved), 2 * DBL_EPSILON * size);
  }
}

START_TEST(inside_is_untouched) {
  double x[3] = {0, -3.3, 1007.0};
  int image[3] = {4, -5, 6};
  mg_box_wrap(&periodic, x, image);
  ck_assert(x[0] == 0 && x[1] == -3.3 && x[2] == 1007.0);
  ck_assert(image[0] == 4 && image[1] == -5 && image[2] == 6);
}
END_TEST

START_TEST(anywhere_comes_inside) {
  mg_rng rng;
  mg_rng_start(&rng, 1, MG_RNG_JITTER, 0, 0);
  for (int i = 0; i < 10000; i++) {
    double x[3];
    const int image[3] = {0, 3, -2};
    for (int a = 0; a < 3; a++)
      x[a] = periodic.lo[a] + periodic.length[a] * 20 * (mg_rng_uniform(&rng) - 0.5);
    check_wrapped(&periodic, x, image);
  }
}
END_TEST

START_TEST(faces_and_their_neighbours) {
  const int image[3] = {0, 0, 0};
  for (int k = -5; k <= 5; k++) {
    double face[3], below[3], above[3];
    for (int a = 0; a < 3; a++) {
      face[a] = periodic.lo[a] + k * periodic.length[a];
      below[a] = nextafter(face[a], -INFINITY);
      above[a] = nextafter(face[a], INFINITY);
    }
    check_wrapped(&periodic, face, image);
    check_wrapped(&periodic, below, image);
    check_wrapped(&periodic, above, image);
  }
}
END_TEST

START_TEST(a_hair_below_the_lower_face) {
  static const double hairs[] = {-1e-18, -DBL_MIN, -5e-324, -1e-16};
  for (size_t k = 0; k < sizeof hairs / sizeof hairs[0]; k++) {
    double x[3] = {hairs[k], 0, 1001};
    int image[3] = {0, 0, 0};
    mg_box_wrap(&periodic, x, image);
    ck_assert(x[0] == 0); /* hair + 25 rounds to 25, which is the lower face of the next image */
    ck_assert_int_eq(image[0], 0);
  }
}
END_TEST

START_TEST(images_are_counted) {
  double x[3] = {25, -3.4, 1000 + 7.1 * 2.5};
  int image[3] = {10, 10, 10};
  mg_box_wrap(&periodic, x, image);
  ck_assert(x[0] == 0);
  ck_assert_double_eq_tol(x[1], 52.1, 1e-13);
  ck_assert_double_eq_tol(x[2], 1003.55, 1e-12);
  ck_assert(image[0] == 11 && image[1] == 9 && image[2] == 12);
}
END_TEST

START_TEST(open_axes_are_left_alone) {
  mg_box box = periodic;
  box.periodic[1] = false;
  double x[3] = {-1, -1e6, 1000};
  int image[3] = {0, 0, 0};
  mg_box_wrap(&box, x, image);
  ck_assert(x[0] == 24 && x[1] == -1e6);
  ck_assert(image[0] == -1 && image[1] == 0 && image[2] == 0);
}
END_TEST

START_TEST(volume_is_the_product) {
  const mg_box box = {.length = {2, 3, 5}};
  ck_assert(mg_box_volume(&box) == 30);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, inside_is_untouched);
  tcase_add_test(tests, anywhere_comes_inside);
  tcase_add_test(tests, faces_and_their_neighbours);
  tcase_add_test(tests, a_hair_below_the_lower_face);
  tcase_add_test(tests, images_are_counted);
  tcase_add_test(tests, open_axes_are_left_alone);
  tcase_add_test(tests, volume_is_the_product);
}

UNIT_CHECK_MAIN("box", fill)
