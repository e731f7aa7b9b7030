/** Saving a run, going on with it, and deciding when. Private to stage; everything is collective
 *  and returns agreed statuses unless it says otherwise. */
#ifndef MGMD_SRC_STAGE_SAVE_H
#define MGMD_SRC_STAGE_SAVE_H

#include "mgmd/io/checkpoint.h"
#include "mgmd/stage/run.h"

/** Write the next checkpoint and remove all older ones but one.
 *  @param[in] motion  in progress, NULL: none */
mg_status mg_run_save(mg_run *run, mg_motion *motion);

/** A checkpoint that was found, to go on from. */
typedef struct mg_resume {
  mg_checkpoint_file *file; /**< NULL: there is none, the run starts afresh */
  bool done;                /**< the run was brought to its end */
  char kernel[32];          /**< the kernel it was made with */
  mg_atoms atoms;
  double (*reference)[3];   /**< [atoms.n] or NULL */
} mg_resume;

/** Open the directory and find what to go on from: the checkpoint @p wanted, or by "auto" the
 *  newest that is not damaged. Refuses an input that contradicts what has been done already.
 *  @param[out] resume  release with mg_resume_clear */
mg_status mg_resume_find(mg_run *run, const char *wanted, mg_resume *resume);

/** Put the state into the run, whose simulation is open and empty, and cut back thermo.csv and the
 *  snapshots to it. Nothing is cut before it is known that the run can go on.
 *  @param[in] chosen  the checkpoint was named: it becomes the newest, before what led elsewhere
 *                     goes */
mg_status mg_resume_apply(mg_run *run, mg_resume *resume, bool chosen);

void mg_resume_clear(mg_resume *resume);

/** May a run that was begun with the resolved input @p before go on with that of @p run? All stages
 *  up to number @p begun (-1: all of @p before) must be the same, and whatever else physics depends
 *  on. Not collective; MG_ERR_INPUT names the first key that differs.
 *  @param[out] n_more  stages of the run beyond those of @p before */
mg_status mg_resume_compare(const mg_run *run, const char *before, int begun, int *n_more);

/** Start the clocks. */
void mg_guard_begin(mg_run *run, const mg_run_options *options);

/** Ask anew for the steps that come. Not collective. */
void mg_guard_ask(mg_run *run);

/** After a step: save, and stop, when the step's reduction has found that this is wanted.
 *  @param[in] motion  NULL: none
 *  @return MG_STOPPED when the run is to end here */
mg_status mg_guard_step(mg_run *run, mg_motion *motion);

/** At the end of a stage: save, and stop when that is wanted. */
mg_status mg_guard_stage(mg_run *run);

#endif
