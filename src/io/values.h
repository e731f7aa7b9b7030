/** One value of a parameter table, read from its node. Private to io. */
#ifndef MGMD_SRC_IO_VALUES_H
#define MGMD_SRC_IO_VALUES_H

#include "mgmd/io/params.h"

typedef struct mg_value {
  const mg_param *row;
  const mg_param_source *source; /**< of the table the row stands in */
  char path[MG_KEY_PATH];        /**< key path of the value */
} mg_value;

/** Read @p node into @p field, the row's place in the config struct. Rows of kind MG_P_TABLE and
 *  MG_P_LIST are not read here.
 *  @return false when a mistake was added */
bool mg_value_read(const mg_value *value, const mg_yaml_node *node, void *field);

/** Set @p field to what its kind holds when the key is absent. */
void mg_value_set_absent(mg_param_kind kind, void *field);

#endif
