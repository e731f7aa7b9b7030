/** Starting velocities. */
#ifndef MGMD_DYNAMICS_VELOCITY_H
#define MGMD_DYNAMICS_VELOCITY_H

#include "mgmd/dynamics/sim.h"

/** Draw Maxwell-Boltzmann velocities by (seed, id, step), remove the drift of the centre of mass
 *  and scale to exactly @p temperature [K] with 3N - 3 degrees of freedom.
 *  Collective; sim->atoms.n_global must be set. */
mg_status mg_velocity_draw(mg_sim *sim, double temperature);

/** Remove the drift of the centre of mass. Collective. */
void mg_velocity_remove_drift(mg_sim *sim);

/** Recompute sim->kinetic. Collective. */
void mg_velocity_measure(mg_sim *sim);

#endif
