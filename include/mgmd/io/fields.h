/** The per-atom fields that have names of their own, with unit, type and shape: one table for
 *  snapshots, for files of other programs that carry them as bare columns, and for analyses. */
#ifndef MGMD_IO_FIELDS_H
#define MGMD_IO_FIELDS_H

#include "mgmd/io/snapshot.h"

typedef struct mg_field_info {
  const char *name, *unit, *description;
  mg_ctype ctype;
  int components;
} mg_field_info;

/** Ends with a NULL name. */
extern const mg_field_info mg_field_infos[];

/** The entry of @p name, or NULL. */
const mg_field_info *mg_field_find(const char *name);

/** A column of a known field. @p data as in mg_column; an unknown name is an internal error. */
mg_column mg_field_column(const char *name, const void *data);

#endif
