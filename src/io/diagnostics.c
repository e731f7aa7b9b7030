#include "mgmd/io/diagnostics.h"

#include "mgmd/base/str.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void mg_diagnostics_init(mg_diagnostics *diagnostics, const char *file,
                         const char *const *overrides) {
  memset(diagnostics, 0, sizeof *diagnostics);
  diagnostics->file = file;
  diagnostics->overrides = overrides;
}

/* Overrides in their order, then the file. */
static bool stands_before(mg_place a, mg_place b) {
  const int rank_a = a.origin > 0 ? a.origin : INT_MAX, rank_b = b.origin > 0 ? b.origin : INT_MAX;
  if (rank_a != rank_b) return rank_a < rank_b;
  return a.line != b.line ? a.line < b.line : a.column < b.column;
}

static void one_line(char *text) {
  for (char *p = text; *p; p++)
    if ((unsigned char)*p < ' ' || *p == 0x7f) *p = '?';
}

void mg_diagnostics_add(mg_diagnostics *diagnostics, mg_place place, const char *path,
                        const char *format, ...) {
  mg_diagnostic found = {.place = place};
  mg_str_copy(found.path, sizeof found.path, path);
  va_list args;
  va_start(args, format);
  vsnprintf(found.text, sizeof found.text, format, args);
  va_end(args);
  one_line(found.path);
  one_line(found.text);

  diagnostics->total++;
  int at = diagnostics->n;
  while (at > 0 && stands_before(place, diagnostics->entry[at - 1].place)) at--;
  if (at == MG_DIAGNOSTICS) return;
  if (diagnostics->n < MG_DIAGNOSTICS) diagnostics->n++;
  memmove(&diagnostics->entry[at + 1], &diagnostics->entry[at],
          (size_t)(diagnostics->n - 1 - at) * sizeof *diagnostics->entry);
  diagnostics->entry[at] = found;
}

void mg_diagnostics_place(const mg_diagnostics *diagnostics, mg_place place, char *text,
                          size_t size) {
  if (place.origin > 0 && diagnostics->overrides)
    snprintf(text, size, "%s", diagnostics->overrides[place.origin - 1]);
  else
    snprintf(text, size, "%s:%d:%d", diagnostics->file, place.line, place.column);
  one_line(text);
}

void mg_diagnostics_line(const mg_diagnostics *diagnostics, int k, char *line, size_t size) {
  const mg_diagnostic *entry = &diagnostics->entry[k];
  char place[MG_ERROR_TEXT / 4];
  mg_diagnostics_place(diagnostics, entry->place, place, sizeof place);
  line[0] = '\0';
  mg_str_append(line, size, "%s: ", place);
  if (entry->path[0]) mg_str_append(line, size, "%s: ", entry->path);
  mg_str_append(line, size, "%s", entry->text);
}

mg_status mg_diagnostics_status(const mg_diagnostics *diagnostics) {
  MG_REQUIRE(diagnostics->status == MG_OK, diagnostics->status,
             "%s: out of memory while it was read", diagnostics->file);
  if (diagnostics->n == 0) return MG_OK;
  char line[MG_ERROR_TEXT];
  mg_diagnostics_line(diagnostics, 0, line, sizeof line);
  return mg_fail(MG_ERR_INPUT, "%s", line);
}
