/* Curves from the atoms of snapshots: profiles and histograms. */
#include "maps.h"
#include "mgmd/plot/chart.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_CHARTS = 8, MOST_SHOTS = 16, LABEL = 160 };
enum { BINS_LEAST = 30, BINS_MOST = 200 }; /* of a histogram */
enum { MOST_BINS = 1000000 };              /* of a profile */

/* Charts of quantities with a curve per snapshot, and what they point to. */
typedef struct deck {
  int n_shots;
  const mg_shot *const *shots;
  const mg_words *quantities;
  mg_chart chart[MOST_CHARTS];
  mg_curve curve[MOST_CHARTS][MOST_SHOTS];
  double *x[MOST_CHARTS][MOST_SHOTS], *y[MOST_CHARTS][MOST_SHOTS];
  char label[MOST_SHOTS][LABEL], title[MOST_CHARTS][LABEL], unit[MOST_CHARTS][LABEL];
} deck;

static mg_status deck_create(deck **d, int n_shots, const mg_shot *const *shots,
                             const mg_words *quantities) {
  *d = NULL;
  MG_TRY(mg_canvas_available());
  MG_REQUIRE(n_shots <= MOST_SHOTS && quantities->n <= MOST_CHARTS, MG_ERR_INPUT,
             "plot: at most %d fields of %d snapshots fit on one page", MOST_CHARTS, MOST_SHOTS);
  MG_TRY(MG_NEW(*d, 1));
  (*d)->n_shots = n_shots;
  (*d)->shots = shots;
  (*d)->quantities = quantities;
  for (int s = 0; s < n_shots; s++) mg_shot_title(shots[s], false, (*d)->label[s], LABEL);
  return MG_OK;
}

static void deck_destroy(deck **d) {
  if (!*d) return;
  for (int q = 0; q < MOST_CHARTS; q++)
    for (int s = 0; s < MOST_SHOTS; s++) {
      mg_free((*d)->x[q][s]);
      mg_free((*d)->y[q][s]);
    }
  MG_DELETE(*d);
}

static mg_status add_curve(deck *d, int q, int s, int64_t n) {
  MG_TRY(MG_NEW(d->x[q][s], n));
  MG_TRY(MG_NEW(d->y[q][s], n));
  d->curve[q][s] = (mg_curve){.n = n,
                              .x = d->x[q][s],
                              .y = d->y[q][s],
                              .label = d->n_shots > 1 ? d->label[s] : NULL,
                              .color = mg_palette(s),
                              .pen = 1};
  d->chart[q].curve = d->curve[q];
  d->chart[q].n_curves = s + 1;
  return MG_OK;
}

/* --- profiles --- */

/* Where atom @p i is along the line; NaN beside it. */
static double along(const mg_plane *plane, const mg_shot *shot, const mg_profile_line *line,
                    int64_t i) {
  const mg_axes *axes = &shot->header.axes;
  const double across = plane->across[i] + plane->half_width, up = plane->up[i];
  if (line->axis >= 0)
    return line->axis == axes->load   ? up
           : line->axis == axes->free ? across
                                      : plane->depth[i] - shot->header.box.lo[axes->thin];
  const double tx = line->to[0] - line->from[0], ty = line->to[1] - line->from[1];
  const double length = hypot(tx, ty), dx = across - line->from[0], dy = up - line->from[1];
  if (fabs(dx * ty - dy * tx) > 0.5 * line->band * length) return NAN;
  return (dx * tx + dy * ty) / length;
}

static double line_length(const mg_plane *plane, const mg_shot *shot,
                          const mg_profile_line *line) {
  const mg_axes *axes = &shot->header.axes;
  if (line->axis < 0) return hypot(line->to[0] - line->from[0], line->to[1] - line->from[1]);
  return line->axis == axes->load   ? plane->height
         : line->axis == axes->free ? 2 * plane->half_width
                                    : shot->header.box.length[axes->thin];
}

/* The last bin ends with the line. */
static mg_status fill_profile(deck *d, int q, int s, const mg_plane *plane, const double *value,
                              const mg_profile_line *line) {
  const double length = line_length(plane, d->shots[s], line);
  const int64_t bins = (int64_t)ceil(length / line->bin - 1e-9);
  MG_REQUIRE(bins < MOST_BINS, MG_ERR_INPUT, "plot: --bin: %lld bins are too many",
             (long long)bins);
  MG_REQUIRE(bins > 1, MG_ERR_INPUT, "plot: --bin: %g nm is not less than the line, %.3g nm",
             line->bin / 10, length / 10);
  int64_t *count, found = 0;
  MG_TRY(add_curve(d, q, s, bins));
  MG_TRY(MG_NEW(count, bins));
  double *x = d->x[q][s], *y = d->y[q][s];
  for (int64_t i = 0; i < plane->n; i++) {
    const double at = along(plane, d->shots[s], line, i);
    if (!(at >= 0 && at <= length)) continue;
    found++;
    if (isnan(value[i])) continue;
    const int64_t k = at < length ? (int64_t)(at / line->bin) : bins - 1;
    y[k] += value[i];
    count[k]++;
  }
  for (int64_t k = 0; k < bins; k++) {
    const double from = (double)k * line->bin;
    x[k] = 0.1 * 0.5 * (from + fmin(from + line->bin, length)); /* nm */
    y[k] = count[k] ? y[k] / (double)count[k] : NAN;
  }
  mg_free(count);
  MG_REQUIRE(found > 0, MG_ERR_INPUT, "plot: --along: no atom of %s is on the line; the sample is "
             "%.3g nm across and %.3g nm high", d->shots[s]->path, 0.2 * plane->half_width,
             0.1 * plane->height);
  return MG_OK;
}

static mg_status profile_of_shot(deck *d, int s, const mg_profile_line *line) {
  mg_plane plane;
  double *value = NULL;
  MG_TRY(mg_plane_read(d->shots[s], &plane));
  mg_status status = MG_NEW(value, plane.n);
  for (int q = 0; q < d->quantities->n && status == MG_OK; q++) {
    mg_quantity quantity;
    status = mg_quantity_find(d->shots[s], d->quantities->word[q], &quantity);
    if (status == MG_OK) status = mg_quantity_read(d->shots[s], &quantity, value);
    if (status == MG_OK) status = fill_profile(d, q, s, &plane, value, line);
    mg_str_copy(d->title[q], LABEL, quantity.title);
    mg_str_copy(d->unit[q], LABEL, quantity.unit);
  }
  mg_free(value);
  mg_plane_clear(&plane);
  return status;
}

static void use_ranges(const mg_look *look, const char *name, mg_axis *axis) {
  axis->least = axis->most = NAN;
  for (int k = 0; k < look->n_ranges; k++) {
    if (strcmp(look->range[k].name, name) != 0) continue;
    axis->least = look->range[k].least;
    axis->most = look->range[k].most;
  }
}

mg_status mg_plot_profile(const mg_look *look, int n_shots, const mg_shot *const *shots,
                          const mg_words *quantities, const mg_profile_line *line,
                          const char *path) {
  static const char *const axis_name[] = {"x", "y", "z"};
  deck *d;
  MG_TRY(deck_create(&d, n_shots, shots, quantities));
  mg_status status = MG_OK;
  for (int s = 0; s < n_shots && status == MG_OK; s++) status = profile_of_shot(d, s, line);
  for (int q = 0; q < quantities->n && status == MG_OK; q++) {
    mg_chart *chart = &d->chart[q];
    chart->x = (mg_axis){.name = line->axis < 0 ? "distance along the line" : axis_name[line->axis],
                         .unit = "nm",
                         .most = NAN,
                         .tight = true};
    chart->y = (mg_axis){.name = d->title[q], .unit = d->unit[q]};
    use_ranges(look, quantities->word[q], &chart->y);
    chart->zero_lines = true;
    for (int s = 0; s < n_shots && q > 0; s++) d->curve[q][s].label = NULL;
  }
  if (status == MG_OK)
    status = mg_chart_page(path, look->width, look->dpi, quantities->n > 1 ? 0.42 : 0.7,
                           look->title, quantities->n, d->chart, true);
  deck_destroy(&d);
  return status;
}

/* --- histograms --- */

/* Density of values between the ends, as a line of steps. */
static mg_status fill_histogram(deck *d, int q, int s, const double *value, double least,
                                double most) {
  const int64_t n_atoms = d->shots[s]->header.n_atoms;
  const int bins = (int)fmin(BINS_MOST, fmax(BINS_LEAST, 3 * cbrt((double)n_atoms)));
  const double width = (most - least) / bins;
  int64_t count[BINS_MOST] = {0}, n = 0;
  MG_TRY(add_curve(d, q, s, 2 * bins + 2));
  for (int64_t i = 0; i < n_atoms; i++) {
    if (isnan(value[i])) continue;
    n++;
    const double at = floor((value[i] - least) / width);
    if (at >= 0 && at < bins) count[(int)at]++;
    if (value[i] == most) count[bins - 1]++;
  }
  double *x = d->x[q][s], *y = d->y[q][s];
  for (int k = 0; k <= bins; k++) {
    x[2 * k] = x[2 * k + 1] = least + k * width;
    y[2 * k] = k > 0 && n ? (double)count[k - 1] / (double)n / width : 0;
    y[2 * k + 1] = k < bins && n ? (double)count[k] / (double)n / width : 0;
  }
  return MG_OK;
}

static mg_status histograms(deck *d, const mg_sheet *sheet) {
  mg_status status = MG_OK;
  for (int s = 0; s < d->n_shots && status == MG_OK; s++) {
    double *value;
    MG_TRY(MG_NEW(value, d->shots[s]->header.n_atoms));
    for (int q = 0; q < sheet->n_columns && status == MG_OK; q++) {
      status = mg_quantity_read(d->shots[s], &sheet->quantity[q], value);
      if (status == MG_OK)
        status = fill_histogram(d, q, s, value, sheet->least[q], sheet->most[q]);
    }
    mg_free(value);
  }
  return status;
}

mg_status mg_plot_histogram(const mg_look *look, int n_shots, const mg_shot *const *shots,
                            const mg_words *quantities, const char *path) {
  deck *d;
  mg_sheet sheet = {0};
  mg_look of_atoms = *look;
  of_atoms.style = MG_MAP_ATOMS; /* ranges of atoms, not of means */
  MG_TRY(deck_create(&d, n_shots, shots, quantities));
  mg_status status = mg_sheet_prepare(&sheet, &of_atoms, n_shots, shots, quantities);
  if (status == MG_OK) status = histograms(d, &sheet);
  for (int q = 0; q < quantities->n && status == MG_OK; q++) {
    mg_chart *chart = &d->chart[q];
    const mg_quantity *quantity = &sheet.quantity[q];
    if (*quantity->unit) snprintf(d->unit[q], LABEL, "1/%s", quantity->unit);
    chart->x = (mg_axis){.name = quantity->title,
                         .unit = quantity->unit,
                         .least = sheet.least[q],
                         .most = sheet.most[q]};
    chart->y = (mg_axis){.name = "density of atoms",
                         .unit = d->unit[q],
                         .least = NAN,
                         .most = NAN,
                         .from_zero = true,
                         .log = look->log};
    for (int s = 0; s < n_shots && q > 0; s++) d->curve[q][s].label = NULL;
  }
  if (status == MG_OK)
    status = mg_chart_page(path, look->width, look->dpi, quantities->n > 1 ? 0.5 : 0.7,
                           look->title, quantities->n, d->chart, false);
  mg_sheet_clear(&sheet);
  deck_destroy(&d);
  return status;
}
