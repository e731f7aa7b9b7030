/** Where a run's time went, stage by stage. Private to stage. Clock readings never influence
 *  results. */
#ifndef MGMD_SRC_STAGE_TIMES_H
#define MGMD_SRC_STAGE_TIMES_H

#include "mgmd/base/text.h"
#include "mgmd/stage/run.h"

/** One stage. "Loop" is its time steps alone, rows of thermo.csv and snapshots between them
 *  included; without set-up, first row, strain reference, snapshots at the start and the end. */
typedef struct mg_stage_time {
  bool begun;
  double seconds;                /**< the whole stage [s] */
  int64_t atoms;
  int64_t steps, builds;         /**< time steps, and list builds among them */
  double skin;                   /**< of the neighbour lists [A] */
  double loop;                   /**< [s] */
  double phase[MG_PHASE_COUNT];  /**< shares of loop, this rank [s] */
} mg_stage_time;

/** Make run->times, one for each stage. Local. */
mg_status mg_times_init(mg_run *run);

/** The present stage has ended after @p seconds. */
void mg_times_stage(mg_run *run, double seconds);

/** Around time steps of the present stage; a stage may do so more than once. */
void mg_times_loop_begin(mg_run *run, mg_stage_time *mark);
void mg_times_loop_end(mg_run *run, const mg_stage_time *mark);

/** Append the list `stages:` for summary.yaml.
 *  @param[in] all  scratch, [ranks]
 *  Collective. */
void mg_times_append(const mg_run *run, mg_text *t, double *all);

#endif
