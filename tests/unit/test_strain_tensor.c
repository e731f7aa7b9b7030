/* Claims: the fields derived from a gradient have their closed forms, keep their digits at strains
 * of 1e-12, give the angle its sign as seen with free to the right and load up for all six axis
 * roles, and survive rotations near half a turn, mirror images and strong stretches.
 *
 * Numbers: simple shear g = 0.2 gives von Mises .10066, tr E/3 .00667, -5.711 degrees; uniaxial
 * -5 % gives E22 = -.04875, von Mises |E22|/sqrt 3; worked out by hand from E = (F^T F - 1)/2.
 */
#include "mgmd/analysis/strain.h"
#include "unit_check.h"

#include <math.h>
#include <string.h>

typedef struct fields {
  double von_mises, volumetric, volume_change, rotation, strain[6], strain_12;
} fields;

static const mg_axes usual = {.load = 2, .free = 1, .thin = 0};

static fields derive(const double F[9], const mg_axes *axes) {
  fields f;
  mg_strain_from_gradient(F, axes, &f.von_mises, &f.volumetric, &f.volume_change, &f.rotation,
                          f.strain, &f.strain_12);
  return f;
}

#define close_to(x, y, tolerance) ck_assert_double_eq_tol((x), (y), (tolerance))

START_TEST(identity_is_zero) {
  const fields f = derive((double[9]){1, 0, 0, 0, 1, 0, 0, 0, 1}, &usual), zero = {0};
  ck_assert_int_eq(memcmp(&f, &zero, sizeof f), 0);
}
END_TEST

START_TEST(shear_and_uniaxial) {
  fields f = derive((double[9]){1, 0, 0, 0, 1, .2, 0, 0, 1}, &usual);
  close_to(f.von_mises, .10066, 5e-6);
  close_to(f.von_mises, sqrt(.01 + .0016 / 12), 1e-15);
  close_to(f.volumetric, .00667, 5e-6);
  close_to(f.volume_change, 0, 1e-16);
  close_to(f.rotation * 180 / acos(-1), -5.711, 5e-4);
  close_to(f.strain_12, .1, 1e-15);
  f = derive((double[9]){1, 0, 0, 0, .95, 0, 0, 0, 1}, &usual);
  close_to(f.strain[1], -.04875, 1e-15);
  close_to(f.von_mises, .04875 / sqrt(3), 1e-15);
  close_to(f.volumetric, -.01625, 1e-15);
  close_to(f.volume_change, -.05, 1e-15);
}
END_TEST

START_TEST(component_order) {
  const double F[9] = {1, .02, .04, 0, 1, .06, 0, 0, 1};
  const fields f = derive(F, &usual);
  close_to(f.strain[3], .01, 1e-15);                   /* xy */
  close_to(f.strain[4], .02, 1e-15);                   /* xz */
  close_to(f.strain[5], (.06 + .02 * .04) / 2, 1e-15); /* yz */
  close_to(f.strain[2], (.04 * .04 + .06 * .06) / 2, 1e-15);
  close_to(f.volume_change, 0, 1e-16);
}
END_TEST

START_TEST(small_strains_keep_their_digits) {
  const double e = 0x1p-40; /* exactly representable beside 1 */
  const fields f = derive((double[9]){1 + e, 0, 0, 0, 1 + e, 0, 0, 0, 1 - 2 * e}, &usual);
  close_to(f.volume_change, -3 * e * e, 1e-3 * e * e);
  close_to(f.von_mises, sqrt(3) * e, 1e-10 * e);
  close_to(f.strain[2], -2 * e, 1e-10 * e);
}
END_TEST

/* a turn by angle in the plane from axis p to axis q */
static void turn(int p, int q, double angle, double F[9]) {
  for (int k = 0; k < 9; k++) F[k] = k % 4 == 0;
  F[4 * p] = F[4 * q] = cos(angle);
  F[3 * q + p] = sin(angle);
  F[3 * p + q] = -sin(angle);
}

START_TEST(sign_of_the_angle) {
  static const double angle[] = {1e-9, 0.3, -0.3, 1.6, -2.2, 3.1415, -3.1415};
  for (int free_axis = 0; free_axis < 3; free_axis++)
    for (int load = 0; load < 3; load++) {
      if (load == free_axis) continue;
      const mg_axes axes = {.load = load, .free = free_axis, .thin = 3 - load - free_axis};
      for (size_t k = 0; k < sizeof angle / sizeof *angle; k++) {
        double F[9];
        turn(free_axis, load, angle[k], F); /* counter-clockwise: right turns up */
        const fields f = derive(F, &axes);
        close_to(f.rotation, angle[k], 4e-16 * 4);
        close_to(f.von_mises, 0, 1e-15);
        turn(axes.thin, load, angle[k], F); /* out of the plane: no twist, or half a turn of it */
        close_to(sin(derive(F, &axes).rotation / 2), 0, 1e-15);
      }
    }
}
END_TEST

static void multiply(const double a[9], const double b[9], double out[9]) {
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      out[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
}

/* F = R U with a given stretch: the angle is that of R, the strain that of U */
START_TEST(rotation_after_stretch) {
  const double U[9] = {3, .5, .2, .5, .4, -.1, .2, -.1, 1.5};
  const fields stretch = derive(U, &usual);
  close_to(stretch.rotation, 0, 1e-15);
  for (int k = -31; k <= 31; k++) {
    double R[9], F[9];
    turn(1, 2, 0.1 * k, R);
    multiply(R, U, F);
    fields f = derive(F, &usual);
    close_to(f.rotation, 0.1 * k, 1e-14);
    for (int c = 0; c < 6; c++) close_to(f.strain[c], stretch.strain[c], 1e-14);
    close_to(f.volume_change, stretch.volume_change, 1e-14);
    for (int c = 0; c < 9; c++) F[c] = -F[c]; /* mirrored: the same proper rotation */
    f = derive(F, &usual);
    close_to(f.rotation, 0.1 * k, 1e-14);
    close_to(f.volume_change, -2 - stretch.volume_change, 1e-14);
  }
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, identity_is_zero);
  tcase_add_test(tests, shear_and_uniaxial);
  tcase_add_test(tests, component_order);
  tcase_add_test(tests, small_strains_keep_their_digits);
  tcase_add_test(tests, sign_of_the_angle);
  tcase_add_test(tests, rotation_after_stretch);
}

UNIT_CHECK_MAIN("strain tensor", fill)
