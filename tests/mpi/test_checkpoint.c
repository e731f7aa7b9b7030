/* Claim: a checkpoint brings back every bit, on any number of ranks; and a file in which any one of
 * its datasets was changed or from which anything was cut off is refused. The damage is done where
 * HDF5 says that the dataset's bytes are.
 */
#include "mgmd/io/checkpoint.h"
#include "mgmd/io/h5.h"
#include "mpi_check.h"

#include <hdf5.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { N = 41 };

typedef struct things {
  bool flag[2];
  int small;
  int64_t large;
  double real[3];
  mg_vector window;
} things;

static const mg_record records[] = {MG_RECORD("flag", BOOL, 2, things, flag, NULL),
                                    MG_RECORD("small", INT, 1, things, small, NULL),
                                    MG_RECORD("large", INT64, 1, things, large, NULL),
                                    MG_RECORD("real", REAL, 3, things, real, "eV"),
                                    MG_RECORD("window", VECTOR, 1, things, window, "GPa"),
                                    {.name = NULL}};

static double window[5] = {1, -2, 0.1, 1e300, 5e-324};
static const things given = {
    {true, false}, -7, INT64_MIN / 3, {NAN, -0.0, 1.0 / 3}, {window, 5}};
static char path[64];

/* Atom ids with gaps, dealt out in another order than that of the ids. */
static int64_t id_of(int k) { return 3 * k + 1; }

static double number(int64_t id, int c) { return sin((double)id * 7 + c) * 1e3; }

static void fill_atoms(mg_atoms *atoms, double (*reference)[3]) {
  ck_assert_int_eq(mg_atoms_reserve(atoms, N), MG_OK);
  for (int k = N - 1; k >= 0; k--) {
    if (k * k % mpi_world.size != mpi_world.rank) continue;
    const int32_t i = atoms->n++;
    atoms->id[i] = id_of(k);
    atoms->species[i] = k % 2;
    atoms->tag[i] = k % 4;
    for (int c = 0; c < 3; c++) {
      atoms->image[i][c] = -k + c;
      atoms->x[i][c] = number(atoms->id[i], c);
      atoms->v[i][c] = number(atoms->id[i], 3 + c);
      atoms->x_build[i][c] = number(atoms->id[i], 6 + c);
      reference[i][c] = number(atoms->id[i], 9 + c);
    }
  }
}

static mg_status put(bool has_reference) {
  mg_atoms atoms = {0};
  double reference[N][3];
  const mg_checkpoint_group groups[] = {{"state", records, &given}, {"stage", NULL, NULL}};
  const mg_checkpoint_text texts[] = {{"input", "stages:\n"}, {"empty", ""}};
  fill_atoms(&atoms, reference);
  const mg_checkpoint checkpoint = {.n_groups = 2,
                                    .groups = groups,
                                    .n_texts = 2,
                                    .texts = texts,
                                    .atoms = &atoms,
                                    .has_reference = has_reference,
                                    .n_reference = atoms.n,
                                    .reference_id = atoms.id,
                                    .reference = (const double(*)[3])reference};
  const mg_status status = mg_checkpoint_write(&mpi_world, path, &checkpoint);
  mg_atoms_clear(&atoms);
  return status;
}

static bool same_atom(const mg_atoms *atoms, int32_t i, const double (*reference)[3]) {
  const int64_t id = atoms->id[i];
  const int k = (int)(id - 1) / 3;
  bool same = id == id_of(k) && atoms->species[i] == k % 2 && atoms->tag[i] == k % 4;
  for (int c = 0; c < 3; c++)
    same = same && atoms->image[i][c] == -k + c && atoms->x[i][c] == number(id, c) &&
           atoms->v[i][c] == number(id, 3 + c) && atoms->x_build[i][c] == number(id, 6 + c) &&
           (!reference || reference[i][c] == number(id, 9 + c));
  return same;
}

/* Everything that @p comm (NULL: this rank alone) finds in the file. */
static mg_status look(const mg_comm *comm) {
  mg_checkpoint_file *file;
  mg_atoms atoms = {0};
  double(*reference)[3] = NULL;
  mg_status status = mg_checkpoint_open(comm, path, &file);
  if (status == MG_OK) status = mg_checkpoint_get_atoms(file, 2, &atoms, &reference);
  mg_checkpoint_close(&file);
  mg_atoms_clear(&atoms);
  mg_free(reference);
  return status;
}

static void setup(void) {
  snprintf(path, sizeof path, "/tmp/mgmd-checkpoint-%ld", (long)getpid());
  mg_broadcast(&mpi_world, path, sizeof path, 0);
}

static void teardown(void) {
  mg_barrier(&mpi_world);
  if (mpi_world.rank == 0) unlink(path);
  mg_error_clear();
  mg_barrier(&mpi_world);
}

START_TEST(brings_back_every_bit) {
  mg_checkpoint_file *file;
  mg_atoms atoms;
  double(*reference)[3];
  things found = {.small = 0};
  char *text;
  ck_assert_status_all(&mpi_world, put(_i), MG_OK);
  ck_assert_status_all(&mpi_world, mg_checkpoint_open(&mpi_world, path, &file), MG_OK);
  ck_assert_int_eq(mg_checkpoint_atoms(file), N);
  ck_assert_status_all(&mpi_world, mg_checkpoint_get(file, "state", records, &found), MG_OK);
  ck_assert_all(&mpi_world, memcmp(found.flag, given.flag, sizeof found.flag) == 0);
  ck_assert_all(&mpi_world, found.small == given.small && found.large == given.large);
  ck_assert_all(&mpi_world, memcmp(found.real, given.real, sizeof found.real) == 0);
  ck_assert_all(&mpi_world,
                found.window.n == 5 && memcmp(found.window.value, window, sizeof window) == 0);
  ck_assert_status_all(&mpi_world, mg_checkpoint_get_text(file, "empty", &text), MG_OK);
  ck_assert_all(&mpi_world, text[0] == '\0');
  mg_free(text);
  ck_assert_status_all(&mpi_world, mg_checkpoint_get_atoms(file, 2, &atoms, &reference), MG_OK);
  ck_assert_all(&mpi_world, (reference != NULL) == _i);
  ck_assert_int_eq(mg_count_all(&mpi_world, atoms.n), N);
  bool same = atoms.n_global == N && atoms.max_id == id_of(N - 1);
  for (int32_t i = 0; i < atoms.n; i++)
    same = same && same_atom(&atoms, i, (const double(*)[3])reference);
  ck_assert_all(&mpi_world, same);
  mg_atoms_clear(&atoms);
  mg_free(reference);
  mg_records_clear(records, &found);
  mg_checkpoint_close(&file);
}
END_TEST

START_TEST(another_table_is_refused) {
  static const mg_record other[] = {MG_RECORD("flag", BOOL, 1, things, flag, NULL),
                                    {.name = NULL}};
  static const mg_record missing[] = {MG_RECORD("none", BOOL, 1, things, flag, NULL),
                                      {.name = NULL}};
  static const mg_record kind[] = {MG_RECORD("real", INT64, 3, things, large, NULL),
                                   {.name = NULL}};
  const mg_record *const tables[] = {other, missing, kind};
  mg_checkpoint_file *file;
  things found = {.small = 0};
  ck_assert_status_all(&mpi_world, put(false), MG_OK);
  ck_assert_status_all(&mpi_world, mg_checkpoint_open(&mpi_world, path, &file), MG_OK);
  for (int k = 0; k < 3; k++) {
    ck_assert_status_all(&mpi_world, mg_checkpoint_get(file, "state", tables[k], &found),
                         MG_ERR_INPUT);
    mg_error_clear();
  }
  mg_checkpoint_close(&file);
}
END_TEST

static void turn_bit(long at) {
  FILE *file = fopen(path, "r+b");
  ck_assert_ptr_nonnull(file);
  fseek(file, at, SEEK_SET);
  const int byte = fgetc(file);
  fseek(file, at, SEEK_SET);
  fputc(byte ^ 4, file);
  fclose(file);
}

/* Where the bytes of a dataset are. @return false when it has none */
static bool place_of(const char *name, long *first, long *size) {
  const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
  const haddr_t offset = H5Dget_offset(dataset);
  *size = (long)H5Dget_storage_size(dataset);
  *first = (long)offset;
  H5Dclose(dataset);
  H5Fclose(file);
  return offset != HADDR_UNDEF && *size > 0;
}

/* One rank does the damage and looks; the others' way is the same code with agreements. */
static int damage_all(void) {
  mg_h5 *file;
  char *names;
  int64_t n;
  int n_damaged = 0;
  ck_assert_int_eq(mg_h5_open(NULL, path, &file), MG_OK);
  ck_assert_int_eq(mg_h5_list(file, &names, &n), MG_OK);
  mg_h5_abandon(&file);
  const char *name = names;
  for (int64_t k = 0; k < n; k++, name += strlen(name) + 1) {
    long first, size;
    if (!place_of(name, &first, &size)) continue;
    for (int where = 0; where < 3; where++) {
      const long at = first + (size - 1) * where / 2;
      turn_bit(at);
      ck_assert_msg(look(NULL) == MG_ERR_INPUT, "%s: a bit of byte %ld", name, at - first);
      mg_error_clear();
      turn_bit(at);
    }
    n_damaged++;
  }
  mg_free(names);
  ck_assert_int_eq(look(NULL), MG_OK);
  return n_damaged;
}

START_TEST(any_changed_dataset_is_refused) {
  ck_assert_status_all(&mpi_world, put(true), MG_OK);
  const int n = mpi_world.rank == 0 ? damage_all() : 0;
  /* format, end, two texts, five records, eight fields, their checksums and that of the rest */
  ck_assert_all(&mpi_world, mpi_world.rank != 0 || n >= 2 + 1 + 5 + 8 + 8 + 1);
}
END_TEST

START_TEST(any_cut_is_refused) {
  struct stat info;
  ck_assert_status_all(&mpi_world, put(true), MG_OK);
  ck_assert_int_eq(stat(path, &info), 0);
  for (int k = 1; k <= 24; k++) {
    mg_barrier(&mpi_world);
    if (mpi_world.rank == 0)
      ck_assert_int_eq(truncate(path, (off_t)((double)info.st_size * (1 - k / 24.0))), 0);
    mg_barrier(&mpi_world);
    ck_assert_status_all(&mpi_world, look(&mpi_world), MG_ERR_INPUT);
    mg_error_clear();
  }
}
END_TEST

START_TEST(damage_is_told_to_all) {
  long first, size;
  ck_assert_status_all(&mpi_world, put(false), MG_OK);
  if (mpi_world.rank == 0) {
    ck_assert(place_of("/atoms/velocity", &first, &size));
    turn_bit(first + size - 3);
  }
  mg_barrier(&mpi_world);
  ck_assert_status_all(&mpi_world, look(&mpi_world), MG_ERR_INPUT);
  ck_assert_ptr_nonnull(strstr(mg_error_text(), "/atoms/velocity: the values are not those"));
}
END_TEST

START_TEST(failure_leaves_nothing) {
  char kept[64];
  strcpy(kept, path);
  strcpy(path, "/tmp/mgmd-none/checkpoint");
  ck_assert_status_all(&mpi_world, put(false), MG_ERR_IO);
  strcpy(path, kept);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_loop_test(tests, brings_back_every_bit, 0, 2);
  tcase_add_test(tests, another_table_is_refused);
  tcase_add_test(tests, any_changed_dataset_is_refused);
  tcase_add_test(tests, any_cut_is_refused);
  tcase_add_test(tests, damage_is_told_to_all);
  tcase_add_test(tests, failure_leaves_nothing);
}
MPI_CHECK_MAIN("checkpoint", fill)
