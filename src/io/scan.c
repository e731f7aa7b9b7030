#include "scan.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The end of the next line; NULL when the text ends without one. */
static const char *line_end(mg_scan *scan) {
  for (;;) {
    const size_t left = scan->length - scan->at;
    const char *end = left > 0 ? memchr(scan->text + scan->at, '\n', left) : NULL;
    if (end || !scan->more || !scan->more(scan)) return end;
  }
}

int64_t mg_scan_block(mg_scan *scan, int64_t most, mg_word *block) {
  const char *end = line_end(scan);
  if (scan->at >= scan->length || most < 1) return 0;
  const char *start = scan->text + scan->at, *stop = scan->text + scan->length;
  int64_t n = 1;
  while (end && n < most) {
    const char *next = end + 1 < stop ? memchr(end + 1, '\n', (size_t)(stop - end - 1)) : NULL;
    if (!next) break;
    end = next;
    n++;
  }
  *block = (mg_word){start, end ? (size_t)(end + 1 - start) : (size_t)(stop - start)};
  scan->at += block->length;
  scan->line += n;
  return n;
}

bool mg_scan_line(mg_scan *scan, mg_word *line) {
  const char *end = line_end(scan);
  if (scan->at >= scan->length) return false;
  const char *start = scan->text + scan->at;
  const size_t left = scan->length - scan->at;
  size_t n = end ? (size_t)(end - start) : left;
  scan->at += end ? n + 1 : n;
  scan->line++;
  if (n > 0 && start[n - 1] == '\r') n--;
  *line = (mg_word){start, n};
  return true;
}

int mg_scan_words(mg_word line, bool comments, int most, mg_word *words) {
  int n = 0;
  size_t k = 0;
  for (;;) {
    while (k < line.length && is_blank(line.at[k])) k++;
    if (k == line.length || (comments && line.at[k] == '#')) return n;
    const size_t start = k;
    while (k < line.length && !is_blank(line.at[k]) && !(comments && line.at[k] == '#')) k++;
    if (n < most) words[n] = (mg_word){line.at + start, k - start};
    n++;
  }
}

mg_word mg_scan_comment(mg_word line) {
  const char *hash = line.length > 0 ? memchr(line.at, '#', line.length) : NULL;
  if (!hash) return (mg_word){line.at, 0};
  const char *start = hash + 1, *end = line.at + line.length;
  while (start < end && is_blank(*start)) start++;
  while (end > start && is_blank(end[-1])) end--;
  return (mg_word){start, (size_t)(end - start)};
}

bool mg_scan_is(mg_word word, const char *text) {
  return strlen(text) == word.length && memcmp(word.at, text, word.length) == 0;
}

const char *mg_scan_quote(mg_word word, char quote[MG_SCAN_QUOTE]) {
  const size_t most = MG_SCAN_QUOTE - 4;
  size_t n = 0;
  for (; n < word.length && n < most; n++)
    quote[n] = word.at[n] > ' ' && word.at[n] < 127 ? word.at[n] : '?';
  snprintf(quote + n, 4, "%s", word.length > most ? "..." : "");
  return quote;
}

/* strtod also takes hexadecimal, "inf" and "nan", which no configuration holds, and needs a NUL. */
bool mg_scan_real(mg_word word, double *value) {
  char copy[64];
  if (word.length == 0 || word.length >= sizeof copy) return false;
  for (size_t k = 0; k < word.length; k++)
    if (!is_digit(word.at[k]) && !memchr("+-.eE", word.at[k], 5)) return false;
  memcpy(copy, word.at, word.length);
  copy[word.length] = '\0';
  char *end;
  *value = strtod(copy, &end);
  return *end == '\0' && isfinite(*value);
}

bool mg_scan_int(mg_word word, int64_t *value) {
  const bool negative = word.length > 0 && word.at[0] == '-';
  const bool is_signed = negative || (word.length > 0 && word.at[0] == '+');
  size_t k = is_signed ? 1 : 0;
  if (k == word.length) return false;
  int64_t magnitude = 0;
  for (; k < word.length; k++) {
    if (!is_digit(word.at[k])) return false;
    if (__builtin_mul_overflow(magnitude, (int64_t)10, &magnitude) ||
        __builtin_add_overflow(magnitude, (int64_t)(word.at[k] - '0'), &magnitude))
      return false;
  }
  *value = negative ? -magnitude : magnitude;
  return true;
}

mg_status mg_scan_fail(const mg_scan *scan, const char *format, ...) {
  char text[MG_ERROR_TEXT];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  return mg_fail(MG_ERR_INPUT, "%s:%lld: %s", scan->name, (long long)scan->line, text);
}
