#include "mgmd/io/table.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/param.h"
#include "mgmd/base/str.h"
#include "mgmd/base/text.h"
#include "mgmd/io/commit.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct mg_table {
  const mg_comm *comm;
  const mg_table_column *columns;
  FILE *file;         /* rank 0 */
  mg_table_mark mark; /* of what was hashed so far */
  char path[MG_PATH];
};

static mg_status failed(const mg_table *table) {
  return mg_commit_fail(table->path, "cannot be written");
}

static mg_status header_text(const mg_table_column *columns, char **header) {
  mg_text text = {0};
  for (int pass = 0; pass < 2; pass++) {
    for (int k = 0; columns[k].name; k++)
      mg_text_append(&text, "%s%s", k ? "," : pass ? "#" : "",
                     pass ? columns[k].unit : columns[k].name);
    mg_text_append(&text, "\n");
  }
  return mg_text_take(&text, header);
}

/* FNV-1a [Fowler, Noll, Vo; RFC 9923], from where the mark stands up to @p length. */
static mg_status hash_up_to(mg_table *table, int64_t length) {
  unsigned char block[8192];
  uint64_t hash = table->mark.length ? (uint64_t)table->mark.hash : 0xcbf29ce484222325u;
  while (table->mark.length < length) {
    const int64_t rest = length - table->mark.length, most = (int64_t)sizeof block;
    const ssize_t n = pread(fileno(table->file), block, (size_t)(rest < most ? rest : most),
                            (off_t)table->mark.length);
    if (n <= 0) return failed(table);
    for (ssize_t k = 0; k < n; k++) hash = (hash ^ block[k]) * 0x100000001b3u;
    table->mark.length += n;
  }
  table->mark.hash = (int64_t)hash;
  return MG_OK;
}

static mg_status write_header(mg_table *table, const char *header) {
  unlink(table->path); /* a link is replaced, not followed */
  table->file = fopen(table->path, "w+");
  if (!table->file) return failed(table);
  fputs(header, table->file);
  return fflush(table->file) == 0 ? MG_OK : failed(table);
}

static mg_status check_columns(const mg_table *table, const char *header) {
  char *found;
  const size_t n = strlen(header);
  MG_TRY(MG_NEW(found, n + 1));
  const bool same = pread(fileno(table->file), found, n, 0) == (ssize_t)n &&
                    strcmp(found, header) == 0;
  mg_free(found);
  MG_REQUIRE(same, MG_ERR_INPUT, "%s: its columns are not those of this version", table->path);
  return MG_OK;
}

static mg_status find_again(mg_table *table, const char *header, const mg_table_mark *mark) {
  static const char hint[] = "go on in the run's own directory, or put that file back";
  const long long had = mark->length;
  struct stat info;
  const int handle = open(table->path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (handle < 0 && (errno == ENOENT || errno == ELOOP))
    return mg_fail(MG_ERR_INPUT,
                   "%s: is %s, and had %lld bytes when the checkpoint was written; %s", table->path,
                   errno == ENOENT ? "missing" : "a link", had, hint);
  if (handle >= 0) table->file = fdopen(handle, "r+");
  if (!table->file || fstat(handle, &info) != 0) return failed(table);
  MG_REQUIRE(info.st_size >= mark->length && mark->length >= (int64_t)strlen(header), MG_ERR_INPUT,
             "%s: has %lld bytes, and had %lld when the checkpoint was written; %s", table->path,
             (long long)info.st_size, had, hint);
  MG_TRY(check_columns(table, header));
  MG_TRY(hash_up_to(table, mark->length));
  MG_REQUIRE(table->mark.hash == mark->hash, MG_ERR_INPUT,
             "%s: its first %lld bytes are not those of the run that wrote the checkpoint; %s",
             table->path, had, hint);
  return fseek(table->file, (long)mark->length, SEEK_SET) == 0 ? MG_OK : failed(table);
}

/* @param[in] mark  NULL: a new table */
static mg_status open_table(mg_table **table, const mg_comm *comm, const char *path,
                            const mg_table_column *columns, const mg_table_mark *mark) {
  *table = NULL;
  mg_table *made = NULL;
  char *header = NULL;
  mg_status status = MG_NEW(made, 1);
  if (status == MG_OK) status = header_text(columns, &header);
  status = mg_agree(comm, status);
  if (status == MG_OK) {
    made->comm = comm;
    made->columns = columns;
    mg_str_copy(made->path, sizeof made->path, path);
    if (comm->rank == 0)
      status = mark ? find_again(made, header, mark) : write_header(made, header);
    status = mg_agree(comm, status);
  }
  mg_free(header);
  if (status == MG_OK) {
    *table = made;
    return MG_OK;
  }
  if (made && made->file) fclose(made->file);
  mg_free(made);
  return status;
}

mg_status mg_table_create(mg_table **table, const mg_comm *comm, const char *path,
                          const mg_table_column *columns) {
  return open_table(table, comm, path, columns, NULL);
}

mg_status mg_table_resume(mg_table **table, const mg_comm *comm, const char *path,
                          const mg_table_column *columns, const mg_table_mark *mark) {
  return open_table(table, comm, path, columns, mark);
}

mg_status mg_table_cut(mg_table *table) {
  mg_status status = MG_OK;
  if (table->file && ftruncate(fileno(table->file), (off_t)table->mark.length) != 0)
    status = failed(table);
  return mg_agree(table->comm, status);
}

/* Rows written to a file without a name would be lost. */
static mg_status sync_file(mg_table *table) {
  struct stat named, open_one;
  MG_REQUIRE(stat(table->path, &named) == 0 && fstat(fileno(table->file), &open_one) == 0 &&
                 named.st_ino == open_one.st_ino && named.st_dev == open_one.st_dev,
             MG_ERR_IO, "%s: is gone: it was removed or replaced while the run went on",
             table->path);
  if (fflush(table->file) != 0 || fsync(fileno(table->file)) != 0) return failed(table);
  const long length = ftell(table->file);
  return length < 0 ? failed(table) : hash_up_to(table, length);
}

mg_status mg_table_sync(mg_table *table, mg_table_mark *mark) {
  const mg_status status = mg_agree(table->comm, table->file ? sync_file(table) : MG_OK);
  mg_broadcast(table->comm, &table->mark, sizeof table->mark, 0);
  *mark = table->mark;
  return status;
}

/* 15 digits where they suffice, 17 where they do not. */
static void write_number(FILE *file, double x) {
  char text[40];
  if (isnan(x)) {
    fputs("nan", file);
    return;
  }
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, x);
    if (strtod(text, NULL) == x) break;
  }
  fputs(text, file);
}

static mg_status write_row(mg_table *table, const char *const *text, const double *number) {
  for (int k = 0; table->columns[k].name; k++) {
    if (k) fputc(',', table->file);
    if (text && text[k])
      fputs(text[k], table->file);
    else
      write_number(table->file, number[k]);
  }
  fputc('\n', table->file);
  return fflush(table->file) == 0 && !ferror(table->file) ? MG_OK : failed(table);
}

mg_status mg_table_append(mg_table *table, const char *const *text, const double *number) {
  return mg_agree(table->comm, table->file ? write_row(table, text, number) : MG_OK);
}

static mg_status close_file(mg_table *table) {
  if (!table->file) return MG_OK;
  const bool written = fflush(table->file) == 0 && fsync(fileno(table->file)) == 0;
  const bool closed = fclose(table->file) == 0;
  return written && closed ? MG_OK : failed(table);
}

mg_status mg_table_close(mg_table **table) {
  if (!*table) return MG_OK;
  const mg_status status = mg_agree((*table)->comm, close_file(*table));
  MG_DELETE(*table);
  return status;
}
