/* `mgmd strain REF CUR`: the strain analysis of a run for configurations of any origin. Both are
 * brought into the order of ids on the same ranks, where displacements can be looked at atom by
 * atom: files that say nothing of periodic images get the nearest ones, as OVITO takes them. */

#include "mgmd/analysis/strain_columns.h"
#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/cmd/outputs.h"
#include "mgmd/io/frame_write.h"
#include "mgmd/io/rows.h"
#include "mgmd/io/writer.h"

#include <math.h>
#include <string.h>

enum { MOST_FILES = 1 << 20 };
static const double CUTOFF = 10.0; /* 1 nm, as in a run [A] */

static const mg_option options[] = {
    {.name = "out",
     .argument = "FILE",
     .doc = "where to write, in the format of the name's end; default strain.h5"},
    {.name = "cutoff", .argument = "LENGTH", .doc = "neighbours in the reference; default 1 nm"},
    {.name = "affine",
     .argument = "none|to_reference|to_current",
     .doc = "what of the cell's own deformation to take out; default none"},
    {.name = "axes",
     .argument = "LOAD,FREE,THIN",
     .doc = "roles of the axes, for rotation_angle and strain_12; default: as CUR or REF says, "
            "else z,y,x"},
    {.name = "positions",
     .argument = "instantaneous|time_averaged",
     .doc = "time_averaged: compare the mean over all configurations of CUR with that over all of "
            "REF, without the noise of heat; default instantaneous"},
    {.name = "open",
     .argument = "AXES",
     .doc = "take these axes as open in both, such as y, where a format cannot say so"},
    MG_OPTION_SPECIES,
    {.name = "frame",
     .argument = "NUMBER",
     .doc = "of the configurations of CUR take this one only: 0 is the first, -1 the last"},
    {.name = "ref-frame",
     .argument = "NUMBER",
     .doc = "of several configurations in REF the one to refer to; default 0"},
    {.name = "fields",
     .argument = "NAMES",
     .doc = "other per-atom fields of CUR to take along, or none; default: all"},
    MG_OPTION_OVERWRITE,
    {.name = "quiet", .doc = "print nothing but an error"},
    {0}};
static const char *const notes[] = {
    "REF and CUR are mgmd HDF5, LAMMPS data, LAMMPS dump or extended XYZ, in any combination, with "
    "the same atom ids. Of CUR, which may be a trajectory, several files or the directory of a "
    "run, each configuration is compared with REF. The result is CUR with the fields "
    "von_mises_strain, volumetric_strain, volume_change, rotation_angle, strain, strain_12, d2min, "
    "strain_valid and reference_position.",
    "Displacements follow the image flags (or unwrapped positions). Where REF or CUR has none, "
    "each atom is taken to have gone the shorter way round.",
    "With `--positions time_averaged` CUR is a short stretch of a trajectory: means of unwrapped "
    "positions and edges are compared, and the last configuration is written with their strain.",
    NULL};
static const char *const examples[] = {
    "mgmd strain relaxed.h5 loaded.h5",
    "mgmd strain relaxed.data traj.dump --open y --axes z,y,x --out strain.dump",
    "mpirun -n 2 mgmd strain ref.xyz cur.xyz --affine to_current", NULL};

typedef struct job {
  const mg_comm *comm;
  double cutoff;
  mg_affine affine;
  bool has_axes, choose_frame, choose_ref, choose_fields, average;
  mg_axes axes;
  bool open[3];
  int64_t frame, ref_frame, n; /* n: configurations that will be written */
  mg_names species, fields;
  const char *out;
} job;

/* A configuration in the order of ids. */
typedef struct sorted {
  mg_rows rows;
  double (*x)[3]; /* [rows.n] unwrapped */
  bool has_image;
  mg_box box;
  int64_t n_added; /* configurations in a sum */
} sorted;

static mg_status read_affine(const mg_call *call, mg_affine *affine) {
  static const char *const words[] = {"none", "to_reference", "to_current", NULL};
  const char *text = mg_call_value(call, "affine", words[0]);
  for (int k = 0; words[k]; k++)
    if (strcmp(text, words[k]) == 0) {
      *affine = (mg_affine)k;
      return MG_OK;
    }
  return mg_fail(MG_ERR_INPUT,
                 "strain: --affine: '%s' is not known; valid: none, to_reference, to_current",
                 text);
}

static mg_status read_positions(const mg_call *call, bool *average) {
  const char *text = mg_call_value(call, "positions", "instantaneous");
  *average = strcmp(text, "time_averaged") == 0;
  MG_REQUIRE(*average || strcmp(text, "instantaneous") == 0, MG_ERR_INPUT,
             "strain: --positions: '%s' is not known; valid: instantaneous, time_averaged", text);
  return MG_OK;
}

static mg_status read_axes(const mg_call *call, job *j) {
  const char *text = mg_call_value(call, "axes", NULL), *open = mg_call_value(call, "open", "");
  int axis[3] = {2, 1, 0};
  bool good = !text || (strlen(text) == 5 && text[1] == ',' && text[3] == ',');
  for (int k = 0; k < 3 && text && good; k++) axis[k] = text[2 * k] - 'x';
  for (int k = 0; k < 3; k++) good = good && axis[k] >= 0 && axis[k] < 3;
  good = good && axis[0] != axis[1] && axis[1] != axis[2] && axis[2] != axis[0];
  MG_REQUIRE(good, MG_ERR_INPUT, "strain: --axes: '%s' does not name three axes; write z,y,x",
             text);
  j->has_axes = text != NULL;
  j->axes = (mg_axes){axis[0], axis[1], axis[2]};
  for (const char *c = open; *c; c++) {
    MG_REQUIRE(strchr("xyz,", *c), MG_ERR_INPUT, "strain: --open: '%s' names no axes; write y",
               open);
    if (*c != ',') j->open[*c - 'x'] = true;
  }
  return MG_OK;
}

static mg_status read_options(const mg_call *call, job *j) {
  j->cutoff = CUTOFF;
  j->out = mg_call_value(call, "out", "strain.h5");
  j->choose_frame = mg_call_has(call, "frame");
  j->choose_ref = mg_call_has(call, "ref-frame");
  MG_TRY(read_positions(call, &j->average));
  MG_TRY(read_affine(call, &j->affine));
  MG_TRY(read_axes(call, j));
  MG_TRY(mg_option_length(call, "cutoff", NULL, &j->cutoff));
  MG_TRY(mg_call_integer(call, "frame", INT32_MIN, INT32_MAX, &j->frame));
  MG_TRY(mg_call_integer(call, "ref-frame", INT32_MIN, INT32_MAX, &j->ref_frame));
  MG_TRY(mg_option_species(call, &j->species));
  return mg_option_names(call, "fields", "list of fields such as stress,force", &j->fields,
                         &j->choose_fields);
}

/* Local: unwrapped positions; axes to be taken as open lose their images. */
static mg_status unwrap(const job *j, mg_frame *frame, double (**unwrapped)[3]) {
  mg_atoms *atoms = &frame->atoms;
  MG_TRY(MG_NEW(*unwrapped, atoms->n));
  for (int32_t i = 0; i < atoms->n; i++)
    for (int a = 0; a < 3; a++) {
      const double x = atoms->x[i][a] + atoms->image[i][a] * frame->box.length[a];
      (*unwrapped)[i][a] = x;
      if (!j->open[a]) continue;
      atoms->x[i][a] = x;
      atoms->image[i][a] = 0;
    }
  for (int a = 0; a < 3; a++) frame->box.periodic[a] = frame->box.periodic[a] && !j->open[a];
  return MG_OK;
}

static mg_status sort(const job *j, mg_frame *frame, sorted *s) {
  double(*unwrapped)[3] = NULL;
  void *moved = NULL;
  mg_status status = mg_agree(j->comm, unwrap(j, frame, &unwrapped));
  /* one row is worth a rank: the strain needs all of them */
  if (status == MG_OK) status = mg_rows_plan(j->comm, frame->atoms.n, frame->atoms.id, 1, &s->rows);
  if (status == MG_OK)
    status = mg_rows_move(j->comm, &s->rows, sizeof *unwrapped, unwrapped, &moved);
  mg_free(unwrapped);
  s->x = moved;
  s->has_image = frame->has_image;
  s->box = frame->box;
  return status;
}

static void sorted_clear(sorted *s) {
  mg_rows_clear(&s->rows);
  mg_free(s->x);
  memset(s, 0, sizeof *s);
}

/* Local: are the atoms and open axes the same? Ranges of ranks are equal then. */
static mg_status check_same(const sorted *then, const sorted *now, const char *path) {
  for (int a = 0; a < 3; a++)
    MG_REQUIRE(then->box.periodic[a] == now->box.periodic[a], MG_ERR_INPUT,
               "%s: its axis %c is %s, that of REF %s; --open %c takes it as open in both", path,
               "xyz"[a], now->box.periodic[a] ? "periodic" : "open",
               then->box.periodic[a] ? "periodic" : "open", "xyz"[a]);
  const int64_t n = then->rows.n < now->rows.n ? then->rows.n : now->rows.n;
  for (int64_t k = 0; k < n; k++) {
    const int64_t a = then->rows.id[k], b = now->rows.id[k];
    MG_REQUIRE(a == b, MG_ERR_INPUT, "%s: atom %lld is in %s only; both must have the same atoms",
               path, (long long)(a < b ? a : b), a < b ? "REF" : "CUR");
  }
  MG_REQUIRE(then->rows.total == now->rows.total && then->rows.n == now->rows.n, MG_ERR_INPUT,
             "%s: has %lld atoms, REF has %lld; both must have the same", path,
             (long long)now->rows.total, (long long)then->rows.total);
  return MG_OK;
}

/* Take every atom to where it is nearest to its place in the reference, in units of the cells. Of
 * a reference that is still a sum the number of its terms cancels. */
static void take_nearest(const sorted *then, sorted *now) {
  for (int64_t k = 0; k < now->rows.n; k++)
    for (int a = 0; a < 3; a++) {
      if (!now->box.periodic[a]) continue;
      const double s0 = (then->x[k][a] - then->box.lo[a]) / then->box.length[a];
      const double s = (now->x[k][a] - now->box.lo[a]) / now->box.length[a];
      now->x[k][a] -= rint(s - s0) * now->box.length[a];
    }
}

/* Add a configuration to a sum, which begins empty and takes over the first one. */
static void add(sorted *sum, sorted *now) {
  if (sum->n_added++ == 0) {
    *sum = *now;
    sum->n_added = 1;
    *now = (sorted){0};
    return;
  }
  for (int a = 0; a < 3; a++) {
    sum->box.lo[a] += now->box.lo[a];
    sum->box.length[a] += now->box.length[a];
  }
  for (int64_t k = 0; k < sum->rows.n; k++)
    for (int a = 0; a < 3; a++) sum->x[k][a] += now->x[k][a];
  sum->has_image = sum->has_image && now->has_image;
}

static void divide(sorted *sum) {
  const double n = (double)sum->n_added;
  if (n < 2) return; /* keeps every bit of a single one */
  for (int a = 0; a < 3; a++) {
    sum->box.lo[a] /= n;
    sum->box.length[a] /= n;
  }
  for (int64_t k = 0; k < sum->rows.n; k++)
    for (int a = 0; a < 3; a++) sum->x[k][a] /= n;
  sum->n_added = 1;
}

static void tell(const job *j, const mg_frame *frame, const mg_strain *strain) {
  mg_reduction r;
  mg_reduction_start(&r);
  for (int64_t i = 0; i < strain->n; i++) {
    r.count[0] += !strain->valid[i];
    mg_xsum_add(&r.sum[0], strain->von_mises[i]);
    r.max[0] = fmax(r.max[0], strain->von_mises[i]);
  }
  mg_reduce(j->comm, &r);
  mg_log("step %lld: von Mises strain %.4g in the mean, %.4g at most; %lld of %lld atoms not valid",
         (long long)frame->step, mg_xsum_value(&r.sum[0]) / (double)frame->atoms.n_global, r.max[0],
         (long long)r.count[0], (long long)frame->atoms.n_global);
}

/* Old strain fields give way to the new ones. */
static void drop_old(mg_frame *frame, int n, const mg_column *columns) {
  int kept = 0;
  for (int k = 0; k < frame->n_fields; k++) {
    bool old = false;
    for (int c = 0; c < n; c++) old = old || strcmp(frame->fields[k].name, columns[c].name) == 0;
    if (old)
      mg_free(frame->fields[k].data);
    else
      frame->fields[kept++] = frame->fields[k];
  }
  frame->n_fields = kept;
  frame->has_reference = false;
}

static mg_status write(const job *j, const mg_reference *reference, const mg_strain *strain,
                       mg_frame *frame, mg_writer *writer) {
  mg_column columns[MG_STRAIN_COLUMNS];
  const int n = mg_strain_columns(reference, strain, columns);
  mg_frame_view view;
  drop_old(frame, n, columns);
  if (!frame->has_axes) frame->axes = j->axes;
  mg_status status = mg_agree(j->comm, mg_frame_view_make(frame, &view));
  view.sets[1] = (mg_column_set){strain->n, mg_reference_ids(reference), n, columns};
  view.snapshot.n_sets = 2;
  view.snapshot.has_reference = true;
  view.snapshot.reference_box = *mg_reference_box(reference);
  if (status == MG_OK) status = mg_writer_put(writer, &view.snapshot);
  mg_frame_view_clear(&view);
  return status;
}

/* A configuration in the order of ids, with the atoms of @p then and on its side of the cell. */
static mg_status place(job *j, const sorted *then, const char *path, mg_frame *frame, sorted *now) {
  if (frame->has_axes && !j->has_axes) j->axes = frame->axes;
  if (j->has_axes) frame->axes = j->axes;
  mg_status status = sort(j, frame, now);
  if (status == MG_OK && then->rows.total > 0)
    status = mg_agree(j->comm, check_same(then, now, path));
  if (status == MG_OK && then->rows.total > 0 && !(then->has_image && now->has_image))
    take_nearest(then, now);
  return status;
}

static mg_status compare(job *j, const mg_reference *reference, const sorted *now, mg_frame *frame,
                         mg_writer *writer) {
  mg_strain strain = {0};
  mg_status status =
      mg_strain_compute(reference, j->comm, now->rows.n, now->rows.id, (const double(*)[3])now->x,
                        &now->box, &j->axes, j->affine, &strain);
  if (status == MG_OK) tell(j, frame, &strain);
  if (status == MG_OK) status = write(j, reference, &strain, frame, writer);
  mg_strain_clear(&strain);
  return status;
}

/* Every configuration, or the mean of all with the last one to carry it. */
static mg_status compare_all(job *j, const sorted *then, const mg_reference *reference,
                             mg_series *series, mg_writer *writer) {
  mg_frame frame = {0}, last = {0};
  sorted sum = {0}, now = {0};
  bool found = true;
  mg_status status = MG_OK;
  while (status == MG_OK && found) {
    status = mg_series_next(series, &frame, &found);
    if (status != MG_OK || !found) break;
    status = place(j, then, series->path, &frame, &now);
    if (status == MG_OK && !j->average) status = compare(j, reference, &now, &frame, writer);
    if (status == MG_OK && j->average) {
      add(&sum, &now);
      mg_frame_clear(&last);
      last = frame;
      frame = (mg_frame){0};
    }
    sorted_clear(&now);
    mg_frame_clear(&frame);
  }
  divide(&sum);
  if (status == MG_OK && j->average) status = compare(j, reference, &sum, &last, writer);
  sorted_clear(&sum);
  sorted_clear(&now);
  mg_frame_clear(&frame);
  mg_frame_clear(&last);
  return status;
}

/* The current configurations against a reference. */
static mg_status go_through(job *j, const sorted *then, mg_series *series) {
  mg_reference *reference = NULL;
  mg_writer *writer = NULL;
  mg_status status =
      mg_reference_create(j->comm, then->rows.n, then->rows.id, (const double(*)[3])then->x,
                          &then->box, j->cutoff, &reference);
  if (status == MG_OK) status = mg_writer_open(j->comm, j->out, j->n, false, &writer);
  if (status == MG_OK) status = compare_all(j, then, reference, series, writer);
  status = mg_writer_close(&writer, status);
  if (status == MG_OK) mg_log("%s written", j->out);
  mg_reference_destroy(&reference);
  return status;
}

static mg_status read_reference(job *j, mg_series *series, sorted *then) {
  bool found = true;
  mg_status status = MG_OK;
  while (status == MG_OK && found) {
    mg_frame frame;
    sorted now = {0}, first = {0};
    status = mg_series_next(series, &frame, &found);
    if (status == MG_OK && found)
      status = place(j, then->n_added ? then : &first, series->path, &frame, &now);
    if (status == MG_OK && found) add(then, &now);
    sorted_clear(&now);
    mg_frame_clear(&frame);
  }
  divide(then);
  return status;
}

/* Those that are in the result anyway. */
static const char *const strain_fields[] = {
    "von_mises_strain", "volumetric_strain", "volume_change", "rotation_angle",     "strain",
    "strain_12",        "d2min",             "strain_valid",  "reference_position", NULL};

/* How many there are, and whether the result may go where it is to go: before anything is read. */
static mg_status choose(job *j, const mg_call *call, mg_series *before, mg_series *after) {
  if (!j->average || j->choose_ref) MG_TRY(mg_series_choose(before, j->ref_frame));
  j->n = 1;
  if (j->choose_frame)
    MG_TRY(mg_series_choose(after, j->frame));
  else if (!j->average)
    MG_TRY(mg_series_count(after, &j->n));
  MG_TRY(mg_series_check_fields(after, call, strain_fields));
  const mg_outputs outputs = {.path = j->out, .n = j->n};
  return mg_outputs_check(j->comm, call, &outputs, 2, (const mg_series *const[]){before, after});
}

static mg_status run(const mg_comm *comm, const mg_call *call) {
  job j = {.comm = comm};
  sorted then = {0};
  mg_series before, after;
  MG_TRY(read_options(call, &j));
  const mg_read_options plain = {.species = &j.species};
  const mg_read_options whole = {
      .species = &j.species, .fields = true, .only = j.choose_fields ? &j.fields : NULL};
  MG_TRY(mg_series_open(comm, 1, call->word, &plain, &before));
  mg_status status = mg_series_open(comm, call->n_words - 1, call->word + 1, &whole, &after);
  if (status == MG_OK) status = choose(&j, call, &before, &after);
  if (status == MG_OK) status = read_reference(&j, &before, &then);
  if (status == MG_OK) status = go_through(&j, &then, &after);
  sorted_clear(&then);
  mg_series_close(&before);
  mg_series_close(&after);
  return status;
}

const mg_command mg_command_strain = {.name = "strain",
                                      .summary = "per-atom strain between any two configurations",
                                      .words = "REF CUR...",
                                      .min_words = 2,
                                      .max_words = MOST_FILES,
                                      .options = options,
                                      .notes = notes,
                                      .examples = examples,
                                      .run = run};
