#include "mgmd/io/table.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/param.h"
#include "mgmd/base/str.h"
#include "mgmd/base/text.h"
#include "mgmd/io/commit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct mg_table {
  const mg_comm *comm;
  const mg_table_column *columns;
  FILE *file; /* rank 0 */
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

static mg_status write_header(mg_table *table, const char *header) {
  table->file = fopen(table->path, "w");
  if (!table->file) return failed(table);
  fputs(header, table->file);
  return fflush(table->file) == 0 ? MG_OK : failed(table);
}

/* Rows beyond @p length were written after the state that is gone back to. */
static mg_status cut_back(mg_table *table, const char *header, int64_t length) {
  char *found;
  const size_t n = strlen(header);
  table->file = fopen(table->path, "r+");
  if (!table->file || fseek(table->file, 0, SEEK_END) != 0) return failed(table);
  const long size = ftell(table->file);
  MG_REQUIRE(size >= length && length >= (int64_t)n, MG_ERR_INPUT,
             "%s: has %ld bytes, and had %lld when the checkpoint was written; is it that run's?",
             table->path, size, (long long)length);
  MG_TRY(MG_NEW(found, n + 1));
  rewind(table->file);
  const bool same = fread(found, 1, n, table->file) == n && strcmp(found, header) == 0;
  mg_free(found);
  MG_REQUIRE(same, MG_ERR_INPUT, "%s: its columns are not those of this version", table->path);
  if (ftruncate(fileno(table->file), (off_t)length) != 0) return failed(table);
  return fseek(table->file, 0, SEEK_END) == 0 ? MG_OK : failed(table);
}

/* @param[in] length  negative: a new table */
static mg_status open_table(mg_table **table, const mg_comm *comm, const char *path,
                            const mg_table_column *columns, int64_t length) {
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
      status = length < 0 ? write_header(made, header) : cut_back(made, header, length);
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
  return open_table(table, comm, path, columns, -1);
}

mg_status mg_table_resume(mg_table **table, const mg_comm *comm, const char *path,
                          const mg_table_column *columns, int64_t length) {
  return open_table(table, comm, path, columns, length < 0 ? 0 : length);
}

/* Rows written to a file without a name would be lost. */
static mg_status sync_file(mg_table *table, int64_t *length) {
  struct stat named, open_one;
  MG_REQUIRE(stat(table->path, &named) == 0 && fstat(fileno(table->file), &open_one) == 0 &&
                 named.st_ino == open_one.st_ino && named.st_dev == open_one.st_dev,
             MG_ERR_IO, "%s: is gone: it was removed or replaced while the run went on",
             table->path);
  if (fflush(table->file) != 0 || fsync(fileno(table->file)) != 0) return failed(table);
  *length = ftell(table->file);
  return *length < 0 ? failed(table) : MG_OK;
}

mg_status mg_table_sync(mg_table *table, int64_t *length) {
  *length = 0;
  const mg_status status =
      mg_agree(table->comm, table->file ? sync_file(table, length) : MG_OK);
  mg_broadcast(table->comm, length, sizeof *length, 0);
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
