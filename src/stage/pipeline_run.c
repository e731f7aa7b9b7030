/* Running a checked pipeline: set up, the stages in order, the summary. */
#include "drive.h"
#include "save.h"
#include "summary.h"
#include "times.h"
#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/dynamics/means.h"
#include "mgmd/io/file.h"
#include "mgmd/potential/fit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* @param[in] kernel  of the run that goes on, "" for a new one */
static mg_status open_sim(mg_run *run, mg_pipeline *pipeline, const char *kernel) {
  const mg_config *config = pipeline->config;
  mg_sim *sim = &run->sim;
  mg_potential *potential = pipeline->potential;
  pipeline->potential = NULL; /* the simulation owns it from here on */
  MG_TRY(mg_sim_init(sim, run->comm, potential,
                     *kernel ? kernel : mg_kernel_choices[config->kernel]));
  sim->seed = (uint64_t)config->seed;
  sim->dt = config->timestep;
  sim->axes = config->axes;
  sim->wanted_skin = config->skin;
  sim->averaging = mg_pipeline_averaging(pipeline);
  for (int a = 0; a < 3; a++) sim->wanted_grid[a] = config->grid[0] > 0 ? (int)config->grid[a] : 0;
  run->thermo_every = mg_stage_steps(config->thermo, config->timestep);
  if (run->thermo_every < 1) run->thermo_every = 1;
  return MG_OK;
}

static mg_status open_texts(mg_run *run) {
  mg_status status = mg_summary_provenance(run, &run->provenance);
  if (status == MG_OK) status = mg_times_init(run);
  return mg_agree(run->comm, status);
}

/* What the new run is to read must not go with the old one. */
static mg_status spare_sources(const mg_run *run) {
  for (int k = 0; k < run->pipeline->n_stages; k++) {
    const mg_stage *stage = &run->pipeline->stages[k];
    for (const mg_param *row = stage->type->params; row->name; row++) {
      const char *path = (const char *)stage->config + row->offset;
      if (row->kind != MG_P_FILE || !mg_rundir_owns(&run->dir, path)) continue;
      return mg_fail(MG_ERR_INPUT,
                     "%s.%s: %.300s is a file of the run in %.200s, which this run replaces; "
                     "choose another directory with --out",
                     stage->source->label, row->name, path, run->dir.path);
    }
  }
  return MG_OK;
}

static mg_status clear_directory(mg_run *run) {
  MG_TRY(mg_agree(run->comm, run->comm->rank == 0 ? spare_sources(run) : MG_OK));
  return mg_rundir_clear(&run->dir, run->comm);
}

static mg_status open_files(mg_run *run, const mg_run_options *options) {
  char path[MG_PATH];
  if (!options->resume)
    MG_TRY(mg_rundir_open(&run->dir, run->comm, run->pipeline->config->directory,
                          options->overwrite ? MG_RUNDIR_KEEP : MG_RUNDIR_NEW));
  MG_TRY(clear_directory(run));
  MG_TRY(mg_summary_write_run(run));
  mg_rundir_join(&run->dir, "thermo.csv", path, sizeof path);
  return mg_table_create(&run->thermo, run->comm, path, mg_thermo_columns);
}

/* How far the kernel's functions are from a table, or why a vector kernel will not do. */
static void announce_fit(const mg_run *run) {
  const mg_fit *fit = mg_potential_fit(run->sim.potential);
  if (!fit) return;
  if (run->sim.force.tables)
    mg_log("table as polynomials: off by %.2g of the force (rms; %.2g with the table's noise), "
           "%.2g eV per pair",
           fit->error.force, fit->error.pointwise, fit->error.energy);
  else if (!fit->good)
    mg_log("kernel reference, since vector kernels need polynomials: %s", fit->reason);
}

static void announce(const mg_run *run) {
  const mg_config *config = run->pipeline->config;
  mg_log("%s", config->title[0] ? config->title : config->path);
  mg_log("%d rank%s, kernel %s, potential %s, %d stages, %.3g atom-steps", run->comm->size,
         run->comm->size > 1 ? "s" : "", run->sim.force.kernel->name,
         mg_potential_name(run->sim.potential), run->pipeline->n_stages,
         run->pipeline->plan.atom_steps);
  announce_fit(run);
}

/* A stage that has not begun knows nothing; one that goes on has its progress already. */
static mg_status enter_stage(mg_run *run) {
  run->stage = &run->pipeline->stages[run->stage_number - 1];
  if (run->part) return MG_OK;
  if (run->stage->type->rearranges) mg_means_drop(&run->sim);
  run->stage_end = 0;
  mg_motion_init(&run->motion);
  if (!run->stage->type->progress_size) return MG_OK;
  run->progress = mg_calloc(1, run->stage->type->progress_size);
  return mg_agree(run->comm, run->progress ? MG_OK : MG_ERR_MEMORY);
}

static void drop_progress(mg_run *run) {
  if (run->progress)
    mg_records_clear(run->pipeline->stages[run->stage_number - 1].type->progress, run->progress);
  MG_DELETE(run->progress);
}

static mg_status run_stages(mg_run *run) {
  const int n = run->pipeline->n_stages;
  while (run->stage_number <= n) {
    const double began = mg_clock();
    MG_TRY(enter_stage(run));
    MG_TRY(run->stage->type->run(run->stage->config, run));
    mg_times_stage(run, mg_clock() - began);
    mg_log("%d/%d %-10s %9.2f ps  %9lld atoms  %8.1f K  %6.1f s", run->stage_number, n,
           run->stage->source->label, mg_sim_time(&run->sim), (long long)run->sim.atoms.n_global,
           run->last.temperature, mg_clock() - began);
    drop_progress(run);
    run->part = 0;
    run->stage_number++;
    MG_TRY(mg_guard_stage(run));
  }
  return MG_OK;
}

/* Another kernel has other last bits: the one of the beginning goes on or none. */
static mg_status lacks_kernel(const mg_run *run, const mg_resume *resume) {
  mg_error_clear();
  return mg_fail(MG_ERR_INPUT,
                 "%s: the run was begun with the kernel %s and goes on with it alone; not every "
                 "processor here can run it",
                 run->dir.path, resume->kernel);
}

static mg_status run_from(mg_run *run, mg_pipeline *pipeline, const mg_run_options *options,
                          mg_resume *resume) {
  mg_status status = open_sim(run, pipeline, resume->kernel);
  if (status == MG_ERR_INPUT && resume->file) status = lacks_kernel(run, resume);
  MG_TRY(status);
  MG_TRY(open_texts(run));
  if (!resume->file) MG_TRY(open_files(run, options));
  announce(run);
  mg_guard_begin(run, options);
  if (resume->file) {
    MG_TRY(mg_resume_apply(run, resume, strcmp(options->resume, "auto") != 0));
    MG_TRY(mg_summary_write_run(run));
  }
  mg_resume_clear(resume);
  MG_TRY(run_stages(run));
  MG_TRY(mg_table_close(&run->thermo));
  return mg_summary_write(run);
}

static mg_status run_all(mg_run *run, mg_pipeline *pipeline, const mg_run_options *options) {
  mg_resume resume = {.file = NULL};
  mg_status status = mg_agree(run->comm, mg_pipeline_resolved(pipeline, &run->resolved));
  if (status == MG_OK && options->resume) status = mg_resume_find(run, options->resume, &resume);
  if (status == MG_OK && resume.done)
    mg_log("%s: this run is done already, and is left as it is", run->dir.path);
  else if (status == MG_OK)
    status = run_from(run, pipeline, options, &resume);
  mg_resume_clear(&resume);
  return status;
}

/* What is left to go on from, told with the failure. */
static void name_last_state(const mg_run *run) {
  char path[MG_PATH], text[MG_ERROR_TEXT];
  if (run->checkpoint < 0) return;
  mg_rundir_checkpoint(&run->dir, run->checkpoint, path);
  if (!mg_file_exists(path)) return;
  snprintf(text, sizeof text, "%.640s; the last good state is %.300s", mg_error_text(), path);
  mg_error_set(mg_error_code(), text);
}

mg_status mg_pipeline_run(const mg_comm *comm, mg_pipeline *pipeline,
                          const mg_run_options *options) {
  mg_run run = {.comm = comm, .pipeline = pipeline, .started = options->started};
  run.dir.lock = -1;
  run.checkpoint = -1;
  run.stage_number = 1;
  mg_motion_init(&run.motion);
  run.results = (mg_results){NAN, NAN, NAN, NAN, NAN};
  const mg_status status = run_all(&run, pipeline, options);
  if (status == MG_ERR_RUN || status == MG_ERR_IO) name_last_state(&run);
  drop_progress(&run);
  mg_table_close(&run.thermo);
  mg_rundir_close(&run.dir);
  mg_reference_destroy(&run.reference);
  mg_sim_clear(&run.sim);
  mg_free(run.resolved);
  mg_free(run.provenance);
  mg_free(run.times);
  mg_xdmf_clear(&run.series);
  return status;
}
