/* All stages are parsed and checked before the first step: a typo in stage 7 costs a second, not a
 * night. Parsing is a pure function, so every rank does it by itself; the checks look at files, so
 * rank 0 alone makes them and tells the others. */
#include "mgmd/stage/pipeline.h"

#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/text.h"
#include "mgmd/base/version.h"
#include "mgmd/io/file.h"
#include "mgmd/io/params.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Larger than any table of an EAM potential that people use. */
enum { MOST_POTENTIAL_BYTES = 1 << 28 };

/* --- parameters ------------------------------------------------------------------------------- */

static void unknown_stage(mg_config *config, const mg_config_stage *source) {
  const char *names[64];
  char hint[240];
  int n = 0;
  while (mg_stage_types[n] && n < 63) names[n] = mg_stage_types[n]->name, n++;
  names[n] = NULL;
  mg_param_suggest(source->word, names, hint, sizeof hint);
  mg_diagnostics_add(&config->diagnostics, source->key->place, source->label,
                     "unknown stage '%.40s'; %s", source->word, hint);
}

static mg_status build_stage(mg_config *config, const mg_config_stage *source, mg_stage *stage) {
  stage->source = source;
  stage->type = mg_stage_find(source->word);
  if (!stage->type) {
    unknown_stage(config, source);
    return MG_OK;
  }
  stage->config = mg_calloc(1, stage->type->config_size);
  if (!stage->config) return MG_ERR_MEMORY;
  const mg_param_source params = {.node = source->node,
                                  .place = source->key->place,
                                  .path = source->label,
                                  .input_path = config->path,
                                  .diagnostics = &config->diagnostics};
  stage->sound = mg_param_parse(stage->type->params, &params, stage->config);
  return MG_OK;
}

static mg_status build(mg_pipeline *pipeline) {
  mg_config *config = pipeline->config;
  MG_TRY(MG_NEW(pipeline->stages, config->n_stages));
  for (int k = 0; k < config->n_stages; k++) {
    MG_TRY(build_stage(config, &config->stages[k], &pipeline->stages[k]));
    pipeline->n_stages++;
  }
  MG_REQUIRE(config->diagnostics.status == MG_OK, config->diagnostics.status,
             "%s: out of memory while it was read", config->path);
  return MG_OK;
}

mg_status mg_pipeline_build(mg_config *config, mg_pipeline **pipeline) {
  mg_pipeline *made;
  *pipeline = NULL;
  if (MG_NEW(made, 1) != MG_OK) {
    mg_config_destroy(&config);
    return MG_ERR_MEMORY;
  }
  made->config = config;
  const mg_status status = build(made);
  if (status == MG_OK)
    *pipeline = made;
  else
    mg_pipeline_destroy(&made);
  return status;
}

void mg_pipeline_destroy(mg_pipeline **pipeline) {
  mg_pipeline *old = *pipeline;
  if (!old) return;
  if (old->stages)
    for (int k = 0; k < old->config->n_stages; k++) mg_free(old->stages[k].config);
  mg_free(old->stages);
  mg_potential_destroy(&old->potential);
  mg_config_destroy(&old->config);
  mg_free(old);
  *pipeline = NULL;
}

/* --- checks ----------------------------------------------------------------------------------- */

/* The checks count in time steps and speak of axes. */
static bool has_base(const mg_config *config) {
  const mg_axes *axes = &config->axes;
  return config->tree && config->timestep > 0 && axes->load >= 0 && axes->free >= 0 &&
         axes->thin >= 0 && axes->load != axes->free && axes->free != axes->thin &&
         axes->thin != axes->load;
}

static void start_plan(const mg_pipeline *pipeline, mg_plan *plan) {
  memset(plan, 0, sizeof *plan);
  plan->axes = pipeline->config->axes;
  plan->timestep = pipeline->config->timestep;
  plan->temperature = NAN;
  mg_sample_init(&plan->sample);
  if (!pipeline->potential) return;
  plan->species = *mg_potential_species(pipeline->potential);
  plan->cutoff = mg_potential_cutoff(pipeline->potential);
}

void mg_pipeline_check(mg_pipeline *pipeline, mg_check_mode mode) {
  mg_config *config = pipeline->config;
  mg_check check = {
      .input_path = config->path, .diagnostics = &config->diagnostics, .mode = mode};
  start_plan(pipeline, &check.plan);
  for (int k = 0; has_base(config) && k < pipeline->n_stages; k++) {
    const mg_stage *stage = &pipeline->stages[k];
    if (!stage->sound) break;
    check.stage = stage->source;
    check.index = k + 1;
    stage->type->check(stage->config, &check);
    if (mg_error_code() != MG_OK) config->diagnostics.status = mg_error_code();
  }
  pipeline->plan = check.plan;
}

double mg_pipeline_averaging(const mg_pipeline *pipeline) {
  const mg_config *config = pipeline->config;
  const bool asked = config->positions == MG_POSITIONS_AVERAGED || pipeline->plan.averaged;
  return asked ? config->average : 0;
}

/* A product of ranks other than that of the job. */
static void check_grid(mg_pipeline *pipeline, const mg_comm *comm, mg_check_mode mode) {
  mg_config *config = pipeline->config;
  const int64_t *grid = config->grid;
  const mg_yaml_node *node = mg_yaml_at(config->tree, "parallel.grid");
  if (!node || grid[0] < 1) return;
  const int64_t ranks = grid[0] * grid[1] * grid[2]; /* each at most 1e6 */
  if (ranks == comm->size) return;
  char text[120], place[MG_PATH + 32];
  snprintf(text, sizeof text, "%lld x %lld x %lld is %lld ranks, and %d run; make them equal",
           (long long)grid[0], (long long)grid[1], (long long)grid[2], (long long)ranks,
           comm->size);
  mg_diagnostics_place(&config->diagnostics, node->place, place, sizeof place);
  if (mode == MG_CHECK_ONLY)
    mg_warn("%s: parallel.grid: %s", place, text);
  else
    mg_diagnostics_add(&config->diagnostics, node->place, "parallel.grid", "%s", text);
}

/* --- potential -------------------------------------------------------------------------------- */

/* The failure of @p status becomes a mistake of the input, unless it is none of its business. */
static mg_status tell_potential(mg_config *config, mg_status status) {
  if (status != MG_ERR_INPUT && status != MG_ERR_IO) return status;
  mg_diagnostics_add(&config->diagnostics, mg_yaml_get(config->tree, "potential")->place,
                     "potential", "%s", mg_error_text());
  mg_error_clear();
  return MG_OK;
}

static mg_status load_table(const mg_comm *comm, mg_pipeline *pipeline) {
  const char *path = pipeline->config->potential;
  char *text;
  size_t length;
  if (!mg_potential_is_file(path))
    return mg_fail(MG_ERR_INPUT,
                   "'%.80s' is neither a built-in name nor a *.eam.fs or *.eam.alloy "
                   "file",
                   path);
  MG_TRY(mg_file_read_all(comm, path, MOST_POTENTIAL_BYTES, &text, &length));
  const mg_status status = mg_potential_load(path, text, length, &pipeline->potential);
  mg_free(text);
  return mg_agree(comm, status);
}

/* Collective: the branches depend on the input alone, which is the same on every rank. */
static mg_status load_potential(const mg_comm *comm, mg_pipeline *pipeline) {
  mg_config *config = pipeline->config;
  if (!config->tree || !config->potential[0]) return MG_OK;
  mg_status status;
  if (strpbrk(config->potential, "/.")) {
    status = load_table(comm, pipeline);
  } else {
    pipeline->potential = mg_potential_builtin(config->potential);
    status = mg_agree(comm, pipeline->potential ? MG_OK : mg_error_code());
  }
  return tell_potential(config, status);
}

/* --- all of it -------------------------------------------------------------------------------- */

static mg_status load(const mg_comm *comm, mg_check_mode mode, mg_pipeline *pipeline) {
  MG_TRY(load_potential(comm, pipeline));
  check_grid(pipeline, comm, mode);
  mg_status status = MG_OK;
  if (comm->rank == 0) {
    mg_pipeline_check(pipeline, mode);
    status = mg_diagnostics_status(&pipeline->config->diagnostics);
  }
  status = mg_agree(comm, status);
  mg_broadcast(comm, &pipeline->plan, sizeof pipeline->plan, 0);
  return status;
}

mg_status mg_pipeline_load(const mg_comm *comm, const mg_config_source *source, mg_check_mode mode,
                           mg_pipeline **pipeline) {
  mg_config *config;
  *pipeline = NULL;
  MG_TRY(mg_config_load(comm, source, &config));
  mg_status status = mg_agree(comm, mg_pipeline_build(config, pipeline));
  if (status == MG_OK) status = load(comm, mode, *pipeline);
  if (status != MG_OK && status != MG_ERR_INPUT) mg_pipeline_destroy(pipeline);
  return status;
}

mg_status mg_pipeline_resolved(const mg_pipeline *pipeline, char **text) {
  const mg_config *config = pipeline->config;
  mg_text made = {0};
  mg_text_append(&made, "# input of mgmd %s with all defaults\n", mg_version());
  mg_param_write(&made, mg_config_params, config->tree, 0, config->path, config->working_directory);
  mg_text_append(&made, "stages:\n");
  for (int k = 0; k < pipeline->n_stages; k++) {
    const mg_stage *stage = &pipeline->stages[k];
    mg_text params = {0};
    mg_param_write(&params, stage->type->params, stage->source->node, 6, config->path,
                   config->working_directory);
    if (params.status != MG_OK) made.status = params.status;
    mg_text_append(&made, "  - %s:%s%s", stage->source->word, params.length ? "\n" : " {}\n",
                   params.length ? params.data : "");
    mg_text_clear(&params);
  }
  return mg_text_take(&made, text);
}
