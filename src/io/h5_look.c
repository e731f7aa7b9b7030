/* What else a file tells: the names of an enum, text attributes, the list of its datasets. */
#include "h5_impl.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* One member of an enum, in the order of values. */
static bool put_label(hid_t type, unsigned k, int *n, char (*names)[MG_SYMBOL], int32_t *values) {
  int32_t value;
  char *name = H5Tget_member_name(type, k);
  bool good = name && name[0] && strlen(name) < MG_SYMBOL;
  for (const char *c = name; good && *c; c++) good = isalnum((unsigned char)*c);
  good = good && H5Tget_member_value(type, k, &value) >= 0;
  if (good) {
    int at = *n;
    for (; at > 0 && values[at - 1] > value; at--) {
      values[at] = values[at - 1];
      memcpy(names[at], names[at - 1], MG_SYMBOL);
    }
    values[at] = value;
    mg_str_copy(names[at], MG_SYMBOL, name);
    ++*n;
  }
  if (name) H5free_memory(name);
  return good;
}

static bool get_labels(hid_t dataset, int most, int *n, char (*names)[MG_SYMBOL], int32_t *values) {
  const hid_t stored = H5Dget_type(dataset);
  bool good = H5Tget_class(stored) == H5T_ENUM;
  if (good) {
    /* the members' values as int32 whatever integer the file uses */
    const hid_t type = H5Tcopy(stored);
    const hid_t native = H5Tget_native_type(type, H5T_DIR_ASCEND);
    const int members = H5Tget_nmembers(native);
    good = native >= 0 && H5Tget_size(native) == sizeof(int32_t) && members > 0 && members <= most;
    for (int k = 0; good && k < members; k++)
      good = put_label(native, (unsigned)k, n, names, values);
    if (native >= 0) H5Tclose(native);
    H5Tclose(type);
  }
  H5Tclose(stored);
  return good;
}

mg_status mg_h5_get_labels(mg_h5 *file, const char *path, int most, int *n,
                           char (*names)[MG_SYMBOL], int32_t *values) {
  *n = 0;
  mg_status status = MG_OK;
  const hid_t dataset = mg_h5_has(file, path) ? H5Dopen2(file->id, path, H5P_DEFAULT) : -1;
  if (dataset < 0 || !get_labels(dataset, most, n, names, values))
    status = mg_fail(MG_ERR_INPUT,
                     "%s: %s: is not an enumeration of at most %d species with names of at most "
                     "%d letters",
                     file->path, path, most, MG_SYMBOL - 1);
  if (dataset >= 0) H5Dclose(dataset);
  return mg_h5_agree(file, status);
}

/* Element @p index of a fixed- or variable-length text attribute. */
static bool read_attribute(hid_t attribute, int index, char *text, size_t size) {
  enum { MOST_TEXTS = 64, MOST_BYTES = 1 << 14 };
  const hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
  const hssize_t n = H5Sget_simple_extent_npoints(space);
  const size_t length = H5Tget_size(type);
  bool good = H5Tget_class(type) == H5T_STRING && index < n && n <= MOST_TEXTS;
  if (good && H5Tis_variable_str(type) > 0) {
    char *found[MOST_TEXTS] = {0};
    good = H5Aread(attribute, type, found) >= 0 && found[index];
    if (good) good = mg_str_copy(text, size, found[index]);
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, found);
  } else if (good) {
    char all[MOST_BYTES + 1];
    good = length <= MOST_BYTES / (size_t)n && H5Aread(attribute, type, all) >= 0;
    if (good) {
      char *end = all + (size_t)(index + 1) * length;
      *end = '\0'; /* ends the last text or begins the next one, which is not needed */
      good = mg_str_copy(text, size, end - length);
    }
  }
  H5Sclose(space);
  H5Tclose(type);
  return good;
}

bool mg_h5_get_attribute(mg_h5 *file, const char *object, const char *name, int index, char *text,
                         size_t size) {
  text[0] = '\0';
  const hid_t id = H5Oopen(file->id, object, H5P_DEFAULT);
  if (id < 0) return false;
  bool good = H5Aexists(id, name) > 0;
  if (good) {
    const hid_t attribute = H5Aopen(id, name, H5P_DEFAULT);
    good = attribute >= 0 && read_attribute(attribute, index, text, size);
    if (attribute >= 0) H5Aclose(attribute);
  }
  H5Oclose(id);
  if (!good) text[0] = '\0';
  return good;
}

typedef struct listing {
  mg_text names;
  int64_t n;
} listing;

static herr_t list_one(hid_t group, const char *name, const H5L_info_t *info, void *context) {
  (void)info;
  listing *list = context;
  /* longer than any that can be opened here; groups nested by the thousand take for ever */
  if (strlen(name) > MG_H5_NAME - 2) return -1;
  const hid_t object = H5Oopen(group, name, H5P_DEFAULT);
  if (object < 0) return 0; /* a dangling link */
  if (H5Iget_type(object) == H5I_DATASET) {
    mg_text_append_bytes(&list->names, "/", 1);
    mg_text_append_bytes(&list->names, name, strlen(name) + 1);
    list->n++;
  }
  H5Oclose(object);
  return 0;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The order of visiting puts "a/b" before "a-b"; plain lexical order is wanted. */
static mg_status sort_names(char *names, size_t length, int64_t n, char **sorted) {
  const char **at;
  MG_TRY(MG_NEW(at, n + 1));
  *sorted = mg_calloc(length + 1, 1);
  if (*sorted) {
    const char *next = names;
    for (int64_t k = 0; k < n; k++, next += strlen(next) + 1) at[k] = next;
    qsort(at, (size_t)n, sizeof *at, by_name);
    char *to = *sorted;
    for (int64_t k = 0; k < n; k++) {
      const size_t size = strlen(at[k]) + 1;
      memcpy(to, at[k], size);
      to += size;
    }
  }
  mg_free(at);
  return *sorted ? MG_OK : MG_ERR_MEMORY;
}

mg_status mg_h5_list(mg_h5 *file, char **paths, int64_t *n) {
  listing list = {0};
  *paths = NULL;
  *n = 0;
  const herr_t visited = H5Lvisit(file->id, H5_INDEX_NAME, H5_ITER_INC, list_one, &list);
  mg_status status = mg_h5_result(file, visited >= 0, "", "its contents cannot be listed");
  if (status == MG_OK) status = list.names.status;
  if (status == MG_OK) status = sort_names(list.names.data, list.names.length, list.n, paths);
  if (status == MG_OK) *n = list.n;
  mg_text_clear(&list.names);
  return status;
}
