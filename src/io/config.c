/* An input passes through four hands, each of which adds its mistakes and goes on: the YAML tree,
 * the overrides, the top-level table, the list of stages. Only a broken tree ends it early. */
#include "mgmd/io/config.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/io/file.h"
#include "mgmd/io/params.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* More stages than this are a mistake of whatever wrote the input. */
enum { MOST_STAGES = 1000 };

static const mg_param axes_params[] = {
    {.name = "load",
     .kind = MG_P_AXIS,
     .offset = offsetof(mg_config, axes.load),
     .required = true,
     .doc = "axis along which the sample is compressed: x, y or z"},
    {.name = "free",
     .kind = MG_P_AXIS,
     .offset = offsetof(mg_config, axes.free),
     .required = true,
     .doc = "axis across which the sample has free surfaces and notches: x, y or z"},
    {.name = "thin",
     .kind = MG_P_AXIS,
     .offset = offsetof(mg_config, axes.thin),
     .required = true,
     .doc = "axis through the thickness of the sample: x, y or z"},
    {.name = NULL},
};

const char *const mg_output_fields[] = {"position",
                                        "image",
                                        "id",
                                        "species",
                                        "mass",
                                        "velocity",
                                        "force",
                                        "potential_energy",
                                        "stress",
                                        "von_mises_strain",
                                        "volumetric_strain",
                                        "volume_change",
                                        "rotation_angle",
                                        "strain",
                                        "strain_12",
                                        "d2min",
                                        "strain_valid",
                                        "mean_position",
                                        NULL};

const char *const mg_positions_words[] = {"instantaneous", "time_averaged", NULL};
static const char *const precisions[] = {"float64", "float32", NULL};
const char *const mg_kernel_choices[] = {"auto", "reference", "avx2", "avx512", NULL};

static const mg_param output_params[] = {
    {.name = "directory",
     .kind = MG_P_TEXT,
     .offset = offsetof(mg_config, directory),
     .required = true,
     .doc = "folder for everything the run writes, relative to the working directory"},
    {.name = "thermo",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_TIME,
     .offset = offsetof(mg_config, thermo),
     .fallback = "1 ps",
     .min = 0,
     .max = INFINITY,
     .above_min = true,
     .doc = "time between rows of thermo.csv, rounded to whole time steps"},
    {.name = "checkpoint",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_WALL_TIME,
     .offset = offsetof(mg_config, checkpoint),
     .fallback = "30 min",
     .min = 0,
     .max = INFINITY,
     .above_min = true,
     .doc = "wall-clock time between checkpoints, which are also written at the end of a stage"},
    {.name = "fields",
     .kind = MG_P_NAMES,
     .offset = offsetof(mg_config, fields),
     .choices = mg_output_fields,
     .doc = "per-atom fields in the snapshots; all when left out"},
    {.name = "precision",
     .kind = MG_P_CHOICE,
     .offset = offsetof(mg_config, precision),
     .fallback = "float64",
     .choices = precisions,
     .doc = "of real numbers in the snapshots"},
    {.name = "positions",
     .kind = MG_P_CHOICE,
     .offset = offsetof(mg_config, positions),
     .fallback = "instantaneous",
     .choices = mg_positions_words,
     .doc = "of the strains and their reference; time_averaged takes the noise of heat out"},
    {.name = "average",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_TIME,
     .offset = offsetof(mg_config, average),
     .fallback = "1 ps",
     .min = 0,
     .max = 1e6,
     .above_min = true,
     .doc = "of time_averaged: weights of the past fall by e over this time"},
    {.name = NULL},
};

static const mg_param parallel_params[] = {
    {.name = "grid",
     .kind = MG_P_INT3,
     .offset = offsetof(mg_config, grid),
     .min = 1,
     .max = 1e6,
     .doc = "ranks along x, y and z; chosen by the program when left out"},
    {.name = NULL},
};

const mg_param mg_config_params[] = {
    {.name = "title",
     .kind = MG_P_TEXT,
     .offset = offsetof(mg_config, title),
     .doc = "what the run is called in its files"},
    {.name = "potential",
     .kind = MG_P_NAME_OR_FILE,
     .offset = offsetof(mg_config, potential),
     .required = true,
     .doc = "name of a built-in potential, or path of a *.eam.fs or *.eam.alloy file"},
    {.name = "timestep",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_TIME,
     .offset = offsetof(mg_config, timestep),
     .required = true,
     .min = 0,
     .max = 0.02,
     .above_min = true,
     .doc = "time step of the integrator, such as 2 fs"},
    {.name = "seed",
     .kind = MG_P_INT,
     .offset = offsetof(mg_config, seed),
     .required = true,
     .min = 0,
     .max = INFINITY,
     .doc = "whole number that all random choices derive from"},
    {.name = "axes",
     .kind = MG_P_TABLE,
     .required = true,
     .table = axes_params,
     .doc = "roles of the axes, such as {load: z, free: y, thin: x}"},
    {.name = "output",
     .kind = MG_P_TABLE,
     .required = true,
     .table = output_params,
     .doc = "what is written and where, at least {directory: out/NAME}"},
    {.name = "parallel",
     .kind = MG_P_TABLE,
     .table = parallel_params,
     .doc = "how the ranks share the box"},
    {.name = "kernel",
     .kind = MG_P_CHOICE,
     .offset = offsetof(mg_config, kernel),
     .fallback = "auto",
     .choices = mg_kernel_choices,
     .doc = "force kernel; auto takes the fastest that all ranks have and the potential allows; "
            "reference is exact for tables too"},
    {.name = "skin",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(mg_config, skin),
     .min = 0,
     .max = 10,
     .above_min = true,
     .doc = "extra reach of the neighbour lists; chosen by the program when left out"},
    {.name = "stages",
     .kind = MG_P_LIST,
     .required = true,
     .doc = "list of what to do, one stage after the other"},
    {.name = NULL},
};

/* --- stages ----------------------------------------------------------------------------------- */

static void bad_stage(mg_config *config, int k, mg_place place, const char *text) {
  char path[MG_KEY_PATH];
  snprintf(path, sizeof path, "stages[%d]", k + 1);
  mg_diagnostics_add(&config->diagnostics, place, path, "%s", text);
}

/* A stage is written `- word: {..}`, `- word:` or `- word`. */
static bool read_stage(mg_config *config, int k, const mg_yaml_node *item, mg_config_stage *stage) {
  if (item->kind == MG_YAML_SCALAR && !mg_yaml_is_null(item)) {
    *stage = (mg_config_stage){.word = item->text, .key = item};
    return true;
  }
  if (item->kind == MG_YAML_MAPPING && item->n == 1) {
    *stage = (mg_config_stage){item->key[0]->text, item->key[0], item->item[0], ""};
    return true;
  }
  char text[MG_DIAGNOSTIC_TEXT];
  if (item->kind == MG_YAML_MAPPING && item->n > 1) {
    snprintf(text, sizeof text,
             "a stage with %d words ('%.30s', '%.30s'); indent its parameters below its word",
             item->n, item->key[0]->text, item->key[1]->text);
    bad_stage(config, k, item->key[1]->place, text);
  } else {
    bad_stage(config, k, item->place, "not a stage; write - word: {parameters}");
  }
  return false;
}

static void label_stages(mg_config *config) {
  for (int k = 0; k < config->n_stages; k++) {
    int same = 0, index = 0;
    for (int j = 0; j < config->n_stages; j++) {
      if (strcmp(config->stages[j].word, config->stages[k].word) != 0) continue;
      same++;
      if (j <= k) index++;
    }
    char *label = config->stages[k].label;
    snprintf(label, sizeof config->stages->label, "%.40s", config->stages[k].word);
    if (same > 1) mg_str_append(label, sizeof config->stages->label, "[%d]", index);
  }
}

static mg_status read_stages(mg_config *config) {
  const mg_yaml_node *list = mg_yaml_get(config->tree, "stages");
  if (!list) return MG_OK; /* reported as missing */
  mg_diagnostics *diagnostics = &config->diagnostics;
  if (list->kind != MG_YAML_SEQUENCE) {
    const bool empty = mg_yaml_is_null(list);
    mg_diagnostics_add(diagnostics,
                       empty ? mg_yaml_key(config->tree, "stages")->place : list->place, "stages",
                       "%s; write a list, - word: {parameters}", empty ? "empty" : "not a list");
    return MG_OK;
  }
  if (list->n == 0 || list->n > MOST_STAGES) {
    mg_diagnostics_add(diagnostics, list->place, "stages", "a list of %d; write 1 to %d stages",
                       list->n, MOST_STAGES);
    return MG_OK;
  }
  MG_TRY(MG_NEW(config->stages, list->n));
  for (int k = 0; k < list->n; k++)
    if (read_stage(config, k, list->item[k], &config->stages[config->n_stages])) config->n_stages++;
  label_stages(config);
  return MG_OK;
}

/* --- the whole input -------------------------------------------------------------------------- */

/* Repeated keys at any depth; stages are named by their labels. */
static void check_repeats(mg_config *config, const mg_yaml_node *node, const char *path) {
  for (int k = 0; k < node->n; k++) {
    char inner[MG_KEY_PATH];
    mg_str_copy(inner, sizeof inner, path);
    if (node->kind == MG_YAML_MAPPING) {
      const mg_yaml_node *key = node->key[k];
      mg_str_append(inner, sizeof inner, "%s%s", path[0] ? "." : "", key->text);
      for (int j = 0; j < config->n_stages; j++)
        if (config->stages[j].key == key) mg_str_copy(inner, sizeof inner, config->stages[j].label);
      if (key->first_line)
        mg_diagnostics_add(&config->diagnostics, key->place, inner,
                           "repeated key '%.60s', first on line %d; write it once", key->text,
                           key->first_line);
    } else {
      mg_str_append(inner, sizeof inner, "[%d]", k + 1);
    }
    check_repeats(config, node->item[k], inner);
  }
}

static void check_axes(mg_config *config) {
  static const char *const roles[] = {"load", "free", "thin"};
  const int axis[3] = {config->axes.load, config->axes.free, config->axes.thin};
  const mg_yaml_node *node = mg_yaml_get(config->tree, "axes");
  for (int k = 1; k < 3; k++) {
    for (int j = 0; j < k; j++) {
      if (axis[j] < 0 || axis[j] != axis[k]) continue;
      char path[MG_KEY_PATH];
      snprintf(path, sizeof path, "axes.%s", roles[k]);
      mg_diagnostics_add(&config->diagnostics, mg_yaml_get(node, roles[k])->place, path,
                         "'%c' is the %s axis already; name three different axes", "xyz"[axis[k]],
                         roles[j]);
      return;
    }
  }
}

static void check_thermo(mg_config *config) {
  if (!(config->thermo < config->timestep * (1 - 1e-9))) return;
  const mg_yaml_node *node = mg_yaml_at(config->tree, "output.thermo");
  mg_diagnostics_add(&config->diagnostics,
                     node ? node->place : mg_yaml_get(config->tree, "timestep")->place,
                     "output.thermo", "%g ps is less than one time step; write at least %g ps",
                     config->thermo, config->timestep);
}

static mg_status apply_overrides(mg_config *config, const mg_config_source *source) {
  for (int k = 0; k < source->n_sets; k++)
    MG_TRY(mg_config_override(config->tree, source->sets[k], k + 1, &config->diagnostics));
  if (!source->out) return MG_OK;
  const mg_place place = {config->n_overrides, 1, 1};
  mg_yaml_node *output = mg_yaml_get(config->tree, "output");
  if (mg_yaml_is_null(output)) {
    MG_TRY(mg_yaml_put(config->tree, "output", place, mg_yaml_new(MG_YAML_MAPPING, place)));
    output = mg_yaml_get(config->tree, "output");
  }
  if (!output) return MG_ERR_MEMORY;
  if (output->kind != MG_YAML_MAPPING) return MG_OK; /* reported by the table */
  mg_yaml_node *value = mg_yaml_new_scalar(source->out, place);
  if (!value) return MG_ERR_MEMORY;
  value->quoted = true;
  return mg_yaml_put(output, "directory", place, value);
}

static mg_status read_tree(mg_config *config, const mg_config_source *source) {
  mg_diagnostics *diagnostics = &config->diagnostics;
  const mg_place top = config->tree->place;
  if (config->tree->kind != MG_YAML_MAPPING) {
    mg_diagnostics_add(diagnostics, top, "input",
                       "%s; write keys: potential, timestep, seed, "
                       "axes, output, stages",
                       mg_yaml_is_null(config->tree) ? "empty" : "not a map of keys");
    return MG_OK;
  }
  MG_TRY(apply_overrides(config, source));
  const mg_param_source table = {.node = config->tree,
                                 .place = top,
                                 .path = "",
                                 .input_path = config->path,
                                 .diagnostics = diagnostics};
  const bool sound = mg_param_parse(mg_config_params, &table, config);
  MG_TRY(read_stages(config));
  check_repeats(config, config->tree, "");
  if (sound) {
    check_axes(config);
    check_thermo(config);
  }
  return MG_OK;
}

static mg_status copy_overrides(mg_config *config, const mg_config_source *source) {
  const int n = source->n_sets + (source->out != NULL);
  MG_TRY(MG_NEW(config->overrides, n));
  for (int k = 0; k < n; k++) {
    const bool set = k < source->n_sets;
    const char *what = set ? "--set" : "--out", *value = set ? source->sets[k] : source->out;
    const size_t size = strlen(what) + strlen(value) + 2;
    MG_TRY(MG_NEW(config->overrides[k], size));
    snprintf(config->overrides[k], size, "%s %s", what, value);
    config->n_overrides++;
  }
  return MG_OK;
}

static mg_status parse(mg_config *config, const mg_config_source *source, const char *text,
                       size_t length) {
  MG_TRY(copy_overrides(config, source));
  mg_diagnostics_init(&config->diagnostics, config->path, (const char *const *)config->overrides);
  const mg_status status = mg_yaml_parse(text, length, 0, &config->diagnostics, &config->tree);
  if (status == MG_ERR_INPUT) return MG_OK; /* one diagnostic says why */
  MG_TRY(status);
  return read_tree(config, source);
}

mg_status mg_config_parse(const mg_config_source *source, const char *working_directory,
                          const char *text, size_t length, mg_config **config) {
  mg_config *made;
  *config = NULL;
  MG_TRY(MG_NEW(made, 1));
  mg_str_copy(made->path, sizeof made->path, source->path);
  mg_str_copy(made->working_directory, sizeof made->working_directory, working_directory);
  const mg_status status = parse(made, source, text, length);
  if (status == MG_OK)
    *config = made;
  else
    mg_config_destroy(&made);
  return status;
}

mg_status mg_config_load(const mg_comm *comm, const mg_config_source *source, mg_config **config) {
  char directory[MG_PATH] = ".", *text;
  size_t length;
  *config = NULL;
  MG_REQUIRE(strlen(source->path) < MG_PATH, MG_ERR_INPUT, "%.60s..: a path longer than %d bytes",
             source->path, MG_PATH - 1);
  MG_TRY(mg_file_read_all(comm, source->path, MG_YAML_BYTES, &text, &length));
  if (comm->rank == 0 && !getcwd(directory, sizeof directory)) mg_str_copy(directory, 2, ".");
  mg_broadcast(comm, directory, sizeof directory, 0);
  const mg_status status = mg_agree(comm, mg_config_parse(source, directory, text, length, config));
  mg_free(text);
  if (status != MG_OK) mg_config_destroy(config);
  return status;
}

void mg_config_destroy(mg_config **config) {
  mg_config *old = *config;
  if (!old) return;
  for (int k = 0; k < old->n_overrides; k++) mg_free(old->overrides[k]);
  mg_free(old->overrides);
  mg_free(old->stages);
  mg_yaml_destroy(&old->tree);
  mg_free(old);
  *config = NULL;
}
