/** What went wrong in a step, told with the atom and its place. Private to dynamics. All of them
 *  are collective, called when the step's reduction has shown that there is a fault, and return it
 *  as an agreed MG_ERR_RUN. */
#ifndef MGMD_SRC_DYNAMICS_FAULTS_H
#define MGMD_SRC_DYNAMICS_FAULTS_H

#include "mgmd/dynamics/sim.h"

/** An atom left the reach of its neighbour list. @param[in] most_u  its displacement [A] */
mg_status mg_fault_outrun(mg_sim *sim, double most_u);

/** A density beyond the potential's range. @param[in] share  of the range */
mg_status mg_fault_density(mg_sim *sim, double share);

/** The ranks hold @p n atoms together, and not all. */
mg_status mg_fault_count(mg_sim *sim, int64_t n);

#endif
