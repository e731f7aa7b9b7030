/** Global observables of the present state. */
#ifndef MGMD_DYNAMICS_THERMO_H
#define MGMD_DYNAMICS_THERMO_H

#include "mgmd/dynamics/motion.h"

typedef struct mg_thermo {
  int64_t step;
  double time;             /**< [ps] */
  double temperature;      /**< [K] */
  double potential_energy; /**< total [eV] */
  double kinetic_energy;   /**< total [eV] */
  double conserved;        /**< K + U + cell + heat - work [eV] */
  double work, heat;       /**< so far [eV] */
  double pressure[6];      /**< P xx yy zz xy xz yz, of the box volume [GPa] */
  double force[3];         /**< axial forces, tension > 0 [eV/A] */
  double length[3];        /**< [A] */
} mg_thermo;

/** Evaluate at the present positions and velocities (settled first). Forces must be current.
 *
 *  Energies and the full pressure tensor come from a separate pass that changes nothing.
 *  @param[in]  motion   NULL when nothing moves
 *  Collective; agreed status. */
mg_status mg_thermo_measure(mg_sim *sim, mg_motion *motion, mg_thermo *thermo);

/** Per-atom energy and stress (volume x stress, tension > 0, kinetic part included) of the own
 *  atoms in their present order; arrays [n] and [n][6] owned by the caller. Not collective. */
mg_status mg_thermo_per_atom(mg_sim *sim, double *energy, double (*stress)[6]);

#endif
