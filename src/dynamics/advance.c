/* Velocity Verlet in the frame of motion.h, time-reversible:
 *
 *   cell chain, atom chain, push cell, drag velocities, kick, remap, drift, remap,
 *   [list], forces, kick, (the one reduction), drag, push cell, atom chain, cell chain
 *
 * The velocity factors of the second half are known only after the reduction; they are kept
 * pending and multiplied in when the next step touches the velocities. Applying them earlier, for
 * output, gives the same bits, because the products are the same.
 */
#include "mgmd/dynamics/motion.h"
#include "faults.h"
#include "motion_scalars.h"

#include <math.h>

/* Slots of the step's reduction. */
enum { SUM_KINETIC = 0, SUM_VIRIAL = 3 };
enum { MAX_MOVED = 0, MAX_AHEAD = 1, MAX_RHO = 2, MAX_REQUEST = 3 };
enum { COUNT_ATOMS = 0 };

/* The largest change that thermostat and barostat factors may make to one step's displacement;
 * a list outrun in spite of it is found at the next reduction and is a fault. */
static const double AHEAD_MARGIN = 1.05;

static void drift(mg_sim *sim, const mg_motion *motion, const double factor[3],
                  double ratio[2][3]) {
  mg_atoms *atoms = &sim->atoms;
  const double dt = sim->dt;
  /* copies: numbers that no store through an atom's arrays could change */
  double lo[3], pending[3], drag[3], grow[2][3], kick[MG_MAX_SPECIES];
  for (int s = 0; s < sim->species.n; s++) kick[s] = 0.5 * dt / mg_sim_mass(sim, s);
  for (int a = 0; a < 3; a++) {
    /* an axis that does not scale needs no origin */
    lo[a] = motion->mode[a] == MG_AXIS_FIXED ? 0 : sim->box.lo[a];
    pending[a] = motion->pending[a];
    drag[a] = factor[a];
    grow[0][a] = ratio[0][a];
    grow[1][a] = ratio[1][a];
  }
  const int32_t *species = atoms->species;
  for (int32_t i = 0; i < atoms->n; i++) {
    double *restrict v = atoms->v[i], *restrict x = atoms->x[i];
    const double *restrict f = atoms->f[i], h = kick[species[i]];
    for (int a = 0; a < 3; a++) {
      v[a] = v[a] * pending[a] * drag[a] + h * f[a];
      const double y = (x[a] - lo[a]) * grow[0][a] + dt * v[a];
      x[a] = lo[a] + y * grow[1][a];
    }
  }
}

/* Displacements from the affine image of the build, now and one step ahead. */
typedef struct gauge {
  double lo[3], lambda[3], ahead; /* ahead: how far in time */
  double most2, most_ahead;
} gauge;

static gauge gauge_make(const mg_sim *sim) {
  gauge g = {.ahead = AHEAD_MARGIN * sim->dt};
  for (int a = 0; a < 3; a++) {
    g.lo[a] = sim->box.lo[a];
    g.lambda[a] =
        sim->box.periodic[a] ? sim->box.length[a] / sim->force.box_build.length[a] : 1;
  }
  return g;
}

/* @param[in] h  half a step over the mass */
static inline void gauge_add(gauge *g, const mg_atoms *atoms, int32_t i, double h) {
  double u2 = 0, v2 = 0;
  for (int a = 0; a < 3; a++) {
    const double was = atoms->x_build[i][a] - g->lo[a];
    const double u = (atoms->x[i][a] - g->lo[a]) - g->lambda[a] * was;
    const double v = atoms->v[i][a] + h * atoms->f[i][a];
    u2 += u * u;
    v2 += v * v;
  }
  g->most2 = u2 > g->most2 ? u2 : g->most2;
  /* (sqrt u2 + a sqrt v2)^2 <= 2 (u2 + a^2 v2): only atoms near the largest pay for roots */
  if (!(2.000001 * (u2 + g->ahead * g->ahead * v2) > g->most_ahead * g->most_ahead)) return;
  const double bound = sqrt(u2) + g->ahead * sqrt(v2);
  g->most_ahead = bound > g->most_ahead ? bound : g->most_ahead;
}

static void gauge_report(const gauge *g, mg_reduction *out) {
  out->max[MAX_MOVED] = sqrt(g->most2);
  out->max[MAX_AHEAD] = g->most_ahead;
}

static void measure(const mg_sim *sim, mg_reduction *out) {
  gauge g = gauge_make(sim);
  for (int32_t i = 0; i < sim->atoms.n; i++)
    gauge_add(&g, &sim->atoms, i, 0.5 * sim->dt / mg_sim_mass(sim, sim->atoms.species[i]));
  gauge_report(&g, out);
}

/* The second kick, kinetic energies and displacements in one pass over the atoms. */
static void kick_and_measure(mg_sim *sim, mg_reduction *out) {
  mg_atoms *atoms = &sim->atoms;
  double mass[MG_MAX_SPECIES], kick[MG_MAX_SPECIES];
  for (int s = 0; s < sim->species.n; s++) {
    mass[s] = mg_sim_mass(sim, s);
    kick[s] = 0.5 * sim->dt / mass[s];
  }
  gauge g = gauge_make(sim);
  mg_xsum kinetic[3] = {{0}};
  for (int32_t i = 0; i < atoms->n; i++) {
    const double h = kick[atoms->species[i]], m = mass[atoms->species[i]];
    for (int a = 0; a < 3; a++) {
      const double v = atoms->v[i][a] + h * atoms->f[i][a];
      atoms->v[i][a] = v;
      mg_xsum_add(&kinetic[a], m * v * v);
    }
    gauge_add(&g, atoms, i, h);
  }
  for (int a = 0; a < 3; a++) out->sum[SUM_KINETIC + a] = kinetic[a];
  gauge_report(&g, out);
}

/* The cell one step on, no larger than it can be. */
static mg_box box_ahead(const mg_sim *sim, const mg_motion *motion) {
  mg_box box = sim->box;
  for (int a = 0; a < 3; a++) {
    double w = fabs(motion->w[a]);
    if (motion->mode[a] == MG_AXIS_DEFORM)
      w = fabs(motion->strain_rate) * motion->length0 / box.length[a];
    box.length[a] *= 1 - 2 * w * sim->dt;
  }
  return box;
}

static void decide(mg_sim *sim, const mg_motion *motion, const mg_reduction *sums) {
  const mg_box ahead = box_ahead(sim, motion);
  const bool holds = mg_force_list_holds(&sim->force, &ahead, sums->max[MAX_AHEAD]);
  sim->next = holds ? MG_KEEP_LIST : MG_BUILD_LIST;
}

static mg_status check_step(mg_sim *sim, const mg_reduction *sums) {
  for (int a = 0; a < 3; a++)
    if (!isfinite(sim->kinetic[a]) || !isfinite(sim->virial[a])) return mg_sim_find_fault(sim);
  if (sums->count[COUNT_ATOMS] != sim->atoms.n_global)
    return mg_fault_count(sim, sums->count[COUNT_ATOMS]);
  if (!mg_force_list_holds(&sim->force, &sim->box, sums->max[MAX_MOVED]))
    return mg_fault_outrun(sim, sums->max[MAX_MOVED]);
  if (sums->max[MAX_RHO] > 1) return mg_fault_density(sim, sums->max[MAX_RHO]);
  sim->most_u = sums->max[MAX_MOVED];
  return MG_OK;
}

/* @param[out] ratio  how each axis grew in the two remaps */
static void first_half(mg_sim *sim, mg_motion *motion, double ratio[2][3]) {
  double factor[3] = {1, 1, 1};
  mg_motion_cell_chain(motion, sim, sim->step);
  mg_motion_atom_chain(motion, sim, sim->step, factor);
  mg_motion_push_cell(motion, sim, sim->step);
  mg_motion_cell_drag(motion, sim, sim->step, 0, factor);
  mg_motion_remap(motion, sim, sim->step, 0, ratio[0]);
  mg_motion_strain_work(motion, sim, ratio[0]);
  mg_motion_pressure_work(motion, sim, sim->step);
  mg_motion_remap(motion, sim, sim->step, 1, ratio[1]);
  drift(sim, motion, factor, ratio);
}

/* @param[in] ratio  growth in the second remap, whose work is known with the new virial */
static mg_status second_half(mg_sim *sim, mg_motion *motion, const double ratio[3]) {
  mg_reduction sums;
  mg_reduction_start(&sums);
  kick_and_measure(sim, &sums);
  for (int a = 0; a < 3; a++) sums.sum[SUM_VIRIAL + a] = sim->force.virial[a];
  sums.max[MAX_RHO] = sim->force.most_rho;
  sums.max[MAX_REQUEST] = sim->request;
  sums.count[COUNT_ATOMS] = sim->atoms.n;
  mg_timer_enter(&sim->timer, MG_PHASE_REDUCE);
  mg_reduce(sim->comm, &sums);
  mg_timer_enter(&sim->timer, MG_PHASE_INTEGRATE);
  for (int a = 0; a < 3; a++) {
    sim->kinetic[a] = mg_xsum_value(&sums.sum[SUM_KINETIC + a]);
    sim->virial[a] = mg_xsum_value(&sums.sum[SUM_VIRIAL + a]);
    motion->pending[a] = 1;
  }
  sim->agreed = (int)sums.max[MAX_REQUEST];
  const int64_t done = sim->step + 1;
  mg_motion_strain_work(motion, sim, ratio);
  mg_motion_cell_drag(motion, sim, sim->step, 1, motion->pending);
  mg_motion_push_cell(motion, sim, done);
  mg_motion_atom_chain(motion, sim, done, motion->pending);
  mg_motion_cell_chain(motion, sim, done);
  sim->step = done;
  MG_TRY(check_step(sim, &sums));
  decide(sim, motion, &sums);
  return MG_OK;
}

static mg_status one_step(mg_sim *sim, mg_motion *motion) {
  double ratio[2][3];
  mg_timer_enter(&sim->timer, MG_PHASE_INTEGRATE);
  first_half(sim, motion, ratio);
  sim->fresh = false;
  if (sim->next == MG_BUILD_LIST) MG_TRY(mg_sim_rebuild(sim));
  mg_sim_forces(sim);
  mg_timer_enter(&sim->timer, MG_PHASE_INTEGRATE);
  return second_half(sim, motion, ratio[1]);
}

mg_status mg_advance(mg_sim *sim, mg_motion *motion, mg_observer observer, void *context) {
  if (sim->next == MG_UNDECIDED) {
    mg_reduction sums;
    mg_reduction_start(&sums);
    measure(sim, &sums);
    mg_reduce(sim->comm, &sums);
    decide(sim, motion, &sums);
  }
  const int64_t last = motion->start_step + motion->n_steps;
  while (sim->step < last) {
    mg_status status = one_step(sim, motion);
    bool stop = false;
    if (status == MG_OK && observer) stop = observer(context, sim, motion, &status);
    mg_timer_enter(&sim->timer, MG_PHASE_OTHER);
    MG_TRY(status);
    if (stop) break;
  }
  return MG_OK;
}
