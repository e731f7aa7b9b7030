/* Reading back what io/table.c writes: names, units, rows. Cells are cut in place. */
#include "mgmd/io/table.h"

#include "mgmd/base/mem.h"
#include "mgmd/io/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t MOST_BYTES = (size_t)1 << 31;

static int count_cells(const char *line) {
  int n = 1;
  for (; *line && *line != '\n'; line++) n += *line == ',';
  return n;
}

/* Cut the line at @p line into @p n cells; @return the next line, NULL when the count differs. */
static char *cut(char *line, int n, const char **cell) {
  char *end = strchr(line, '\n');
  if (count_cells(line) != n) return NULL;
  *end = '\0';
  if (end > line && end[-1] == '\r') end[-1] = '\0';
  for (int k = 0; k < n; k++) {
    cell[k] = line;
    char *comma = strchr(line, ',');
    if (!comma) break;
    *comma = '\0';
    line = comma + 1;
  }
  return end + 1;
}

static mg_status make_columns(mg_table_data *data, int64_t rows) {
  const int n = data->n_columns;
  MG_TRY(MG_NEW(data->name, n));
  MG_TRY(MG_NEW(data->unit, n));
  MG_TRY(MG_NEW(data->number, n));
  MG_TRY(MG_NEW(data->word, n));
  for (int k = 0; k < n; k++) {
    MG_TRY(MG_NEW(data->number[k], rows));
    MG_TRY(MG_NEW(data->word[k], rows));
  }
  return MG_OK;
}

static void keep_row(mg_table_data *data, const char *const *cell, bool *has_words) {
  for (int k = 0; k < data->n_columns; k++) {
    char *end;
    const double number = strtod(cell[k], &end);
    const bool good = end != cell[k] && *end == '\0';
    data->number[k][data->n_rows] = good ? number : NAN;
    data->word[k][data->n_rows] = cell[k];
    has_words[k] = has_words[k] || (!good && *cell[k]);
  }
  data->n_rows++;
}

static mg_status parse(const char *path, mg_table_data *data, const char **cell, bool *has_words) {
  const int n = data->n_columns;
  char *line = data->text;
  for (int64_t number = 1; *line && strchr(line, '\n'); number++) {
    const bool units = number == 2 && *line == '#';
    line = cut(line, n, cell);
    MG_REQUIRE(line, MG_ERR_INPUT, "%s:%lld: this row does not have the %d cells of the header",
               path, (long long)number, n);
    if (number == 1)
      memcpy(data->name, cell, (size_t)n * sizeof *cell);
    else if (units)
      memcpy(data->unit, cell, (size_t)n * sizeof *cell);
    else
      keep_row(data, cell, has_words);
  }
  for (int k = 0; k < n; k++) {
    if (!data->unit[k]) data->unit[k] = "";
    if (k == 0 && *data->unit[k] == '#') data->unit[k]++;
    if (!has_words[k]) MG_DELETE(data->word[k]);
  }
  return MG_OK;
}

mg_status mg_table_read(const char *path, mg_table_data *data) {
  size_t length;
  int64_t rows = 0;
  *data = (mg_table_data){0};
  MG_TRY(mg_file_read(path, MOST_BYTES, &data->text, &length));
  for (const char *c = data->text; (c = strchr(c, '\n')); c++) rows++;
  const char **cell = NULL;
  bool *has_words = NULL;
  mg_status status = MG_OK;
  if (rows == 0 || strlen(data->text) != length || !strchr(data->text, ','))
    status = mg_fail(MG_ERR_INPUT, "%s: is not a table of comma-separated columns", path);
  if (status == MG_OK) {
    data->n_columns = count_cells(data->text);
    status = make_columns(data, rows);
  }
  if (status == MG_OK) status = MG_NEW(cell, data->n_columns);
  if (status == MG_OK) status = MG_NEW(has_words, data->n_columns);
  if (status == MG_OK) status = parse(path, data, cell, has_words);
  mg_free(cell);
  mg_free(has_words);
  if (status != MG_OK) mg_table_clear(data);
  return status;
}

void mg_table_clear(mg_table_data *data) {
  for (int k = 0; k < data->n_columns; k++) {
    if (data->number) mg_free(data->number[k]);
    if (data->word) mg_free(data->word[k]);
  }
  mg_free(data->name);
  mg_free(data->unit);
  mg_free(data->number);
  mg_free(data->word);
  mg_free(data->text);
  *data = (mg_table_data){0};
}

int mg_table_find(const mg_table_data *data, const char *name) {
  for (int k = 0; k < data->n_columns; k++)
    if (strcmp(data->name[k], name) == 0) return k;
  return -1;
}
