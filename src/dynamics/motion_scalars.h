/** The pieces of a step that act on scalars, in the order of SCIENCE 3.2; private to dynamics.
 *  `half` is 0 in the first half of a step and 1 in the second.  None of them communicates. */
#ifndef MGMD_SRC_DYNAMICS_MOTION_SCALARS_H
#define MGMD_SRC_DYNAMICS_MOTION_SCALARS_H

#include "mgmd/dynamics/motion.h"

/** Half a step of the chain on the cell, at the targets of @p step. */
void mg_motion_cell_chain(mg_motion *motion, mg_sim *sim, int64_t step);

/** Half a step of the chain on the atoms; multiplies @p factor and sim->kinetic. */
void mg_motion_atom_chain(mg_motion *motion, mg_sim *sim, int64_t step, double factor[3]);

/** w += dt/2 force/W from the current pressure. */
void mg_motion_push_cell(mg_motion *motion, const mg_sim *sim, int64_t step);

/** v_a *= exp(-dt/2 (w_a + S/Nf)), and the exact ratio of lengths on the deformed axis. */
void mg_motion_cell_drag(mg_motion *motion, mg_sim *sim, int64_t step, int half,
                         double factor[3]);

/** Move the cell by half a step and tell by how much each axis grew. */
void mg_motion_remap(mg_motion *motion, mg_sim *sim, int64_t step, int half, double ratio[3]);

/** Account the work of the deformed axis against the virial, and of the external pressures. */
void mg_motion_strain_work(const mg_motion *motion, mg_sim *sim, const double ratio[3]);
void mg_motion_pressure_work(const mg_motion *motion, mg_sim *sim, int64_t step);

#endif
