/** Who owns which cells: a grid of ranks, cut along cell planes, one axis within the other.
 *
 *  z is cut into slabs for the whole box, y within each slab of z, x within each of those, so that
 *  every rank gets its share of the atoms also where a notch takes some away. The cuts are free:
 *  results do not depend on them. Ranks may own no cell at all.
 */
#ifndef MGMD_COMM_DOMAIN_H
#define MGMD_COMM_DOMAIN_H

#include "mgmd/comm/comm.h"
#include "mgmd/state/atoms.h"
#include "mgmd/state/grid.h"

typedef struct mg_domain {
  int dims[3];   /**< ranks along each axis; rank = (z dims[1] + y) dims[0] + x */
  int coord[3];  /**< of this rank */
  int *cut[3];   /**< all cuts of an axis; read them by mg_domain_cuts */
} mg_domain;

/** The rank grid for a box: the one of least ghost volume. Pure function.
 *  @param[in] wanted  ranks along each axis, or NULL to choose
 *  @return MG_ERR_INPUT when @p wanted does not multiply to the number of ranks */
mg_status mg_domain_shape(int size, const double length[3], double range, const int wanted[3],
                          int dims[3]);

/** Create for this communicator. Not collective. Release with mg_domain_clear. */
mg_status mg_domain_init(mg_domain *domain, const mg_comm *comm, const int dims[3]);
void mg_domain_clear(mg_domain *domain);

/** The cuts of axis @p a where the ranks' coordinates along later axes are those of @p coord:
 *  [dims + 1] first cell of each slab, 0 and the number of cells at the ends. */
const int *mg_domain_cuts(const mg_domain *domain, int a, const int coord[3]);

/** Place the cuts by counting atoms in cell planes. Collective. */
mg_status mg_domain_balance(mg_domain *domain, const mg_comm *comm, const mg_grid *grid,
                            int64_t n, const double (*x)[3]);

/** Rank-grid coordinate along axis @p a that owns cell plane @p cell, where the coordinates along
 *  later axes are those of @p coord. */
int mg_domain_slab(const mg_domain *domain, int a, const int coord[3], int cell);

int mg_domain_rank(const mg_domain *domain, const int coord[3]);

/** Send every atom to the owner of its cell. Positions must be wrapped. Collective.
 *  @return agreed status; the atoms are in no particular order afterwards */
mg_status mg_domain_migrate(const mg_domain *domain, const mg_comm *comm, const mg_grid *grid,
                            mg_atoms *atoms);

#endif
