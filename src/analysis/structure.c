#include "structure_impl.h"

#include "local.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/base/units.h"
#include "mgmd/io/fields.h"
#include "pairs.h"
#include "voronoi.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const mg_structure_words[] = {"radial_distribution",
                                          "structure_factor",
                                          "coordination",
                                          "centrosymmetry",
                                          "voronoi",
                                          "grid",
                                          "localisation",
                                          NULL};

enum {
  WAVES = 400,
  NEEDS_PAIRS = MG_TASK_DISTRIBUTION | MG_TASK_FACTOR,
  NEEDS_LOCAL = MG_TASK_COORDINATION | MG_TASK_CENTROSYMMETRY | MG_TASK_VORONOI
};
static const double WAVE_STEP = 0.05;   /* [1/A] */
static const double LOCAL_RANGE = 10.0; /* closes every cell of a dense solid [A] */
static const double SHELL_BIN = 0.02;   /* of the g(r) whose first minimum ends a shell [A] */

const mg_structure_use mg_structure_uses[] = {
    {"range", MG_TASK_DISTRIBUTION | MG_TASK_FACTOR, "radial_distribution"},
    {"bin", MG_TASK_DISTRIBUTION | MG_TASK_FACTOR, "radial_distribution"},
    {"cutoff", MG_TASK_COORDINATION, "coordination"},
    {"neighbours", MG_TASK_CENTROSYMMETRY, "centrosymmetry"},
    {"grid", MG_TASK_GRID, "grid"},
    {NULL, 0, NULL}};

void mg_structure_defaults(mg_structure_options *options) {
  *options =
      (mg_structure_options){.range = 10, .bin = 0.02, .cutoff = NAN, .neighbours = 12, .cell = 10};
}

bool mg_structure_has_voronoi(void) { return mg_voronoi_available() != 0; }

mg_status mg_structure_choose(const mg_names *names, unsigned *tasks) {
  *tasks = 0;
  for (int w = 0; mg_structure_words[w]; w++) {
    bool on = names->n == 0 && (1u << w != MG_TASK_VORONOI || mg_voronoi_available());
    for (int k = 0; k < names->n; k++)
      on = on || strcmp(names->name[k], mg_structure_words[w]) == 0;
    if (on) *tasks |= 1u << w;
  }
  for (int k = 0; k < names->n; k++) {
    int w = 0;
    while (mg_structure_words[w] && strcmp(names->name[k], mg_structure_words[w]) != 0) w++;
    MG_REQUIRE(mg_structure_words[w], MG_ERR_INPUT,
               "'%s' is no analysis; valid: radial_distribution, structure_factor, coordination, "
               "centrosymmetry, voronoi, grid, localisation",
               names->name[k]);
  }
  MG_REQUIRE(!(*tasks & MG_TASK_VORONOI) || mg_voronoi_available(), MG_ERR_INPUT,
             "voronoi needs Voro++, which this program was built without; install it (Debian: "
             "voro++-dev) and build again");
  return MG_OK;
}

void *mg_structure_block(mg_structure *result, int64_t n, size_t size) {
  struct mg_structure_memory *memory = result->memory;
  if (memory->n_blocks == MG_STRUCTURE_BLOCKS) {
    mg_fail(MG_ERR_INTERNAL, "too many results of an analysis");
    return NULL;
  }
  void *block = mg_calloc((size_t)n, size);
  if (block) memory->block[memory->n_blocks++] = block;
  return block;
}

void *mg_structure_array(mg_structure *result, const char *group, const char *name,
                         const char *unit, mg_ctype ctype, int rank, const int64_t dims[3]) {
  if (result->n_arrays == MG_STRUCTURE_ARRAYS) {
    mg_fail(MG_ERR_INPUT, "more than %d arrays from one analysis; take fewer fields",
            MG_STRUCTURE_ARRAYS);
    return NULL;
  }
  char *path = result->memory->path[result->n_arrays];
  int64_t count = 1;
  for (int k = 0; k < rank; k++) count *= dims[k];
  void *data = mg_structure_block(result, count, mg_ctype_size(ctype));
  if (!data) return NULL;
  snprintf(path, MG_STRUCTURE_PATH, "/analysis/%s/%s", group, name);
  result->arrays[result->n_arrays++] = (mg_array){
      path, unit, NULL, ctype, rank, {dims[0], rank > 1 ? dims[1] : 0, rank > 2 ? dims[2] : 0},
      data};
  return data;
}

static void put_scalar(mg_structure *result, const char *name, const char *unit,
                       const char *description, double value) {
  result->scalars[result->n_scalars++] = (mg_observable){name, unit, description, 1, {value}};
}

typedef struct work {
  const mg_comm *comm;
  const mg_snapshot *snapshot;
  const mg_structure_options *options;
  mg_sorted sorted;
  mg_cloud cloud;
  mg_pairs pairs;  /* as asked for */
  mg_pairs shells; /* always the same, for the first minima */
  mg_structure *result;
} work;

static void pair_name(const mg_species *species, int a, int b, char *name, size_t size) {
  if (a < 0)
    snprintf(name, size, "total");
  else
    snprintf(name, size, "%s_%s", species->symbol[a], species->symbol[b]);
}

/* Local: the curve of one pair of species, or of all atoms. */
static mg_status put_pair(work *w, int a, int b) {
  char name[2 * MG_SYMBOL + 8];
  const int64_t bins[3] = {w->pairs.n_bins}, waves[3] = {WAVES};
  pair_name(w->snapshot->species, a, b, name, sizeof name);
  if (w->options->tasks & MG_TASK_DISTRIBUTION) {
    double *g = mg_structure_array(w->result, "radial_distribution", name, "", MG_FLOAT64, 1, bins);
    if (!g) return MG_ERR_MEMORY;
    mg_pairs_distribution(&w->pairs, a, b, g);
  }
  if (w->options->tasks & MG_TASK_FACTOR) {
    double *s = mg_structure_array(w->result, "structure_factor", name, "", MG_FLOAT64, 1, waves);
    if (!s) return MG_ERR_MEMORY;
    if (w->comm->rank == 0) mg_pairs_structure(&w->pairs, a, b, WAVE_STEP, WAVES, s);
  }
  return MG_OK;
}

static mg_status put_pairs(work *w) {
  const int64_t bins[3] = {w->pairs.n_bins}, waves[3] = {WAVES};
  if (w->options->tasks & MG_TASK_DISTRIBUTION) {
    double *r =
        mg_structure_array(w->result, "radial_distribution", "r", "Angstrom", MG_FLOAT64, 1, bins);
    if (!r) return MG_ERR_MEMORY;
    for (int k = 0; k < w->pairs.n_bins; k++) r[k] = (k + 0.5) * w->pairs.bin;
  }
  if (w->options->tasks & MG_TASK_FACTOR) {
    double *q =
        mg_structure_array(w->result, "structure_factor", "q", "1/Angstrom", MG_FLOAT64, 1, waves);
    if (!q) return MG_ERR_MEMORY;
    for (int k = 0; k < WAVES; k++) q[k] = (k + 1) * WAVE_STEP;
  }
  if (!(w->options->tasks & NEEDS_PAIRS)) return MG_OK;
  MG_TRY(put_pair(w, -1, -1));
  for (int a = 0; a < w->pairs.n_species; a++)
    for (int b = a; b < w->pairs.n_species; b++)
      if (w->pairs.n_of[a] > 0 && w->pairs.n_of[b] > 0) MG_TRY(put_pair(w, a, b));
  return MG_OK;
}

/* Local: the end of the first shell of each pair, or the one that was given. */
static mg_status find_cutoffs(work *w, mg_local *local) {
  const mg_species *species = w->snapshot->species;
  const int n = species->n;
  const int64_t dims[3] = {n, n};
  double *table =
      mg_structure_array(w->result, "coordination", "cutoff", "Angstrom", MG_FLOAT64, 2, dims);
  if (!table) return MG_ERR_MEMORY;
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++) {
      double cutoff = w->options->cutoff;
      if (isnan(cutoff)) cutoff = mg_pairs_minimum(&w->shells, a < b ? a : b, a < b ? b : a);
      MG_REQUIRE(isfinite(cutoff), MG_ERR_INPUT,
                 "coordination: g(r) of %s and %s has no minimum behind its first peak; give a "
                 "cutoff",
                 species->symbol[a], species->symbol[b]);
      local->cutoff[a][b] = table[a * n + b] = cutoff;
    }
  return MG_OK;
}

static mg_status make_local(work *w, mg_local *local) {
  const int64_t n = mg_reference_count(w->cloud.atoms);
  const unsigned tasks = w->options->tasks;
  mg_structure *r = w->result;
  mg_column *next = r->columns;
  local->neighbours = (int)w->options->neighbours;
  if (tasks & MG_TASK_COORDINATION) {
    MG_TRY(find_cutoffs(w, local));
    local->coordination = mg_structure_block(r, n, sizeof *local->coordination);
    if (!local->coordination) return MG_ERR_MEMORY;
    *next++ = mg_field_column("coordination", local->coordination);
  }
  if (tasks & MG_TASK_CENTROSYMMETRY) {
    local->centrosymmetry = mg_structure_block(r, n, sizeof *local->centrosymmetry);
    if (!local->centrosymmetry) return MG_ERR_MEMORY;
    *next++ = mg_field_column("centrosymmetry", local->centrosymmetry);
  }
  if (tasks & MG_TASK_VORONOI) {
    local->volume = mg_structure_block(r, n, sizeof *local->volume);
    local->faces = mg_structure_block(r, n, sizeof *local->faces);
    if (!local->volume || !local->faces) return MG_ERR_MEMORY;
    *next++ = mg_field_column("voronoi_volume", local->volume);
    *next++ = mg_field_column("voronoi_index", local->faces);
  }
  r->set = (mg_column_set){n, mg_structure_block(r, n, sizeof(int64_t)), (int)(next - r->columns),
                           r->columns};
  if (!r->set.id) return MG_ERR_MEMORY;
  memcpy((int64_t *)r->set.id, mg_reference_ids(w->cloud.atoms), (size_t)n * sizeof(int64_t));
  return mg_local_find(&w->cloud, local);
}

static int find_column(const mg_sorted *sorted, const char *name, mg_ctype ctype, int components) {
  for (int k = 0; k < sorted->n_columns; k++)
    if (strcmp(sorted->column[k]->name, name) == 0)
      return sorted->column[k]->ctype == ctype && sorted->column[k]->components == components ? k
                                                                                              : -1;
  return -1;
}

/* Stress over the volume of the cell, where both are known. */
static mg_status put_stress(work *w, const mg_local *local) {
  const int column = find_column(&w->sorted, "stress", MG_FLOAT64, 6);
  const int64_t n = mg_reference_count(w->cloud.atoms);
  double(*half)[3] = NULL, (*stress)[6] = NULL;
  if (column < 0 || !local->volume) return MG_OK;
  const double *from = w->sorted.data[column];
  mg_status status = MG_NEW(half, w->sorted.n);
  if (status == MG_OK) {
    stress = mg_structure_block(w->result, n, sizeof *stress);
    if (!stress) status = MG_ERR_MEMORY;
  }
  status = mg_agree(w->comm, status);
  for (int h = 0; h < 2 && status == MG_OK; h++) {
    double(*held)[3] = NULL;
    for (int64_t k = 0; k < w->sorted.n; k++)
      for (int c = 0; c < 3; c++) half[k][c] = from[6 * k + 3 * h + c];
    status = mg_reference_deliver(w->cloud.atoms, w->comm, w->sorted.n, w->sorted.id,
                                  (const double(*)[3])half, &held);
    for (int64_t k = 0; k < n && status == MG_OK; k++)
      for (int c = 0; c < 3 && local->volume[k] > 0; c++)
        stress[k][3 * h + c] = held[k][c] / local->volume[k] * MG_GPA;
    mg_free(held);
  }
  mg_free(half);
  if (status == MG_OK)
    w->result->columns[w->result->set.n_columns++] = mg_field_column("atomic_stress", stress);
  return status;
}

static void put_local_scalars(work *w, const mg_local *local) {
  mg_reduction r;
  mg_reduction_start(&r);
  for (int64_t k = 0; k < w->result->set.n; k++) {
    if (local->coordination) r.count[0] += local->coordination[k];
    if (local->centrosymmetry) mg_xsum_add(&r.sum[0], local->centrosymmetry[k]);
    if (!local->volume || local->volume[k] == 0) continue;
    const int32_t *f = local->faces[k];
    r.count[1]++;
    r.count[2] += f[0] == 0 && f[1] == 0 && f[2] == 12 && f[3] == 0;
    mg_xsum_add(&r.sum[1], local->volume[k]);
  }
  mg_reduce(w->comm, &r);
  const double n = (double)w->sorted.total, closed = (double)r.count[1];
  if (local->coordination)
    put_scalar(w->result, "mean_coordination", "", "mean number of neighbours",
               (double)r.count[0] / n);
  if (local->centrosymmetry)
    put_scalar(w->result, "mean_centrosymmetry", "Angstrom^2", "mean centrosymmetry",
               mg_xsum_value(&r.sum[0]) / n);
  if (!local->volume) return;
  put_scalar(w->result, "mean_voronoi_volume", "Angstrom^3", "mean volume of the closed cells",
             mg_xsum_value(&r.sum[1]) / closed);
  put_scalar(w->result, "icosahedra", "", "share of <0,0,12,0> among the closed Voronoi cells",
             (double)r.count[2] / closed);
}

/* Volume that the atoms fill: the cell's, or beside open faces that of the bulk. */
static double filled_volume(const mg_snapshot *s, int64_t n) {
  const bool closed = s->box.periodic[0] && s->box.periodic[1] && s->box.periodic[2];
  const double atomic = s->sample.atomic_volume;
  return closed || !(atomic > 0) ? mg_box_volume(&s->box) : atomic * (double)n;
}

static mg_status find_structure(work *w) {
  const mg_structure_options *o = w->options;
  const bool first = (o->tasks & MG_TASK_COORDINATION) && isnan(o->cutoff);
  const bool pairs = o->tasks & NEEDS_PAIRS;
  double range = o->tasks & NEEDS_LOCAL ? LOCAL_RANGE : 0;
  if (pairs) range = fmax(range, o->range);
  if (o->tasks & MG_TASK_COORDINATION && !first) range = fmax(range, o->cutoff);
  if (range == 0) return MG_OK;
  MG_TRY(mg_cloud_make(w->comm, &w->sorted, &w->snapshot->box, range, &w->cloud));
  const double volume = filled_volume(w->snapshot, w->sorted.total);
  const int n_species = w->snapshot->species->n;
  if (pairs)
    MG_TRY(mg_pairs_count(w->comm, &w->cloud, n_species, o->range, o->bin, volume, &w->pairs));
  if (first)
    MG_TRY(mg_pairs_count(w->comm, &w->cloud, n_species, LOCAL_RANGE, SHELL_BIN, volume,
                          &w->shells));
  mg_local local = {0};
  mg_status status = put_pairs(w);
  if (status == MG_OK && o->tasks & NEEDS_LOCAL) status = make_local(w, &local);
  MG_TRY(mg_agree(w->comm, status));
  if (!(o->tasks & NEEDS_LOCAL)) return MG_OK;
  MG_TRY(put_stress(w, &local));
  put_local_scalars(w, &local);
  return MG_OK;
}

/* Standard deviation of the von Mises strain over the atoms where it is defined: 0 for an even
 * flow, larger the more of it a few bands carry. */
static void find_localisation(work *w) {
  const int column = find_column(&w->sorted, "von_mises_strain", MG_FLOAT64, 1);
  const int flag = find_column(&w->sorted, "strain_valid", MG_INT32, 1);
  if (column < 0) return;
  const double *eta = w->sorted.data[column];
  const int32_t *valid = flag >= 0 ? w->sorted.data[flag] : NULL;
  double mean = 0;
  for (int pass = 0; pass < 2; pass++) {
    mg_reduction r;
    mg_reduction_start(&r);
    for (int64_t k = 0; k < w->sorted.n; k++) {
      if (valid && !valid[k]) continue;
      r.count[0]++;
      mg_xsum_add(&r.sum[0], pass == 0 ? eta[k] : (eta[k] - mean) * (eta[k] - mean));
    }
    mg_reduce(w->comm, &r);
    const double value = mg_xsum_value(&r.sum[0]) / (double)r.count[0];
    if (pass == 0)
      put_scalar(w->result, "mean_von_mises_strain", "", "mean over the atoms", mean = value);
    else
      put_scalar(w->result, "localisation", "", "standard deviation of the von Mises strain",
                 sqrt(value));
  }
}

/* The grid sees what has just been found beside what the configuration brought. */
static mg_status find_grid(const work *w) {
  enum { SETS = 8 };
  const mg_structure *found = w->result;
  mg_column_set sets[SETS];
  mg_snapshot whole = *w->snapshot;
  mg_sorted sorted = w->sorted;
  const bool more = found->set.n_columns > 0;
  if (more) {
    MG_REQUIRE(whole.n_sets < SETS, MG_ERR_INTERNAL, "a configuration of too many sets");
    memcpy(sets, whole.sets, (size_t)whole.n_sets * sizeof *sets);
    sets[whole.n_sets++] = found->set;
    whole.sets = sets;
    MG_TRY(mg_sorted_make(w->comm, &whole, NULL, &sorted));
  }
  const mg_status status =
      mg_structure_grid(w->comm, &whole, &sorted, w->options->cell, w->result);
  if (more) mg_sorted_clear(&sorted);
  return status;
}

mg_status mg_structure_find(const mg_comm *comm, const mg_snapshot *snapshot,
                            const mg_structure_options *options, mg_structure *result) {
  work w = {.comm = comm, .snapshot = snapshot, .options = options, .result = result};
  memset(result, 0, sizeof *result);
  mg_status status = mg_agree(comm, MG_NEW(result->memory, 1));
  if (status == MG_OK) status = mg_sorted_make(comm, snapshot, NULL, &w.sorted);
  if (status == MG_OK) status = find_structure(&w);
  if (status == MG_OK && options->tasks & MG_TASK_LOCALISATION) find_localisation(&w);
  if (status == MG_OK && options->tasks & MG_TASK_GRID)
    status = find_grid(&w);
  mg_pairs_clear(&w.pairs);
  mg_pairs_clear(&w.shells);
  mg_cloud_clear(&w.cloud);
  mg_sorted_clear(&w.sorted);
  if (status != MG_OK) mg_structure_clear(result);
  return status;
}

void mg_structure_clear(mg_structure *result) {
  for (int k = 0; result->memory && k < result->memory->n_blocks; k++)
    mg_free(result->memory->block[k]);
  mg_free(result->memory);
  memset(result, 0, sizeof *result);
}
