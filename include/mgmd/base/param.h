/** Parameter tables: one row describes one input key and drives parsing, units, ranges, defaults,
 *  the unknown-key message, `mgmd help`, docs/input.md, the man page, completion and run.yaml.
 *
 *  A table ends with a row whose name is NULL. Rows point into a config struct by offset.
 */
#ifndef MGMD_BASE_PARAM_H
#define MGMD_BASE_PARAM_H

#include "mgmd/base/units.h"

#include <stddef.h>
#include <stdint.h>

enum { MG_MAX_SPECIES = 8, MG_SYMBOL = 4, MG_PATH = 1024 };

/** A value that may change linearly in time over its stage. `from == to`: constant.
 *  Unset: both NaN. Written "300 K" or {from: 300 K, to: 50 K}. */
typedef struct mg_ramp {
  double from, to;
} mg_ramp;

/** A target for some axes. A scalar couples the axes (all three move as one); a map {x: .., z: ..}
 *  acts on the named axes, each by itself. */
typedef struct mg_axis_ramp {
  bool given;      /**< the key was there */
  bool coupled;    /**< written as a scalar */
  bool on[3];      /**< axis named; all true when coupled */
  mg_ramp value[3];
} mg_axis_ramp;

/** {Cu: 64, Zr: 36}: normalised to fractions, in the order written. */
typedef struct mg_composition {
  int n;
  char symbol[MG_MAX_SPECIES][MG_SYMBOL];
  double fraction[MG_MAX_SPECIES];
} mg_composition;

/** [Cu, Zr] or a list of field names. */
typedef struct mg_names {
  int n;
  char name[32][32];
} mg_names;

typedef enum mg_param_kind {
  MG_P_REAL,        /**< double; NaN when absent without default */
  MG_P_REAL3,       /**< double[3], written [a, b, c]; NaN when absent */
  MG_P_INT,         /**< int64_t; INT64_MIN when absent without default */
  MG_P_INT3,        /**< int64_t[3] */
  MG_P_BOOL,        /**< bool: true/false, on/off, yes/no */
  MG_P_CHOICE,      /**< int: index into choices; -1 when absent without default */
  MG_P_TEXT,        /**< char[MG_PATH]; "" when absent */
  MG_P_FILE,        /**< char[MG_PATH]: a file to read, written relative to the input file, held
                         as seen from the working directory; "" when absent */
  MG_P_NAME_OR_FILE, /**< the same, but a word without '/' and '.' is a name and stays as it is */
  MG_P_NAMES,       /**< mg_names; only words of choices when there are any; n = 0 when absent */
  MG_P_RAMP,        /**< mg_ramp */
  MG_P_AXIS_RAMP,   /**< mg_axis_ramp */
  MG_P_COMPOSITION, /**< mg_composition; n = 0 when absent */
  MG_P_AXIS,        /**< int 0..2, written x, y or z; -1 when absent */
  MG_P_TABLE,       /**< a section: a map with a table of its own, into the same struct */
  MG_P_LIST         /**< a list that the owner of the table reads itself (`stages`) */
} mg_param_kind;

typedef struct mg_param {
  const char *name;
  mg_param_kind kind;
  mg_dimension dimension;
  size_t offset;
  const char *fallback;       /**< the default as the user would write it; NULL: none */
  bool required;
  double min, max;            /**< in internal units; used when min < max */
  bool above_min;             /**< min itself is refused */
  const char *const *choices; /**< MG_P_CHOICE, MG_P_NAMES: NULL-terminated */
  const char *doc;            /**< one sentence, lower case, no full stop */
  const struct mg_param *table; /**< MG_P_TABLE: the section's rows */
} mg_param;

/** The row named @p name, or NULL. */
const mg_param *mg_param_find(const mg_param *table, const char *name);

/** Do two config structs hold the same value in this row? Files are not looked into: rows that
 *  name files count as equal, and so do lists, which their owners read. */
bool mg_param_same(const mg_param *row, const void *a, const void *b);

#endif
