#include "mgmd/force/force.h"
#include "mgmd/base/mem.h"

#include <math.h>
#include <string.h>

/* Far outside any sample, so that padding lanes are beyond every cutoff. */
static const double DUMMY = 1e12;

/* Empty cells on either side of an open axis, for a sample that bulges [A]. */
static const double OPEN_MARGIN = 10;

static int local_level(const char *name, const mg_potential *potential) {
  const mg_kernel *kernel = mg_kernel_choose(name, potential, INT32_MAX);
  return kernel ? kernel->level : -1;
}

mg_status mg_force_init(mg_force *force, const mg_comm *comm, const mg_potential *potential,
                        const char *kernel_name) {
  memset(force, 0, sizeof *force);
  force->potential = potential;
  force->cutoff = mg_potential_cutoff(potential);
  const int level = local_level(kernel_name, potential);
  MG_TRY(mg_agree(comm, level < 0 ? mg_error_code() : MG_OK));
  const int lowest = -(int)mg_max_all(comm, -level);
  force->kernel = mg_kernel_choose(level == lowest ? kernel_name : "auto", potential, lowest);
  mg_status status = force->kernel ? MG_OK : mg_error_code();
  if (status == MG_OK) status = force->kernel->prepare(potential, &force->tables);
  return mg_agree(comm, status);
}

void mg_force_clear(mg_force *force) {
  mg_free(force->tables);
  mg_free(force->q);
  mg_free(force->species);
  mg_free(force->close);
  mg_cells_clear(&force->cells);
  mg_halo_clear(&force->halo);
  mg_nlist_clear(&force->list);
  mg_free(force->inner.run);
  mg_free(force->outer.run);
  memset(force, 0, sizeof *force);
}

void mg_force_reframe(mg_force *force) {
  mg_list_radii_make(&force->radii, force->potential, force->skin);
  force->balanced = false;
}

mg_status mg_force_frame(mg_force *force, const mg_comm *comm, const mg_box *box,
                         const mg_atoms *atoms, double skin) {
  mg_reduction extent;
  mg_reduction_start(&extent);
  for (int32_t i = 0; i < atoms->n; i++)
    for (int a = 0; a < 3; a++) {
      extent.max[a] = fmax(extent.max[a], atoms->x[i][a]);
      extent.max[3 + a] = fmax(extent.max[3 + a], -atoms->x[i][a]);
    }
  mg_reduce(comm, &extent);
  for (int a = 0; a < 3; a++) {
    force->open_lo[a] = (atoms->n_global ? -extent.max[3 + a] : box->lo[a]) - OPEN_MARGIN;
    force->open_hi[a] = (atoms->n_global ? extent.max[a] : box->lo[a]) + OPEN_MARGIN;
    MG_REQUIRE(isfinite(force->open_lo[a]) && isfinite(force->open_hi[a]), MG_ERR_RUN,
               "atom positions are not finite");
  }
  force->skin = skin;
  mg_force_reframe(force);
  return MG_OK;
}

static mg_status reserve(mg_force *force, int32_t n) {
  if (n <= force->capacity) return MG_OK;
  const int32_t capacity = n + n / 8 + 64;
  MG_DELETE(force->q);
  MG_DELETE(force->species);
  MG_DELETE(force->close);
  force->capacity = 0;
  MG_TRY(MG_NEW(force->q, capacity));
  MG_TRY(MG_NEW(force->species, capacity));
  MG_TRY(MG_NEW(force->close, capacity));
  force->capacity = capacity;
  return MG_OK;
}

static void fill_species(mg_force *force) {
  const mg_cells *cells = &force->cells;
  const int64_t n_cells = (int64_t)cells->m[0] * cells->m[1] * cells->m[2];
  for (int64_t c = 0; c < n_cells; c++) {
    const int32_t *start = cells->start + c * (cells->n_species + 1);
    for (int s = 0; s < cells->n_species; s++)
      for (int32_t k = start[s]; k < start[s + 1]; k++) force->species[k] = s;
  }
  force->species[force->n_all] = 0;
  for (int a = 0; a < 3; a++) force->q[force->n_all][a] = DUMMY;
  force->q[force->n_all][3] = 0;
}

static void fill_positions(mg_force *force, const mg_atoms *atoms) {
  for (int32_t i = 0; i < atoms->n; i++)
    for (int a = 0; a < 3; a++) force->q[i][a] = atoms->x[i][a];
}

static void append_run(mg_runs *runs, int32_t begin, int32_t end) {
  if (begin >= end) return;
  if (runs->n && runs->run[runs->n - 1].end == begin)
    runs->run[runs->n - 1].end = end;
  else
    runs->run[runs->n++] = (mg_list_run){begin, end};
}

static mg_status reserve_runs(mg_runs *runs, int n) {
  runs->n = 0;
  if (n <= runs->capacity) return MG_OK;
  MG_DELETE(runs->run);
  runs->capacity = 0;
  MG_TRY(MG_NEW(runs->run, n));
  runs->capacity = n;
  return MG_OK;
}

/* Sort own atoms, row by row of cells, into those that need other ranks and those that do not. */
static mg_status split_runs(mg_force *force, const mg_domain *domain) {
  const mg_cells *c = &force->cells;
  int lo[3], hi[3], rows = 1;
  mg_cells_interior(c, domain, &force->grid, lo, hi);
  for (int a = 1; a < 3; a++) rows *= c->own_hi[a] - c->own_lo[a];
  MG_TRY(reserve_runs(&force->inner, rows));
  MG_TRY(reserve_runs(&force->outer, 2 * rows));
  if (c->m[0] == 0) return MG_OK;
  for (int z = c->own_lo[2]; z < c->own_hi[2]; z++)
    for (int y = c->own_lo[1]; y < c->own_hi[1]; y++) {
      const bool inside = lo[0] < hi[0] && y >= lo[1] && y < hi[1] && z >= lo[2] && z < hi[2];
      const int32_t first = mg_cells_first(c, c->own_lo[0], y, z);
      const int32_t last = mg_cells_first(c, c->own_hi[0], y, z);
      const int32_t begin = inside ? mg_cells_first(c, lo[0], y, z) : last;
      const int32_t end = inside ? mg_cells_first(c, hi[0], y, z) : last;
      append_run(&force->outer, first, begin);
      append_run(&force->inner, begin, end);
      append_run(&force->outer, end, last);
    }
  return MG_OK;
}

static void wrap(const mg_box *box, mg_atoms *atoms) {
  for (int32_t i = 0; i < atoms->n; i++) {
    int image[3] = {atoms->image[i][0], atoms->image[i][1], atoms->image[i][2]};
    mg_box_wrap(box, atoms->x[i], image);
    for (int a = 0; a < 3; a++) atoms->image[i][a] = image[a];
  }
}

static mg_status check_positions(const mg_atoms *atoms) {
  for (int32_t i = 0; i < atoms->n; i++)
    for (int a = 0; a < 3; a++)
      MG_REQUIRE(fabs(atoms->x[i][a]) < 1e9, MG_ERR_RUN,
                 "atom %lld is lost: its position is %g along axis %d", (long long)atoms->id[i],
                 atoms->x[i][a], a);
  return MG_OK;
}

mg_status mg_force_build(mg_force *force, const mg_comm *comm, mg_domain *domain, const mg_box *box,
                         mg_atoms *atoms) {
  MG_TRY(mg_agree(comm, check_positions(atoms)));
  wrap(box, atoms);
  mg_grid grid;
  mg_grid_make(&grid, box, force->open_lo, force->open_hi, force->cutoff + force->skin);
  if (!force->balanced || !mg_grid_same_cells(&grid, &force->grid))
    MG_TRY(mg_domain_balance(domain, comm, &grid, atoms->n, (const double(*)[3])atoms->x));
  force->balanced = true;
  force->grid = grid;
  MG_TRY(mg_domain_migrate(domain, comm, &grid, atoms));
  const int n_species = mg_potential_species(force->potential)->n;
  MG_TRY_ALL(comm, mg_cells_sort(domain, &grid, n_species, atoms));
  MG_TRY(mg_halo_build(&force->halo, &force->cells, comm, domain, &grid, n_species, atoms));
  force->n_all = atoms->n + force->halo.n_ghost;
  MG_TRY_ALL(comm, reserve(force, force->n_all + 1));
  fill_species(force);
  fill_positions(force, atoms);
  mg_halo_start_positions(&force->halo, comm, box, force->q);
  mg_halo_finish_positions(&force->halo, comm, box, force->q);
  for (int32_t i = 0; i < atoms->n; i++)
    memcpy(atoms->x_build[i], atoms->x[i], sizeof atoms->x_build[i]);
  force->box_build = *box;
  force->n_builds++;
  mg_status status = split_runs(force, domain);
  if (status == MG_OK)
    status = mg_nlist_build(&force->list, &force->cells, &grid, &force->radii, atoms->n,
                            force->n_all, (const double(*)[4])force->q, force->species,
                            force->kernel->list);
  return mg_agree(comm, status);
}

static mg_kernel_task task_of(const mg_force *force) {
  return (mg_kernel_task){.potential = force->potential,
                          .tables = force->tables,
                          .list = &force->list,
                          .species = force->species,
                          .q = force->q,
                          .close = force->close,
                          .n_local = force->list.n};
}

/* Atoms between two looks at the messages: some tenths of a millisecond. */
enum { CHUNK = 2048 };

typedef void (*pass)(mg_force *force, const mg_kernel_task *task, mg_atoms *atoms, mg_list_run run);

static void density_pass(mg_force *force, const mg_kernel_task *task, mg_atoms *atoms,
                         mg_list_run run) {
  (void)atoms;
  force->kernel->density(task, run.begin, run.end, NULL, &force->most_rho);
}

static void force_pass(mg_force *force, const mg_kernel_task *task, mg_atoms *atoms,
                       mg_list_run run) {
  force->kernel->force(task, run.begin, run.end, atoms->f, force->virial);
}

/* A pass over runs; while messages travel it stops now and then to let them advance. */
static void go_over(mg_force *force, const mg_runs *runs, pass function, mg_atoms *atoms,
                    bool travelling) {
  const mg_kernel_task task = task_of(force);
  int32_t since = 0;
  for (int k = 0; k < runs->n; k++)
    for (int32_t i = runs->run[k].begin, end; i < runs->run[k].end; i = end) {
      end = runs->run[k].end - i > CHUNK && travelling ? i + CHUNK : runs->run[k].end;
      function(force, &task, atoms, (mg_list_run){i, end});
      since += end - i;
      if (!travelling || since < CHUNK) continue;
      mg_halo_progress(&force->halo);
      since = 0;
    }
}

void mg_force_compute(mg_force *force, const mg_comm *comm, const mg_box *box, mg_atoms *atoms,
                      mg_timer *timer, bool fresh) {
  const bool alone = comm->size == 1;
  force->most_rho = 0;
  memset(force->virial, 0, sizeof force->virial);
  if (!fresh) {
    mg_timer_enter(timer, MG_PHASE_HALO);
    fill_positions(force, atoms);
    mg_halo_start_positions(&force->halo, comm, box, force->q);
  }
  mg_timer_enter(timer, MG_PHASE_PAIR);
  go_over(force, &force->inner, density_pass, atoms, !fresh && !alone);
  if (!fresh) {
    mg_timer_enter(timer, MG_PHASE_HALO);
    mg_halo_finish_positions(&force->halo, comm, box, force->q);
    mg_timer_enter(timer, MG_PHASE_PAIR);
  }
  go_over(force, &force->outer, density_pass, atoms, false);
  mg_timer_enter(timer, MG_PHASE_HALO);
  mg_halo_start_scalar(&force->halo, comm, force->q);
  mg_timer_enter(timer, MG_PHASE_PAIR);
  go_over(force, &force->inner, force_pass, atoms, !alone);
  mg_timer_enter(timer, MG_PHASE_HALO);
  mg_halo_finish_scalar(&force->halo, comm, force->q);
  mg_timer_enter(timer, MG_PHASE_PAIR);
  go_over(force, &force->outer, force_pass, atoms, false);
}

void mg_force_density(mg_force *force, double *rho) {
  const mg_kernel_task task = task_of(force);
  double most = 0;
  force->kernel->density(&task, 0, task.n_local, rho, &most);
}

void mg_force_observe(const mg_force *force, double *energy, double (*stress)[6]) {
  const mg_kernel_task task = task_of(force);
  force->kernel->observe(&task, energy, stress);
}

bool mg_force_list_holds(const mg_force *force, const mg_box *box, double most_u) {
  double lambda = 1;
  for (int a = 0; a < 3; a++)
    if (box->periodic[a]) lambda = fmin(lambda, box->length[a] / force->box_build.length[a]);
  return lambda * (force->cutoff + force->skin) - 2 * most_u >= force->cutoff;
}
