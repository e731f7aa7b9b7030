/** The list of stages of one input: loaded, checked, run.
 *
 *    mg_pipeline_load   file -> tree -> configs -> potential -> checks, all mistakes collected
 *    mg_pipeline_run    the stages one after the other (stage/run.h)
 */
#ifndef MGMD_STAGE_PIPELINE_H
#define MGMD_STAGE_PIPELINE_H

#include "mgmd/comm/comm.h"
#include "mgmd/io/config.h"
#include "mgmd/potential/potential.h"
#include "mgmd/stage/stage.h"

/** One stage with its parsed parameters. */
typedef struct mg_stage {
  const mg_stage_type *type;
  void *config;                  /**< owned, type->config_size bytes */
  const mg_config_stage *source; /**< word, place and label; borrowed from the config */
  bool sound;                    /**< all parameters are valid */
} mg_stage;

typedef struct mg_pipeline {
  mg_config *config;       /**< owned; holds the diagnostics */
  mg_potential *potential; /**< owned; NULL when it could not be loaded */
  int n_stages;
  mg_stage *stages; /**< [n_stages] owned */
  mg_plan plan;     /**< nominal state and cost after the last stage */
} mg_pipeline;

/** Load an input and check everything that can be checked before the first step. Writes nothing.
 *  Collective.
 *
 *  @param[in]  mode      MG_CHECK_ONLY: a file to be read may be missing still and the rank grid
 *                        may be for another number of ranks; both give a warning
 *  @param[out] pipeline    release with mg_pipeline_destroy; set also when the input has mistakes,
 *                          so that all of them can be listed (config->diagnostics, on rank 0);
 *                          NULL only when there is nothing to list
 *  @return agreed status; MG_ERR_INPUT with the first mistake in file order  */
mg_status mg_pipeline_load(const mg_comm *comm, const mg_config_source *source, mg_check_mode mode,
                           mg_pipeline **pipeline);

/** The part of mg_pipeline_load that knows no files and no ranks: parameters of all stages.
 *  Mistakes go to config->diagnostics. Takes @p config, also on failure. Not collective.
 *  @return MG_OK or MG_ERR_MEMORY */
mg_status mg_pipeline_build(mg_config *config, mg_pipeline **pipeline);

/** Check the stages one after the other, up to the first whose parameters are not sound; fills
 *  pipeline->plan. Looks at the headers of files to be read. Not collective. */
void mg_pipeline_check(mg_pipeline *pipeline, mg_check_mode mode);

/** Time over which positions are averaged for the strains [ps], 0: they are not. Asked for in
 *  `output`, or by a stage, which then speaks for the whole run: the reference of a strain is of
 *  the same kind as the state. After mg_pipeline_check. */
double mg_pipeline_averaging(const mg_pipeline *pipeline);

/** The input with all overrides and defaults filled in, as YAML that gives the same run (run.yaml,
 *  /parameters). Not collective, the same text on every rank.
 *  @param[out] text  release with mg_free */
mg_status mg_pipeline_resolved(const mg_pipeline *pipeline, char **text);

/** NULL is allowed; nulls the pointer. */
void mg_pipeline_destroy(mg_pipeline **pipeline);

#endif
