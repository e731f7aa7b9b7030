/* A whole file from nothing to its name. */
#include "h5_impl.h"

#include "mgmd/io/commit.h"

/* Local. */
static mg_status make_file(const char *temporary, const mg_h5_work *work, void *context) {
  mg_h5 *file;
  MG_TRY(mg_h5_create(temporary, &file));
  mg_status status = work->make(context, file);
  if (status == MG_OK) status = mg_h5_reserve(file);
  if (status == MG_OK) return mg_h5_close(&file);
  mg_h5_abandon(&file);
  return status;
}

static mg_status write_file(const mg_comm *comm, const char *temporary, const mg_h5_work *work,
                            void *context) {
  mg_h5 *file = NULL;
  mg_status status = comm->rank == 0 ? make_file(temporary, work, context) : MG_OK;
  MG_TRY(mg_agree(comm, status));
  if (!work->alone)
    status = mg_h5_open_rows(comm, temporary, &file);
  else
    status = mg_agree(comm, comm->rank == 0 ? mg_h5_open_rows(NULL, temporary, &file) : MG_OK);
  if (status == MG_OK) status = work->fill(context, file);
  if (status == MG_OK && file) status = mg_h5_close(&file);
  mg_h5_abandon(&file);
  return work->alone ? mg_agree(comm, status) : status;
}

mg_status mg_h5_fill_rows(const mg_comm *comm, mg_h5 *file, const char *path, mg_ctype ctype,
                          int64_t offset, int64_t count, const void *data) {
  const mg_status status =
      file ? mg_h5_write_rows(file, path, ctype, offset, count, data) : MG_OK;
  return file && file->comm ? status : mg_agree(comm, status);
}

mg_status mg_h5_write_file(const mg_comm *comm, const char *path, const mg_h5_work *work,
                           void *context) {
  char temporary[MG_PATH];
  MG_TRY(mg_agree(comm, mg_commit_name(path, temporary, sizeof temporary)));
  mg_status status = write_file(comm, temporary, work, context);
  if (status == MG_OK && work->verify) {
    status = mg_agree(comm, comm->rank == 0 ? mg_commit_sync(temporary) : MG_OK);
    if (status == MG_OK) status = work->verify(context, temporary);
  }
  if (comm->rank == 0) {
    if (status == MG_OK)
      status = mg_commit(temporary, path);
    else
      mg_commit_discard(temporary);
  }
  return mg_agree(comm, status);
}
