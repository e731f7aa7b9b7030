/* Reading. Nothing about a file is believed before it is looked at: kind, shape and size of a
 * dataset are checked before memory is taken or data are read.
 */
#include "h5_impl.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"

#include <stdlib.h>
#include <string.h>

static mg_h5_class class_of(hid_t type) {
  switch (H5Tget_class(type)) {
  case H5T_INTEGER: return MG_H5_INTEGER;
  case H5T_FLOAT: return MG_H5_FLOAT;
  case H5T_ENUM: return MG_H5_ENUM;
  case H5T_STRING: return MG_H5_TEXT;
  default: return MG_H5_OTHER;
  }
}

/* Data in another file, which would be read in this one's name. */
static bool lives_elsewhere(hid_t dataset) {
  const hid_t creation = H5Dget_create_plist(dataset);
  const bool elsewhere =
      creation < 0 || H5Pget_external_count(creation) > 0 || H5Pget_layout(creation) == H5D_VIRTUAL;
  if (creation >= 0) H5Pclose(creation);
  return elsewhere;
}

/* What is announced must be there, but for small sets that hold nothing but their fill value.
 * Deflate packs at most 1032 to 1: more was never written. */
static mg_status need_stored(const mg_h5 *file, const char *path, const mg_h5_shape *shape) {
  const int64_t small = 1 << 20, most_packed = 1100;
  if (shape->count <= small / shape->size) return MG_OK;
  MG_REQUIRE(shape->stored / shape->size >= shape->count / most_packed, MG_ERR_INPUT,
             "%s: %s: %lld values are announced, but only %lld bytes stored", file->path, path,
             (long long)shape->count, (long long)shape->stored);
  return MG_OK;
}

static mg_status look_at(const mg_h5 *file, hid_t dataset, const char *path, mg_h5_shape *shape) {
  memset(shape, 0, sizeof *shape);
  const hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
  shape->type = class_of(type);
  shape->size = (int64_t)H5Tget_size(type);
  shape->is_signed = shape->type == MG_H5_INTEGER && H5Tget_sign(type) == H5T_SGN_2;
  shape->rank = H5Sget_simple_extent_ndims(space);
  shape->count = (int64_t)H5Sget_simple_extent_npoints(space);
  shape->stored = (int64_t)H5Dget_storage_size(dataset);
  hsize_t dims[H5S_MAX_RANK];
  bool good = shape->rank >= 0 && H5Sget_simple_extent_dims(space, dims, NULL) >= 0;
  shape->n_rows = shape->row = 1;
  for (int k = 0; good && k < shape->rank; k++) {
    const int64_t size = (int64_t)dims[k];
    if (k < MG_H5_RANK) shape->dims[k] = size;
    if (shape->n_rows == 1)
      shape->n_rows = size;
    else
      good = !__builtin_mul_overflow(shape->row, size, &shape->row);
  }
  if (shape->count == 0) shape->n_rows = shape->row = 0;
  good =
      good && shape->size > 0 && shape->count >= 0 && H5Sget_simple_extent_type(space) != H5S_NULL;
  H5Sclose(space);
  H5Tclose(type);
  MG_TRY(mg_h5_result(file, good, path, "has no readable shape"));
  MG_TRY(mg_h5_result(file, !lives_elsewhere(dataset), path, "keeps its data in another file"));
  return need_stored(file, path, shape);
}

/* Open a dataset and look at it. On failure the handle is closed again. */
static mg_status open_dataset(mg_h5 *file, const char *path, hid_t *dataset, mg_h5_shape *shape) {
  mg_status status;
  *dataset = H5I_INVALID_HID;
  if (!mg_h5_has(file, path))
    status = mg_fail(MG_ERR_INPUT, "%s: %s: no such dataset", file->path, path);
  else
    status = MG_OK;
  MG_TRY(mg_h5_agree(file, status));
  *dataset = H5Dopen2(file->id, path, H5P_DEFAULT);
  status = mg_h5_agree(file, mg_h5_result(file, *dataset >= 0, path, "cannot be opened"));
  if (status == MG_OK) status = mg_h5_agree(file, look_at(file, *dataset, path, shape));
  if (status != MG_OK && *dataset >= 0) H5Dclose(*dataset);
  return status;
}

/* Every group on the way must exist, else HDF5 calls it an error. */
bool mg_h5_has(mg_h5 *file, const char *path) {
  char part[MG_H5_NAME];
  if (!mg_str_copy(part, sizeof part, path)) return false;
  for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    const bool found = H5Lexists(file->id, part, H5P_DEFAULT) > 0 &&
                       H5Oexists_by_name(file->id, part, H5P_DEFAULT) > 0;
    *slash = '/';
    if (!found) return false;
  }
  if (H5Lexists(file->id, part, H5P_DEFAULT) <= 0) return false;
  const hid_t object = H5Oopen(file->id, part, H5P_DEFAULT);
  if (object < 0) return false;
  const bool is_dataset = H5Iget_type(object) == H5I_DATASET;
  H5Oclose(object);
  return is_dataset;
}

mg_status mg_h5_get_shape(mg_h5 *file, const char *path, mg_h5_shape *shape) {
  hid_t dataset;
  MG_TRY(open_dataset(file, path, &dataset, shape));
  H5Dclose(dataset);
  return MG_OK;
}

static mg_status need_numbers(const mg_h5 *file, const char *path, const mg_h5_shape *shape,
                              mg_ctype ctype) {
  const bool real = ctype == MG_FLOAT64 || ctype == MG_FLOAT32;
  const bool good =
      real ? shape->type == MG_H5_FLOAT : shape->type == MG_H5_INTEGER || shape->type == MG_H5_ENUM;
  MG_REQUIRE(good, MG_ERR_INPUT, "%s: %s: does not hold %s numbers", file->path, path,
             real ? "real" : "whole");
  MG_REQUIRE(shape->size <= 8, MG_ERR_INPUT, "%s: %s: numbers of %lld bytes are not supported",
             file->path, path, (long long)shape->size);
  return MG_OK;
}

mg_status mg_h5_get(mg_h5 *file, const char *path, mg_ctype ctype, int64_t count, void *data) {
  hid_t dataset;
  mg_h5_shape shape;
  MG_TRY(open_dataset(file, path, &dataset, &shape));
  mg_status status = need_numbers(file, path, &shape, ctype);
  if (status == MG_OK && shape.count != count)
    status = mg_fail(MG_ERR_INPUT, "%s: %s: holds %lld numbers, %lld are needed", file->path, path,
                     (long long)shape.count, (long long)count);
  status = mg_h5_agree(file, status);
  if (status == MG_OK) {
    const herr_t got =
        H5Dread(dataset, mg_h5_memory_type(ctype), H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
    status = mg_h5_agree(file, mg_h5_result(file, got >= 0, path, "cannot be read"));
  }
  H5Dclose(dataset);
  return status;
}

/* Local, one transfer. */
static mg_status read_slab(mg_h5 *file, hid_t dataset, const char *path, mg_ctype ctype,
                           int64_t offset, int64_t count, int64_t components, void *data) {
  const hid_t space = H5Dget_space(dataset);
  const hsize_t size = (hsize_t)(count * components);
  const hid_t memory = H5Screate_simple(1, &size, NULL);
  mg_status status =
      mg_h5_result(file, mg_h5_select_rows(space, 0, offset, count), path, "has no such rows");
  if (status == MG_OK) {
    const herr_t got = H5Dread(dataset, mg_h5_memory_type(ctype), memory, space, H5P_DEFAULT, data);
    status = mg_h5_result(file, got >= 0, path, "cannot be read");
  }
  H5Sclose(memory);
  H5Sclose(space);
  return status;
}

/* Local: all transfers of this rank. */
static mg_status read_slabs(mg_h5 *file, hid_t dataset, const char *path, mg_ctype ctype,
                            int64_t offset, int64_t count, int64_t components, char *data) {
  const int64_t row = components * (int64_t)mg_ctype_size(ctype);
  const int64_t most = file->slab > row ? file->slab / row : 1;
  for (int64_t done = 0; done < count; done += most) {
    const int64_t now = count - done < most ? count - done : most;
    MG_TRY(
        read_slab(file, dataset, path, ctype, offset + done, now, components, data + done * row));
  }
  return MG_OK;
}

static mg_status need_rows(const mg_h5 *file, const char *path, const mg_h5_shape *shape,
                           mg_ctype ctype, int components, int64_t end) {
  MG_TRY(need_numbers(file, path, shape, ctype));
  const bool flat = components == 1 && shape->rank == 2;
  const bool deep = shape->rank == 3 && shape->dims[2] == components;
  MG_REQUIRE((flat || deep) && shape->dims[0] == 1, MG_ERR_INPUT,
             "%s: %s: its shape is not [1][number of atoms]%s", file->path, path,
             components == 1   ? ""
             : components == 3 ? "[3]"
                               : "[k]");
  MG_REQUIRE(end <= shape->dims[1], MG_ERR_INPUT, "%s: %s: holds %lld atoms, %lld are needed",
             file->path, path, (long long)shape->dims[1], (long long)end);
  return MG_OK;
}

mg_status mg_h5_read_rows(mg_h5 *file, const char *path, mg_ctype ctype, int components,
                          int64_t offset, int64_t count, void *data) {
  hid_t dataset;
  mg_h5_shape shape;
  MG_TRY(open_dataset(file, path, &dataset, &shape));
  mg_status status = need_rows(file, path, &shape, ctype, components, offset + count);
  if (status == MG_OK)
    status = read_slabs(file, dataset, path, ctype, offset, count, components, data);
  H5Dclose(dataset);
  return mg_h5_agree(file, status);
}

mg_status mg_h5_get_part(mg_h5 *file, const char *path, mg_ctype ctype, int64_t first,
                         int64_t count, void *data) {
  hid_t dataset;
  mg_h5_shape shape;
  MG_TRY(open_dataset(file, path, &dataset, &shape));
  const hid_t space = H5Dget_space(dataset);
  hsize_t start[H5S_MAX_RANK] = {0}, block[H5S_MAX_RANK] = {1};
  H5Sget_simple_extent_dims(space, block, NULL);
  int axis = 0;
  while (axis < shape.rank - 1 && block[axis] == 1) axis++;
  mg_status status = need_numbers(file, path, &shape, ctype);
  if (status == MG_OK && (first < 0 || count < 1 || first + count > shape.n_rows))
    status = mg_fail(MG_ERR_INTERNAL, "%s: %s: no such rows", file->path, path);
  if (status == MG_OK) {
    start[axis] = (hsize_t)first;
    block[axis] = (hsize_t)count;
    const hsize_t size = (hsize_t)(count * shape.row);
    const hid_t memory = H5Screate_simple(1, &size, NULL);
    if (shape.rank > 0) H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, block, NULL);
    const herr_t got = H5Dread(dataset, mg_h5_memory_type(ctype), memory, space, H5P_DEFAULT, data);
    status = mg_h5_result(file, got >= 0, path, "cannot be read");
    H5Sclose(memory);
  }
  H5Sclose(space);
  H5Dclose(dataset);
  return status;
}

enum { MOST_TEXT = 1 << 28 };

/* A fixed-length text into a new block; NULL when it cannot be read. */
static char *read_fixed(hid_t dataset, hid_t type) {
  char *text = mg_calloc(H5Tget_size(type) + 1, 1);
  if (text && H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) < 0) MG_DELETE(text);
  return text;
}

/* A variable-length one: other programs write these. */
static char *read_variable(hid_t dataset, hid_t type) {
  char *found = NULL, *text = NULL;
  const hid_t memory = H5Tcopy(type);
  if (H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, &found) >= 0 && found) {
    const size_t n = strlen(found);
    text = mg_calloc(n + 1, 1);
    if (text) memcpy(text, found, n);
    H5free_memory(found);
  }
  H5Tclose(memory);
  return text;
}

mg_status mg_h5_get_text(mg_h5 *file, const char *path, char **text) {
  hid_t dataset;
  mg_h5_shape shape;
  *text = NULL;
  MG_TRY(open_dataset(file, path, &dataset, &shape));
  mg_status status = MG_OK;
  if (shape.type != MG_H5_TEXT || shape.count != 1 || shape.size > MOST_TEXT)
    status = mg_fail(MG_ERR_INPUT, "%s: %s: is not a text", file->path, path);
  status = mg_h5_agree(file, status);
  if (status == MG_OK) {
    const hid_t type = H5Dget_type(dataset);
    *text = H5Tis_variable_str(type) > 0 ? read_variable(dataset, type) : read_fixed(dataset, type);
    if (!*text && mg_error_code() == MG_ERR_MEMORY) status = MG_ERR_MEMORY;
    if (status == MG_OK) status = mg_h5_result(file, *text, path, "cannot be read");
    status = mg_h5_agree(file, status);
    if (status != MG_OK) MG_DELETE(*text);
    H5Tclose(type);
  }
  H5Dclose(dataset);
  return status;
}
