/* Guards the snapshot writer and reader: every value stands where its atom's id says, whoever owned
 * the atom; the file is the same to the byte on any number of ranks, some of them without rows; it
 * appears whole or not at all; and it reads back to the bit. What a file should hold is computed
 * from the ids (files_check.h), never taken from another file.
 */
#include "files_check.h"
#include "mgmd/io/frame.h"
#include "mgmd/io/h5.h"
#include "mgmd/io/rows.h"

enum { SMALL = 500, LARGE = 3 * MG_ROWS_PER_WRITER + 100 };

/* Rank 0 reads a column with the serial driver and compares it with @p expect. */
static bool column_is(mg_h5 *file, const char *name, int components, int64_t total,
                      double (*expect)(int64_t id, int c), bool real) {
  char path[128];
  snprintf(path, sizeof path, "/particles/all/%s/value", name);
  mg_h5_shape shape;
  if (mg_h5_get_shape(file, path, &shape) != MG_OK) return false;
  bool good = shape.dims[0] == 1 && shape.dims[1] == total &&
              shape.rank == (components > 1 ? 3 : 2) && shape.count == total * components;
  const size_t n = (size_t)(total * components);
  double *reals = mg_calloc(n, sizeof *reals);
  int64_t *whole = mg_calloc(n, sizeof *whole);
  good = good && mg_h5_get_part(file, path, real ? MG_FLOAT64 : MG_INT64, 0, total,
                                real ? (void *)reals : (void *)whole) == MG_OK;
  for (size_t k = 0; good && k < n; k++) {
    const double value = expect(files_id((int64_t)k / components), (int)((int64_t)k % components));
    good = value == (real ? reals[k] : (double)whole[k]);
  }
  mg_free(reals);
  mg_free(whole);
  return good;
}

static double expect_id(int64_t id, int c) { return (double)(id + 0 * c); }
static double expect_x(int64_t id, int c) { return files_x(id, c); }
static double expect_x_single(int64_t id, int c) { return (double)(float)files_x(id, c); }
static double expect_image(int64_t id, int c) { return files_image(id, c); }
static double expect_species(int64_t id, int c) { return 1 + c + files_species(id); }
static double expect_stress(int64_t id, int c) { return files_value(id, 10 + c) - 0.5; }
static double expect_energy(int64_t id, int c) { return -files_value(id, 9 + c); }

static bool columns_are_right(const char *path, int64_t total) {
  mg_h5 *file;
  if (mg_h5_open(NULL, path, &file) != MG_OK) return false;
  const bool good = column_is(file, "id", 1, total, expect_id, false) &&
                    column_is(file, "position", 3, total, expect_x, true) &&
                    column_is(file, "image", 3, total, expect_image, false) &&
                    column_is(file, "species", 1, total, expect_species, false) &&
                    column_is(file, "potential_energy", 1, total, expect_energy, true) &&
                    column_is(file, "stress", 6, total, expect_stress, true);
  mg_h5_abandon(&file);
  return good;
}

static void write_and_check(int64_t total) {
  files_sample s;
  files_sample_make(&s, &mpi_world, total);
  ck_assert_status_all(&mpi_world, mg_snapshot_write(&mpi_world, files_path("a.h5"), &s.snapshot),
                       MG_OK);
  files_sample_clear(&s);
  bool good = true;
  if (mpi_world.rank == 0) good = columns_are_right(files_path("a.h5"), total);
  ck_assert_all(&mpi_world, good);
  /* the same atoms, all on one rank */
  if (mpi_world.rank == 0) {
    mg_comm self;
    good = mg_comm_from(&self, MPI_COMM_SELF) == MG_OK;
    files_sample_make(&s, &self, total);
    good = good && mg_snapshot_write(&self, files_path("b.h5"), &s.snapshot) == MG_OK;
    files_sample_clear(&s);
    mg_comm_close(&self);
    good = good && files_equal(files_path("a.h5"), files_path("b.h5")) && files_count() == 2;
  }
  ck_assert_all(&mpi_world, good);
}

START_TEST(every_value_is_in_place) { write_and_check(SMALL); }
END_TEST

START_TEST(several_writers_share_the_work) { write_and_check(LARGE); }
END_TEST

START_TEST(single_precision_is_kept) {
  files_sample s;
  files_sample_make(&s, &mpi_world, SMALL);
  s.snapshot.float32 = true;
  ck_assert_status_all(&mpi_world, mg_snapshot_write(&mpi_world, files_path("a.h5"), &s.snapshot),
                       MG_OK);
  files_sample_clear(&s);
  bool good = true;
  if (mpi_world.rank == 0) {
    mg_h5 *file;
    mg_h5_shape shape;
    good = mg_h5_open(NULL, files_path("a.h5"), &file) == MG_OK;
    good = good && mg_h5_get_shape(file, "/particles/all/position/value", &shape) == MG_OK;
    good = good && shape.size == 4 && shape.type == MG_H5_FLOAT;
    good = good && column_is(file, "position", 3, SMALL, expect_x_single, true);
    mg_h5_abandon(&file);
  }
  ck_assert_all(&mpi_world, good);
}
END_TEST

static bool attribute_is(mg_h5 *file, const char *object, const char *name, int index,
                         const char *expected) {
  char text[128];
  return mg_h5_get_attribute(file, object, name, index, text, sizeof text) &&
         strcmp(text, expected) == 0;
}

START_TEST(the_frame_is_h5md) {
  files_sample s;
  files_sample_make(&s, &mpi_world, SMALL);
  ck_assert_status_all(&mpi_world, mg_snapshot_write(&mpi_world, files_path("a.h5"), &s.snapshot),
                       MG_OK);
  files_sample_clear(&s);
  if (mpi_world.rank != 0) return;
  mg_h5 *f;
  double edges[9], origin[3], time, pressure[6];
  int64_t step, linked;
  char *input, names[MG_MAX_SPECIES][MG_SYMBOL];
  int32_t values[MG_MAX_SPECIES];
  int n;
  ck_assert_int_eq(mg_h5_open(NULL, files_path("a.h5"), &f), MG_OK);
  ck_assert_int_eq(mg_h5_get(f, "/particles/all/box/edges/value", MG_FLOAT64, 9, edges), MG_OK);
  ck_assert(edges[0] == 25.1 && edges[4] == 55.3 && edges[8] == 111.7 && edges[1] == 0);
  ck_assert_int_eq(mg_h5_get(f, "/particles/all/box/origin/value", MG_FLOAT64, 3, origin), MG_OK);
  ck_assert(origin[0] == -1.5 && origin[2] == 100);
  ck_assert_int_eq(mg_h5_get(f, "/particles/all/stress/step", MG_INT64, 1, &step), MG_OK);
  ck_assert_int_eq(mg_h5_get(f, "/observables/pressure/step", MG_INT64, 1, &linked), MG_OK);
  ck_assert_int_eq(mg_h5_get(f, "/particles/all/position/time", MG_FLOAT64, 1, &time), MG_OK);
  ck_assert(step == 123456789012 && linked == step && time == 0.1 + 0.2);
  ck_assert_int_eq(mg_h5_get(f, "/observables/pressure/value", MG_FLOAT64, 6, pressure), MG_OK);
  ck_assert(pressure[0] == 1 && pressure[5] == 6);
  ck_assert(attribute_is(f, "/particles/all/box", "boundary", 0, "periodic"));
  ck_assert(attribute_is(f, "/particles/all/box", "boundary", 1, "none"));
  ck_assert(attribute_is(f, "/particles/all/position/value", "unit", 0, "Angstrom"));
  ck_assert(attribute_is(f, "/particles/all/stress/value", "description", 0, "xx yy zz xy xz yz"));
  ck_assert(attribute_is(f, "/h5md/creator", "name", 0, "mgmd"));
  ck_assert(attribute_is(f, "/parameters/axes", "load", 0, "z"));
  ck_assert(attribute_is(f, "/parameters", "stage", 0, "compress"));
  ck_assert_int_eq(mg_h5_get_text(f, "/parameters/input", &input), MG_OK);
  ck_assert_str_eq(input, "title: a title\n");
  mg_free(input);
  ck_assert_int_eq(
      mg_h5_get_labels(f, "/particles/all/species/value", MG_MAX_SPECIES, &n, names, values),
      MG_OK);
  ck_assert(n == 2 && values[0] == 1 && values[1] == 2);
  ck_assert_str_eq(names[0], "Cu");
  ck_assert_str_eq(names[1], "Zr");
  mg_h5_abandon(&f);
}
END_TEST

/* Everything a frame holds about this rank's atoms, against the ids. */
static bool atoms_are_right(const mg_frame *frame) {
  const mg_atoms *atoms = &frame->atoms;
  bool good = true;
  for (int32_t i = 0; i < atoms->n && good; i++) {
    const int64_t id = atoms->id[i];
    good = atoms->species[i] == files_species(id);
    for (int c = 0; c < 3; c++)
      good = good && atoms->x[i][c] == files_x(id, c) && atoms->image[i][c] == files_image(id, c) &&
             atoms->v[i][c] == files_value(id, 3 + c) - 0.5 &&
             frame->reference[i][c] == 100 * files_value(id, 6 + c);
  }
  return good;
}

static void read_and_check(int64_t total) {
  files_sample s;
  files_sample_make(&s, &mpi_world, total);
  ck_assert_status_all(&mpi_world, mg_snapshot_write(&mpi_world, files_path("a.h5"), &s.snapshot),
                       MG_OK);
  mg_frame f;
  ck_assert_status_all(&mpi_world, mg_frame_read(&mpi_world, files_path("a.h5"), NULL, &f), MG_OK);
  ck_assert(f.has_velocity && f.has_image && f.has_reference && f.has_axes);
  ck_assert(f.step == s.snapshot.step && f.time == s.snapshot.time);
  ck_assert(memcmp(&f.box, &s.snapshot.box, sizeof f.box) == 0);
  ck_assert(memcmp(f.reference_box.length, s.snapshot.reference_box.length, 24) == 0);
  ck_assert(f.reference_box.periodic[0] && !f.reference_box.periodic[1]);
  ck_assert(f.axes.load == 2 && f.axes.free == 1 && f.axes.thin == 0);
  ck_assert(f.sample.length0 == 222.2 && isnan(f.sample.width0) && f.sample.pressure[0] == 0.5);
  ck_assert(f.species.n == 2 && f.species.mass[1] == 91.224);
  ck_assert(f.atoms.n_global == total && f.atoms.max_id == files_id(total - 1));
  /* each id rises, so that ids are unique, and their number is right */
  bool good = atoms_are_right(&f);
  for (int32_t i = 1; i < f.atoms.n; i++) good = good && f.atoms.id[i] > f.atoms.id[i - 1];
  ck_assert_all(&mpi_world, good);
  ck_assert(mg_count_all(&mpi_world, f.atoms.n) == total);
  mg_frame_clear(&f);
  files_sample_clear(&s);

  mg_frame_header header;
  ck_assert_status_all(&mpi_world, mg_frame_peek(files_path("a.h5"), NULL, &header), MG_OK);
  ck_assert(header.n_atoms == total && header.has_reference && header.has_velocity);
  ck_assert(header.sample.length0 == 222.2 && !header.box.periodic[1]);
}

START_TEST(it_reads_back) { read_and_check(SMALL); }
END_TEST

START_TEST(fewer_atoms_than_ranks) { read_and_check(1); }
END_TEST

START_TEST(it_appears_whole_or_not_at_all) {
  files_sample s;
  files_sample_make(&s, &mpi_world, SMALL);
  const char *nowhere = files_path("no-such-directory/a.h5");
  ck_assert_status_all(&mpi_world, mg_snapshot_write(&mpi_world, nowhere, &s.snapshot), MG_ERR_IO);
  ck_assert_all(&mpi_world, strstr(mg_error_text(), "no such file or directory") != NULL);
  mg_error_clear();
  ck_assert_all(&mpi_world, files_count() == 0);

  /* the way to the final name is blocked by a directory: an old state must survive */
  if (mpi_world.rank == 0) mkdir(files_path("b.h5"), 0777);
  MPI_Barrier(MPI_COMM_WORLD);
  ck_assert_status_all(&mpi_world, mg_snapshot_write(&mpi_world, files_path("b.h5"), &s.snapshot),
                       MG_ERR_IO);
  ck_assert_all(&mpi_world, files_count() == 1);
  MPI_Barrier(MPI_COMM_WORLD);
  if (mpi_world.rank == 0) rmdir(files_path("b.h5"));
  files_sample_clear(&s);
}
END_TEST

START_TEST(sets_must_speak_of_the_same_atoms) {
  files_sample s;
  files_sample_make(&s, &mpi_world, SMALL);
  /* one atom of the second set, on one rank, is another one */
  const int last = mpi_world.size - 1;
  int64_t kept = 0;
  if (mpi_world.rank == last) {
    kept = s.b.id[0];
    s.b.id[0] = 4; /* a gap */
  }
  ck_assert_status_all(&mpi_world, mg_snapshot_write(&mpi_world, files_path("a.h5"), &s.snapshot),
                       MG_ERR_INTERNAL);
  mg_error_clear();
  if (mpi_world.rank == last) s.b.id[0] = kept == 1 ? 2 : 1; /* now twice */
  ck_assert_status_all(&mpi_world, mg_snapshot_write(&mpi_world, files_path("a.h5"), &s.snapshot),
                       MG_ERR_INTERNAL);
  ck_assert_all(&mpi_world, strstr(mg_error_text(), "twice") != NULL);
  mg_error_clear();
  if (mpi_world.rank == last) {
    s.b.id[0] = kept;
    s.a.species[0] = 2;
  }
  ck_assert_status_all(&mpi_world, mg_snapshot_write(&mpi_world, files_path("a.h5"), &s.snapshot),
                       MG_ERR_INTERNAL);
  ck_assert_all(&mpi_world, files_count() == 0);
  files_sample_clear(&s);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, files_setup, files_teardown);
  tcase_add_test(tests, every_value_is_in_place);
  tcase_add_test(tests, several_writers_share_the_work);
  tcase_add_test(tests, single_precision_is_kept);
  tcase_add_test(tests, the_frame_is_h5md);
  tcase_add_test(tests, it_reads_back);
  tcase_add_test(tests, fewer_atoms_than_ranks);
  tcase_add_test(tests, it_appears_whole_or_not_at_all);
  tcase_add_test(tests, sets_must_speak_of_the_same_atoms);
}

MPI_CHECK_MAIN("snapshot", fill)
