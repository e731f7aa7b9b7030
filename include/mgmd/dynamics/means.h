/** Positions averaged over time, for strains without the noise of heat.
 *
 *  Of each atom's unwrapped position, and of the cell's edges with the same weights, a mean over
 *  the past is kept whose weights fall by e over `mg_sim.averaging`; while it is younger than that
 *  all weights are equal. It is there at every step without knowing when it will be asked for.
 *  Differences of two means are the mean of the differences, so image vectors stay exact. The mean
 *  is about `averaging` older than the present state. Per atom and in the order of time: the same
 *  bits on any number of ranks.
 */
#ifndef MGMD_DYNAMICS_MEANS_H
#define MGMD_DYNAMICS_MEANS_H

#include "mgmd/dynamics/sim.h"

/** Take in the present configuration; nothing when sim->averaging is 0. Collective; agreed. */
mg_status mg_means_add(mg_sim *sim);

/** The same when there is no mean yet, which then is the present configuration. */
mg_status mg_means_need(mg_sim *sim);

/** Forget the mean: atoms or cell were put together anew. */
void mg_means_drop(mg_sim *sim);

/** The cell with the edges of the mean; the present one when nothing is averaged. */
mg_box mg_means_box(const mg_sim *sim);

#endif
