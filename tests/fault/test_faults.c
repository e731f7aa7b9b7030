/* Claim: whatever allocation, write or agreement fails on whichever rank, a run ends with the same
 * status on every rank and the right exit code, one message that tells this cause, no memory, no
 * file and no HDF5 object left open, no temporary file, and no damaged file under a final name; and
 * the next run in the same process succeeds.
 *
 * A few small inputs reach every stage and every reader and writer; the last one goes on from a
 * checkpoint, and whatever fails then, a checkpoint that opens is still there. For each input, each
 * kind of fault and each rank, the n-th call fails, n going up until there is no n-th call and the
 * run succeeds. Without FAULT_POINTS=all (`make faults`) only a few values of n are tried, spread
 * evenly, and only on the first and the last rank. The line of a point is printed before it is
 * tried: after a hang the last one is to blame. */
#include "inject.h"
#include "mpi_check.h"

#include "mgmd/base/log.h"
#include "mgmd/base/timer.h"
#include "mgmd/cmd/args.h"
#include "mgmd/io/checkpoint.h"
#include "mgmd/io/commit.h"
#include "mgmd/io/frame.h"
#include "mgmd/stage/run.h"

#include <dirent.h>
#include <hdf5.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD                                                                                       \
  "timestep: 2 fs\nseed: 7\naxes: {load: z, free: y, thin: x}\n"                                   \
  "output: {directory: out, thermo: 0.02 ps, positions: time_averaged, average: 4 fs}\nstages:\n"
#define FROM(file) "potential: table.eam.fs\n" HEAD "  - read: {file: " file "}\n"

static const struct input {
  const char *name, *text; /* text NULL: name is a command line */
  bool resumes;            /* from a run that was stopped at its first step */
} inputs[] = {
    {"protocol.yaml",
     "potential: cuzr-mendelev2007\n" HEAD
     "  - create:    {composition: {Cu: 64, Zr: 36}, atoms: 300, box: [1.2 nm, 1.8 nm, 2.4 nm]}\n"
     "  - minimize:  {max_steps: 6, pressure: 0 GPa}\n"
     "  - quench:    {melt: 600 K, hold: 4 fs, to: 300 K, rate: 8e16 K/s, pressure: 0 GPa}\n"
     "  - replicate: {times: [1, 1, 2]}\n"
     "  - notch:     {shape: u, depth: 0.4 nm, height: 0.5 nm}\n"
     "  - run:       {ensemble: npt, temperature: 50 K, steps: 3, pressure: {x: 0 GPa, z: 0 GPa}}\n"
     "  - compress:  {rate: 1e12 1/s, strain: 1 %, temperature: 50 K, pressure: {x: 0 GPa}}\n"
     "  - unload:    {to: -10 GPa, hold: 4 fs}\n"
     "  - analyze:   {compute: [radial_distribution, structure_factor, coordination,\n"
     "                  centrosymmetry, grid, localisation], range: 6 A}\n"
     "  - write:     {file: sub/a.data}\n"
     "  - write:     {file: a.dump}\n"
     "  - write:     {file: a.xyz}\n",
     false},
    {"h5.yaml", FROM("kept.h5") "  - run: {ensemble: nvt, temperature: 50 K, steps: 2}\n", false},
    {"xyz.yaml", FROM("kept.xyz") "  - minimize: {max_steps: 1}\n", false},
    {"data.yaml", FROM("kept.data") "  - run: {ensemble: nve, steps: 0}\n  - write: {file: a.h5}\n",
     false},
    {"resume.yaml",
     FROM("kept.h5") "  - run: {ensemble: nvt, temperature: 50 K, steps: 3}\n"
                     "  - compress: {rate: 1e12 1/s, strain: 0.4 %, temperature: 50 K}\n",
     true},
    {"convert kept.h5 made.dump --overwrite --quiet", NULL, false},
    {"convert kept.h5 kept.xyz out/series.h5 --overwrite --quiet", NULL, false},
    {"convert kept.xyz out/traj.h5 --for mdanalysis --overwrite --quiet", NULL, false},
    {"strain kept.h5 kept.xyz --out made.xyz --overwrite --quiet", NULL, false},
    {"analyze kept.h5 --out out/made.h5 --range 6A --overwrite --quiet", NULL, false},
    {"plot kept.h5 --snapshots last --out out/made.png --quiet", NULL, false},
};

enum { N_INPUTS = sizeof inputs / sizeof inputs[0] };

/* --- one run ---------------------------------------------------------------------------------- */

/* @param[in] walltime  0: stop at the first step */
static mg_status run_for(const struct input *input, bool resume, double walltime) {
  const mg_config_source source = {.path = input->name};
  const mg_run_options options = {.overwrite = !resume,
                                  .resume = resume ? "auto" : NULL,
                                  .walltime = walltime,
                                  .started = mg_clock()};
  mg_pipeline *pipeline = NULL;
  mg_status status = mg_pipeline_load(&mpi_world, &source, false, &pipeline);
  if (status == MG_OK) status = mg_pipeline_run(&mpi_world, pipeline, &options);
  mg_pipeline_destroy(&pipeline);
  return status;
}

static mg_status run_command(const char *line) {
  char words[200], *argv[16] = {(char[]){"mgmd"}};
  int argc = 1;
  snprintf(words, sizeof words, "%s", line);
  for (char *word = strtok(words, " "); word && argc < 15; word = strtok(NULL, " "))
    argv[argc++] = word;
  mg_call call;
  mg_status status = mg_agree(&mpi_world, mg_call_parse(argc, argv, &call));
  if (status == MG_OK) status = call.command->run(&mpi_world, &call);
  mg_call_clear(&call);
  return status;
}

static mg_status run_once(const struct input *input) {
  if (!input->text) return run_command(input->name);
  return run_for(input, input->resumes, INFINITY);
}

static void empty_folder(const char *path) {
  DIR *folder = opendir(path);
  const struct dirent *entry;
  while (folder && (entry = readdir(folder))) {
    char inner[512];
    snprintf(inner, sizeof inner, "%.200s/%s", path, entry->d_name);
    if (entry->d_name[0] != '.') unlink(inner);
  }
  if (folder) closedir(folder);
}

/* Every run finds the same: what a dead run has left, which it replaces. Collective. */
static void reset_folder(const struct input *input) {
  if (mpi_world.rank == 0) {
    empty_folder("out/sub");
    empty_folder("out/checkpoint");
    empty_folder("out");
    mkdir("out", 0777);
    mg_commit_text("out/thermo.csv", "step\n", 5);
    mg_commit_text("out/out.xdmf", "", 0);
  }
  mg_barrier(&mpi_world);
  if (input->resumes) ck_assert_status_all(&mpi_world, run_for(input, false, 0), MG_STOPPED);
  mg_error_clear();
}

/* What must be as it was before. */
typedef struct holdings {
  long long blocks, objects, handles;
} holdings;

static holdings hold(void) {
  holdings now = {mg_mem_live(), H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL), 0};
  DIR *open_files = opendir("/proc/self/fd");
  while (open_files && readdir(open_files)) now.handles++;
  if (open_files) closedir(open_files);
  return now;
}

static bool opens(const char *path, bool checkpoint) {
  mg_frame_header header;
  mg_checkpoint_file *file;
  if (!checkpoint) return mg_frame_peek(path, NULL, &header) == MG_OK;
  if (mg_checkpoint_open(NULL, path, &file) != MG_OK) return false;
  mg_checkpoint_close(&file);
  return true;
}

/* Rank 0: the HDF5 files in a folder, each of which must be whole.
 * @param[out] found  what is wrong with it, or "" */
static int count_whole(const char *directory, bool checkpoints, char found[600]) {
  int n = 0;
  DIR *folder = opendir(directory);
  const struct dirent *entry;
  while (folder && (entry = readdir(folder))) {
    char path[512];
    snprintf(path, sizeof path, "%.200s/%s", directory, entry->d_name);
    const size_t length = strlen(path);
    if (strcmp(path + length - 4, ".tmp") == 0) snprintf(found, 600, "%s is left", path);
    if (strcmp(path + length - 3, ".h5") != 0) continue;
    n++;
    if (!opens(path, checkpoints))
      snprintf(found, 600, "%s is damaged: %.60s", path, mg_error_text());
    mg_error_clear();
  }
  if (folder) closedir(folder);
  return n;
}

/* Rank 0: what is wrong with what a failed run has left, or "". */
static const char *leftovers(const struct input *input) {
  static char found[600];
  found[0] = '\0';
  count_whole(".", false, found);
  count_whole("out", false, found);
  const int n = count_whole("out/checkpoint", true, found);
  if (input->resumes && n == 0) snprintf(found, sizeof found, "the last checkpoint is lost");
  return found;
}

/* --- one fault -------------------------------------------------------------------------------- */

typedef struct point {
  const struct input *input;
  fault_kind kind;
  int rank;
  long n;
} point;

static int n_complaints;
static long n_faults;

/* Says on rank 0 what is wrong on any rank. Collective. */
static void expect(const point *p, bool holds, const char *what) {
  const int mine = holds ? mpi_world.size : mpi_world.rank;
  int first;
  MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, mg_comm_mpi(&mpi_world));
  if (first == mpi_world.size) return;
  n_complaints++;
  char text[MG_ERROR_TEXT];
  snprintf(text, sizeof text, "%s", mg_error_text());
  MPI_Bcast(text, sizeof text, MPI_CHAR, first, mg_comm_mpi(&mpi_world));
  if (mpi_world.rank == 0)
    printf("%s, %s:%ld@%d: %s (on rank %d, whose record is '%s')\n", p->input->name,
           fault_names[p->kind], p->n, p->rank, what, first, text);
}

static void expect_failure(const point *p, mg_status status) {
  static const mg_status expected[FAULT_KINDS] = {MG_ERR_MEMORY, MG_ERR_IO, MG_ERR_RUN};
  char text[MG_ERROR_TEXT];
  snprintf(text, sizeof text, "%s", mg_error_text());
  MPI_Bcast(text, sizeof text, MPI_CHAR, 0, mg_comm_mpi(&mpi_world));
  expect(p, status != MG_OK, "the fault was swallowed");
  expect(p, status == MG_OK || status == expected[p->kind], "the status is another");
  expect(p, mg_exit_code(status) == 1, "the exit code is not 1");
  expect(p, strcmp(text, mg_error_text()) == 0, "the records differ");
  static const char *const told[FAULT_KINDS] = {"out of memory", "", "injected"};
  expect(p, text[0] && strstr(text, told[p->kind]), "told is another cause");
}

/* @return whether there was such a call. Collective. */
static bool try_point(const point *p) {
  reset_folder(p->input);
  const holdings before = hold();
  if (mpi_world.rank == 0) {
    printf("%s %s:%ld@%d\n", p->input->name, fault_names[p->kind], p->n, p->rank);
    fflush(stdout);
  }
  mg_error_clear();
  fault_arm(p->kind, mpi_world.rank == p->rank ? p->n : 0);
  const mg_status status = run_once(p->input);
  const bool mine = fault_fired();
  fault_arm(p->kind, 0);
  int fired = mine;
  MPI_Allreduce(MPI_IN_PLACE, &fired, 1, MPI_INT, MPI_MAX, mg_comm_mpi(&mpi_world));
  n_faults += fired;
  if (fired)
    expect_failure(p, status);
  else
    expect(p, status == MG_OK, "a run without a fault failed");
  mg_error_clear();
  const holdings after = hold();
  expect(p, after.blocks == before.blocks, "memory is left");
  expect(p, after.objects == before.objects, "HDF5 objects are left open");
  expect(p, after.handles == before.handles, "files are left open");
  const char *left = mpi_world.rank == 0 ? leftovers(p->input) : "";
  expect(p, !left[0], left);
  return fired;
}

/* --- the loops -------------------------------------------------------------------------------- */

/* Values of n for each kind; 0: all. */
static long points_wanted(void) {
  const char *text = getenv("FAULT_POINTS");
  if (text) return strcmp(text, "all") == 0 ? 0 : atol(text);
  return mpi_world.size < 3 ? 4 / mpi_world.size : 1;
}

static bool is_chosen(int rank) {
  return points_wanted() == 0 || rank == 0 || rank == mpi_world.size - 1;
}

/* The calls of a run without a fault, on one rank. Collective. */
static void count_calls(const struct input *input, int rank, long calls[FAULT_KINDS]) {
  reset_folder(input);
  mg_error_clear();
  fault_arm(FAULT_ALLOC, 0);
  ck_assert_status_all(&mpi_world, run_once(input), MG_OK);
  for (int k = 0; k < FAULT_KINDS; k++) calls[k] = fault_count((fault_kind)k);
  MPI_Bcast(calls, FAULT_KINDS, MPI_LONG, rank, mg_comm_mpi(&mpi_world));
}

static void sweep(point p, long calls) {
  const long wanted = points_wanted(), points = wanted && wanted < calls ? wanted : calls;
  for (long k = 0; k < points; k++) {
    p.n = 1 + k * calls / points;
    expect(&p, try_point(&p), "there is no such call");
  }
  if (wanted) return; /* the run that counted the calls has succeeded */
  p.n = calls + 1;
  expect(&p, !try_point(&p), "there are more calls than in a run without a fault");
}

static void write_inputs(void) {
  for (int k = 0; k < N_INPUTS; k++)
    if (inputs[k].text)
      ck_assert_int_eq(mg_commit_text(inputs[k].name, inputs[k].text, strlen(inputs[k].text)),
                       MG_OK);
  mg_potential *potential = mg_potential_builtin("cuzr-mendelev2007");
  char *table;
  ck_assert_int_eq(mg_potential_write_setfl(potential, 400, 100, 400, &table), MG_OK);
  ck_assert_int_eq(mg_commit_text("table.eam.fs", table, strlen(table)), MG_OK);
  mg_free(table);
  mg_potential_destroy(&potential);
}

static void keep(const char *from, const char *to) {
  if (mpi_world.rank == 0) ck_assert_int_eq(rename(from, to), 0);
  mg_barrier(&mpi_world);
}

START_TEST(every_fault_is_told_once) {
  mg_log_open(MG_LOG_QUIET, false);
  if (mpi_world.rank == 0) write_inputs();
  mg_barrier(&mpi_world);
  reset_folder(&inputs[0]);
  ck_assert_status_all(&mpi_world, run_once(&inputs[0]), MG_OK);
  keep("out/out-000001.h5", "kept.h5");
  keep("out/a.xyz", "kept.xyz");
  keep("out/sub/a.data", "kept.data");
  for (int k = 0; k < N_INPUTS; k++)
    for (int rank = 0; rank < mpi_world.size; rank++) {
      if (!is_chosen(rank)) continue;
      long calls[FAULT_KINDS];
      count_calls(&inputs[k], rank, calls);
      for (int kind = 0; kind < FAULT_KINDS; kind++)
        sweep((point){&inputs[k], (fault_kind)kind, rank, 0}, calls[kind]);
    }
  if (mpi_world.rank == 0) printf("%ld faults, %d complaints\n", n_faults, n_complaints);
  ck_assert_int_eq(n_complaints, 0);
}
END_TEST

static void fill(TCase *tests) { tcase_add_test(tests, every_fault_is_told_once); }

MPI_CHECK_MAIN("faults", fill)
