#include "mgmd/base/param.h"

#include <string.h>

const mg_param *mg_param_find(const mg_param *table, const char *name) {
  for (const mg_param *row = table; row->name; row++)
    if (strcmp(row->name, name) == 0) return row;
  return NULL;
}
