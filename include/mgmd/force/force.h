/** Forces on all atoms: list, halo and kernel in sequence.
 *
 *    positions of ghosts -> rho, F'(rho) of own atoms -> F' of ghosts -> forces
 *
 *  Interior atoms, whose neighbours are all at hand, come first in both passes, so that messages
 *  travel meanwhile; an atom's result depends on its own list alone, so the order changes no bit.
 *
 *  The neighbour list holds while lambda_min (rc + skin) - 2 max|u| >= rc, with lambda = L/L_build
 *  per axis and u = x - lambda x_build: rigorous also while the cell is strained.
 */
#ifndef MGMD_FORCE_FORCE_H
#define MGMD_FORCE_FORCE_H

#include "mgmd/base/timer.h"
#include "mgmd/force/kernel.h"

/** Runs of own atoms, contiguous in memory, in increasing order. */
typedef struct mg_runs {
  mg_list_run *run;
  int n, capacity;
} mg_runs;

typedef struct mg_force {
  const mg_potential *potential; /**< borrowed */
  const mg_kernel *kernel;
  void *tables;
  double cutoff, skin; /**< [A] */
  mg_list_radii radii;
  double open_lo[3], open_hi[3]; /**< what the grid covers on open axes */

  bool balanced; /**< the cuts fit the grid */
  mg_grid grid;
  mg_cells cells;
  mg_halo halo;
  mg_nlist list;
  mg_runs inner, outer; /**< atoms without and with neighbours on other ranks */
  mg_box box_build; /**< the cell at the last list build */
  int32_t n_all;    /**< own atoms and ghosts */
  int32_t capacity;
  double (*q)[4];   /**< [n_all + 1], the dummy last */
  int32_t *species; /**< [n_all + 1] */
  uint8_t *close;   /**< [n_all + 1] the kernel's note */

  mg_xsum virial[3]; /**< of this rank's atoms, from the last force pass */
  double most_rho;   /**< largest rho / rho_max of this rank's atoms in the last pass */
  int64_t n_builds;
} mg_force;

/** Choose a kernel for @p potential, the best that every rank has, and prepare it.
 *  @param[in] kernel_name  "auto" or a kernel's name
 *  Collective; agreed status. Release with mg_force_clear. */
mg_status mg_force_init(mg_force *force, const mg_comm *comm, const mg_potential *potential,
                        const char *kernel_name);
void mg_force_clear(mg_force *force);

/** Set the skin and the bounds of open axes (from the atoms' extent); the next build lays the grid
 *  and the cuts anew. Collective. */
mg_status mg_force_frame(mg_force *force, const mg_comm *comm, const mg_box *box,
                         const mg_atoms *atoms, double skin);

/** The next build lays the grid and the cuts anew, with the skin and the bounds that stand in
 *  @p force. Not collective. */
void mg_force_reframe(mg_force *force);

/** Wrap, migrate and sort the atoms and build cells, halo and lists. Atom order changes.
 *  Collective; agreed status. */
mg_status mg_force_build(mg_force *force, const mg_comm *comm, mg_domain *domain, const mg_box *box,
                         mg_atoms *atoms);

/** Forces at the present positions with the present list; fills atoms->f and force->virial.
 *  @param[in] fresh  the list was just built: ghost positions are already there
 *  Collective. */
void mg_force_compute(mg_force *force, const mg_comm *comm, const mg_box *box, mg_atoms *atoms,
                      mg_timer *timer, bool fresh);

/** The densities that the last mg_force_compute found. @param[out] rho  [n_local]
 *  Not collective. */
void mg_force_density(mg_force *force, double *rho);

/** Per-atom energies and potential stresses at the positions of the last mg_force_compute; changes
 *  nothing that the trajectory depends on. Arrays [n_local], either may be NULL. Not collective. */
void mg_force_observe(const mg_force *force, double *energy, double (*stress)[6]);

/** Does the list still hold with displacement @p most_u and cell @p box? Pure function. */
bool mg_force_list_holds(const mg_force *force, const mg_box *box, double most_u);

#endif
