/* Opening and closing, and what reading and writing share.
 *
 * Metadata are written by one rank; when ranks open a file together, one reads them and the others
 * are told [HDF Group, "Parallel HDF5 tuning"]. Rows are transferred independently, although by
 * all ranks at once: a collective transfer whose write fails on one rank leaves the others waiting
 * inside the MPI library (seen with OMPIO and with ROMIO on a full disk), and its gain, few large
 * blocks, is had already by the way rows are sent to their writers (io/rows.h).
 * The file format of HDF5 1.8 is asked for: readable by everyone and, unlike the oldest one, its
 * metadata carry checksums.
 */
#include "h5_impl.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/comm/mpi.h"
#include "mgmd/io/commit.h"
#include "mgmd/io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static herr_t innermost(unsigned n, const H5E_error2_t *error, void *text) {
  (void)n;
  snprintf(text, MG_H5_NAME, "%s", error->desc ? error->desc : "");
  return 1; /* the first one visited is enough */
}

mg_status mg_h5_result(const mg_h5 *file, bool good, const char *object, const char *what) {
  if (good) return MG_OK;
  char reason[MG_H5_NAME] = "";
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, innermost, reason);
  for (char *c = reason; *c; c++)
    if ((unsigned char)*c < ' ') *c = ' ';
  return mg_fail(file->writing ? MG_ERR_IO : MG_ERR_INPUT, "%s: %s%s%s%s%s%s", file->path, object,
                 object[0] ? ": " : "", what, reason[0] ? " (" : "", reason, reason[0] ? ")" : "");
}

mg_status mg_h5_agree(const mg_h5 *file, mg_status local) {
  return file->comm ? mg_agree(file->comm, local) : local;
}

hid_t mg_h5_memory_type(mg_ctype ctype) {
  switch (ctype) {
  case MG_INT32: return H5T_NATIVE_INT32;
  case MG_INT64: return H5T_NATIVE_INT64;
  case MG_FLOAT64: return H5T_NATIVE_DOUBLE;
  case MG_FLOAT32: return H5T_NATIVE_FLOAT;
  }
  return H5I_INVALID_HID;
}

bool mg_h5_select_rows(hid_t space, int64_t frame, int64_t offset, int64_t count) {
  if (count == 0) return H5Sselect_none(space) >= 0;
  hsize_t dims[MG_H5_RANK] = {0};
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 1 || rank > 3 || H5Sget_simple_extent_dims(space, dims, NULL) < 0) return false;
  const hsize_t start[3] = {(hsize_t)frame, (hsize_t)offset, 0};
  const hsize_t size[3] = {1, (hsize_t)count, dims[2]};
  if ((hsize_t)frame >= dims[0]) return false;
  if ((hsize_t)(offset + count) > (rank == 1 ? 1 : dims[1])) return false;
  return H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) >= 0;
}

/* What could not be set shows when the file is opened. Local. */
static hid_t access_list(const mg_comm *comm) {
  const hid_t list = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fclose_degree(list, H5F_CLOSE_STRONG);
  H5Pset_libver_bounds(list, H5F_LIBVER_V18, H5F_LIBVER_V18);
#if H5_VERSION_GE(1, 10, 7)
  /* shared file systems often lack the locks that HDF5 would like to take */
  H5Pset_file_locking(list, false, true);
#endif
  if (comm && comm->size > 1) {
    H5Pset_fapl_mpio(list, mg_comm_mpi(comm), MPI_INFO_NULL);
    H5Pset_coll_metadata_write(list, true);
    H5Pset_all_coll_metadata_ops(list, true);
  }
  return list;
}

static mg_status start(const mg_comm *comm, const char *path, bool writing, mg_h5 **file) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  /* no file leads the way into another */
  H5Lunregister(H5L_TYPE_EXTERNAL);
  MG_TRY(MG_NEW(*file, 1));
  (*file)->comm = comm;
  (*file)->writing = writing;
  (*file)->id = H5I_INVALID_HID;
  (*file)->slab = 1 << 29;
  MG_REQUIRE(mg_str_copy((*file)->path, MG_PATH, path), MG_ERR_INPUT,
             "%.60s...: the path is too long", path);
  return MG_OK;
}

/* Local. A file that is being written was there a moment ago: else it is the disk's doing. */
static mg_status look(const char *path, bool writing) {
  char text[MG_ERROR_TEXT];
  const mg_status status = mg_file_look(path);
  if (status != MG_ERR_INPUT || !writing) return status;
  mg_str_copy(text, sizeof text, mg_error_text());
  mg_error_set(MG_ERR_IO, text);
  return MG_ERR_IO;
}

static mg_status open_together(const mg_comm *comm, const char *path, bool writing, mg_h5 **file) {
  *file = NULL;
  mg_status status = start(comm, path, writing, file);
  if (status == MG_OK) status = look(path, writing);
  if (comm) status = mg_agree(comm, status);
  if (status == MG_OK) {
    const hid_t access = access_list(comm);
    (*file)->id = H5Fopen(path, writing ? H5F_ACC_RDWR : H5F_ACC_RDONLY, access);
    status = mg_h5_result(*file, (*file)->id >= 0, "",
                          writing ? "cannot be opened" : "cannot be read as HDF5");
    H5Pclose(access);
    status = mg_h5_agree(*file, status);
  }
  if (status != MG_OK) mg_h5_abandon(file);
  return status;
}

mg_status mg_h5_open(const mg_comm *comm, const char *path, mg_h5 **file) {
  return open_together(comm, path, false, file);
}

mg_status mg_h5_open_rows(const mg_comm *comm, const char *path, mg_h5 **file) {
  return open_together(comm, path, true, file);
}

/* HDF5 does not get over metadata that it can neither write nor drop: it fails, or crashes, when
 * the program ends. Therefore room is set aside before each step that writes: a megabyte for its
 * own needs before the first, everything else before the rows. */
enum { HDF5_NEEDS = 1 << 20 };

mg_status mg_h5_reserve(mg_h5 *file) {
  const int handle = open(file->path, O_WRONLY | O_CREAT, 0666);
  if (handle < 0) return mg_commit_fail(file->path, "cannot be created");
  const int64_t size = file->end + HDF5_NEEDS;
  errno = posix_fallocate(handle, 0, (off_t)size);
  mg_status status = MG_OK;
  /* file systems that cannot set aside are left to find out by writing */
  if (errno != 0 && errno != EINVAL && errno != EOPNOTSUPP) {
    char what[64];
    snprintf(what, sizeof what, "no room for %lld bytes", (long long)size);
    status = mg_commit_fail(file->path, what);
  }
  close(handle);
  return status;
}

static mg_status create(mg_h5 *file) {
  unlink(file->path); /* a link there must not lead elsewhere */
  MG_TRY(mg_h5_reserve(file));
  const hid_t access = access_list(NULL);
  const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
  H5Pset_obj_track_times(creation, false);
  file->id = H5Fcreate(file->path, H5F_ACC_TRUNC, creation, access);
  const mg_status status = mg_h5_result(file, file->id >= 0, "", "cannot be created");
  H5Pclose(creation);
  H5Pclose(access);
  /* creating has emptied the file again */
  return status == MG_OK ? mg_h5_reserve(file) : status;
}

mg_status mg_h5_create(const char *path, mg_h5 **file) {
  mg_status status = start(NULL, path, true, file);
  if (status == MG_OK) status = create(*file);
  if (status != MG_OK) mg_h5_abandon(file);
  return status;
}

void mg_h5_abandon(mg_h5 **file) {
  mg_h5 *f = *file;
  if (!f) return;
  /* a file in the making still has metadata to write: on a full disk this makes room for them */
  const bool making = f->writing && !f->comm && f->id >= 0;
  if (making && truncate(f->path, 0) != 0) H5Eclear2(H5E_DEFAULT);
  if (f->id >= 0) H5Fclose(f->id);
  MG_DELETE(*file);
}

mg_status mg_h5_close(mg_h5 **file) {
  mg_h5 *f = *file;
  mg_status status = MG_OK;
  if (f->writing) {
    const herr_t flushed = H5Fflush(f->id, H5F_SCOPE_GLOBAL);
    status = mg_h5_agree(f, mg_h5_result(f, flushed >= 0, "", "cannot be written to the disk"));
  }
  if (status == MG_OK) {
    const herr_t closed = H5Fclose(f->id);
    status = mg_h5_agree(f, mg_h5_result(f, closed >= 0, "", "cannot be closed"));
    f->id = H5I_INVALID_HID;
  }
  mg_h5_abandon(file);
  return status;
}

void mg_h5_set_slab(mg_h5 *file, int64_t bytes) { file->slab = bytes; }

const char *mg_h5_path(const mg_h5 *file) { return file->path; }
