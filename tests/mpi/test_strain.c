/* Claims: homogeneous deformations give their closed forms to 1e-10; the reference configuration
 * itself gives exact zeros; every atom of disordered samples agrees with a plain sum over all pairs
 * and images in long double to 1e-9, in thin boxes, after images changed, for each treatment of the
 * cell; and the fields have the same bits on any number of ranks.
 *
 * The closed forms are those of finite strain: F = 1 + g e1 e2^T has E12 = g/2, E22 = g^2/2,
 * det F = 1 and the in-plane polar angle -atan(g/2). The brute force below shares no code with the
 * library: unwrapped pairs, F = W V^-1 by long double elimination, unscaled polar iteration.
 */
#include "strain_sample.h"

static sample then, now;

/* Deform, compare all ranks with the closed form. */
static void expect(const double F[9], const double strain6[6], double volume_change,
                   double rotation) {
  mg_reference *reference;
  mg_strain strain;
  sample_deform(&now, &then, F);
  sample_strain(&mpi_world, &then, &now, 10, MG_AFFINE_NONE, &reference, &strain);
  ck_assert_all(&mpi_world, sample_departure(&strain, strain6, volume_change, rotation) < 1e-10);
  double d2min = 0;
  for (int64_t i = 0; i < strain.n; i++) d2min = fmax(d2min, strain.d2min[i]);
  ck_assert_all(&mpi_world, d2min < 1e-20);
  ck_assert_int_eq(mg_count_all(&mpi_world, strain.n), then.n);
  mg_strain_clear(&strain);
  mg_reference_destroy(&reference);
}

START_TEST(dilation) {
  const double e = 0.03, E = e + e * e / 2, J1 = 3 * e + 3 * e * e + e * e * e;
  sample_hcp(&then, 8, 4, 5, "ppp");
  expect((double[9]){1 + e, 0, 0, 0, 1 + e, 0, 0, 0, 1 + e}, (double[6]){E, E, E}, J1, 0);
  sample_fcc(&then, 2, 6, 5, "pop"); /* the first edge is below the cutoff */
  expect((double[9]){1 + e, 0, 0, 0, 1 + e, 0, 0, 0, 1 + e}, (double[6]){E, E, E}, J1, 0);
}
END_TEST

START_TEST(uniaxial) {
  sample_random(&then, sample_box(23, 21, 25, "ppp"));
  expect((double[9]){1, 0, 0, 0, .95, 0, 0, 0, 1}, (double[6]){0, -.04875}, -.05, 0);
  expect((double[9]){1, 0, 0, 0, 1, 0, 0, 0, 1 - 1e-9}, (double[6]){0, 0, -1e-9 + 0.5e-18}, -1e-9,
         0);
}
END_TEST

/* free axis y moves with load axis z: F12 of the paper */
static void shear(double g) {
  expect((double[9]){1, 0, 0, 0, 1, g, 0, 0, 1}, (double[6]){0, 0, g * g / 2, 0, 0, g / 2}, 0,
         -atan(g / 2));
}

START_TEST(simple_shear) {
  sample_fcc(&then, 6, 6, 6, "ooo");
  shear(0.2);
  shear(-1.3);
  sample_random(&then, sample_box(22, 20, 24, "poo")); /* the periodic axis does not shear */
  shear(0.2);
}
END_TEST

static void rotate(double angle) {
  const double c = cos(angle), s = sin(angle);
  /* free y to the right, load z up: counter-clockwise turns y towards z */
  expect((double[9]){1, 0, 0, 0, c, -s, 0, s, c}, (double[6]){0}, 0, angle);
}

START_TEST(rotation_of_a_crystal) {
  sample_hcp(&then, 6, 4, 4, "ooo");
  rotate(0.5);
  rotate(-3.1);
}
END_TEST

START_TEST(rotation_of_a_glass) {
  sample_random(&then, sample_box(22, 20, 24, "ooo"));
  rotate(-0.01);
  rotate(2.5);
  /* about a skew axis: no strain; the quaternion (1 2 3 4)/sqrt(30) has twist 2 atan(1/4) */
  expect((double[9]){2. / 30 * (16 + 1) - 1, 2. / 30 * (2 - 12), 2. / 30 * (3 + 8),
                     2. / 30 * (2 + 12), 2. / 30 * (16 + 4) - 1, 2. / 30 * (6 - 4),
                     2. / 30 * (3 - 8), 2. / 30 * (6 + 4), 2. / 30 * (16 + 9) - 1},
         (double[6]){0}, 0, 2 * atan(0.25));
}
END_TEST

static bool all_zero(const void *data, size_t bytes) {
  const unsigned char *byte = data;
  for (size_t k = 0; k < bytes; k++)
    if (byte[k]) return false;
  return true;
}

static bool is_undeformed(const mg_strain *s) {
  const size_t n = (size_t)s->n;
  bool one = true;
  for (int64_t i = 0; i < s->n; i++)
    for (int k = 0; k < 9; k++) one = one && s->gradient[i][k] == (k % 4 == 0) && s->valid[i] == 1;
  return one && all_zero(s->von_mises, n * sizeof *s->von_mises) &&
         all_zero(s->volumetric, n * sizeof *s->volumetric) &&
         all_zero(s->volume_change, n * sizeof *s->volume_change) &&
         all_zero(s->rotation, n * sizeof *s->rotation) &&
         all_zero(s->strain, n * sizeof *s->strain) &&
         all_zero(s->strain_12, n * sizeof *s->strain_12) &&
         all_zero(s->d2min, n * sizeof *s->d2min);
}

START_TEST(reference_is_exactly_zero) {
  for (int k = 0; k < 3; k++) {
    static const char *const boundary[3] = {"ppp", "pop", "ooo"};
    sample_random(&then, sample_box(13.7, 22.1, 24.3, boundary[k]));
    for (int i = 0; i < then.n && k < 2; i += 3) then.x[i][0] += (i % 5 - 2) * then.box.length[0];
    mg_reference *reference;
    mg_strain strain;
    for (int affine = MG_AFFINE_NONE; affine <= MG_AFFINE_TO_CURRENT; affine++) {
      sample_strain(&mpi_world, &then, &then, 10, (mg_affine)affine, &reference, &strain);
      ck_assert_all(&mpi_world, is_undeformed(&strain));
      mg_strain_clear(&strain);
      mg_reference_destroy(&reference);
    }
  }
}
END_TEST

/* Brute force ---------------------------------------------------------------------------------- */

typedef long double real;

typedef struct truth {
  int neighbours;
  real F[9], E[6], von_mises, volumetric, volume_change, rotation, strain_12, d2min;
} truth;

static real det3(const real m[9]) {
  return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) +
         m[2] * (m[3] * m[7] - m[4] * m[6]);
}

/* x m = w, by Cramer's rule row by row; m symmetric */
static void solve3(const real m[9], const real w[9], real x[9]) {
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++) {
      real with[9];
      memcpy(with, m, sizeof with);
      for (int k = 0; k < 3; k++) with[3 * b + k] = w[3 * a + k];
      x[3 * a + b] = det3(with) / det3(m);
    }
}

typedef struct pairs {
  int n;
  real d0[SAMPLE_MOST][3], d[SAMPLE_MOST][3];
} pairs;

/* Pair i j with the images off away from the nearest ones. */
static void add_pair(pairs *list, int i, int j, const int off[3], const real nearest[3],
                     double cutoff, mg_affine affine) {
  real *d0 = list->d0[list->n], *d = list->d[list->n], square = 0, images = 0;
  for (int a = 0; a < 3; a++) {
    const double L0 = then.box.length[a], L = now.box.length[a];
    const real n = off[a] + nearest[a];
    d0[a] = then.x[j][a] - (real)then.x[i][a] + n * L0;
    d[a] = now.x[j][a] - (real)now.x[i][a] + n * L;
    square += d0[a] * d0[a];
    images += fabsl(n);
  }
  if (square > (real)cutoff * cutoff || (i == j && images == 0)) return;
  for (int a = 0; a < 3; a++) {
    if (!then.box.periodic[a]) continue;
    const real stretch = (real)now.box.length[a] / then.box.length[a];
    if (affine == MG_AFFINE_TO_REFERENCE) d[a] /= stretch;
    if (affine == MG_AFFINE_TO_CURRENT) d0[a] *= stretch;
  }
  list->n++;
  ck_assert_int_lt(list->n, SAMPLE_MOST);
}

/* Everything within the cutoff of atom i in the reference: all atoms, all images. */
static void find_pairs(pairs *list, int i, double cutoff, mg_affine affine) {
  int most[3], off[3];
  for (int a = 0; a < 3; a++)
    most[a] = then.box.periodic[a] ? (int)ceil(cutoff / then.box.length[a]) : 0;
  list->n = 0;
  for (int j = 0; j < then.n; j++) {
    real nearest[3] = {0};
    for (int a = 0; a < 3; a++)
      if (most[a]) nearest[a] = -rintl((then.x[j][a] - (real)then.x[i][a]) / then.box.length[a]);
    for (off[0] = -most[0]; off[0] <= most[0]; off[0]++)
      for (off[1] = -most[1]; off[1] <= most[1]; off[1]++)
        for (off[2] = -most[2]; off[2] <= most[2]; off[2]++)
          add_pair(list, i, j, off, nearest, cutoff, affine);
  }
}

static void polar(const real F[9], real R[9]) {
  memcpy(R, F, 9 * sizeof *R);
  for (int turn = 0; turn < 60; turn++) {
    real back[9], one[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, gram[9];
    for (int a = 0; a < 3; a++) /* R^-T = R (R^T R)^-1 */
      for (int b = 0; b < 3; b++)
        gram[3 * a + b] = R[a] * R[b] + R[3 + a] * R[3 + b] + R[6 + a] * R[6 + b];
    solve3(gram, one, back);
    real next[9] = {0};
    for (int a = 0; a < 3; a++)
      for (int b = 0; b < 3; b++)
        for (int k = 0; k < 3; k++) next[3 * a + b] += R[3 * a + k] * back[3 * k + b];
    for (int k = 0; k < 9; k++) R[k] = (R[k] + next[k]) / 2;
  }
  if (det3(R) < 0)
    for (int k = 0; k < 9; k++) R[k] = -R[k];
}

/* F = W V^-1 and the sum of squares it leaves */
static void fit(truth *t, const pairs *list) {
  real V[9] = {0}, W[9] = {0};
  t->neighbours = list->n;
  for (int k = 0; k < list->n; k++)
    for (int c = 0; c < 9; c++) {
      V[c] += list->d0[k][c / 3] * list->d0[k][c % 3];
      W[c] += list->d[k][c / 3] * list->d0[k][c % 3];
    }
  solve3(V, W, t->F);
  for (int k = 0; k < list->n; k++)
    for (int a = 0; a < 3; a++) {
      const real *d0 = list->d0[k], *F = t->F + 3 * a;
      const real r = list->d[k][a] - F[0] * d0[0] - F[1] * d0[1] - F[2] * d0[2];
      t->d2min += r * r;
    }
}

static truth brute_force(int i, double cutoff, mg_affine affine) {
  static pairs list;
  truth t = {0};
  real R[9], C[9];
  find_pairs(&list, i, cutoff, affine);
  fit(&t, &list);
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++)
      C[3 * a + b] =
          (t.F[a] * t.F[b] + t.F[3 + a] * t.F[3 + b] + t.F[6 + a] * t.F[6 + b] - (a == b)) / 2;
  const int order[6] = {0, 4, 8, 1, 2, 5};
  for (int k = 0; k < 6; k++) t.E[k] = C[order[k]];
  t.volumetric = (C[0] + C[4] + C[8]) / 3;
  real square = 0;
  for (int k = 0; k < 9; k++) {
    const real dev = C[k] - (k % 4 == 0 ? t.volumetric : 0);
    square += dev * dev / 2;
  }
  t.von_mises = sqrtl(square);
  t.volume_change = det3(t.F) - 1;
  polar(t.F, R);
  t.rotation = 2 * atan2l(R[7] - R[5], 1 + R[0] + R[4] + R[8]); /* y to z */
  t.strain_12 = t.E[5];
  return t;
}

static double difference(const mg_strain *s, int64_t k, const truth *t) {
  const double *mine[] = {&s->von_mises[k], &s->volumetric[k], &s->volume_change[k],
                          &s->rotation[k],  &s->strain_12[k],  &s->d2min[k]};
  const real expected[] = {t->von_mises, t->volumetric, t->volume_change,
                           t->rotation,  t->strain_12,  t->d2min};
  double most = s->valid[k] && s->neighbours[k] == t->neighbours ? 0 : INFINITY;
  for (int f = 0; f < 6; f++)
    most = fmax(most, (double)(fabsl(*mine[f] - expected[f]) / fmaxl(1, fabsl(expected[f]))));
  for (int c = 0; c < 6; c++) most = fmax(most, (double)fabsl(s->strain[k][c] - t->E[c]));
  for (int c = 0; c < 9; c++) most = fmax(most, (double)fabsl(s->gradient[k][c] - t->F[c]));
  return most;
}

/* Shear with noise, atoms half a box away and in other images, other edges. */
static void stir(void) {
  sample_deform(&now, &then, (double[9]){1.01, .02, .01, -.03, .98, .15, .02, .1, 1.04});
  for (int a = 0; a < 3; a++) /* edges of open axes mean nothing, nor does the origin */
    if (!then.box.periodic[a]) now.box.length[a] *= 1.7;
  now.box.lo[0] += 2;
  for (int i = 0; i < then.n; i++)
    for (int a = 0; a < 3; a++) {
      now.x[i][a] += 0.4 * sample_noise(2, i, a);
      if (!then.box.periodic[a]) continue;
      if (i % 7 == a) now.x[i][a] += 0.5 * then.box.length[a];
      /* the reference itself is unwrapped over several images */
      const int images = (int)(2.5 * sample_noise(3, i, a));
      then.x[i][a] += images * then.box.length[a];
      now.x[i][a] += images * now.box.length[a] + (i % 11 == a ? 2 * now.box.length[a] : 0);
    }
}

static void compare_with_brute_force(mg_box box, double cutoff) {
  sample_random(&then, box);
  stir();
  for (int affine = MG_AFFINE_NONE; affine <= MG_AFFINE_TO_CURRENT; affine++) {
    mg_reference *reference;
    mg_strain strain;
    sample_strain(&mpi_world, &then, &now, cutoff, (mg_affine)affine, &reference, &strain);
    const int64_t *id = mg_reference_ids(reference);
    double most = 0;
    for (int64_t k = 0; k < strain.n; k++) {
      const truth t = brute_force((int)(id[k] - then.first_id), cutoff, (mg_affine)affine);
      most = fmax(most, difference(&strain, k, &t));
    }
    ck_assert_all(&mpi_world, most < 1e-9);
    mg_strain_clear(&strain);
    mg_reference_destroy(&reference);
  }
}

START_TEST(brute_force_thin_axis) { compare_with_brute_force(sample_box(25, 17, 20, "ppp"), 10); }
END_TEST

START_TEST(brute_force_below_cutoff) {
  compare_with_brute_force(sample_box(7, 26, 31, "pop"), 10);
  compare_with_brute_force(sample_box(4.1, 3.2, 13, "ppo"), 8.5);
}
END_TEST

START_TEST(brute_force_open) { compare_with_brute_force(sample_box(15, 17, 19, "ooo"), 10); }
END_TEST

/* Bits ----------------------------------------------------------------------------------------- */

/* Row k of the distributed result against the row of the same id computed by one rank. */
static bool same_row(const mg_strain *a, int64_t k, const mg_strain *b, int64_t m) {
#define SAME(field) (memcmp(&a->field[k], &b->field[m], sizeof a->field[k]) == 0)
  return SAME(von_mises) && SAME(volumetric) && SAME(volume_change) && SAME(rotation) &&
         SAME(strain) && SAME(strain_12) && SAME(d2min) && SAME(gradient) && SAME(valid) &&
         SAME(neighbours);
#undef SAME
}

static void compare_with_one_rank(mg_box box) {
  sample_random(&then, box);
  stir();
  mg_comm alone;
  mg_reference *reference, *reference_alone;
  mg_strain strain, strain_alone;
  ck_assert_status_all(&mpi_world, mg_comm_from(&alone, MPI_COMM_SELF), MG_OK);
  sample_strain(&mpi_world, &then, &now, 10, MG_AFFINE_NONE, &reference, &strain);
  sample_strain(&alone, &then, &now, 10, MG_AFFINE_NONE, &reference_alone, &strain_alone);
  int64_t row[SAMPLE_MOST];
  bool same = strain_alone.n == then.n;
  const int64_t *id = mg_reference_ids(reference_alone);
  for (int64_t m = 0; m < strain_alone.n; m++) row[id[m] - then.first_id] = m;
  id = mg_reference_ids(reference);
  for (int64_t k = 0; k < strain.n; k++) {
    const int64_t i = id[k] - then.first_id;
    same = same && same_row(&strain, k, &strain_alone, row[i]);
    same = same && !memcmp(mg_reference_positions(reference)[k], then.x[i], sizeof then.x[i]);
  }
  ck_assert_all(&mpi_world, same);
  ck_assert_int_eq(mg_count_all(&mpi_world, strain.n), then.n);
  mg_strain_clear(&strain);
  mg_strain_clear(&strain_alone);
  mg_reference_destroy(&reference);
  mg_reference_destroy(&reference_alone);
  mg_comm_close(&alone);
}

START_TEST(same_bits_on_any_ranks) {
  compare_with_one_rank(sample_box(25, 22, 35, "ppp"));
  compare_with_one_rank(sample_box(7, 31, 73, "pop"));
  compare_with_one_rank(sample_box(25, 24, 26, "ooo"));
  compare_with_one_rank(sample_box(6, 5, 7, "ppp")); /* more ranks than cells */
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, dilation);
  tcase_add_test(tests, uniaxial);
  tcase_add_test(tests, simple_shear);
  tcase_add_test(tests, rotation_of_a_crystal);
  tcase_add_test(tests, rotation_of_a_glass);
  tcase_add_test(tests, reference_is_exactly_zero);
  tcase_add_test(tests, brute_force_thin_axis);
  tcase_add_test(tests, brute_force_below_cutoff);
  tcase_add_test(tests, brute_force_open);
  tcase_add_test(tests, same_bits_on_any_ranks);
}

MPI_CHECK_MAIN("strain", fill)
