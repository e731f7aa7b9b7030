/** A few verbs over parallel HDF5, the only way this program touches it.
 *
 *  A file is made by one rank alone: groups, datasets with their space reserved, attributes and all
 *  small data. Then all ranks open it together and write the rows they have. A verb on a file that
 *  ranks share makes at most one HDF5 call that may communicate before it agrees on the outcome, so
 *  that a failure on one rank never leaves the others waiting. HDF5's own error stack is silent;
 *  its innermost line ends up in our message.
 *
 *  Written files keep no time stamps, so that equal content gives equal bytes.
 */
#ifndef MGMD_IO_H5_H
#define MGMD_IO_H5_H

#include "mgmd/comm/comm.h"
#include "mgmd/state/atoms.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct mg_h5 mg_h5;

enum { MG_H5_RANK = 4, MG_H5_NAME = 256 };

/** Create @p path anew, whatever was there. Not collective: the file is this rank's. */
mg_status mg_h5_create(const char *path, mg_h5 **file);

/** Open for reading. MG_ERR_INPUT for a file that is not HDF5 or damaged. Collective on @p comm;
 *  with NULL not collective, the file is this rank's. */
mg_status mg_h5_open(const mg_comm *comm, const char *path, mg_h5 **file);

/** Open an existing file for mg_h5_write_rows. Collective. */
mg_status mg_h5_open_rows(const mg_comm *comm, const char *path, mg_h5 **file);

/** Bring everything to the device and close; @p file is NULL afterwards in any case. Collective on
 *  the ranks that share the file.  @return agreed; data may be lost unless MG_OK */
mg_status mg_h5_close(mg_h5 **file);

/** Close a file that nobody needs any more (after a failure, or after reading); what goes wrong is
 *  ignored, the error record stays as it was. NULL is allowed. Collective likewise. */
void mg_h5_abandon(mg_h5 **file);

/** Largest single transfer [bytes], 512 MiB at first: longer ones are split, since MPI counts with
 *  int. A lower value is for tests. */
void mg_h5_set_slab(mg_h5 *file, int64_t bytes);

const char *mg_h5_path(const mg_h5 *file);

/* --- making a file (not collective) --- */

/** Create a group and those above it that are missing. */
mg_status mg_h5_group(mg_h5 *file, const char *path);

/** A second name for an object (hard link). */
mg_status mg_h5_link(mg_h5 *file, const char *existing, const char *path);

/** What a dataset is made of. */
typedef struct mg_h5_spec {
  mg_ctype ctype;
  int rank; /**< 0: a scalar */
  int64_t dims[MG_H5_RANK];
  const mg_species *labels;       /**< not NULL: an enum on int32 {symbol[0] = 1, ...} */
  const char *unit, *description; /**< attributes; NULL: none */
} mg_h5_spec;

/** Create a dataset: contiguous, space reserved, not filled. Its group must exist. */
mg_status mg_h5_dataset(mg_h5 *file, const char *path, const mg_h5_spec *spec);

/** Create a small dataset and write it whole; @p data has @p spec's type and shape. */
mg_status mg_h5_put(mg_h5 *file, const char *path, const mg_h5_spec *spec, const void *data);

/** Create a scalar dataset that holds a text (fixed length, UTF-8). */
mg_status mg_h5_put_text(mg_h5 *file, const char *path, const char *text);

/** Attributes of an existing object. n = 0 makes a scalar of one number. */
mg_status mg_h5_set_text(mg_h5 *file, const char *object, const char *name, const char *text);
mg_status mg_h5_set_ints(mg_h5 *file, const char *object, const char *name, int n,
                         const int32_t *values);

/** Text attributes of fixed length, as H5MD asks of its own. */
mg_status mg_h5_set_fixed(mg_h5 *file, const char *object, const char *name, const char *text);
mg_status mg_h5_set_fixed_list(mg_h5 *file, const char *object, const char *name, int n,
                               const char *const *texts);

/** Make sure that the disk has room for everything created so far; a full disk is then found
 *  before any data is sent. */
mg_status mg_h5_reserve(mg_h5 *file);

/* --- writing rows (collective on the ranks that share the file) --- */

/** Write rows [offset, offset + count) of a dataset of shape [1][N] or [1][N][k].
 *  @p data is [count][k] of @p ctype, which must be the dataset's own; count may be 0 */
mg_status mg_h5_write_rows(mg_h5 *file, const char *path, mg_ctype ctype, int64_t offset,
                           int64_t count, const void *data);

/** The same for one frame of a dataset of shape [T], where a row is its one number, [T][N] or
 *  [T][N][k]. */
mg_status mg_h5_write_frame(mg_h5 *file, const char *path, mg_ctype ctype, int64_t frame,
                            int64_t offset, int64_t count, const void *data);

/* --- a whole file --- */

/** How a file comes about. */
typedef struct mg_h5_work {
  mg_status (*make)(void *context, mg_h5 *file);  /**< rank 0: everything but the rows */
  mg_status (*fill)(void *context, mg_h5 *file);  /**< the rows; collective, agreed */
  /** Look at what has been written, before it gets its name; collective, agreed. May be NULL. */
  mg_status (*verify)(void *context, const char *temporary);
} mg_h5_work;

/** Make @p path, complete or not at all: temporary name, make, fill, closed, brought to the disk,
 *  verified, renamed. On failure nothing of it is left, and what stood at @p path stays.
 *  Collective; agreed. */
mg_status mg_h5_write_file(const mg_comm *comm, const char *path, const mg_h5_work *work,
                           void *context);

/* --- reading (collective on the ranks that share the file); failures are MG_ERR_INPUT --- */

typedef enum mg_h5_class {
  MG_H5_INTEGER,
  MG_H5_FLOAT,
  MG_H5_ENUM,
  MG_H5_TEXT,
  MG_H5_OTHER
} mg_h5_class;

typedef struct mg_h5_shape {
  mg_h5_class type;
  bool is_signed;
  int64_t size; /**< bytes of one element */
  int rank;     /**< 0 for a scalar; above MG_H5_RANK dims is not filled */
  int64_t dims[MG_H5_RANK];
  int64_t count;       /**< elements in all */
  int64_t stored;      /**< bytes on disk, less than count x size when compressed */
  int64_t n_rows, row; /**< count = n_rows x row, rows along the first dimension longer than one */
} mg_h5_shape;

/** True when a dataset stands at @p path. */
bool mg_h5_has(mg_h5 *file, const char *path);

mg_status mg_h5_get_shape(mg_h5 *file, const char *path, mg_h5_shape *shape);

/** Read a whole dataset of exactly @p count numbers, converted to @p ctype. Every rank gets it. */
mg_status mg_h5_get(mg_h5 *file, const char *path, mg_ctype ctype, int64_t count, void *data);

/** Read rows [first, first + count) of any dataset of numbers, rows as in mg_h5_shape, converted
 *  to MG_INT64 (whole numbers, enum) or MG_FLOAT64 (real ones). Only for a file of this rank alone.
 *  @param[out] data  [count][row] */
mg_status mg_h5_get_part(mg_h5 *file, const char *path, mg_ctype ctype, int64_t first,
                         int64_t count, void *data);

/** Read a text dataset (fixed or variable length). @param[out] text release with mg_free */
mg_status mg_h5_get_text(mg_h5 *file, const char *path, char **text);

/** Read rows as mg_h5_write_rows writes them, converted to @p ctype.
 *  @param[in] components  k, 1 for shape [1][N]; another shape or kind is refused */
mg_status mg_h5_read_rows(mg_h5 *file, const char *path, mg_ctype ctype, int components,
                          int64_t offset, int64_t count, void *data);

/** The names of an enum dataset by rising value, at most @p most. Only for a file of this rank
 *  alone.  @param[out] n number of members. @param[out] values [most] */
mg_status mg_h5_get_labels(mg_h5 *file, const char *path, int most, int *n,
                           char (*names)[MG_SYMBOL], int32_t *values);

/** A text attribute (scalar, or element @p index of a list) into @p text, "" when absent.
 *  Only for a file of this rank alone.
 *  @return false when it is absent, not a text, or too long */
bool mg_h5_get_attribute(mg_h5 *file, const char *object, const char *name, int index, char *text,
                         size_t size);

/** Paths of all datasets in lexical order, one after the other, each with its NUL. Only for a file
 *  of this rank alone.  @param[out] paths release with mg_free. @param[out] n how many */
mg_status mg_h5_list(mg_h5 *file, char **paths, int64_t *n);

#endif
