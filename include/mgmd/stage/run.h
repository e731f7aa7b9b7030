/** A running pipeline: the simulation, its outputs and what the stages hand on to each other. */
#ifndef MGMD_STAGE_RUN_H
#define MGMD_STAGE_RUN_H

#include "mgmd/analysis/strain.h"
#include "mgmd/dynamics/motion.h"
#include "mgmd/dynamics/thermo.h"
#include "mgmd/io/rundir.h"
#include "mgmd/io/table.h"
#include "mgmd/io/xdmf.h"
#include "mgmd/stage/pipeline.h"

/** What a run found out, for summary.yaml; NaN: not measured. Strain is L/L0 - 1 and stress
 *  positive in tension, both negative in compression. */
typedef struct mg_results {
  double youngs_modulus;  /**< slope of the gross stress up to 1 % of strain [GPa] */
  double peak_stress;     /**< largest magnitude of the averaged gross stress [GPa] */
  double peak_strain;     /**< where */
  double final_strain;    /**< at the end of loading */
  double residual_strain; /**< mean over the second half of the hold after unloading */
} mg_results;

struct mg_run {
  const mg_comm *comm;
  const mg_pipeline *pipeline;
  mg_sim sim;
  mg_reference *reference; /**< NULL before the first compress */
  double width;            /**< gross width in use for stresses [A] */
  double thickness;        /**< thin-axis edge in use for stresses [A] */

  const mg_stage *stage;   /**< the one that is running */
  int stage_number;        /**< from 1 */
  int64_t stage_end;       /**< step at which it is expected to end */

  mg_rundir dir;
  mg_table *thermo;
  char *resolved, *provenance; /**< texts stored in every snapshot */
  int n_snapshots;             /**< of the series, NAME-000000.h5 on */
  mg_xdmf series;              /**< rank 0 */
  int64_t thermo_every;        /**< steps */

  struct mg_stage_time *times; /**< [stages of the pipeline] */
  mg_results results;
  mg_thermo last;              /**< of the last row of thermo.csv */
  double started, shown;       /**< clock readings for the progress line [s] */
  int64_t shown_step;
};

enum { MG_SNAPSHOT_NAME = 160 };

/** How a run is started, beyond its input. */
typedef struct mg_run_options {
  bool overwrite;
} mg_run_options;

/** Run all stages, write all files. Collective; agreed status. */
mg_status mg_pipeline_run(const mg_comm *comm, mg_pipeline *pipeline,
                          const mg_run_options *options);

#endif
