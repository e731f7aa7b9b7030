/** A strict YAML tree that remembers where everything stands.
 *
 *  One document of mappings, sequences and scalars; keys are scalars. Anchors, aliases, tags,
 *  directives and further documents are refused: nobody needs them in an input, and each is a way
 *  to say something that was not meant. Scalars stay text: types come from the parameter tables.
 *  The lexical work is libyaml's.
 */
#ifndef MGMD_IO_YAML_H
#define MGMD_IO_YAML_H

#include "mgmd/base/error.h"
#include "mgmd/io/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>

/** Limits that no honest input meets. */
enum { MG_YAML_BYTES = 1 << 20, MG_YAML_DEPTH = 32, MG_YAML_NODES = 100000, MG_YAML_KEYS = 1000 };

typedef enum mg_yaml_kind { MG_YAML_SCALAR, MG_YAML_SEQUENCE, MG_YAML_MAPPING } mg_yaml_kind;

typedef struct mg_yaml_node {
  mg_yaml_kind kind;
  mg_place place;
  bool quoted;                /**< a scalar written in quotes or as a block */
  int first_line;             /**< of a repeated mapping key: where it stood first; else 0 */
  char *text;                 /**< scalar: UTF-8, no NUL inside; else NULL */
  int n, capacity;            /**< entries of a sequence or mapping */
  struct mg_yaml_node **key;  /**< [n] mapping only: scalars, in file order, repeats included */
  struct mg_yaml_node **item; /**< [n] values */
} mg_yaml_node;

/** Parse @p length bytes. An empty text gives a null scalar at 1:1. Not collective.
 *  @param[in]  origin  recorded in every place (0: the file)
 *  @param[out] root    owned by the caller, release with mg_yaml_destroy; NULL on failure
 *  @return MG_OK; MG_ERR_INPUT: one mistake was added to @p diagnostics, the error record is
 *          untouched; MG_ERR_MEMORY with the record set */
mg_status mg_yaml_parse(const char *text, size_t length, int origin, mg_diagnostics *diagnostics,
                        mg_yaml_node **root);

/** NULL is allowed; nulls the pointer. */
void mg_yaml_destroy(mg_yaml_node **node);

/** A plain scalar that is empty, "~" or "null". NULL counts as null. */
bool mg_yaml_is_null(const mg_yaml_node *node);

/** The value (or the key's own node) of the first entry @p name of a mapping; NULL when there is
 *  none or @p node is not a mapping. */
mg_yaml_node *mg_yaml_get(const mg_yaml_node *node, const char *name);
mg_yaml_node *mg_yaml_key(const mg_yaml_node *node, const char *name);

/** The value at a dotted path such as "pressure.x", or NULL. */
mg_yaml_node *mg_yaml_at(const mg_yaml_node *node, const char *path);

/** Set entry @p name of a mapping, replacing what was there; an absent key is appended and placed
 *  at @p place. Takes @p value, also on failure. */
mg_status mg_yaml_put(mg_yaml_node *mapping, const char *name, mg_place place, mg_yaml_node *value);

/** A new empty node of @p kind (a scalar holds ""), or NULL with the record set. */
mg_yaml_node *mg_yaml_new(mg_yaml_kind kind, mg_place place);

/** A new scalar holding a copy of @p text, or NULL with the record set. */
mg_yaml_node *mg_yaml_new_scalar(const char *text, mg_place place);

#endif
