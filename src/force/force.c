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
  memset(force, 0, sizeof *force);
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
  mg_list_radii_make(&force->radii, force->potential, skin);
  force->balanced = false;
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
  mg_halo_start_positions(&force->halo, comm, force->q);
  mg_halo_finish_positions(&force->halo, comm, box, force->q);
  for (int32_t i = 0; i < atoms->n; i++)
    memcpy(atoms->x_build[i], atoms->x[i], sizeof atoms->x_build[i]);
  force->box_build = *box;
  force->n_builds++;
  return mg_agree(comm, mg_nlist_build(&force->list, &force->cells, &grid, &force->radii, atoms->n,
                                       force->n_all, (const double(*)[4])force->q, force->species,
                                       force->kernel->list));
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

void mg_force_compute(mg_force *force, const mg_comm *comm, const mg_box *box, mg_atoms *atoms,
                      mg_timer *timer, bool fresh) {
  const mg_kernel_task task = task_of(force);
  if (!fresh) {
    mg_timer_enter(timer, MG_PHASE_HALO);
    fill_positions(force, atoms);
    mg_halo_start_positions(&force->halo, comm, force->q);
    mg_halo_finish_positions(&force->halo, comm, box, force->q);
  }
  mg_timer_enter(timer, MG_PHASE_PAIR);
  force->most_rho = 0;
  force->kernel->density(&task, NULL, &force->most_rho);
  mg_timer_enter(timer, MG_PHASE_HALO);
  mg_halo_start_scalar(&force->halo, comm, force->q);
  mg_halo_finish_scalar(&force->halo, comm, force->q);
  mg_timer_enter(timer, MG_PHASE_PAIR);
  memset(force->virial, 0, sizeof force->virial);
  force->kernel->force(&task, atoms->f, force->virial);
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
