/** Full neighbour lists in near and far sections.
 *
 *  Every atom lists all its neighbours (no Newton's third law): no reverse communication, and a
 *  summation order fixed by (global cell, species, id), hence the same bits on any number of ranks.
 *  Near: pairs that carry a density (and phi); far: pairs that carry phi alone. Within each, one
 *  section per neighbour species, padded to a multiple of MG_LANES with the dummy atom.
 */
#ifndef MGMD_FORCE_NLIST_H
#define MGMD_FORCE_NLIST_H

#include "mgmd/comm/halo.h"
#include "mgmd/potential/potential.h"

enum { MG_LANES = 8, MG_SECTIONS = 2 * MG_MAX_SPECIES };

typedef struct mg_nlist {
  int32_t n;        /**< own atoms */
  int n_species;
  int64_t *first;   /**< [n + 1] first entry of each atom, a multiple of MG_LANES */
  uint16_t *end;    /**< [n][2 n_species] end of each section relative to first, in entries */
  int32_t *entry;   /**< packed-array indices; the dummy is n_local + n_ghost */
  int64_t capacity; /**< of entry */
  int64_t n_pairs;  /**< entries without padding */
} mg_nlist;

/** Squared list radii by species pair: near [a][b], and far (0: none). */
typedef struct mg_list_radii {
  double near2[MG_MAX_SPECIES][MG_MAX_SPECIES];
  double far2[MG_MAX_SPECIES][MG_MAX_SPECIES];
} mg_list_radii;

/** Near and far radii of @p potential with @p skin added. */
void mg_list_radii_make(mg_list_radii *radii, const mg_potential *potential, double skin);

/** Build the lists of all own atoms from the cell table.
 *  @param[in] reach    stencil half-width in cells
 *  @param[in] q        packed positions, ghosts included
 *  @param[in] species  [n_local + n_ghost] of the packed atoms
 *  Not collective.  */
mg_status mg_nlist_build(mg_nlist *list, const mg_cells *cells, const int reach[3],
                         const mg_list_radii *radii, int32_t n_local, int32_t n_all,
                         const double (*q)[4], const int32_t *species);

void mg_nlist_clear(mg_nlist *list);

#endif
