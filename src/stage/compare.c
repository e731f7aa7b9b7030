/* May a run go on with another input? Both inputs are compared as they were resolved, value by
 * value along the parameter tables: 1e-3 1/ps and 1e9 1/s are the same rate. What may differ is
 * what physics does not depend on (output, wall times, the rank grid, the title) and stages that
 * have not begun. The potential is compared by its hash, the kernel is taken from the checkpoint
 * (resume.c).
 */
#include "save.h"

#include "mgmd/base/mem.h"
#include "mgmd/stage/pipeline.h"

#include <stdio.h>
#include <string.h>

/* Settings that may change, or are compared in another way. */
static const char *const free_settings[] = {"title",    "potential", "output", "parallel",
                                            "kernel", "stages",    NULL};

static bool is_free(const char *name) {
  for (int k = 0; free_settings[k]; k++)
    if (strcmp(free_settings[k], name) == 0) return true;
  return false;
}

/* The value of a key as it was written; "" when it is no plain word. */
static const char *written(const mg_yaml_node *node, const char *key) {
  const mg_yaml_node *value = mg_yaml_get(node, key);
  return value && value->kind == MG_YAML_SCALAR ? value->text : "";
}

static mg_status refuse(const mg_run *run, const char *label, const char *key,
                        const mg_yaml_node *before, const mg_yaml_node *now) {
  const char *was = written(before, key), *is = written(now, key);
  const char *dot = *label ? "." : "";
  if (*was && *is)
    return mg_fail(MG_ERR_INPUT,
                   "%s: %s%s%s: is %.80s and was %.80s when this part of the run was done; to go "
                   "on, write what it was",
                   run->pipeline->config->path, label, dot, key, is, was);
  return mg_fail(MG_ERR_INPUT,
                 "%s: %s%s%s: is not what it was when this part of the run was done; to go on, "
                 "write what %.200s/run.yaml has",
                 run->pipeline->config->path, label, dot, key, run->dir.path);
}

static mg_status compare_settings(const mg_run *run, const mg_config *before,
                                  const mg_config *now) {
  for (const mg_param *row = mg_config_params; row->name; row++)
    if (!is_free(row->name) && !mg_param_same(row, before, now))
      return refuse(run, "", row->name, before->tree, now->tree);
  return MG_OK;
}

static mg_status compare_stage(const mg_run *run, const mg_stage *before, const mg_stage *now,
                               int number) {
  if (before->type != now->type)
    return mg_fail(MG_ERR_INPUT,
                   "%s: stage %d is '%s' and was '%s' when it was done; to go on, leave the stages "
                   "that were done as they were",
                   run->pipeline->config->path, number, now->source->word, before->source->word);
  for (const mg_param *row = before->type->params; row->name; row++)
    if (!mg_param_same(row, before->config, now->config))
      return refuse(run, now->source->label, row->name, before->source->node, now->source->node);
  return MG_OK;
}

static mg_status compare(const mg_run *run, const mg_pipeline *before, const mg_pipeline *now,
                         int begun) {
  MG_REQUIRE(before->config->diagnostics.n == 0 && before->n_stages >= begun, MG_ERR_INPUT,
             "the checkpoint's input is not one of this version of mgmd");
  MG_TRY(compare_settings(run, before->config, now->config));
  MG_REQUIRE(now->n_stages >= begun, MG_ERR_INPUT,
             "%s: has %d stages, and %d were begun already; to go on, leave these as they were",
             run->pipeline->config->path, now->n_stages, begun);
  for (int k = 0; k < begun; k++)
    MG_TRY(compare_stage(run, &before->stages[k], &now->stages[k], k + 1));
  return MG_OK;
}

static mg_status parse(const char *text, mg_pipeline **pipeline) {
  const mg_config_source source = {.path = "/input"};
  mg_config *config;
  *pipeline = NULL;
  MG_TRY(mg_config_parse(&source, "/", text, strlen(text), &config));
  return mg_pipeline_build(config, pipeline);
}

mg_status mg_resume_compare(const mg_run *run, const char *before, int begun, int *n_more) {
  mg_pipeline *old = NULL, *now = NULL;
  *n_more = 0;
  mg_status status = parse(before, &old);
  if (status == MG_OK) status = parse(run->resolved, &now);
  if (status == MG_OK) status = compare(run, old, now, begun < 0 ? old->n_stages : begun);
  if (status == MG_OK) *n_more = now->n_stages - old->n_stages;
  mg_pipeline_destroy(&old);
  mg_pipeline_destroy(&now);
  return status;
}
