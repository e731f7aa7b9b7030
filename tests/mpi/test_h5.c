/* Guards what snapshots are made of: rows sorted over any number of writers, transfers cut into
 * pieces, and what `info` and `diff` say about a file. The hash is computed here once more from the
 * definition of FNV-1a (RFC 9923), number by number.
 */
#include "files_check.h"
#include "mgmd/io/diff.h"
#include "mgmd/io/h5.h"
#include "mgmd/io/info.h"
#include "mgmd/io/rows.h"
#include "mgmd/io/xdmf.h"

enum { ATOMS = 300 };

START_TEST(rows_are_sorted_over_the_ranks) {
  static const int64_t per_writer[] = {1, 60, 100, 150, 1000};
  for (size_t w = 0; w < sizeof per_writer / sizeof per_writer[0]; w++) {
    files_atoms a = files_atoms_make(&mpi_world, ATOMS, (int)w, mpi_world.size > 1 ? 0 : -1);
    mg_rows rows;
    void *sorted;
    ck_assert_status_all(&mpi_world, mg_rows_plan(&mpi_world, a.n, a.id, per_writer[w], &rows),
                         MG_OK);
    ck_assert_status_all(
        &mpi_world, mg_rows_move(&mpi_world, &rows, sizeof *a.stress, a.stress, &sorted), MG_OK);
    bool good = rows.total == ATOMS && rows.offset == mg_count_before(&mpi_world, rows.n);
    for (int64_t k = 0; k < rows.n && good; k++) {
      good = rows.id[k] == files_id(rows.offset + k);
      for (int c = 0; c < 6; c++)
        good = good && ((double(*)[6])sorted)[k][c] == files_value(rows.id[k], 10 + c) - 0.5;
    }
    ck_assert_all(&mpi_world, good);
    ck_assert(mg_count_all(&mpi_world, rows.n) == ATOMS);
    /* no more writers than asked for, and all of them when ranks are few */
    const int64_t writers = mg_count_all(&mpi_world, rows.n > 0);
    const int64_t wanted = ATOMS / per_writer[w] > 1 ? ATOMS / per_writer[w] : 1;
    ck_assert(writers == (wanted < mpi_world.size ? wanted : mpi_world.size));
    mg_free(sorted);
    mg_rows_clear(&rows);
    files_atoms_clear(&a);
  }
}
END_TEST

START_TEST(ids_below_one_are_refused) {
  const int64_t id[2] = {mpi_world.rank + 10, mpi_world.rank == mpi_world.size - 1 ? 0 : 100};
  mg_rows rows;
  const int64_t n = mpi_world.rank == mpi_world.size - 1 ? 2 : 1;
  ck_assert_status_all(&mpi_world, mg_rows_plan(&mpi_world, n, id, 1, &rows), MG_ERR_INTERNAL);
}
END_TEST

/* Rows of 3 numbers in pieces of 1, 2 and 3 rows, also by ranks with different numbers of rows. */
START_TEST(transfers_are_cut_into_pieces) {
  static const int64_t slabs[] = {1, 48, 80, 1 << 20};
  const int64_t n = 5 * mpi_world.rank, offset = mg_count_before(&mpi_world, n);
  const int64_t total = mg_count_all(&mpi_world, n) + 1;
  const mg_h5_spec spec = {MG_FLOAT64, 3, {1, total, 3}, NULL, NULL, NULL};
  double(*x)[3] = mg_calloc((size_t)n, sizeof *x), (*back)[3] = mg_calloc((size_t)n, sizeof *x);
  for (size_t s = 0; s < sizeof slabs / sizeof slabs[0]; s++) {
    mg_h5 *file;
    for (int64_t k = 0; k < n; k++)
      for (int c = 0; c < 3; c++) x[k][c] = files_value(offset + k, (int)s + c);
    bool made = true;
    if (mpi_world.rank == 0)
      made = mg_h5_create(files_path("a.h5"), &file) == MG_OK &&
             mg_h5_dataset(file, "/x", &spec) == MG_OK && mg_h5_close(&file) == MG_OK;
    ck_assert_all(&mpi_world, made);
    ck_assert_status_all(&mpi_world, mg_h5_open_rows(&mpi_world, files_path("a.h5"), &file), MG_OK);
    mg_h5_set_slab(file, slabs[s]);
    ck_assert_status_all(&mpi_world, mg_h5_write_rows(file, "/x", MG_FLOAT64, offset, n, x), MG_OK);
    /* beyond the end, on the last rank only */
    const int64_t past = mpi_world.rank == mpi_world.size - 1 ? total : offset;
    const int64_t some = mpi_world.rank == mpi_world.size - 1 ? 1 : 0;
    double one[3] = {0};
    ck_assert_status_all(&mpi_world, mg_h5_write_rows(file, "/x", MG_FLOAT64, past, some, one),
                         MG_ERR_IO);
    mg_error_clear();
    ck_assert_status_all(&mpi_world, mg_h5_write_rows(file, "/x", MG_FLOAT32, offset, 0, x),
                         MG_ERR_IO);
    mg_error_clear();
    ck_assert_status_all(&mpi_world, mg_h5_close(&file), MG_OK);
    ck_assert_status_all(&mpi_world, mg_h5_open(&mpi_world, files_path("a.h5"), &file), MG_OK);
    mg_h5_set_slab(file, slabs[s]);
    ck_assert_status_all(&mpi_world, mg_h5_read_rows(file, "/x", MG_FLOAT64, 3, offset, n, back),
                         MG_OK);
    ck_assert_all(&mpi_world, memcmp(x, back, (size_t)n * sizeof *x) == 0);
    mg_h5_abandon(&file);
  }
  mg_free(x);
  mg_free(back);
}
END_TEST

static void write_sample(const char *name, double change) {
  files_sample s;
  files_sample_make(&s, &mpi_world, ATOMS);
  for (int32_t i = 0; i < s.a.n; i++)
    if (s.a.id[i] == 7 || s.a.id[i] == 9) s.a.x[i][1] += change;
  s.snapshot.provenance = change == 0 ? "one" : "two";
  ck_assert_status_all(&mpi_world, mg_snapshot_write(&mpi_world, files_path(name), &s.snapshot),
                       MG_OK);
  files_sample_clear(&s);
}

/* What a function prints, into a text. */
static FILE *printed(void) { return fopen(files_path("printed"), "w+"); }

static bool told(FILE *file, const char *line) {
  char text[512];
  bool found = false;
  rewind(file);
  while (fgets(text, sizeof text, file)) found = found || strstr(text, line);
  return found;
}

START_TEST(diff_finds_what_differs) {
  write_sample("a.h5", 0);
  write_sample("b.h5", 0);
  write_sample("c.h5", 0.125);
  if (mpi_world.rank != 0) return;
  bool equal;
  FILE *out = printed();
  ck_assert_int_eq(mg_diff_files(files_path("a.h5"), files_path("b.h5"), out, &equal), MG_OK);
  ck_assert(equal && told(out, "equal"));
  ck_assert_int_eq(mg_diff_files(files_path("a.h5"), files_path("c.h5"), out, &equal), MG_OK);
  ck_assert(!equal);
  ck_assert(told(out, "/particles/all/position/value: 2 of 900 entries differ, by up to 0.125"));
  ck_assert(told(out, "/parameters/provenance: the texts differ (not counted)"));
  ck_assert(told(out, "differences: 1;"));
  fclose(out);
  ck_assert_int_eq(mg_diff_files(files_path("a.h5"), files_path("none.h5"), NULL, &equal),
                   MG_ERR_INPUT);
}
END_TEST

static uint64_t fnv(uint64_t hash, const void *data, size_t n) {
  for (size_t k = 0; k < n; k++) hash = (hash ^ ((const unsigned char *)data)[k]) * 1099511628211u;
  return hash;
}

START_TEST(hash_is_of_the_contents) {
  write_sample("a.h5", 0);
  write_sample("b.h5", 0);
  write_sample("c.h5", 0.125);
  if (mpi_world.rank != 0) return;
  static const char image[] = "/particles/all/image/value";
  /* name, 1 for real numbers, dimensions, then the numbers as 8 bytes */
  uint64_t expected = 14695981039346656037u, hash, other;
  const int64_t head[4] = {0, 1, ATOMS, 3};
  expected = fnv(fnv(expected, image, sizeof image), head, sizeof head);
  for (int64_t k = 0; k < 3 * ATOMS; k++) {
    const int64_t value = files_image(files_id(k / 3), (int)(k % 3));
    expected = fnv(expected, &value, sizeof value);
  }
  ck_assert_int_eq(mg_info_hash(files_path("a.h5"), image, &hash), MG_OK);
  ck_assert(hash == expected);
  ck_assert_int_eq(mg_info_hash(files_path("a.h5"), NULL, &hash), MG_OK);
  ck_assert_int_eq(mg_info_hash(files_path("b.h5"), NULL, &other), MG_OK);
  ck_assert(hash == other);
  ck_assert_int_eq(mg_info_hash(files_path("c.h5"), NULL, &other), MG_OK);
  ck_assert(hash != other);
  ck_assert_int_eq(mg_info_hash(files_path("a.h5"), "/nothing", &other), MG_ERR_INPUT);
}
END_TEST

START_TEST(info_tells_what_is_there) {
  write_sample("a.h5", 0);
  if (mpi_world.rank != 0) return;
  FILE *out = printed();
  ck_assert_int_eq(mg_info_file(files_path("a.h5"), NULL, 0, false, out), MG_OK);
  static const char *const lines[] = {"300, elements Cu Zr",
                                      "composition  200 Cu, 100 Zr",
                                      "25.1 x 55.3 x 111.7 Angstrom",
                                      "periodic: x z",
                                      "123456789012",
                                      "load z, free y, thin x",
                                      "a title",
                                      "compress",
                                      "float64[300][3]",
                                      "temperature",
                                      "50.5 K",
                                      "222.2 Angstrom",
                                      "  one"};
  for (size_t k = 0; k < sizeof lines / sizeof lines[0]; k++)
    ck_assert_msg(told(out, lines[k]), "'%s' is not told", lines[k]);
  fclose(out);
  out = printed();
  ck_assert_int_eq(mg_info_file(files_path("a.h5"), NULL, 0, true, out), MG_OK);
  ck_assert(told(out, "  /particles/all/position/value") && told(out, "  all"));
  fclose(out);
}
END_TEST

/* Groups nested by the thousand would keep HDF5 busy for minutes. */
START_TEST(what_is_nested_too_deeply_is_refused) {
  if (mpi_world.rank != 0) return;
  char path[201] = "", below[208], *names;
  for (int k = 0; k < 100; k++) strcat(path, "/g");
  mg_h5 *file;
  int64_t n;
  ck_assert_int_eq(mg_h5_create(files_path("a.h5"), &file), MG_OK);
  ck_assert_int_eq(mg_h5_group(file, path), MG_OK);
  ck_assert_int_eq(mg_h5_list(file, &names, &n), MG_OK);
  ck_assert_int_eq(n, 0);
  mg_free(names);
  /* the name of a link is short, what it leads to is twice as deep */
  ck_assert_int_eq(mg_h5_link(file, path, "/short"), MG_OK);
  snprintf(below, sizeof below, "/short%s", path);
  ck_assert_int_eq(mg_h5_group(file, below), MG_OK);
  ck_assert_int_ne(mg_h5_list(file, &names, &n), MG_OK);
  ck_assert_ptr_null(names);
  mg_error_clear();
  ck_assert_int_eq(mg_h5_close(&file), MG_OK);
}
END_TEST

START_TEST(series_refers_to_what_is_there) {
  write_sample("a-000000.h5", 0);
  write_sample("a-000001.h5", 0.125);
  if (mpi_world.rank != 0) return;
  mg_xdmf series = {0};
  ck_assert_int_eq(mg_xdmf_add(&series, files_path("a-000000.h5")), MG_OK);
  ck_assert_int_eq(mg_xdmf_add(&series, files_path("none.h5")), MG_ERR_INPUT);
  mg_error_clear();
  ck_assert_int_eq(mg_xdmf_add(&series, files_path("a-000001.h5")), MG_OK);
  ck_assert_int_eq(series.n, 2);
  ck_assert_int_eq(mg_xdmf_write(&series, files_path("a.xdmf")), MG_OK);
  mg_xdmf_clear(&series);
  FILE *file = fopen(files_path("a.xdmf"), "r");
  ck_assert(told(file, "<Time Value=\"0.30000000000000004\"/>"));
  ck_assert(told(file, "<DataItem Dimensions=\"1 300 3\" NumberType=\"Float\" Precision=\"8\" "
                       "Format=\"HDF\">a-000001.h5:/particles/all/position/value</DataItem>"));
  ck_assert(told(file, "<Attribute Name=\"stress_yz\" AttributeType=\"Scalar\""));
  ck_assert(told(file, "<Attribute Name=\"velocity\" AttributeType=\"Vector\""));
  ck_assert(!told(file, files_directory)); /* names only: the directory may move */
  fclose(file);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, files_setup, files_teardown);
  tcase_add_test(tests, rows_are_sorted_over_the_ranks);
  tcase_add_test(tests, ids_below_one_are_refused);
  tcase_add_test(tests, transfers_are_cut_into_pieces);
  tcase_add_test(tests, diff_finds_what_differs);
  tcase_add_test(tests, hash_is_of_the_contents);
  tcase_add_test(tests, info_tells_what_is_there);
  tcase_add_test(tests, what_is_nested_too_deeply_is_refused);
  tcase_add_test(tests, series_refers_to_what_is_there);
}

MPI_CHECK_MAIN("h5", fill)
