/** The numbers of a dataset, part by part, for `info` and `diff`. */
#ifndef MGMD_SRC_IO_H5_NUMBERS_H
#define MGMD_SRC_IO_H5_NUMBERS_H

#include "mgmd/io/h5.h"

/** Elements of one part at most, unless one row has more. */
enum { MG_H5_PART = 1 << 18 };

static inline bool mg_h5_is_numeric(const mg_h5_shape *shape) {
  return (shape->type == MG_H5_FLOAT || shape->type == MG_H5_INTEGER ||
          shape->type == MG_H5_ENUM) &&
         shape->size <= 8;
}

/** The type to which parts are widened: no value changes. */
static inline mg_ctype mg_h5_wide(const mg_h5_shape *shape) {
  return shape->type == MG_H5_FLOAT ? MG_FLOAT64 : MG_INT64;
}

/** Rows per part, at least 1. */
static inline int64_t mg_h5_part_rows(const mg_h5_shape *shape) {
  int64_t rows = shape->row < MG_H5_PART ? MG_H5_PART / (shape->row > 0 ? shape->row : 1) : 1;
  if (rows > shape->n_rows) rows = shape->n_rows;
  return rows > 0 ? rows : 1;
}

#endif
