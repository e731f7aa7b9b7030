/** Inside of the writers: the two kinds of files that hold a series. */
#ifndef MGMD_SRC_IO_WRITER_IMPL_H
#define MGMD_SRC_IO_WRITER_IMPL_H

#include "mgmd/io/sorted.h"
#include "mgmd/io/writer.h"

#include <stdio.h>

/** A text being written by rank 0 under a temporary name. */
typedef struct mg_text_file {
  FILE *file; /**< rank 0 */
  char *part; /**< rank 0, for the others' texts */
  char path[MG_PATH], temporary[MG_PATH];
} mg_text_file;

mg_status mg_text_file_open(mg_text_file *file, const mg_comm *comm, const char *path);
mg_status mg_text_file_put(mg_text_file *file, const mg_comm *comm, mg_format format,
                           const mg_snapshot *snapshot);
mg_status mg_text_file_close(mg_text_file *file, const mg_comm *comm, mg_status status);

/** A trajectory for MDAnalysis. */
typedef struct mg_h5_series {
  char path[MG_PATH], temporary[MG_PATH];
  int64_t n, done, n_atoms;
  int64_t last_step;
  bool has_velocity, has_force, made;
} mg_h5_series;

mg_status mg_h5_series_put(mg_h5_series *series, const mg_comm *comm, const mg_snapshot *snapshot);

#endif
