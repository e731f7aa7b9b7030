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
  int32_t n; /**< own atoms */
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

/** Atoms that lie next to each other in memory: [begin, end). */
typedef struct mg_list_run {
  int32_t begin, end;
} mg_list_run;

/** All atoms, coordinate by coordinate, as whole numbers of a small unit of length; MG_LIST_PAD
 *  more elements than atoms may be read. */
typedef struct mg_list_source {
  const int32_t *x, *y, *z;
  const uint32_t *tag; /**< atom j: j + (species << MG_TAG_SHIFT) */
} mg_list_source;

enum {
  MG_TAG_SHIFT = 29, /**< 8 species, and no rank holds more than 2^29 atoms and ghosts */
  MG_LIST_PAD = 16
};

/** The atoms around one cell, in stencil order, relative to an atom of the cell, in units and
 *  single precision; the radii allow for its error. Room for n + 2 MG_LIST_PAD; behind n lies
 *  INFINITY. */
typedef struct mg_list_candidates {
  int32_t n;
  float *x, *y, *z;
  uint32_t *tag;
  uint32_t *near, *far; /**< scratch */
} mg_list_candidates;

/** The atom whose neighbours are chosen. */
typedef struct mg_list_center {
  float x, y, z;
  uint32_t tag;
  float near2, far2;            /**< squared radii in units, far2 the larger or 0 */
  bool reaches[MG_MAX_SPECIES]; /**< species that far pairs are kept of */
} mg_list_center;

/** How lists are built. A pair belongs when (dx dx + dy dy) + dz dz, each operation rounded to
 *  single precision, is below the squared radius: all variants give the same lists. */
typedef struct mg_list_method {
  /** Fill the candidates from their runs, relative to atom @p origin. */
  void (*gather)(const mg_list_source *source, int32_t origin, const mg_list_run *run, int n_runs,
                 mg_list_candidates *c);
  /** Write the sections of one atom to @p entry: near by species, then far by species, in the
   *  order of the candidates, each padded with @p dummy; the first is never empty.
   *  @param[in] entry  room for n + (2 n_species + 1) MG_LIST_PAD
   *  @param[out] end   [2 n_species] ends of the sections
   *  @return entries without padding */
  int32_t (*choose)(const mg_list_candidates *c, const mg_list_center *center, int n_species,
                    int32_t dummy, int32_t *entry, int32_t *end);
} mg_list_method;

extern const mg_list_method mg_list_plain;

/** Build the lists of all own atoms from the cell table.
 *  @param[in] grid     the global cell grid
 *  @param[in] q        packed positions, ghosts included
 *  @param[in] species  [n_local + n_ghost] of the packed atoms
 *  Not collective.  */
mg_status mg_nlist_build(mg_nlist *list, const mg_cells *cells, const mg_grid *grid,
                         const mg_list_radii *radii, int32_t n_local, int32_t n_all,
                         const double (*q)[4], const int32_t *species,
                         const mg_list_method *method);

void mg_nlist_clear(mg_nlist *list);

#endif
