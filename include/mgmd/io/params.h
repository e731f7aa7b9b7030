/** From a YAML mapping to a config struct by a parameter table, and back to YAML text.
 *
 *  All that base/param.h promises about a table happens here: unknown and missing keys, units,
 *  ranges, choices, defaults. Mistakes go to the diagnostics and parsing goes on.
 */
#ifndef MGMD_IO_PARAMS_H
#define MGMD_IO_PARAMS_H

#include "mgmd/base/param.h"
#include "mgmd/base/text.h"
#include "mgmd/io/diagnostics.h"
#include "mgmd/io/yaml.h"

#include <stdbool.h>

/** Where a table's values come from. All borrowed. */
typedef struct mg_param_source {
  const mg_yaml_node *node; /**< the mapping; a null scalar means an empty one */
  mg_place place;           /**< where a missing key is reported: the stage's word */
  const char *path;         /**< key path of the table: "compress", "run[2]", "" at the top */
  const char *input_path;   /**< MG_P_FILE values are relative to this file */
  mg_diagnostics *diagnostics;
} mg_param_source;

/** Fill @p config: every row is set to its value, its default or its kind's "absent" value.
 *  Rows of kind MG_P_LIST are only checked for presence. A pure function of its arguments.
 *  @return false when a mistake was added (the rows concerned are then absent) */
bool mg_param_parse(const mg_param *table, const mg_param_source *source, void *config);

/** Append the table as block YAML: what the input gave, as it was written, and the defaults of
 *  what it left out, so that reading it again gives the same bits. Rows without either are left
 *  out. MG_P_FILE values are written as absolute paths.
 *  @param[in] node   the mapping that was parsed, or NULL
 *  @param[in] indent of the keys, in columns
 *  @param[in] input_path, directory  what relative files are relative to, and the absolute path of
 *             the working directory */
void mg_param_write(mg_text *text, const mg_param *table, const mg_yaml_node *node, int indent,
                    const char *input_path, const char *directory);

/** "did you mean 'rate'?" or "valid: rate, strain, ..." for an unknown word.
 *  @param[in] words NULL-terminated */
void mg_param_suggest(const char *word, const char *const *words, char *text, size_t size);

/** The names of a table's rows, NULL-terminated. @p names holds MG_PARAM_ROWS entries. */
enum { MG_PARAM_ROWS = 64 };
void mg_param_names(const mg_param *table, const char *names[MG_PARAM_ROWS]);

#endif
