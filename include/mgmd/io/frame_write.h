/** Writing a configuration in a format that other programs read. */
#ifndef MGMD_IO_FRAME_WRITE_H
#define MGMD_IO_FRAME_WRITE_H

#include "mgmd/io/frame.h"
#include "mgmd/io/snapshot.h"

enum { MG_FRAME_COLUMNS = 6, MG_FRAME_SETS = 4 };

/** A frame as a snapshot to be written: positions wrapped, fields as columns. */
typedef struct mg_frame_view {
  mg_snapshot snapshot; /**< borrows from the frame and from below */
  double (*x)[3], *mass;
  int32_t (*image)[3];
  mg_column *columns;
  mg_observable *observables;
  mg_array *arrays;
  mg_column_set sets[MG_FRAME_SETS]; /**< the first is in use; more may be added */
} mg_frame_view;

/** Nothing of @p frame is changed: its arrays may be borrowed; it must live as long as the view.
 *  Not collective.  @param[out] view  release with mg_frame_view_clear, also on failure */
mg_status mg_frame_view_make(const mg_frame *frame, mg_frame_view *view);
void mg_frame_view_clear(mg_frame_view *view);

/** Write @p frame to @p path in the format that its name chooses (io/writer.h): complete or not at
 *  all. Collective; every rank gives its atoms, everything else is equal on all ranks.
 *  @return agreed; MG_ERR_INPUT for a name without a format, MG_ERR_IO (nothing is left behind) */
mg_status mg_frame_write(const mg_comm *comm, const char *path, const mg_frame *frame);

#endif
