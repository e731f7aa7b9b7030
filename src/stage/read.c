/* A configuration from a file: mgmd HDF5, LAMMPS data or dump, extended XYZ. An mgmd snapshot
 * brings back velocities, open axes, the specimen's lengths and the strain reference; other formats
 * bring what they hold. */
#include "drive.h"
#include "loading.h"
#include "rows.h"

#include "mgmd/base/str.h"
#include "mgmd/io/file.h"
#include "mgmd/dynamics/velocity.h"
#include "mgmd/io/frame.h"
#include "mgmd/stage/stage.h"

#include <math.h>
#include <stddef.h>

typedef struct read_config {
  char file[MG_PATH];
  mg_names species;
} read_config;

static const mg_param params[] = {
    {.name = "file",
     .kind = MG_P_FILE,
     .offset = offsetof(read_config, file),
     .required = true,
     .doc = "configuration to start from, relative to the input file"},
    {.name = "species",
     .kind = MG_P_NAMES,
     .offset = offsetof(read_config, species),
     .doc = "elements of the file's types 1, 2, .., where it does not name them"},
    {.name = NULL},
};

static void check_species(mg_check *check, const mg_species *found) {
  const mg_species *known = &check->plan.species;
  const char *key = mg_check_given(check, "species") ? "species" : "file";
  if (found->n == 0) {
    mg_check_fail(check, "file", "the file does not name its elements; add species: [..]");
    return;
  }
  for (int k = 0; k < found->n; k++) {
    if (known->n == 0 || mg_species_index(known, found->symbol[k]) >= 0) continue;
    char list[64] = "";
    for (int j = 0; j < known->n; j++)
      mg_str_append(list, sizeof list, "%s%s", j ? ", " : "", known->symbol[j]);
    mg_check_fail(check, key, "the potential has no %s; its elements: %s", found->symbol[k], list);
  }
}

/* A sample that was cut or loaded along certain axes cannot be read as if these were others. */
static void check_axes(mg_check *check, const mg_frame_header *header) {
  const mg_axes *now = &check->plan.axes, *then = &header->axes;
  for (int a = 0; a < 3; a++)
    if (!header->box.periodic[a] && a != now->free)
      mg_check_fail(check, "file",
                    "the file's axis %s is open, and only the free axis, here %s, "
                    "may be",
                    mg_axis_name(a), mg_axis_name(now->free));
  const bool has_roles =
      header->has_axes && (isfinite(header->sample.length0) || header->sample.notch_depth > 0);
  if (has_roles && (now->load != then->load || now->free != then->free || now->thin != then->thin))
    mg_check_fail(check, "file",
                  "its sample has axes {load: %s, free: %s, thin: %s}; write the "
                  "same at the top",
                  mg_axis_name(then->load), mg_axis_name(then->free), mg_axis_name(then->thin));
}

static void take_header(mg_check *check, const mg_frame_header *header) {
  mg_plan *plan = &check->plan;
  plan->n_atoms = (double)header->n_atoms;
  plan->box = header->box;
  plan->box_known = true;
  plan->sample = header->sample;
  plan->has_velocity = header->has_velocity;
  plan->has_reference = header->has_reference;
  plan->loaded = header->has_reference && isfinite(header->sample.strain_rate);
  plan->temperature = header->has_velocity ? header->sample.temperature : 0;
}

static void check_read(const void *data, mg_check *check) {
  const read_config *config = data;
  mg_plan *plan = &check->plan;
  if (!mg_check_starts_empty(check)) return;
  plan->has_atoms = true;
  plan->n_atoms = NAN;
  if (check->mode != MG_CHECK_RUN && !mg_file_exists(config->file)) {
    /* taken for a periodic sample that may have been loaded: nothing after it is refused wrongly */
    for (int a = 0; a < 3; a++) plan->box.periodic[a] = true;
    plan->loaded = true;
    if (check->mode == MG_CHECK_ONLY)
      mg_check_warn(check, "file", "'%s' is not there yet; sizes after it are not checked",
                  config->file);
    return;
  }
  mg_frame_header header;
  if (mg_frame_peek(config->file, &config->species, &header) != MG_OK) {
    if (mg_error_code() == MG_ERR_MEMORY) return; /* no mistake of the input */
    mg_check_fail(check, "file", "%s", mg_error_text());
    mg_error_clear(); /* it has become a diagnostic */
    return;
  }
  check_species(check, &header.species);
  check_axes(check, &header);
  take_header(check, &header);
  mg_check_box(check, "file");
}

/* The file's elements in the potential's numbering. */
static mg_status translate_species(const mg_frame *frame, mg_sim *sim) {
  for (int32_t i = 0; i < sim->atoms.n; i++) {
    const char *symbol = frame->species.symbol[sim->atoms.species[i]];
    sim->atoms.species[i] = mg_species_index(&sim->species, symbol);
    MG_REQUIRE(sim->atoms.species[i] >= 0, MG_ERR_INPUT, "read: the potential has no %s", symbol);
  }
  return MG_OK;
}

static mg_status take(mg_frame *frame, mg_run *run) {
  mg_sim *sim = &run->sim;
  sim->box = frame->box;
  sim->sample = frame->sample;
  sim->atoms = frame->atoms; /* the frame's arrays change hands */
  frame->atoms = (mg_atoms){0};
  const mg_status status = mg_agree(run->comm, translate_species(frame, sim));
  sim->atoms.n_global = mg_count_all(run->comm, sim->atoms.n);
  if (isfinite(sim->sample.length0)) {
    run->width = sim->sample.width0;
    run->thickness = sim->sample.thickness0;
  }
  if (isnan(sim->sample.atomic_volume) && sim->box.periodic[sim->axes.free])
    sim->sample.atomic_volume = mg_box_volume(&sim->box) / (double)sim->atoms.n_global;
  if (status != MG_OK || !frame->has_reference) return status;
  return mg_loading_restore_reference(run, frame);
}

static mg_status run(const void *data, mg_run *run) {
  const read_config *config = data;
  mg_frame frame;
  MG_TRY(mg_frame_read(run->comm, config->file, &config->species, &frame));
  const mg_status status = take(&frame, run);
  mg_frame_clear(&frame);
  if (status == MG_OK) mg_velocity_measure(&run->sim);
  run->last.temperature = mg_sim_temperature(&run->sim);
  return status;
}

const mg_stage_type mg_stage_read = {
    .name = "read",
    .summary = "start from a file: mgmd HDF5, LAMMPS data, LAMMPS dump or extended XYZ",
    .params = params,
    .config_size = sizeof(read_config),
    .check = check_read,
    .run = run,
    .rearranges = true};
