/* The specimen's cross-sections. Stress is the axial force over an area of material, never over the
 * box, which holds vacuum beside open faces [SCIENCE 3.5]:
 *
 *   gross  F/(W0 t0)    net  F/((W0 - 2a) t0)    true  F/(W t)
 *
 * W0 is the distance of the outermost atoms across the free axis plus one mean atomic spacing;
 * W follows the mean positions of atoms tagged near each face, away from the notch.
 */
#include "drive.h"
#include "mgmd/base/units.h"

#include <math.h>

static const double FACE_DEPTH = 5; /* A */

void mg_section_extent(const mg_run *run, const double (*x)[3], int a, double *least,
                       double *most) {
  mg_reduction extent;
  mg_reduction_start(&extent);
  for (int32_t i = 0; i < run->sim.atoms.n; i++) {
    extent.max[0] = fmax(extent.max[0], x[i][a]);
    extent.max[1] = fmax(extent.max[1], -x[i][a]);
  }
  mg_reduce(run->comm, &extent);
  *most = extent.max[0];
  *least = -extent.max[1];
}

void mg_section_measure(mg_run *run) {
  const mg_sim *sim = &run->sim;
  const int free = sim->axes.free;
  run->thickness = sim->box.length[sim->axes.thin];
  run->width = sim->box.length[free];
  if (sim->box.periodic[free]) return;
  double least, most;
  mg_section_extent(run, (const double(*)[3])sim->atoms.x, free, &least, &most);
  const double area = sim->box.length[sim->axes.load] * run->thickness;
  /* one mean spacing; where the bulk's volume per atom is not known it follows from the width */
  double volume = sim->sample.atomic_volume;
  for (int k = 0; k < 50; k++) {
    run->width = most - least + cbrt(isnan(volume) ? 16 : volume);
    if (!isnan(sim->sample.atomic_volume)) break;
    volume = run->width * area / (double)sim->atoms.n_global;
  }
}

mg_status mg_section_open(mg_run *run) {
  mg_sim *sim = &run->sim;
  const int free = sim->axes.free;
  sim->atoms.n_global = mg_count_all(run->comm, sim->atoms.n);
  bool bulk = true;
  for (int a = 0; a < 3; a++) bulk = bulk && sim->box.periodic[a];
  if (bulk) sim->sample.atomic_volume = mg_box_volume(&sim->box) / (double)sim->atoms.n_global;
  for (int32_t i = 0; i < sim->atoms.n; i++) {
    int image[3] = {0, 0, 0};
    mg_box_wrap(&sim->box, sim->atoms.x[i], image);
    for (int a = 0; a < 3; a++) sim->atoms.image[i][a] += image[a];
    sim->atoms.image[i][free] = 0;
  }
  sim->box.periodic[free] = false;
  return MG_OK;
}

static bool off_the_notch(const mg_run *run, const double x[3], const mg_box *box) {
  const mg_sim *sim = &run->sim;
  const int load = sim->axes.load;
  if (!(sim->sample.notch_depth > 0)) return true;
  double from_middle = (x[load] - box->lo[load]) / box->length[load] - 0.5;
  from_middle = fabs(from_middle - rint(from_middle)) * box->length[load];
  return from_middle > 0.5 * sim->sample.notch_height + FACE_DEPTH;
}

void mg_section_tag_faces(mg_run *run, const double (*x)[3], const mg_box *box) {
  mg_sim *sim = &run->sim;
  const int free = sim->axes.free;
  double least, most;
  mg_section_extent(run, x, free, &least, &most);
  for (int32_t i = 0; i < sim->atoms.n; i++) {
    sim->atoms.tag[i] &= ~(MG_TAG_LOWER_FACE | MG_TAG_UPPER_FACE);
    if (box->periodic[free] || !off_the_notch(run, x[i], box)) continue;
    if (x[i][free] < least + FACE_DEPTH) sim->atoms.tag[i] |= MG_TAG_LOWER_FACE;
    if (x[i][free] > most - FACE_DEPTH) sim->atoms.tag[i] |= MG_TAG_UPPER_FACE;
  }
}

double mg_section_face_gap(const mg_run *run) {
  const mg_atoms *atoms = &run->sim.atoms;
  const int free = run->sim.axes.free;
  mg_reduction sums;
  mg_reduction_start(&sums);
  for (int32_t i = 0; i < atoms->n; i++)
    for (int side = 0; side < 2; side++) {
      if (!(atoms->tag[i] & (side ? MG_TAG_UPPER_FACE : MG_TAG_LOWER_FACE))) continue;
      mg_xsum_add(&sums.sum[side], atoms->x[i][free]);
      sums.count[side]++;
    }
  mg_reduce(run->comm, &sums);
  if (!sums.count[0] || !sums.count[1]) return NAN;
  return mg_xsum_value(&sums.sum[1]) / (double)sums.count[1] -
         mg_xsum_value(&sums.sum[0]) / (double)sums.count[0];
}

double mg_section_stress(const mg_run *run) {
  const double force = mg_sim_axial_force(&run->sim, run->sim.axes.load);
  return force / (run->width * run->thickness) * MG_GPA;
}

double mg_section_strain(const mg_run *run) {
  const double length0 = run->sim.sample.length0;
  return isnan(length0) ? 0 : run->sim.box.length[run->sim.axes.load] / length0 - 1;
}
