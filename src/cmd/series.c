#include "mgmd/cmd/series.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/base/text.h"
#include "mgmd/base/units.h"
#include "mgmd/io/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* NAME-000123.h5 */
static bool is_snapshot(const char *file) {
  const size_t n = strlen(file);
  return n >= 11 && strcmp(file + n - 3, ".h5") == 0 && file[n - 10] == '-' &&
         strspn(file + n - 9, "0123456789") == 6;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Local: the snapshots of a directory in order of their numbers. */
static mg_status list_directory(const char *path, mg_text *paths, int *n_files) {
  DIR *directory = opendir(path);
  MG_REQUIRE(directory, MG_ERR_INPUT, "%s: the directory cannot be read", path);
  char *name[1];
  char **names = NULL;
  int n = 0;
  mg_status status = MG_OK;
  for (struct dirent *entry; status == MG_OK && (entry = readdir(directory));) {
    if (!is_snapshot(entry->d_name)) continue;
    char **more = mg_realloc(names, (size_t)n + 1, sizeof *names);
    if (more) names = more;
    status = more ? MG_NEW(name[0], strlen(entry->d_name) + 1) : MG_ERR_MEMORY;
    if (status == MG_OK) names[n++] = strcpy(name[0], entry->d_name);
  }
  closedir(directory);
  if (status == MG_OK && n == 0)
    status = mg_fail(MG_ERR_INPUT, "%s: the directory holds no snapshots NAME-000000.h5", path);
  if (status == MG_OK) qsort(names, (size_t)n, sizeof *names, by_name);
  for (int k = 0; k < n; k++) {
    mg_text_append(paths, "%s/%s", path, names[k]);
    mg_text_append_bytes(paths, "", 1);
    mg_free(names[k]);
  }
  mg_free(names);
  *n_files += n;
  return status;
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

mg_status mg_option_length(const mg_call *call, const char *name, double *value) {
  const char *text = mg_call_value(call, name, NULL);
  char reason[MG_ERROR_TEXT];
  if (!text || mg_units_parse(text, MG_DIM_LENGTH, value) == MG_OK) {
    MG_REQUIRE(!text || *value > 0, MG_ERR_INPUT, "%s: --%s: '%s' is not above zero",
               call->command->name, name, text);
    return MG_OK;
  }
  mg_str_copy(reason, sizeof reason, mg_error_text());
  mg_error_clear();
  return mg_fail(MG_ERR_INPUT, "%s: --%s: %.200s", call->command->name, name, reason);
}

mg_status mg_option_output(const mg_comm *comm, const mg_call *call, const char *path) {
  mg_status status = MG_OK;
  if (comm->rank == 0 && !mg_call_has(call, "overwrite") && access(path, F_OK) == 0)
    status = mg_fail(MG_ERR_INPUT, "%s exists; --overwrite replaces it", path);
  return mg_agree(comm, status);
}
