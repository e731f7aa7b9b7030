/** The directory of one run: made, locked against a second run, cleared on request. */
#ifndef MGMD_IO_RUNDIR_H
#define MGMD_IO_RUNDIR_H

#include "mgmd/base/param.h"
#include "mgmd/comm/comm.h"

typedef struct mg_rundir {
  char path[MG_PATH]; /**< as asked for */
  char name[128];     /**< its last part, which names the snapshots; a run that goes on keeps it */
  int lock;           /**< rank 0: open lock file, -1 otherwise */
} mg_rundir;

/** What is to be done with a run that stands there already. */
typedef enum mg_rundir_mode {
  MG_RUNDIR_NEW, /**< refuse */
  MG_RUNDIR_KEEP /**< leave it */
} mg_rundir_mode;

/** Make @p path (with its parents) and take its lock.
 *
 *  A run consists of thermo.csv, run.yaml, summary.yaml, NAME-*.h5, NAME.xdmf and the checkpoints
 *  in checkpoint/; nothing else is ever removed. The
 *  lock belongs to the process, so that of a dead run never blocks; a living one is waited for up
 *  to 10 s, because ranks outlive a killed mpirun by a second or two.
 *  Collective. @return agreed; MG_ERR_INPUT when refused, MG_ERR_IO when it cannot be made */
mg_status mg_rundir_open(mg_rundir *dir, const mg_comm *comm, const char *path,
                         mg_rundir_mode mode);

/** Is @p path, however it is written, a file of the run that stands there? Not collective. */
bool mg_rundir_owns(const mg_rundir *dir, const char *path);

/** Remove the run that stands there. Collective; agreed. */
mg_status mg_rundir_clear(const mg_rundir *dir, const mg_comm *comm);

/** Remove what was written after the first @p n_snapshots snapshots: later ones, the series file,
 *  the summary, temporary files. Collective; agreed. */
mg_status mg_rundir_cut(const mg_rundir *dir, const mg_comm *comm, int n_snapshots);

/** Does a summary tell that the run was brought to its end? Collective; equal on all ranks. */
bool mg_rundir_is_done(const mg_rundir *dir, const mg_comm *comm);

/** checkpoint/checkpoint-000012.h5 of checkpoint @p number, counted from 0. */
void mg_rundir_checkpoint(const mg_rundir *dir, int number, char path[MG_PATH]);

/** Make checkpoint/. Collective; agreed. */
mg_status mg_rundir_make_checkpoints(const mg_rundir *dir, const mg_comm *comm);

/** Numbers of the checkpoints that are there, the highest first, at most @p most.
 *  Collective; equal on all ranks. @return how many */
int mg_rundir_checkpoints(const mg_rundir *dir, const mg_comm *comm, int most, int *numbers);

/** Remove all checkpoints but two, and what is left of unfinished ones. Rank 0 alone. */
void mg_rundir_prune(const mg_rundir *dir, int keep, int keep_too);

/** Release the lock. Takes a zeroed struct. Collective. */
void mg_rundir_close(mg_rundir *dir);

/** dir/file, or @p file itself when absolute. @return false when it does not fit */
bool mg_rundir_join(const mg_rundir *dir, const char *file, char *path, size_t size);

/** Make the folders that a relative @p file names inside the directory. Collective. */
mg_status mg_rundir_make_folders(const mg_rundir *dir, const mg_comm *comm, const char *file);

/** Write a text file in the directory: complete or not at all. Collective.
 *  @param[in] text  used on rank 0 */
mg_status mg_rundir_write_text(const mg_rundir *dir, const mg_comm *comm, const char *file,
                               const char *text);

#endif
