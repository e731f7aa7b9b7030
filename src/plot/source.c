/* Which files belong to a run, and which of its snapshots are the loaded and the unloaded state:
 * the stage that every snapshot names decides, not its number, and the input that it holds tells
 * whether the stage had got to its end. */
#include "mgmd/plot/source.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/base/units.h"
#include "mgmd/io/file.h"
#include "mgmd/io/h5.h"
#include "mgmd/plot/ticks.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DIGITS = 6, MOST_SHOTS = 1000000 };

static double observable(mg_h5 *file, const char *path) {
  double value = NAN;
  if (!mg_h5_has(file, path) || mg_h5_get(file, path, MG_FLOAT64, 1, &value) == MG_OK) return value;
  return NAN;
}

/* "KEY: VALUE" at the start of a line of YAML. */
static void read_key(const char *line, const char *key, mg_dimension dimension, double *value) {
  char text[64];
  const size_t n = strlen(key);
  if (strncmp(line, key, n) != 0 || strncmp(line + n, ": ", 2) != 0) return;
  snprintf(text, sizeof text, "%.*s", (int)strcspn(line + n + 2, "\n"), line + n + 2);
  if (mg_units_parse(text, dimension, value) != MG_OK) mg_error_clear();
}

/* Is @p strain that at which the stage ends, "compress" or "compress[2]", by the resolved input? A
 * stage takes whole steps; it ends half a step from its strain at most. */
static bool is_end(const char *input, const char *stage, double strain) {
  static const char word[] = "- compress:";
  const char *bracket = strchr(stage, '[');
  int wanted = bracket ? atoi(bracket + 1) : 1;
  bool inside = false;
  double timestep = NAN, rate = NAN, end = NAN;
  for (const char *line = input; line; line = strchr(line, '\n')) {
    line += strspn(line, "\n ");
    if (strncmp(line, "- ", 2) == 0)
      inside = strncmp(line, word, sizeof word - 1) == 0 && --wanted == 0;
    read_key(line, "timestep", MG_DIM_TIME, &timestep);
    if (inside) read_key(line, "rate", MG_DIM_RATE, &rate);
    if (inside) read_key(line, "strain", MG_DIM_FRACTION, &end);
  }
  return fabs(strain) > end - 0.51 * rate * timestep;
}

static mg_status find_state(mg_h5 *file, mg_shot *shot) {
  char *input = NULL;
  const bool loads = strncmp(shot->stage, "compress", 8) == 0;
  shot->state = strncmp(shot->stage, "unload", 6) == 0 ? MG_SHOT_UNLOADED
                : !loads                               ? MG_SHOT_OTHER
                : fabs(shot->strain) < 1e-9            ? MG_SHOT_REFERENCE
                                                       : MG_SHOT_LOADING;
  if (shot->state != MG_SHOT_LOADING || !mg_h5_has(file, "/parameters/input")) return MG_OK;
  const mg_status status = mg_h5_get_text(file, "/parameters/input", &input);
  if (status == MG_OK && is_end(input, shot->stage, shot->strain)) shot->state = MG_SHOT_LOADED;
  if (status == MG_ERR_INPUT) mg_error_clear();
  mg_free(input);
  return status == MG_ERR_INPUT ? MG_OK : status;
}

mg_status mg_shot_look(const char *path, mg_shot *shot) {
  mg_h5 *file;
  *shot = (mg_shot){.strain = NAN, .stress = NAN};
  MG_REQUIRE(mg_str_copy(shot->path, sizeof shot->path, path), MG_ERR_INPUT,
             "%.80s...: the path is too long", path);
  MG_TRY(mg_h5_open(NULL, path, &file));
  mg_h5_get_attribute(file, "/parameters", "stage", 0, shot->stage, sizeof shot->stage);
  shot->strain = observable(file, "/observables/strain/value");
  shot->stress = observable(file, "/observables/stress_gross/value");
  const mg_status status = find_state(file, shot);
  mg_h5_abandon(&file);
  MG_TRY(status);
  MG_TRY(mg_frame_peek(path, NULL, &shot->header));
  if (!shot->header.has_axes) shot->header.axes = (mg_axes){.load = 2, .free = 1, .thin = 0};
  return MG_OK;
}

/* "NAME-000123.h5": the length of NAME, else 0. */
static size_t stem_of_snapshot(const char *file) {
  static const size_t tail = DIGITS + 4;
  const size_t n = strlen(file);
  if (n <= tail || strcmp(file + n - 3, ".h5") != 0 || file[n - tail] != '-') return 0;
  for (const char *c = file + n - tail + 1; c < file + n - 3; c++)
    if (!isdigit((unsigned char)*c)) return 0;
  return n - tail;
}

static int by_path(const void *a, const void *b) {
  return strcmp(((const mg_shot *)a)->path, ((const mg_shot *)b)->path);
}

/* Keep the snapshots called by the run's name; a folder that was renamed has another one. */
static mg_status list_snapshots(DIR *folder, mg_run_files *files) {
  const size_t length = strlen(files->name);
  char stem[128] = "";
  int capacity = 0;
  for (int pass = 0; pass < 2 && files->n_shots == 0; pass++) {
    rewinddir(folder);
    for (struct dirent *entry; (entry = readdir(folder)) && files->n_shots < MOST_SHOTS;) {
      const size_t n = stem_of_snapshot(entry->d_name);
      if (n == 0 || n >= sizeof stem) continue;
      if (pass == 0 && (n != length || strncmp(entry->d_name, files->name, n) != 0)) continue;
      if (pass == 1 && !*stem) snprintf(stem, sizeof stem, "%.*s", (int)n, entry->d_name);
      if (pass == 1 && (strlen(stem) != n || strncmp(stem, entry->d_name, n) != 0)) continue;
      if (files->n_shots == capacity) {
        capacity = 2 * capacity + 16;
        mg_shot *more = mg_realloc(files->shot, (size_t)capacity, sizeof *more);
        if (!more) return MG_ERR_MEMORY;
        files->shot = more;
      }
      mg_shot *shot = &files->shot[files->n_shots++];
      MG_REQUIRE(snprintf(shot->path, sizeof shot->path, "%s/%s", files->folder, entry->d_name) <
                     (int)sizeof shot->path,
                 MG_ERR_INPUT, "%.80s...: the path is too long", files->folder);
    }
  }
  return MG_OK;
}

/* A later loading starts a new story; its unloading has not come. */
static void find_states(mg_run_files *files) {
  files->loaded = files->unloaded = files->loading = -1;
  for (int k = 0; k < files->n_shots; k++) {
    mg_shot *shot = &files->shot[k];
    const bool left = k + 1 < files->n_shots && strcmp(shot[1].stage, shot->stage) != 0;
    if (shot->state == MG_SHOT_LOADING && left) shot->state = MG_SHOT_LOADED;
    switch (shot->state) {
    case MG_SHOT_OTHER: break;
    case MG_SHOT_UNLOADED: files->unloaded = k; break;
    default:
      files->loaded = shot->state == MG_SHOT_LOADED ? k : -1;
      files->loading = shot->state == MG_SHOT_LOADED ? -1 : k;
      files->unloaded = -1;
    }
  }
}

static mg_status find_in_folder(mg_run_files *files) {
  char thermo[MG_PATH];
  DIR *folder = opendir(files->folder);
  MG_REQUIRE(folder, MG_ERR_INPUT, "%s: cannot be opened: %s", files->folder, strerror(errno));
  const mg_status status = list_snapshots(folder, files);
  closedir(folder);
  MG_TRY(status);
  if (snprintf(thermo, sizeof thermo, "%s/thermo.csv", files->folder) < (int)sizeof thermo &&
      mg_file_exists(thermo))
    mg_str_copy(files->thermo, sizeof files->thermo, thermo);
  MG_REQUIRE(files->n_shots || *files->thermo, MG_ERR_INPUT,
             "%s: holds no run: neither thermo.csv nor snapshots such as %s-000000.h5",
             files->folder, files->name);
  if (files->n_shots)
    qsort(files->shot, (size_t)files->n_shots, sizeof *files->shot, by_path);
  for (int k = 0; k < files->n_shots; k++) {
    char path[MG_PATH];
    mg_str_copy(path, sizeof path, files->shot[k].path);
    MG_TRY(mg_shot_look(path, &files->shot[k]));
  }
  find_states(files);
  return MG_OK;
}

/* The last part of the path; of a file, without its ending. */
static void set_name(mg_run_files *files, const char *path, bool is_file) {
  char text[MG_PATH];
  mg_str_copy(text, sizeof text, path);
  for (size_t n = strlen(text); n > 1 && text[n - 1] == '/';) text[--n] = '\0';
  char *slash = strrchr(text, '/');
  const char *last = slash ? slash + 1 : text;
  mg_str_copy(files->name, sizeof files->name, last);
  char *dot = strrchr(files->name, '.');
  if (is_file && dot && dot > files->name) *dot = '\0';
  if (!is_file) {
    mg_str_copy(files->folder, sizeof files->folder, text);
    return;
  }
  if (slash) *slash = '\0';
  mg_str_copy(files->folder, sizeof files->folder, slash ? *text ? text : "/" : ".");
}

static mg_status find(const char *path, mg_run_files *files) {
  struct stat about;
  MG_REQUIRE(mg_str_copy(files->path, sizeof files->path, path), MG_ERR_INPUT,
             "%.80s...: the path is too long", path);
  MG_REQUIRE(stat(path, &about) == 0, MG_ERR_INPUT, "%s: cannot be read: %s", path,
             strerror(errno));
  set_name(files, path, !S_ISDIR(about.st_mode));
  if (S_ISDIR(about.st_mode)) return find_in_folder(files);
  if (mg_path_has_suffix(path, ".csv")) {
    mg_str_copy(files->thermo, sizeof files->thermo, path);
    return MG_OK;
  }
  MG_REQUIRE(mg_path_has_suffix(path, ".h5"), MG_ERR_INPUT,
             "%s: is neither a run's folder nor a snapshot (.h5) nor a table (.csv)", path);
  MG_TRY(MG_NEW(files->shot, 1));
  files->n_shots = 1;
  MG_TRY(mg_shot_look(path, &files->shot[0]));
  find_states(files);
  return MG_OK;
}

mg_status mg_run_files_find(const char *path, mg_run_files *files) {
  *files = (mg_run_files){.loaded = -1, .unloaded = -1, .loading = -1};
  const mg_status status = find(path, files);
  if (status != MG_OK) mg_run_files_clear(files);
  return status;
}

void mg_run_files_clear(mg_run_files *files) {
  mg_free(files->shot);
  *files = (mg_run_files){.loaded = -1, .unloaded = -1, .loading = -1};
}

void mg_shot_title(const mg_shot *shot, bool with_stress, char *text, size_t size) {
  static const char *const names[] = {NULL, "reference", "loading", "loaded", "unloaded"};
  char number[MG_TICK_TEXT];
  const bool other = shot->state == MG_SHOT_OTHER,
             loads = shot->state == MG_SHOT_LOADING || shot->state == MG_SHOT_LOADED;
  mg_str_copy(text, size, other ? shot->stage : names[shot->state]);
  if (!isnan(shot->strain)) {
    mg_ticks_number(100 * shot->strain, 1, number, sizeof number);
    mg_str_append(text, size, "%sstrain %s %%", *text ? ", " : "", number);
  }
  if (loads && with_stress && !isnan(shot->stress)) {
    mg_ticks_number(shot->stress, 2, number, sizeof number);
    mg_str_append(text, size, ", gross stress %s GPa", number);
  }
  if (!other) return;
  const bool timed = shot->header.time != 0 || (shot->header.step == 0 && *shot->stage);
  mg_ticks_number(shot->header.time, 1, number, sizeof number);
  if (timed)
    mg_str_append(text, size, "%s%s ps", *text ? ", " : "", number);
  else
    mg_str_append(text, size, "%sstep %lld", *text ? ", " : "", (long long)shot->header.step);
}
