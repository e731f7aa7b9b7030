/* `mgmd convert IN... OUT`: configuration by configuration, so that a trajectory of any length
 * passes through the memory of one. */

#include "mgmd/base/log.h"
#include "mgmd/cmd/outputs.h"
#include "mgmd/io/frame_write.h"
#include "mgmd/io/writer.h"

#include <string.h>

enum { MOST_FILES = 1 << 20 };

static const mg_option options[] = {
    MG_OPTION_SPECIES,
    {.name = "fields",
     .argument = "NAMES",
     .doc = "per-atom fields to take along besides species, positions and velocities, such as "
            "stress,d2min, or none; default: all"},
    {.name = "frame",
     .argument = "NUMBER",
     .doc = "take this configuration only: 0 is the first, -1 the last"},
    {.name = "for",
     .argument = "mdanalysis",
     .doc = "write one H5MD trajectory as MDAnalysis reads it"},
    MG_OPTION_OVERWRITE,
    {.name = "quiet", .doc = "print nothing but an error"},
    {0}};
static const char *const notes[] = {
    "IN is mgmd HDF5, LAMMPS data, LAMMPS dump or extended XYZ, known by its content; a directory "
    "of a run stands for its snapshots. The end of OUT chooses the format: `.h5`, `.data`, `.lmp`, "
    "`.dump`, `.lammpstrj`, `.xyz`, `.extxyz`. Several configurations become one trajectory in "
    "dump and extended XYZ, and in HDF5 the files OUT-000000.h5 on, with OUT.xdmf.",
    "Numbers in text have 17 digits and read back to the bit. What each format holds is told in "
    "docs/format.md.",
    NULL};
static const char *const examples[] = {
    "mgmd convert out/quickstart out/quickstart.dump",
    "mgmd convert glass.data glass.h5 --species Cu,Zr",
    "mgmd convert loaded.h5 loaded.xyz --fields von_mises_strain,stress",
    "mpirun -n 2 mgmd convert out/quickstart traj.h5 --for mdanalysis", NULL};

typedef struct job {
  mg_names species, fields;
  bool choose_fields;
  int64_t frame;
  bool choose_frame, mdanalysis;
  const char *out;
} job;

static mg_status read_options(const mg_call *call, job *j) {
  const char *whom = mg_call_value(call, "for", NULL);
  j->out = call->word[call->n_words - 1];
  j->mdanalysis = whom != NULL;
  j->choose_frame = mg_call_has(call, "frame");
  MG_REQUIRE(!whom || strcmp(whom, "mdanalysis") == 0, MG_ERR_INPUT,
             "convert: --for: '%s' is not known; valid: mdanalysis", whom);
  MG_REQUIRE(!whom || mg_format_of_name(j->out) == MG_FORMAT_H5, MG_ERR_INPUT,
             "convert: --for mdanalysis writes HDF5; end '%s' in .h5", j->out);
  MG_TRY(mg_call_integer(call, "frame", INT32_MIN, INT32_MAX, &j->frame));
  MG_TRY(mg_option_species(call, &j->species));
  return mg_option_names(call, "fields", "list of fields such as stress,d2min", &j->fields,
                         &j->choose_fields);
}

/* How many will come; formats that take any number need not know. */
static mg_status count(mg_series *series, const job *j, int64_t *n) {
  *n = 1;
  if (j->choose_frame) return mg_series_choose(series, j->frame);
  const mg_format format = mg_format_of_name(j->out);
  const bool any = format == MG_FORMAT_LAMMPS_DUMP || format == MG_FORMAT_XYZ;
  return any ? MG_OK : mg_series_count(series, n);
}

static mg_status put_all(const mg_comm *comm, mg_series *series, mg_writer *writer) {
  for (;;) {
    mg_frame frame;
    mg_frame_view view = {0};
    bool found;
    MG_TRY(mg_series_next(series, &frame, &found));
    if (!found) return MG_OK;
    mg_status status = mg_agree(comm, mg_frame_view_make(&frame, &view));
    if (status == MG_OK) status = mg_writer_put(writer, &view.snapshot);
    mg_frame_view_clear(&view);
    mg_frame_clear(&frame);
    MG_TRY(status);
  }
}

static mg_status convert(const mg_comm *comm, const mg_call *call, const job *j,
                         mg_series *series) {
  int64_t n;
  mg_writer *writer;
  MG_TRY(count(series, j, &n));
  const mg_outputs outputs = {j->out, n, j->mdanalysis, NULL};
  MG_TRY(mg_series_check_fields(series, call, NULL));
  MG_TRY(mg_outputs_check(comm, call, &outputs, 1, (const mg_series *const[]){series}));
  MG_TRY(mg_writer_open(comm, j->out, n, j->mdanalysis, &writer));
  const mg_status status = mg_writer_close(&writer, put_all(comm, series, writer));
  if (status == MG_OK)
    mg_log("%s written: %lld configuration%s", j->out,
           j->choose_frame ? 1 : (long long)series->done,
           series->done == 1 || j->choose_frame ? "" : "s");
  return status;
}

static mg_status run(const mg_comm *comm, const mg_call *call) {
  job j = {0};
  mg_series series;
  MG_TRY(read_options(call, &j));
  const mg_read_options reading = {
      .species = &j.species, .fields = true, .only = j.choose_fields ? &j.fields : NULL};
  MG_TRY(mg_series_open(comm, call->n_words - 1, call->word, &reading, &series));
  const mg_status status = convert(comm, call, &j, &series);
  mg_series_close(&series);
  return status;
}

const mg_command mg_command_convert = {.name = "convert",
                                       .summary = "turn configurations into another format",
                                       .words = "IN... OUT",
                                       .min_words = 2,
                                       .max_words = MOST_FILES,
                                       .options = options,
                                       .notes = notes,
                                       .examples = examples,
                                       .run = run};
