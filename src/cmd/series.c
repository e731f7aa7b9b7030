#include "mgmd/cmd/series.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/base/text.h"
#include "mgmd/base/units.h"
#include "mgmd/cmd/keys.h"
#include "mgmd/io/file.h"
#include "mgmd/io/numbered.h"
#include "mgmd/state/elements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The name that a run gives to what it writes into the directory @p path: its last part. */
static void own_name(const char *path, char name[MG_PATH]) {
  char whole[MG_PATH];
  if (strcmp(path, ".") != 0 || !getcwd(whole, sizeof whole))
    mg_str_copy(whole, sizeof whole, path);
  size_t n = strlen(whole);
  while (n > 1 && whole[n - 1] == '/') whole[--n] = '\0';
  const char *slash = strrchr(whole, '/');
  mg_str_copy(name, MG_PATH, slash ? slash + 1 : whole);
}

/* Local: are the files of one name? They are sorted by it. */
static mg_status check_one_name(const char *folder, const mg_text *paths, size_t from, int n) {
  const char *first = paths->data + from, *path = first;
  const size_t before = strlen(folder) + 1;
  const int length = mg_numbered_stem(first + before);
  for (int k = 0; k < n; k++, path += strlen(path) + 1) {
    const int other = mg_numbered_stem(path + before);
    MG_REQUIRE(other == length && memcmp(path, first, before + (size_t)length) == 0, MG_ERR_INPUT,
               "%s: the directory holds the series %.*s and %.*s; name the files of one of them",
               folder, length, first + before, other, path + before);
  }
  return MG_OK;
}

/* Local: the snapshots of a run in order of their numbers; a directory that was given another name
 * since then holds a single series. */
static mg_status list_directory(const char *path, mg_text *paths, int *n_files) {
  char name[MG_PATH];
  const size_t from = paths->length;
  int n = 0;
  own_name(path, name);
  MG_TRY(mg_numbered_list(path, name, paths, &n));
  if (n == 0) {
    MG_TRY(mg_numbered_list(path, NULL, paths, &n));
    MG_REQUIRE(n > 0, MG_ERR_INPUT, "%s: the directory holds no snapshots NAME-000000.h5", path);
    MG_TRY(check_one_name(path, paths, from, n));
  }
  *n_files += n;
  return MG_OK;
}

static mg_status list_all(int n, const char *const *word, mg_text *paths, int *n_files) {
  for (int k = 0; k < n; k++) {
    struct stat info;
    if (stat(word[k], &info) == 0 && S_ISDIR(info.st_mode)) {
      MG_TRY(list_directory(word[k], paths, n_files));
    } else {
      mg_text_append_bytes(paths, word[k], strlen(word[k]) + 1);
      ++*n_files;
    }
  }
  return paths->status;
}

mg_status mg_series_open(const mg_comm *comm, int n, const char *const *word,
                         const mg_read_options *options, mg_series *series) {
  *series = (mg_series){.comm = comm, .options = *options};
  mg_text paths = {0};
  mg_status status = comm->rank == 0 ? list_all(n, word, &paths, &series->n_files) : MG_OK;
  status = mg_agree(comm, status);
  int64_t size = (int64_t)paths.length;
  mg_broadcast(comm, &size, sizeof size, 0);
  mg_broadcast(comm, &series->n_files, sizeof series->n_files, 0);
  if (status == MG_OK) status = mg_agree(comm, MG_NEW(series->paths, size + 1));
  if (status == MG_OK) {
    if (comm->rank == 0) memcpy(series->paths, paths.data, paths.length);
    mg_broadcast(comm, series->paths, (size_t)size, 0);
  }
  mg_text_clear(&paths);
  if (status != MG_OK) mg_series_close(series);
  return status;
}

static const char *path_of(const mg_series *series, int file) {
  const char *path = series->paths;
  for (int k = 0; k < file; k++) path += strlen(path) + 1;
  return path;
}

mg_status mg_series_count(const mg_series *series, int64_t *n) {
  *n = 0;
  for (int k = 0; k < series->n_files; k++) {
    mg_reader *reader;
    int64_t here = 0;
    MG_TRY(mg_reader_open(series->comm, path_of(series, k), &series->options, &reader));
    const mg_status status = mg_reader_skip(reader, INT64_MAX, &here);
    mg_reader_close(&reader);
    MG_TRY(status);
    *n += here;
  }
  MG_REQUIRE(*n > 0, MG_ERR_INPUT, "%s: the file is empty", path_of(series, 0));
  return MG_OK;
}

mg_status mg_series_choose(mg_series *series, int64_t number) {
  int64_t n;
  MG_TRY(mg_series_count(series, &n));
  MG_REQUIRE(number < n && number >= -n, MG_ERR_INPUT,
             "there is no configuration %lld; valid: 0 to %lld, or -1 for the last",
             (long long)number, (long long)n - 1);
  series->choose = true;
  series->chosen = number < 0 ? n + number : number;
  return MG_OK;
}

/* Pass over what stands before the chosen one. */
static mg_status pass_over(mg_series *series) {
  int64_t passed = 0;
  if (!series->choose || series->done >= series->chosen) return MG_OK;
  MG_TRY(mg_reader_skip(series->reader, series->chosen - series->done, &passed));
  series->done += passed;
  return MG_OK;
}

mg_status mg_series_next(mg_series *series, mg_frame *frame, bool *found) {
  memset(frame, 0, sizeof *frame);
  *found = false;
  if (series->choose && series->done > series->chosen) return MG_OK;
  while (!*found) {
    if (!series->reader) {
      if (series->next_file == series->n_files) return MG_OK;
      series->path = path_of(series, series->next_file++);
      MG_TRY(mg_reader_open(series->comm, series->path, &series->options, &series->reader));
    }
    MG_TRY(pass_over(series));
    MG_TRY(mg_reader_next(series->reader, frame, found));
    if (!*found) mg_reader_close(&series->reader);
  }
  series->done++;
  return MG_OK;
}

/* The names of fields in all files, of these or of all. */
static mg_status list_fields(const mg_series *series, const mg_names *only, mg_text *names) {
  mg_read_options options = series->options;
  options.only = only;
  for (int k = 0; k < series->n_files; k++) {
    mg_reader *reader;
    MG_TRY(mg_reader_open(series->comm, path_of(series, k), &options, &reader));
    const mg_status status = mg_reader_fields(reader, names);
    mg_reader_close(&reader);
    MG_TRY(status);
  }
  return MG_OK;
}

static bool is_listed(const mg_text *names, const char *name) {
  for (size_t at = 0; at < names->length; at += strlen(names->data + at) + 1)
    if (strcmp(names->data + at, name) == 0) return true;
  return false;
}

/* What every configuration has, without being asked for. */
static const char *const always[] = {"id",   "species",  "position",           "image",
                                     "mass", "velocity", "reference_position", NULL};

static bool is_among(const char *const *words, const char *name) {
  for (int k = 0; words && words[k]; k++)
    if (strcmp(words[k], name) == 0) return true;
  return false;
}

/* A field that no configuration has: as the user may have meant it. */
static mg_status no_such_field(const mg_series *series, const mg_call *call, const char *name,
                               const char *const *also) {
  enum { MOST = 128 };
  const char *word[MOST], *list = "";
  mg_text names = {0};
  char known[MG_ERROR_TEXT / 2] = "";
  int n = 0;
  mg_status status = list_fields(series, NULL, &names);
  for (size_t at = 0; at < names.length && n < MOST; at += strlen(names.data + at) + 1)
    word[n++] = names.data + at;
  for (int k = 0; also && also[k] && n < MOST; k++) word[n++] = also[k];
  for (int k = 0; k < n; k++) mg_str_append(known, sizeof known, "%s%s", k ? ", " : "", word[k]);
  const char *nearest = mg_str_nearest(name, word, n);
  if (nearest) snprintf(known, sizeof known, "did you mean '%s'?", nearest);
  if (!nearest) list = n > 0 ? "there are " : "there is none";
  if (status == MG_OK && series->comm->rank == 0)
    status = mg_fail(MG_ERR_INPUT, "%s: --fields: there is no field '%s'; %s%s",
                     call->command->name, name, list, known);
  mg_text_clear(&names);
  return mg_agree(series->comm, status);
}

mg_status mg_series_check_fields(const mg_series *series, const mg_call *call,
                                 const char *const *also) {
  const mg_names *only = series->options.only;
  mg_text names = {0};
  int64_t missing = -1;
  if (!only || only->n == 0) return MG_OK;
  mg_status status = list_fields(series, only, &names);
  for (int k = only->n - 1; k >= 0 && series->comm->rank == 0; k--) {
    const char *name = only->name[k];
    if (!is_listed(&names, name) && !is_among(always, name) && !is_among(also, name)) missing = k;
  }
  mg_text_clear(&names);
  MG_TRY(status);
  mg_broadcast(series->comm, &missing, sizeof missing, 0);
  return missing < 0 ? MG_OK : no_such_field(series, call, only->name[missing], also);
}

mg_status mg_series_has_field(const mg_series *series, const char *name, bool *has) {
  mg_names only = {.n = 1};
  mg_text names = {0};
  mg_str_copy(only.name[0], sizeof only.name[0], name);
  MG_TRY(list_fields(series, &only, &names));
  *has = mg_any(series->comm, names.length > 0);
  mg_text_clear(&names);
  return MG_OK;
}

void mg_series_close(mg_series *series) {
  mg_reader_close(&series->reader);
  MG_DELETE(series->paths);
}

mg_status mg_option_names(const mg_call *call, const char *name, const char *what, mg_names *names,
                          bool *given) {
  enum { MOST = sizeof names->name / sizeof names->name[0] };
  const char *text = mg_call_value(call, name, NULL), *all = text;
  memset(names, 0, sizeof *names);
  if (given) *given = text != NULL;
  if (given && text && strcmp(text, "none") == 0) return MG_OK;
  while (text) {
    const size_t length = strcspn(text, ",");
    MG_REQUIRE(length > 0 && length < sizeof names->name[0] && names->n < MOST, MG_ERR_INPUT,
               "%s: --%s: '%s' is not a %s", call->command->name, name, all, what);
    memcpy(names->name[names->n++], text, length);
    text = text[length] ? text + length + 1 : NULL;
  }
  return MG_OK;
}

mg_status mg_option_species(const mg_call *call, mg_names *species) {
  MG_TRY(mg_option_names(call, "species", "list of elements such as Cu,Zr", species, NULL));
  for (int k = 0; k < species->n; k++) {
    const char *name = species->name[k];
    MG_REQUIRE(mg_element_mass(name) >= 0, MG_ERR_INPUT,
               "%s: --species: '%s' is no element; write symbols such as Cu,Zr",
               call->command->name, name);
  }
  return MG_OK;
}

mg_status mg_option_length(const mg_call *call, const char *name, const mg_param *key,
                           double *value) {
  const char *text = mg_call_value(call, name, NULL);
  char reason[MG_ERROR_TEXT], range[128] = "above 0";
  if (!text) return MG_OK;
  if (mg_units_parse(text, MG_DIM_LENGTH, value) != MG_OK) {
    mg_str_copy(reason, sizeof reason, mg_error_text());
    mg_error_clear();
    return mg_fail(MG_ERR_INPUT, "%s: --%s: %.200s", call->command->name, name, reason);
  }
  if (key) mg_keys_range(key, range, sizeof range);
  const bool good = key ? *value >= key->min && *value <= key->max : *value > 0;
  MG_REQUIRE(good, MG_ERR_INPUT, "%s: --%s: '%s' is out of range; must be %s", call->command->name,
             name, text, range);
  return MG_OK;
}
