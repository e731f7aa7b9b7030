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

/** FIRE between two steps; the velocities are those of the atoms. */
typedef struct mg_minimize_state {
  double dt, alpha;   /**< [ps], mixing */
  int64_t downhill;   /**< steps since the force last pointed backwards */
  double cell_v[3];   /**< rates of the scaled edges */
  double since_build; /**< bound of the displacement since the last list build [A] */
  int64_t steps;
  double most_force;  /**< after the last step, for observers; need not be saved [eV/A] */
} mg_minimize_state;

/** Called after every step with forces current. @return true to stop; the same on all ranks */
typedef bool (*mg_minimize_observer)(void *context, mg_sim *sim, mg_status *status);

/** Start from rest. Collective; agreed status. */
mg_status mg_minimize_begin(mg_sim *sim, mg_minimize_state *state);

/** Go downhill until converged, @p spec's number of steps is reached or the observer stops.
 *  Collective; agreed status.
 *  @param[in]     observer  may be NULL
 *  @param[in,out] state     from mg_minimize_begin, or saved when the observer was called */
mg_status mg_minimize_advance(mg_sim *sim, const mg_minimize_spec *spec, mg_minimize_state *state,
                              mg_minimize_observer observer, void *context,
                              mg_minimize_result *result);

/** Come to rest. Collective. */
void mg_minimize_end(mg_sim *sim);

/** All of it: minimise the enthalpy; velocities are zero afterwards. Not converging is no failure.
 *  Collective; agreed status. */
mg_status mg_minimize(mg_sim *sim, const mg_minimize_spec *spec, mg_minimize_result *result);

#endif
