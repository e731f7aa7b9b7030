/** How far a stage is, told to people: one line that renews itself on a terminal, plain lines at
 *  growing distances in a log. Clocks decide what is shown and nothing else. Private to stage. */
#ifndef MGMD_SRC_STAGE_PROGRESS_H
#define MGMD_SRC_STAGE_PROGRESS_H

#include "mgmd/stage/run.h"

/** Start the clocks of a stretch of steps.  @param[in] continued  of the same stage as before */
void mg_progress_begin(mg_run *run, bool continued);

/** After a step: tell it when it is time to.  @param[in] open_end  the motion may end earlier */
void mg_progress_motion(mg_run *run, const mg_motion *motion, bool open_end);

/** After a step of a minimisation, @p steps of at most @p most; forces in eV/Angstrom. */
void mg_progress_minimize(mg_run *run, int64_t steps, int64_t most, double force, double wanted);

#endif
