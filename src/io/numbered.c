#include "mgmd/io/numbered.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/io/commit.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int mg_numbered_stem(const char *file) {
  const size_t n = strlen(file);
  if (n < 4 || strcmp(file + n - 3, ".h5") != 0) return 0;
  size_t digits = 0;
  while (digits < n - 3 && file[n - 4 - digits] >= '0' && file[n - 4 - digits] <= '9') digits++;
  const size_t before = n - 3 - digits;
  return digits >= 6 && digits <= 9 && before > 1 && file[before - 1] == '-' ? (int)before - 1 : 0;
}

/* By stem, then by number. */
static int in_order(const void *a, const void *b) {
  const char *x = *(char *const *)a, *y = *(char *const *)b;
  const int m = mg_numbered_stem(x), n = mg_numbered_stem(y);
  const int order = strncmp(x, y, (size_t)(m > n ? m : n));
  if (order != 0) return order;
  return (int)(strtol(x + m + 1, NULL, 10) - strtol(y + n + 1, NULL, 10));
}

static bool belongs(const char *file, const char *stem) {
  const int n = mg_numbered_stem(file);
  return n > 0 && (!stem || (strlen(stem) == (size_t)n && memcmp(stem, file, (size_t)n) == 0));
}

static mg_status collect(DIR *directory, const char *stem, char ***names, int *n) {
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (!belongs(entry->d_name, stem)) continue;
    char **more = mg_realloc(*names, (size_t)*n + 1, sizeof **names);
    if (!more) return MG_ERR_MEMORY;
    *names = more;
    char *name;
    MG_TRY(MG_NEW(name, strlen(entry->d_name) + 1));
    more[(*n)++] = strcpy(name, entry->d_name);
  }
  return MG_OK;
}

mg_status mg_numbered_list(const char *folder, const char *stem, mg_text *paths, int *n) {
  DIR *directory = opendir(folder);
  MG_REQUIRE(directory, MG_ERR_INPUT, "%s: the directory cannot be read: %s", folder,
             strerror(errno));
  char **names = NULL;
  int found = 0;
  mg_status status = collect(directory, stem, &names, &found);
  closedir(directory);
  if (status == MG_OK && found > 0) qsort(names, (size_t)found, sizeof *names, in_order);
  for (int k = 0; k < found; k++) {
    mg_text_append(paths, "%s/%s", folder, names[k]);
    mg_text_append_bytes(paths, "", 1);
    mg_free(names[k]);
  }
  mg_free(names);
  *n += found;
  return status == MG_OK ? paths->status : status;
}

mg_status mg_numbered_cut(const char *folder, const char *stem, int64_t first) {
  mg_text paths = {0};
  int n = 0;
  mg_status status = mg_numbered_list(folder, stem, &paths, &n);
  const char *path = paths.data;
  for (int k = 0; k < n && status == MG_OK; k++, path += strlen(path) + 1) {
    const char *file = path + strlen(folder) + 1;
    if (strtol(file + mg_numbered_stem(file) + 1, NULL, 10) < first) continue;
    if (unlink(path) != 0 && errno != ENOENT) status = mg_commit_fail(path, "cannot be removed");
  }
  mg_text_clear(&paths);
  return status;
}

bool mg_numbered_split(const char *path, char *folder, char *stem, size_t size) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  if (!mg_str_copy(folder, size, slash ? path : ".") || !mg_str_copy(stem, size, name))
    return false;
  if (slash) folder[slash > path ? slash - path : 1] = '\0';
  char *dot = strrchr(stem, '.');
  if (dot) *dot = '\0';
  return true;
}
