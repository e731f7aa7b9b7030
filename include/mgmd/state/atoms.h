/** The atoms a rank owns, as arrays, and the one table that describes them.
 *
 *  Ghosts are not here: copies of other ranks' atoms live in packed arrays (comm/halo.h). The field
 *  table drives growing, permuting, migrating and checkpoints: a new per-atom quantity is one line
 *  in atoms.c.
 */
#ifndef MGMD_STATE_ATOMS_H
#define MGMD_STATE_ATOMS_H

#include "mgmd/base/error.h"
#include "mgmd/base/param.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Chemical species present, in the order of the potential. */
typedef struct mg_species {
  int n;
  char symbol[MG_MAX_SPECIES][MG_SYMBOL];
  double mass[MG_MAX_SPECIES]; /**< [u] */
} mg_species;

/** Index of @p symbol in @p species, or -1. */
int mg_species_index(const mg_species *species, const char *symbol);

/** Marks that an atom carries for life. */
typedef enum mg_tag {
  MG_TAG_LOWER_FACE = 1, /**< near the lower free face at the start of compress, off the notch */
  MG_TAG_UPPER_FACE = 2
} mg_tag;

typedef struct mg_atoms {
  int32_t n;        /**< atoms owned by this rank */
  int32_t capacity;
  int64_t n_global; /**< over all ranks */
  int64_t max_id;   /**< largest id in use; ids are 1..max_id, gaps allowed */

  int64_t *id;
  int32_t *species;    /**< index into mg_species, 0-based */
  int32_t *tag;        /**< mg_tag bits */
  double (*x)[3];      /**< position [A]; wrapped at each list build, drifts in between */
  int32_t (*image)[3]; /**< box crossings: unwrapped = x + image * length */
  double (*v)[3];      /**< peculiar velocity [A/ps] */
  double (*f)[3];      /**< force [eV/A] */
  double (*x_build)[3]; /**< x at the last list build [A] */
  bool averaged;        /**< `mean` is kept; equal on all ranks */
  double (*mean)[3];    /**< unwrapped position, averaged over time [A]; NULL unless averaged */
} mg_atoms;

typedef enum mg_field_flag {
  MG_FIELD_MIGRATE = 1, /**< travels when an atom changes owner */
  MG_FIELD_SAVE = 2,    /**< part of a checkpoint */
  MG_FIELD_AVERAGE = 4  /**< there only while the atoms are averaged */
} mg_field_flag;

typedef enum mg_ctype { MG_INT32, MG_INT64, MG_FLOAT64, MG_FLOAT32 } mg_ctype;

size_t mg_ctype_size(mg_ctype type);

typedef struct mg_field {
  const char *name;
  mg_ctype ctype;
  int components;
  const char *unit;
  const char *description;
  unsigned flags;
  size_t offset; /**< of the array's pointer in mg_atoms */
} mg_field;

extern const mg_field mg_atom_fields[];
extern const int mg_n_atom_fields;

/** Is @p field kept of these atoms? */
bool mg_atoms_has(const mg_atoms *atoms, const mg_field *field);

/** Keep `mean` from now on (its values are for the caller to set), or no longer. Not collective. */
mg_status mg_atoms_average(mg_atoms *atoms, bool averaged);

/** Bytes one atom takes in the fields that are kept and have any of @p flags (0: all). */
size_t mg_atoms_record_size(const mg_atoms *atoms, unsigned flags);

/** Copy the flagged fields of atom @p i to/from a packed record. */
void mg_atoms_pack(const mg_atoms *atoms, int32_t i, unsigned flags, void *record);
void mg_atoms_unpack(mg_atoms *atoms, int32_t i, unsigned flags, const void *record);

/** Make room for @p capacity atoms; contents kept. Not collective. */
mg_status mg_atoms_reserve(mg_atoms *atoms, int64_t capacity);

/** Reorder: new atom k is old atom order[k]; @p n entries, which may be fewer than atoms->n
 *  (atoms not named are dropped). Sets atoms->n.  Not collective. */
mg_status mg_atoms_select(mg_atoms *atoms, const int32_t *order, int32_t n);

/** Free the arrays and zero the struct. */
void mg_atoms_clear(mg_atoms *atoms);

#endif
