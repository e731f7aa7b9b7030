#include "mgmd/base/record.h"

#include "mgmd/base/mem.h"

#include <limits.h>
#include <string.h>

static const mg_vector *vector_of(const mg_record *row, const void *base) {
  return (const void *)((const char *)base + row->offset);
}

int64_t mg_record_count(const mg_record *row, const void *base) {
  return row->kind == MG_RECORD_VECTOR ? vector_of(row, base)->n : row->count;
}

bool mg_record_is_real(const mg_record *row) {
  return row->kind == MG_RECORD_REAL || row->kind == MG_RECORD_VECTOR;
}

void mg_record_get(const mg_record *row, const void *base, void *values) {
  const char *from = (const char *)base + row->offset;
  int64_t *whole = values;
  switch (row->kind) {
  case MG_RECORD_BOOL:
    for (int k = 0; k < row->count; k++) whole[k] = ((const bool *)(const void *)from)[k];
    return;
  case MG_RECORD_INT:
    for (int k = 0; k < row->count; k++) whole[k] = ((const int *)(const void *)from)[k];
    return;
  case MG_RECORD_INT64:
  case MG_RECORD_REAL: memcpy(values, from, (size_t)row->count * 8); return;
  case MG_RECORD_VECTOR:
    if (vector_of(row, base)->n)
      memcpy(values, vector_of(row, base)->value, (size_t)vector_of(row, base)->n * 8);
    return;
  }
}

static mg_status set_vector(mg_vector *vector, int64_t n, const void *values) {
  MG_DELETE(vector->value);
  vector->n = 0;
  MG_TRY(MG_NEW(vector->value, n));
  if (n) memcpy(vector->value, values, (size_t)n * sizeof *vector->value);
  vector->n = n;
  return MG_OK;
}

static mg_status check_limits(const mg_record *row, int64_t n, const void *values) {
  if (!(row->least < row->most)) return MG_OK;
  for (int64_t k = 0; k < n; k++) {
    const double value = mg_record_is_real(row) ? ((const double *)values)[k]
                                                : (double)((const int64_t *)values)[k];
    MG_REQUIRE(value >= row->least && value <= row->most, MG_ERR_INPUT,
               "%s: %g is none of its values; valid: %g to %g", row->name, value, row->least,
               row->most);
  }
  return MG_OK;
}

mg_status mg_record_set(const mg_record *row, void *base, int64_t n, const void *values) {
  char *to = (char *)base + row->offset;
  const int64_t *whole = values;
  MG_TRY(check_limits(row, n, values));
  if (row->kind == MG_RECORD_VECTOR) return set_vector((void *)to, n, values);
  MG_REQUIRE(n == row->count, MG_ERR_INPUT, "%s: %lld values, %d are needed", row->name,
             (long long)n, row->count);
  const bool is_bool = row->kind == MG_RECORD_BOOL, is_int = row->kind == MG_RECORD_INT;
  for (int k = 0; k < row->count && (is_bool || is_int); k++) {
    const bool fits = is_bool ? whole[k] == 0 || whole[k] == 1
                              : whole[k] >= INT_MIN && whole[k] <= INT_MAX;
    MG_REQUIRE(fits, MG_ERR_INPUT, "%s: %lld is out of range", row->name, (long long)whole[k]);
  }
  for (int k = 0; k < row->count && (is_bool || is_int); k++) {
    if (is_bool)
      ((bool *)to)[k] = whole[k] != 0;
    else
      ((int *)(void *)to)[k] = (int)whole[k];
  }
  if (!is_bool && !is_int) memcpy(to, values, (size_t)row->count * 8);
  return MG_OK;
}

void mg_records_clear(const mg_record *table, void *base) {
  for (const mg_record *row = table; row && row->name; row++)
    if (row->kind == MG_RECORD_VECTOR) {
      mg_vector *vector = (void *)((char *)base + row->offset);
      MG_DELETE(vector->value);
      vector->n = 0;
    }
}
