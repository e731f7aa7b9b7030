/* Reading what the options of `mgmd plot` ask for. */
#include "plot_request.h"

#include "mgmd/base/str.h"
#include "mgmd/base/units.h"
#include "mgmd/io/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *const mg_plot_kind_names[] = {"panel",     "stress-strain", "film", "profile",
                                          "histogram", "thermo",        "rdf",  NULL};

static mg_status read_list(const mg_call *call, const char *name, const char *otherwise,
                           mg_plot_list *l) {
  const char *text = mg_call_value(call, name, otherwise);
  l->n = 0;
  if (!text) return MG_OK;
  MG_REQUIRE(mg_str_copy(l->text, sizeof l->text, text), MG_ERR_INPUT, "plot: --%s: is too long",
             name);
  for (char *word = l->text; word;) {
    char *comma = strchr(word, ',');
    if (comma) *comma = '\0';
    MG_REQUIRE(*word && l->n < MG_PLOT_WORDS, MG_ERR_INPUT,
               "plot: --%s: '%s' is not a list of names with commas between them", name, text);
    l->word[l->n++] = word;
    word = comma ? comma + 1 : NULL;
  }
  return MG_OK;
}

mg_status mg_plot_choose(const char *name, const char *word, const char *const *valid, int *place) {
  char known[256] = "";
  for (int k = 0; valid[k]; k++) {
    *place = k;
    if (strcmp(word, valid[k]) == 0) return MG_OK;
    mg_str_append(known, sizeof known, "%s%s", k ? ", " : "", valid[k]);
  }
  return mg_fail(MG_ERR_INPUT, "plot: --%s: '%s' is not one of %s", name, word, known);
}

mg_status mg_plot_read_length(const mg_call *call, const char *name, double least, double most,
                             double *value) {
  const char *text = mg_call_value(call, name, NULL);
  if (!text) return MG_OK;
  if (mg_units_parse(text, MG_DIM_LENGTH, value) == MG_OK && *value >= least && *value <= most)
    return MG_OK;
  mg_error_clear();
  return mg_fail(MG_ERR_INPUT, "plot: --%s: '%s' is not a length from %g to %g nm, such as \"%s\"",
                 name, text, least / 10, most / 10, "0.5 nm");
}

/* "NAME=LOW:HIGH" */
static mg_status read_range(const char *text, mg_plot_range *range) {
  const char *equals = strchr(text, '=');
  char *end = NULL;
  bool good = equals && equals > text && (size_t)(equals - text) < sizeof range->name;
  if (good) {
    snprintf(range->name, sizeof range->name, "%.*s", (int)(equals - text), text);
    range->least = strtod(equals + 1, &end);
    good = end > equals + 1 && *end == ':';
  }
  if (good) {
    const char *high = end + 1;
    range->most = strtod(high, &end);
    good = end > high && *end == '\0' && isfinite(range->least) && isfinite(range->most) &&
           isfinite(range->most - range->least);
  }
  MG_REQUIRE(good, MG_ERR_INPUT,
             "plot: --range: '%s' is not FIELD=LOW:HIGH, such as von_mises_strain=0:30", text);
  MG_REQUIRE(range->least < range->most, MG_ERR_INPUT, "plot: --range: '%s': LOW is not below HIGH",
             text);
  return MG_OK;
}

static mg_status read_look(mg_plot_request *r) {
  static const char *const styles[] = {"auto", "atoms", "grid", NULL};
  const mg_call *call = r->call;
  mg_look *look = &r->look;
  int64_t width = 0, dpi = 0;
  int style;
  MG_TRY(mg_plot_choose("as", mg_call_value(call, "as", "auto"), styles, &style));
  look->style = (mg_map_style)style;
  MG_TRY(mg_call_integer(call, "width", 30, 1000, &width));
  MG_TRY(mg_call_integer(call, "dpi", 30, 2400, &dpi));
  look->width = (double)width / 25.4 * 72;
  look->dpi = (double)dpi;
  look->title = mg_call_value(call, "title", NULL);
  look->log = mg_call_has(call, "log");
  MG_TRY(mg_plot_read_length(call, "cell", 0.1, 1e4, &look->cell));
  MG_TRY(mg_plot_read_length(call, "radius", 0.1, 100, &look->radius));
  for (int k = 0; k < call->n_given; k++) {
    if (strcmp(call->given[k].option->name, "range") != 0) continue;
    MG_REQUIRE(look->n_ranges < MG_PLOT_RANGES, MG_ERR_INPUT, "plot: --range: more than %d of them",
               MG_PLOT_RANGES);
    MG_TRY(read_range(call->given[k].value, &r->range[look->n_ranges++]));
  }
  look->range = r->range;
  return MG_OK;
}

/* The name of the picture and what it tells about the format; its folder has to be there. */
static mg_status read_out(mg_plot_request *r) {
  const char *out = mg_call_value(r->call, "out", NULL), *slash = out ? strrchr(out, '/') : NULL;
  const bool named = out && (mg_path_has_suffix(out, ".png") || mg_path_has_suffix(out, ".pdf") ||
                             mg_path_has_suffix(out, ".svg"));
  MG_REQUIRE(!r->wanted[MG_PLOT_FILM] || strcmp(r->format, "png") == 0, MG_ERR_INPUT,
             "plot: --format: a film is a folder of PNGs, not of %s", r->format);
  if (!out) return MG_OK;
  if (r->what.n == 1 && r->wanted[MG_PLOT_FILM])
    MG_REQUIRE(!named, MG_ERR_INPUT, "plot: --out: a film is a folder of PNGs; '%s' names a file",
               out);
  else
    MG_REQUIRE(named, MG_ERR_INPUT,
               "plot: --out: '%s' does not end in .png, .pdf or .svg, by which the format is known",
               out);
  if (!slash || slash == out) return MG_OK;
  char folder[MG_PATH];
  struct stat about;
  MG_REQUIRE(mg_str_copy(folder, sizeof folder, out), MG_ERR_INPUT,
             "plot: --out: the path is too long");
  folder[slash - out] = '\0';
  MG_REQUIRE(stat(folder, &about) == 0 && S_ISDIR(about.st_mode), MG_ERR_INPUT,
             "plot: --out: there is no directory '%s'", folder);
  return MG_OK;
}

mg_status mg_plot_read_options(mg_plot_request *r) {
  static const char *const formats[] = {"png", "pdf", "svg", NULL};
  static const char *const stresses[] = {"gross", "net", "true", NULL};
  const mg_call *call = r->call;
  int place;
  MG_TRY(read_look(r));
  MG_TRY(read_list(call, "what", NULL, &r->what));
  MG_TRY(read_list(call, "fields", "von_mises_strain,rotation_angle,volumetric_strain,strain_12",
                   &r->fields));
  MG_TRY(read_list(call, "snapshots", NULL, &r->snapshots));
  MG_TRY(read_list(call, "stress", call->n_words > 1 ? "gross" : "gross,net,true", &r->stress));
  MG_TRY(read_list(call, "labels", NULL, &r->labels));
  MG_TRY(read_list(call, "columns", NULL, &r->columns));
  r->format = mg_call_value(call, "format", "png");
  MG_TRY(mg_plot_choose("format", r->format, formats, &place));
  for (int k = 0; k < r->stress.n; k++)
    MG_TRY(mg_plot_choose("stress", r->stress.word[k], stresses, &place));
  MG_REQUIRE(r->labels.n == 0 || r->labels.n == call->n_words, MG_ERR_INPUT,
             "plot: --labels: %d names for %d runs", r->labels.n, call->n_words);
  for (int k = 0; k < r->what.n; k++) {
    MG_TRY(mg_plot_choose("what", r->what.word[k], mg_plot_kind_names, &place));
    r->wanted[place] = r->chosen = true;
  }
  return read_out(r);
}

/* "x", or "ACROSS,UP:ACROSS,UP" in nm. */
mg_status mg_plot_read_line(const mg_call *call, const mg_axes *axes, mg_profile_line *line) {
  static const char *const axis[] = {"x", "y", "z"};
  const char *text = mg_call_value(call, "along", axis[axes->load]);
  *line = (mg_profile_line){.axis = -1, .band = 20, .bin = 5};
  MG_TRY(mg_plot_read_length(call, "band", 0.1, 1e5, &line->band));
  MG_TRY(mg_plot_read_length(call, "bin", 0.1, 1e5, &line->bin));
  for (int a = 0; a < 3; a++)
    if (strcmp(text, axis[a]) == 0) line->axis = a;
  if (line->axis >= 0) return MG_OK;
  double nm[4];
  const char *next = text;
  bool good = true;
  for (int k = 0; k < 4 && good; k++) {
    char *end;
    nm[k] = strtod(next, &end);
    good = end > next && isfinite(nm[k]) && *end == ",:,"[k];
    next = end + 1;
  }
  MG_REQUIRE(good, MG_ERR_INPUT,
             "plot: --along: '%s' is neither x, y nor z, nor a line in nm such as 0,25:50,25",
             text);
  MG_REQUIRE(nm[0] != nm[2] || nm[1] != nm[3], MG_ERR_INPUT,
             "plot: --along: '%s': the ends of the line coincide", text);
  for (int k = 0; k < 2; k++) {
    line->from[k] = 10 * nm[k];
    line->to[k] = 10 * nm[2 + k];
  }
  return MG_OK;
}
