/* Periodic copies side by side. Copies of one glass would move in step, so their velocities are
 * drawn anew at the current temperature unless they are to be kept. */
#include "drive.h"
#include "rows.h"

#include "mgmd/dynamics/velocity.h"
#include "mgmd/stage/stage.h"

#include <math.h>
#include <stddef.h>

#define MOST_ATOMS 1e12

typedef enum velocity_choice { REDRAW, KEEP } velocity_choice;

typedef struct replicate_config {
  int64_t times[3];
  int velocities;
} replicate_config;

static const char *const velocities[] = {"redraw", "keep", NULL};

static const mg_param params[] = {
    {.name = "times",
     .kind = MG_P_INT3,
     .offset = offsetof(replicate_config, times),
     .required = true,
     .min = 1,
     .max = 1e4,
     .doc = "copies along x, y and z, such as [1, 1, 2]"},
    {.name = "velocities",
     .kind = MG_P_CHOICE,
     .offset = offsetof(replicate_config, velocities),
     .fallback = "redraw",
     .choices = velocities,
     .doc = "redraw them at the current temperature, or keep those of the original"},
    {.name = NULL},
};

static void check_replicate(const void *data, mg_check *check) {
  const replicate_config *config = data;
  mg_plan *plan = &check->plan;
  if (!mg_check_needs_atoms(check)) return;
  if (plan->has_reference) {
    mg_check_fail(check, NULL,
                  "the sample was loaded, and copies would have no strain reference; "
                  "replicate before 'compress'");
    return;
  }
  double copies = 1;
  for (int a = 0; a < 3; a++) {
    const double times = (double)config->times[a];
    copies *= times;
    if (times > 1 && !plan->box.periodic[a])
      mg_check_fail(check, "times",
                    "%g copies along the open axis %s, which has surfaces; "
                    "replicate before 'open' and 'notch'",
                    times, mg_axis_name(a));
    else if (times > 1 && plan->sample.notch_depth > 0 && a == plan->axes.load)
      mg_check_fail(check, "times",
                    "%g copies along %s of a notched sample; replicate before "
                    "'notch'",
                    times, mg_axis_name(a));
    plan->box.length[a] *= times;
  }
  plan->n_atoms *= copies;
  if (plan->n_atoms > MOST_ATOMS)
    mg_check_fail(check, "times", "%.3g atoms; at most %g", plan->n_atoms, MOST_ATOMS);
}

static mg_status copy_atoms(mg_sim *sim, const int64_t times[3]) {
  mg_atoms *atoms = &sim->atoms;
  const int32_t n = atoms->n;
  const int64_t copies = times[0] * times[1] * times[2];
  const unsigned all = MG_FIELD_MIGRATE;
  char record[512];
  MG_REQUIRE(mg_atoms_record_size(atoms, all) <= sizeof record, MG_ERR_INTERNAL,
             "atom record too large");
  MG_TRY(mg_atoms_reserve(atoms, n * copies));
  for (int64_t c = 0; c < copies; c++) {
    const int64_t at[3] = {c % times[0], c / times[0] % times[1], c / times[0] / times[1]};
    for (int32_t i = 0; i < n; i++) {
      const int32_t k = (int32_t)(c * n) + i;
      mg_atoms_pack(atoms, i, all, record);
      if (c) mg_atoms_unpack(atoms, k, all, record);
      atoms->id[k] += c * atoms->max_id;
      for (int a = 0; a < 3; a++) {
        atoms->x[k][a] += (double)at[a] * sim->box.length[a];
        atoms->image[k][a] = 0; /* the larger cell is a new beginning for diffusion */
      }
    }
  }
  atoms->n = (int32_t)(n * copies);
  return MG_OK;
}

static mg_status run(const void *data, mg_run *run) {
  const replicate_config *config = data;
  mg_sim *sim = &run->sim;
  mg_velocity_measure(sim);
  sim->atoms.n_global = mg_count_all(run->comm, sim->atoms.n);
  const double temperature = mg_sim_temperature(sim);
  int64_t most = 0;
  for (int32_t i = 0; i < sim->atoms.n; i++)
    if (sim->atoms.id[i] > most) most = sim->atoms.id[i];
  sim->atoms.max_id = mg_max_all(run->comm, most);
  const int64_t copies = config->times[0] * config->times[1] * config->times[2];
  MG_REQUIRE(sim->atoms.max_id <= INT64_MAX / copies, MG_ERR_RUN,
             "replicate: %lld copies of atom %lld would run out of numbers", (long long)copies,
             (long long)sim->atoms.max_id);
  MG_TRY_ALL(run->comm, copy_atoms(sim, config->times));
  /* a new specimen: lengths of an earlier loading mean nothing for it */
  mg_sample fresh;
  mg_sample_init(&fresh);
  fresh.atomic_volume = sim->sample.atomic_volume;
  fresh.notch_depth = sim->sample.notch_depth;
  fresh.notch_height = sim->sample.notch_height;
  sim->sample = fresh;
  for (int a = 0; a < 3; a++) sim->box.length[a] *= (double)config->times[a];
  sim->atoms.n_global = mg_count_all(run->comm, sim->atoms.n);
  sim->atoms.max_id *= copies;
  if (config->velocities == REDRAW && temperature > 0)
    return mg_velocity_draw(sim, temperature);
  return MG_OK;
}

const mg_stage_type mg_stage_replicate = {.name = "replicate",
                                          .summary =
                                              "put periodic copies side by side along each axis",
                                          .params = params,
                                          .config_size = sizeof(replicate_config),
                                          .check = check_replicate,
                                          .run = run,
                                          .rearranges = true};
