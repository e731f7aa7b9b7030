/* Claims: neighbourhoods that do not fix a gradient are marked and hold zeros (fewer than three
 * neighbours, flat, collapsed since the reference), all others are not; configurations that do not
 * belong together are refused with one agreed message; no atoms at all and one atom with its own
 * images work.
 */
#include "strain_sample.h"

static sample then, now;

/* An empty sample in an open box. */
static void start(void) {
  then.n = 0;
  then.first_id = 1;
  then.box = sample_box(1000, 1000, 1000, "ooo");
}

static void add_atom(double x, double y, double z) {
  const double at[3] = {x, y, z};
  memcpy(then.x[then.n++], at, sizeof at);
}

/* A sheet of 5 x 5 atoms in the y-z plane, buckled by @p height. */
static void add_sheet(double x, double height) {
  for (int k = 0; k < 25; k++)
    add_atom(x + height * sample_noise(4, k, 0), 2.7 * (k % 5), 2.7 * (double)(k / 5));
}

/* Rows of this rank whose validity is not @p valid[id - 1], or that are invalid but not zero. */
static int count_wrong(const mg_reference *reference, const mg_strain *s, const bool *valid) {
  int wrong = 0;
  const int64_t *id = mg_reference_ids(reference);
  for (int64_t k = 0; k < s->n; k++) {
    const bool expected = valid[id[k] - 1];
    wrong += s->valid[k] != expected;
    if (expected) continue;
    double sum = fabs(s->von_mises[k]) + fabs(s->volumetric[k]) + fabs(s->volume_change[k]) +
                 fabs(s->rotation[k]) + fabs(s->strain_12[k]) + fabs(s->d2min[k]);
    for (int c = 0; c < 6; c++) sum += fabs(s->strain[k][c]);
    for (int c = 0; c < 9; c++) sum += fabs(s->gradient[k][c]);
    wrong += sum != 0;
  }
  return wrong;
}

static void expect_validity(const bool *valid) {
  mg_reference *reference;
  mg_strain strain;
  sample_strain(&mpi_world, &then, &now, 10, MG_AFFINE_NONE, &reference, &strain);
  ck_assert_all(&mpi_world, count_wrong(reference, &strain, valid) == 0);
  mg_strain_clear(&strain);
  mg_reference_destroy(&reference);
}

START_TEST(poor_neighbourhoods) {
  bool valid[SAMPLE_MOST] = {false};
  start();
  add_atom(500, 0, 0);                                     /* alone */
  for (int k = 0; k < 3; k++) add_atom(400, 3 * k, k * k); /* two neighbours each */
  add_sheet(300, 0);                                       /* det V = 0 */
  add_sheet(200, 0.1); /* det V > 0, but least/most of V about 1e-4 */
  const int first_valid = then.n;
  add_sheet(100, 2);
  add_atom(0, 0, 0); /* a tetrahedron: three neighbours are enough */
  add_atom(3, 0, 0);
  add_atom(0, 3, 0);
  add_atom(0, 0, 3);
  for (int k = first_valid; k < then.n; k++) valid[k] = true;
  sample_deform(&now, &then, (double[9]){1, .1, 0, 0, 1, .1, 0, 0, 1});
  expect_validity(valid);
}
END_TEST

START_TEST(collapsed) {
  const bool valid[SAMPLE_MOST] = {false};
  start();
  add_sheet(0, 2);
  sample_deform(&now, &then, (double[9]){0, 0, 0, 0, 1, 0, 0, 0, 1});
  expect_validity(valid);
}
END_TEST

/* A mirror image has det F < 0 and is not singular. */
START_TEST(mirrored) {
  start();
  add_sheet(0, 2);
  /* through the origin, then a turn in the y-z plane */
  const double c = cos(0.7), s = sin(0.7);
  sample_deform(&now, &then, (double[9]){-1, 0, 0, 0, -c, s, 0, -s, -c});
  mg_reference *reference;
  mg_strain strain;
  sample_strain(&mpi_world, &then, &now, 10, MG_AFFINE_NONE, &reference, &strain);
  ck_assert_all(&mpi_world, sample_departure(&strain, (double[6]){0}, -2, 0.7) < 1e-10);
  mg_strain_clear(&strain);
  mg_reference_destroy(&reference);
}
END_TEST

START_TEST(far_away_atom) {
  bool valid[SAMPLE_MOST];
  sample_random(&then, sample_box(20, 22, 24, "pop"));
  then.first_id = 1;
  memset(valid, 1, sizeof valid);
  then.x[3][1] = 3e7;
  valid[3] = false;
  now = then;
  expect_validity(valid);
}
END_TEST

/* Extents far below the cutoff on open axes: one cell, no huge reach. */
START_TEST(flat_open_sample) {
  const bool valid[SAMPLE_MOST] = {false};
  start();
  add_sheet(0, 1e-9);
  now = then;
  expect_validity(valid);
}
END_TEST

START_TEST(own_images_only) {
  start();
  then.box = sample_box(3, 4, 5, "ppp");
  add_atom(0, 30, 0.4);
  sample_deform(&now, &then, (double[9]){1.1, 0, 0, 0, 1, 0, 0, 0, 1});
  mg_reference *reference;
  mg_strain strain;
  sample_strain(&mpi_world, &then, &now, 10, MG_AFFINE_NONE, &reference, &strain);
  ck_assert_all(&mpi_world, sample_departure(&strain, (double[6]){.105}, .1, 0) < 1e-14);
  ck_assert_int_eq(mg_count_all(&mpi_world, strain.n), 1);
  mg_strain_clear(&strain);
  mg_reference_destroy(&reference);
}
END_TEST

START_TEST(no_atoms) {
  static const char *const boundary[2] = {"ppp", "poo"};
  for (int k = 0; k < 2; k++) {
    start();
    then.box = sample_box(30, 40, 50, boundary[k]);
    now = then;
    expect_validity(NULL);
  }
}
END_TEST

/* Refusals ------------------------------------------------------------------------------------- */

static void refuse(mg_reference *reference, const share *rows, const mg_box *box,
                   const char *message) {
  mg_strain strain;
  ck_assert_status_all(&mpi_world,
                       mg_strain_compute(reference, &mpi_world, rows->n, rows->id,
                                         (const double(*)[3])rows->x, box, &sample_axes,
                                         MG_AFFINE_NONE, &strain),
                       MG_ERR_RUN);
  ck_assert_all(&mpi_world, strcmp(mg_error_text(), message) == 0);
  mg_error_clear();
}

/* The row of an atom if this rank gives it, else one that nobody looks at. */
static int64_t row_of(const share *rows, int64_t id) {
  for (int64_t k = 0; k < rows->n; k++)
    if (rows->id[k] == id) return k;
  return SAMPLE_MOST - 1;
}

START_TEST(other_atoms) {
  static share rows;
  mg_reference *reference;
  sample_random(&then, sample_box(12, 14, 16, "pop"));
  sample_share(&then, &mpi_world, 3, &rows);
  ck_assert_status_all(&mpi_world,
                       mg_reference_create(&mpi_world, rows.n, rows.id, (const double(*)[3])rows.x,
                                           &then.box, 10, &reference),
                       MG_OK);
  const int64_t k = row_of(&rows, 40);
  rows.id[k] = 4000;
  refuse(reference, &rows, &then.box, "atom 4000 is not in the strain reference");
  rows.id[k] = 41;
  /* both wrong at once, seen by two directory ranks: the lower one speaks */
  refuse(reference, &rows, &then.box,
         40 % mpi_world.size < 41 % mpi_world.size ? "atom 40 of the strain reference is missing"
                                                   : "id 41 occurs twice");
  rows.id[k] = 40;
  const double x = rows.x[k][2];
  rows.x[k][2] = NAN;
  refuse(reference, &rows, &then.box, "atom 40 has position z = nan A");
  rows.x[k][2] = x;
  if (k < rows.n) { /* drop it */
    rows.n--;
    rows.id[k] = rows.id[rows.n];
    memcpy(rows.x[k], rows.x[rows.n], sizeof rows.x[k]);
  }
  refuse(reference, &rows, &then.box, "atom 40 of the strain reference is missing");
  mg_reference_destroy(&reference);
}
END_TEST

START_TEST(other_box) {
  static share rows;
  mg_reference *reference;
  sample_random(&then, sample_box(12, 14, 16, "pop"));
  sample_share(&then, &mpi_world, 3, &rows);
  ck_assert_status_all(&mpi_world,
                       mg_reference_create(&mpi_world, rows.n, rows.id, (const double(*)[3])rows.x,
                                           &then.box, 10, &reference),
                       MG_OK);
  mg_box box = then.box;
  box.periodic[1] = true;
  refuse(reference, &rows, &box,
         "strain: axis y is periodic now but open in the reference; it must be the same in both");
  box = then.box;
  box.length[2] = 0;
  refuse(reference, &rows, &box, "strain: edge z of the box is 0 A");
  mg_reference_destroy(&reference);
}
END_TEST

static void refuse_reference(const share *rows, const mg_box *box, double cutoff, mg_status code,
                             const char *message) {
  mg_reference *reference;
  ck_assert_status_all(&mpi_world,
                       mg_reference_create(&mpi_world, rows->n, rows->id,
                                           (const double(*)[3])rows->x, box, cutoff, &reference),
                       code);
  ck_assert_all(&mpi_world, !reference && strcmp(mg_error_text(), message) == 0);
  mg_error_clear();
}

START_TEST(bad_references) {
  static share rows;
  sample_random(&then, sample_box(12, 14, 16, "pop"));
  sample_share(&then, &mpi_world, 3, &rows);
  const int64_t k = row_of(&rows, 40);
  refuse_reference(&rows, &then.box, -1, MG_ERR_INPUT, "strain cutoff -1 A; it must be above zero");
  refuse_reference(&rows, &then.box, 601, MG_ERR_INPUT,
                   "strain cutoff 601 A; it may be at most 50 times the periodic edge of 12 A");
  const double x = rows.x[k][1];
  rows.x[k][1] = INFINITY;
  rows.id[k] = 40;
  refuse_reference(&rows, &then.box, 10, MG_ERR_RUN,
                   "strain reference: atom 40 has position y = inf A");
  rows.x[k][1] = x;
  rows.id[k] = 41;
  refuse_reference(&rows, &then.box, 10, MG_ERR_RUN, "strain reference: id 41 occurs twice");
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, poor_neighbourhoods);
  tcase_add_test(tests, collapsed);
  tcase_add_test(tests, mirrored);
  tcase_add_test(tests, far_away_atom);
  tcase_add_test(tests, flat_open_sample);
  tcase_add_test(tests, own_images_only);
  tcase_add_test(tests, no_atoms);
  tcase_add_test(tests, other_atoms);
  tcase_add_test(tests, other_box);
  tcase_add_test(tests, bad_references);
}

MPI_CHECK_MAIN("strain edges", fill)
