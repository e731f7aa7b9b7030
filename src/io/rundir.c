#include "mgmd/io/rundir.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/io/commit.h"
#include "mgmd/io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char LOCK[] = ".lock", FOLDER[] = "checkpoint", CHECKPOINT[] = "checkpoint-";
static const double LOCK_WAIT = 10; /* s */

bool mg_rundir_join(const mg_rundir *dir, const char *file, char *path, size_t size) {
  if (file[0] == '/') return mg_str_copy(path, size, file);
  return (size_t)snprintf(path, size, "%s/%s", dir->path, file) < size;
}

static mg_status make_directories(const char *path) {
  char part[MG_PATH];
  MG_REQUIRE(mg_str_copy(part, sizeof part, path), MG_ERR_INPUT,
             "output.directory: longer than %d bytes", MG_PATH - 1);
  for (char *at = part + 1;; at++) {
    if (*at && *at != '/') continue;
    const char kept = *at;
    *at = '\0';
    if (mkdir(part, 0777) != 0 && errno != EEXIST)
      return mg_commit_fail(part, "cannot make the output directory");
    *at = kept;
    if (!kept) break;
  }
  struct stat info;
  MG_REQUIRE(stat(path, &info) == 0 && S_ISDIR(info.st_mode), MG_ERR_IO,
             "%s: is not a directory; the output cannot go there", path);
  return MG_OK;
}

static mg_status take_lock(mg_rundir *dir) {
  char path[MG_PATH];
  MG_REQUIRE(mg_rundir_join(dir, LOCK, path, sizeof path), MG_ERR_INPUT,
             "output.directory: the path is too long");
  dir->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (dir->lock < 0)
    return mg_commit_fail(dir->path, "cannot be written");
  for (double waited = 0;; waited += 0.1) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(dir->lock, F_SETLK, &lock) == 0) return MG_OK;
    /* a file system without locks must not forbid running */
    if (errno != EACCES && errno != EAGAIN) return MG_OK;
    MG_REQUIRE(waited < LOCK_WAIT, MG_ERR_INPUT,
               "%s: another run is using this directory; choose another with --out", dir->path);
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
  }
}

/* The number in BEFORE000123AFTER as we write it; -1 when @p file is not such a name. */
static int number_in(const char *file, const char *before, const char *after) {
  const size_t n = strlen(before);
  if (strncmp(file, before, n) != 0) return -1;
  const size_t digits = strspn(file + n, "0123456789");
  if (digits < 6 || digits > 9 || strcmp(file + n + digits, after) != 0) return -1;
  if (digits > 6 && file[n] == '0') return -1;
  return (int)strtol(file + n, NULL, 10);
}

static int snapshot_number(const mg_rundir *dir, const char *file) {
  char before[sizeof dir->name + 1];
  snprintf(before, sizeof before, "%s-", dir->name);
  const int number = number_in(file, before, ".h5");
  /* .tmp: left by a killed run */
  return number >= 0 ? number : number_in(file, before, ".h5.tmp") >= 0 ? INT_MAX : -1;
}

static bool is_text_file(const mg_rundir *dir, const char *file) {
  static const char *const fixed[] = {"thermo.csv",   "run.yaml",         "summary.yaml",
                                      "run.yaml.tmp", "summary.yaml.tmp", NULL};
  for (int k = 0; fixed[k]; k++)
    if (strcmp(file, fixed[k]) == 0) return true;
  const size_t n = strlen(dir->name);
  return strncmp(file, dir->name, n) == 0 &&
         (strcmp(file + n, ".xdmf") == 0 || strcmp(file + n, ".xdmf.tmp") == 0);
}

/* Looks at one name in a folder. @return true when the file is to be removed */
typedef bool (*chooser)(const mg_rundir *dir, const char *file, void *context);

/* Let @p chooser see every name of the folder (below the directory, "" itself) and remove what it
 * wants removed. A folder that is not there has no names. */
static mg_status visit(const mg_rundir *dir, const char *folder, chooser choose, void *context) {
  char place[MG_PATH], path[MG_PATH];
  if (!mg_rundir_join(dir, folder, place, sizeof place)) return MG_OK;
  DIR *open_dir = opendir(place);
  if (!open_dir && errno == ENOENT) return MG_OK;
  if (!open_dir) return mg_commit_fail(place, "cannot be listed");
  const struct dirent *entry;
  mg_status status = MG_OK;
  while ((entry = readdir(open_dir)) && status == MG_OK) {
    if (!choose(dir, entry->d_name, context)) continue;
    const bool fits =
        (size_t)snprintf(path, sizeof path, "%s/%s", place, entry->d_name) < sizeof path;
    if (!fits || (unlink(path) != 0 && errno != ENOENT))
      status = mg_commit_fail(path, "cannot be removed");
  }
  closedir(open_dir);
  return status;
}

static bool is_run_file(const mg_rundir *dir, const char *file) {
  return is_text_file(dir, file) || snapshot_number(dir, file) >= 0;
}

static bool count_run_file(const mg_rundir *dir, const char *file, void *n) {
  *(int *)n += is_run_file(dir, file);
  return false;
}

static bool any_run_file(const mg_rundir *dir, const char *file, void *context) {
  (void)context;
  return is_run_file(dir, file);
}

static bool any_checkpoint(const mg_rundir *dir, const char *file, void *context) {
  (void)dir;
  (void)context;
  return number_in(file, CHECKPOINT, ".h5") >= 0 || number_in(file, CHECKPOINT, ".h5.tmp") >= 0;
}

static bool count_checkpoint(const mg_rundir *dir, const char *file, void *n) {
  *(int *)n += any_checkpoint(dir, file, NULL);
  return false;
}

static mg_status clear(const mg_rundir *dir) {
  char path[MG_PATH];
  MG_TRY(visit(dir, FOLDER, any_checkpoint, NULL));
  if (mg_rundir_join(dir, FOLDER, path, sizeof path)) rmdir(path); /* stays when it holds more */
  return visit(dir, ".", any_run_file, NULL);
}

static mg_status prepare(mg_rundir *dir, mg_rundir_mode mode) {
  int n_found = 0;
  MG_TRY(make_directories(dir->path));
  MG_TRY(take_lock(dir));
  if (mode == MG_RUNDIR_KEEP) return MG_OK;
  MG_TRY(visit(dir, ".", count_run_file, &n_found));
  MG_TRY(visit(dir, FOLDER, count_checkpoint, &n_found));
  MG_REQUIRE(n_found == 0, MG_ERR_INPUT,
             "%s: holds a run already; choose another directory with --out, go on with it by "
             "--resume auto, or --overwrite it",
             dir->path);
  return MG_OK;
}

/* "out/a" -> "a"; "." and the like are asked for their real name. */
static void take_name(mg_rundir *dir) {
  const char *last = strrchr(dir->path, '/');
  mg_str_copy(dir->name, sizeof dir->name, last ? last + 1 : dir->path);
  if (strcmp(dir->name, ".") != 0 && strcmp(dir->name, "..") != 0) return;
  char *real = realpath(dir->path, NULL);
  last = real ? strrchr(real, '/') : NULL;
  mg_str_copy(dir->name, sizeof dir->name, last && last[1] ? last + 1 : "run");
  free(real);
}

mg_status mg_rundir_open(mg_rundir *dir, const mg_comm *comm, const char *path,
                         mg_rundir_mode mode) {
  memset(dir, 0, sizeof *dir);
  dir->lock = -1;
  /* leaves room for the names in it */
  if (strlen(path) > MG_PATH - 320)
    return mg_fail(MG_ERR_INPUT, "output.directory: longer than %d bytes", MG_PATH - 320);
  mg_str_copy(dir->path, sizeof dir->path, path);
  size_t n = strlen(dir->path);
  while (n > 1 && (dir->path[n - 1] == '/' || (n > 2 && strcmp(dir->path + n - 2, "/.") == 0)))
    dir->path[--n] = '\0';
  if (comm->rank == 0) take_name(dir);
  mg_broadcast(comm, dir->name, sizeof dir->name, 0);
  const mg_status status = mg_agree(comm, comm->rank == 0 ? prepare(dir, mode) : MG_OK);
  if (status != MG_OK) mg_rundir_close(dir);
  return status;
}

bool mg_rundir_owns(const mg_rundir *dir, const char *path) {
  char *real = realpath(path, NULL), *top = realpath(dir->path, NULL);
  const size_t n = top ? strlen(top) : 0;
  bool owns = false;
  if (real && top && strncmp(real, top, n) == 0 && real[n] == '/') {
    const char *file = real + n + 1;
    const size_t folder = strlen(FOLDER);
    if (strncmp(file, FOLDER, folder) == 0 && file[folder] == '/')
      owns = any_checkpoint(dir, file + folder + 1, NULL);
    else
      owns = is_run_file(dir, file);
  }
  free(real);
  free(top);
  return owns;
}

mg_status mg_rundir_clear(const mg_rundir *dir, const mg_comm *comm) {
  return mg_agree(comm, comm->rank == 0 ? clear(dir) : MG_OK);
}

static bool is_later(const mg_rundir *dir, const char *file, void *n_snapshots) {
  if (is_text_file(dir, file))
    return strcmp(file, "thermo.csv") != 0 && strcmp(file, "run.yaml") != 0;
  const int number = snapshot_number(dir, file);
  return number >= 0 && number >= *(const int *)n_snapshots;
}

mg_status mg_rundir_cut(const mg_rundir *dir, const mg_comm *comm, int n_snapshots) {
  mg_status status = MG_OK;
  if (comm->rank == 0) status = visit(dir, ".", is_later, &n_snapshots);
  return mg_agree(comm, status);
}

bool mg_rundir_is_done(const mg_rundir *dir, const mg_comm *comm) {
  bool done = false;
  char path[MG_PATH], *text;
  size_t length;
  if (comm->rank == 0 && mg_rundir_join(dir, "summary.yaml", path, sizeof path) &&
      mg_file_exists(path)) {
    if (mg_file_read(path, 1 << 20, &text, &length) == MG_OK) done = strstr(text, "status: done");
    mg_free(text);
    mg_error_clear();
  }
  return mg_any(comm, done);
}

void mg_rundir_checkpoint(const mg_rundir *dir, int number, char path[MG_PATH]) {
  mg_str_copy(path, MG_PATH, dir->path);
  mg_str_append(path, MG_PATH, "/%s/%s%06d.h5", FOLDER, CHECKPOINT, number);
}

mg_status mg_rundir_make_checkpoints(const mg_rundir *dir, const mg_comm *comm) {
  mg_status status = MG_OK;
  char path[MG_PATH];
  if (comm->rank == 0 && mg_rundir_join(dir, FOLDER, path, sizeof path) &&
      mkdir(path, 0777) != 0 && errno != EEXIST)
    status = mg_commit_fail(path, "cannot be made");
  return mg_agree(comm, status);
}

typedef struct numbering {
  int n, most, *numbers;
} numbering;

/* Keep the highest ones, sorted. */
static bool number_checkpoint(const mg_rundir *dir, const char *file, void *context) {
  numbering *list = context;
  (void)dir;
  const int number = number_in(file, CHECKPOINT, ".h5");
  int at = list->n;
  if (number < 0) return false;
  if (at == list->most && list->numbers[--at] > number) return false;
  for (; at > 0 && list->numbers[at - 1] < number; at--) list->numbers[at] = list->numbers[at - 1];
  list->numbers[at] = number;
  if (list->n < list->most) list->n++;
  return false;
}

int mg_rundir_checkpoints(const mg_rundir *dir, const mg_comm *comm, int most, int *numbers) {
  numbering list = {.most = most, .numbers = numbers};
  if (comm->rank == 0 && visit(dir, FOLDER, number_checkpoint, &list) != MG_OK) mg_error_clear();
  mg_broadcast(comm, &list.n, sizeof list.n, 0);
  mg_broadcast(comm, numbers, (size_t)list.n * sizeof *numbers, 0);
  return list.n;
}

static bool is_old(const mg_rundir *dir, const char *file, void *keep) {
  const int *kept = keep, number = number_in(file, CHECKPOINT, ".h5");
  const bool kept_back = number >= 0 && (number == kept[0] || number == kept[1]);
  return any_checkpoint(dir, file, NULL) && !kept_back;
}

void mg_rundir_prune(const mg_rundir *dir, int keep, int keep_too) {
  int kept[2] = {keep, keep_too};
  /* one too many does no harm */
  if (visit(dir, FOLDER, is_old, kept) != MG_OK) mg_error_clear();
}

void mg_rundir_close(mg_rundir *dir) {
  /* the file stays: removing it would let two later runs lock two different files */
  if (dir->path[0] && dir->lock >= 0) close(dir->lock);
  memset(dir, 0, sizeof *dir);
  dir->lock = -1;
}

static mg_status make_folders(const mg_rundir *dir, const char *file) {
  char path[MG_PATH];
  MG_REQUIRE(mg_rundir_join(dir, file, path, sizeof path), MG_ERR_IO, "%s/%s: the path is too long",
             dir->path, file);
  char *last = strrchr(path, '/');
  if (file[0] == '/' || !strchr(file, '/') || !last) return MG_OK;
  *last = '\0';
  return make_directories(path);
}

mg_status mg_rundir_make_folders(const mg_rundir *dir, const mg_comm *comm, const char *file) {
  return mg_agree(comm, comm->rank == 0 ? make_folders(dir, file) : MG_OK);
}

mg_status mg_rundir_write_text(const mg_rundir *dir, const mg_comm *comm, const char *file,
                               const char *text) {
  char path[MG_PATH];
  mg_status status = MG_OK;
  if (comm->rank == 0) {
    status = mg_rundir_join(dir, file, path, sizeof path)
                 ? mg_commit_text(path, text, strlen(text))
                 : mg_fail(MG_ERR_IO, "%s/%s: the path is too long", dir->path, file);
  }
  return mg_agree(comm, status);
}
