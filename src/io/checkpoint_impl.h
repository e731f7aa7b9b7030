/** What the writer and the reader of checkpoints share. */
#ifndef MGMD_SRC_IO_CHECKPOINT_IMPL_H
#define MGMD_SRC_IO_CHECKPOINT_IMPL_H

#include "mgmd/io/checkpoint.h"
#include "mgmd/io/h5.h"

/** The first part names the kind, the number the version of the layout. */
#define MG_CHECKPOINT_FORMAT "mgmd checkpoint 2"
#define MG_CHECKPOINT_KIND "mgmd checkpoint "
#define MG_CHECKPOINT_END "the end"
#define MG_CHECKPOINT_REFERENCE "reference_position"
#define MG_CHECKPOINT_MEAN "mean_position" /* a field of state/atoms.c */

/** Contribution of one small dataset to the checksum of the rest. */
uint64_t mg_checkpoint_hash_words(const char *path, int64_t n, const void *words);
uint64_t mg_checkpoint_hash_text(const char *path, const char *text);

/** Path of a dataset. */
void mg_checkpoint_path(char path[MG_H5_NAME], const char *group, const char *name);

#endif
