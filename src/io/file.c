#include "mgmd/io/file.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static mg_status cannot_read(const char *path, const char *reason) {
  return mg_fail(MG_ERR_INPUT, "%s: cannot be read: %c%s", path, tolower((unsigned char)reason[0]),
                 reason[0] ? reason + 1 : "");
}

static mg_status read_stream(FILE *file, const char *path, size_t limit, char **text,
                             size_t *length) {
  size_t capacity = 1 << 14, n = 0;
  char *data;
  MG_TRY(MG_NEW(data, capacity));
  for (;;) {
    n += fread(data + n, 1, capacity - 1 - n, file);
    if (n > limit || n < capacity - 1) break;
    char *more = mg_realloc(data, 2 * capacity, 1);
    if (!more) {
      mg_free(data);
      return MG_ERR_MEMORY;
    }
    data = more;
    capacity *= 2;
  }
  if (ferror(file) || n > limit) {
    mg_free(data);
    if (n > limit)
      return mg_fail(MG_ERR_INPUT, "%s: larger than %zu bytes, the most this may have", path,
                     limit);
    return cannot_read(path, strerror(errno));
  }
  data[n] = '\0';
  *text = data;
  *length = n;
  return MG_OK;
}

mg_status mg_file_look(const char *path) {
  struct stat info;
  if (stat(path, &info) != 0) return cannot_read(path, strerror(errno));
  if (S_ISDIR(info.st_mode)) return cannot_read(path, "it is a directory");
  return S_ISREG(info.st_mode) ? MG_OK : cannot_read(path, "it is not a regular file");
}

mg_status mg_file_read(const char *path, size_t limit, char **text, size_t *length) {
  *text = NULL;
  *length = 0;
  MG_TRY(mg_file_look(path));
  FILE *file = fopen(path, "rb");
  if (!file) return cannot_read(path, strerror(errno));
  const mg_status status = read_stream(file, path, limit, text, length);
  fclose(file);
  return status;
}

mg_status mg_file_read_all(const mg_comm *comm, const char *path, size_t limit, char **text,
                           size_t *length) {
  mg_status status = MG_OK;
  *text = NULL;
  *length = 0;
  if (comm->rank == 0) status = mg_file_read(path, limit, text, length);
  status = mg_agree(comm, status);
  if (status == MG_OK) {
    mg_broadcast(comm, length, sizeof *length, 0);
    status = mg_agree(comm, comm->rank != 0 ? MG_NEW(*text, *length + 1) : MG_OK);
  }
  if (status == MG_OK)
    mg_broadcast(comm, *text, *length, 0);
  else
    MG_DELETE(*text);
  return status;
}

bool mg_file_exists(const char *path) {
  struct stat info;
  return stat(path, &info) == 0;
}

bool mg_path_beside(const char *base_file, const char *path, char *result, size_t size) {
  const char *slash = strrchr(base_file, '/');
  if (path[0] == '/' || !slash) return mg_str_copy(result, size, path);
  return (size_t)snprintf(result, size, "%.*s%s", (int)(slash - base_file + 1), base_file, path) <
         size;
}

bool mg_path_climbs(const char *path) {
  while (*path) {
    const size_t length = strcspn(path, "/");
    if (length == 2 && path[0] == '.' && path[1] == '.') return true;
    path += length;
    while (*path == '/') path++;
  }
  return false;
}

bool mg_path_has_suffix(const char *path, const char *suffix) {
  const size_t n = strlen(path), m = strlen(suffix);
  if (n <= m || strcmp(path + n - m, suffix) != 0) return false;
  return path[n - m - 1] != '/';
}
