/** Files that must be refused: one line, the same on every rank, nothing on stderr, nobody left
 *  waiting. */
#ifndef MGMD_TESTS_REFUSAL_CHECK_H
#define MGMD_TESTS_REFUSAL_CHECK_H

#include "files_check.h"
#include "mgmd/io/frame.h"

#include <fcntl.h>

static int stderr_kept;

static inline void hide_stderr(void) {
  fflush(stderr);
  stderr_kept = dup(2);
  const int hidden = open(files_path("stderr"), O_WRONLY | O_CREAT | O_APPEND, 0666);
  dup2(hidden, 2);
  close(hidden);
}

/* @return true when nothing was said meanwhile */
static inline bool show_stderr(void) {
  struct stat info;
  fflush(stderr);
  dup2(stderr_kept, 2);
  close(stderr_kept);
  return stat(files_path("stderr"), &info) == 0 && info.st_size == 0;
}

/* Every rank must be told the same, in a line that names the file, and MPI must go on. */
static inline void expect_refusal(const char *name, const char *part) {
  mg_frame frame;
  mg_error_clear();
  MPI_Barrier(MPI_COMM_WORLD);
  hide_stderr();
  const mg_status status = mg_frame_read(&mpi_world, files_path(name), NULL, &frame);
  const bool quiet = show_stderr();
  ck_assert_all(&mpi_world, quiet);
  ck_assert_all(&mpi_world, status == MG_ERR_INPUT);
  const char *text = mg_error_text();
  if (!strstr(text, name) || strchr(text, '\n') || (part && !strstr(text, part)))
    fprintf(stderr, "%s: %s\n", name, text);
  ck_assert_all(&mpi_world, strstr(text, name) && !strchr(text, '\n'));
  ck_assert_all(&mpi_world, !part || strstr(text, part));
  ck_assert_all(&mpi_world, !frame.atoms.id && !frame.reference);
}

static inline void put_bytes(const char *name, const char *bytes, size_t n) {
  if (mpi_world.rank != 0) return;
  FILE *file = fopen(files_path(name), "wb");
  fwrite(bytes, 1, n, file);
  fclose(file);
}

static inline void put(const char *name, const char *text) { put_bytes(name, text, strlen(text)); }

#endif
