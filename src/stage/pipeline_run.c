/* Running a checked pipeline: set up, the stages in order, the summary. */
#include "drive.h"
#include "summary.h"
#include "times.h"
#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/potential/fit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static mg_status open_sim(mg_run *run, mg_pipeline *pipeline) {
  const mg_config *config = pipeline->config;
  mg_sim *sim = &run->sim;
  mg_potential *potential = pipeline->potential;
  pipeline->potential = NULL; /* the simulation owns it from here on */
  MG_TRY(mg_sim_init(sim, run->comm, potential, mg_kernel_choices[config->kernel]));
  sim->seed = (uint64_t)config->seed;
  sim->dt = config->timestep;
  sim->axes = config->axes;
  sim->wanted_skin = config->skin;
  for (int a = 0; a < 3; a++) sim->wanted_grid[a] = config->grid[0] > 0 ? (int)config->grid[a] : 0;
  run->thermo_every = mg_stage_steps(config->thermo, config->timestep);
  if (run->thermo_every < 1) run->thermo_every = 1;
  return MG_OK;
}

static mg_status open_texts(mg_run *run) {
  mg_status status = mg_pipeline_resolved(run->pipeline, &run->resolved);
  if (status == MG_OK) status = mg_summary_provenance(run, &run->provenance);
  if (status == MG_OK) status = mg_times_init(run);
  return mg_agree(run->comm, status);
}

static mg_status open_files(mg_run *run, const mg_run_options *options) {
  char path[MG_PATH];
  MG_TRY(
      mg_rundir_open(&run->dir, run->comm, run->pipeline->config->directory, options->overwrite));
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

static mg_status run_stages(mg_run *run) {
  for (int k = 0; k < run->pipeline->n_stages; k++) {
    const mg_stage *stage = &run->pipeline->stages[k];
    const double began = mg_clock();
    run->stage = stage;
    run->stage_number = k + 1;
    run->stage_end = 0;
    MG_TRY(stage->type->run(stage->config, run));
    mg_times_stage(run, mg_clock() - began);
    mg_log("%d/%d %-10s %9.2f ps  %9lld atoms  %8.1f K  %6.1f s", k + 1, run->pipeline->n_stages,
           stage->source->label, mg_sim_time(&run->sim), (long long)run->sim.atoms.n_global,
           run->last.temperature, mg_clock() - began);
  }
  return MG_OK;
}

static mg_status run_all(mg_run *run, mg_pipeline *pipeline, const mg_run_options *options) {
  MG_TRY(open_sim(run, pipeline));
  MG_TRY(open_texts(run));
  MG_TRY(open_files(run, options));
  announce(run);
  MG_TRY(run_stages(run));
  MG_TRY(mg_table_close(&run->thermo));
  return mg_summary_write(run);
}

/* What is left to go on from, told with the failure. */
static void name_last_state(const mg_run *run) {
  if (run->n_snapshots == 0) return;
  char name[MG_SNAPSHOT_NAME], text[MG_ERROR_TEXT];
  mg_output_name(run, run->n_snapshots - 1, name);
  snprintf(text, sizeof text, "%.640s; the last good state is %.160s/%s", mg_error_text(),
           run->dir.path, name);
  mg_error_set(mg_error_code(), text);
}

mg_status mg_pipeline_run(const mg_comm *comm, mg_pipeline *pipeline,
                          const mg_run_options *options) {
  mg_run run = {.comm = comm, .pipeline = pipeline, .started = mg_clock()};
  run.dir.lock = -1;
  run.results = (mg_results){NAN, NAN, NAN, NAN, NAN};
  const mg_status status = run_all(&run, pipeline, options);
  if (status == MG_ERR_RUN || status == MG_ERR_IO) name_last_state(&run);
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
