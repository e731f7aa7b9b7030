/* Checkpoints. A forger can make the checksums right, so after the orders are obeyed an odd last
 * byte of the first one asks for a checksum of everything but the atoms that fits. */
#include "fuzz_h5.h"
#include "fuzz_frame.h"

#include "mgmd/io/checkpoint.h"

/* Of src/io/checkpoint_impl.h: what a forger would write himself. */
uint64_t mg_checkpoint_hash_words(const char *path, int64_t n, const void *words);
uint64_t mg_checkpoint_hash_text(const char *path, const char *text);

enum { ATOMS = 8 };

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
static fuzz_template sound;

static void write_template(const char *path) {
  double window[2] = {1, 2}, reference[ATOMS][3] = {{0}};
  const things given = {{true, false}, 3, 4, {5, 6, 7}, {window, 2}};
  const mg_checkpoint_group groups[] = {{"state", records, &given}};
  const mg_checkpoint_text texts[] = {{"input", "stages:\n"}};
  mg_atoms atoms = {0};
  fuzz_require(mg_atoms_reserve(&atoms, ATOMS) == MG_OK, "there is memory");
  atoms.n = ATOMS;
  for (int32_t i = 0; i < ATOMS; i++) {
    atoms.id[i] = i + 1;
    atoms.species[i] = i % 2;
    atoms.x[i][0] = i;
  }
  const mg_checkpoint checkpoint = {.n_groups = 1,
                                    .groups = groups,
                                    .n_texts = 1,
                                    .texts = texts,
                                    .atoms = &atoms,
                                    .has_reference = true,
                                    .n_reference = ATOMS,
                                    .reference_id = atoms.id,
                                    .reference = (const double(*)[3])reference};
  fuzz_require(mg_checkpoint_write(&sound.comm, path, &checkpoint) == MG_OK, "it is written");
  mg_atoms_clear(&atoms);
}

/* The checksum of everything but the atoms, as far as the file can be read; 0 where it cannot. */
static uint64_t sum_rest(mg_h5 *h5) {
  char *paths = NULL;
  int64_t n = 0;
  uint64_t sum = 0;
  if (mg_h5_list(h5, &paths, &n) != MG_OK) return 0;
  const char *path = paths;
  for (int64_t k = 0; k < n; k++, path += strlen(path) + 1) {
    mg_h5_shape shape;
    char *text;
    int64_t words[FUZZ_ELEMENTS];
    if (strncmp(path, "/atoms/", 7) == 0 || strncmp(path, "/checksum/", 10) == 0) continue;
    if (mg_h5_get_shape(h5, path, &shape) != MG_OK) continue;
    if (shape.type == MG_H5_TEXT && mg_h5_get_text(h5, path, &text) == MG_OK) {
      sum += mg_checkpoint_hash_text(path, text);
      mg_free(text);
      continue;
    }
    const mg_ctype ctype = shape.type == MG_H5_FLOAT ? MG_FLOAT64 : MG_INT64;
    if (shape.count > FUZZ_ELEMENTS) continue;
    if (shape.count == 0 || mg_h5_get(h5, path, ctype, shape.count, words) == MG_OK)
      sum += mg_checkpoint_hash_words(path, shape.count, words);
  }
  mg_free(paths);
  return sum;
}

static void forge(void) {
  mg_h5 *h5;
  const bool opened = mg_h5_open(NULL, sound.path, &h5) == MG_OK;
  const uint64_t sum = opened ? sum_rest(h5) : 0;
  if (opened) mg_h5_abandon(&h5);
  mg_error_clear();
  const hid_t file = H5Fopen(sound.path, H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t set = file >= 0 ? H5Dopen2(file, "/checksum/rest", H5P_DEFAULT) : -1;
  const hid_t space = set >= 0 ? H5Dget_space(set) : -1;
  if (space >= 0 && H5Sget_simple_extent_npoints(space) == 1)
    H5Dwrite(set, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &sum);
  if (space >= 0) H5Sclose(space);
  if (set >= 0) H5Dclose(set);
  if (file >= 0) H5Fclose(file);
}

static void start(void) {
  char folder[] = "/tmp/mgmd-fuzz-XXXXXX", path[64];
  fuzz_start_mpi(&sound);
  fuzz_require(mkdtemp(folder) != NULL, "there is a place for the template");
  snprintf(path, sizeof path, "%s/sound.h5", folder);
  write_template(path);
  fuzz_template_load(&sound, path);
  unlink(path);
  rmdir(folder);
}

static mg_status read_all(mg_checkpoint_file *file, things *got) {
  char *text;
  mg_atoms atoms;
  double(*reference)[3];
  MG_TRY(mg_checkpoint_get_text(file, "input", &text));
  mg_free(text);
  MG_TRY(mg_checkpoint_get(file, "state", records, got));
  MG_TRY(mg_checkpoint_get_atoms(file, 2, &atoms, &reference));
  fuzz_require(atoms.n == atoms.n_global && atoms.n >= 0, "atoms are counted");
  for (int32_t i = 0; i < atoms.n; i++) {
    fuzz_require(atoms.id[i] > (i ? atoms.id[i - 1] : 0), "ids rise from 1");
    fuzz_require(atoms.species[i] >= 0 && atoms.species[i] < 2, "species are the potential's");
  }
  mg_atoms_clear(&atoms);
  mg_free(reference);
  return MG_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!sound.bytes) start();
  fuzz_make(&sound, data, size);
  if (size >= FUZZ_ORDER && data[FUZZ_ORDER - 1] & 1) forge();
  mg_checkpoint_file *file;
  things got = {0};
  mg_status status = mg_checkpoint_open(&sound.comm, sound.path, &file);
  if (status == MG_OK) {
    status = read_all(file, &got);
    mg_checkpoint_close(&file);
  }
  if (status != MG_OK) fuzz_require_refusal(status, NULL);
  mg_records_clear(records, &got);
  mg_error_clear();
  return fuzz_h5_finish();
}
