/* FIRE with all masses equal, semi-implicit Euler steps and a cap on the largest move.
 *
 * Dot products over atoms are exact sums. Forces range from 1e-6 to 1e6 eV/A on the way, so they
 * are scaled by a power of two taken from the largest component: exact, and the same on all ranks.
 * The cell's edges enter as coordinates q_a = s ln L_a with s = sqrt(N) 2.5 A, so that one eV of
 * enthalpy slope moves them about as readily as the atoms; their force is (virial_a - P V)/s.
 */
#include "mgmd/dynamics/minimize.h"
#include "mgmd/base/fmath.h"
#include "mgmd/dynamics/velocity.h"

#include <math.h>
#include <string.h>

/* Parameters of the paper; dt suits the common mass below. */
static const double DT_START = 0.001, DT_MOST = 0.01; /* ps */
static const double GROW = 1.1, SHRINK = 0.5, ALPHA = 0.1, ALPHA_SHRINK = 0.99;
enum { N_MIN = 5 };
/* A common mass near the alloy's mean: 73.5 u in eV ps^2/A^2. */
static const double MASS = 0.0076;

typedef struct fire {
  mg_sim *sim;
  const mg_minimize_spec *spec;
  mg_minimize_state *state;
  double cell_scale; /* s */
  double cell_f[3];  /* in the scaled coordinate */
  double most_force, most_pressure;
  double ff, vv, fv;            /* global dot products, cell included */
} fire;

static void cell_forces(fire *m) {
  const mg_sim *sim = m->sim;
  const mg_minimize_spec *spec = m->spec;
  const double volume = mg_box_volume(&sim->box);
  double sum = 0, extents = 0;
  int n = 0;
  m->most_pressure = 0;
  for (int a = 0; a < 3; a++) {
    m->cell_f[a] = 0;
    if (!spec->relax[a]) continue;
    const double extent = spec->use_area ? spec->area[a] * sim->box.length[a] : volume;
    const double excess = sim->virial[a] - spec->pressure[a] * extent;
    m->cell_f[a] = excess / m->cell_scale;
    sum += m->cell_f[a];
    extents += extent;
    n++;
    if (!spec->coupled) m->most_pressure = fmax(m->most_pressure, fabs(excess) / extent);
  }
  if (!spec->coupled || n == 0) return;
  m->most_pressure = fabs(sum) * m->cell_scale / extents;
  for (int a = 0; a < 3; a++)
    if (spec->relax[a]) m->cell_f[a] = sum / n;
}

/* Exact power of two at or above x, as a divisor that keeps sums in range. */
static double power_of_two(double x) {
  int exponent;
  frexp(x, &exponent);
  return x > 0 ? ldexp(1, exponent) : 1;
}

static mg_status measure(fire *m) {
  const mg_atoms *atoms = &m->sim->atoms;
  mg_reduction most;
  mg_reduction_start(&most);
  most.max[2] = m->sim->request;
  for (int32_t i = 0; i < atoms->n; i++) {
    double f2 = 0;
    for (int a = 0; a < 3; a++) {
      f2 += atoms->f[i][a] * atoms->f[i][a];
      most.max[1] = fmax(most.max[1], fabs(atoms->v[i][a]));
    }
    if (!(f2 <= most.max[0])) most.max[0] = f2;
  }
  mg_reduce(m->sim->comm, &most);
  m->sim->agreed = (int)most.max[2];
  if (!(most.max[0] < 1e30)) return mg_sim_find_fault(m->sim);
  m->most_force = most.max[0] > 0 ? sqrt(most.max[0]) : 0;
  const double by_f = power_of_two(m->most_force), by_v = power_of_two(most.max[1]);
  mg_reduction dot;
  mg_reduction_start(&dot);
  for (int32_t i = 0; i < atoms->n; i++) {
    double ff = 0, vv = 0, fv = 0;
    for (int a = 0; a < 3; a++) {
      const double f = atoms->f[i][a] / by_f, v = atoms->v[i][a] / by_v;
      ff += f * f;
      vv += v * v;
      fv += f * v;
    }
    mg_xsum_add(&dot.sum[0], ff);
    mg_xsum_add(&dot.sum[1], vv);
    mg_xsum_add(&dot.sum[2], fv);
  }
  mg_reduce(m->sim->comm, &dot);
  m->ff = mg_xsum_value(&dot.sum[0]) * by_f * by_f;
  m->vv = mg_xsum_value(&dot.sum[1]) * by_v * by_v;
  m->fv = mg_xsum_value(&dot.sum[2]) * by_f * by_v;
  for (int a = 0; a < 3; a++) {
    m->ff += m->cell_f[a] * m->cell_f[a];
    m->vv += m->state->cell_v[a] * m->state->cell_v[a];
    m->fv += m->cell_f[a] * m->state->cell_v[a];
  }
  return MG_OK;
}

static void stop_velocities(mg_atoms *atoms, double cell_v[3]) {
  if (atoms->n) memset(atoms->v, 0, (size_t)atoms->n * sizeof *atoms->v);
  for (int a = 0; a < 3; a++) cell_v[a] = 0;
}

/* Mix velocities toward the force and adapt the time step. */
static void steer(fire *m) {
  mg_minimize_state *s = m->state;
  mg_atoms *atoms = &m->sim->atoms;
  if (m->fv <= 0) {
    stop_velocities(atoms, s->cell_v);
    s->dt *= SHRINK;
    s->alpha = ALPHA;
    s->downhill = 0;
    return;
  }
  const double keep = 1 - s->alpha, toward = m->ff > 0 ? s->alpha * sqrt(m->vv / m->ff) : 0;
  for (int32_t i = 0; i < atoms->n; i++)
    for (int a = 0; a < 3; a++)
      atoms->v[i][a] = keep * atoms->v[i][a] + toward * atoms->f[i][a];
  for (int a = 0; a < 3; a++) s->cell_v[a] = keep * s->cell_v[a] + toward * m->cell_f[a];
  if (++s->downhill <= N_MIN) return;
  s->dt = fmin(s->dt * GROW, DT_MOST);
  s->alpha *= ALPHA_SHRINK;
}

/* Move atoms and cell, no atom further than the cap. */
static void move(fire *m, double *moved) {
  mg_minimize_state *s = m->state;
  mg_sim *sim = m->sim;
  mg_atoms *atoms = &sim->atoms;
  double fastest2 = 0;
  for (int32_t i = 0; i < atoms->n; i++) {
    double v2 = 0;
    for (int a = 0; a < 3; a++) {
      atoms->v[i][a] += s->dt * atoms->f[i][a] / MASS;
      v2 += atoms->v[i][a] * atoms->v[i][a];
    }
    fastest2 = fmax(fastest2, v2);
  }
  double fastest = sqrt(mg_max_all_real(sim->comm, fastest2));
  double strain_rate = 0;
  for (int a = 0; a < 3; a++) {
    s->cell_v[a] += s->dt * m->cell_f[a] / MASS;
    strain_rate = fmax(strain_rate, fabs(s->cell_v[a]) / m->cell_scale);
  }
  double scale = 1;
  if (s->dt * fastest > m->spec->most_move) scale = m->spec->most_move / (s->dt * fastest);
  const double most_strain = 0.01;
  if (s->dt * strain_rate * scale > most_strain) scale = most_strain / (s->dt * strain_rate);
  *moved = s->dt * fastest * scale;
  double ratio[3];
  for (int a = 0; a < 3; a++) {
    ratio[a] = m->spec->relax[a] ? mg_exp(s->dt * scale * s->cell_v[a] / m->cell_scale) : 1;
    sim->box.length[a] *= ratio[a];
  }
  for (int32_t i = 0; i < atoms->n; i++)
    for (int a = 0; a < 3; a++) {
      const double lo = m->spec->relax[a] ? sim->box.lo[a] : 0;
      atoms->x[i][a] = lo + ((atoms->x[i][a] - lo) * ratio[a] + s->dt * scale * atoms->v[i][a]);
    }
}

static bool converged(const fire *m) {
  return m->most_force <= m->spec->force_tolerance &&
         m->most_pressure <= m->spec->pressure_tolerance;
}

static mg_status look(fire *m) {
  cell_forces(m);
  return measure(m);
}

/* Displacement since the last build; capped moves add up, which bounds it without a reduction. */
static mg_status refresh(fire *m, double moved) {
  mg_sim *sim = m->sim;
  double *bound = &m->state->since_build;
  *bound = 1.02 * *bound + moved; /* a cell step stretches it by 1 % at most */
  if (!mg_force_list_holds(&sim->force, &sim->box, *bound)) {
    MG_TRY(mg_sim_rebuild(sim));
    *bound = 0;
  }
  MG_TRY(mg_sim_evaluate(sim));
  return look(m);
}

mg_status mg_minimize_begin(mg_sim *sim, mg_minimize_state *state) {
  *state = (mg_minimize_state){.dt = DT_START, .alpha = ALPHA};
  stop_velocities(&sim->atoms, state->cell_v);
  MG_TRY(mg_sim_rebuild(sim));
  return mg_sim_evaluate(sim);
}

mg_status mg_minimize_advance(mg_sim *sim, const mg_minimize_spec *spec, mg_minimize_state *state,
                              mg_minimize_observer observer, void *context,
                              mg_minimize_result *result) {
  fire m = {.sim = sim, .spec = spec, .state = state};
  m.cell_scale = sqrt((double)sim->atoms.n_global) * 2.5;
  MG_TRY(look(&m));
  bool stop = false;
  while (!stop && !converged(&m) && state->steps < spec->most_steps) {
    double moved;
    steer(&m);
    move(&m, &moved);
    state->steps++;
    MG_TRY(refresh(&m, moved));
    state->most_force = m.most_force;
    mg_status status = MG_OK;
    if (observer) stop = observer(context, sim, &status);
    MG_TRY(status);
  }
  *result = (mg_minimize_result){state->steps, converged(&m), m.most_force, m.most_pressure};
  return MG_OK;
}

void mg_minimize_end(mg_sim *sim) {
  double none[3];
  stop_velocities(&sim->atoms, none);
  mg_velocity_measure(sim);
  sim->next = MG_UNDECIDED;
}

mg_status mg_minimize(mg_sim *sim, const mg_minimize_spec *spec, mg_minimize_result *result) {
  mg_minimize_state state;
  MG_TRY(mg_minimize_begin(sim, &state));
  MG_TRY(mg_minimize_advance(sim, spec, &state, NULL, NULL, result));
  mg_minimize_end(sim);
  return MG_OK;
}
