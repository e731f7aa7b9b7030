/* The configuration to a file whose name says the format. A relative name goes into the output
 * directory and stays there; an absolute one is taken as asked for. */
#include "drive.h"
#include "rows.h"

#include "mgmd/base/str.h"
#include "mgmd/io/file.h"
#include "mgmd/io/numbered.h"
#include "mgmd/stage/stage.h"

#include <stddef.h>
#include <string.h>

typedef struct write_config {
  char file[MG_PATH];
} write_config;

static const mg_param params[] = {
    {.name = "file",
     .kind = MG_P_TEXT,
     .offset = offsetof(write_config, file),
     .required = true,
     .doc = "name, in the output directory unless absolute; its end chooses the format"},
    {.name = NULL},
};

/* mgmd HDF5, LAMMPS data, LAMMPS dump, extended XYZ. */
static const char *const endings[] = {".h5",        ".data", ".lmp",    ".dump",
                                      ".lammpstrj", ".xyz",  ".extxyz", NULL};

static void check_place(const char *file, mg_check *check) {
  /* another file of such a name would be mistaken for a snapshot or a checkpoint */
  if (mg_numbered_stem(file) > 0)
    mg_check_fail(check, "file", "'%.80s' is named like a snapshot of a series; write a name that "
                  "does not end in a dash and six digits or more", file);
  char folder[MG_PATH];
  mg_str_copy(folder, sizeof folder, file);
  char *last = strrchr(folder, '/');
  if (file[0] != '/' || last == folder) return;
  *last = '\0';
  if (!mg_file_exists(folder))
    mg_check_fail(check, "file", "there is no folder '%.200s'; make it, or write a name for the "
                  "output directory", folder);
}

static void check_write(const void *data, mg_check *check) {
  const write_config *config = data;
  if (!mg_check_needs_atoms(check)) return;
  const char *file = config->file;
  if (file[0] != '/' && mg_path_climbs(file))
    mg_check_fail(check, "file",
                  "'%.80s' climbs out of the output directory; write a name without "
                  "'..', or an absolute path",
                  file);
  check_place(file, check);
  for (int k = 0; endings[k]; k++)
    if (mg_path_has_suffix(file, endings[k])) return;
  char list[96] = "";
  for (int k = 0; endings[k]; k++)
    mg_str_append(list, sizeof list, "%s%s", k ? ", " : "", endings[k]);
  mg_check_fail(check, "file", "'%.80s' names no format; end it in one of: %s", file, list);
}

static mg_status run(const void *data, mg_run *run) {
  const write_config *config = data;
  MG_TRY(mg_rundir_make_folders(&run->dir, run->comm, config->file));
  if (mg_path_has_suffix(config->file, ".h5")) {
    MG_TRY(mg_stage_begin(run, run->last.temperature, NAN));
    return mg_output_snapshot(run, NULL, config->file, NULL);
  }
  return mg_output_frame(run, config->file);
}

const mg_stage_type mg_stage_write = {
    .name = "write",
    .summary = "write the configuration in the format that its name chooses",
    .params = params,
    .config_size = sizeof(write_config),
    .check = check_write,
    .run = run};
