#include "mgmd/io/info.h"

#include "mgmd/base/mem.h"
#include "mgmd/io/checkpoint.h"
#include "mgmd/io/frame.h"
#include "mgmd/io/h5.h"
#include "h5_numbers.h"
#include "info_impl.h"
#include "snapshot_impl.h"

#include <math.h>
#include <string.h>

/* 64-bit FNV-1a [Fowler, Noll, Vo; RFC 9923]. */
static const uint64_t FNV_START = 0xcbf29ce484222325u;

static void fnv(uint64_t *hash, const void *data, size_t n) {
  const unsigned char *byte = data;
  for (size_t k = 0; k < n; k++) *hash = (*hash ^ byte[k]) * 0x100000001b3u;
}

/* A whole number in little-endian order, whatever the machine's is. */
static void fnv_number(uint64_t *hash, uint64_t number) {
  unsigned char byte[8];
  for (int k = 0; k < 8; k++) byte[k] = (unsigned char)(number >> (8 * k));
  fnv(hash, byte, sizeof byte);
}

/* What a walk over the numbers of a dataset gathers. */
typedef struct summary {
  uint64_t hash;
  double least, greatest;
  int64_t n_bad; /* not finite */
} summary;

static void gather(summary *s, mg_ctype wide, int64_t n, const uint64_t *numbers) {
  for (int64_t k = 0; k < n; k++) {
    double x = (double)(int64_t)numbers[k];
    if (wide == MG_FLOAT64) memcpy(&x, &numbers[k], sizeof x);
    fnv_number(&s->hash, numbers[k]);
    if (!isfinite(x)) {
      s->n_bad++;
      continue;
    }
    if (x < s->least) s->least = x;
    if (x > s->greatest) s->greatest = x;
  }
}

static mg_status summarise(mg_h5 *file, const char *path, const mg_h5_shape *shape, summary *s) {
  const int64_t rows = mg_h5_part_rows(shape);
  const mg_ctype wide = mg_h5_wide(shape);
  *s = (summary){FNV_START, INFINITY, -INFINITY, 0};
  fnv(&s->hash, path, strlen(path) + 1);
  fnv_number(&s->hash, wide == MG_FLOAT64);
  for (int k = 0; k < shape->rank && k < MG_H5_RANK; k++)
    fnv_number(&s->hash, (uint64_t)shape->dims[k]);
  uint64_t *buffer;
  MG_TRY(MG_NEW(buffer, rows * shape->row));
  mg_status status = MG_OK;
  for (int64_t done = 0; done < shape->n_rows && shape->count > 0 && status == MG_OK;
       done += rows) {
    const int64_t now = shape->n_rows - done < rows ? shape->n_rows - done : rows;
    status = mg_h5_get_part(file, path, wide, done, now, buffer);
    if (status == MG_OK) gather(s, wide, now * shape->row, buffer);
  }
  mg_free(buffer);
  return status;
}

/* Hash of one dataset, or of all; each is printed when @p out is given. */
static mg_status hash_file(mg_h5 *file, const char *dataset, FILE *out, uint64_t *hash) {
  char *paths;
  int64_t n;
  bool found = false;
  *hash = FNV_START;
  MG_TRY(mg_h5_list(file, &paths, &n));
  mg_status status = MG_OK;
  const char *path = paths;
  for (int64_t k = 0; k < n && status == MG_OK; k++, path += strlen(path) + 1) {
    mg_h5_shape shape;
    summary s;
    if (dataset && strcmp(path, dataset) != 0) continue;
    status = mg_h5_get_shape(file, path, &shape);
    if (status != MG_OK || !mg_h5_is_numeric(&shape)) continue;
    status = summarise(file, path, &shape, &s);
    if (status != MG_OK) continue;
    found = true;
    if (dataset) *hash = s.hash;
    if (!dataset) fnv_number(hash, s.hash);
    if (out) fprintf(out, "%016llx  %s\n", (unsigned long long)s.hash, path);
  }
  mg_free(paths);
  if (status == MG_OK && dataset && !found)
    status = mg_fail(MG_ERR_INPUT, "%s: %s: no such dataset of numbers", mg_h5_path(file), dataset);
  return status;
}

mg_status mg_info_hash(const char *path, const char *dataset, uint64_t *hash) {
  mg_h5 *file;
  MG_TRY(mg_h5_open(NULL, path, &file));
  const mg_status status = hash_file(file, dataset, NULL, hash);
  mg_h5_abandon(&file);
  return status;
}

static void print_cell(const char *label, const mg_box *box, FILE *out) {
  fprintf(out, "%-12s %.10g x %.10g x %.10g Angstrom from (%.10g, %.10g, %.10g); periodic:", label,
          box->length[0], box->length[1], box->length[2], box->lo[0], box->lo[1], box->lo[2]);
  for (int a = 0; a < 3; a++)
    if (box->periodic[a]) fprintf(out, " %c", "xyz"[a]);
  const bool any = box->periodic[0] || box->periodic[1] || box->periodic[2];
  fprintf(out, "%s\n", any ? "" : " none");
}

static void print_header(const mg_frame_header *header, FILE *out) {
  fprintf(out, "%-12s %lld, elements", "atoms", (long long)header->n_atoms);
  for (int k = 0; k < header->species.n; k++) fprintf(out, " %s", header->species.symbol[k]);
  fprintf(out, "\n");
  print_cell("cell", &header->box, out);
  fprintf(out, "%-12s %lld, time %.10g ps\n", "step", (long long)header->step, header->time);
  fprintf(out, "%-12s %s\n", "velocities", header->has_velocity ? "yes" : "no");
  if (header->has_axes)
    fprintf(out, "%-12s load %c, free %c, thin %c\n", "axes", "xyz"[header->axes.load],
            "xyz"[header->axes.free], "xyz"[header->axes.thin]);
  if (header->has_reference) print_cell("reference", &header->reference_box, out);
}

static bool has_name(const char *path, const char *before, const char *after, char *name) {
  const size_t n = strlen(path), b = strlen(before), a = strlen(after);
  if (n <= a + b || n - a - b >= MG_H5_NAME || strncmp(path, before, b) != 0 ||
      strcmp(path + n - a, after) != 0)
    return false;
  memcpy(name, path + b, n - a - b);
  name[n - a - b] = '\0';
  return !strchr(name, '/');
}

static mg_status print_field(mg_h5 *file, const char *path, const char *name, FILE *out) {
  mg_h5_shape shape;
  summary s;
  char unit[64], description[256];
  MG_TRY(mg_h5_get_shape(file, path, &shape));
  if (!mg_h5_is_numeric(&shape)) return MG_OK;
  MG_TRY(summarise(file, path, &shape, &s));
  mg_h5_get_attribute(file, path, "unit", 0, unit, sizeof unit);
  mg_h5_get_attribute(file, path, "description", 0, description, sizeof description);
  fprintf(out, "  %-20s %s%lld", name, shape.type == MG_H5_FLOAT ? "float" : "int",
          8 * (long long)shape.size);
  for (int k = 1; k < shape.rank && k < MG_H5_RANK; k++)
    fprintf(out, "[%lld]", (long long)shape.dims[k]);
  const int digits = shape.type == MG_H5_FLOAT ? 6 : 15;
  if (s.least == s.greatest)
    fprintf(out, "  %.*g", digits, s.least);
  else if (s.least < s.greatest)
    fprintf(out, "  %.*g .. %.*g", digits, s.least, digits, s.greatest);
  if (s.n_bad) fprintf(out, "  (%lld not finite)", (long long)s.n_bad);
  fprintf(out, "%s%s%s%s\n", unit[0] ? " " : "", unit, description[0] ? "  " : "", description);
  return MG_OK;
}

/* The datasets BEFORE name AFTER, one per line. */
static mg_status print_fields(mg_h5 *file, const char *title, const char *before, const char *after,
                              FILE *out) {
  char *paths;
  int64_t n;
  MG_TRY(mg_h5_list(file, &paths, &n));
  mg_status status = MG_OK;
  const char *path = paths;
  fprintf(out, "%s\n", title);
  for (int64_t k = 0; k < n && status == MG_OK; k++, path += strlen(path) + 1) {
    char name[MG_H5_NAME];
    if (has_name(path, before, after, name)) status = print_field(file, path, name, out);
  }
  mg_free(paths);
  return status;
}

static void print_attribute(mg_h5 *file, const char *object, const char *name, const char *label,
                            FILE *out) {
  char text[256];
  if (mg_h5_get_attribute(file, object, name, 0, text, sizeof text) && text[0])
    fprintf(out, "%-12s %s\n", label, text);
}

/* Atoms of each element. */
static mg_status print_composition(mg_h5 *file, FILE *out) {
  static const char path[] = MG_SNAPSHOT_ATOMS "/species/value";
  char symbol[MG_MAX_SPECIES][MG_SYMBOL];
  int32_t value[MG_MAX_SPECIES];
  int64_t count[MG_MAX_SPECIES] = {0}, *part;
  int n;
  mg_h5_shape shape;
  MG_TRY(mg_h5_get_labels(file, path, MG_MAX_SPECIES, &n, symbol, value));
  MG_TRY(mg_h5_get_shape(file, path, &shape));
  const int64_t rows = mg_h5_part_rows(&shape);
  MG_TRY(MG_NEW(part, rows * shape.row));
  mg_status status = MG_OK;
  for (int64_t done = 0; done < shape.n_rows && status == MG_OK; done += rows) {
    const int64_t now = shape.n_rows - done < rows ? shape.n_rows - done : rows;
    status = mg_h5_get_part(file, path, MG_INT64, done, now, part);
    for (int64_t k = 0; k < now * shape.row && status == MG_OK; k++)
      for (int s = 0; s < n; s++) count[s] += part[k] == value[s];
  }
  mg_free(part);
  fprintf(out, "%-12s", "composition");
  for (int s = 0; s < n; s++)
    fprintf(out, "%s %lld %s", s ? "," : "", (long long)count[s], symbol[s]);
  fprintf(out, "\n");
  return status;
}

static mg_status print_snapshot(mg_h5 *file, FILE *out) {
  char *text;
  MG_TRY(print_composition(file, out));
  print_attribute(file, "/parameters", "title", "title", out);
  print_attribute(file, "/parameters", "stage", "stage", out);
  print_attribute(file, "/h5md/creator", "version", "mgmd", out);
  MG_TRY(print_fields(file, "fields per atom", MG_SNAPSHOT_ATOMS "/", "/value", out));
  MG_TRY(print_fields(file, "observables", "/observables/", "/value", out));
  MG_TRY(print_fields(file, "sample", "/parameters/sample/", "", out));
  if (!mg_h5_has(file, "/parameters/provenance")) return MG_OK;
  MG_TRY(mg_h5_get_text(file, "/parameters/provenance", &text));
  fprintf(out, "provenance\n");
  for (const char *line = text; *line;) {
    const size_t n = strcspn(line, "\n");
    fprintf(out, "  %.*s\n", (int)n, line);
    line += n + (line[n] == '\n');
  }
  mg_free(text);
  return MG_OK;
}

static const char *format_name(mg_format format) {
  switch (format) {
  case MG_FORMAT_H5: return "mgmd snapshot";
  case MG_FORMAT_XYZ: return "extended XYZ";
  case MG_FORMAT_LAMMPS_DUMP: return "LAMMPS dump";
  default: return "LAMMPS data";
  }
}

mg_status mg_info_file(const char *path, const mg_names *species, int64_t frame, bool hash,
                       FILE *out) {
  int64_t n;
  mg_frame_header header;
  mg_h5 *file;
  uint64_t all;
  mg_format format;
  MG_TRY(mg_frame_find_format(path, &format));
  if (hash) {
    MG_TRY(mg_h5_open(NULL, path, &file));
    const mg_status status = hash_file(file, NULL, out, &all);
    if (status == MG_OK) fprintf(out, "%016llx  all\n", (unsigned long long)all);
    mg_h5_abandon(&file);
    return status;
  }
  if (format == MG_FORMAT_H5 && mg_checkpoint_is(path)) return mg_info_checkpoint(path, out);
  MG_TRY(mg_frame_peek_at(path, species, frame, &header, &n));
  fprintf(out, "%s: %s\n", path, format_name(format));
  if (n > 1)
    fprintf(out, "%-12s %lld, of which this is number %lld, from 0\n", "configurations",
            (long long)n, (long long)(frame < 0 ? frame + n : frame));
  print_header(&header, out);
  if (format != MG_FORMAT_H5) return MG_OK;
  MG_TRY(mg_h5_open(NULL, path, &file));
  const mg_status status = print_snapshot(file, out);
  mg_h5_abandon(&file);
  return status;
}
