/* Comparing texts. Two tables with the same heading are compared column by column, which says more
 * than the first line that differs; what decides is always whether the bytes are equal.
 */
#include "diff_text.h"

#include "mgmd/base/mem.h"
#include "mgmd/io/file.h"
#include "scan.h"

#include <math.h>
#include <string.h>

#define TEXT_LIMIT ((size_t)1 << 36)
enum { MOST_COLUMNS = 256 };

typedef struct column {
  mg_word name;
  int64_t different;
  double most; /* largest absolute difference; NaN when it is not one of numbers */
} column;

/* Cut at commas. @return how many cells, of which MOST_COLUMNS at most are kept */
static int cut(mg_word line, mg_word *cells) {
  int n = 0;
  size_t start = 0;
  for (size_t k = 0; k <= line.length; k++) {
    if (k < line.length && line.at[k] != ',') continue;
    if (n < MOST_COLUMNS) cells[n] = (mg_word){line.at + start, k - start};
    n++;
    start = k + 1;
  }
  return n;
}

static bool same(mg_word a, mg_word b) {
  return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

static void compare_cells(column *c, mg_word a, mg_word b) {
  double x, y;
  if (same(a, b)) return;
  const bool numbers = mg_scan_real(a, &x) && mg_scan_real(b, &y);
  const double gap = numbers ? fabs(x - y) : NAN;
  c->different++;
  if (gap > c->most || isnan(gap)) c->most = gap;
}

static bool is_table(mg_scan a, mg_scan b) {
  mg_word line_a, line_b;
  return mg_scan_line(&a, &line_a) && mg_scan_line(&b, &line_b) && line_a.length > 0 &&
         same(line_a, line_b) && memchr(line_a.at, ',', line_a.length);
}

static void compare_tables(mg_scan *a, mg_scan *b, FILE *out) {
  column columns[MOST_COLUMNS] = {0};
  mg_word line_a, line_b, cells_a[MOST_COLUMNS], cells_b[MOST_COLUMNS];
  mg_scan_line(a, &line_a);
  mg_scan_line(b, &line_b);
  int n = cut(line_a, cells_a);
  if (n > MOST_COLUMNS) n = MOST_COLUMNS;
  for (int k = 0; k < n; k++) columns[k].name = cells_a[k];
  int64_t rows = 0, odd = 0, more = 0;
  bool has_a = mg_scan_line(a, &line_a), has_b = mg_scan_line(b, &line_b);
  while (has_a && has_b) {
    const bool fit = cut(line_a, cells_a) == n && cut(line_b, cells_b) == n;
    if (!fit && !same(line_a, line_b)) odd++;
    for (int k = 0; fit && k < n; k++) compare_cells(&columns[k], cells_a[k], cells_b[k]);
    rows++;
    has_a = mg_scan_line(a, &line_a);
    has_b = mg_scan_line(b, &line_b);
  }
  const char *longer = has_a ? a->name : b->name;
  for (mg_scan *rest = has_a ? a : b; has_a || has_b; more++)
    if (!mg_scan_line(rest, &line_a)) has_a = has_b = false;
  for (int k = 0; k < n; k++)
    if (columns[k].different > 0)
      fprintf(out, "%.*s: %lld of %lld rows differ, by up to %.3g\n", (int)columns[k].name.length,
              columns[k].name.at, (long long)columns[k].different, (long long)rows,
              columns[k].most);
  if (odd > 0) fprintf(out, "%lld rows have other numbers of columns\n", (long long)odd);
  if (more > 0) fprintf(out, "%s has %lld rows more\n", longer, (long long)more);
}

static void compare_lines(mg_scan *a, mg_scan *b, FILE *out) {
  mg_word line_a, line_b;
  for (;;) {
    const bool has_a = mg_scan_line(a, &line_a), has_b = mg_scan_line(b, &line_b);
    if (has_a && has_b && same(line_a, line_b)) continue;
    if (has_a && has_b)
      fprintf(out, "line %lld differs\n", (long long)a->line);
    else if (has_a || has_b)
      fprintf(out, "%s goes on after line %lld\n", has_a ? a->name : b->name,
              (long long)(has_a ? b->line : a->line));
    else
      fprintf(out, "the ends of lines differ\n");
    return;
  }
}

mg_status mg_diff_texts(const char *a, const char *b, FILE *out, bool *equal) {
  char *text_a, *text_b = NULL;
  size_t length_a, length_b;
  *equal = false;
  MG_TRY(mg_file_read(a, TEXT_LIMIT, &text_a, &length_a));
  const mg_status status = mg_file_read(b, TEXT_LIMIT, &text_b, &length_b);
  if (status == MG_OK) {
    mg_scan scan_a = {.name = a, .text = text_a, .length = length_a};
    mg_scan scan_b = {.name = b, .text = text_b, .length = length_b};
    *equal = length_a == length_b && memcmp(text_a, text_b, length_a) == 0;
    if (out && *equal)
      fprintf(out, "equal: %zu bytes\n", length_a);
    else if (out && is_table(scan_a, scan_b))
      compare_tables(&scan_a, &scan_b, out);
    else if (out)
      compare_lines(&scan_a, &scan_b, out);
  }
  mg_free(text_a);
  mg_free(text_b);
  return status;
}
