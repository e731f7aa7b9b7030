#include "mgmd/io/rundir.h"
#include "mgmd/base/str.h"
#include "mgmd/io/commit.h"
#include "mgmd/io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char LOCK[] = ".lock";
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
      return mg_fail(MG_ERR_IO, "%s: cannot make the output directory: %s", part,
                     strerror(errno));
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
  dir->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (dir->lock < 0)
    return mg_fail(MG_ERR_IO, "%s: cannot be written: %s", dir->path, strerror(errno));
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

/* Is this the name of a file that a run called `name` writes? */
static bool is_run_file(const char *file, const char *name) {
  static const char *const fixed[] = {"thermo.csv", "run.yaml", "summary.yaml", NULL};
  for (int k = 0; fixed[k]; k++)
    if (strcmp(file, fixed[k]) == 0) return true;
  const size_t n = strlen(name);
  if (strncmp(file, name, n) != 0) return false;
  if (strcmp(file + n, ".xdmf") == 0) return true;
  if (file[n] != '-') return false;
  const size_t digits = strspn(file + n + 1, "0123456789");
  const char *ending = file + n + 1 + digits; /* .tmp: left by a killed run */
  return digits >= 6 && (strcmp(ending, ".h5") == 0 || strcmp(ending, ".h5.tmp") == 0);
}

/* Visit the directory: count run files, or remove them. */
static mg_status visit(const mg_rundir *dir, bool remove_them, int *n_found) {
  *n_found = 0;
  DIR *open_dir = opendir(dir->path);
  if (!open_dir) return mg_fail(MG_ERR_IO, "%s: %s", dir->path, strerror(errno));
  const struct dirent *entry;
  mg_status status = MG_OK;
  while ((entry = readdir(open_dir)) && status == MG_OK) {
    if (!is_run_file(entry->d_name, dir->name)) continue;
    ++*n_found;
    char path[MG_PATH];
    if (remove_them && mg_rundir_join(dir, entry->d_name, path, sizeof path) &&
        unlink(path) != 0)
      status = mg_fail(MG_ERR_IO, "%s: cannot be removed: %s", path, strerror(errno));
  }
  closedir(open_dir);
  return status;
}

static mg_status prepare(mg_rundir *dir, bool overwrite) {
  MG_TRY(make_directories(dir->path));
  MG_TRY(take_lock(dir));
  int n_found;
  MG_TRY(visit(dir, overwrite, &n_found));
  MG_REQUIRE(n_found == 0 || overwrite, MG_ERR_INPUT,
             "%s: holds a run already; choose another directory with --out, or --overwrite it",
             dir->path);
  return MG_OK;
}

mg_status mg_rundir_open(mg_rundir *dir, const mg_comm *comm, const char *path, bool overwrite) {
  memset(dir, 0, sizeof *dir);
  dir->lock = -1;
  /* leaves room for the names in it */
  if (strlen(path) > MG_PATH - 320)
    return mg_fail(MG_ERR_INPUT, "output.directory: longer than %d bytes", MG_PATH - 320);
  mg_str_copy(dir->path, sizeof dir->path, path);
  for (size_t n = strlen(dir->path); n > 1 && dir->path[n - 1] == '/';) dir->path[--n] = '\0';
  const char *last = strrchr(dir->path, '/');
  mg_str_copy(dir->name, sizeof dir->name, last ? last + 1 : dir->path);
  const mg_status status = mg_agree(comm, comm->rank == 0 ? prepare(dir, overwrite) : MG_OK);
  if (status != MG_OK) mg_rundir_close(dir);
  return status;
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
