/* `mgmd analyze RUN|FILE...`: the `analyze` stage on files. Every configuration is written again
 * with what was found out about it, and a table has a row for each. */

#include "mgmd/analysis/structure.h"
#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/cmd/outputs.h"
#include "mgmd/io/frame_write.h"
#include "mgmd/io/table.h"
#include "mgmd/io/writer.h"
#include "mgmd/stage/stage.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_FILES = 1 << 20 };

static const mg_option options[] = {
    {.name = "compute",
     .argument = "NAMES",
     .doc =
         "of radial_distribution, structure_factor, coordination, centrosymmetry, voronoi, grid, "
         "localisation; default: all (the stage analyze: nothing that it does not name)"},
    {.name = "out",
     .argument = "FILE",
     .doc = "where to write; default analysis.h5, with analysis.csv beside it"},
    {.name = "range", .argument = "LENGTH", .doc = "of radial_distribution; default 1 nm"},
    {.name = "bin", .argument = "LENGTH", .doc = "its bins; default 0.02 A"},
    {.name = "cutoff",
     .argument = "LENGTH",
     .doc = "of coordination; default: the first minimum of each partial g(r)"},
    {.name = "neighbours",
     .argument = "NUMBER",
     .doc = "of centrosymmetry, an even number; default 12"},
    {.name = "grid", .argument = "LENGTH", .doc = "edge of the cells of grid; default 1 nm"},
    MG_OPTION_SPECIES,
    {.name = "frame",
     .argument = "NUMBER",
     .doc = "take this configuration only: 0 is the first, -1 the last"},
    MG_OPTION_OVERWRITE,
    {.name = "quiet", .doc = "print nothing but an error"},
    {0}};
static const char *const notes[] = {
    "RUN is the directory of a run, FILE mgmd HDF5, LAMMPS data, LAMMPS dump or extended XYZ. Each "
    "configuration is written with its fields, the new ones and arrays below `/analysis` "
    "(docs/format.md), several as OUT-000000.h5 on; OUT.csv has a row of means for each.",
    "localisation is the standard deviation of von_mises_strain: of a run it shows, over strain, "
    "when flow begins to gather in bands.",
    NULL};
static const char *const examples[] = {
    "mgmd analyze out/quickstart --out out/quickstart/analysis.h5",
    "mgmd analyze glass.data --species Cu,Zr --compute coordination,voronoi",
    "mpirun -n 2 mgmd analyze out/quickstart --compute grid --grid 2nm", NULL};

typedef struct job {
  const mg_comm *comm;
  mg_structure_options analysis;
  mg_names species;
  bool choose_frame, asks_localisation;
  int64_t frame;
  const char *out;
  char table_path[MG_PATH];
  mg_table *table;
} job;

/* The means that a row may have, after step, time and strain. */
static const mg_table_column columns[] = {{"step", "steps"},
                                          {"time", "ps"},
                                          {"strain", "1"},
                                          {"atoms", "atoms"},
                                          {"mean_coordination", "1"},
                                          {"mean_centrosymmetry", "Angstrom^2"},
                                          {"mean_voronoi_volume", "Angstrom^3"},
                                          {"icosahedra", "1"},
                                          {"mean_von_mises_strain", "1"},
                                          {"localisation", "1"},
                                          {NULL, NULL}};
enum { COLUMNS = 10, FIRST_MEAN = 4 };

/* The limits are those of the stage, whose keys have the names of the options. */
static mg_status read_lengths(const mg_call *call, mg_structure_options *o) {
  const mg_param *keys = mg_stage_find("analyze")->params;
  const mg_param *neighbours = mg_param_find(keys, "neighbours");
  double *const length[] = {&o->range, &o->bin, &o->cutoff, &o->cell};
  static const char *const name[] = {"range", "bin", "cutoff", "grid"};
  for (int k = 0; k < 4; k++)
    MG_TRY(mg_option_length(call, name[k], mg_param_find(keys, name[k]), length[k]));
  MG_TRY(mg_call_integer(call, "neighbours", (int64_t)neighbours->min, (int64_t)neighbours->max,
                         &o->neighbours));
  MG_REQUIRE(o->neighbours % 2 == 0, MG_ERR_INPUT,
             "analyze: --neighbours: %lld is odd; neighbours are taken in pairs",
             (long long)o->neighbours);
  MG_REQUIRE(o->bin < o->range, MG_ERR_INPUT, "analyze: --bin: is not below the range");
  for (const mg_structure_use *use = mg_structure_uses; use->key; use++)
    MG_REQUIRE(!mg_call_has(call, use->key) || o->tasks & use->tasks, MG_ERR_INPUT,
               "analyze: --%s: has no effect here; it is for --compute %s", use->key, use->word);
  return MG_OK;
}

static mg_status read_options(const mg_call *call, job *j) {
  mg_names names;
  mg_structure_defaults(&j->analysis);
  MG_TRY(mg_option_names(call, "compute", "list of analyses", &names, NULL));
  MG_TRY(mg_structure_choose(&names, &j->analysis.tasks));
  j->asks_localisation = names.n > 0 && j->analysis.tasks & MG_TASK_LOCALISATION;
  j->out = mg_call_value(call, "out", "analysis.h5");
  const char *dot = strrchr(j->out, '.');
  MG_REQUIRE(dot && strcmp(dot, ".h5") == 0, MG_ERR_INPUT,
             "analyze: --out: '%s' does not end in .h5", j->out);
  MG_REQUIRE(snprintf(j->table_path, sizeof j->table_path, "%.*s.csv", (int)(dot - j->out),
                      j->out) < (int)sizeof j->table_path,
             MG_ERR_INPUT, "analyze: --out: the path is too long");
  MG_TRY(read_lengths(call, &j->analysis));
  j->choose_frame = mg_call_has(call, "frame");
  MG_TRY(mg_call_integer(call, "frame", INT32_MIN, INT32_MAX, &j->frame));
  return mg_option_species(call, &j->species);
}

/* Rank 0 knows the observables of the file. */
static double strain_of(const mg_frame *frame) {
  for (int k = 0; k < frame->story.n_observables; k++)
    if (strcmp(frame->story.observables[k].name, "strain") == 0)
      return frame->story.observables[k].value[0];
  return NAN;
}

static mg_status put_row(job *j, const mg_frame *frame, const mg_structure *found) {
  double number[COLUMNS] = {(double)frame->step, frame->time, strain_of(frame),
                            (double)frame->atoms.n_global};
  const char *text[COLUMNS] = {NULL};
  for (int c = FIRST_MEAN; c < COLUMNS; c++) {
    number[c] = NAN;
    for (int k = 0; k < found->n_scalars; k++)
      if (strcmp(found->scalars[k].name, columns[c].name) == 0)
        number[c] = found->scalars[k].value[0];
  }
  if (!j->table) MG_TRY(mg_table_create(&j->table, j->comm, j->table_path, columns));
  mg_log("step %lld:%s", (long long)frame->step, found->n_scalars ? "" : " done");
  for (int k = 0; k < found->n_scalars; k++)
    mg_log("  %-22s %.6g %s", found->scalars[k].name, found->scalars[k].value[0],
           found->scalars[k].unit);
  return mg_table_append(j->table, text, number);
}

/* Of a run the configurations before the first strain may be among those that are analysed, but not
 * alone. */
static mg_status check_strain(const job *j, const mg_series *series) {
  bool strained = true;
  if (!j->asks_localisation) return MG_OK;
  MG_TRY(mg_series_has_field(series, "von_mises_strain", &strained));
  MG_REQUIRE(strained, MG_ERR_INPUT,
             "analyze: --compute: localisation: no configuration has von_mises_strain; 'mgmd "
             "strain' computes it");
  return MG_OK;
}

/* Fields and scalars of an earlier analysis give way. */
static void drop_old(mg_frame *frame, const mg_structure *found) {
  int kept = 0;
  for (int k = 0; k < frame->n_fields; k++) {
    bool old = false;
    for (int c = 0; c < found->set.n_columns; c++)
      old = old || strcmp(frame->fields[k].name, found->columns[c].name) == 0;
    if (old)
      mg_free(frame->fields[k].data);
    else
      frame->fields[kept++] = frame->fields[k];
  }
  frame->n_fields = kept;
  kept = 0;
  mg_frame_story *story = &frame->story;
  for (int k = 0; k < story->n_observables; k++) {
    bool old = false;
    for (int s = 0; s < found->n_scalars; s++)
      old = old || strcmp(story->observables[k].name, found->scalars[s].name) == 0;
    if (!old) story->observables[kept++] = story->observables[k];
  }
  story->n_observables = kept;
}

static mg_status write(const job *j, mg_frame *frame, const mg_structure *found,
                       mg_writer *writer) {
  mg_frame_view view;
  mg_observable *observables = NULL;
  drop_old(frame, found);
  mg_status status = mg_frame_view_make(frame, &view);
  const int n = view.snapshot.n_observables;
  if (status == MG_OK) status = MG_NEW(observables, n + found->n_scalars);
  if (status == MG_OK && n > 0)
    memcpy(observables, view.observables, (size_t)n * sizeof *observables);
  if (status == MG_OK && found->n_scalars > 0)
    memcpy(observables + n, found->scalars, (size_t)found->n_scalars * sizeof *observables);
  view.snapshot.observables = observables;
  view.snapshot.n_observables = n + found->n_scalars;
  view.snapshot.n_arrays = found->n_arrays;
  view.snapshot.arrays = found->arrays;
  if (found->set.n_columns > 0) view.sets[view.snapshot.n_sets++] = found->set;
  status = mg_agree(j->comm, status);
  if (status == MG_OK) status = mg_writer_put(writer, &view.snapshot);
  mg_free(observables);
  mg_frame_view_clear(&view);
  return status;
}

static mg_status analyze(job *j, mg_frame *frame, mg_writer *writer) {
  mg_frame_view view;
  mg_structure found = {0};
  mg_status status = mg_agree(j->comm, mg_frame_view_make(frame, &view));
  if (status == MG_OK) status = mg_structure_find(j->comm, &view.snapshot, &j->analysis, &found);
  mg_frame_view_clear(&view);
  if (status == MG_OK) status = put_row(j, frame, &found);
  if (status == MG_OK) status = write(j, frame, &found, writer);
  mg_structure_clear(&found);
  return status;
}

static mg_status go_through(job *j, const mg_call *call, mg_series *series) {
  mg_writer *writer;
  int64_t n = 1;
  MG_TRY(j->choose_frame ? mg_series_choose(series, j->frame) : mg_series_count(series, &n));
  MG_TRY(check_strain(j, series));
  const mg_outputs outputs = {j->out, n, false, j->table_path};
  MG_TRY(mg_outputs_check(j->comm, call, &outputs, 1, (const mg_series *const[]){series}));
  mg_status status = mg_writer_open(j->comm, j->out, n, false, &writer);
  for (bool found = true; status == MG_OK && found;) {
    mg_frame frame;
    status = mg_series_next(series, &frame, &found);
    if (status == MG_OK && found) status = analyze(j, &frame, writer);
    mg_frame_clear(&frame);
  }
  status = mg_writer_close(&writer, status);
  const mg_status closed = mg_table_close(&j->table);
  if (status == MG_OK) status = closed;
  if (status == MG_OK) mg_log("%s and %s written", j->out, j->table_path);
  return status;
}

static mg_status run(const mg_comm *comm, const mg_call *call) {
  job j = {.comm = comm};
  mg_series series;
  MG_TRY(read_options(call, &j));
  const mg_read_options reading = {.species = &j.species, .fields = true};
  MG_TRY(mg_series_open(comm, call->n_words, call->word, &reading, &series));
  const mg_status status = go_through(&j, call, &series);
  mg_series_close(&series);
  return status;
}

const mg_command mg_command_analyze = {.name = "analyze",
                                       .summary =
                                           "structure, maps and localisation of configurations",
                                       .words = "RUN|FILE...",
                                       .min_words = 1,
                                       .max_words = MOST_FILES,
                                       .options = options,
                                       .notes = notes,
                                       .examples = examples,
                                       .run = run};
