/* `mgmd plot RUN...`: which pictures, of what, to which files. Drawing is done in plot/. */

#include "mgmd/plot/pictures.h"

#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/base/units.h"
#include "mgmd/cmd/args.h"
#include "mgmd/io/file.h"
#include "mgmd/plot/canvas.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_RUNS = 256, MOST_WORDS = 64, MOST_RANGES = 32, WORDS_SIZE = 2048 };

typedef enum kind { PANEL, STRESS_STRAIN, FILM, PROFILE, HISTOGRAM, THERMO, RDF, KINDS } kind;
static const char *const kind_names[] = {"panel",     "stress-strain", "film", "profile",
                                         "histogram", "thermo",        "rdf",  NULL};

static const mg_option options[] = {
    {.name = "what",
     .argument = "KINDS",
     .doc = "of panel, stress-strain, film, profile, histogram, thermo, rdf; several with commas; "
            "default: panel and stress-strain, or what of them the files hold"},
    {.name = "fields",
     .argument = "NAMES",
     .doc = "fields of panel, film, profile, histogram, such as d2min or stress.zz; default: "
            "von_mises_strain, rotation_angle, volumetric_strain, strain_12"},
    {.name = "snapshots",
     .argument = "WHICH",
     .doc = "numbers, or of loaded, unloaded, first, last; default: loaded,unloaded"},
    {.name = "out",
     .argument = "FILE",
     .doc = "name of the picture, .png, .pdf or .svg (film: a folder); default: in the run's "
            "folder, of several runs in this one"},
    {.name = "format", .argument = "FORMAT", .doc = "png, pdf or svg, for names chosen by default"},
    {.name = "as",
     .argument = "STYLE",
     .doc = "atoms, or grid: means over the thickness; default: atoms where they can be seen"},
    {.name = "cell", .argument = "LENGTH", .doc = "edge of a grid's cells, such as \"0.5 nm\""},
    {.name = "radius", .argument = "LENGTH", .doc = "radius of the atoms, such as \"1.4 A\""},
    {.name = "range",
     .argument = "FIELD=LOW:HIGH",
     .doc = "ends of a field's colour bar or axis, in the unit it is shown in",
     .repeats = true},
    {.name = "stress",
     .argument = "NAMES",
     .doc = "of gross, net, true; default: all of one run, gross of several"},
    {.name = "labels", .argument = "NAMES", .doc = "of the runs in the legend, with commas"},
    {.name = "columns", .argument = "NAMES", .doc = "of thermo.csv, for thermo"},
    {.name = "against", .argument = "COLUMN", .doc = "time (default), strain or step, for thermo"},
    {.name = "along",
     .argument = "LINE",
     .doc = "of a profile: an axis, x, y or z (default: the load axis), or a line "
            "ACROSS,UP:ACROSS,UP in nm from the sample's lower left corner"},
    {.name = "band", .argument = "LENGTH", .doc = "width of that line's band; default \"2 nm\""},
    {.name = "bin", .argument = "LENGTH", .doc = "bins of a profile; default \"0.5 nm\""},
    {.name = "log", .doc = "logarithmic shares in a histogram"},
    {.name = "reach", .argument = "LENGTH", .doc = "largest distance of rdf; default \"1 nm\""},
    {.name = "title", .argument = "TEXT", .doc = "above the picture"},
    {.name = "width",
     .argument = "MM",
     .doc = "of the page; default: curves 85, maps 180, or less where they are slim and a page "
            "high"},
    {.name = "dpi", .argument = "NUMBER", .doc = "pixels per inch; default 300, of a film 150"},
    {.name = "quiet", .doc = "do not name the files that are written"},
    {0}};
static const char *const notes[] = {
    "RUN is the folder of a run, a snapshot, or a table such as thermo.csv; several snapshots are "
    "shown together. The panel shows fields "
    "of the loaded sample (the end of `compress`) above those of the unloaded one (the end of "
    "`unload`), in the plane of load and free axis, with one colour bar for both; diverging maps "
    "are centred at zero. Stresses and strains of compression are shown negated, and labelled so.",
    "Strains are shown in %, rotations in degrees, lengths in nm. Ranges that are not given leave "
    "out the outermost 0.5 % of the values. Pictures that exist are replaced.",
    NULL};
static const char *const examples[] = {
    "mgmd plot out/quickstart",
    "mgmd plot out/quickstart --fields d2min --snapshots last --format pdf",
    "mgmd plot out/slow out/fast --what stress-strain --out rates.svg",
    "mgmd plot out/quickstart --what profile --along z --fields von_mises_strain",
    NULL};

/* Words between commas. */
typedef struct list {
  char text[WORDS_SIZE];
  const char *word[MOST_WORDS];
  int n;
} list;

/* All that was asked for. */
typedef struct request {
  const mg_call *call;
  mg_look look;
  mg_plot_range range[MOST_RANGES];
  list what, fields, snapshots, stress, labels, columns;
  const char *format;
  bool wanted[KINDS];
  bool chosen; /* the kinds were, by words */
  int n_runs;
  mg_run_files *run;
  int n_written;
} request;

static mg_words words_of(const list *l) { return (mg_words){l->n, l->word}; }

static mg_status read_list(const mg_call *call, const char *name, const char *otherwise, list *l) {
  const char *text = mg_call_value(call, name, otherwise);
  l->n = 0;
  if (!text) return MG_OK;
  MG_REQUIRE(mg_str_copy(l->text, sizeof l->text, text), MG_ERR_INPUT, "plot: --%s: is too long",
             name);
  for (char *word = l->text; word;) {
    char *comma = strchr(word, ',');
    if (comma) *comma = '\0';
    MG_REQUIRE(*word && l->n < MOST_WORDS, MG_ERR_INPUT,
               "plot: --%s: '%s' is not a list of names with commas between them", name, text);
    l->word[l->n++] = word;
    word = comma ? comma + 1 : NULL;
  }
  return MG_OK;
}

/* The place of @p word among @p valid, or a message that names them. */
static mg_status choose(const char *name, const char *word, const char *const *valid, int *place) {
  char known[256] = "";
  for (int k = 0; valid[k]; k++) {
    *place = k;
    if (strcmp(word, valid[k]) == 0) return MG_OK;
    mg_str_append(known, sizeof known, "%s%s", k ? ", " : "", valid[k]);
  }
  return mg_fail(MG_ERR_INPUT, "plot: --%s: '%s' is not one of %s", name, word, known);
}

static mg_status read_length(const mg_call *call, const char *name, double least, double most,
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
           range->least < range->most;
  }
  MG_REQUIRE(good, MG_ERR_INPUT,
             "plot: --range: '%s' is not FIELD=LOW:HIGH, such as von_mises_strain=0:30", text);
  return MG_OK;
}

static mg_status read_look(request *r) {
  static const char *const styles[] = {"auto", "atoms", "grid", NULL};
  const mg_call *call = r->call;
  mg_look *look = &r->look;
  int64_t width = 0, dpi = 0;
  int style;
  MG_TRY(choose("as", mg_call_value(call, "as", "auto"), styles, &style));
  look->style = (mg_map_style)style;
  MG_TRY(mg_call_integer(call, "width", 30, 1000, &width));
  MG_TRY(mg_call_integer(call, "dpi", 30, 2400, &dpi));
  look->width = (double)width / 25.4 * 72;
  look->dpi = (double)dpi;
  look->title = mg_call_value(call, "title", NULL);
  look->log = mg_call_has(call, "log");
  MG_TRY(read_length(call, "cell", 0.1, 1e4, &look->cell));
  MG_TRY(read_length(call, "radius", 0.1, 100, &look->radius));
  for (int k = 0; k < call->n_given; k++) {
    if (strcmp(call->given[k].option->name, "range") != 0) continue;
    MG_REQUIRE(look->n_ranges < MOST_RANGES, MG_ERR_INPUT, "plot: --range: more than %d of them",
               MOST_RANGES);
    MG_TRY(read_range(call->given[k].value, &r->range[look->n_ranges++]));
  }
  look->range = r->range;
  return MG_OK;
}

static mg_status read_options(request *r) {
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
  MG_TRY(choose("format", r->format, formats, &place));
  for (int k = 0; k < r->stress.n; k++)
    MG_TRY(choose("stress", r->stress.word[k], stresses, &place));
  MG_REQUIRE(r->labels.n == 0 || r->labels.n == call->n_words, MG_ERR_INPUT,
             "plot: --labels: %d names for %d runs", r->labels.n, call->n_words);
  for (int k = 0; k < r->what.n; k++) {
    MG_TRY(choose("what", r->what.word[k], kind_names, &place));
    r->wanted[place] = r->chosen = true;
  }
  const char *out = mg_call_value(call, "out", NULL);
  const bool named = out && (mg_path_has_suffix(out, ".png") || mg_path_has_suffix(out, ".pdf") ||
                             mg_path_has_suffix(out, ".svg"));
  MG_REQUIRE(!out || named || (r->what.n == 1 && r->wanted[FILM]), MG_ERR_INPUT,
             "plot: --out: '%s' does not end in .png, .pdf or .svg, by which the format is known",
             out);
  return MG_OK;
}

/* What the files hold, when nothing was asked for by name. */
static mg_status choose_kinds(request *r) {
  if (r->chosen) return MG_OK;
  bool loading = false, shots = false;
  for (int k = 0; k < r->n_runs; k++) {
    bool here;
    MG_TRY(mg_plot_has_loading(&r->run[k], &here));
    loading = loading || here;
    shots = shots || r->run[k].loaded >= 0 || (r->run[k].n_shots == 1 && !*r->run[k].thermo);
  }
  const bool asks_for_maps = mg_call_has(r->call, "fields") || r->snapshots.n > 0;
  r->wanted[PANEL] = shots || asks_for_maps;
  r->wanted[STRESS_STRAIN] = loading && !asks_for_maps;
  r->wanted[THERMO] = !r->wanted[PANEL] && !r->wanted[STRESS_STRAIN];
  return MG_OK;
}

/* The snapshots that are asked for, of one run. */
static mg_status choose_shots(const request *r, const mg_run_files *run, const mg_shot **shots,
                              int *n) {
  static const char *const words[] = {"loaded", "unloaded", "first", "last", NULL};
  *n = 0;
  MG_REQUIRE(run->n_shots > 0, MG_ERR_INPUT, "%s: holds no snapshots", run->path);
  const int place[] = {run->loaded, run->unloaded, 0, run->n_shots - 1};
  if (r->snapshots.n == 0) {
    for (int k = 0; k < 2; k++)
      if (place[k] >= 0) shots[(*n)++] = &run->shot[place[k]];
    if (*n == 0) shots[(*n)++] = &run->shot[run->n_shots - 1];
    return MG_OK;
  }
  for (int k = 0; k < r->snapshots.n; k++) {
    const char *word = r->snapshots.word[k];
    char *end;
    long number = strtol(word, &end, 10);
    if (end == word || *end) {
      int which;
      MG_TRY(choose("snapshots", word, words, &which));
      number = place[which];
      MG_REQUIRE(number >= 0, MG_ERR_INPUT, "%s: no snapshot is from the end of %s", run->path,
                 which == 0 ? "compress" : "unload");
    }
    MG_REQUIRE(number >= 0 && number < run->n_shots, MG_ERR_INPUT,
               "plot: --snapshots: '%s': %s holds the numbers 0 to %d", word, run->path,
               run->n_shots - 1);
    shots[(*n)++] = &run->shot[number];
  }
  return MG_OK;
}

/* Where a picture goes; of several runs together, into the working directory. */
static mg_status name_picture(const request *r, const mg_run_files *run, kind k, char *path,
                              size_t size) {
  const char *out = mg_call_value(r->call, "out", NULL), *folder = run ? run->folder : ".";
  const bool is_file = run && strcmp(run->path, run->folder) != 0 && run->n_shots <= 1 &&
                       (mg_path_has_suffix(run->path, ".h5") ||
                        mg_path_has_suffix(run->path, ".csv"));
  int n;
  if (out)
    n = snprintf(path, size, "%s", out);
  else
    n = snprintf(path, size, "%s%s%s%s%s%s%s", strcmp(folder, ".") == 0 ? "" : folder,
                 strcmp(folder, ".") == 0 ? "" : "/", is_file ? run->name : "", is_file ? "-" : "",
                 kind_names[k], k == FILM ? "" : ".", k == FILM ? "" : r->format);
  MG_REQUIRE(n < (int)size, MG_ERR_INPUT, "plot: the path of the %s is too long", kind_names[k]);
  return MG_OK;
}

/* "x", or "ACROSS,UP:ACROSS,UP" in nm. */
static mg_status read_line(const mg_call *call, const mg_axes *axes, mg_profile_line *line) {
  static const char *const axis[] = {"x", "y", "z"};
  const char *text = mg_call_value(call, "along", axis[axes->load]);
  *line = (mg_profile_line){.axis = -1, .band = 20, .bin = 5};
  MG_TRY(read_length(call, "band", 0.1, 1e5, &line->band));
  MG_TRY(read_length(call, "bin", 0.1, 1e5, &line->bin));
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
  MG_REQUIRE(good && (nm[0] != nm[2] || nm[1] != nm[3]), MG_ERR_INPUT,
             "plot: --along: '%s' is neither x, y nor z, nor a line in nm such as 0,25:50,25",
             text);
  for (int k = 0; k < 2; k++) {
    line->from[k] = 10 * nm[k];
    line->to[k] = 10 * nm[2 + k];
  }
  return MG_OK;
}

/* Several snapshots by name are shown together, as those of one run are. */
static bool are_snapshots(const request *r) {
  bool all = r->n_runs > 1 && r->n_runs <= MOST_WORDS;
  for (int k = 0; k < r->n_runs; k++) all = all && mg_path_has_suffix(r->run[k].path, ".h5");
  return all;
}

static mg_status draw_snapshots(request *r, const mg_run_files *run, kind k, const mg_look *look,
                                const char *path) {
  const mg_shot *shots[MOST_WORDS];
  const mg_words fields = words_of(&r->fields);
  mg_profile_line line;
  double reach = 10;
  int n;
  if (run) {
    MG_TRY(choose_shots(r, run, shots, &n));
  } else {
    for (n = 0; n < r->n_runs; n++) shots[n] = r->run[n].shot;
  }
  switch (k) {
  case PANEL: return mg_plot_maps(look, n, shots, &fields, path);
  case HISTOGRAM: return mg_plot_histogram(look, n, shots, &fields, path);
  case PROFILE:
    MG_TRY(read_line(r->call, &shots[0]->header.axes, &line));
    return mg_plot_profile(look, n, shots, &fields, &line, path);
  default:
    MG_TRY(read_length(r->call, "reach", 1, 100, &reach));
    return mg_plot_rdf(look, shots[n - 1], reach, path);
  }
}

static mg_status draw_one(request *r, const mg_run_files *run, kind k, char *path) {
  const mg_words fields = words_of(&r->fields), stress = words_of(&r->stress),
                 labels = words_of(&r->labels), columns = words_of(&r->columns);
  mg_look look = r->look;
  const bool wide = k == PANEL || k == FILM;
  look.exact = look.width > 0;
  if (look.width == 0) look.width = (wide ? 180 : 85) / 25.4 * 72;
  if (look.dpi == 0) look.dpi = k == FILM ? 150 : 300;
  MG_TRY(name_picture(r, run, k, path, MG_PATH));
  switch (k) {
  case STRESS_STRAIN:
    return mg_plot_stress_strain(&look, r->n_runs, r->run, &stress, &labels, path);
  case THERMO:
    return mg_plot_series(&look, run, &columns, mg_call_value(r->call, "against", "time"), path);
  case FILM: {
    int frames;
    MG_TRY(mg_plot_film(&look, run, &fields, path, &frames));
    mg_str_append(path, MG_PATH, "/000000.png to %06d.png", frames - 1);
    return MG_OK;
  }
  default: return draw_snapshots(r, run, k, &look, path);
  }
}

/* Is there one picture of this kind for all runs? */
static bool is_together(const request *r, kind k) {
  const bool of_snapshots = k == PANEL || k == PROFILE || k == HISTOGRAM;
  return k == STRESS_STRAIN || (of_snapshots && are_snapshots(r));
}

static mg_status draw_all(request *r) {
  for (int k = 0; k < KINDS; k++) {
    const bool together = is_together(r, (kind)k);
    for (int n = 0; r->wanted[k] && n < (together ? 1 : r->n_runs); n++) {
      char path[MG_PATH];
      const bool many = together && r->n_runs > 1;
      const bool absent = !r->chosen && k == PANEL && r->run[n].n_shots == 0;
      if (absent) continue;
      MG_TRY(draw_one(r, many ? NULL : &r->run[n], (kind)k, path));
      mg_log("%s", path);
      r->n_written++;
    }
  }
  return MG_OK;
}

static mg_status check_out(const request *r) {
  int pictures = 0;
  for (int k = 0; k < KINDS; k++)
    if (r->wanted[k]) pictures += is_together(r, (kind)k) ? 1 : r->n_runs;
  MG_REQUIRE(!mg_call_has(r->call, "out") || pictures == 1, MG_ERR_INPUT,
             "plot: --out names one picture, but there would be %d; choose one by --what",
             pictures);
  return MG_OK;
}

static mg_status plot(request *r) {
  MG_TRY(mg_canvas_available());
  MG_TRY(read_options(r));
  MG_TRY(MG_NEW(r->run, r->call->n_words));
  for (int k = 0; k < r->call->n_words; k++) {
    MG_TRY(mg_run_files_find(r->call->word[k], &r->run[k]));
    r->n_runs++;
  }
  MG_TRY(choose_kinds(r));
  MG_TRY(check_out(r));
  return draw_all(r);
}

static mg_status plot_local(const mg_call *call) {
  request *r;
  MG_TRY(MG_NEW(r, 1));
  r->call = call;
  const mg_status status = plot(r);
  for (int k = 0; k < r->n_runs; k++) mg_run_files_clear(&r->run[k]);
  mg_free(r->run);
  mg_free(r);
  return status;
}

static mg_status run(const mg_comm *comm, const mg_call *call) {
  const mg_status status = comm->rank == 0 ? plot_local(call) : MG_OK;
  return comm->mpi ? mg_agree(comm, status) : status;
}

const mg_command mg_command_plot = {.name = "plot",
                                    .summary = "draw maps, stress-strain curves and more of runs",
                                    .words = "RUN...",
                                    .min_words = 1,
                                    .max_words = MOST_RUNS,
                                    .options = options,
                                    .notes = notes,
                                    .examples = examples,
                                    .alone = true,
                                    .run = run};
