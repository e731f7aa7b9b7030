/* The scalars of the frame: chains, cell rates, targets, ledger. The loops over atoms are in
 * advance.c.
 *
 * Everything here is computed from globally reduced numbers by our own exponential, so all ranks
 * hold the same bits without talking.
 */
#include "mgmd/dynamics/motion.h"
#include "motion_scalars.h"
#include "mgmd/base/fmath.h"
#include "mgmd/base/units.h"

#include <math.h>
#include <string.h>

void mg_motion_init(mg_motion *motion) {
  memset(motion, 0, sizeof *motion);
  motion->chain_length = 3;
  motion->tau_T = 0.2;
  motion->tau_P = 2;
  motion->velocity_coupling = true;
  for (int a = 0; a < 3; a++) motion->pending[a] = 1;
}

static int n_barostatted(const mg_motion *motion) {
  int n = 0;
  for (int a = 0; a < 3; a++) n += motion->mode[a] == MG_AXIS_BAROSTAT;
  return n;
}

static double ramp_at(const mg_ramp *ramp, const mg_motion *motion, int64_t step) {
  if (ramp->from == ramp->to || motion->n_steps <= 0) return ramp->from;
  const double share = (double)(step - motion->start_step) / (double)motion->n_steps;
  return ramp->from + (ramp->to - ramp->from) * share;
}

double mg_motion_temperature(const mg_motion *motion, int64_t step) {
  return ramp_at(&motion->temperature, motion, step);
}

double mg_motion_pressure(const mg_motion *motion, int a, int64_t step) {
  return ramp_at(&motion->pressure[a], motion, step);
}

double mg_motion_strain(const mg_motion *motion, const mg_sim *sim, int64_t step, int half) {
  const double steps = (double)(step - motion->start_step) + 0.5 * half;
  return motion->strain0 + motion->strain_rate * (steps * sim->dt);
}

void mg_motion_begin(mg_motion *motion, const mg_sim *sim) {
  /* a temperature of 0 K must not make massless thermostats */
  double temperature = motion->most_temperature;
  if (!(temperature > 0) && motion->thermostat)
    temperature = fmax(motion->temperature.from, motion->temperature.to);
  if (!(temperature > 0)) temperature = mg_sim_temperature(sim);
  const double kT = MG_BOLTZMANN * fmax(temperature, 1);
  const int n_cell = n_barostatted(motion);
  memset(&motion->atoms, 0, sizeof motion->atoms);
  memset(&motion->cell, 0, sizeof motion->cell);
  if (motion->thermostat) motion->atoms.n = motion->chain_length;
  if (motion->thermostat && n_cell) motion->cell.n = motion->chain_length;
  for (int k = 0; k < motion->chain_length; k++) {
    motion->atoms.mass[k] = kT * motion->tau_T * motion->tau_T;
    motion->cell.mass[k] = kT * motion->tau_P * motion->tau_P;
  }
  motion->atoms.mass[0] *= mg_sim_freedom(sim);
  motion->mass_cell =
      ((double)sim->atoms.n_global + 1) * kT * motion->tau_P * motion->tau_P;
  if (motion->coupled) motion->mass_cell *= n_cell;
  for (int a = 0; a < 3; a++) motion->w[a] = 0, motion->pending[a] = 1;
}

void mg_motion_uncouple(mg_motion *motion) {
  if (!motion->coupled) return;
  motion->coupled = false;
  motion->mass_cell /= n_barostatted(motion);
}

/* sum W w^2 over the cell's degrees of freedom */
static double cell_twice(const mg_motion *motion) {
  double sum = 0;
  for (int a = 0; a < 3; a++) {
    if (motion->mode[a] != MG_AXIS_BAROSTAT) continue;
    sum += motion->mass_cell * motion->w[a] * motion->w[a];
    if (motion->coupled) break;
  }
  return sum;
}

double mg_motion_cell_energy(const mg_motion *motion) { return 0.5 * cell_twice(motion); }

/* Half a step of a chain on twice the kinetic energy `twice` with target `goal` = dof kT.
 * Returns the factor for the rates it acts on [Martyna et al., Mol. Phys. 87, 1117 (1996)]. */
static double chain_half(mg_chain *chain, double twice, double goal, double kT, double dt) {
  if (chain->n == 0) return 1;
  double *xi = chain->rate;
  const double *mass = chain->mass;
  for (int k = chain->n - 1; k >= 0; k--) {
    const double force = k ? (mass[k - 1] * xi[k - 1] * xi[k - 1] - kT) / mass[k]
                           : (twice - goal) / mass[0];
    const double damp = k + 1 < chain->n ? mg_exp(-0.125 * dt * xi[k + 1]) : 1;
    xi[k] = (xi[k] * damp + 0.25 * dt * force) * damp;
  }
  const double factor = mg_exp(-0.5 * dt * xi[0]);
  twice *= factor * factor;
  for (int k = 0; k < chain->n; k++) {
    const double force = k ? (mass[k - 1] * xi[k - 1] * xi[k - 1] - kT) / mass[k]
                           : (twice - goal) / mass[0];
    const double damp = k + 1 < chain->n ? mg_exp(-0.125 * dt * xi[k + 1]) : 1;
    xi[k] = (xi[k] * damp + 0.25 * dt * force) * damp;
  }
  return factor;
}

void mg_motion_cell_chain(mg_motion *motion, mg_sim *sim, int64_t step) {
  if (motion->cell.n == 0) return;
  const double kT = MG_BOLTZMANN * mg_motion_temperature(motion, step);
  const int freedom = motion->coupled ? 1 : n_barostatted(motion);
  const double before = cell_twice(motion);
  const double factor = chain_half(&motion->cell, before, freedom * kT, kT, sim->dt);
  for (int a = 0; a < 3; a++) motion->w[a] *= factor;
  sim->heat += 0.5 * before * (1 - factor * factor);
}

/* Scale sim->kinetic by a velocity factor per axis and collect the factor. */
static void scale_velocities(mg_sim *sim, double factor[3], int a, double by) {
  factor[a] *= by;
  sim->kinetic[a] *= by * by;
}

void mg_motion_atom_chain(mg_motion *motion, mg_sim *sim, int64_t step, double factor[3]) {
  if (motion->atoms.n == 0) return;
  const double kT = MG_BOLTZMANN * mg_motion_temperature(motion, step);
  const double twice = sim->kinetic[0] + sim->kinetic[1] + sim->kinetic[2];
  const double by = chain_half(&motion->atoms, twice, mg_sim_freedom(sim) * kT, kT, sim->dt);
  for (int a = 0; a < 3; a++) scale_velocities(sim, factor, a, by);
  sim->heat += 0.5 * twice * (1 - by * by);
}

/* The driving term of axis a: sum m v_a^2 + sum r_a f_a - P_t V + (1/Nf) sum m v^2, or with
 * f_a L_a in place of P_t V beside an open axis, where the volume means nothing. */
static double drive(const mg_motion *motion, const mg_sim *sim, int a, int64_t step) {
  const double twice = sim->kinetic[0] + sim->kinetic[1] + sim->kinetic[2];
  const double target = mg_motion_pressure(motion, a, step);
  const double external = motion->use_area ? target * motion->area[a] * sim->box.length[a]
                                           : target * mg_box_volume(&sim->box);
  return sim->kinetic[a] + sim->virial[a] - external + twice / mg_sim_freedom(sim);
}

void mg_motion_push_cell(mg_motion *motion, const mg_sim *sim, int64_t step) {
  double sum = 0;
  for (int a = 0; a < 3; a++) {
    if (motion->mode[a] != MG_AXIS_BAROSTAT) continue;
    const double force = drive(motion, sim, a, step);
    sum += force;
    if (!motion->coupled) motion->w[a] += 0.5 * sim->dt * force / motion->mass_cell;
  }
  if (!motion->coupled) return;
  const double push = 0.5 * sim->dt * sum / motion->mass_cell;
  for (int a = 0; a < 3; a++)
    if (motion->mode[a] == MG_AXIS_BAROSTAT) motion->w[a] += push;
}

/* The deformed axis: v L stays, by the exact ratio of lengths. */
static void strain_velocities(mg_motion *motion, mg_sim *sim, int a, int64_t step, int half,
                              double factor[3]) {
  if (motion->mode[a] != MG_AXIS_DEFORM || !motion->velocity_coupling) return;
  const double ratio = (1 + mg_motion_strain(motion, sim, step, half)) /
                       (1 + mg_motion_strain(motion, sim, step, half + 1));
  sim->work += 0.5 * sim->kinetic[a] * (ratio * ratio - 1);
  scale_velocities(sim, factor, a, ratio);
}

void mg_motion_cell_drag(mg_motion *motion, mg_sim *sim, int64_t step, int half,
                         double factor[3]) {
  double total = 0;
  for (int a = 0; a < 3; a++)
    if (motion->mode[a] == MG_AXIS_BAROSTAT) total += motion->w[a];
  const double shared = total / mg_sim_freedom(sim);
  for (int a = 0; a < 3; a++) {
    /* the factors commute, the work does not: mirrored in the second half */
    if (half) strain_velocities(motion, sim, a, step, half, factor);
    const double w = motion->mode[a] == MG_AXIS_BAROSTAT ? motion->w[a] : 0;
    if (w + shared != 0) scale_velocities(sim, factor, a, mg_exp(-0.5 * sim->dt * (w + shared)));
    if (!half) strain_velocities(motion, sim, a, step, half, factor);
  }
}

void mg_motion_remap(mg_motion *motion, mg_sim *sim, int64_t step, int half, double ratio[3]) {
  for (int a = 0; a < 3; a++) {
    ratio[a] = 1;
    double *length = &sim->box.length[a];
    if (motion->mode[a] == MG_AXIS_DEFORM) {
      const double next =
          motion->length0 * (1 + mg_motion_strain(motion, sim, step, half + 1));
      ratio[a] = next / *length;
      *length = next;
    } else if (motion->mode[a] == MG_AXIS_BAROSTAT) {
      ratio[a] = mg_exp(0.5 * sim->dt * motion->w[a]);
      *length *= ratio[a];
    }
  }
}

void mg_motion_strain_work(const mg_motion *motion, mg_sim *sim, const double ratio[3]) {
  for (int a = 0; a < 3; a++)
    if (motion->mode[a] == MG_AXIS_DEFORM) sim->work -= sim->virial[a] * mg_log1(ratio[a]);
}

void mg_motion_pressure_work(const mg_motion *motion, mg_sim *sim, int64_t step) {
  /* at mid-step, where the cell stands between its two half remaps */
  for (int a = 0; a < 3; a++) {
    if (motion->mode[a] != MG_AXIS_BAROSTAT) continue;
    const double target =
        0.5 * (mg_motion_pressure(motion, a, step) + mg_motion_pressure(motion, a, step + 1));
    if (target == 0) continue;
    const double extent = motion->use_area ? motion->area[a] * sim->box.length[a]
                                           : mg_box_volume(&sim->box);
    sim->work -= target * extent * motion->w[a] * sim->dt;
  }
}

void mg_motion_settle(mg_motion *motion, mg_sim *sim) {
  mg_atoms *atoms = &sim->atoms;
  for (int32_t i = 0; i < atoms->n; i++)
    for (int a = 0; a < 3; a++) atoms->v[i][a] *= motion->pending[a];
  for (int a = 0; a < 3; a++) motion->pending[a] = 1;
}

void mg_motion_end(mg_motion *motion, mg_sim *sim) {
  mg_motion_settle(motion, sim);
  sim->heat += mg_motion_cell_energy(motion);
  for (int a = 0; a < 3; a++) motion->w[a] = 0;
}
