/** Inside of mg_h5, for the h5*.c files only. */
#ifndef MGMD_SRC_IO_H5_IMPL_H
#define MGMD_SRC_IO_H5_IMPL_H

#include "mgmd/io/h5.h"

#include <hdf5.h>

struct mg_h5 {
  const mg_comm *comm; /* NULL: this rank alone */
  bool writing;
  hid_t id;
  int64_t slab; /* most bytes of one transfer */
  int64_t end;  /* of the last dataset in the file [bytes] */
  char path[MG_PATH];
};

/** Turn the outcome of an HDF5 call into a status: every call passes here, so this is also the
 *  place to make one fail for a test. Text "PATH: OBJECT: WHAT (HDF5's innermost reason)". Local;
 *  to be called before the next HDF5 call, which empties HDF5's error stack. */
mg_status mg_h5_result(const mg_h5 *file, bool good, const char *object, const char *what);

/** mg_agree on the file's ranks. */
mg_status mg_h5_agree(const mg_h5 *file, mg_status local);

/** In-memory type of a column. */
hid_t mg_h5_memory_type(mg_ctype ctype);

/** Select rows of a frame of a dataset of shape [T], [T][N] or [T][N][k] in its @p space, none when
 *  count = 0. */
bool mg_h5_select_rows(hid_t space, int64_t frame, int64_t offset, int64_t count);

#endif
