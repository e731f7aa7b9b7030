#include "writer_impl.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/io/commit.h"
#include "mgmd/io/numbered.h"
#include "mgmd/io/file.h"
#include "mgmd/io/xdmf.h"
#include "snapshot_impl.h"

#include <string.h>

struct mg_writer {
  const mg_comm *comm;
  mg_format format;
  bool mdanalysis;
  int64_t n, done;
  char path[MG_PATH];
  mg_text_file text;
  mg_h5_series series;
  mg_xdmf xdmf; /* rank 0 */
};

bool mg_writer_numbers(const char *path, int64_t n, bool mdanalysis) {
  return n > 1 && !mdanalysis && mg_format_of_name(path) == MG_FORMAT_H5;
}

mg_status mg_writer_check(const char *path, int64_t n, bool mdanalysis) {
  const mg_format format = mg_format_of_name(path);
  MG_REQUIRE(mdanalysis || format != MG_FORMAT_NONE, MG_ERR_INPUT,
             "%s: its name asks for no known format; valid: .h5, .data, .lmp, .dump, .lammpstrj, "
             ".xyz, .extxyz",
             path);
  MG_REQUIRE(n <= 1 || mdanalysis || format != MG_FORMAT_LAMMPS_DATA, MG_ERR_INPUT,
             "%s: LAMMPS data holds one configuration, but %lld are given; choose one by --frame, "
             "or write .dump, .xyz or .h5",
             path, (long long)n);
  return MG_OK;
}

mg_status mg_writer_open(const mg_comm *comm, const char *path, int64_t n, bool mdanalysis,
                         mg_writer **writer) {
  mg_writer *w = NULL;
  *writer = NULL;
  mg_status status = MG_NEW(w, 1);
  if (status == MG_OK) {
    w->comm = comm;
    w->n = n;
    w->mdanalysis = mdanalysis;
    w->format = mdanalysis ? MG_FORMAT_H5 : mg_format_of_name(path);
    status = mg_writer_check(path, n, mdanalysis);
  }
  if (status == MG_OK && !mg_str_copy(w->path, sizeof w->path, path))
    status = mg_fail(MG_ERR_INPUT, "%.60s...: the path is too long", path);
  if (status == MG_OK) {
    mg_str_copy(w->series.path, sizeof w->series.path, path);
    w->series.n = n;
    status = mg_commit_name(path, w->series.temporary, sizeof w->series.temporary);
  }
  status = mg_agree(comm, status);
  if (status == MG_OK && w->format != MG_FORMAT_H5)
    status = mg_text_file_open(&w->text, comm, path);
  if (status != MG_OK) MG_DELETE(w);
  *writer = w;
  return status;
}

/* "a/b.h5" -> "a/b" */
static int stem_length(const char *path) { return (int)(strrchr(path, '.') - path); }

static mg_status put_numbered(mg_writer *w, const mg_snapshot *snapshot) {
  char path[MG_PATH + 16];
  snprintf(path, sizeof path, "%.*s-%06lld.h5", stem_length(w->path), w->path, (long long)w->done);
  MG_TRY(mg_snapshot_write(w->comm, path, snapshot));
  return mg_agree(w->comm, w->comm->rank == 0 ? mg_xdmf_add(&w->xdmf, path) : MG_OK);
}

mg_status mg_writer_put(mg_writer *w, const mg_snapshot *snapshot) {
  mg_status status;
  if (w->mdanalysis)
    status = mg_h5_series_put(&w->series, w->comm, snapshot);
  else if (w->format != MG_FORMAT_H5)
    status = mg_text_file_put(&w->text, w->comm, w->format, snapshot);
  else if (w->n == 1)
    status = mg_snapshot_write(w->comm, w->path, snapshot);
  else
    status = put_numbered(w, snapshot);
  w->done += status == MG_OK;
  return status;
}

static mg_status end_series(mg_writer *w, mg_status status) {
  char path[MG_PATH + 16], folder[MG_PATH], stem[MG_PATH];
  if (w->comm->rank != 0) return MG_OK;
  if (w->mdanalysis) {
    if (status == MG_OK) return mg_commit(w->series.temporary, w->path);
    mg_commit_discard(w->series.temporary);
  } else if (w->n > 1 && status == MG_OK) {
    snprintf(path, sizeof path, "%.*s.xdmf", stem_length(w->path), w->path);
    MG_TRY(mg_xdmf_write(&w->xdmf, path));
    mg_numbered_split(w->path, folder, stem, sizeof stem);
    return mg_numbered_cut(folder, stem, w->done);
  }
  return MG_OK;
}

mg_status mg_writer_close(mg_writer **writer, mg_status status) {
  mg_writer *w = *writer;
  if (!w) return status;
  mg_status ended;
  if (w->format != MG_FORMAT_H5)
    ended = mg_text_file_close(&w->text, w->comm, status);
  else
    ended = mg_agree(w->comm, end_series(w, status));
  mg_xdmf_clear(&w->xdmf);
  MG_DELETE(*writer);
  return status != MG_OK ? status : ended;
}
