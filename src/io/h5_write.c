/* Writing. Groups, datasets, attributes and small data by the rank that makes the file; rows by
 * whoever has them.
 */
#include "h5_impl.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"

#include <stdio.h>
#include <string.h>

static mg_status make_group(mg_h5 *file, const char *path) {
  const hid_t creation = H5Pcreate(H5P_GROUP_CREATE);
  H5Pset_obj_track_times(creation, false);
  const hid_t group = H5Gcreate2(file->id, path, H5P_DEFAULT, creation, H5P_DEFAULT);
  const mg_status status = mg_h5_result(file, group >= 0, path, "group cannot be created");
  if (group >= 0) H5Gclose(group);
  H5Pclose(creation);
  return status;
}

/* Level by level: groups that HDF5 makes in passing would carry a time stamp. */
mg_status mg_h5_group(mg_h5 *file, const char *path) {
  char part[MG_H5_NAME];
  const bool fits = path[0] == '/' && mg_str_copy(part, sizeof part, path);
  MG_TRY(mg_h5_result(file, fits, path, "is not the name of a group"));
  for (char *end = part; end;) {
    end = strchr(end + 1, '/');
    if (end) *end = '\0';
    if (H5Lexists(file->id, part, H5P_DEFAULT) <= 0) MG_TRY(make_group(file, part));
    if (end) *end = '/';
  }
  return MG_OK;
}

mg_status mg_h5_link(mg_h5 *file, const char *existing, const char *path) {
  const herr_t made = H5Lcreate_hard(file->id, existing, file->id, path, H5P_DEFAULT, H5P_DEFAULT);
  return mg_h5_result(file, made >= 0, path, "link cannot be created");
}

static hid_t text_type(size_t length, H5T_cset_t charset) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, length > 0 ? length : 1);
  if (length != H5T_VARIABLE) H5Tset_strpad(type, H5T_STR_NULLPAD);
  H5Tset_cset(type, charset);
  return type;
}

static hid_t enum_type(const mg_species *labels) {
  const hid_t type = H5Tenum_create(H5T_NATIVE_INT32);
  for (int32_t value = 1; value <= labels->n; value++)
    H5Tenum_insert(type, labels->symbol[value - 1], &value);
  return type;
}

/* Numbers are stored as this machine has them, which HDF5 records; a handle to be closed. */
static hid_t file_type(const mg_h5_spec *spec) {
  return spec->labels ? enum_type(spec->labels) : H5Tcopy(mg_h5_memory_type(spec->ctype));
}

static hid_t make_space(int rank, const int64_t *dims) {
  if (rank == 0) return H5Screate(H5S_SCALAR);
  hsize_t size[MG_H5_RANK];
  for (int k = 0; k < rank; k++) size[k] = (hsize_t)dims[k];
  return H5Screate_simple(rank, size, NULL);
}

static mg_status set_attribute(mg_h5 *file, hid_t object, const char *path, const char *name,
                               hid_t type, int n, const void *values) {
  const int64_t dims[1] = {n};
  const hid_t space = make_space(n > 0, dims);
  const hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  mg_status status = mg_h5_result(file, attribute >= 0, path, "attribute cannot be created");
  if (status == MG_OK) {
    const herr_t written = H5Awrite(attribute, type, values);
    status = mg_h5_result(file, written >= 0, path, "attribute cannot be written");
  }
  if (attribute >= 0) H5Aclose(attribute);
  H5Sclose(space);
  return status;
}

/* Of variable length: this is what h5py, and with it MDAnalysis, takes for a text. */
static mg_status set_text(mg_h5 *file, hid_t object, const char *path, const char *name,
                          const char *text) {
  const hid_t type = text_type(H5T_VARIABLE, H5T_CSET_UTF8);
  const mg_status status = set_attribute(file, object, path, name, type, 0, &text);
  H5Tclose(type);
  return status;
}

static mg_status set_by_path(mg_h5 *file, const char *path, const char *name, hid_t type, int n,
                             const void *values) {
  const hid_t object = H5Oopen(file->id, path, H5P_DEFAULT);
  mg_status status = mg_h5_result(file, object >= 0, path, "object cannot be opened");
  if (status == MG_OK) status = set_attribute(file, object, path, name, type, n, values);
  if (object >= 0) H5Oclose(object);
  return status;
}

mg_status mg_h5_set_ints(mg_h5 *file, const char *object, const char *name, int n,
                         const int32_t *values) {
  return set_by_path(file, object, name, H5T_NATIVE_INT32, n, values);
}

mg_status mg_h5_set_text(mg_h5 *file, const char *object, const char *name, const char *text) {
  const hid_t type = text_type(H5T_VARIABLE, H5T_CSET_UTF8);
  const mg_status status = set_by_path(file, object, name, type, 0, &text);
  H5Tclose(type);
  return status;
}

mg_status mg_h5_set_fixed(mg_h5 *file, const char *object, const char *name, const char *text) {
  const hid_t type = text_type(strlen(text), H5T_CSET_ASCII);
  const mg_status status = set_by_path(file, object, name, type, 0, text);
  H5Tclose(type);
  return status;
}

mg_status mg_h5_set_fixed_list(mg_h5 *file, const char *object, const char *name, int n,
                               const char *const *texts) {
  size_t length = 1;
  for (int k = 0; k < n; k++)
    if (strlen(texts[k]) > length) length = strlen(texts[k]);
  char *packed;
  MG_TRY(MG_NEW(packed, (size_t)n * length + 1));
  for (int k = 0; k < n; k++) memcpy(packed + (size_t)k * length, texts[k], strlen(texts[k]));
  const hid_t type = text_type(length, H5T_CSET_ASCII);
  const mg_status status = set_by_path(file, object, name, type, n, packed);
  H5Tclose(type);
  mg_free(packed);
  return status;
}

static mg_status make_dataset(mg_h5 *file, const char *path, hid_t type, int rank,
                              const int64_t *dims, hid_t *dataset) {
  const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_layout(creation, H5D_CONTIGUOUS);
  H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY);
  H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER);
  H5Pset_obj_track_times(creation, false);
  const hid_t space = make_space(rank, dims);
  *dataset = H5Dcreate2(file->id, path, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  const mg_status status = mg_h5_result(file, *dataset >= 0, path, "dataset cannot be created");
  if (status == MG_OK) {
    const int64_t end = (int64_t)(H5Dget_offset(*dataset) + H5Dget_storage_size(*dataset));
    if (end > file->end) file->end = end;
  }
  H5Sclose(space);
  H5Pclose(creation);
  return status;
}

static mg_status write_whole(mg_h5 *file, hid_t dataset, const char *path, hid_t type,
                             const void *data) {
  const herr_t written = H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
  return mg_h5_result(file, written >= 0, path, "cannot be written");
}

static mg_status make_and_fill(mg_h5 *file, const char *path, const mg_h5_spec *spec,
                               const void *data) {
  const hid_t type = file_type(spec);
  hid_t dataset;
  mg_status status = make_dataset(file, path, type, spec->rank, spec->dims, &dataset);
  if (status == MG_OK && spec->unit) status = set_text(file, dataset, path, "unit", spec->unit);
  if (status == MG_OK && spec->description)
    status = set_text(file, dataset, path, "description", spec->description);
  if (status == MG_OK && data) status = write_whole(file, dataset, path, type, data);
  if (dataset >= 0) H5Dclose(dataset);
  H5Tclose(type);
  return status;
}

mg_status mg_h5_dataset(mg_h5 *file, const char *path, const mg_h5_spec *spec) {
  return make_and_fill(file, path, spec, NULL);
}

mg_status mg_h5_put(mg_h5 *file, const char *path, const mg_h5_spec *spec, const void *data) {
  return make_and_fill(file, path, spec, data);
}

mg_status mg_h5_put_text(mg_h5 *file, const char *path, const char *text) {
  const hid_t type = text_type(strlen(text), H5T_CSET_UTF8);
  hid_t dataset;
  mg_status status = make_dataset(file, path, type, 0, NULL, &dataset);
  if (status == MG_OK) status = write_whole(file, dataset, path, type, text);
  if (dataset >= 0) H5Dclose(dataset);
  H5Tclose(type);
  return status;
}

/* Local: bytes of a row and its components, after checking what the dataset is. */
static mg_status look_at(const mg_h5 *file, hid_t dataset, const char *path, mg_ctype ctype,
                         int64_t frame, int64_t *components) {
  const hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
  hsize_t dims[MG_H5_RANK] = {0};
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank >= 1 && rank <= 3) H5Sget_simple_extent_dims(space, dims, NULL);
  const size_t size = H5Tget_size(type);
  H5Sclose(space);
  H5Tclose(type);
  *components = rank == 3 ? (int64_t)dims[2] : 1;
  const bool good = (int64_t)dims[0] > frame && *components > 0 && size == mg_ctype_size(ctype);
  return mg_h5_result(file, good, path, "is not a dataset of such rows");
}

/* Local, one transfer: rows [offset, offset + count) of the dataset from memory, in the type they
 * are stored in, which for an enum differs from the plain one. */
static mg_status write_slab(mg_h5 *file, hid_t dataset, const char *path, int64_t frame,
                            int64_t offset, int64_t count, int64_t components, const void *data) {
  const hid_t type = H5Dget_type(dataset);
  const hid_t space = H5Dget_space(dataset);
  const int64_t dims[1] = {count * components};
  const hid_t memory = make_space(1, dims);
  mg_status status =
      mg_h5_result(file, mg_h5_select_rows(space, frame, offset, count), path, "has no such rows");
  if (status == MG_OK) {
    const herr_t written = H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, data);
    status = mg_h5_result(file, written >= 0, path, "cannot be written");
  }
  H5Sclose(memory);
  H5Sclose(space);
  H5Tclose(type);
  return status;
}

/* Local: all transfers of this rank. */
static mg_status write_slabs(mg_h5 *file, hid_t dataset, const char *path, mg_ctype ctype,
                             int64_t frame, int64_t offset, int64_t count, const char *data) {
  int64_t components;
  MG_TRY(look_at(file, dataset, path, ctype, frame, &components));
  const int64_t row = components * (int64_t)mg_ctype_size(ctype);
  const int64_t most = file->slab > row ? file->slab / row : 1;
  for (int64_t done = 0; done < count; done += most) {
    const int64_t now = count - done < most ? count - done : most;
    MG_TRY(
        write_slab(file, dataset, path, frame, offset + done, now, components, data + done * row));
  }
  return MG_OK;
}

mg_status mg_h5_write_rows(mg_h5 *file, const char *path, mg_ctype ctype, int64_t offset,
                           int64_t count, const void *data) {
  return mg_h5_write_frame(file, path, ctype, 0, offset, count, data);
}

mg_status mg_h5_write_frame(mg_h5 *file, const char *path, mg_ctype ctype, int64_t frame,
                            int64_t offset, int64_t count, const void *data) {
  const hid_t dataset = H5Dopen2(file->id, path, H5P_DEFAULT);
  mg_status status =
      mg_h5_agree(file, mg_h5_result(file, dataset >= 0, path, "dataset cannot be opened"));
  if (status == MG_OK)
    status = mg_h5_agree(file, write_slabs(file, dataset, path, ctype, frame, offset, count, data));
  if (dataset >= 0) H5Dclose(dataset);
  return status;
}
