#include "mgmd/base/param.h"

#include <math.h>
#include <string.h>

const mg_param *mg_param_find(const mg_param *table, const char *name) {
  for (const mg_param *row = table; row->name; row++)
    if (strcmp(row->name, name) == 0) return row;
  return NULL;
}

/* An absent value equals an absent one. */
static bool same_reals(const double *a, const double *b, int n) {
  for (int k = 0; k < n; k++)
    if (!(a[k] == b[k] || (isnan(a[k]) && isnan(b[k])))) return false;
  return true;
}

static bool same_ramp(const mg_ramp *a, const mg_ramp *b) {
  return same_reals(&a->from, &b->from, 1) && same_reals(&a->to, &b->to, 1);
}

static bool same_axis_ramp(const mg_axis_ramp *a, const mg_axis_ramp *b) {
  if (a->given != b->given) return false;
  if (!a->given) return true;
  if (a->coupled != b->coupled) return false;
  for (int k = 0; k < 3; k++) {
    if (a->on[k] != b->on[k]) return false;
    if (a->on[k] && !same_ramp(&a->value[k], &b->value[k])) return false;
  }
  return true;
}

static bool same_composition(const mg_composition *a, const mg_composition *b) {
  if (a->n != b->n) return false;
  for (int k = 0; k < a->n; k++)
    if (strcmp(a->symbol[k], b->symbol[k]) != 0) return false;
  return same_reals(a->fraction, b->fraction, a->n);
}

static bool same_names(const mg_names *a, const mg_names *b) {
  if (a->n != b->n) return false;
  for (int k = 0; k < a->n; k++)
    if (strcmp(a->name[k], b->name[k]) != 0) return false;
  return true;
}

/* Files may have been moved together with the input. */
static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

bool mg_param_same(const mg_param *row, const void *a, const void *b) {
  const void *x = (const char *)a + row->offset, *y = (const char *)b + row->offset;
  switch (row->kind) {
  case MG_P_REAL: return same_reals(x, y, 1);
  case MG_P_REAL3: return same_reals(x, y, 3);
  case MG_P_INT: return memcmp(x, y, sizeof(int64_t)) == 0;
  case MG_P_INT3: return memcmp(x, y, 3 * sizeof(int64_t)) == 0;
  case MG_P_BOOL: return *(const bool *)x == *(const bool *)y;
  case MG_P_CHOICE:
  case MG_P_AXIS: return *(const int *)x == *(const int *)y;
  case MG_P_TEXT: return strcmp(x, y) == 0;
  case MG_P_NAMES: return same_names(x, y);
  case MG_P_RAMP: return same_ramp(x, y);
  case MG_P_AXIS_RAMP: return same_axis_ramp(x, y);
  case MG_P_COMPOSITION: return same_composition(x, y);
  case MG_P_TABLE:
    for (const mg_param *inner = row->table; inner->name; inner++)
      if (!mg_param_same(inner, a, b)) return false;
    return true;
  case MG_P_FILE: return strcmp(last_part(x), last_part(y)) == 0;
  case MG_P_NAME_OR_FILE:
  case MG_P_LIST: return true;
  }
  return true;
}
