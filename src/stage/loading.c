#include "loading.h"
#include "mgmd/base/mem.h"

#include <math.h>
#include <string.h>

static const double ELASTIC = 0.01;       /* the modulus is the slope up to this strain */
static const double PEAK_WINDOW = 0.001;  /* the peak is that of a mean over this strain */

mg_status mg_average_begin(mg_average *average, int64_t length) {
  average->n = 0;
  average->ring.n = length < 1 ? 1 : length;
  return MG_NEW(average->ring.value, average->ring.n);
}

void mg_average_add(mg_average *average, double value) {
  if (average->ring.n == 0) return; /* what a file may claim of a stage that has begun */
  average->ring.value[average->n++ % average->ring.n] = value;
}

bool mg_average_full(const mg_average *average) { return average->n >= average->ring.n; }

double mg_average_value(const mg_average *average) {
  /* summed anew in ring order: a running sum would remember every value that ever passed */
  const int64_t n = average->n < average->ring.n ? average->n : average->ring.n;
  double sum = 0;
  for (int64_t k = 0; k < n; k++) sum += average->ring.value[k];
  return sum / (double)n;
}

const mg_record mg_loading_records[] = {
    MG_AVERAGE_RECORDS("stress", mg_loading, stress, "GPa"),
    MG_RECORD("fit_count", REAL, 1, mg_loading, n, NULL),
    MG_RECORD("fit_strain", REAL, 1, mg_loading, x, NULL),
    MG_RECORD("fit_stress", REAL, 1, mg_loading, y, "GPa"),
    MG_RECORD("fit_strain_strain", REAL, 1, mg_loading, xx, NULL),
    MG_RECORD("fit_strain_stress", REAL, 1, mg_loading, xy, "GPa"),
    {.name = NULL}};

mg_status mg_loading_begin(mg_loading *loading, const mg_run *run, const mg_motion *motion) {
  memset(loading, 0, sizeof *loading);
  int64_t length = mg_stage_steps(PEAK_WINDOW / fabs(motion->strain_rate), run->sim.dt);
  if (length > motion->n_steps) length = motion->n_steps;
  return mg_agree(run->comm, mg_average_begin(&loading->stress, length));
}

bool mg_loading_step(void *context, mg_run *run, mg_motion *motion) {
  mg_loading *l = context;
  const double strain = mg_section_strain(run), stress = mg_section_stress(run);
  if (fabs(strain) <= ELASTIC) {
    l->n += 1;
    l->x += strain;
    l->y += stress;
    l->xx += strain * strain;
    l->xy += strain * stress;
  }
  mg_average_add(&l->stress, stress);
  /* the mean costs a pass over the window: look at it four times per window */
  const int64_t stride = l->stress.ring.n < 4 ? 1 : l->stress.ring.n / 4;
  if (!mg_average_full(&l->stress) || (run->sim.step - motion->start_step) % stride) return false;
  const double mean = mg_average_value(&l->stress), sign = motion->strain_rate < 0 ? -1 : 1;
  if (isnan(run->results.peak_stress) || sign * mean > sign * run->results.peak_stress) {
    run->results.peak_stress = mean;
    run->results.peak_strain = strain - 0.5 * (double)l->stress.ring.n * motion->strain_rate *
                                            run->sim.dt;
  }
  return false;
}

void mg_loading_end(mg_loading *l, mg_run *run) {
  const double spread = l->n * l->xx - l->x * l->x;
  if (l->n >= 10 && spread > 0)
    run->results.youngs_modulus = (l->n * l->xy - l->x * l->y) / spread;
  run->results.final_strain = mg_section_strain(run);
}

mg_status mg_loading_set_reference(mg_run *run) {
  mg_sim *sim = &run->sim;
  mg_section_measure(run);
  sim->sample.length0 = sim->box.length[sim->axes.load];
  sim->sample.width0 = run->width;
  sim->sample.thickness0 = run->thickness;
  mg_section_tag_faces(run, (const double(*)[3])sim->atoms.x, &sim->box);
  sim->sample.face_gap0 = mg_section_face_gap(run);
  run->results = (mg_results){NAN, NAN, NAN, NAN, NAN};
  return mg_output_set_reference(run);
}

mg_status mg_loading_restore_reference(mg_run *run, const mg_frame *frame) {
  mg_sim *sim = &run->sim;
  run->width = sim->sample.width0;
  run->thickness = sim->sample.thickness0;
  run->results.final_strain = mg_section_strain(run);
  mg_section_tag_faces(run, (const double(*)[3])frame->reference, &frame->reference_box);
  mg_reference_destroy(&run->reference);
  return mg_reference_create(run->comm, sim->atoms.n, sim->atoms.id,
                             (const double(*)[3])frame->reference, &frame->reference_box,
                             MG_STRAIN_CUTOFF, &run->reference);
}

bool mg_rest_step(void *context, mg_run *run, mg_motion *motion) {
  mg_rest *rest = context;
  (void)motion;
  if (run->sim.step > rest->from) {
    rest->sum += mg_section_strain(run);
    rest->n++;
  }
  return false;
}
