/** Named values in a struct: one row saves a value and loads it again.
 *
 *  A table describes the state of something between two moments of its life (a checkpoint). Rows
 *  point into a struct by offset; a table ends with a row whose name is NULL. Whole numbers are
 *  handed over as int64, real ones as double.
 */
#ifndef MGMD_BASE_RECORD_H
#define MGMD_BASE_RECORD_H

#include "mgmd/base/error.h"

#include <stddef.h>
#include <stdint.h>

/** An array of its own size, owned by the struct it stands in. */
typedef struct mg_vector {
  double *value; /**< [n] */
  int64_t n;
} mg_vector;

typedef enum mg_record_kind {
  MG_RECORD_BOOL,
  MG_RECORD_INT,   /**< int, or an enum */
  MG_RECORD_INT64,
  MG_RECORD_REAL,  /**< double */
  MG_RECORD_VECTOR /**< mg_vector; the row's count does not matter */
} mg_record_kind;

typedef struct mg_record {
  const char *name;
  mg_record_kind kind;
  int count; /**< values in a row: double[3] has 3 */
  size_t offset;
  const char *unit; /**< NULL: none */
  /** What values may be, not NaN then; both 0: anything. Files may hold anything, whatever their
   *  checksums say: values that index, count or divide have limits. */
  double least, most;
} mg_record;

/** A row: MG_RECORD(name, kind, count, struct, member, unit), and one with limits. */
#define MG_RECORD(name, kind, count, type, member, unit)                                           \
  {name, MG_RECORD_##kind, count, offsetof(type, member), unit, 0, 0}
#define MG_RECORD_IN(name, kind, count, type, member, unit, least, most)                           \
  {name, MG_RECORD_##kind, count, offsetof(type, member), unit, least, most}

/** How many values the row stands for in the struct at @p base. */
int64_t mg_record_count(const mg_record *row, const void *base);

/** double, not int64. */
bool mg_record_is_real(const mg_record *row);

/** Copy the values out. @param[out] values  [mg_record_count] of int64 or double */
void mg_record_get(const mg_record *row, const void *base, void *values);

/** Copy @p n values in; a vector is made anew.
 *  @return MG_ERR_INPUT when they are too many or too few, no values of this kind or beyond the
 *          limits, and the struct is as it was */
mg_status mg_record_set(const mg_record *row, void *base, int64_t n, const void *values);

/** Free the vectors of a struct. */
void mg_records_clear(const mg_record *table, void *base);

#endif
