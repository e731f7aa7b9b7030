/* Atoms out of nothing: random positions at a minimum distance, or a lattice.
 *
 * A random start of a melt needs no crystal to be destroyed, but the density must leave room:
 * random sequential insertion of spheres of diameter d jams near n d^3 = 0.73, and long before that
 * almost every trial fails, so the check stops at 0.6. A lattice with several species is filled at
 * random with exact counts; b2 has a sublattice for each of its two. */
#include "drive.h"
#include "rows.h"

#include "mgmd/base/str.h"
#include "mgmd/base/mem.h"
#include "mgmd/dynamics/velocity.h"
#include "mgmd/state/build.h"
#include "mgmd/stage/stage.h"

#include <math.h>
#include <stddef.h>

/* Largest n d^3 of random insertion. */
#define MOST_CROWDED 0.6

/* Defaults, which may be written out (run.yaml does) where they mean nothing. */
#define IDEAL_C_OVER_A 1.6329931618554521
#define MIN_DISTANCE 2.0

typedef enum lattice { RANDOM, FCC, BCC, HCP, B2 } lattice;

typedef struct create_config {
  mg_composition composition;
  int64_t atoms;
  double box[3];
  int lattice;
  double lattice_constant, c_over_a;
  int64_t cells[3];
  double min_distance;
  double temperature;
} create_config;

static const char *const lattices[] = {"random", "fcc", "bcc", "hcp", "b2", NULL};

static const mg_param params[] = {
    {.name = "composition",
     .kind = MG_P_COMPOSITION,
     .offset = offsetof(create_config, composition),
     .required = true,
     .doc = "share of each element, such as {Cu: 64, Zr: 36}; scaled to a sum of one"},
    {.name = "atoms",
     .kind = MG_P_INT,
     .offset = offsetof(create_config, atoms),
     .min = 1,
     .max = 1e12,
     .doc = "number of atoms; random positions need it, a lattice counts its own"},
    {.name = "box",
     .kind = MG_P_REAL3,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(create_config, box),
     .min = 0,
     .max = 1e8,
     .above_min = true,
     .doc = "edges of the periodic box [x, y, z]; random positions need it"},
    {.name = "lattice",
     .kind = MG_P_CHOICE,
     .offset = offsetof(create_config, lattice),
     .fallback = "random",
     .choices = lattices,
     .doc = "random positions, or a lattice, which several species share at random (b2: one each)"},
    {.name = "lattice_constant",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(create_config, lattice_constant),
     .min = 1,
     .max = 100,
     .doc = "edge a of the lattice's cell; every lattice needs it"},
    {.name = "c_over_a",
     .kind = MG_P_REAL,
     .offset = offsetof(create_config, c_over_a),
     .fallback = "1.6329931618554521",
     .min = 0.5,
     .max = 5,
     .doc = "ratio of the axes of hcp; left out, that of touching spheres"},
    {.name = "cells",
     .kind = MG_P_INT3,
     .offset = offsetof(create_config, cells),
     .min = 1,
     .max = 1e5,
     .doc = "copies of the cell along x, y and z; hcp has a cell a, sqrt(3) a, c"},
    {.name = "min_distance",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(create_config, min_distance),
     .fallback = "2.0 A",
     .min = 0,
     .max = 10,
     .doc = "least distance of two atoms at random positions"},
    {.name = "temperature",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_TEMPERATURE,
     .offset = offsetof(create_config, temperature),
     .min = 0,
     .max = 1e5,
     .above_min = true,
     .doc = "of Maxwell velocities; at rest when left out"},
    {.name = NULL},
};

static void check_composition(const create_config *config, mg_check *check) {
  const mg_species *known = &check->plan.species;
  for (int k = 0; k < config->composition.n; k++) {
    const char *symbol = config->composition.symbol[k];
    if (known->n == 0 || mg_species_index(known, symbol) >= 0) continue;
    char key[32] = "composition.", list[64] = "";
    mg_str_append(key, sizeof key, "%s", symbol);
    for (int j = 0; j < known->n; j++)
      mg_str_append(list, sizeof list, "%s%s", j ? ", " : "", known->symbol[j]);
    mg_check_fail(check, key, "the potential has no %s; its elements: %s", symbol, list);
  }
}

/* Keys that mean nothing for the chosen arrangement are mistakes, not noise. */
static void refuse_keys(const create_config *config, mg_check *check, const char *const *keys) {
  for (int k = 0; keys[k]; k++)
    if (mg_check_given(check, keys[k]))
      mg_check_fail(check, keys[k], "'%s' has no meaning with lattice: %s; leave it out", keys[k],
                    lattices[config->lattice]);
}

static void check_random(const create_config *config, mg_check *check) {
  static const char *const foreign[] = {"lattice_constant", "cells", NULL};
  refuse_keys(config, check, foreign);
  const bool has_box = mg_check_given(check, "box");
  if (config->atoms < 1)
    mg_check_fail(check, "atoms", "missing; random positions need the number of atoms");
  if (!has_box) mg_check_fail(check, "box", "missing; random positions need the box");
  if (config->atoms < 1 || !has_box) return;
  mg_plan *plan = &check->plan;
  plan->n_atoms = (double)config->atoms;
  for (int a = 0; a < 3; a++) plan->box.length[a] = config->box[a];
  plan->box_known = true;
  if (!mg_check_box(check, "box")) return;
  const double volume = mg_box_volume(&plan->box), d = config->min_distance;
  const double density = plan->n_atoms / volume, most = MOST_CROWDED / (d * d * d);
  if (density > most)
    mg_check_fail(check, "atoms",
                  "%.4g atoms per nm^3 cannot be placed at random %g A apart; "
                  "enlarge the box to %.4g nm^3 or take at most %.0f atoms",
                  density * 1e3, d, plan->n_atoms / most * 1e-3, floor(most * volume));
}

static void check_lattice(const create_config *config, mg_check *check) {
  static const char *const foreign[] = {"atoms", "box", NULL};
  static const char *const only_random[] = {"min_distance", NULL};
  static const double per_cell[] = {0, 4, 2, 4, 2};
  refuse_keys(config, check, foreign);
  if (config->min_distance != MIN_DISTANCE) refuse_keys(config, check, only_random);
  const mg_composition *composition = &config->composition;
  if (config->lattice == B2 &&
      (composition->n != 2 || fabs(composition->fraction[0] - 0.5) > 1e-12))
    mg_check_fail(check, "composition",
                  "b2 has two elements in equal shares; write such as "
                  "{Cu: 1, Zr: 1}");
  const bool has_cells = mg_check_given(check, "cells");
  if (isnan(config->lattice_constant))
    mg_check_fail(check, "lattice_constant", "missing; a lattice needs its lattice constant");
  if (!has_cells) mg_check_fail(check, "cells", "missing; a lattice needs cells: [nx, ny, nz]");
  if (isnan(config->lattice_constant) || !has_cells) return;
  mg_plan *plan = &check->plan;
  const bool hcp = config->lattice == HCP;
  const double edge[3] = {1, hcp ? sqrt(3) : 1, hcp ? config->c_over_a : 1};
  plan->n_atoms = per_cell[config->lattice];
  for (int a = 0; a < 3; a++) {
    plan->n_atoms *= (double)config->cells[a];
    plan->box.length[a] = edge[a] * config->lattice_constant * (double)config->cells[a];
  }
  plan->box_known = true;
  if (plan->n_atoms > 1e12)
    mg_check_fail(check, "cells", "%.3g atoms; at most 1e12", plan->n_atoms);
}

static void check_create(const void *data, mg_check *check) {
  const create_config *config = data;
  mg_plan *plan = &check->plan;
  if (!mg_check_starts_empty(check)) return;
  plan->has_atoms = true;
  plan->n_atoms = NAN;
  for (int a = 0; a < 3; a++) plan->box.periodic[a] = true;
  check_composition(config, check);
  static const char *const only_hcp[] = {"c_over_a", NULL};
  if (config->lattice != HCP && config->c_over_a != IDEAL_C_OVER_A)
    refuse_keys(config, check, only_hcp);
  if (config->lattice == RANDOM)
    check_random(config, check);
  else
    check_lattice(config, check);
  plan->has_velocity = !isnan(config->temperature);
  plan->temperature = plan->has_velocity ? config->temperature : 0;
  plan->sample.atomic_volume = mg_box_volume(&plan->box) / plan->n_atoms;
}

static void describe(const create_config *config, const mg_run *run, mg_build_spec *spec) {
  static const mg_lattice kinds[] = {MG_LATTICE_RANDOM, MG_LATTICE_FCC, MG_LATTICE_BCC,
                                     MG_LATTICE_HCP, MG_LATTICE_B2};
  *spec = (mg_build_spec){.lattice = kinds[config->lattice],
                          .composition = config->composition,
                          .n_atoms = config->atoms,
                          .min_distance = config->min_distance,
                          .a = config->lattice_constant,
                          .c = config->lattice_constant * config->c_over_a,
                          .seed = run->sim.seed};
  for (int k = 0; k < config->composition.n; k++)
    spec->species[k] = mg_species_index(&run->sim.species, config->composition.symbol[k]);
  for (int a = 0; a < 3; a++) {
    spec->box[a] = config->box[a];
    spec->cells[a] = config->cells[a];
  }
}

static mg_status run(const void *data, mg_run *run) {
  const create_config *config = data;
  mg_sim *sim = &run->sim;
  mg_build_spec spec;
  describe(config, run, &spec);
  const mg_comm *comm = run->comm;
  MG_TRY_ALL(comm, config->lattice == RANDOM
                       ? mg_build_random(&spec, comm->rank, comm->size, &sim->box, &sim->atoms)
                       : mg_build_lattice(&spec, comm->rank, comm->size, &sim->box, &sim->atoms));
  sim->atoms.n_global = mg_count_all(comm, sim->atoms.n);
  sim->sample.atomic_volume = mg_box_volume(&sim->box) / (double)sim->atoms.n_global;
  if (isnan(config->temperature)) return MG_OK;
  run->last.temperature = config->temperature;
  return mg_velocity_draw(sim, config->temperature);
}

const mg_stage_type mg_stage_create = {
    .name = "create",
    .summary = "make atoms of a given composition at random positions or on a lattice",
    .params = params,
    .config_size = sizeof(create_config),
    .check = check_create,
    .run = run,
    .rearranges = true};
