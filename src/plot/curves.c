/* Pictures from tables: stress against strain, and columns over time. */
#include "mgmd/plot/chart.h"
#include "mgmd/plot/pictures.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/plot/ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_CURVES = 1024, LABEL = 160, MOST_MARKS = 64, MOST_COLUMNS = 12 };

/* --- stress against strain --- */

/* What a run's table tells about loading. */
typedef struct loading {
  mg_table_data table;
  int strain, stage, time; /* columns */
  double final_strain, rate; /* at the end of the last compress, else where unload begins; [1/s] */
} loading;

static bool is_stage(const loading *l, int64_t row, const char *word) {
  return strncmp(l->table.word[l->stage][row], word, strlen(word)) == 0;
}

static mg_status read_loading(const mg_run_files *run, loading *l) {
  MG_REQUIRE(*run->thermo, MG_ERR_INPUT, "%s: there is no thermo.csv to take stresses from",
             run->path);
  MG_TRY(mg_table_read(run->thermo, &l->table));
  l->strain = mg_table_find(&l->table, "strain");
  l->stage = mg_table_find(&l->table, "stage");
  l->time = mg_table_find(&l->table, "time");
  MG_REQUIRE(l->strain >= 0 && l->stage >= 0 && l->time >= 0 &&
                 (l->table.n_rows == 0 || l->table.word[l->stage]),
             MG_ERR_INPUT, "%s: has no columns time, stage and strain", run->thermo);
  int64_t first = -1, last = -1;
  for (int64_t k = 0; k < l->table.n_rows; k++) {
    if (!is_stage(l, k, "compress")) continue;
    if (first < 0 || !is_stage(l, k - 1, "compress")) first = k;
    last = k;
  }
  l->final_strain = l->rate = NAN;
  for (int64_t k = 0; k < l->table.n_rows && last < 0 && isnan(l->final_strain); k++)
    if (is_stage(l, k, "unload")) l->final_strain = l->table.number[l->strain][k];
  if (last < 0) return MG_OK;
  l->final_strain = l->table.number[l->strain][last];
  const double *strain = l->table.number[l->strain], *time = l->table.number[l->time];
  l->rate = fabs((strain[last] - strain[first]) / (time[last] - time[first])) * 1e12;
  return MG_OK;
}

mg_status mg_plot_has_loading(const mg_run_files *run, bool *loads) {
  loading l = {{0}, -1, -1, -1, NAN, NAN};
  *loads = false;
  if (!*run->thermo) return MG_OK;
  const mg_status status = read_loading(run, &l);
  *loads = status == MG_OK && isfinite(l.final_strain);
  const bool other_table = status == MG_ERR_INPUT && l.table.n_columns > 0;
  mg_table_clear(&l.table);
  if (!other_table) return status;
  mg_error_clear(); /* a table of something else */
  return MG_OK;
}

/* "4·10⁹ s⁻¹"; "10⁹ s⁻¹" */
static void append_rate(char *text, size_t size, double rate) {
  int decade = (int)floor(log10(rate) + 1e-9);
  char power[32], factor[32];
  snprintf(factor, sizeof factor, "%.3g\u00b7", rate / pow(10, decade));
  if (strcmp(factor, "10\u00b7") == 0) decade++;
  const bool one = strcmp(factor, "1\u00b7") == 0 || strcmp(factor, "10\u00b7") == 0;
  mg_ticks_power(decade, power, sizeof power);
  mg_str_append(text, size, ", %s%s s\u207b\u00b9", one ? "" : factor, power);
}

/* Curves of all runs with what they point to. */
typedef struct story {
  int n_runs, n_curves, n_owned;
  loading *run;
  mg_curve curve[MOST_CURVES];
  double *owned[2 * MOST_CURVES];
  char (*label)[LABEL];
  double sign; /* -1: everything negated */
} story;

static void name_runs(story *s, const mg_run_files *runs, const mg_words *labels) {
  bool differ = false;
  for (int k = 1; k < s->n_runs; k++)
    differ = differ || fabs(s->run[k].rate / s->run[0].rate - 1) > 1e-2;
  for (int k = 0; k < s->n_runs; k++) {
    mg_str_copy(s->label[k], LABEL, labels->n ? labels->word[k] : runs[k].name);
    if (!labels->n && differ && isfinite(s->run[k].rate))
      append_rate(s->label[k], LABEL, s->run[k].rate);
  }
}

static mg_rgb run_color(int k, int n) {
  if (n < MG_PALETTE) return mg_palette(k);
  mg_colormap map;
  mg_colormap_fill(MG_COLORS_SEQUENTIAL, &map);
  return mg_colormap_at(&map, 0.88 * k / (n - 1));
}

/* The rows of one way as a curve; unloading begins at the last row of loading. */
static mg_status add_way(story *s, const loading *l, int column, bool unloads, mg_curve curve) {
  const int64_t n = l->table.n_rows;
  double *x, *y;
  MG_TRY(MG_NEW(x, n));
  s->owned[s->n_owned++] = x;
  MG_TRY(MG_NEW(y, n));
  s->owned[s->n_owned++] = y;
  for (int64_t k = 0; k < n; k++) {
    const bool joint = unloads && k + 1 < n && is_stage(l, k, "compress") &&
                       is_stage(l, k + 1, "unload");
    const bool here = joint || is_stage(l, k, unloads ? "unload" : "compress");
    x[k] = here ? 100 * s->sign * l->table.number[l->strain][k] : NAN;
    y[k] = here ? s->sign * l->table.number[column][k] : NAN;
  }
  curve.n = n;
  curve.x = x;
  curve.y = y;
  curve.dashed = unloads;
  if (unloads) curve.label = NULL;
  s->curve[s->n_curves++] = curve;
  return MG_OK;
}

/* What the legend calls them. */
static const char *section_name(const char *stress) {
  return strcmp(stress, "gross") == 0 ? "gross section"
         : strcmp(stress, "net") == 0 ? "net section"
                                      : "true";
}

static const double pens[] = {1.2, 0.8, 0.5}; /* of the stresses of several runs */

static mg_status add_run(story *s, const mg_run_files *runs, int r, const mg_words *stresses) {
  for (int k = 0; k < stresses->n; k++) {
    char name[32];
    const loading *l = &s->run[r];
    snprintf(name, sizeof name, "stress_%s", stresses->word[k]);
    const int column = mg_table_find(&l->table, name);
    MG_REQUIRE(column >= 0, MG_ERR_INPUT, "%s: has no column %s", runs[r].thermo, name);
    mg_curve curve = {.label = s->label[r], .color = run_color(r, s->n_runs), .pen = 1};
    if (s->n_runs == 1) {
      curve.color = mg_palette(k);
      curve.label = stresses->n > 1 ? section_name(stresses->word[k]) : NULL;
    } else if (stresses->n > 1) {
      curve.label = k == 0 ? curve.label : NULL;
      curve.pen = pens[k % 3];
    }
    MG_TRY(add_way(s, l, column, false, curve));
    MG_TRY(add_way(s, l, column, true, curve));
  }
  return MG_OK;
}

static mg_status add_curves(story *s, const mg_run_files *runs, const mg_words *stresses) {
  for (int r = 0; r < s->n_runs; r++) MG_TRY(add_run(s, runs, r, stresses));
  bool unloads = false;
  for (int c = 1; c < s->n_curves; c += 2)
    for (int64_t k = 0; k < s->curve[c].n; k++) unloads = unloads || isfinite(s->curve[c].x[k]);
  for (int k = 0; k < stresses->n && s->n_runs > 1 && stresses->n > 1; k++)
    s->curve[s->n_curves++] = (mg_curve){
        .label = section_name(stresses->word[k]), .color = 0x606060, .pen = pens[k % 3]};
  if (unloads)
    s->curve[s->n_curves++] =
        (mg_curve){.label = "unloading", .color = 0x606060, .pen = 1, .dashed = true};
  return MG_OK;
}

static mg_status read_runs(story *s, int n_runs, const mg_run_files *runs) {
  bool all_compressed = true;
  MG_TRY(MG_NEW(s->run, n_runs));
  MG_TRY(MG_NEW(s->label, n_runs));
  for (int r = 0; r < n_runs; r++) {
    s->n_runs++;
    MG_TRY(read_loading(&runs[r], &s->run[r]));
    MG_REQUIRE(isfinite(s->run[r].final_strain), MG_ERR_INPUT,
               "%s: holds no rows of a stage compress or unload", runs[r].thermo);
    all_compressed = all_compressed && s->run[r].final_strain < 0;
  }
  s->sign = all_compressed ? -1 : 1;
  return MG_OK;
}

mg_status mg_plot_stress_strain(const mg_look *look, int n_runs, const mg_run_files *runs,
                                const mg_words *stresses, const mg_words *labels,
                                const char *path) {
  story *s;
  MG_TRY(mg_canvas_available());
  MG_REQUIRE(2 * n_runs * stresses->n + stresses->n < MOST_CURVES, MG_ERR_INPUT,
             "plot: more than %d curves", MOST_CURVES / 2);
  MG_TRY(MG_NEW(s, 1));
  mg_status status = read_runs(s, n_runs, runs);
  if (status == MG_OK) {
    name_runs(s, runs, labels);
    status = add_curves(s, runs, stresses);
  }
  if (status == MG_OK) {
    char stress[48];
    snprintf(stress, sizeof stress, "%s%s%sstress", s->sign < 0 ? "\u2212" : "",
             stresses->n == 1 ? stresses->word[0] : "", stresses->n == 1 ? " " : "");
    mg_chart chart = {.x = {.name = s->sign < 0 ? "\u2212strain" : "strain", .unit = "%"},
                      .y = {.name = stress, .unit = "GPa"},
                      .n_curves = s->n_curves,
                      .curve = s->curve,
                      .zero_lines = true};
    chart.x.least = chart.x.most = chart.y.least = chart.y.most = NAN;
    chart.x.from_zero = chart.y.from_zero = true;
    status = mg_chart_page(path, look->width, look->dpi, 0.75, look->title, 1, &chart, false);
  }
  for (int k = 0; k < s->n_owned; k++) mg_free(s->owned[k]);
  for (int r = 0; r < s->n_runs; r++) mg_table_clear(&s->run[r].table);
  mg_free(s->run);
  mg_free(s->label);
  mg_free(s);
  return status;
}

/* --- columns over time --- */

typedef struct series {
  mg_table_data table;
  int n;                          /* charts */
  int64_t first;                  /* rows before are left out */
  mg_chart chart[MOST_COLUMNS];
  mg_curve curve[MOST_COLUMNS];
  char name[MOST_COLUMNS + 1][LABEL], unit[MOST_COLUMNS + 1][LABEL];
  double *value[MOST_COLUMNS + 1]; /* the last one is x */
  mg_chart_mark mark[MOST_MARKS];
  int n_marks;
} series;

static mg_status no_such_column(const mg_run_files *run, const mg_table_data *table,
                                const char *name) {
  const char *nearest = mg_str_nearest(name, table->name, table->n_columns);
  if (nearest)
    return mg_fail(MG_ERR_INPUT, "%s: has no column '%s'; did you mean '%s'?", run->thermo, name,
                   nearest);
  return mg_fail(MG_ERR_INPUT, "%s: has no column '%s'; the first row names them", run->thermo,
                 name);
}

/* A column as it is shown: strain in %, energies per atom where the number of atoms is known. */
static mg_status take_column(series *s, const mg_run_files *run, const char *name, int to,
                             mg_axis *axis) {
  static const char *const extensive[] = {"potential_energy", "kinetic_energy", "conserved", NULL};
  const mg_table_data *t = &s->table;
  const int column = mg_table_find(t, name), atoms = mg_table_find(t, "atoms");
  if (column < 0) return no_such_column(run, t, name);
  MG_REQUIRE(!t->word[column], MG_ERR_INPUT, "%s: the column %s does not hold numbers",
             run->thermo, name);
  MG_TRY(MG_NEW(s->value[to], t->n_rows));
  const bool percent = strcmp(name, "strain") == 0;
  bool per_atom = false;
  for (int k = 0; extensive[k]; k++) per_atom |= atoms >= 0 && strcmp(name, extensive[k]) == 0;
  for (int64_t k = 0; k < t->n_rows; k++)
    s->value[to][k] =
        t->number[column][k] * (percent ? 100 : 1) / (per_atom ? t->number[atoms][k] : 1);
  mg_str_copy(s->name[to], LABEL, name);
  for (char *c = s->name[to]; *c; c++)
    if (*c == '_') *c = ' ';
  mg_ticks_unit(percent ? "%" : per_atom ? "eV/atom" : t->unit[column], s->unit[to], LABEL);
  *axis = (mg_axis){.name = s->name[to], .unit = s->unit[to], .least = NAN, .most = NAN};
  return MG_OK;
}

/* Where stages begin and end. */
static void mark_stages(series *s) {
  const int column = mg_table_find(&s->table, "stage");
  const int64_t n = s->table.n_rows;
  if (column < 0 || !s->table.word[column]) return;
  const char *const *stage = s->table.word[column];
  const double *x = s->value[MOST_COLUMNS];
  for (int64_t k = s->first, end; k < n && s->n_marks < MOST_MARKS; k = end + 1) {
    for (end = k; end + 1 < n && strcmp(stage[end + 1], stage[k]) == 0;) end++;
    if (x[end] != x[k]) s->mark[s->n_marks++] = (mg_chart_mark){x[k], x[end], stage[k]};
  }
}

/* Minimising takes no time, and before the first loading there is no strain: rows that would stand
 * above each other at the beginning are left out. */
static void skip_rows(series *s, const char *x) {
  const int column = mg_table_find(&s->table, "stage");
  const int64_t last = s->table.n_rows - 2; /* two rows stay */
  const double *at = s->value[MOST_COLUMNS];
  if (strcmp(x, "time") == 0)
    while (s->first < last && at[s->first + 1] == at[s->first]) s->first++;
  if (strcmp(x, "strain") != 0 || column < 0 || !s->table.word[column]) return;
  const char *const *stage = s->table.word[column];
  int64_t k = 0;
  while (k < s->table.n_rows && strncmp(stage[k], "compress", 8) != 0 &&
         strncmp(stage[k], "unload", 6) != 0)
    k++;
  if (k <= last) s->first = k;
}

static mg_status fill_series(series *s, const mg_look *look, const mg_run_files *run,
                             const mg_words *columns, const char *x) {
  mg_axis x_axis;
  MG_TRY(mg_table_read(run->thermo, &s->table));
  MG_REQUIRE(s->table.n_rows > 1, MG_ERR_INPUT, "%s: holds no rows yet", run->thermo);
  MG_TRY(take_column(s, run, x, MOST_COLUMNS, &x_axis));
  x_axis.tight = true;
  skip_rows(s, x);
  const double *at = s->value[MOST_COLUMNS];
  mark_stages(s);
  for (int k = 0; k < columns->n; k++) {
    mg_chart *chart = &s->chart[k];
    chart->x = x_axis;
    MG_TRY(take_column(s, run, columns->word[k], k, &chart->y));
    for (int r = 0; r < look->n_ranges; r++) {
      if (strcmp(look->range[r].name, columns->word[k]) != 0) continue;
      chart->y.least = look->range[r].least;
      chart->y.most = look->range[r].most;
    }
    s->curve[k] = (mg_curve){.n = s->table.n_rows - s->first,
                             .x = at + s->first,
                             .y = s->value[k] + s->first,
                             .color = mg_palette(0),
                             .pen = 0.8};
    chart->curve = &s->curve[k];
    chart->n_curves = 1;
    chart->mark = s->mark;
    chart->n_marks = s->n_marks;
    s->n++;
  }
  s->chart[0].name_marks = s->n_marks > 0;
  return MG_OK;
}

mg_status mg_plot_series(const mg_look *look, const mg_run_files *run, const mg_words *columns,
                         const char *x, const char *path) {
  static const char *const usual[] = {"temperature", "potential_energy", "stress_gross", "strain"};
  const mg_words all = columns->n ? *columns : (mg_words){4, usual};
  series *s;
  MG_TRY(mg_canvas_available());
  MG_REQUIRE(*run->thermo, MG_ERR_INPUT, "%s: there is no thermo.csv", run->path);
  MG_REQUIRE(all.n <= MOST_COLUMNS, MG_ERR_INPUT, "plot: --columns: at most %d on one page",
             MOST_COLUMNS);
  MG_TRY(MG_NEW(s, 1));
  mg_status status = fill_series(s, look, run, &all, x);
  if (status == MG_OK)
    status = mg_chart_page(path, look->width, look->dpi, 0.34, look->title, s->n, s->chart, true);
  for (int k = 0; k <= MOST_COLUMNS; k++) mg_free(s->value[k]);
  mg_table_clear(&s->table);
  mg_free(s);
  return status;
}
