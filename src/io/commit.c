#include "mgmd/io/commit.h"

#include "mgmd/base/param.h"
#include "mgmd/base/str.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

mg_status mg_commit_fail(const char *path, const char *what) {
  const char *reason = strerror(errno);
  return mg_fail(MG_ERR_IO, "%s: %s: %c%s", path, what, tolower((unsigned char)reason[0]),
                 reason[0] ? reason + 1 : "");
}

mg_status mg_commit_name(const char *path, char *temporary, size_t size) {
  MG_REQUIRE((size_t)snprintf(temporary, size, "%s.tmp", path) < size, MG_ERR_IO,
             "%.60s...: the path is too long", path);
  return MG_OK;
}

static mg_status sync_path(const char *path, int flags) {
  const int handle = open(path, flags);
  if (handle < 0) return mg_commit_fail(path, "cannot be opened");
  /* directories of some file systems cannot be synchronised; their renames are safe at once */
  const int failed = fsync(handle) != 0 && errno != EINVAL && errno != ENOTSUP;
  const mg_status status = failed ? mg_commit_fail(path, "cannot be written to the disk") : MG_OK;
  close(handle);
  return status;
}

static mg_status sync_directory(const char *path) {
  char directory[MG_PATH];
  if (!mg_str_copy(directory, sizeof directory, path)) return MG_OK;
  char *slash = strrchr(directory, '/');
  if (!slash) return sync_path(".", O_RDONLY);
  slash[slash == directory] = '\0';
  return sync_path(directory, O_RDONLY);
}

mg_status mg_commit_sync(const char *path) { return sync_path(path, O_WRONLY); }

void mg_commit_discard(const char *temporary) { unlink(temporary); }

mg_status mg_commit(const char *temporary, const char *path) {
  mg_status status = mg_commit_sync(temporary);
  if (status == MG_OK && rename(temporary, path) != 0)
    status = mg_commit_fail(path, "cannot be renamed to");
  if (status == MG_OK) return sync_directory(path);
  mg_commit_discard(temporary);
  return status;
}

mg_status mg_commit_text(const char *path, const char *text, size_t length) {
  char temporary[MG_PATH];
  MG_TRY(mg_commit_name(path, temporary, sizeof temporary));
  mg_commit_discard(temporary); /* a link there must not lead elsewhere */
  FILE *file = fopen(temporary, "wb");
  if (!file) return mg_commit_fail(temporary, "cannot be created");
  mg_status status = MG_OK;
  if (fwrite(text, 1, length, file) != length) status = mg_commit_fail(path, "cannot be written");
  if (fclose(file) != 0) status = mg_commit_fail(path, "cannot be written");
  if (status == MG_OK) return mg_commit(temporary, path);
  mg_commit_discard(temporary);
  return status;
}
