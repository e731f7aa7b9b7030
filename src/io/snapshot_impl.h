/** What the writer and the reader of snapshots share. */
#ifndef MGMD_SRC_IO_SNAPSHOT_IMPL_H
#define MGMD_SRC_IO_SNAPSHOT_IMPL_H

#include "mgmd/io/h5.h"
#include "mgmd/io/rows.h"
#include "mgmd/io/snapshot.h"

#define MG_SNAPSHOT_ATOMS "/particles/all"
#define MG_SNAPSHOT_BOX "/particles/all/box"
#define MG_SNAPSHOT_TIMELINE "/particles/all/box/edges" /* whose step and time all others share */
#define MG_SNAPSHOT_REFERENCE "/parameters/reference"

/** The members of mg_sample as they stand under /parameters/sample. */
typedef struct mg_sample_field {
  const char *name, *unit, *description;
  size_t offset;
  int count; /**< 1, or 3 for a value per axis */
} mg_sample_field;

extern const mg_sample_field mg_sample_fields[];
extern const int mg_n_sample_fields;

/** Write everything but the atoms. Not collective. */
mg_status mg_snapshot_describe(mg_h5 *file, const mg_snapshot *snapshot);

/** The groups /h5md and below that every H5MD file has. Not collective. */
mg_status mg_snapshot_describe_h5md(mg_h5 *file, const mg_snapshot *snapshot);

/** Plan the way of the rows of every set to their writers; the sets must speak of the same atoms.
 *  Collective; agreed.  @param[out] rows  [n_sets] zeroed before, release each */
mg_status mg_snapshot_plan(const mg_comm *comm, const mg_snapshot *snapshot, int64_t per_writer,
                           mg_rows *rows);

/** Create GROUP/value as @p spec says, with step and time as everywhere. Not collective. */
mg_status mg_snapshot_element(mg_h5 *file, const char *group, const mg_h5_spec *spec);

#endif
