/** The directory of one run: made, locked against a second run, cleared on request. */
#ifndef MGMD_IO_RUNDIR_H
#define MGMD_IO_RUNDIR_H

#include "mgmd/base/param.h"
#include "mgmd/comm/comm.h"

typedef struct mg_rundir {
  char path[MG_PATH]; /**< as asked for */
  char name[128];     /**< its last part, which names the snapshots */
  int lock;           /**< rank 0: open lock file, -1 otherwise */
} mg_rundir;

/** Make @p path (with its parents) and take its lock.
 *
 *  A directory that holds a run is refused unless @p overwrite, which removes that run's files
 *  (thermo.csv, run.yaml, summary.yaml, NAME-*.h5, NAME.xdmf, checkpoint/) and nothing else. The
 *  lock belongs to the process, so that of a dead run never blocks; a living one is waited for up
 *  to 10 s, because ranks outlive a killed mpirun by a second or two.
 *  Collective. @return agreed; MG_ERR_INPUT when refused, MG_ERR_IO when it cannot be made */
mg_status mg_rundir_open(mg_rundir *dir, const mg_comm *comm, const char *path, bool overwrite);

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
