/* libyaml's events are turned into a tree by recursive descent, bounded in depth, nodes and bytes.
 * The document API of libyaml is not used: it resolves aliases and tags, which are refused here,
 * and forgets repeated keys. */
#include "mgmd/io/yaml.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

typedef struct reader {
  yaml_parser_t parser;
  const char *text;
  int origin;
  int depth, nodes;
  mg_diagnostics *diagnostics;
} reader;

mg_yaml_node *mg_yaml_new(mg_yaml_kind kind, mg_place place) {
  mg_yaml_node *node;
  if (MG_NEW(node, 1) != MG_OK) return NULL;
  node->kind = kind;
  node->place = place;
  if (kind == MG_YAML_SCALAR && MG_NEW(node->text, 1) != MG_OK) MG_DELETE(node);
  return node;
}

void mg_yaml_destroy(mg_yaml_node **node) {
  mg_yaml_node *old = *node;
  if (!old) return;
  for (int k = 0; k < old->n; k++) {
    if (old->key) mg_yaml_destroy(&old->key[k]);
    mg_yaml_destroy(&old->item[k]);
  }
  mg_free(old->key);
  mg_free(old->item);
  mg_free(old->text);
  mg_free(old);
  *node = NULL;
}

static mg_yaml_node *new_scalar(const char *text, size_t length, mg_place place) {
  mg_yaml_node *node = mg_yaml_new(MG_YAML_SCALAR, place);
  if (!node) return NULL;
  char *copy = mg_realloc(node->text, length + 1, 1);
  if (!copy) {
    mg_yaml_destroy(&node);
    return NULL;
  }
  memcpy(copy, text, length);
  copy[length] = '\0';
  node->text = copy;
  return node;
}

mg_yaml_node *mg_yaml_new_scalar(const char *text, mg_place place) {
  return new_scalar(text, strlen(text), place);
}

/* Appends an entry; takes key and item, also on failure. */
static mg_status append(mg_yaml_node *node, mg_yaml_node *key, mg_yaml_node *item) {
  if (node->n == node->capacity) {
    const int capacity = node->capacity ? 2 * node->capacity : 4;
    mg_yaml_node **items = mg_realloc(node->item, (size_t)capacity, sizeof *items);
    if (items) node->item = items;
    mg_yaml_node **keys = NULL;
    if (items && key) keys = mg_realloc(node->key, (size_t)capacity, sizeof *keys);
    if (keys) node->key = keys;
    if (!items || (key && !keys)) {
      mg_yaml_destroy(&key);
      mg_yaml_destroy(&item);
      return MG_ERR_MEMORY;
    }
    node->capacity = capacity;
  }
  if (key) node->key[node->n] = key;
  node->item[node->n++] = item;
  return MG_OK;
}

static mg_place place_of(const reader *in, yaml_mark_t mark) {
  return (mg_place){in->origin, (int)mark.line + 1, (int)mark.column + 1};
}

static mg_status refuse(reader *in, mg_place place, const char *text) {
  mg_diagnostics_add(in->diagnostics, place, "syntax", "%s", text);
  return MG_ERR_INPUT;
}

/* A byte of the text as a place; columns count characters. */
static mg_place place_of_byte(const reader *in, size_t offset) {
  mg_place place = {in->origin, 1, 1};
  for (size_t k = 0; k < offset; k++) {
    if (in->text[k] == '\n')
      place.line++, place.column = 1;
    else if (((unsigned char)in->text[k] & 0xC0) != 0x80)
      place.column++;
  }
  return place;
}

/* libyaml's problem in one line, placed where a person would look. */
static mg_status tell_problem(reader *in) {
  const yaml_parser_t *p = &in->parser;
  const char *problem = p->problem ? p->problem : "not yaml";
  char text[240];
  if (p->error == YAML_READER_ERROR) {
    snprintf(text, sizeof text, "%s; the input must be UTF-8 text", problem);
    return refuse(in, place_of_byte(in, p->problem_offset), text);
  }
  snprintf(text, sizeof text, "%s", problem);
  if (p->context) mg_str_append(text, sizeof text, " (%s", p->context);
  if (p->context && p->context_mark.line != p->problem_mark.line)
    mg_str_append(text, sizeof text, " that begins on line %zu", p->context_mark.line + 1);
  if (p->context) mg_str_append(text, sizeof text, ")");
  /* what never ends is mended where it begins */
  const bool unfinished = p->context && strstr(problem, "end of stream");
  return refuse(in, place_of(in, unfinished ? p->context_mark : p->problem_mark), text);
}

/* The next event, which the caller deletes. */
static mg_status next_event(reader *in, yaml_event_t *event) {
  if (yaml_parser_parse(&in->parser, event)) return MG_OK;
  if (in->parser.error == YAML_MEMORY_ERROR)
    return mg_fail(MG_ERR_MEMORY, "out of memory: reading yaml");
  return tell_problem(in);
}

static mg_status read_node(reader *in, const yaml_event_t *event, mg_yaml_node **node);

static mg_status read_scalar(reader *in, const yaml_event_t *event, mg_yaml_node **node) {
  const char *value = (const char *)event->data.scalar.value;
  const size_t length = event->data.scalar.length;
  const mg_place place = place_of(in, event->start_mark);
  if (event->data.scalar.tag) return refuse(in, place, "a tag ('!...'); write plain values");
  if (memchr(value, '\0', length)) return refuse(in, place, "a NUL character in a value");
  *node = new_scalar(value, length, place);
  if (!*node) return MG_ERR_MEMORY;
  (*node)->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
  return MG_OK;
}

static mg_status read_entry(reader *in, const yaml_event_t *first, mg_yaml_node *mapping) {
  mg_yaml_node *key = NULL, *item = NULL;
  const mg_place place = place_of(in, first->start_mark);
  if (first->type != YAML_SCALAR_EVENT) return refuse(in, place, "a key that is not a word");
  if (mapping->n >= MG_YAML_KEYS) return refuse(in, place, "too many keys in one map");
  MG_TRY(read_node(in, first, &key));
  for (int k = mapping->n - 1; k >= 0; k--)
    if (strcmp(mapping->key[k]->text, key->text) == 0)
      key->first_line = mapping->key[k]->place.line;
  yaml_event_t event;
  mg_status status = next_event(in, &event);
  if (status == MG_OK) {
    status = read_node(in, &event, &item);
    yaml_event_delete(&event);
  }
  if (status != MG_OK) {
    mg_yaml_destroy(&key);
    return status;
  }
  return append(mapping, key, item);
}

static mg_status read_item(reader *in, const yaml_event_t *first, mg_yaml_node *sequence) {
  mg_yaml_node *item = NULL;
  MG_TRY(read_node(in, first, &item));
  return append(sequence, NULL, item);
}

/* A mapping or sequence whose start event was read. */
static mg_status read_collection(reader *in, const yaml_event_t *start, mg_yaml_node **node) {
  const bool mapping = start->type == YAML_MAPPING_START_EVENT;
  const yaml_event_type_t end = mapping ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
  const mg_place place = place_of(in, start->start_mark);
  const bool tagged = mapping ? start->data.mapping_start.tag : start->data.sequence_start.tag;
  if (tagged) return refuse(in, place, "a tag ('!...'); write plain values");
  if (++in->depth > MG_YAML_DEPTH) return refuse(in, place, "nested too deeply");
  *node = mg_yaml_new(mapping ? MG_YAML_MAPPING : MG_YAML_SEQUENCE, place);
  if (!*node) return MG_ERR_MEMORY;
  mg_status status = MG_OK;
  bool done = false;
  while (status == MG_OK && !done) {
    yaml_event_t event;
    status = next_event(in, &event);
    if (status != MG_OK) break;
    done = event.type == end;
    if (!done) status = mapping ? read_entry(in, &event, *node) : read_item(in, &event, *node);
    yaml_event_delete(&event);
  }
  in->depth--;
  if (status != MG_OK) mg_yaml_destroy(node);
  return status;
}

static bool has_anchor(const yaml_event_t *event) {
  switch (event->type) {
  case YAML_SCALAR_EVENT: return event->data.scalar.anchor;
  case YAML_SEQUENCE_START_EVENT: return event->data.sequence_start.anchor;
  case YAML_MAPPING_START_EVENT: return event->data.mapping_start.anchor;
  default: return false;
  }
}

static mg_status read_node(reader *in, const yaml_event_t *event, mg_yaml_node **node) {
  const mg_place place = place_of(in, event->start_mark);
  if (event->type == YAML_ALIAS_EVENT || has_anchor(event))
    return refuse(in, place,
                  "an anchor or alias ('&...', '*...'); write the values out, or quote "
                  "the text");
  if (++in->nodes > MG_YAML_NODES) return refuse(in, place, "too many values");
  if (event->type == YAML_SCALAR_EVENT) return read_scalar(in, event, node);
  return read_collection(in, event, node);
}

static mg_status read_document(reader *in, const yaml_event_t *start, mg_yaml_node **root) {
  const bool tags = start->data.document_start.tag_directives.start !=
                    start->data.document_start.tag_directives.end;
  if (start->data.document_start.version_directive || tags)
    return refuse(in, place_of(in, start->start_mark), "a directive ('%...'); leave it out");
  yaml_event_t event;
  MG_TRY(next_event(in, &event));
  mg_status status = read_node(in, &event, root);
  yaml_event_delete(&event);
  if (status != MG_OK) return status;
  MG_TRY(next_event(in, &event)); /* the end of the document */
  yaml_event_delete(&event);
  MG_TRY(next_event(in, &event));
  if (event.type != YAML_STREAM_END_EVENT)
    status = refuse(in, place_of(in, event.start_mark), "a second document; write only one");
  yaml_event_delete(&event);
  return status;
}

static mg_status read_stream(reader *in, mg_yaml_node **root) {
  yaml_event_t event;
  MG_TRY(next_event(in, &event)); /* the start of the stream */
  yaml_event_delete(&event);
  MG_TRY(next_event(in, &event));
  mg_status status = MG_OK;
  if (event.type == YAML_STREAM_END_EVENT) {
    *root = mg_yaml_new_scalar("", (mg_place){in->origin, 1, 1});
    if (!*root) status = MG_ERR_MEMORY;
  } else {
    status = read_document(in, &event, root);
  }
  yaml_event_delete(&event);
  return status;
}

mg_status mg_yaml_parse(const char *text, size_t length, int origin, mg_diagnostics *diagnostics,
                        mg_yaml_node **root) {
  reader in = {.text = text, .origin = origin, .diagnostics = diagnostics};
  *root = NULL;
  if (length > MG_YAML_BYTES)
    return refuse(&in, (mg_place){origin, 1, 1}, "larger than 1 MiB; not an input of this program");
  if (!yaml_parser_initialize(&in.parser))
    return mg_fail(MG_ERR_MEMORY, "out of memory: reading yaml");
  /* libyaml takes a byte order mark in front of a key for content */
  const size_t mark = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  yaml_parser_set_encoding(&in.parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&in.parser, (const unsigned char *)text + mark, length - mark);
  const mg_status status = read_stream(&in, root);
  yaml_parser_delete(&in.parser);
  if (status != MG_OK) mg_yaml_destroy(root);
  return status;
}

bool mg_yaml_is_null(const mg_yaml_node *node) {
  if (!node) return true;
  if (node->kind != MG_YAML_SCALAR || node->quoted) return false;
  return node->text[0] == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0;
}

static int index_of(const mg_yaml_node *node, const char *name, size_t length) {
  if (!node || node->kind != MG_YAML_MAPPING) return -1;
  for (int k = 0; k < node->n; k++) {
    const char *key = node->key[k]->text;
    if (strlen(key) == length && memcmp(key, name, length) == 0) return k;
  }
  return -1;
}

mg_yaml_node *mg_yaml_get(const mg_yaml_node *node, const char *name) {
  const int k = index_of(node, name, strlen(name));
  return k < 0 ? NULL : node->item[k];
}

mg_yaml_node *mg_yaml_key(const mg_yaml_node *node, const char *name) {
  const int k = index_of(node, name, strlen(name));
  return k < 0 ? NULL : node->key[k];
}

mg_yaml_node *mg_yaml_at(const mg_yaml_node *node, const char *path) {
  mg_yaml_node *found = NULL;
  for (;;) {
    const size_t length = strcspn(path, ".");
    const int k = index_of(node, path, length);
    if (k < 0) return NULL;
    node = found = node->item[k];
    if (path[length] == '\0') return found;
    path += length + 1;
  }
}

mg_status mg_yaml_put(mg_yaml_node *mapping, const char *name, mg_place place,
                      mg_yaml_node *value) {
  const int k = index_of(mapping, name, strlen(name));
  if (k >= 0) {
    mg_yaml_destroy(&mapping->item[k]);
    mapping->item[k] = value;
    return MG_OK;
  }
  mg_yaml_node *key = mg_yaml_new_scalar(name, place);
  if (!key) {
    mg_yaml_destroy(&value);
    return MG_ERR_MEMORY;
  }
  return append(mapping, key, value);
}
