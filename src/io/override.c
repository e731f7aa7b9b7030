/* `--set KEY=VALUE` edits the tree before it is read, so that the tables check an override exactly
 * as they check the file. Here only the place is found: which stage, which map. */
#include "mgmd/io/config.h"

#include "mgmd/base/str.h"
#include "mgmd/io/params.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct override {
  mg_yaml_node *tree;
  mg_diagnostics *diagnostics;
  mg_place place;
  char key[MG_KEY_PATH]; /* cut into components at its dots */
  char shown[MG_KEY_PATH];
  const char *value;
} override;

enum { MOST_WORDS = 128 };

static void mistake(const override *set, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void mistake(const override *set, const char *format, ...) {
  char text[MG_DIAGNOSTIC_TEXT];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  mg_diagnostics_add(set->diagnostics, set->place, set->shown, "%s", text);
}

/* The word of a list item, or NULL when it is no stage. */
static const char *stage_word(const mg_yaml_node *item) {
  if (item->kind == MG_YAML_SCALAR && !mg_yaml_is_null(item)) return item->text;
  return item->kind == MG_YAML_MAPPING && item->n == 1 ? item->key[0]->text : NULL;
}

static int count_stages(const mg_yaml_node *list, const char *word) {
  int count = 0;
  for (int k = 0; list && k < list->n; k++) {
    const char *other = stage_word(list->item[k]);
    count += other && strcmp(other, word) == 0;
  }
  return count;
}

/* The parameters of the index-th stage @p word, as a mapping; made where there was none.
 * *status tells of memory only. */
static mg_yaml_node *stage_params(mg_yaml_node *list, const char *word, int index,
                                  mg_status *status) {
  for (int k = 0; k < list->n; k++) {
    const char *other = stage_word(list->item[k]);
    if (!other || strcmp(other, word) != 0 || --index > 0) continue;
    mg_yaml_node *item = list->item[k];
    if (item->kind == MG_YAML_MAPPING && !mg_yaml_is_null(item->item[0])) return item->item[0];
    const mg_place place = item->kind == MG_YAML_MAPPING ? item->key[0]->place : item->place;
    mg_yaml_node *params = mg_yaml_new(MG_YAML_MAPPING, place);
    mg_yaml_node *made = item;
    if (item->kind == MG_YAML_SCALAR) made = mg_yaml_new(MG_YAML_MAPPING, place);
    if (!params || !made) {
      mg_yaml_destroy(&params);
      if (made != item) mg_yaml_destroy(&made);
      *status = MG_ERR_MEMORY;
      return NULL;
    }
    *status = mg_yaml_put(made, other, place, params);
    if (made != item) {
      mg_yaml_destroy(&list->item[k]);
      list->item[k] = made;
    }
    return *status == MG_OK ? params : NULL;
  }
  return NULL;
}

static void unknown_start(const override *set, const mg_yaml_node *list, const char *word) {
  const char *words[MOST_WORDS + MG_PARAM_ROWS];
  int n = 0;
  for (int k = 0; list && k < list->n && n < MOST_WORDS; k++)
    if (stage_word(list->item[k])) words[n++] = stage_word(list->item[k]);
  mg_param_names(mg_config_params, words + n);
  while (words[n]) n++;
  const char *nearest = mg_str_nearest(word, words, n);
  mistake(set, "'%s' is neither a stage of this input nor a top-level key%s%s%s", word,
          nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

/* "word[n]" -> word and n; 0 without brackets, -1 when they are malformed. */
static int split_index(char *component) {
  char *bracket = strchr(component, '[');
  if (!bracket) return 0;
  *bracket = '\0';
  char *end;
  const long n = strtol(bracket + 1, &end, 10);
  return bracket[1] >= '0' && bracket[1] <= '9' && strcmp(end, "]") == 0 && n > 0 && n < 1000000
             ? (int)n
             : -1;
}

/* The mapping that KEY's first component means; the rest goes into it. NULL with a mistake. */
static mg_yaml_node *find_start(override *set, char *component, mg_status *status) {
  mg_yaml_node *list = mg_yaml_get(set->tree, "stages");
  if (list && list->kind != MG_YAML_SEQUENCE) list = NULL;
  const int index = split_index(component);
  const int count = count_stages(list, component);
  if (index < 0) {
    mistake(set, "a malformed index; write %s[1], %s[2], ..", component, component);
  } else if (count == 0) {
    unknown_start(set, list, component);
  } else if (index == 0 && count > 1) {
    mistake(set, "'%s' stands %d times among the stages; write %s[1] to %s[%d]", component, count,
            component, component, count);
  } else if (index > count) {
    mistake(set, "'%s' stands only %d time%s among the stages", component, count,
            count == 1 ? "" : "s");
  } else {
    return stage_params(list, component, index ? index : 1, status);
  }
  return NULL;
}

/* Walk from @p node along the remaining components and put the value there. */
static mg_status put_value(const override *set, mg_yaml_node *node, char *rest) {
  for (;;) {
    char *dot = strchr(rest, '.');
    if (dot) *dot = '\0';
    if (node->kind != MG_YAML_MAPPING) {
      mistake(set, "no map holds '%.60s'; set the whole value instead", rest);
      return MG_OK;
    }
    if (!dot) break;
    mg_yaml_node *inner = mg_yaml_get(node, rest);
    if (mg_yaml_is_null(inner)) {
      inner = mg_yaml_new(MG_YAML_MAPPING, set->place);
      if (!inner) return MG_ERR_MEMORY;
      MG_TRY(mg_yaml_put(node, rest, set->place, inner));
    }
    node = inner;
    rest = dot + 1;
  }
  mg_yaml_node *value;
  const mg_status status =
      mg_yaml_parse(set->value, strlen(set->value), set->place.origin, set->diagnostics, &value);
  if (status != MG_OK) return status == MG_ERR_INPUT ? MG_OK : status;
  return mg_yaml_put(node, rest, set->place, value);
}

mg_status mg_config_override(mg_yaml_node *tree, const char *set, int origin,
                             mg_diagnostics *diagnostics) {
  override it = {.tree = tree, .diagnostics = diagnostics, .place = {origin, 1, 1}};
  const char *equals = strchr(set, '=');
  const size_t length = equals ? (size_t)(equals - set) : 0;
  if (length == 0 || length >= sizeof it.key) {
    mg_diagnostics_add(diagnostics, it.place, "", "not of the form KEY=VALUE");
    return MG_OK;
  }
  memcpy(it.key, set, length);
  mg_str_copy(it.shown, sizeof it.shown, it.key);
  it.value = equals + 1;
  if (it.key[0] == '.' || it.key[length - 1] == '.' || strstr(it.key, "..")) {
    mistake(&it, "an empty word in the key; write stage.key or section.key");
    return MG_OK;
  }
  char *dot = strchr(it.key, '.');
  if (mg_yaml_is_null(tree) || tree->kind != MG_YAML_MAPPING) return MG_OK;
  if (strncmp(it.key, "stages", 6) == 0 && strchr(".[", it.key[6]) && it.key[6]) {
    mistake(&it, "a stage is named by its word; write compress.rate or run[2].duration");
    return MG_OK;
  }
  if (dot) *dot = '\0';
  if (mg_param_find(mg_config_params, it.key)) {
    if (dot) *dot = '.';
    return put_value(&it, tree, it.key);
  }
  mg_status status = MG_OK;
  mg_yaml_node *params = find_start(&it, it.key, &status);
  if (!params) return status;
  if (!dot) {
    mistake(&it, "a stage, not one of its keys; write %s.key", it.key);
    return MG_OK;
  }
  return put_value(&it, params, dot + 1);
}
