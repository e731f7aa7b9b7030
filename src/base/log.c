#include "mgmd/base/log.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static mg_log_level level = MG_LOG_NORMAL;
static bool speaks = true;
static bool terminal;
static bool line_open; /* a progress line stands on the terminal without its newline */

/* mpirun gives its ranks a pseudo-terminal of its own even when its output goes to a file, so under
 * a launcher the parent's output is looked at (where /proc tells; elsewhere plain lines do). */
static bool find_terminal(void) {
  if (!isatty(STDOUT_FILENO)) return false;
  if (!getenv("OMPI_COMM_WORLD_SIZE") && !getenv("PMI_SIZE")) return true;
  char link[64], target[256];
  snprintf(link, sizeof link, "/proc/%ld/fd/1", (long)getppid());
  const ssize_t n = readlink(link, target, sizeof target - 1);
  if (n <= 0) return false;
  target[n] = '\0';
  return strncmp(target, "/dev/pts/", 9) == 0 || strncmp(target, "/dev/tty", 8) == 0;
}

void mg_log_open(mg_log_level new_level, bool new_speaks) {
  level = new_level;
  speaks = new_speaks;
  terminal = speaks && level >= MG_LOG_NORMAL && find_terminal();
}

mg_log_level mg_log_get_level(void) { return level; }

static void close_line(void) {
  if (line_open) fputs("\r\033[K", stdout);
  line_open = false;
}

static void say(const char *format, va_list args) {
  close_line();
  vfprintf(stdout, format, args);
  fputc('\n', stdout);
  fflush(stdout);
}

void mg_log(const char *format, ...) {
  if (!speaks || level < MG_LOG_NORMAL) return;
  va_list args;
  va_start(args, format);
  say(format, args);
  va_end(args);
}

void mg_log_detail(const char *format, ...) {
  if (!speaks || level < MG_LOG_VERBOSE) return;
  va_list args;
  va_start(args, format);
  say(format, args);
  va_end(args);
}

void mg_warn(const char *format, ...) {
  if (!speaks) return;
  close_line();
  fflush(stdout);
  va_list args;
  va_start(args, format);
  fputs("mgmd: warning: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
}

void mg_log_error(const char *text) {
  if (!speaks) return;
  close_line();
  fflush(stdout);
  fputs("mgmd: error: ", stderr);
  for (; *text; text++) fputc(iscntrl((unsigned char)*text) ? '?' : *text, stderr);
  fputc('\n', stderr);
}

bool mg_log_is_terminal(void) { return terminal; }

void mg_log_progress(const char *format, ...) {
  if (!mg_log_is_terminal()) return;
  va_list args;
  va_start(args, format);
  fputs("\r\033[K", stdout);
  vfprintf(stdout, format, args);
  fflush(stdout);
  va_end(args);
  line_open = true;
}
