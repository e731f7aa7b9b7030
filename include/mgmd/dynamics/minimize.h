/** Energy minimisation by FIRE [Bitzek, Koskinen, Gaehler, Moseler, Gumbsch, PRL 97, 170201
 *  (2006)], with the cell's edges as further coordinates on request. */
#ifndef MGMD_DYNAMICS_MINIMIZE_H
#define MGMD_DYNAMICS_MINIMIZE_H

#include "mgmd/dynamics/sim.h"

typedef struct mg_minimize_spec {
  double force_tolerance;    /**< largest force on an atom at the end [eV/A] */
  double pressure_tolerance; /**< largest |P - target| of relaxed axes [eV/A^3] */
  double most_move;          /**< cap of one atom's step [A] */
  int64_t most_steps;
  bool relax[3];             /**< axes whose edge relaxes */
  bool coupled;              /**< relaxed axes keep their proportions */
  double pressure[3];        /**< targets [eV/A^3] */
  double area[3];            /**< cross-sections used when use_area, as in mg_motion */
  bool use_area;
} mg_minimize_spec;

typedef struct mg_minimize_result {
  int64_t steps;
  bool converged;
  double most_force;    /**< [eV/A] */
  double most_pressure; /**< largest |P - target| of relaxed axes [eV/A^3] */
} mg_minimize_result;

/** Minimise the enthalpy; velocities are zero afterwards. Not converging is no failure.
 *  Collective; agreed status. */
mg_status mg_minimize(mg_sim *sim, const mg_minimize_spec *spec, mg_minimize_result *result);

#endif
