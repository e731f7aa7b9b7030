/** Who owns which cells: a grid of ranks, cut along cell planes.
 *
 *  The cuts are free (results do not depend on them): they are placed so that the atoms are shared
 *  evenly plane by plane. Ranks may own no cell at all.
 */
#ifndef MGMD_COMM_DOMAIN_H
#define MGMD_COMM_DOMAIN_H

#include "mgmd/comm/comm.h"
#include "mgmd/state/atoms.h"
#include "mgmd/state/grid.h"

typedef struct mg_domain {
  int dims[3];   /**< ranks along each axis; rank = (z dims[1] + y) dims[0] + x */
  int coord[3];  /**< of this rank */
  int *cut[3];   /**< [dims + 1] first cell of each slab; cut[0] = 0, cut[dims] = cells */
} mg_domain;

/** The rank grid for a box: the one of least ghost volume. Pure function.
 *  @param[in] wanted  ranks along each axis, or NULL to choose
 *  @return MG_ERR_INPUT when @p wanted does not multiply to the number of ranks */
mg_status mg_domain_shape(int size, const double length[3], double range, const int wanted[3],
                          int dims[3]);

/** Create for this communicator. Not collective. Release with mg_domain_clear. */
mg_status mg_domain_init(mg_domain *domain, const mg_comm *comm, const int dims[3]);
void mg_domain_clear(mg_domain *domain);

/** Place the cuts by counting atoms in cell planes. Collective. */
mg_status mg_domain_balance(mg_domain *domain, const mg_comm *comm, const mg_grid *grid,
                            int64_t n, const double (*x)[3]);

/** Rank-grid coordinate along axis @p a that owns cell plane @p cell. */
int mg_domain_slab(const mg_domain *domain, int a, int cell);

int mg_domain_rank(const mg_domain *domain, const int coord[3]);

/** Send every atom to the owner of its cell. Positions must be wrapped. Collective.
 *  @return agreed status; the atoms are in no particular order afterwards */
mg_status mg_domain_migrate(const mg_domain *domain, const mg_comm *comm, const mg_grid *grid,
                            mg_atoms *atoms);

#endif
