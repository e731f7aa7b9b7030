/** How the system moves: thermostat, barostat and prescribed strain in one frame.
 *
 *  Each axis a has a rate w_a = dL_a/dt / L_a: 0 when fixed or open, prescribed when deformed,
 *  dynamic when barostatted. v is the peculiar velocity. S = sum of w over barostatted axes:
 *
 *    dr_a/dt = v_a + w_a (r_a - lo_a)
 *    dv_a/dt = F_a/m - (w_a + S/Nf) v_a - xi_1 v_a
 *    W dw_a/dt = V (P_aa - P_t) + (1/Nf) sum m v^2 - W w_a chi_1
 *
 *  with Nose-Hoover chains xi on the atoms and chi on the cell [Martyna, Tobias, Klein, JCP 101,
 *  4177 (1994); Shinoda, Shiga, Mikami, PRB 69, 134103 (2004); Tuckerman et al., J. Phys. A 39,
 *  5629 (2006)]. Coupled axes share one w. The ledger
 *
 *    conserved = K + U + sum W w^2/2 + heat - work
 *
 *  is constant up to the time step's error, also while targets change.
 */
#ifndef MGMD_DYNAMICS_MOTION_H
#define MGMD_DYNAMICS_MOTION_H

#include "mgmd/base/param.h"
#include "mgmd/dynamics/sim.h"

enum { MG_CHAIN = 8 }; /* longest thermostat chain */

typedef enum mg_axis_mode { MG_AXIS_FIXED, MG_AXIS_BAROSTAT, MG_AXIS_DEFORM } mg_axis_mode;

/** A Nose-Hoover chain on one kinetic energy. */
typedef struct mg_chain {
  int n;               /**< links; 0: no thermostat */
  double mass[MG_CHAIN]; /**< Q [eV ps^2] */
  double rate[MG_CHAIN]; /**< xi [1/ps] */
} mg_chain;

typedef struct mg_motion {
  /* what is asked for */
  bool thermostat;
  mg_ramp temperature;    /**< [K] over the stage */
  double tau_T, tau_P;    /**< [ps] */
  int chain_length;
  mg_axis_mode mode[3];
  bool coupled;           /**< barostatted axes share one rate */
  mg_ramp pressure[3];    /**< [eV/A^3] over the stage */
  double area[3];         /**< fixed cross-sections for pressures beside an open axis [A^2] */
  bool use_area;
  double strain_rate;     /**< of the deformed axis, dL/dt = strain_rate * length0 [1/ps] */
  double length0;         /**< [A] */
  double strain0;         /**< engineering strain at start_step */
  bool velocity_coupling; /**< the deformed axis also scales velocities */
  int64_t start_step, n_steps;
  double most_temperature; /**< for the masses; 0: the larger end of the ramp */

  /* state */
  mg_chain atoms, cell;
  double mass_cell;       /**< W of one axis, or of the coupled set */
  double w[3];            /**< of barostatted axes [1/ps] */
  double pending[3];      /**< factor still to be applied to the velocities */
} mg_motion;

/** Nothing moves but the atoms; then fill in what is asked for and call mg_motion_begin. */
void mg_motion_init(mg_motion *motion);

/** Set masses and start at rest; sim->kinetic and sim->virial must be current. Not collective. */
void mg_motion_begin(mg_motion *motion, const mg_sim *sim);

/** Split a coupled cell into independent axes, as it moves (quench below the glass transition). */
void mg_motion_uncouple(mg_motion *motion);

/** Target temperature [K] and pressure of axis @p a [eV/A^3] at step @p step. */
double mg_motion_temperature(const mg_motion *motion, int64_t step);
double mg_motion_pressure(const mg_motion *motion, int a, int64_t step);

/** Engineering strain of the deformed axis at step + half/2. */
double mg_motion_strain(const mg_motion *motion, const mg_sim *sim, int64_t step, int half);

/** Kinetic energy of the cell, sum W w^2/2 [eV]. */
double mg_motion_cell_energy(const mg_motion *motion);

/** Apply the pending factor to the velocities, so that they are what a file should hold. Changes no
 *  bit of the trajectory. Not collective. */
void mg_motion_settle(mg_motion *motion, mg_sim *sim);

/** End: settle, and account the cell's kinetic energy as heat. Not collective. */
void mg_motion_end(mg_motion *motion, mg_sim *sim);

/** Called after every step with everything current and equal on all ranks.
 *  @return true to stop advancing (the same on all ranks) */
typedef bool (*mg_observer)(void *context, mg_sim *sim, mg_motion *motion, mg_status *status);

/** Advance by up to motion->n_steps of velocity Verlet in the frame above.
 *
 *  Collective. Forces, kinetic and virial must be current (mg_sim_evaluate).
 *  @param[in] observer  may be NULL
 *  @return agreed; MG_ERR_RUN for non-finite motion, an outrun list, a density beyond the
 *          potential's range or lost atoms, naming an atom and its place  */
mg_status mg_advance(mg_sim *sim, mg_motion *motion, mg_observer observer, void *context);

#endif
