/** Making atoms from nothing: lattices and random insertion. Pure functions of their arguments, run
 *  alike on every rank; each rank keeps only its share. */
#ifndef MGMD_STATE_BUILD_H
#define MGMD_STATE_BUILD_H

#include "mgmd/base/param.h"
#include "mgmd/state/atoms.h"
#include "mgmd/state/box.h"

typedef enum mg_lattice { MG_LATTICE_RANDOM, MG_LATTICE_FCC, MG_LATTICE_BCC, MG_LATTICE_HCP,
                          MG_LATTICE_B2 } mg_lattice;

typedef struct mg_build_spec {
  mg_lattice lattice;
  mg_composition composition;
  int species[MG_MAX_SPECIES]; /**< index in the potential of each composition entry */
  int64_t n_atoms;             /**< random insertion */
  double box[3];               /**< random insertion [A] */
  double min_distance;         /**< random insertion [A] */
  double a, c;                 /**< lattice constants [A]; c for hcp */
  int64_t cells[3];            /**< conventional cells along each axis (hcp: orthohexagonal) */
  uint64_t seed;
} mg_build_spec;

/** Atoms and box of a lattice: conventional cells (hcp: 4-atom orthohexagonal a, sqrt(3) a, c);
 *  with several species (b2: exactly two, one per sublattice) they are dealt out at random in
 *  exact numbers. ids from 1 in order of cells; atom k is kept when k % n_shares == share. */
mg_status mg_build_lattice(const mg_build_spec *spec, int share, int n_shares, mg_box *box,
                           mg_atoms *atoms);

/** Random positions no closer than min_distance, by sequential insertion on a cell grid.
 *  @return MG_ERR_RUN when the density jams the insertion. Not collective. */
mg_status mg_build_random(const mg_build_spec *spec, int share, int n_shares, mg_box *box,
                          mg_atoms *atoms);

/** Exact numbers of each species for @p n atoms: largest remainders. */
void mg_build_counts(const mg_composition *composition, int64_t n, int64_t counts[MG_MAX_SPECIES]);

#endif
