#include "mgmd/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
  mg_status code;
  char text[MG_ERROR_TEXT];
} record;

static void (*die_handler)(int exit_code);

mg_status mg_fail(mg_status code, const char *format, ...) {
  if (record.code == MG_OK) {
    va_list args;
    va_start(args, format);
    vsnprintf(record.text, sizeof record.text, format, args);
    va_end(args);
    record.code = code;
  }
  return code;
}

mg_status mg_error_code(void) { return record.code; }

const char *mg_error_text(void) { return record.text; }

void mg_error_set(mg_status code, const char *text) {
  record.code = code;
  snprintf(record.text, sizeof record.text, "%s", text);
}

void mg_error_clear(void) { memset(&record, 0, sizeof record); }

int mg_exit_code(mg_status status) {
  switch (status) {
  case MG_OK: return 0;
  case MG_ERR_RUN:
  case MG_ERR_IO:
  case MG_ERR_MEMORY: return 1;
  case MG_ERR_INPUT: return 2;
  case MG_ERR_INTERNAL: return 3;
  case MG_STOPPED: return 85;
  }
  return 3;
}

void mg_die_handler(void (*handler)(int exit_code)) { die_handler = handler; }

void mg_die(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fputs("mgmd: internal error: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  if (die_handler) die_handler(3);
  abort();
}
