/* `mgmd plot RUN...`: which pictures, of what, to which files. Drawing is done in plot/. */

#include "plot_request.h"

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

enum { MOST_RUNS = 256 };

static const mg_option options[] = {
    {.name = "what",
     .argument = "KINDS",
     .doc = "of panel, stress-strain, film, profile, histogram, thermo, rdf; several with commas; "
            "default: panel and stress-strain, or what of them the files hold"},
    {.name = "fields",
     .argument = "NAMES",
     .doc = "fields of panel, film, profile, histogram, such as d2min or stress.zz; default: "
            "von_mises_strain, rotation_angle, volumetric_strain, strain_12, as far as there"},
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
    {0},
};
static const char *const notes[] = {
    "RUN is the folder of a run, a snapshot, or a table such as thermo.csv; several snapshots are "
    "shown together. The panel shows fields "
    "of the loaded sample (the end of `compress`) above those of the unloaded one (the end of "
    "`unload`), in the plane of load and free axis, with one colour bar for both; diverging maps "
    "are centred at zero. Stresses and strains of compression are shown negated, and labelled so.",
    "Strains are shown in %, rotations in degrees, lengths in nm. Ranges that are not given leave "
    "out the outermost 0.5 % of the values. The per-atom stress is volume times stress, in eV; on "
    "a grid its sum over the volume of the cell is shown, in GPa. Of a run that has not got to the "
    "end of `compress` the newest snapshot is shown, and said to be so. Pictures that exist are "
    "replaced.",
    NULL};
static const char *const examples[] = {
    "mgmd plot out/quickstart",
    "mgmd plot out/quickstart --fields d2min --snapshots last --format pdf",
    "mgmd plot out/slow out/fast --what stress-strain --out rates.svg",
    "mgmd plot out/quickstart --what profile --along z --fields von_mises_strain",
    NULL};

static mg_words words_of(const mg_plot_list *l) { return (mg_words){l->n, l->word}; }

/* What the files hold, when nothing was asked for by name. */
static mg_status choose_kinds(mg_plot_request *r) {
  if (r->chosen) return MG_OK;
  bool loading = false, shots = false;
  for (int k = 0; k < r->n_runs; k++) {
    bool here;
    MG_TRY(mg_plot_has_loading(&r->run[k], &here));
    loading = loading || here;
    const mg_run_files *run = &r->run[k];
    shots = shots || run->loaded >= 0 || run->loading >= 0 || (run->n_shots == 1 && !*run->thermo);
  }
  const bool asks_for_maps = mg_call_has(r->call, "fields") || r->snapshots.n > 0;
  r->wanted[MG_PLOT_PANEL] = shots || asks_for_maps;
  r->wanted[MG_PLOT_STRESS_STRAIN] = loading && !asks_for_maps;
  r->wanted[MG_PLOT_THERMO] = !r->wanted[MG_PLOT_PANEL] && !r->wanted[MG_PLOT_STRESS_STRAIN];
  return MG_OK;
}

/* The loaded and the unloaded state; of a run that has not got there, what there is. */
static void choose_states(mg_plot_request *r, const mg_run_files *run, const mg_shot **shots,
                          int *n) {
  const int place[] = {run->loaded, run->loading, run->unloaded};
  for (int k = 0; k < 3; k++)
    if (place[k] >= 0) shots[(*n)++] = &run->shot[place[k]];
  if (*n == 0) shots[(*n)++] = &run->shot[run->n_shots - 1];
  if (run->loading < 0 || mg_path_has_suffix(run->path, ".h5")) return;
  char title[128];
  mg_shot_title(shots[0], false, title, sizeof title);
  snprintf(r->note, sizeof r->note, ": not loaded yet, number %d is the newest: %s", run->loading,
           title);
}

/* The snapshots that are asked for, of one run. */
static mg_status choose_shots(mg_plot_request *r, const mg_run_files *run, const mg_shot **shots,
                              int *n) {
  static const char *const words[] = {"loaded", "unloaded", "first", "last", NULL};
  *n = 0;
  MG_REQUIRE(run->n_shots > 0, MG_ERR_INPUT, "%s: holds no snapshots", run->path);
  const int place[] = {run->loaded, run->unloaded, 0, run->n_shots - 1};
  if (r->snapshots.n == 0) choose_states(r, run, shots, n);
  for (int k = 0; k < r->snapshots.n; k++) {
    const char *word = r->snapshots.word[k];
    char *end;
    long number = strtol(word, &end, 10);
    if (end == word || *end) {
      int which;
      MG_TRY(mg_plot_choose("snapshots", word, words, &which));
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
static mg_status name_picture(const mg_plot_request *r, const mg_run_files *run, mg_plot_kind k,
                              char *path, size_t size) {
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
                 mg_plot_kind_names[k], k == MG_PLOT_FILM ? "" : ".",
                 k == MG_PLOT_FILM ? "" : r->format);
  MG_REQUIRE(n < (int)size, MG_ERR_INPUT, "plot: the path of the %s is too long",
             mg_plot_kind_names[k]);
  return MG_OK;
}

/* Several snapshots by name are shown together, as those of one run are. */
static bool are_snapshots(const mg_plot_request *r) {
  bool all = r->n_runs > 1 && r->n_runs <= MG_PLOT_WORDS;
  for (int k = 0; k < r->n_runs; k++) all = all && mg_path_has_suffix(r->run[k].path, ".h5");
  return all;
}

/* The fields that are asked for; of the default ones, those that all snapshots hold. If there are
 * none, all again: the picture tells what is missing. */
static mg_status choose_fields(mg_plot_request *r, int n, const mg_shot *const *shots,
                               mg_words *fields) {
  int kept = 0;
  *fields = words_of(&r->fields);
  if (mg_call_has(r->call, "fields")) return MG_OK;
  for (int k = 0; k < fields->n; k++) {
    bool held = true;
    for (int s = 0; s < n && held; s++)
      MG_TRY(mg_shot_holds(shots[s], 1, &fields->word[k], &held));
    if (held) r->kept[kept++] = fields->word[k];
  }
  if (kept > 0) *fields = (mg_words){kept, r->kept};
  return MG_OK;
}

/* All snapshots that hold the fields; before the first compress there are no strains. If none does,
 * the last: its picture tells what is missing. */
static mg_status choose_frames(mg_plot_request *r, const mg_run_files *run, const mg_shot **shots,
                               int *n, mg_words *fields) {
  const mg_shot *newest = &run->shot[run->n_shots - 1];
  MG_TRY(choose_fields(r, 1, &newest, fields));
  for (int k = 0; k < run->n_shots; k++) {
    bool held;
    MG_TRY(mg_shot_holds(&run->shot[k], fields->n, fields->word, &held));
    if (held || (*n == 0 && &run->shot[k] == newest)) shots[(*n)++] = &run->shot[k];
  }
  return MG_OK;
}

static mg_status draw_film(mg_plot_request *r, const mg_run_files *run, const mg_look *look,
                           char *path) {
  const mg_shot **shots;
  mg_words fields;
  int n = 0;
  MG_TRY(MG_NEW(shots, run->n_shots + MG_PLOT_WORDS));
  mg_status status;
  if (r->snapshots.n > 0 || run->n_shots == 0) {
    status = choose_shots(r, run, shots, &n);
    if (status == MG_OK) status = choose_fields(r, n, shots, &fields);
  } else {
    status = choose_frames(r, run, shots, &n, &fields);
  }
  if (status == MG_OK) status = mg_plot_film(look, n, shots, &fields, path);
  mg_str_append(path, MG_PATH, "/000000.png to %06d.png", n - 1);
  mg_free(shots);
  return status;
}

static mg_status draw_snapshots(mg_plot_request *r, const mg_run_files *run, mg_plot_kind k,
                                const mg_look *look, const char *path) {
  const mg_shot *shots[MG_PLOT_WORDS];
  mg_words fields;
  mg_profile_line line;
  double reach = 10;
  int n;
  if (run) {
    MG_TRY(choose_shots(r, run, shots, &n));
  } else {
    for (n = 0; n < r->n_runs; n++) shots[n] = r->run[n].shot;
  }
  MG_TRY(choose_fields(r, n, shots, &fields));
  switch (k) {
  case MG_PLOT_PANEL: return mg_plot_maps(look, n, shots, &fields, path);
  case MG_PLOT_HISTOGRAM: return mg_plot_histogram(look, n, shots, &fields, path);
  case MG_PLOT_PROFILE:
    MG_TRY(mg_plot_read_line(r->call, &shots[0]->header.axes, &line));
    return mg_plot_profile(look, n, shots, &fields, &line, path);
  default:
    MG_TRY(mg_plot_read_length(r->call, "reach", 1, 100, &reach));
    return mg_plot_rdf(look, shots[n - 1], reach, path);
  }
}

static mg_status draw_one(mg_plot_request *r, const mg_run_files *run, mg_plot_kind k, char *path) {
  const mg_words stress = words_of(&r->stress), labels = words_of(&r->labels),
                 columns = words_of(&r->columns);
  mg_look look = r->look;
  const bool wide = k == MG_PLOT_PANEL || k == MG_PLOT_FILM;
  look.exact = look.width > 0;
  if (look.width == 0) look.width = (wide ? 180 : 85) / 25.4 * 72;
  if (look.dpi == 0) look.dpi = k == MG_PLOT_FILM ? 150 : 300;
  r->note[0] = '\0';
  MG_TRY(name_picture(r, run, k, path, MG_PATH));
  switch (k) {
  case MG_PLOT_STRESS_STRAIN:
    return mg_plot_stress_strain(&look, r->n_runs, r->run, &stress, &labels, path);
  case MG_PLOT_THERMO:
    return mg_plot_series(&look, run, &columns, mg_call_value(r->call, "against", "time"), path);
  case MG_PLOT_FILM: return draw_film(r, run, &look, path);
  default: return draw_snapshots(r, run, k, &look, path);
  }
}

/* Is there one picture of this kind for all runs? */
static bool is_together(const mg_plot_request *r, mg_plot_kind k) {
  const bool of_snapshots = k == MG_PLOT_PANEL || k == MG_PLOT_PROFILE || k == MG_PLOT_HISTOGRAM;
  return k == MG_PLOT_STRESS_STRAIN || (of_snapshots && are_snapshots(r));
}

/* Is there something to draw maps of? Where there are curves, maps may be missing. */
static mg_status has_panel(mg_plot_request *r, const mg_run_files *run, bool *has) {
  *has = run->n_shots > 0;
  if (!*has || !r->wanted[MG_PLOT_STRESS_STRAIN] || mg_call_has(r->call, "fields")) return MG_OK;
  const mg_shot *newest = &run->shot[run->n_shots - 1];
  mg_words fields;
  MG_TRY(choose_fields(r, 1, &newest, &fields));
  MG_TRY(mg_shot_holds(newest, 1, fields.word, has));
  if (!*has) mg_log("no panel: %s holds no strains", newest->path);
  return MG_OK;
}

static mg_status draw_kind(mg_plot_request *r, mg_plot_kind k) {
  const bool together = is_together(r, k), many = together && r->n_runs > 1;
  for (int n = 0; n < (together ? 1 : r->n_runs); n++) {
    char path[MG_PATH];
    bool has = true;
    if (!r->chosen && k == MG_PLOT_PANEL && !many) MG_TRY(has_panel(r, &r->run[n], &has));
    if (!has) continue;
    MG_TRY(draw_one(r, many ? NULL : &r->run[n], k, path));
    mg_log("%s%s", path, r->note);
  }
  return MG_OK;
}

static mg_status draw_all(mg_plot_request *r) {
  for (int k = 0; k < MG_PLOT_KINDS; k++)
    if (r->wanted[k]) MG_TRY(draw_kind(r, (mg_plot_kind)k));
  return MG_OK;
}

static mg_status check_out(const mg_plot_request *r) {
  int pictures = 0;
  for (int k = 0; k < MG_PLOT_KINDS; k++)
    if (r->wanted[k]) pictures += is_together(r, (mg_plot_kind)k) ? 1 : r->n_runs;
  MG_REQUIRE(!mg_call_has(r->call, "out") || pictures == 1, MG_ERR_INPUT,
             r->what.n == 1 ? "plot: --out names one picture, but there would be %d, one of each "
                              "file; name one file"
                            : "plot: --out names one picture, but there would be %d; choose one by "
                              "--what",
             pictures);
  return MG_OK;
}

static mg_status plot(mg_plot_request *r) {
  MG_TRY(mg_canvas_available());
  MG_TRY(mg_plot_read_options(r));
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
  mg_plot_request *r;
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
