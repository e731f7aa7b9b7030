/* What a checkpoint holds: every value that is not an atom's, after all of them were verified. */
#include "checkpoint_impl.h"
#include "info_impl.h"

#include "mgmd/base/mem.h"

#include <string.h>

enum { MOST_SHOWN = 8 }; /* values of one row */

static mg_status print_values(mg_h5 *file, const char *path, FILE *out) {
  mg_h5_shape shape;
  double real[MOST_SHOWN];
  int64_t whole[MOST_SHOWN];
  char unit[64];
  MG_TRY(mg_h5_get_shape(file, path, &shape));
  mg_h5_get_attribute(file, path, "unit", 0, unit, sizeof unit);
  fprintf(out, "  %-28s", path + 1);
  if (shape.count > MOST_SHOWN || shape.count == 0) {
    fprintf(out, " %lld values", (long long)shape.count);
  } else if (shape.type == MG_H5_FLOAT) {
    MG_TRY(mg_h5_get(file, path, MG_FLOAT64, shape.count, real));
    for (int64_t k = 0; k < shape.count; k++) fprintf(out, " %.10g", real[k]);
  } else {
    MG_TRY(mg_h5_get(file, path, MG_INT64, shape.count, whole));
    for (int64_t k = 0; k < shape.count; k++) fprintf(out, " %lld", (long long)whole[k]);
  }
  fprintf(out, "%s%s\n", unit[0] ? " " : "", unit);
  return MG_OK;
}

static mg_status print_text(mg_h5 *file, const char *path, const char *label, FILE *out) {
  char *text;
  MG_TRY(mg_h5_get_text(file, path, &text));
  if (*text) fprintf(out, "%-12s %s\n", label, text);
  mg_free(text);
  return MG_OK;
}

static mg_status print_all(mg_h5 *file, FILE *out) {
  char *paths;
  int64_t n, step;
  MG_TRY(mg_h5_get(file, "/state/step", MG_INT64, 1, &step));
  fprintf(out, "%-12s %lld\n", "step", (long long)step);
  MG_TRY(print_text(file, "/text/stage", "stage", out));
  MG_TRY(print_text(file, "/text/kernel", "kernel", out));
  MG_TRY(mg_h5_list(file, &paths, &n));
  mg_status status = MG_OK;
  const char *path = paths;
  fprintf(out, "state\n");
  for (int64_t k = 0; k < n && status == MG_OK; k++, path += strlen(path) + 1)
    if (strncmp(path, "/state/", 7) == 0 || strncmp(path, "/stage/", 7) == 0)
      status = print_values(file, path, out);
  mg_free(paths);
  return status;
}

/* Atoms and checksums are looked at first: a damaged file is refused as a run would refuse it. */
mg_status mg_info_checkpoint(const char *path, FILE *out) {
  mg_checkpoint_file *checkpoint;
  mg_atoms atoms;
  double(*reference)[3];
  mg_h5 *file;
  MG_TRY(mg_checkpoint_open(NULL, path, &checkpoint));
  mg_status status = mg_checkpoint_get_atoms(checkpoint, MG_MAX_SPECIES, &atoms, &reference);
  mg_checkpoint_close(&checkpoint);
  MG_TRY(status);
  fprintf(out, "%s: mgmd checkpoint, whole\n%-12s %lld%s\n", path, "atoms", (long long)atoms.n,
          reference ? ", with a strain reference" : "");
  mg_atoms_clear(&atoms);
  mg_free(reference);
  MG_TRY(mg_h5_open(NULL, path, &file));
  status = print_all(file, out);
  mg_h5_abandon(&file);
  return status;
}
