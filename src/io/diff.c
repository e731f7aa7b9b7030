/* Comparing HDF5 files: the two sorted lists of datasets are walked side by side. Numbers are
 * widened to 8 bytes, which changes no value, and compared as bits, so that NaN equals itself and
 * -0 differs from 0.
 */
#include "mgmd/io/diff.h"

#include "mgmd/base/mem.h"
#include "mgmd/io/file.h"
#include "diff_text.h"
#include "h5_numbers.h"
#include "snapshot_impl.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

typedef struct comparison {
  FILE *out;
  mg_h5 *a, *b;
  int64_t n_equal, n_different;
} comparison;

static void say(const comparison *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(const comparison *c, const char *format, ...) {
  if (!c->out) return;
  va_list args;
  va_start(args, format);
  vfprintf(c->out, format, args);
  va_end(args);
}

static void say_shape(const comparison *c, const mg_h5_shape *shape) {
  static const char *const kind[] = {"int", "float", "enum", "text", "other"};
  say(c, "%s%lld", kind[shape->type], 8 * (long long)shape->size);
  for (int k = 0; k < shape->rank && k < MG_H5_RANK; k++)
    say(c, "[%lld]", (long long)shape->dims[k]);
}

static bool same_shape(const mg_h5_shape *a, const mg_h5_shape *b) {
  bool same = a->type == b->type && a->size == b->size && a->rank == b->rank;
  for (int k = 0; same && k < a->rank && k < MG_H5_RANK; k++) same = a->dims[k] == b->dims[k];
  return same && a->count == b->count;
}

typedef struct tally {
  int64_t different;
  double most; /* largest absolute difference; NaN when one cannot be told */
} tally;

static void count(tally *t, mg_ctype wide, int64_t n, const uint64_t *a, const uint64_t *b) {
  for (int64_t k = 0; k < n; k++) {
    if (a[k] == b[k]) continue;
    double x = (double)(int64_t)a[k], y = (double)(int64_t)b[k];
    if (wide == MG_FLOAT64) {
      memcpy(&x, &a[k], sizeof x);
      memcpy(&y, &b[k], sizeof y);
    }
    const double gap = fabs(x - y);
    t->different++;
    if (gap > t->most || isnan(gap)) t->most = gap;
  }
}

static mg_status count_all(comparison *c, const char *path, const mg_h5_shape *shape, tally *t) {
  const int64_t rows = mg_h5_part_rows(shape);
  const mg_ctype wide = mg_h5_wide(shape);
  uint64_t *buffer;
  MG_TRY(MG_NEW(buffer, 2 * rows * shape->row));
  uint64_t *other = buffer + rows * shape->row;
  mg_status status = MG_OK;
  for (int64_t done = 0; done < shape->n_rows && shape->count > 0 && status == MG_OK;
       done += rows) {
    const int64_t now = shape->n_rows - done < rows ? shape->n_rows - done : rows;
    status = mg_h5_get_part(c->a, path, wide, done, now, buffer);
    if (status == MG_OK) status = mg_h5_get_part(c->b, path, wide, done, now, other);
    if (status == MG_OK) count(t, wide, now * shape->row, buffer, other);
  }
  mg_free(buffer);
  return status;
}

static mg_status compare_texts(comparison *c, const char *path) {
  char *a, *b = NULL;
  MG_TRY(mg_h5_get_text(c->a, path, &a));
  const mg_status status = mg_h5_get_text(c->b, path, &b);
  if (status == MG_OK && strcmp(a, b) != 0) say(c, "%s: the texts differ (not counted)\n", path);
  mg_free(a);
  mg_free(b);
  return status;
}

static void compare_attribute(comparison *c, const char *object, const char *name, int index) {
  char a[256], b[256];
  mg_h5_get_attribute(c->a, object, name, index, a, sizeof a);
  mg_h5_get_attribute(c->b, object, name, index, b, sizeof b);
  if (strcmp(a, b) == 0) return;
  say(c, "%s: %s is '%s' and '%s'\n", object, name, a, b);
  c->n_different++;
}

static mg_status compare_dataset(comparison *c, const char *path) {
  mg_h5_shape a, b;
  MG_TRY(mg_h5_get_shape(c->a, path, &a));
  MG_TRY(mg_h5_get_shape(c->b, path, &b));
  if (a.type == MG_H5_TEXT && b.type == MG_H5_TEXT && a.count == 1 && b.count == 1)
    return compare_texts(c, path);
  if (!same_shape(&a, &b)) {
    say(c, "%s: ", path);
    say_shape(c, &a);
    say(c, " and ");
    say_shape(c, &b);
    say(c, "\n");
    c->n_different++;
    return MG_OK;
  }
  if (!mg_h5_is_numeric(&a)) {
    say(c, "%s: of a kind that is not compared\n", path);
    return MG_OK;
  }
  tally t = {0, 0};
  MG_TRY(count_all(c, path, &a, &t));
  if (t.different > 0)
    say(c, "%s: %lld of %lld entries differ, by up to %.3g\n", path, (long long)t.different,
        (long long)a.count, t.most);
  c->n_different += t.different > 0;
  c->n_equal += t.different == 0;
  compare_attribute(c, path, "unit", 0);
  return MG_OK;
}

static const char *next(const char *path, int64_t *left) {
  --*left;
  return path + strlen(path) + 1;
}

static mg_status walk(comparison *c, const char *a, int64_t n_a, const char *b, int64_t n_b) {
  while (n_a > 0 || n_b > 0) {
    const int order = n_a == 0 ? 1 : n_b == 0 ? -1 : strcmp(a, b);
    if (order == 0) {
      MG_TRY(compare_dataset(c, a));
    } else {
      say(c, "%s: only in %s\n", order < 0 ? a : b, mg_h5_path(order < 0 ? c->a : c->b));
      c->n_different++;
    }
    if (order <= 0) a = next(a, &n_a);
    if (order >= 0) b = next(b, &n_b);
  }
  for (int k = 0; k < 3; k++) {
    compare_attribute(c, MG_SNAPSHOT_BOX, "boundary", k);
    compare_attribute(c, MG_SNAPSHOT_REFERENCE, "boundary", k);
  }
  return MG_OK;
}

static mg_status compare_h5(comparison *c) {
  char *a, *b = NULL;
  int64_t n_a, n_b;
  MG_TRY(mg_h5_list(c->a, &a, &n_a));
  mg_status status = mg_h5_list(c->b, &b, &n_b);
  if (status == MG_OK) status = walk(c, a, n_a, b, n_b);
  mg_free(a);
  mg_free(b);
  if (status == MG_OK && c->n_different == 0)
    say(c, "equal: %lld datasets of numbers\n", (long long)c->n_equal);
  else if (status == MG_OK)
    say(c, "differences: %lld; %lld datasets of numbers are equal\n", (long long)c->n_different,
        (long long)c->n_equal);
  return status;
}

static mg_status diff_h5(const char *a, const char *b, FILE *out, bool *equal) {
  comparison c = {.out = out};
  mg_status status = mg_h5_open(NULL, a, &c.a);
  if (status == MG_OK) status = mg_h5_open(NULL, b, &c.b);
  if (status == MG_OK) status = compare_h5(&c);
  *equal = status == MG_OK && c.n_different == 0;
  mg_h5_abandon(&c.a);
  mg_h5_abandon(&c.b);
  return status;
}

static bool is_h5(const char *path) {
  static const char signature[] = "\x89HDF\r\n\x1a\n";
  char head[8] = "";
  FILE *file = mg_file_exists(path) ? fopen(path, "rb") : NULL;
  const bool read = file && fread(head, 1, 8, file) == 8;
  if (file) fclose(file);
  return read && memcmp(head, signature, 8) == 0;
}

mg_status mg_diff_files(const char *a, const char *b, FILE *out, bool *equal) {
  *equal = false;
  const bool h5[2] = {is_h5(a), is_h5(b)};
  if (h5[0] && h5[1]) return diff_h5(a, b, out, equal);
  if (!h5[0] && !h5[1]) return mg_diff_texts(a, b, out, equal);
  if (!mg_file_exists(h5[0] ? b : a)) return mg_diff_texts(a, b, out, equal);
  if (out) fprintf(out, "%s is HDF5, the other is not\n", h5[0] ? a : b);
  return MG_OK;
}
