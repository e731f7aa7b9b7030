/** What the readers of configurations share. */
#ifndef MGMD_SRC_IO_FRAME_IMPL_H
#define MGMD_SRC_IO_FRAME_IMPL_H

#include "mgmd/io/frame.h"
#include "mgmd/io/frame_text.h"
#include "scan.h"

/** Files of text above this size are refused [bytes]: 2^36, some 600 million atoms. */
#define MG_FRAME_TEXT_LIMIT ((size_t)1 << 36)

/** A frame with nothing in it: unknown sample, no step. */
void mg_frame_init(mg_frame *frame);

/** Index of an element in the frame's table, added when new; -1 when it is no name of 1 to 3
 *  letters or digits beginning with a letter, or the table is full. */
int mg_frame_element(mg_species *species, mg_word word);

/** The rows of a frame by rising id. */
typedef struct mg_frame_row {
  int64_t id, row;
} mg_frame_row;

/** Sort the ids of a parsed text; MG_ERR_INPUT when one occurs twice.
 *  @param[out] index  [atoms->n] release with mg_free */
mg_status mg_frame_index(const char *name, const mg_atoms *atoms, mg_frame_row **index);

/** The row of an id, or -1. */
int64_t mg_frame_find(const mg_frame_row *index, int64_t n, int64_t id);

/** Finish a parsed text: counts set, atoms wrapped into the cell. MG_ERR_INPUT for an atom absurdly
 *  far from it. */
mg_status mg_frame_finish(const char *name, mg_frame *frame);

/** Wrap one atom; false when it is absurdly far from the cell. */
bool mg_frame_wrap(const mg_box *box, double x[3], int32_t image[3]);

/** The readers of one format. Collective; agreed, the frame not cleared on failure. */
mg_status mg_frame_read_h5(const mg_comm *comm, const char *path, const mg_read_options *options,
                           mg_frame *frame);
mg_status mg_frame_read_data(const mg_comm *comm, const char *path, const mg_names *species,
                             mg_frame *frame);
mg_status mg_frame_peek_h5(const char *path, mg_frame_header *header);

/** What a frame tells about itself besides its atoms. */
mg_frame_header mg_frame_header_of(const mg_frame *frame);

#endif
