#include "values.h"

#include "mgmd/base/str.h"
#include "mgmd/io/file.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN "%.60s"

static bool wrong(const mg_value *value, const mg_yaml_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool wrong(const mg_value *value, const mg_yaml_node *node, const char *format, ...) {
  char text[MG_DIAGNOSTIC_TEXT];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  mg_diagnostics_add(value->source->diagnostics, node->place, value->path, "%s", text);
  return false;
}

/* @p node must be a scalar with something in it; @p wanted says what. */
static bool need_scalar(const mg_value *value, const mg_yaml_node *node, const char *wanted) {
  if (node->kind == MG_YAML_SEQUENCE) return wrong(value, node, "a list; write %s", wanted);
  if (node->kind == MG_YAML_MAPPING) return wrong(value, node, "a map; write %s", wanted);
  if (mg_yaml_is_null(node) || node->text[0] == '\0')
    return wrong(value, node, "no value; write %s, or leave the key out", wanted);
  return true;
}

static bool need_list(const mg_value *value, const mg_yaml_node *node, const char *wanted) {
  if (node->kind == MG_YAML_SEQUENCE) return true;
  if (node->kind == MG_YAML_MAPPING) return wrong(value, node, "a map; write %s", wanted);
  return wrong(value, node, "'" SHOWN "' is not a list; write %s", node->text, wanted);
}

/* "must be above 0 K and at most 5 K" */
static bool out_of_range(const mg_value *value, const mg_yaml_node *node) {
  const mg_param *row = value->row;
  double factor = 1;
  const char *name = mg_units_name(row->dimension, &factor);
  const char *space = name[0] ? " " : "";
  char bounds[160] = "";
  if (isfinite(row->min))
    mg_str_append(bounds, sizeof bounds, "%s %.6g%s%s", row->above_min ? "above" : "at least",
                  row->min * factor, space, name);
  if (isfinite(row->max))
    mg_str_append(bounds, sizeof bounds, "%sat most %.6g%s%s", bounds[0] ? " and " : "",
                  row->max * factor, space, name);
  return wrong(value, node, "'" SHOWN "' is out of range; must be %s", node->text, bounds);
}

static bool in_range(const mg_param *row, double x) {
  if (!(row->min < row->max)) return true;
  return row->above_min ? x > row->min && x <= row->max : x >= row->min && x <= row->max;
}

static const char *number_wanted(mg_dimension dimension, char *text, size_t size) {
  if (dimension == MG_DIM_NONE) return "a number";
  if (dimension == MG_DIM_FRACTION) return "a percentage such as '8 %'";
  snprintf(text, size, "a number with one of: %s", mg_units_list(dimension));
  return text;
}

static bool read_real(const mg_value *value, const mg_yaml_node *node, double *out) {
  char wanted[120];
  if (!need_scalar(value, node, number_wanted(value->row->dimension, wanted, sizeof wanted)))
    return false;
  double x;
  if (mg_units_parse(node->text, value->row->dimension, &x) != MG_OK) {
    wrong(value, node, "%s", mg_error_text());
    mg_error_clear(); /* it has become a diagnostic */
    return false;
  }
  if (!in_range(value->row, x)) return out_of_range(value, node);
  *out = x;
  return true;
}

static bool read_int(const mg_value *value, const mg_yaml_node *node, int64_t *out) {
  if (!need_scalar(value, node, "a whole number")) return false;
  const char *text = node->text;
  char *end;
  errno = 0;
  long long n = strtoll(text, &end, 10);
  bool whole = *end == '\0' && errno == 0;
  if (!whole && strpbrk(text, ".eE") && mg_units_parse(text, MG_DIM_NONE, &(double){0}) == MG_OK) {
    const double x = strtod(text, NULL); /* "1e6" */
    whole = x == floor(x) && fabs(x) <= 0x1p53;
    if (whole) n = (long long)x;
  }
  mg_error_clear();
  if (!whole) return wrong(value, node, "'" SHOWN "' is not a whole number", text);
  if (!in_range(value->row, (double)n)) return out_of_range(value, node);
  *out = n;
  return true;
}

static bool read_triple(const mg_value *value, const mg_yaml_node *node, void *field) {
  if (!need_list(value, node, "three values, [x, y, z]")) return false;
  if (node->n != 3)
    return wrong(value, node, "a list of %d; write three values, [x, y, z]", node->n);
  double reals[3];
  int64_t ints[3];
  bool good = true;
  for (int a = 0; a < 3; a++)
    good &= value->row->kind == MG_P_REAL3 ? read_real(value, node->item[a], &reals[a])
                                           : read_int(value, node->item[a], &ints[a]);
  if (!good) return false;
  if (value->row->kind == MG_P_REAL3)
    memcpy(field, reals, sizeof reals);
  else
    memcpy(field, ints, sizeof ints);
  return true;
}

static bool read_bool(const mg_value *value, const mg_yaml_node *node, bool *out) {
  static const char *const words[2][3] = {{"false", "off", "no"}, {"true", "on", "yes"}};
  if (!need_scalar(value, node, "on or off")) return false;
  for (int k = 0; k < 6; k++) {
    if (strcmp(node->text, words[k / 3][k % 3]) != 0) continue;
    *out = k / 3;
    return true;
  }
  return wrong(value, node, "'" SHOWN "' is neither on nor off; write on or off", node->text);
}

/* The index of the scalar's word in words, or -1 with a mistake added. */
static int read_word(const mg_value *value, const mg_yaml_node *node, const char *const *words) {
  char hint[240];
  if (!need_scalar(value, node, "one word")) return -1;
  for (int k = 0; words[k]; k++)
    if (strcmp(words[k], node->text) == 0) return k;
  mg_param_suggest(node->text, words, hint, sizeof hint);
  wrong(value, node, "unknown word '" SHOWN "'; %s", node->text, hint);
  return -1;
}

static bool read_choice(const mg_value *value, const mg_yaml_node *node, const char *const *words,
                        int *out) {
  const int k = read_word(value, node, words);
  if (k >= 0) *out = k;
  return k >= 0;
}

static bool read_text(const mg_value *value, const mg_yaml_node *node, char *out) {
  if (!need_scalar(value, node, "a text")) return false;
  for (const char *p = node->text; *p; p++)
    if ((unsigned char)*p < ' ' || *p == 0x7f)
      return wrong(value, node, "a line break or control character; write one line of text");
  const mg_param_kind kind = value->row->kind;
  const bool file = kind == MG_P_FILE || (kind == MG_P_NAME_OR_FILE && strpbrk(node->text, "/."));
  char text[MG_PATH] = ""; /* no stray bytes behind the end */
  const bool fits = file ? mg_path_beside(value->source->input_path, node->text, text, MG_PATH)
                         : mg_str_copy(text, MG_PATH, node->text);
  if (!fits) return wrong(value, node, "longer than %d bytes", MG_PATH - 1);
  memcpy(out, text, sizeof text);
  return true;
}

static bool read_names(const mg_value *value, const mg_yaml_node *node, mg_names *out) {
  enum { MOST = sizeof out->name / sizeof *out->name, LONGEST = sizeof out->name[0] };
  const bool single = node->kind == MG_YAML_SCALAR;
  if (node->kind == MG_YAML_MAPPING) return wrong(value, node, "a map; write a list of words");
  mg_names names = {.n = single ? 1 : node->n};
  if (names.n < 1) return wrong(value, node, "an empty list; write at least one word");
  if (names.n > MOST) return wrong(value, node, "a list of %d; at most %d", names.n, MOST);
  for (int k = 0; k < names.n; k++) {
    const mg_yaml_node *item = single ? node : node->item[k];
    if (!need_scalar(value, item, "a word")) return false;
    if (value->row->choices && read_word(value, item, value->row->choices) < 0) return false;
    if (!mg_str_copy(names.name[k], LONGEST, item->text))
      return wrong(value, item, "'" SHOWN "' is longer than %d bytes", item->text, LONGEST - 1);
    for (int j = 0; j < k; j++)
      if (strcmp(names.name[j], names.name[k]) == 0)
        return wrong(value, item, "'%s' twice; name it once", names.name[k]);
  }
  *out = names;
  return true;
}

/* A value that may be written {from: .., to: ..}. */
static bool read_ramp(const mg_value *value, const mg_yaml_node *node, mg_ramp *out) {
  mg_ramp ramp;
  if (node->kind == MG_YAML_MAPPING) {
    const mg_yaml_node *from = mg_yaml_get(node, "from"), *to = mg_yaml_get(node, "to");
    if (!from || !to || node->n != 2)
      return wrong(value, node, "a map other than {from: .., to: ..}; write both and nothing else");
    const bool first = read_real(value, from, &ramp.from), second = read_real(value, to, &ramp.to);
    if (!first || !second) return false;
  } else {
    if (!read_real(value, node, &ramp.from)) return false;
    ramp.to = ramp.from;
  }
  *out = ramp;
  return true;
}

static bool read_axis_ramp(const mg_value *value, const mg_yaml_node *node, mg_axis_ramp *out) {
  static const char *const axes[] = {"x", "y", "z", NULL};
  mg_axis_ramp ramp = {.given = true};
  if (node->kind == MG_YAML_MAPPING && !mg_yaml_get(node, "from") && !mg_yaml_get(node, "to")) {
    if (node->n == 0) return wrong(value, node, "an empty map; name at least one axis, {x: ..}");
    for (int a = 0; a < 3; a++) ramp.value[a] = (mg_ramp){NAN, NAN};
    for (int k = 0; k < node->n; k++) {
      int a;
      if (!read_choice(value, node->key[k], axes, &a)) return false;
      mg_value inner = *value;
      mg_str_append(inner.path, sizeof inner.path, ".%s", axes[a]);
      if (!read_ramp(&inner, node->item[k], &ramp.value[a])) return false;
      ramp.on[a] = true;
    }
  } else {
    if (!read_ramp(value, node, &ramp.value[0])) return false;
    ramp.coupled = true;
    for (int a = 0; a < 3; a++) ramp.on[a] = true, ramp.value[a] = ramp.value[0];
  }
  *out = ramp;
  return true;
}

static bool is_symbol(const char *text) {
  const size_t n = strlen(text);
  if (n < 1 || n >= MG_SYMBOL || text[0] < 'A' || text[0] > 'Z') return false;
  for (size_t k = 1; k < n; k++)
    if (text[k] < 'a' || text[k] > 'z') return false;
  return true;
}

static bool read_composition(const mg_value *value, const mg_yaml_node *node, mg_composition *out) {
  static const char *const wanted = "the share of each element, {Cu: 64, Zr: 36}";
  if (node->kind != MG_YAML_MAPPING)
    return wrong(value, node, "%s; write %s",
                 node->kind == MG_YAML_SCALAR ? "a single value" : "a list", wanted);
  if (node->n < 1 || node->n > MG_MAX_SPECIES)
    return wrong(value, node, "%d elements; write 1 to %d, such as {Cu: 64, Zr: 36}", node->n,
                 MG_MAX_SPECIES);
  mg_composition made = {.n = node->n};
  double sum = 0;
  for (int k = 0; k < node->n; k++) {
    const mg_yaml_node *key = node->key[k], *item = node->item[k];
    if (!is_symbol(key->text))
      return wrong(value, key, "'" SHOWN "' is not an element; write %s", key->text, wanted);
    mg_str_copy(made.symbol[k], MG_SYMBOL, key->text);
    mg_value inner = *value;
    mg_str_append(inner.path, sizeof inner.path, ".%s", key->text);
    if (!read_real(&inner, item, &made.fraction[k])) return false;
    if (!(made.fraction[k] > 0 && made.fraction[k] <= 1e9))
      return wrong(&inner, item, "'" SHOWN "' is out of range; must be above 0", item->text);
    sum += made.fraction[k];
  }
  for (int k = 0; k < made.n; k++) made.fraction[k] /= sum;
  *out = made;
  return true;
}

bool mg_value_read(const mg_value *value, const mg_yaml_node *node, void *field) {
  static const char *const axes[] = {"x", "y", "z", NULL};
  switch (value->row->kind) {
  case MG_P_REAL: return read_real(value, node, field);
  case MG_P_INT: return read_int(value, node, field);
  case MG_P_REAL3:
  case MG_P_INT3: return read_triple(value, node, field);
  case MG_P_BOOL: return read_bool(value, node, field);
  case MG_P_CHOICE: return read_choice(value, node, value->row->choices, field);
  case MG_P_TEXT:
  case MG_P_FILE:
  case MG_P_NAME_OR_FILE: return read_text(value, node, field);
  case MG_P_NAMES: return read_names(value, node, field);
  case MG_P_RAMP: return read_ramp(value, node, field);
  case MG_P_AXIS_RAMP: return read_axis_ramp(value, node, field);
  case MG_P_COMPOSITION: return read_composition(value, node, field);
  case MG_P_AXIS: return read_choice(value, node, axes, field);
  case MG_P_TABLE:
  case MG_P_LIST: break;
  }
  return true;
}

void mg_value_set_absent(mg_param_kind kind, void *field) {
  switch (kind) {
  case MG_P_REAL: *(double *)field = NAN; break;
  case MG_P_REAL3:
    for (int a = 0; a < 3; a++) ((double *)field)[a] = NAN;
    break;
  case MG_P_INT: *(int64_t *)field = INT64_MIN; break;
  case MG_P_INT3:
    for (int a = 0; a < 3; a++) ((int64_t *)field)[a] = INT64_MIN;
    break;
  case MG_P_BOOL: *(bool *)field = false; break;
  case MG_P_CHOICE:
  case MG_P_AXIS: *(int *)field = -1; break;
  case MG_P_TEXT:
  case MG_P_FILE:
  case MG_P_NAME_OR_FILE: ((char *)field)[0] = '\0'; break;
  case MG_P_NAMES: ((mg_names *)field)->n = 0; break;
  case MG_P_RAMP: *(mg_ramp *)field = (mg_ramp){NAN, NAN}; break;
  case MG_P_AXIS_RAMP:
    *(mg_axis_ramp *)field = (mg_axis_ramp){.value = {{NAN, NAN}, {NAN, NAN}, {NAN, NAN}}};
    break;
  case MG_P_COMPOSITION: ((mg_composition *)field)->n = 0; break;
  case MG_P_TABLE:
  case MG_P_LIST: break;
  }
}
