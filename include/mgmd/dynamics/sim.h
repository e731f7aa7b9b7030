/** The simulation: the one owner of everything that evolves.
 *
 *  Layers below take the parts they need, never the whole.
 */
#ifndef MGMD_DYNAMICS_SIM_H
#define MGMD_DYNAMICS_SIM_H

#include "mgmd/comm/comm.h"
#include "mgmd/comm/domain.h"
#include "mgmd/force/force.h"
#include "mgmd/state/atoms.h"
#include "mgmd/state/sample.h"

/** Whether the coming step builds a new list: decided by the reduction at the end of a step. */
typedef enum mg_decision { MG_UNDECIDED, MG_KEEP_LIST, MG_BUILD_LIST } mg_decision;

/** What somebody outside asks of a run in motion. The most that any rank asks for counts. */
typedef enum mg_request { MG_GO_ON, MG_SAVE, MG_SAVE_AND_STOP } mg_request;

typedef struct mg_sim {
  const mg_comm *comm;       /**< borrowed */
  mg_potential *potential;   /**< owned */
  mg_species species;        /**< of the potential; atoms->species counts in it */
  uint64_t seed;
  double dt;                 /**< time step [ps] */
  mg_axes axes;
  int wanted_grid[3];        /**< rank grid asked for; 0: choose */
  double wanted_skin;        /**< [A]; NaN: chosen by temperature, mg_sim_skin */

  int64_t step;              /**< time steps done since the beginning of the run */
  mg_box box;
  mg_atoms atoms;
  mg_sample sample;
  mg_domain domain;
  mg_force force;
  bool fresh;                /**< the list was built at the present positions, forces not yet */
  mg_decision next;          /**< what the coming step does about the list */

  double kinetic[3];         /**< sum m v_a^2 over all atoms [eV], equal on all ranks */
  double virial[3];          /**< V P_aa without the kinetic part [eV], equal on all ranks */
  double most_u;             /**< largest displacement from the affine image of x_build [A] */
  double work;               /**< done on the atoms by strain and pressure so far [eV] */
  double heat;               /**< taken out by thermostats so far [eV] */

  double averaging;          /**< time over which positions are averaged [ps]; 0: they are not */
  int64_t n_averaged;        /**< configurations in the mean, dynamics/means.h */
  double mean_length[3];     /**< its edges [A] */

  int request;               /**< mg_request of this rank, for the next step's reduction */
  int agreed;                /**< mg_request that the last reduction found, equal on all ranks */

  int64_t atom_steps;        /**< atoms x force evaluations so far */
  mg_timer timer;
} mg_sim;

/** Take the potential (owned from here on, also on failure) and choose the kernel.
 *  Collective; agreed status. Release with mg_sim_clear, which also takes a zeroed struct. */
mg_status mg_sim_init(mg_sim *sim, const mg_comm *comm, mg_potential *potential,
                      const char *kernel_name);
void mg_sim_clear(mg_sim *sim);

/** A good skin for temperatures up to @p temperature: a pure function of the input [A]. */
double mg_sim_skin(double temperature);

/** Prepare for evaluating forces after atoms or cell were replaced: count and number the atoms,
 *  choose the rank grid, lay the cell grid, build lists.
 *  @param[in] temperature  highest expected [K], for the skin; NaN: a melt's
 *  Collective; agreed status. */
mg_status mg_sim_frame(mg_sim *sim, double temperature);

/** Build lists at the present positions (order of atoms changes). Collective; agreed status. */
mg_status mg_sim_rebuild(mg_sim *sim);

/** Go on from saved state: atoms with x, x_build and images, the present box, force.box_build,
 *  force.skin and the bounds of open axes are set. The list is built at the build positions, then
 *  the present ones are put back and forces evaluated: everything a step needs has the bits that
 *  it had when the state was saved. Kinetic energies, virial and decisions are left alone.
 *  Collective; agreed status. */
mg_status mg_sim_restore(mg_sim *sim);

/** Forces and diagonal virial at the present positions; rebuilds nothing. Leaves the exact virial
 *  sums of this rank in force.virial.  Collective. */
void mg_sim_forces(mg_sim *sim);

/** mg_sim_forces, then sim->virial and sim->kinetic reduced over all ranks.
 *  @return agreed; MG_ERR_RUN when forces are not finite, naming an atom. Collective. */
mg_status mg_sim_evaluate(mg_sim *sim);

/** Agreed failure naming an atom with a non-finite force, velocity or position, MG_OK when there
 *  is none. Collective. */
mg_status mg_sim_find_fault(mg_sim *sim);

/** Mass of species @p s in internal units [eV ps^2/A^2]. */
double mg_sim_mass(const mg_sim *sim, int s);

/** Thermal degrees of freedom, 3N - 3 (1 at least). */
double mg_sim_freedom(const mg_sim *sim);
double mg_sim_temperature(const mg_sim *sim); /**< from sim->kinetic [K] */
double mg_sim_time(const mg_sim *sim);        /**< step x dt [ps] */

/** Axial force along @p axis, tension > 0: -(sum m v^2 + virial)/L [eV/A]. */
double mg_sim_axial_force(const mg_sim *sim, int axis);

#endif
