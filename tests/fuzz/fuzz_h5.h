/** HDF5 files with anything but the expected inside, for the fuzz targets of readers of HDF5.
 *
 *  Bytes at random hardly get past the library's own look at a file, and what they find there is
 *  the library's. Here the bytes are orders instead: each record of twelve replaces an object of a
 *  sound file by one of another kind, type, shape, layout or value, or an attribute by another. The
 *  file that the library then writes is sound HDF5 and a hostile input to the reader. It lives in
 *  a file system in memory where there is one. */
#ifndef MGMD_TESTS_FUZZ_H5_H
#define MGMD_TESTS_FUZZ_H5_H

#include "fuzz.h"

#include "mgmd/comm/mpi.h"
#include "mgmd/io/h5.h"

#include <fcntl.h>
#include <hdf5.h>
#include <math.h>
#include <unistd.h>

enum { FUZZ_ORDER = 12, FUZZ_ORDERS = 6, FUZZ_FILE = 1 << 20, FUZZ_ELEMENTS = 64 };

/** The sound file, and what can be replaced in it. */
typedef struct fuzz_template {
  mg_comm comm; /**< of this process alone */
  unsigned char *bytes;
  size_t size;
  char *paths; /**< of its datasets, one after the other, as mg_h5_list gives them */
  int64_t n_paths;
  const char *const *attributes; /**< "OBJECT\0NAME", n_attributes of them */
  int n_attributes;
  int handle;    /**< of the file that is made */
  char path[64]; /**< of it */
} fuzz_template;

/* Of the leak sanitizer, where it is linked: MPI keeps memory to the end; ours is counted. */
void __lsan_disable(void) __attribute__((weak));

static const char *fuzz_to_remove;

static inline void fuzz_remove(void) { unlink(fuzz_to_remove); }

static inline void fuzz_make_place(fuzz_template *t) {
  snprintf(t->path, sizeof t->path, "/dev/shm/mgmd-fuzz-XXXXXX");
  t->handle = mkstemp(t->path);
  if (t->handle < 0) {
    snprintf(t->path, sizeof t->path, "/tmp/mgmd-fuzz-XXXXXX");
    t->handle = mkstemp(t->path);
  }
  fuzz_require(t->handle >= 0, "there is a place for the file");
  fuzz_to_remove = t->path;
  atexit(fuzz_remove);
}

/** Start MPI for this process alone. To be called first. */
static inline void fuzz_start_mpi(fuzz_template *t) {
  if (__lsan_disable) __lsan_disable();
  MPI_Init(NULL, NULL);
  fuzz_require(mg_comm_from(&t->comm, MPI_COMM_WORLD) == MG_OK, "MPI starts");
}

/** Take the file at @p path as the template; it may be removed afterwards. */
static inline void fuzz_template_load(fuzz_template *t, const char *path) {
  mg_h5 *h5;
  fuzz_require(mg_h5_open(NULL, path, &h5) == MG_OK, "the template opens");
  fuzz_require(mg_h5_list(h5, &t->paths, &t->n_paths) == MG_OK, "the template is listed");
  mg_h5_abandon(&h5);
  /* kept outside of the counted memory, since it stays */
  const char *end = t->paths;
  for (int64_t k = 0; k < t->n_paths; k++) end += strlen(end) + 1;
  char *kept = malloc((size_t)(end - t->paths));
  t->bytes = malloc(FUZZ_FILE);
  fuzz_require(kept && t->bytes, "there is memory");
  memcpy(kept, t->paths, (size_t)(end - t->paths));
  mg_free(t->paths);
  t->paths = kept;
  const int file = open(path, O_RDONLY);
  const ssize_t n = read(file, t->bytes, FUZZ_FILE);
  close(file);
  fuzz_require(n > 0 && n < FUZZ_FILE, "the template is read");
  t->size = (size_t)n;
  fuzz_make_place(t);
  fuzz_kept = mg_mem_live();
}

static inline hid_t fuzz_enum(unsigned char what) {
  const hid_t type = H5Tenum_create(what & 1 ? H5T_NATIVE_INT32 : H5T_NATIVE_INT64);
  const int members = 1 + what % 10;
  for (int64_t k = 0; k < members; k++) {
    char name[32];
    const int32_t small = (int32_t)k + 1;
    snprintf(name, sizeof name, what & 2 ? "Member%d" : "M%d", (int)k);
    H5Tenum_insert(type, name, what & 1 ? (const void *)&small : (const void *)&k);
  }
  return type;
}

/** A type by number; to be closed. */
static inline hid_t fuzz_type(unsigned char what) {
  const hsize_t three = 3;
  const hid_t numbers[] = {
      H5T_NATIVE_INT32,  H5T_NATIVE_INT64, H5T_NATIVE_DOUBLE,  H5T_NATIVE_FLOAT, H5T_NATIVE_SCHAR,
      H5T_NATIVE_UINT64, H5T_IEEE_F64BE,   H5T_NATIVE_LDOUBLE, H5T_STD_REF_OBJ,  H5T_NATIVE_B32};
  const size_t n = sizeof numbers / sizeof numbers[0];
  what %= 16;
  if (what < n) return H5Tcopy(numbers[what]);
  if (what == n) return H5Tarray_create2(H5T_NATIVE_DOUBLE, 1, &three);
  if (what == n + 1) return fuzz_enum(1);
  if (what == n + 2) return fuzz_enum((unsigned char)(what * 37));
  if (what == n + 3) return H5Tvlen_create(H5T_NATIVE_INT32);
  const hid_t text = H5Tcopy(H5T_C_S1);
  H5Tset_size(text, what == n + 4 ? H5T_VARIABLE : 7);
  return text;
}

static inline hid_t fuzz_space(unsigned char rank, const unsigned char *dims) {
  static const hsize_t sizes[16] = {1,
                                    8,
                                    3,
                                    9,
                                    0,
                                    2,
                                    7,
                                    6,
                                    16,
                                    64,
                                    1000,
                                    (hsize_t)1 << 31,
                                    (hsize_t)1 << 33,
                                    (hsize_t)1 << 40,
                                    (hsize_t)1 << 60,
                                    4};
  hsize_t size[6];
  rank %= 8;
  if (rank == 7) return H5Screate(H5S_NULL);
  if (rank == 0) return H5Screate(H5S_SCALAR);
  for (int k = 0; k < rank; k++) size[k % 6] = sizes[dims[k % 4] % 16];
  return H5Screate_simple(rank > 6 ? 6 : rank, size, NULL);
}

/** Dataset creation: contiguous, in chunks (deflated), compact, or with its data elsewhere. */
static inline hid_t fuzz_layout(unsigned char what, hid_t space) {
  const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  hsize_t size[8] = {0};
  const int rank = H5Sget_simple_extent_ndims(space);
  H5Sget_simple_extent_dims(space, size, NULL);
  what %= 6;
  if (what == 1 || what == 2) {
    for (int k = 0; k < rank; k++) size[k] = size[k] < 1 ? 1 : size[k] > 4 ? 4 : size[k];
    if (rank > 0) H5Pset_chunk(list, rank, size);
    if (what == 2) H5Pset_deflate(list, 1);
  }
  if (what == 3) H5Pset_layout(list, H5D_COMPACT);
  if (what == 4) H5Pset_external(list, "/dev/zero", 0, H5F_UNLIMITED);
  return list;
}

/* Values of all sorts into a small dataset or attribute of numbers or texts. */
static inline void fuzz_fill(hid_t object, hid_t type, hid_t space, unsigned char what,
                             bool attribute) {
  static const double values[] = {0, 1, 2, -1, 0.5, 1e300, -1e300, 1e12, 2147483648.0, 9e18};
  const hssize_t n = H5Sget_simple_extent_npoints(space);
  if (n < 1 || n > FUZZ_ELEMENTS) return;
  double numbers[FUZZ_ELEMENTS];
  const char *texts[FUZZ_ELEMENTS];
  char fixed[FUZZ_ELEMENTS * 8];
  static const char *const words[] = {"periodic", "none", "", "x", "y", "z", "mgmd"};
  for (int k = 0; k < n; k++) {
    numbers[k] = what % 4 == 0 ? k + 1 : values[(what + k * (what >> 4)) % 10];
    if (what % 16 == 3 && k == 0) numbers[k] = NAN;
    texts[k] = words[(what + k) % 7];
    memset(fixed + 8 * k, "pnxyz"[(what + k) % 5], 8);
  }
  const H5T_class_t kind = H5Tget_class(type);
  const void *from = kind != H5T_STRING             ? (const void *)numbers
                     : H5Tis_variable_str(type) > 0 ? (const void *)texts
                                                    : (const void *)fixed;
  if (kind != H5T_STRING && kind != H5T_INTEGER && kind != H5T_FLOAT && kind != H5T_ENUM) return;
  int32_t labels[FUZZ_ELEMENTS];
  hid_t memory = kind == H5T_STRING ? H5Tcopy(type) : H5Tcopy(H5T_NATIVE_DOUBLE);
  if (kind == H5T_ENUM) {
    for (int k = 0; k < n; k++) labels[k] = what % 4 == 0 ? 1 + k % 2 : what - 3 + k;
    H5Tclose(memory);
    memory = H5Tget_native_type(type, H5T_DIR_ASCEND);
    if (H5Tget_size(memory) == sizeof labels[0]) from = labels;
  }
  if (attribute)
    H5Awrite(object, memory, from);
  else
    H5Dwrite(object, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, from);
  H5Tclose(memory);
}

static inline void fuzz_new_dataset(hid_t file, const char *path, const unsigned char *order) {
  const hid_t type = fuzz_type(order[2]), space = fuzz_space(order[3], order + 4);
  const hid_t layout = fuzz_layout(order[8], space);
  const hid_t made = H5Dcreate2(file, path, type, space, H5P_DEFAULT, layout, H5P_DEFAULT);
  if (made >= 0 && order[8] % 6 != 4) fuzz_fill(made, type, space, order[9], false);
  if (made >= 0) H5Dclose(made);
  H5Pclose(layout);
  H5Sclose(space);
  H5Tclose(type);
}

static inline void fuzz_new_attribute(hid_t file, const char *object_name, const char *name,
                                      const unsigned char *order) {
  const hid_t object = H5Oopen(file, object_name, H5P_DEFAULT);
  if (object < 0) return;
  H5Adelete(object, name);
  const hid_t type = fuzz_type(order[2]), space = fuzz_space(order[3], order + 4);
  if (order[8] % 4 && H5Sget_simple_extent_npoints(space) < 4096) {
    const hid_t made = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (made >= 0) fuzz_fill(made, type, space, order[9], true);
    if (made >= 0) H5Aclose(made);
  }
  H5Sclose(space);
  H5Tclose(type);
  H5Oclose(object);
}

static inline void fuzz_obey(const fuzz_template *t, hid_t file, const unsigned char *order) {
  const char *path = t->paths;
  for (int64_t k = 0; k < order[1] % t->n_paths; k++) path += strlen(path) + 1;
  const int what = order[0] % 8;
  if (what >= 6) {
    if (t->n_attributes == 0) return;
    const char *object = t->attributes[order[1] % t->n_attributes];
    fuzz_new_attribute(file, object, object + strlen(object) + 1, order);
    return;
  }
  const hid_t old = what == 1 ? H5Dopen2(file, path, H5P_DEFAULT) : -1;
  if (old >= 0) { /* other values in the old place */
    const hid_t type = H5Dget_type(old), space = H5Dget_space(old);
    fuzz_fill(old, type, space, order[9], false);
    H5Sclose(space);
    H5Tclose(type);
    H5Dclose(old);
    return;
  }
  H5Ldelete(file, path, H5P_DEFAULT);
  const hid_t group =
      what == 2 ? H5Gcreate2(file, path, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT) : -1;
  if (group >= 0) H5Gclose(group);
  if (what == 3) H5Lcreate_soft(order[2] & 1 ? path : "/", file, path, H5P_DEFAULT, H5P_DEFAULT);
  if (what == 4 || what == 5) fuzz_new_dataset(file, path, order);
}

/** Make the file that the bytes order, at t->path. */
static inline void fuzz_make(const fuzz_template *t, const uint8_t *data, size_t size) {
  fuzz_require(ftruncate(t->handle, 0) == 0, "the file is emptied");
  fuzz_require(pwrite(t->handle, t->bytes, t->size, 0) == (ssize_t)t->size, "it is written");
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  const hid_t file = H5Fopen(t->path, H5F_ACC_RDWR, access);
  fuzz_require(file >= 0, "the template opens for writing");
  for (size_t k = 0; k < FUZZ_ORDERS && (k + 1) * FUZZ_ORDER <= size; k++)
    fuzz_obey(t, file, data + k * FUZZ_ORDER);
  H5Fclose(file);
  H5Pclose(access);
}

/** After each input: as fuzz_finish, and no HDF5 object is open. */
static inline int fuzz_h5_finish(void) {
  fuzz_require(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL) == 0, "no HDF5 object is open");
  return fuzz_finish();
}

#endif
