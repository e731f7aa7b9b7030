/* Between the program and what can fail. A failing call does nothing, with two exceptions: HDF5
 * calls that the ranks make together are made, since the others would wait for this one, and then
 * said to have failed; and closing a file closes it. */
#include "inject.h"

#include "mgmd/base/mem.h"
#include "mgmd/comm/comm.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const fault_names[FAULT_KINDS] = {"alloc", "write", "agree"};

static struct {
  fault_kind kind;
  long at, count[FAULT_KINDS];
  bool fired;
} state;

void fault_arm(fault_kind kind, long n) {
  memset(&state, 0, sizeof state);
  state.kind = kind;
  state.at = n;
}

long fault_count(fault_kind kind) { return state.count[kind]; }

bool fault_fired(void) { return state.fired; }

FILE *__real_fopen(const char *path, const char *mode);
int __real_fclose(FILE *file);

/* At once, since a launcher may end this rank before it reaches its exit. */
static void note_fired(void) {
  char path[4096];
  if (!getenv("MGMD_FAULT_REPORT")) return;
  snprintf(path, sizeof path, "%s.fired", getenv("MGMD_FAULT_REPORT"));
  FILE *file = __real_fopen(path, "w");
  if (file) __real_fclose(file);
}

/* Counts one call; true when it is the one. */
static bool strikes(fault_kind kind) {
  const bool now = ++state.count[kind] == state.at && kind == state.kind;
  if (now) state.fired = true;
  if (now) note_fired();
  return now;
}

/* A disk that has failed stays so. */
static bool write_strikes(void) {
  if (!strikes(FAULT_WRITE) && !(state.fired && state.kind == FAULT_WRITE)) return false;
  errno = EIO;
  return true;
}

/* --- armed by the environment ----------------------------------------------------------------- */

static int launch_rank(void) {
  static const char *const names[] = {"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", NULL};
  for (int k = 0; names[k]; k++)
    if (getenv(names[k])) return atoi(getenv(names[k]));
  return 0;
}

static void report(void) {
  char path[4096];
  snprintf(path, sizeof path, "%s.%d", getenv("MGMD_FAULT_REPORT"), launch_rank());
  const long n[FAULT_KINDS] = {state.count[0], state.count[1], state.count[2]};
  fault_arm(FAULT_ALLOC, 0);
  FILE *file = fopen(path, "w");
  if (!file) return;
  fprintf(file, "alloc %ld write %ld agree %ld left %lld\n", n[0], n[1], n[2],
          (long long)mg_mem_live());
  fclose(file);
}

__attribute__((constructor)) static void arm_by_environment(void) {
  const char *order = getenv("MGMD_FAULT");
  if (getenv("MGMD_FAULT_REPORT")) atexit(report);
  if (!order) return;
  char name[8];
  long n;
  int rank, kind = 0;
  const bool read = sscanf(order, "%7[a-z]:%ld@%d", name, &n, &rank) == 3;
  while (read && kind < FAULT_KINDS && strcmp(name, fault_names[kind]) != 0) kind++;
  if (!read || kind == FAULT_KINDS) {
    fprintf(stderr, "MGMD_FAULT='%s'; valid: KIND:N@RANK, KIND alloc, write or agree\n", order);
    exit(4);
  }
  if (rank == launch_rank()) fault_arm((fault_kind)kind, n);
}

/* --- allocations and agreements --------------------------------------------------------------- */

void *__real_mg_calloc(size_t n, size_t size);
void *__wrap_mg_calloc(size_t n, size_t size);
void *__wrap_mg_calloc(size_t n, size_t size) {
  if (!strikes(FAULT_ALLOC)) return __real_mg_calloc(n, size);
  mg_fail(MG_ERR_MEMORY, "out of memory: an injected fault");
  return NULL;
}

void *__real_mg_realloc(void *block, size_t n, size_t size);
void *__wrap_mg_realloc(void *block, size_t n, size_t size);
void *__wrap_mg_realloc(void *block, size_t n, size_t size) {
  if (!strikes(FAULT_ALLOC)) return __real_mg_realloc(block, n, size);
  mg_fail(MG_ERR_MEMORY, "out of memory: an injected fault");
  return NULL;
}

mg_status __real_mg_agree(const mg_comm *comm, mg_status local);
mg_status __wrap_mg_agree(const mg_comm *comm, mg_status local);
mg_status __wrap_mg_agree(const mg_comm *comm, mg_status local) {
  if (strikes(FAULT_AGREE) && local == MG_OK) local = mg_fail(MG_ERR_RUN, "an injected fault");
  return __real_mg_agree(comm, local);
}

/* --- files ------------------------------------------------------------------------------------ */

/* Streams open for writing; those for reading and stdout are let alone. */
enum { MOST_STREAMS = 32 };
static FILE *written[MOST_STREAMS];

static FILE **find(FILE *file) {
  for (int k = 0; k < MOST_STREAMS; k++)
    if (written[k] == file) return &written[k];
  return NULL;
}

FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode) {
  const bool writes = strpbrk(mode, "wa+");
  if (writes && write_strikes()) return NULL;
  FILE *file = __real_fopen(path, mode);
  FILE **place = writes && file ? find(NULL) : NULL;
  if (place) *place = file;
  return file;
}

size_t __real_fwrite(const void *data, size_t size, size_t n, FILE *file);
size_t __wrap_fwrite(const void *data, size_t size, size_t n, FILE *file);
size_t __wrap_fwrite(const void *data, size_t size, size_t n, FILE *file) {
  if (find(file) && write_strikes()) return 0;
  return __real_fwrite(data, size, n, file);
}

int __real_fflush(FILE *file);
int __wrap_fflush(FILE *file);
int __wrap_fflush(FILE *file) {
  if (file && find(file) && write_strikes()) return EOF;
  return __real_fflush(file);
}

int __wrap_fclose(FILE *file);
int __wrap_fclose(FILE *file) {
  FILE **place = find(file);
  if (place) *place = NULL;
  const int code = __real_fclose(file);
  return place && write_strikes() ? EOF : code;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...) {
  va_list args;
  va_start(args, flags);
  const mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
  va_end(args);
  if (flags & (O_WRONLY | O_RDWR) && write_strikes()) return -1;
  return __real_open(path, flags, mode);
}

int __real_posix_fallocate(int handle, off_t offset, off_t length);
int __wrap_posix_fallocate(int handle, off_t offset, off_t length);
int __wrap_posix_fallocate(int handle, off_t offset, off_t length) {
  return write_strikes() ? ENOSPC : __real_posix_fallocate(handle, offset, length);
}

int __real_fsync(int handle);
int __wrap_fsync(int handle);
int __wrap_fsync(int handle) { return write_strikes() ? -1 : __real_fsync(handle); }

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to) {
  return write_strikes() ? -1 : __real_rename(from, to);
}

int __real_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode) {
  return write_strikes() ? -1 : __real_mkdir(path, mode);
}

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path) {
  /* removing what is not there cannot fail, and on a full disk it helps */
  const bool counts = access(path, F_OK) == 0 && !state.fired;
  return counts && write_strikes() ? -1 : __real_unlink(path);
}

/* --- HDF5 ------------------------------------------------------------------------------------- */

hid_t __real_H5Fcreate(const char *path, unsigned flags, hid_t creation, hid_t access);
hid_t __wrap_H5Fcreate(const char *path, unsigned flags, hid_t creation, hid_t access);
hid_t __wrap_H5Fcreate(const char *path, unsigned flags, hid_t creation, hid_t access) {
  return write_strikes() ? -1 : __real_H5Fcreate(path, flags, creation, access);
}

hid_t __real_H5Gcreate2(hid_t at, const char *name, hid_t link, hid_t creation, hid_t access);
hid_t __wrap_H5Gcreate2(hid_t at, const char *name, hid_t link, hid_t creation, hid_t access);
hid_t __wrap_H5Gcreate2(hid_t at, const char *name, hid_t link, hid_t creation, hid_t access) {
  return write_strikes() ? -1 : __real_H5Gcreate2(at, name, link, creation, access);
}

hid_t __real_H5Dcreate2(hid_t at, const char *name, hid_t type, hid_t space, hid_t link,
                        hid_t creation, hid_t access);
hid_t __wrap_H5Dcreate2(hid_t at, const char *name, hid_t type, hid_t space, hid_t link,
                        hid_t creation, hid_t access);
hid_t __wrap_H5Dcreate2(hid_t at, const char *name, hid_t type, hid_t space, hid_t link,
                        hid_t creation, hid_t access) {
  return write_strikes() ? -1 : __real_H5Dcreate2(at, name, type, space, link, creation, access);
}

hid_t __real_H5Acreate2(hid_t at, const char *name, hid_t type, hid_t space, hid_t creation,
                        hid_t access);
hid_t __wrap_H5Acreate2(hid_t at, const char *name, hid_t type, hid_t space, hid_t creation,
                        hid_t access);
hid_t __wrap_H5Acreate2(hid_t at, const char *name, hid_t type, hid_t space, hid_t creation,
                        hid_t access) {
  return write_strikes() ? -1 : __real_H5Acreate2(at, name, type, space, creation, access);
}

herr_t __real_H5Lcreate_hard(hid_t at, const char *old, hid_t to, const char *name, hid_t creation,
                             hid_t access);
herr_t __wrap_H5Lcreate_hard(hid_t at, const char *old, hid_t to, const char *name, hid_t creation,
                             hid_t access);
herr_t __wrap_H5Lcreate_hard(hid_t at, const char *old, hid_t to, const char *name, hid_t creation,
                             hid_t access) {
  return write_strikes() ? -1 : __real_H5Lcreate_hard(at, old, to, name, creation, access);
}

herr_t __real_H5Awrite(hid_t attribute, hid_t type, const void *data);
herr_t __wrap_H5Awrite(hid_t attribute, hid_t type, const void *data);
herr_t __wrap_H5Awrite(hid_t attribute, hid_t type, const void *data) {
  return write_strikes() ? -1 : __real_H5Awrite(attribute, type, data);
}

herr_t __real_H5Dwrite(hid_t dataset, hid_t type, hid_t memory, hid_t space, hid_t transfer,
                       const void *data);
herr_t __wrap_H5Dwrite(hid_t dataset, hid_t type, hid_t memory, hid_t space, hid_t transfer,
                       const void *data);
herr_t __wrap_H5Dwrite(hid_t dataset, hid_t type, hid_t memory, hid_t space, hid_t transfer,
                       const void *data) {
  const herr_t code = __real_H5Dwrite(dataset, type, memory, space, transfer, data);
  return write_strikes() ? -1 : code;
}

herr_t __real_H5Fflush(hid_t object, H5F_scope_t scope);
herr_t __wrap_H5Fflush(hid_t object, H5F_scope_t scope);
herr_t __wrap_H5Fflush(hid_t object, H5F_scope_t scope) {
  const herr_t code = __real_H5Fflush(object, scope);
  return write_strikes() ? -1 : code;
}
