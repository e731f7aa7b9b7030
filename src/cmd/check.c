/* `mgmd check`: everything that can be known about a run before its first step. The figures are
 * nominal: sizes as given or read, carved and replicated; minimisations are guessed. */

#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/cmd/input.h"
#include "mgmd/comm/domain.h"
#include "mgmd/dynamics/sim.h"
#include "mgmd/force/nlist.h"
#include "mgmd/potential/fit.h"
#include "mgmd/state/grid.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Wall-clock time of one step of one atom on one core. A middle value, for want of a measurement on
 * this machine: a wide vector kernel needs less, the plain one more. */
static const double NOMINAL_NS = 800.0;

/* Rank memory that does not depend on atoms: the program, MPI's and HDF5's buffers [bytes]. */
static const double FIXED_BYTES = 45e6;

/* Per atom while a snapshot is written: its fields (35 numbers), their sorted copy, the strain
 * reference and the sums over neighbours [bytes]. */
static const double OUTPUT_BYTES = 700.0;

static const mg_option options[] = {
    {.name = "set",
     .argument = "KEY=VALUE",
     .doc = "override a key of the input, as strictly checked",
     .repeats = true},
    {.name = "out", .argument = "DIR", .doc = "output directory, instead of output.directory"},
    {.name = "quiet", .doc = "print nothing but an error"},
    {.name = "verbose", .doc = "print more; of a wrong input, every mistake"},
    {0}};
static const char *const notes[] = {
    "The rank grid, the memory and the time are those for the number of ranks it is started on. "
    "Nothing is written; a file that an earlier run has yet to make gives a warning.",
    NULL};
static const char *const examples[] = {"mgmd check inputs/quickstart.yaml",
                                       "mpirun -n 2 mgmd check inputs/quickstart.yaml", NULL};

static void print_mistakes(const mg_diagnostics *diagnostics) {
  for (int k = 0; k < diagnostics->n; k++) {
    char line[MG_ERROR_TEXT];
    mg_diagnostics_line(diagnostics, k, line, sizeof line);
    mg_log_error(line);
  }
  if (diagnostics->total > diagnostics->n)
    mg_warn("%lld more mistakes are not shown", (long long)(diagnostics->total - diagnostics->n));
}

mg_status mg_input_load(const mg_comm *comm, const mg_call *call, mg_check_mode mode,
                        mg_pipeline **pipeline) {
  *pipeline = NULL;
  MG_REQUIRE(!mg_call_has(call, "quiet") || !mg_call_has(call, "verbose"), MG_ERR_INPUT,
             "--quiet and --verbose exclude each other; write one of them");
  const char **sets = NULL;
  mg_status status = mg_agree(comm, MG_NEW(sets, call->n_given));
  mg_config_source source = {
      .path = call->word[0], .sets = sets, .out = mg_call_value(call, "out", NULL)};
  for (int k = 0; status == MG_OK && k < call->n_given; k++)
    if (strcmp(call->given[k].option->name, "set") == 0)
      sets[source.n_sets++] = call->given[k].value;
  if (status == MG_OK) status = mg_pipeline_load(comm, &source, mode, pipeline);
  const bool listable = *pipeline && (*pipeline)->config->diagnostics.n > 1;
  if (status == MG_ERR_INPUT && mg_log_get_level() == MG_LOG_VERBOSE &&
      mg_any(comm, comm->rank == 0 && listable)) {
    if (comm->rank == 0) print_mistakes(&(*pipeline)->config->diagnostics);
    mg_error_clear();
  }
  if (status != MG_OK) mg_pipeline_destroy(pipeline);
  mg_free(sets);
  return status;
}

static void duration_text(double seconds, char *text, size_t size) {
  if (seconds < 90.0)
    snprintf(text, size, "%.0f s", fmax(seconds, 1.0));
  else if (seconds < 5400.0)
    snprintf(text, size, "%.0f min", seconds / 60.0);
  else if (seconds < 48.0 * 3600.0)
    snprintf(text, size, "%.1f h", seconds / 3600.0);
  else
    snprintf(text, size, "%.1f days", seconds / 86400.0);
}

/* Mean number of list entries of an atom, species taken as equally frequent. */
static double list_entries(const mg_potential *potential, double skin, double density) {
  mg_list_radii radii;
  mg_list_radii_make(&radii, potential, skin);
  const int n = mg_potential_species(potential)->n;
  double mean = 0.0;
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++)
      mean += pow(fmax(radii.near2[a][b], radii.far2[a][b]), 1.5) / (n * n);
  const double padding = 0.5 * MG_LANES * 2 * n; /* half a lane group per section */
  return 4.0 / 3.0 * acos(-1.0) * density * mean + padding;
}

static double rank_bytes(const mg_plan *plan, const mg_potential *potential, double skin,
                         const int dims[3]) {
  const double density = plan->n_atoms / mg_box_volume(&plan->box);
  const double range = mg_potential_cutoff(potential) + skin;
  double own = density, all = density;
  for (int a = 0; a < 3; a++) {
    const double side = plan->box.length[a] / dims[a];
    own *= side;
    all *= side + (plan->box.periodic[a] || dims[a] > 1 ? 2.0 * range : 0.0);
  }
  const mg_atoms kept = {.averaged = plan->averaged};
  const double per_atom = 4.0 * list_entries(potential, skin, density) + OUTPUT_BYTES +
                          (double)mg_atoms_record_size(&kept, 0);
  return FIXED_BYTES + own * per_atom + all * 48.0; /* packed x y z F', species, cells, buffers */
}

/* The sample as the last stage leaves it. */
static void tell_atoms(const mg_pipeline *pipeline) {
  const mg_plan *plan = &pipeline->plan;
  char text[512] = "";
  for (int k = 0; k < pipeline->n_stages; k++)
    mg_str_append(text, sizeof text, "%s%s", k ? ", " : "", pipeline->stages[k].type->name);
  mg_log("  stages           %s", text);
  if (!isfinite(plan->n_atoms) || !plan->box_known) {
    mg_log("  atoms            not known before the file to be read is there");
    return;
  }
  mg_log("  atoms            about %.0f at the end", plan->n_atoms);
  text[0] = '\0';
  for (int a = 0; a < 3; a++)
    if (!plan->box.periodic[a]) mg_str_append(text, sizeof text, ", %s open", mg_axis_name(a));
  mg_log("  box              %.4g x %.4g x %.4g nm%s", plan->box.length[0] / 10.0,
         plan->box.length[1] / 10.0, plan->box.length[2] / 10.0, text);
}

static mg_status tell_ranks(const mg_pipeline *pipeline, int size) {
  const mg_plan *plan = &pipeline->plan;
  const mg_config *config = pipeline->config;
  double skin = config->skin;
  if (isnan(skin)) skin = mg_sim_skin(plan->temperature);
  int dims[3], wanted[3];
  for (int a = 0; a < 3; a++) wanted[a] = (int)config->grid[a];
  const bool fits =
      config->grid[0] > 0 && config->grid[0] * config->grid[1] * config->grid[2] == (int64_t)size;
  MG_TRY(mg_domain_shape(size, plan->box.length, mg_potential_cutoff(pipeline->potential) + skin,
                         fits ? wanted : NULL, dims));
  mg_log("  ranks            %d as %d x %d x %d (x, y, z)", size, dims[0], dims[1], dims[2]);
  mg_log("  memory per rank  about %.0f MB",
         rank_bytes(plan, pipeline->potential, skin, dims) / 1e6);
  return MG_OK;
}

static void tell_fit(const mg_potential *potential) {
  const mg_fit *fit = mg_potential_fit(potential);
  if (!fit) return;
  if (fit->good)
    mg_log("  table            as polynomials off by %.2g of the force, %.2g eV per pair",
           fit->error.force, fit->error.energy);
  else
    mg_log("  table            for the reference kernel only: %s", fit->reason);
}

static mg_status tell(const mg_pipeline *pipeline, int size) {
  const mg_plan *plan = &pipeline->plan;
  mg_log("%s: the input is valid", pipeline->config->path);
  tell_atoms(pipeline);
  mg_log("  time steps       about %.0f of %g fs", plan->n_steps, plan->timestep * 1e3);
  mg_log("  snapshots        %d in %s", plan->n_snapshots, pipeline->config->directory);
  tell_fit(pipeline->potential);
  if (!isfinite(plan->n_atoms) || !plan->box_known) return MG_OK;
  MG_TRY(tell_ranks(pipeline, size));
  char time[64];
  duration_text(plan->atom_steps * NOMINAL_NS * 1e-9 / size, time, sizeof time);
  mg_log("  time             about %s: an estimate, %.2g atom-steps at %.0f ns on %d rank%s", time,
         plan->atom_steps, NOMINAL_NS, size, size == 1 ? "" : "s");
  return MG_OK;
}

mg_status mg_input_check(const mg_comm *comm, const mg_call *call) {
  mg_pipeline *pipeline = NULL;
  MG_TRY(mg_input_load(comm, call, MG_CHECK_ONLY, &pipeline));
  const mg_status status = mg_agree(comm, tell(pipeline, comm->size));
  mg_pipeline_destroy(&pipeline);
  return status;
}

const mg_command mg_command_check = {
    .name = "check",
    .summary = "check an input; tell atoms, steps, rank grid, memory and time",
    .words = "INPUT.yaml",
    .min_words = 1,
    .max_words = 1,
    .options = options,
    .notes = notes,
    .examples = examples,
    .run = mg_input_check};
