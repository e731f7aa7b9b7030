/** Full neighbour lists in near and far sections.
 *
 *  Every atom lists all its neighbours (no Newton's third law): no reverse communication, and a
 *  summation order fixed by (global cell, species, id), hence the same bits on any number of ranks.
 *  Near: pairs that carry a density (and phi); far: pairs that carry phi alone. Within each, one
 *  section per neighbour species, padded to a multiple of MG_LANES with the dummy atom. The near
 *  part of an atom is never empty, and a vector of dummies follows the last entry: kernels look one
 *  vector ahead.
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

/** Squared list radii by species pair: near, the same for all pairs, and far, the same for all that
 *  reach beyond near and 0 for the others. */
typedef struct mg_list_radii {
  double near2[MG_MAX_SPECIES][MG_MAX_SPECIES];
  double far2[MG_MAX_SPECIES][MG_MAX_SPECIES];
} mg_list_radii;

/** Near and far radii of @p potential with @p skin added. */
void mg_list_radii_make(mg_list_radii *radii, const mg_potential *potential, double skin);

/** What choosing an atom's neighbours needs. Coordinates lie in arrays of their own, so that a
 *  vector of candidates is one load; MG_LANES more elements than atoms may be read. */
typedef struct mg_scan_view {
  const double *x, *y, *z;
  const uint32_t *tag; /**< atom j: j + (species << MG_TAG_SHIFT) */
  const mg_list_radii *radii;
  int n_species;
  uint32_t *near, *far; /**< scratch, room as in the sections */
} mg_scan_view;

enum { MG_TAG_SHIFT = 29 }; /**< 8 species, and no rank holds more than 2^29 atoms and ghosts */

/** Candidates that lie next to each other in memory: atoms [begin, end). */
typedef struct mg_scan_run {
  int32_t begin, end;
} mg_scan_run;

/** Write the neighbours of atom @p i among the candidates to the sections (near by species, then
 *  far by species), in the order of the candidates. A pair belongs when its
 *  (dx dx + dy dy) + dz dz, each operation rounded, is below the squared radius: all variants give
 *  the same lists. Sections are empty on entry.
 *  @param[out] n  entries of each section; MG_LANES more than the candidates must fit */
typedef void (*mg_list_scan)(const mg_scan_view *view, int32_t i, const mg_scan_run *run,
                             int n_runs, int32_t *const *section, int32_t *n);

/** The plain one. */
void mg_list_scan_plain(const mg_scan_view *view, int32_t i, const mg_scan_run *run, int n_runs,
                        int32_t *const *section, int32_t *n);

/** Build the lists of all own atoms from the cell table.
 *  @param[in] reach    stencil half-width in cells
 *  @param[in] q        packed positions, ghosts included
 *  @param[in] species  [n_local + n_ghost] of the packed atoms
 *  @param[in] scan     how to choose; NULL: plainly
 *  Not collective.  */
mg_status mg_nlist_build(mg_nlist *list, const mg_cells *cells, const int reach[3],
                         const mg_list_radii *radii, int32_t n_local, int32_t n_all,
                         const double (*q)[4], const int32_t *species, mg_list_scan scan);

void mg_nlist_clear(mg_nlist *list);

#endif
