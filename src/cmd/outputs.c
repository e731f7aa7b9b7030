#include "mgmd/cmd/outputs.h"

#include "mgmd/base/text.h"
#include "mgmd/io/file.h"
#include "mgmd/io/numbered.h"
#include "mgmd/io/writer.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void add(mg_text *paths, int *n, const char *path) {
  if (!path || !mg_file_exists(path)) return;
  mg_text_append_bytes(paths, path, strlen(path) + 1);
  ++*n;
}

static mg_status check_folder(const char *path, const char *folder) {
  struct stat info;
  MG_REQUIRE(stat(folder, &info) == 0 && S_ISDIR(info.st_mode), MG_ERR_INPUT,
             "%s: there is no folder '%s'; make it, or choose another name", path, folder);
  MG_REQUIRE(stat(path, &info) != 0 || !S_ISDIR(info.st_mode), MG_ERR_INPUT,
             "%s: is a directory; write the name of a file", path);
  return MG_OK;
}

/* All files that stand where one will be written, each with its NUL. */
static mg_status list_existing(const mg_outputs *o, mg_text *paths, int *n) {
  char folder[MG_PATH], stem[MG_PATH], series[MG_PATH + 8];
  MG_REQUIRE(mg_numbered_split(o->path, folder, stem, sizeof stem), MG_ERR_INPUT,
             "%.60s...: the path is too long", o->path);
  MG_TRY(check_folder(o->path, folder));
  if (mg_writer_numbers(o->path, o->n, o->mdanalysis)) {
    MG_TRY(mg_numbered_list(folder, stem, paths, n));
    snprintf(series, sizeof series, "%.*s.xdmf", (int)(strrchr(o->path, '.') - o->path), o->path);
    add(paths, n, series);
  } else {
    add(paths, n, o->path);
  }
  add(paths, n, o->table);
  return paths->status;
}

/* The file that stands at @p path is none that is read. */
static mg_status check_not_read(const char *path, int n_inputs, const mg_series *const *inputs) {
  struct stat out, in;
  if (stat(path, &out) != 0) return MG_OK;
  for (int s = 0; s < n_inputs; s++) {
    const char *input = inputs[s]->paths;
    for (int k = 0; k < inputs[s]->n_files; k++, input += strlen(input) + 1)
      MG_REQUIRE(stat(input, &in) != 0 || in.st_dev != out.st_dev || in.st_ino != out.st_ino,
                 MG_ERR_INPUT, "%s is read and would be written over; choose another name for "
                 "the result", path);
  }
  return MG_OK;
}

static mg_status check(const mg_call *call, const mg_outputs *outputs, int n_inputs,
                       const mg_series *const *inputs) {
  mg_text paths = {0};
  int n = 0;
  MG_TRY(mg_writer_check(outputs->path, outputs->n, outputs->mdanalysis));
  mg_status status = list_existing(outputs, &paths, &n);
  const char *path = paths.data;
  for (int k = 0; k < n && status == MG_OK; k++, path += strlen(path) + 1)
    status = check_not_read(path, n_inputs, inputs);
  if (status == MG_OK && n > 0 && !mg_call_has(call, "overwrite"))
    status = mg_fail(MG_ERR_INPUT, "%s exists; --overwrite replaces it%s", paths.data,
                     mg_writer_numbers(outputs->path, outputs->n, outputs->mdanalysis)
                         ? ", and the whole series"
                         : "");
  mg_text_clear(&paths);
  return status;
}

mg_status mg_outputs_check(const mg_comm *comm, const mg_call *call, const mg_outputs *outputs,
                           int n_inputs, const mg_series *const *inputs) {
  return mg_agree(comm, comm->rank == 0 ? check(call, outputs, n_inputs, inputs) : MG_OK);
}
