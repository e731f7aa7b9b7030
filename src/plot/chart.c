#include "mgmd/plot/chart.h"

#include "marks.h"

#include "mgmd/base/mem.h"
#include "mgmd/plot/ticks.h"

#include <math.h>
#include <string.h>

static const double TICK = 2.5, LEGEND_LINE = 10, SAMPLE = 16, MARGIN = 5;
static const double NARROWEST = 110; /* page */
static const double X_APART = 30, Y_APART = 17; /* numbers of an axis, at least */
enum { SPOTS = 400 }; /* places of a curve looked at when the legend looks for room */

typedef struct span {
  double least, most;
  bool log;
} span;

static bool usable(const mg_axis *axis, double v) { return isfinite(v) && (!axis->log || v > 0); }

/* The range of an axis: as given, or what the curves need. */
static span find_span(const mg_chart *chart, bool is_x) {
  const mg_axis *axis = is_x ? &chart->x : &chart->y;
  double least = INFINITY, most = -INFINITY;
  for (int c = 0; c < chart->n_curves; c++) {
    const mg_curve *curve = &chart->curve[c];
    const double *v = is_x ? curve->x : curve->y;
    for (int64_t k = 0; k < curve->n; k++) {
      if (!usable(&chart->x, curve->x[k]) || !usable(&chart->y, curve->y[k])) continue;
      least = fmin(least, v[k]);
      most = fmax(most, v[k]);
    }
  }
  if (axis->from_zero && !axis->log) {
    least = fmin(least, 0);
    most = fmax(most, 0);
  }
  if (!(least <= most)) least = axis->log ? 0.1 : 0, most = 1;
  if (axis->log) {
    least = pow(10, floor(log10(least) + 1e-9));
    most = pow(10, ceil(log10(most) - 1e-9));
    if (least == most) most *= 10;
  } else {
    double extent = most - least;
    if (!(extent > 1e-12 * fmax(fabs(least), fabs(most)))) extent = fmax(fabs(most), 1);
    const double room = axis->tight ? 0 : 0.04 * extent;
    const bool keep = axis->from_zero && least == 0;
    if (most - least < extent) least -= 0.5 * extent, most += 0.5 * extent;
    if (!keep) least -= room;
    if (!(axis->from_zero && most == 0)) most += room;
  }
  if (!isnan(axis->least)) least = axis->least;
  if (!isnan(axis->most)) most = axis->most;
  return (span){least, most, axis->log};
}

/* Place within the span, 0 to 1. */
static double place(const span *s, double v) {
  return s->log ? log(v / s->least) / log(s->most / s->least)
                : (v - s->least) / (s->most - s->least);
}

static void find_ticks(const span *s, double length, double apart, mg_ticks *ticks) {
  const int wanted = (int)fmax(2, length / apart);
  if (s->log)
    mg_ticks_log(s->least, s->most, wanted, ticks);
  else
    mg_ticks_linear(s->least, s->most, wanted, ticks);
}

static const mg_text_style y_tick_style = {.size = MG_TEXT_TICK, .across = 1, .up = 0.5};

static const mg_text_style y_name_style = {.size = MG_TEXT_LABEL, .across = 0.5, .upward = true};

/* From the frame to the baseline of the turned name. */
static double y_name_distance(mg_canvas *canvas, const mg_ticks *ticks) {
  double widest = 0;
  for (int k = 0; k < ticks->n; k++)
    widest = fmax(widest, mg_canvas_text_width(canvas, &y_tick_style, ticks->label[k]));
  return TICK + 2 + widest + 4;
}

/* The name in one line, or, where the frame is low, the unit in a line of its own. */
static bool y_name_breaks(mg_canvas *canvas, const char *text, double height) {
  return strchr(text, '(') && mg_canvas_text_width(canvas, &y_name_style, text) > height;
}

static void draw_x_axis(mg_canvas *canvas, const mg_axis *axis, const span *s, mg_rectangle f) {
  static const mg_text_style number = {.size = MG_TEXT_TICK, .across = 0.5, .up = 1},
                             name = {.size = MG_TEXT_LABEL, .across = 0.5, .up = 1};
  mg_ticks ticks;
  char text[160];
  find_ticks(s, f.width, X_APART, &ticks);
  const double bottom = f.y + f.height;
  for (int k = 0; k < ticks.n; k++) {
    const double x = f.x + f.width * place(s, ticks.value[k]);
    mg_canvas_line(canvas, x, bottom, x, bottom - TICK);
    mg_canvas_line(canvas, x, f.y, x, f.y + TICK);
    if (!axis->bare) mg_canvas_text(canvas, x, bottom + 4, &number, ticks.label[k]);
  }
  if (axis->bare) return;
  mg_ticks_label(axis->name, axis->unit, &ticks, text, sizeof text);
  mg_canvas_text(canvas, f.x + f.width / 2, bottom + 15, &name, text);
}

static void draw_y_axis(mg_canvas *canvas, const mg_chart *chart, const span *s, mg_rectangle f) {
  mg_ticks ticks;
  char text[160];
  find_ticks(s, f.height, Y_APART, &ticks);
  for (int k = 0; k < ticks.n; k++) {
    const double y = f.y + f.height * (1 - place(s, ticks.value[k]));
    mg_canvas_line(canvas, f.x, y, f.x + TICK, y);
    mg_canvas_line(canvas, f.x + f.width, y, f.x + f.width - TICK, y);
    mg_canvas_text(canvas, f.x - 3, y, &y_tick_style, ticks.label[k]);
  }
  mg_ticks_label(chart->y.name, chart->y.unit, &ticks, text, sizeof text);
  double x = f.x - (chart->y_name > 0 ? chart->y_name : y_name_distance(canvas, &ticks));
  const double middle = f.y + f.height / 2;
  if (y_name_breaks(canvas, text, f.height)) {
    char *unit = strrchr(text, '(');
    mg_canvas_text(canvas, x, middle, &y_name_style, unit);
    x -= MG_TEXT_LABEL + 1;
    unit[-1] = '\0';
  }
  mg_canvas_text(canvas, x, middle, &y_name_style, text);
}

static mg_point at(const span *sx, const span *sy, mg_rectangle f, double x, double y) {
  return (mg_point){f.x + f.width * place(sx, x), f.y + f.height * (1 - place(sy, y))};
}

static mg_status draw_curve(mg_canvas *canvas, const mg_chart *chart, const mg_curve *curve,
                            const span *sx, const span *sy, mg_rectangle f) {
  mg_point *point;
  MG_TRY(MG_NEW(point, curve->n));
  for (int64_t k = 0; k < curve->n; k++) {
    const bool good = usable(&chart->x, curve->x[k]) && usable(&chart->y, curve->y[k]);
    point[k] = good ? at(sx, sy, f, curve->x[k], curve->y[k]) : (mg_point){NAN, NAN};
  }
  mg_canvas_color(canvas, curve->color);
  mg_canvas_pen(canvas, curve->pen, curve->dashed);
  mg_canvas_lines(canvas, curve->n, point);
  mg_free(point);
  return MG_OK;
}

/* Places of the curves inside @p area; between points a curve is straight. */
static int places_within(const mg_chart *chart, const span *sx, const span *sy, mg_rectangle f,
                         mg_rectangle area) {
  int n = 0;
  for (int c = 0; c < chart->n_curves; c++) {
    const mg_curve *curve = &chart->curve[c];
    for (int k = 0; k <= SPOTS && curve->n > 0; k++) {
      const double place = (double)(curve->n - 1) * k / SPOTS;
      const int64_t i = (int64_t)place, j = i + 1 < curve->n ? i + 1 : i;
      const double part = place - (double)i;
      const mg_point p = at(sx, sy, f, curve->x[i] + part * (curve->x[j] - curve->x[i]),
                            curve->y[i] + part * (curve->y[j] - curve->y[i]));
      n += p.x > area.x && p.x < area.x + area.width && p.y > area.y && p.y < area.y + area.height;
    }
  }
  return n;
}

static const mg_text_style legend_style = {.size = MG_TEXT_TICK, .up = 0.5};

static mg_rectangle legend_size(mg_canvas *canvas, const mg_chart *chart) {
  mg_rectangle box = {.width = 0, .height = 4};
  for (int c = 0; c < chart->n_curves; c++) {
    if (!chart->curve[c].label) continue;
    box.height += LEGEND_LINE;
    box.width = fmax(box.width, mg_canvas_text_width(canvas, &legend_style, chart->curve[c].label));
  }
  if (box.width > 0) box.width += SAMPLE + 12;
  return box;
}

/* The corner, or the middle of an edge, that no curve passes; above all of them if there is none
 * and the y axis may grow. */
static mg_rectangle place_legend(mg_canvas *canvas, const mg_chart *chart, const span *sx, span *sy,
                                 mg_rectangle f) {
  static const int corner[][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {2, 0}, {2, 1}, {0, 2}, {1, 2}};
  mg_rectangle box = legend_size(canvas, chart), best = box;
  if (box.width == 0) return box;
  const double x[] = {f.x + 5, f.x + f.width - box.width - 5, f.x + (f.width - box.width) / 2};
  const double y[] = {f.y + 5, f.y + f.height - box.height - 5, f.y + (f.height - box.height) / 2};
  int fewest = -1;
  for (size_t k = 0; k < sizeof corner / sizeof corner[0]; k++) {
    box.x = x[corner[k][0]];
    box.y = y[corner[k][1]];
    const int n = places_within(chart, sx, sy, f, box);
    if (fewest >= 0 && n >= fewest) continue;
    fewest = n;
    best = box;
  }
  const double room = f.height - box.height - 8;
  if (fewest > 0 && isnan(chart->y.most) && !sy->log && room > 0.4 * f.height) {
    sy->most = sy->least + (sy->most - sy->least) * f.height / room;
    best.x = x[1];
    best.y = y[0];
  }
  return best;
}

static void draw_legend(mg_canvas *canvas, const mg_chart *chart, mg_rectangle box) {
  if (box.width == 0) return;
  double line = box.y + 2 + LEGEND_LINE / 2;
  for (int c = 0; c < chart->n_curves; c++) {
    const mg_curve *curve = &chart->curve[c];
    if (!curve->label) continue;
    mg_canvas_color(canvas, curve->color);
    mg_canvas_pen(canvas, curve->pen, curve->dashed);
    mg_canvas_line(canvas, box.x + 4, line, box.x + 4 + SAMPLE, line);
    mg_canvas_color(canvas, MG_BLACK);
    mg_canvas_text(canvas, box.x + 8 + SAMPLE, line, &legend_style, curve->label);
    line += LEGEND_LINE;
  }
}

static void draw_marks(mg_canvas *canvas, const mg_chart *chart, const span *sx, const span *sy,
                       mg_rectangle f) {
  mg_canvas_color(canvas, 0xb8b8b8);
  mg_canvas_pen(canvas, 0.4, false);
  if (chart->zero_lines) {
    const mg_point zero = at(sx, sy, f, 0, 0);
    if (!sy->log) mg_canvas_line(canvas, f.x, zero.y, f.x + f.width, zero.y);
    if (!sx->log) mg_canvas_line(canvas, zero.x, f.y, zero.x, f.y + f.height);
  }
  for (int k = 0; k < chart->n_marks; k++) {
    const double x = f.x + f.width * place(sx, chart->mark[k].x);
    mg_canvas_line(canvas, x, f.y, x, f.y + f.height);
  }
}

static void name_marks(mg_canvas *canvas, const mg_chart *chart, const span *sx, mg_rectangle f) {
  static const mg_text_style style = {.size = 6, .across = 0.5};
  for (int k = 0; k < chart->n_marks && chart->name_marks; k++) {
    const mg_chart_mark *mark = &chart->mark[k];
    if (!mark->text) continue;
    const double x = f.x + f.width * place(sx, mark->x), end = f.x + f.width * place(sx, mark->end);
    if (mg_canvas_text_width(canvas, &style, mark->text) < end - x)
      mg_canvas_text(canvas, 0.5 * (x + end), f.y - 2.5, &style, mark->text);
  }
}

mg_status mg_chart_draw(mg_canvas *canvas, const mg_chart *chart, mg_rectangle f) {
  const span sx = find_span(chart, true);
  span sy = find_span(chart, false);
  const mg_rectangle legend = place_legend(canvas, chart, &sx, &sy, f);
  mg_status status = MG_OK;
  mg_canvas_clip(canvas, f);
  draw_marks(canvas, chart, &sx, &sy, f);
  for (int c = 0; c < chart->n_curves && status == MG_OK; c++)
    status = draw_curve(canvas, chart, &chart->curve[c], &sx, &sy, f);
  mg_canvas_unclip(canvas);
  draw_legend(canvas, chart, legend);
  mg_canvas_color(canvas, MG_BLACK);
  mg_canvas_pen(canvas, 0.6, false);
  mg_canvas_frame(canvas, f);
  draw_x_axis(canvas, &chart->x, &sx, f);
  draw_y_axis(canvas, chart, &sy, f);
  name_marks(canvas, chart, &sx, f);
  return status;
}

/* Put the names of all y axes at one distance; @return what numbers and names need [pt]. */
static double align_y_names(mg_canvas *canvas, int n, mg_chart *charts, double height) {
  double most = 0;
  int lines = 1;
  for (int k = 0; k < n; k++) {
    mg_ticks ticks;
    char text[160];
    span y = find_span(&charts[k], false);
    const span x = find_span(&charts[k], true);
    place_legend(canvas, &charts[k], &x, &y, (mg_rectangle){0, 0, 2 * height, height});
    find_ticks(&y, height, Y_APART, &ticks);
    mg_ticks_label(charts[k].y.name, charts[k].y.unit, &ticks, text, sizeof text);
    if (y_name_breaks(canvas, text, height)) lines = 2;
    most = fmax(most, y_name_distance(canvas, &ticks));
  }
  for (int k = 0; k < n; k++) charts[k].y_name = most;
  return most + lines * (MG_TEXT_LABEL + 1);
}

/* The title in lines, over the frames; @return false when the page is too narrow for it. */
static mg_status fit_title(const char *title, double width, mg_label *label) {
  static const mg_text_style style = {.size = MG_TEXT_TITLE, .across = 0.5, .up = 1, .bold = true};
  mg_canvas *ruler;
  *label = (mg_label){.n = 0};
  MG_REQUIRE(width >= NARROWEST, MG_ERR_INPUT,
             "plot: --width: charts do not fit on a page narrower than %.0f mm",
             ceil(NARROWEST / 72 * 25.4));
  if (!title) return MG_OK;
  MG_TRY(mg_canvas_ruler(&ruler));
  const bool fits = mg_label_fit(ruler, &style, width - 2 * MARGIN, MG_LABEL_LINES, title, label);
  mg_canvas_abandon(&ruler);
  MG_REQUIRE(fits, MG_ERR_INPUT, "plot: --title: is too long for a page %.0f mm wide",
             width / 72 * 25.4);
  return MG_OK;
}

mg_status mg_chart_page(const char *path, double width, double dpi, double aspect,
                        const char *title, int n, mg_chart *charts, bool shared_x) {
  mg_canvas *canvas;
  mg_label label;
  MG_TRY(fit_title(title, width, &label));
  const double head = label.n ? 4 + label.n * mg_label_pitch(&label) : 0, right = MARGIN + 6;
  const double frame = aspect * (width - 40 - right);
  double height = head + MARGIN;
  for (int k = 0; k < n; k++) {
    charts[k].x.bare = shared_x && k + 1 < n;
    height += frame + (charts[k].name_marks ? MG_CHART_TOP : 0) +
              (charts[k].x.bare ? 6 : MG_CHART_BOTTOM);
  }
  MG_TRY(mg_canvas_open(path, width, height, dpi, &canvas));
  const double left = MARGIN + align_y_names(canvas, n, charts, frame);
  double y = head + MARGIN;
  /* over the frames, if that leaves it on the page */
  const double half = label.width / 2, middle = (left + width - right) / 2;
  mg_label_draw(canvas, fmin(middle, width - MARGIN - half), MARGIN + 2, &label);
  mg_status status = MG_OK;
  for (int k = 0; k < n && status == MG_OK; k++) {
    if (charts[k].name_marks) y += MG_CHART_TOP;
    const mg_rectangle f = {left, y, width - left - right, frame};
    status = mg_chart_draw(canvas, &charts[k], f);
    y += frame + (charts[k].x.bare ? 6 : MG_CHART_BOTTOM);
  }
  if (status == MG_OK) return mg_canvas_close(&canvas);
  mg_canvas_abandon(&canvas);
  return status;
}
