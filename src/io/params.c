#include "mgmd/io/params.h"

#include "values.h"

#include "mgmd/base/str.h"
#include "mgmd/io/file.h"

#include <stdio.h>
#include <string.h>

void mg_param_names(const mg_param *table, const char *names[MG_PARAM_ROWS]) {
  int n = 0;
  for (const mg_param *row = table; row->name && n < MG_PARAM_ROWS - 1; row++)
    names[n++] = row->name;
  names[n] = NULL;
}

void mg_param_suggest(const char *word, const char *const *words, char *text, size_t size) {
  int n = 0;
  while (words[n]) n++;
  const char *nearest = mg_str_nearest(word, words, n);
  if (nearest) {
    snprintf(text, size, "did you mean '%s'?", nearest);
    return;
  }
  snprintf(text, size, n > 0 ? "valid: " : "none is valid here");
  for (int k = 0; k < n; k++) mg_str_append(text, size, "%s%s", k ? ", " : "", words[k]);
}

static void make_path(char *path, const char *table, const char *key) {
  snprintf(path, MG_KEY_PATH, "%s%s%s", table, table[0] ? "." : "", key);
}

static void *field_of(const mg_param *row, void *config) { return (char *)config + row->offset; }

/* A default is read like a value, from its text in the table. */
static void read_default(const mg_value *value, void *field) {
  mg_yaml_node *node;
  mg_diagnostics *diagnostics = value->source->diagnostics;
  const char *text = value->row->fallback;
  if (mg_yaml_parse(text, strlen(text), 0, diagnostics, &node) == MG_ERR_MEMORY)
    diagnostics->status = MG_ERR_MEMORY;
  if (node) mg_value_read(value, node, field);
  mg_yaml_destroy(&node);
}

static void parse_section(const mg_value *value, void *config) {
  const mg_param_source *outer = value->source;
  mg_param_source inner = *outer;
  const mg_yaml_node *key = mg_yaml_key(outer->node, value->row->name);
  inner.node = mg_yaml_get(outer->node, value->row->name);
  inner.path = value->path;
  if (key) inner.place = key->place;
  mg_param_parse(value->row->table, &inner, config);
}

static const char *nearest_row(const char *word, const mg_param *table) {
  const char *names[MG_PARAM_ROWS];
  mg_param_names(table, names);
  int n = 0;
  while (names[n]) n++;
  return mg_str_nearest(word, names, n);
}

/* A missing key that stands there misspelt is one mistake, told as an unknown key. */
static bool is_misspelt(const mg_param *row, const mg_param *table, const mg_yaml_node *node) {
  for (int k = 0; node && k < node->n; k++) {
    const char *word = node->key[k]->text;
    if (mg_param_find(table, word)) continue;
    const char *nearest = nearest_row(word, table);
    if (nearest && strcmp(nearest, row->name) == 0) return true;
  }
  return false;
}

static void parse_row(const mg_param *table, const mg_param *row, const mg_param_source *source,
                      void *config) {
  mg_value value = {.row = row, .source = source};
  make_path(value.path, source->path, row->name);
  void *field = field_of(row, config);
  mg_value_set_absent(row->kind, field);
  const mg_yaml_node *node = mg_yaml_get(source->node, row->name);
  if (!node && row->required) {
    if (!is_misspelt(row, table, source->node))
      mg_diagnostics_add(source->diagnostics, source->place, value.path, "missing; required: %s",
                         row->doc);
  } else if (row->kind == MG_P_TABLE)
    parse_section(&value, config);
  else if (node)
    mg_value_read(&value, node, field);
  else if (row->fallback)
    read_default(&value, field);
}

static void check_keys(const mg_param *table, const mg_param_source *source) {
  const char *names[MG_PARAM_ROWS];
  mg_param_names(table, names);
  for (int k = 0; k < source->node->n; k++) {
    const mg_yaml_node *key = source->node->key[k];
    if (mg_param_find(table, key->text) || key->first_line) continue;
    char hint[240], path[MG_KEY_PATH], word[61];
    mg_str_copy(word, sizeof word, key->text);
    mg_param_suggest(word, names, hint, sizeof hint);
    make_path(path, source->path, word);
    mg_diagnostics_add(source->diagnostics, key->place, path, "unknown key '%s'; %s", word, hint);
  }
}

bool mg_param_parse(const mg_param *table, const mg_param_source *source, void *config) {
  const int64_t before = source->diagnostics->total;
  const mg_yaml_node *node = source->node;
  const bool mapping = node && node->kind == MG_YAML_MAPPING;
  if (!mapping && !mg_yaml_is_null(node))
    mg_diagnostics_add(source->diagnostics, node->place, source->path,
                       "%s%.60s%s instead of parameters; write {key: value, ..}",
                       node->text ? "'" : "a list", node->text ? node->text : "",
                       node->text ? "'" : "");
  mg_param_source inner = *source;
  if (!mapping) inner.node = NULL;
  const bool broken = source->diagnostics->total > before;
  for (const mg_param *row = table; row->name; row++) {
    if (broken)
      mg_value_set_absent(row->kind, field_of(row, config));
    else
      parse_row(table, row, &inner, config);
  }
  if (mapping) check_keys(table, source);
  return source->diagnostics->total == before;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Words that mean the same without quotes, also inside [..] and {..}. */
static bool is_plain(const char *text) {
  static const char *const safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+^%- ";
  const size_t n = strlen(text);
  if (n == 0 || strspn(text, safe) != n || text[n - 1] == ' ' || strcmp(text, "null") == 0)
    return false;
  if (strchr("%^ ", text[0])) return false;
  return text[0] != '-' || (n > 1 && strchr(".0123456789", text[1]));
}

static void write_scalar(mg_text *text, const char *value) {
  if (is_plain(value)) {
    mg_text_append(text, "%s", value);
    return;
  }
  mg_text_append(text, "\"");
  for (const char *p = value; *p; p++) {
    const unsigned char c = (unsigned char)*p;
    if (c == '"' || c == '\\')
      mg_text_append(text, "\\%c", c);
    else if (c < ' ' || c == 0x7f)
      mg_text_append(text, "\\x%02X", c);
    /* the line breaks of Unicode, which YAML would fold: U+0085, U+2028, U+2029 */
    else if (c == 0xC2 && (unsigned char)p[1] == 0x85)
      mg_text_append(text, "\\N"), p++;
    else if (strncmp(p, "\xE2\x80\xA8", 3) == 0)
      mg_text_append(text, "\\L"), p += 2;
    else if (strncmp(p, "\xE2\x80\xA9", 3) == 0)
      mg_text_append(text, "\\P"), p += 2;
    else
      mg_text_append_bytes(text, p, 1);
  }
  mg_text_append(text, "\"");
}

static void write_node(mg_text *text, const mg_yaml_node *node) {
  if (node->kind == MG_YAML_SCALAR) {
    write_scalar(text, node->text);
    return;
  }
  const bool mapping = node->kind == MG_YAML_MAPPING;
  mg_text_append(text, mapping ? "{" : "[");
  for (int k = 0; k < node->n; k++) {
    if (k) mg_text_append(text, ", ");
    if (mapping) {
      write_scalar(text, node->key[k]->text);
      mg_text_append(text, ": ");
    }
    write_node(text, node->item[k]);
  }
  mg_text_append(text, mapping ? "}" : "]");
}

/* An absolute path, so that the text means the same wherever it is stored. */
static void write_path(mg_text *text, const mg_yaml_node *node, const char *input_path,
                       const char *directory) {
  char seen[MG_PATH], absolute[2 * MG_PATH];
  mg_path_beside(input_path, node->text, seen, sizeof seen);
  snprintf(absolute, sizeof absolute, "%s%s%s", seen[0] == '/' ? "" : directory,
           seen[0] == '/' ? "" : "/", seen);
  write_scalar(text, absolute);
}

static bool has_content(const mg_param *table, const mg_yaml_node *node) {
  for (const mg_param *row = table; row->name; row++)
    if (row->fallback || mg_yaml_get(node, row->name)) return true;
  return false;
}

void mg_param_write(mg_text *text, const mg_param *table, const mg_yaml_node *node, int indent,
                    const char *input_path, const char *directory) {
  for (const mg_param *row = table; row->name; row++) {
    const mg_yaml_node *value = mg_yaml_get(node, row->name);
    if (row->kind == MG_P_LIST) continue;
    if (row->kind == MG_P_TABLE) {
      if (!has_content(row->table, value)) continue;
      mg_text_append(text, "%*s%s:\n", indent, "", row->name);
      mg_param_write(text, row->table, value, indent + 2, input_path, directory);
      continue;
    }
    if (!value && !row->fallback) continue;
    mg_text_append(text, "%*s%s: ", indent, "", row->name);
    const bool file = row->kind == MG_P_FILE ||
                      (row->kind == MG_P_NAME_OR_FILE && value && strpbrk(value->text, "/."));
    if (!value)
      mg_text_append(text, "%s", row->fallback);
    else if (file)
      write_path(text, value, input_path, directory);
    else
      write_node(text, value);
    mg_text_append(text, "\n");
  }
}
