/* When to save and when to stop.
 *
 * Each rank looks at its signals, rank 0 also at the clock and for the file DIR/stop. What they ask
 * for travels with the reduction at the end of the next step, so that all ranks do the same after
 * the same step, and asking costs nothing. In front of a deadline twice the time of a checkpoint is
 * kept, and that of the longest step so far.
 */
#include "save.h"

#include "mgmd/base/log.h"
#include "mgmd/base/stop.h"
#include "mgmd/base/str.h"
#include "mgmd/io/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char STOP_FILE[] = "stop";
static const double LOOK = 1;      /* s between looks for the stop file */
static const double MARGIN = 1;    /* s for what comes after the checkpoint */
static const double SLOW_DISK = 50e6; /* bytes/s, before a checkpoint was measured */

/* The end that the batch system has announced, as seconds since 1970. */
static void heed_batch_system(mg_guard *guard) {
  const char *text = getenv("SLURM_JOB_END_TIME");
  if (!text || !*text) return;
  char *rest;
  const double end = strtod(text, &rest);
  if (*rest || !(end > 0)) {
    mg_warn("SLURM_JOB_END_TIME is '%.40s', no time; it is not heeded", text);
    return;
  }
  const double deadline = mg_clock() + (end - (double)time(NULL));
  if (!(deadline < guard->deadline)) return;
  guard->deadline = deadline;
  mg_str_copy(guard->deadline_name, sizeof guard->deadline_name, "end of the SLURM job");
}

static bool stop_file(const mg_run *run, char path[MG_PATH]) {
  return mg_rundir_join(&run->dir, STOP_FILE, path, MG_PATH) && mg_file_exists(path);
}

/* Rank 0: the file has said what it had to, or is one that an earlier run did not see. */
static void remove_stop_file(const mg_run *run, const char *when) {
  char path[MG_PATH];
  if (!stop_file(run, path)) return;
  if (remove(path) != 0)
    mg_warn("%s: cannot be removed; as long as it is there, every run in this directory stops",
            path);
  else if (*when)
    mg_log("%s: removed; it was there %s", path, when);
}

void mg_guard_begin(mg_run *run, const mg_run_options *options) {
  const double now = mg_clock();
  run->guard = (mg_guard){.interval = run->pipeline->config->checkpoint,
                          .deadline = options->started + options->walltime,
                          .deadline_name = "wall time",
                          .saved = now,
                          .asked = NAN,
                          .looked = -INFINITY};
  if (run->comm->rank != 0) return;
  heed_batch_system(&run->guard);
  remove_stop_file(run, "before the start");
}

/* Rank 0: what clock and files say. */
static mg_request watch(mg_run *run) {
  mg_guard *guard = &run->guard;
  char path[MG_PATH];
  const double now = mg_clock();
  if (!isnan(guard->asked)) guard->gap = fmax(guard->gap, now - guard->asked);
  guard->asked = now;
  double save = guard->longest;
  if (run->checkpoint < 0)
    save = mg_checkpoint_bytes(&run->sim.atoms, run->reference != NULL) / SLOW_DISK;
  if (now - guard->looked >= LOOK) {
    guard->looked = now;
    if (stop_file(run, path)) guard->reason = "the file 'stop'";
  }
  if (now + 2 * save + guard->gap + MARGIN >= guard->deadline) guard->reason = guard->deadline_name;
  if (guard->reason) return MG_SAVE_AND_STOP;
  return now - guard->saved >= guard->interval ? MG_SAVE : MG_GO_ON;
}

void mg_guard_ask(mg_run *run) {
  const char *name = mg_stop_signal();
  if (name) run->guard.reason = name;
  run->sim.request = MG_GO_ON;
  if (run->comm->rank == 0) run->sim.request = (int)watch(run);
  if (name) run->sim.request = MG_SAVE_AND_STOP;
}

static mg_status stop(mg_run *run) {
  char path[MG_PATH];
  if (run->comm->rank == 0) remove_stop_file(run, "");
  mg_rundir_checkpoint(&run->dir, run->checkpoint, path);
  mg_log("stopped at step %lld (%s); --resume auto goes on from %s", (long long)run->sim.step,
         run->guard.reason ? run->guard.reason : "signal to another rank", path);
  return MG_STOPPED;
}

mg_status mg_guard_step(mg_run *run, mg_motion *motion) {
  if (run->sim.agreed >= MG_SAVE) MG_TRY(mg_run_save(run, motion));
  if (run->sim.agreed == MG_SAVE_AND_STOP) return stop(run);
  mg_guard_ask(run);
  return MG_OK;
}

mg_status mg_guard_stage(mg_run *run) {
  run->guard.asked = NAN;
  MG_TRY(mg_run_save(run, NULL));
  if (run->stage_number > run->pipeline->n_stages) return MG_OK;
  mg_guard_ask(run);
  return mg_max_all(run->comm, run->sim.request) == MG_SAVE_AND_STOP ? stop(run) : MG_OK;
}
