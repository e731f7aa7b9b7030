/** H5MD 1.1 snapshots, one file each, atoms sorted by id, written collectively (SPEC section 4).
 *
 *  The writer knows columns, not physics: whoever computes a per-atom field hands it over together
 *  with the ids its rows belong to; different sets may live on different ranks.
 */
#ifndef MGMD_IO_SNAPSHOT_H
#define MGMD_IO_SNAPSHOT_H

#include "mgmd/comm/comm.h"
#include "mgmd/state/atoms.h"
#include "mgmd/state/box.h"
#include "mgmd/state/sample.h"

/** One per-atom quantity of a set: data is [n][components] of ctype, borrowed.
 *
 *  "species" is as in mg_atoms (int32, index from 0): the writer makes it index + 1. "position" is
 *  to be wrapped by the caller, with "image" to match. "reference_position", unwrapped, must be
 *  there when has_reference. A column "id" is not needed: the sets' ids are written. */
typedef struct mg_column {
  const char *name, *unit, *description;
  mg_ctype ctype;
  int components;
  const void *data;
} mg_column;

/** Columns that share a distribution: row k on this rank belongs to atom id[k]. Every atom of the
 *  file must occur in every set exactly once over all ranks. */
typedef struct mg_column_set {
  int64_t n;
  const int64_t *id;
  int n_columns;
  const mg_column *columns;
} mg_column_set;

/** A scalar or small vector under /observables. */
typedef struct mg_observable {
  const char *name, *unit, *description;
  int components;
  double value[6];
} mg_observable;

/** An array of the whole configuration, at @p path outside of /particles and /observables. */
typedef struct mg_array {
  const char *path, *unit, *description;
  mg_ctype ctype;
  int rank; /**< 1 to 3 */
  int64_t dims[3];
  const void *data; /**< on rank 0, borrowed */
} mg_array;

typedef struct mg_snapshot {
  int64_t step;
  double time; /**< [ps] */
  mg_box box;
  mg_axes axes; /**< all 0: not known */
  mg_sample sample;
  const mg_species *species; /**< the file holds index + 1 as an HDF5 enum {Cu = 1, Zr = 2} */
  const char *author;        /**< NULL: "unknown" */
  const char *title;
  const char *stage;
  const char *resolved_input; /**< YAML text, stored under /parameters */
  const char *provenance;     /**< YAML text: versions, kernel, potential and its hash */
  bool float32;               /**< store reals in single precision */
  bool has_reference;
  mg_box reference_box;
  int n_observables;
  const mg_observable *observables;
  int n_arrays;
  const mg_array *arrays;
  int n_sets;
  const mg_column_set *sets;
} mg_snapshot;

/** Write @p snapshot to @p path: complete or not at all (temporary name, closed, renamed).
 *
 *  Collective; ranks without rows take part. Everything but the sets is equal on all ranks (the
 *  numbers of rank 0 are taken). The file is the same to the bit for any number of ranks.
 *  @return agreed; MG_ERR_IO (nothing is left behind), MG_ERR_INTERNAL when the sets do not speak
 *          of the same atoms  */
mg_status mg_snapshot_write(const mg_comm *comm, const char *path, const mg_snapshot *snapshot);

#endif
