/** Reading a snapshot's further contents: private to its reader. */
#ifndef MGMD_SRC_IO_FRAME_H5_H
#define MGMD_SRC_IO_FRAME_H5_H

#include "frame_rows.h"
#include "snapshot_impl.h"

enum { MG_H5_FIELDS = 64 };

/** The wanted fields beyond those of a configuration. A file of this rank alone.
 *  @param[out] fields  [MG_H5_FIELDS] without data */
mg_status mg_h5_find_fields(mg_h5 *file, const mg_read_options *options, int64_t n_atoms,
                            int *n_fields, mg_frame_field *fields);

/** Append the names of the wanted fields of a snapshot, each with its NUL, unless they stand there
 *  already. One rank alone. */
mg_status mg_h5_name_fields(const char *path, const mg_read_options *options, mg_text *names);

/** Give the frame these fields, zeroed, for its atoms.n atoms. Local. */
mg_status mg_frame_make_fields(mg_frame *frame, int n_fields, const mg_frame_field *fields);

/** Read this rank's rows of them. Collective. */
mg_status mg_h5_read_fields(mg_h5 *file, int n_fields, const mg_frame_field *fields, int64_t offset,
                            mg_frame *frame);

/** Titles, texts, observables and arrays of an analysis. A file of this rank alone. */
mg_status mg_h5_read_story(mg_h5 *file, mg_frame_story *story);

#endif
