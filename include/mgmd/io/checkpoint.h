/** Checkpoints: one HDF5 file with all that a run needs to go on to the bit.
 *
 *    /state/NAME, ...    groups of named values, a dataset per row of a record table
 *    /text/NAME          texts
 *    /atoms/NAME         [1][N] or [1][N][k] in double precision, sorted by id: the fields of the
 *                        field table that are to be saved, and the strain reference
 *    /checksum/NAME      of each field of the atoms, and `rest` of everything else
 *    /end                marks that nothing was cut off
 *
 *  The file is the same for any number of ranks and can be read on any. The checksum of a field is
 *  the sum modulo 2^64 of one hash per atom, which takes in the atom's id, so that ranks add up
 *  what they have. A file without its mark, or one value of which is not what was written, is
 *  refused.
 */
#ifndef MGMD_IO_CHECKPOINT_H
#define MGMD_IO_CHECKPOINT_H

#include "mgmd/base/record.h"
#include "mgmd/comm/comm.h"
#include "mgmd/state/atoms.h"

typedef struct mg_checkpoint_group {
  const char *name;
  const mg_record *table;
  const void *base; /**< the struct that the rows point into */
} mg_checkpoint_group;

typedef struct mg_checkpoint_text {
  const char *name, *text;
} mg_checkpoint_text;

/** What is written. All borrowed; everything but the atoms is equal on all ranks. */
typedef struct mg_checkpoint {
  int n_groups;
  const mg_checkpoint_group *groups;
  int n_texts;
  const mg_checkpoint_text *texts;
  const mg_atoms *atoms;
  bool has_reference;
  int64_t n_reference; /**< rows of the strain reference on this rank; its atoms are those above */
  const int64_t *reference_id;
  const double (*reference)[3]; /**< unwrapped [A] */
} mg_checkpoint;

/** Write @p path, complete or not at all; read back and compared before it gets its name.
 *  Collective; agreed. @return MG_ERR_IO when the disk fails, nothing of it is then left */
mg_status mg_checkpoint_write(const mg_comm *comm, const char *path,
                              const mg_checkpoint *checkpoint);

/** Bytes that a checkpoint of all @p atoms takes, about. */
double mg_checkpoint_bytes(const mg_atoms *atoms, bool has_reference);

typedef struct mg_checkpoint_file mg_checkpoint_file;

/** Open a checkpoint and verify everything but the atoms.
 *  Collective on @p comm; NULL: this rank alone.
 *  @param[out] file  release with mg_checkpoint_close; NULL on failure
 *  @return agreed; MG_ERR_INPUT when it is damaged, of another kind or of another version */
mg_status mg_checkpoint_open(const mg_comm *comm, const char *path, mg_checkpoint_file **file);
void mg_checkpoint_close(mg_checkpoint_file **file);

/** Read a group of values into the struct at @p base. Collective likewise; agreed.
 *  @return MG_ERR_INPUT naming a value that is missing or of another kind */
mg_status mg_checkpoint_get(mg_checkpoint_file *file, const char *group, const mg_record *table,
                            void *base);

/** @param[out] text  release with mg_free. Collective likewise; agreed. */
mg_status mg_checkpoint_get_text(mg_checkpoint_file *file, const char *name, char **text);

/** Read and verify the atoms; each rank gets a share of the ids.
 *  @param[in]  n_species  of the potential
 *  @param[out] atoms      the saved fields, n, n_global and max_id; the others are zero
 *  @param[out] reference  [atoms->n] release with mg_free; NULL when there is none
 *  Collective likewise; agreed. @return MG_ERR_INPUT when they are damaged */
mg_status mg_checkpoint_get_atoms(mg_checkpoint_file *file, int n_species, mg_atoms *atoms,
                                  double (**reference)[3]);

/** Number of atoms in the file. */
int64_t mg_checkpoint_atoms(const mg_checkpoint_file *file);

/** The checksum of an array with a row per atom: equal for equal rows, wherever they are.
 *  @param[in] data  [n][components] of @p ctype
 *  Collective; NULL: this rank alone. */
int64_t mg_checkpoint_hash(const mg_comm *comm, int64_t n, const int64_t *id, mg_ctype ctype,
                           int components, const void *data);

/** True when the HDF5 file at @p path calls itself a checkpoint. One rank alone. */
bool mg_checkpoint_is(const char *path);

#endif
