/** The input keys as documentation, from the parameter tables. */
#ifndef MGMD_CMD_KEYS_H
#define MGMD_CMD_KEYS_H

#include "mgmd/base/param.h"
#include "mgmd/cmd/page.h"
#include "mgmd/stage/stage.h"

/** "length", "strain rate", ...: the word for what a dimension measures. */
const char *mg_keys_quantity(mg_dimension dimension);

/** What a value of this row is: "length in nm, A", "one of nve, nvt, npt"; marked up for a page. */
void mg_keys_kind(const mg_param *row, bool with_units, char *text, size_t size);

/** "above 0 1/s", "0 to 100 %", "" without limits. */
void mg_keys_range(const mg_param *row, char *text, size_t size);

/** The rows of a table, sections expanded to dotted keys: items, in Markdown one table. */
void mg_keys_table(mg_page *page, const mg_param *table);

/** A stage: its summary, keys and an example. @p level of its heading. */
void mg_keys_stage(mg_page *page, const mg_stage_type *type, int level);

/** One key: "compress.rate", or a top-level one, "output.thermo". @return false: no such key */
bool mg_keys_one(mg_page *page, const char *path);

/** Call @p visit with every key as --set takes it: top-level ones, then "stage.key". */
void mg_keys_each(void (*visit)(void *context, const char *path, const mg_param *row),
                  void *context);

#endif
