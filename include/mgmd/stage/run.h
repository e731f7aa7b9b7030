/** A running pipeline: the simulation, its outputs and what the stages hand on to each other. */
#ifndef MGMD_STAGE_RUN_H
#define MGMD_STAGE_RUN_H

#include "mgmd/analysis/strain.h"
#include "mgmd/base/record.h"
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

/** When to save and when to stop. Clocks and signals decide this and nothing else. */
typedef struct mg_guard {
  double interval;    /**< between checkpoints [s] */
  double deadline;    /**< on mg_clock [s]; infinite: none */
  char deadline_name[32]; /**< "--walltime" */
  double saved;       /**< when the last checkpoint was complete, or the run began */
  double longest;     /**< time that a checkpoint takes, estimated until it is measured [s] */
  double asked;       /**< when it was last asked; NaN: not yet in this motion */
  double gap;         /**< longest time between two questions [s] */
  double looked;      /**< when rank 0 last looked for the stop file */
  const char *reason; /**< rank 0: why it stops, NULL while it does not */
} mg_guard;

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
  int part;                /**< of the stage, in its own count; 0: it has not begun */
  mg_motion motion;        /**< of the stage */
  void *progress;          /**< owned: the struct of the stage's own, or NULL */

  mg_rundir dir;
  mg_table *thermo;
  mg_table_mark thermo_mark;   /**< of thermo.csv at the last checkpoint */
  int checkpoint;              /**< number of the last good checkpoint; -1: none yet */
  int next_checkpoint;         /**< number of the next one */
  mg_box reference_box;        /**< of `reference`, while it is saved and loaded */
  int64_t force_checksum;      /**< of the forces when the state was saved, 0 between stages */
  mg_guard guard;
  char *resolved, *provenance; /**< texts stored in every snapshot */
  int n_snapshots;             /**< of the series, NAME-000000.h5 on */
  mg_xdmf series;              /**< rank 0 */
  int64_t thermo_every;        /**< steps */

  struct mg_stage_time *times; /**< [stages of the pipeline] */
  mg_results results;
  mg_thermo last;              /**< of the last row of thermo.csv */
  double started, shown;       /**< clock readings for the progress line [s] */
  int64_t shown_step, shown_from; /**< at the last line; at the beginning of the stage */
  double shown_rate;           /**< smoothed [steps/s]; NaN: not known yet */
};

enum { MG_SNAPSHOT_NAME = 160 };

/** How a run is started, beyond its input. */
typedef struct mg_run_options {
  bool overwrite;
  const char *resume; /**< "auto" or a checkpoint; NULL: a new run */
  double walltime;    /**< the run may take, from `started` on [s]; infinite: no limit */
  double started;     /**< reading of mg_clock when the program started */
} mg_run_options;

/** The state of a run between two steps, a row for each value; into mg_run. */
extern const mg_record mg_run_records[];

/** Run all stages, or go on with them, and write all files. Collective.
 *  @return agreed; MG_STOPPED with an empty record when it stopped early on purpose, which has then
 *          been told */
mg_status mg_pipeline_run(const mg_comm *comm, mg_pipeline *pipeline,
                          const mg_run_options *options);

#endif
