#include "mgmd/base/log.h"

#include "mgmd/base/str.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static mg_log_level level = MG_LOG_NORMAL;
static bool speaks = true;
static char terminal[256]; /* behind stdout; "" when there is none, or nothing is to be shown */
static bool colors[2];     /* on stdout, on stderr */
static bool line_open; /* a progress line stands on the terminal without its newline */

/* A file that is the terminal behind @p stream, or "". mpirun gives its ranks a pseudo-terminal of
 * its own even when its output goes to a file, so under a launcher the parent's output is looked at
 * (where /proc tells; elsewhere plain lines do). */
static void find_terminal(int stream, char *path, size_t size) {
  char link[64];
  path[0] = '\0';
  const bool launched = getenv("OMPI_COMM_WORLD_SIZE") || getenv("PMI_SIZE");
  if (!isatty(stream) && !(launched && stream == STDERR_FILENO)) return;
  if (launched)
    snprintf(link, sizeof link, "/proc/%ld/fd/%d", (long)getppid(), stream);
  else
    snprintf(link, sizeof link, "/dev/fd/%d", stream);
  if (!launched) {
    mg_str_copy(path, size, link);
    return;
  }
  const ssize_t n = readlink(link, path, size - 1);
  path[n > 0 ? n : 0] = '\0';
  if (strncmp(path, "/dev/pts/", 9) != 0 && strncmp(path, "/dev/tty", 8) != 0) path[0] = '\0';
}

/* Is it a terminal that knows of nothing but lines? */
static bool is_dumb(void) {
  const char *kind = getenv("TERM");
  return !kind || !*kind || strcmp(kind, "dumb") == 0;
}

static bool wants_colors(void) {
  const char *none = getenv("NO_COLOR");
  return !(none && *none) && !is_dumb();
}

void mg_log_open(mg_log_level new_level, bool new_speaks) {
  char errors[sizeof terminal];
  level = new_level;
  speaks = new_speaks;
  find_terminal(STDOUT_FILENO, terminal, sizeof terminal);
  find_terminal(STDERR_FILENO, errors, sizeof errors);
  if (!speaks || level < MG_LOG_NORMAL || is_dumb()) terminal[0] = '\0';
  colors[0] = terminal[0] && wants_colors();
  colors[1] = errors[0] && wants_colors();
}

int mg_log_width(void) {
  struct winsize size = {0};
  const int file = terminal[0] ? open(terminal, O_RDONLY | O_NOCTTY) : -1;
  const bool known = file >= 0 && ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  if (file >= 0) close(file);
  return known ? size.ws_col : 80;
}

const char *mg_log_paint(mg_paint paint) {
  static const char *const sequence[] = {"\033[0m", "\033[1m", "\033[33m", "\033[1;31m"};
  const bool to_stderr = paint == MG_PAINT_WARNING || paint == MG_PAINT_ERROR;
  return colors[to_stderr] ? sequence[paint] : "";
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

/* The end of the colour is always that of no colour; what is not painted has none. */
static void stamp(const char *word, mg_paint paint) {
  const char *begin = mg_log_paint(paint), *end = *begin ? "\033[0m" : "";
  fprintf(stderr, "mgmd: %s%s:%s ", begin, word, end);
}

void mg_warn(const char *format, ...) {
  if (!speaks) return;
  close_line();
  fflush(stdout);
  va_list args;
  va_start(args, format);
  stamp("warning", MG_PAINT_WARNING);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
}

void mg_log_error(const char *text) {
  if (!speaks) return;
  close_line();
  fflush(stdout);
  stamp("error", MG_PAINT_ERROR);
  for (; *text; text++) fputc(iscntrl((unsigned char)*text) ? '?' : *text, stderr);
  fputc('\n', stderr);
}

bool mg_log_is_terminal(void) { return terminal[0] != '\0'; }

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
