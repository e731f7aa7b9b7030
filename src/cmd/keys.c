/* Nothing is described here that a parameter table does not say, except one example per stage. The
 * examples, taken in order without `read`, are one valid protocol: tests/cli/docs.sh checks it. */

#include "mgmd/cmd/keys.h"

#include "mgmd/base/str.h"
#include "mgmd/base/units.h"
#include "mgmd/io/config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMN = 16, LINE = 1024, PATH = 128 };

static const char *const quantities[MG_DIM_COUNT] = {[MG_DIM_NONE] = "number",
                                                     [MG_DIM_LENGTH] = "length",
                                                     [MG_DIM_TIME] = "time",
                                                     [MG_DIM_WALL_TIME] = "wall-clock time",
                                                     [MG_DIM_TEMPERATURE] = "temperature",
                                                     [MG_DIM_PRESSURE] = "pressure",
                                                     [MG_DIM_RATE] = "strain rate",
                                                     [MG_DIM_COOLING_RATE] = "cooling rate",
                                                     [MG_DIM_FRACTION] = "fraction",
                                                     [MG_DIM_ENERGY] = "energy",
                                                     [MG_DIM_FORCE] = "force",
                                                     [MG_DIM_ANGLE] = "angle"};

static const struct {
  const char *stage, *yaml;
} examples[] = {{"create", "- create:\n"
                           "    composition: {Cu: 64, Zr: 36}\n"
                           "    atoms: 4000\n"
                           "    box: [2.5 nm, 5 nm, 5 nm]\n"},
                {"read", "- read: {file: glass.h5}\n"},
                {"minimize", "- minimize: {}\n"},
                {"run", "- run:\n"
                        "    ensemble: npt\n"
                        "    temperature: {from: 300 K, to: 50 K}\n"
                        "    pressure: {x: 0 GPa, z: 0 GPa}\n"
                        "    duration: 10 ps\n"},
                {"quench", "- quench: {melt: 2000 K, hold: 2 ps, to: 50 K, rate: 1e14 K/s}\n"},
                {"replicate", "- replicate: {times: [1, 1, 2]}\n"},
                {"open", "- open: {}\n"},
                {"notch", "- notch: {shape: u, depth: 1.2 nm, height: 0.8 nm}\n"},
                {"compress", "- compress:\n"
                             "    rate: 4e9 1/s\n"
                             "    strain: 8 %\n"
                             "    temperature: 50 K\n"
                             "    pressure: {x: 0 GPa}\n"
                             "    snapshots: 1 %\n"},
                {"unload", "- unload: {to: 0 GPa, hold: 4 ps}\n"},
                {"analyze", "- analyze: {}\n"},
                {"write", "- write: {file: final.h5}\n"}};

const char *mg_keys_quantity(mg_dimension dimension) { return quantities[dimension]; }

static void choices_text(const mg_param *row, char *text, size_t size) {
  for (int k = 0; row->choices && row->choices[k]; k++)
    mg_str_append(text, size, "%s%s", k ? ", " : "", row->choices[k]);
}

/* The units a value of this row may carry; "" when it is no quantity. */
static const char *units_text(const mg_param *row) {
  if (row->dimension == MG_DIM_NONE) return "";
  return row->dimension == MG_DIM_FRACTION ? "%, or a plain number" : mg_units_list(row->dimension);
}

void mg_keys_kind(const mg_param *row, bool with_units, char *text, size_t size) {
  const char *units = with_units ? units_text(row) : "", *in = *units ? " in " : "";
  const char *quantity = quantities[row->dimension];
  text[0] = '\0';
  switch (row->kind) {
  case MG_P_REAL: mg_str_append(text, size, "%s%s%s", quantity, in, units); break;
  case MG_P_REAL3:
    mg_str_append(text, size, "`[a, b, c]`, each a %s%s%s", quantity, in, units);
    break;
  case MG_P_INT: mg_str_append(text, size, "whole number"); break;
  case MG_P_INT3: mg_str_append(text, size, "`[a, b, c]`, whole numbers"); break;
  case MG_P_BOOL: mg_str_append(text, size, "true or false"); break;
  case MG_P_CHOICE:
    mg_str_append(text, size, "one of ");
    choices_text(row, text, size);
    break;
  case MG_P_TEXT: mg_str_append(text, size, "text"); break;
  case MG_P_FILE: mg_str_append(text, size, "path, relative to the input file"); break;
  case MG_P_NAME_OR_FILE:
    mg_str_append(text, size, "name, or path relative to the input file");
    break;
  case MG_P_NAMES:
    mg_str_append(text, size, "%s", row->choices ? "list out of " : "list of names");
    choices_text(row, text, size);
    break;
  case MG_P_RAMP:
    mg_str_append(text, size, "%s%s%s, or a ramp `{from: .., to: ..}`", quantity, in, units);
    break;
  case MG_P_AXIS_RAMP:
    mg_str_append(text, size,
                  "%s%s%s, for all axes as one or by axis, `{x: .., z: ..}`; each may be a ramp, "
                  "`{from: .., to: ..}`",
                  quantity, in, units);
    break;
  case MG_P_COMPOSITION: mg_str_append(text, size, "map, `{Cu: 64, Zr: 36}`"); break;
  case MG_P_AXIS: mg_str_append(text, size, "x, y or z"); break;
  case MG_P_TABLE: mg_str_append(text, size, "section"); break;
  case MG_P_LIST: mg_str_append(text, size, "list"); break;
  }
}

/* "1e18", not "1e+18". */
static void limit_text(const mg_param *row, double limit, char *text, size_t size) {
  double factor = 1.0;
  const char *unit = row->dimension == MG_DIM_NONE ? "" : mg_units_name(row->dimension, &factor);
  char number[40];
  snprintf(number, sizeof number, "%.6g", limit * factor);
  char *exponent = strstr(number, "e+");
  if (exponent) {
    const size_t skip = 2 + strspn(exponent + 2, "0");
    memmove(exponent + 1, exponent + skip, strlen(exponent + skip) + 1);
  }
  mg_str_append(text, size, "%s%s%s", number, *unit ? " " : "", unit);
}

void mg_keys_range(const mg_param *row, char *text, size_t size) {
  const double unlimited = 1e12; /* such limits only keep conversions finite */
  text[0] = '\0';
  if (!(row->min < row->max)) return;
  const bool below = row->min > -unlimited, above = row->max < unlimited;
  if (below) {
    mg_str_append(text, size, "%s", row->above_min ? "above " : above ? "" : "at least ");
    limit_text(row, row->min, text, size);
  }
  if (below && above) mg_str_append(text, size, "%s", row->above_min ? ", at most " : " to ");
  if (!below && above) mg_str_append(text, size, "at most ");
  if (above) limit_text(row, row->max, text, size);
}

/* In a list of facts quotes would only be noise. */
static void strip_backticks(char *text) {
  char *to = text;
  for (; *text; text++)
    if (*text != '`') *to++ = *text;
  *to = '\0';
}

static void row_as_item(mg_page *page, const char *path, const mg_param *row) {
  char range[LINE], detail[LINE];
  mg_keys_kind(row, true, detail, sizeof detail);
  strip_backticks(detail);
  mg_keys_range(row, range, sizeof range);
  if (*range) mg_str_append(detail, sizeof detail, "; %s", range);
  if (row->required) mg_str_append(detail, sizeof detail, "; required");
  if (row->fallback) mg_str_append(detail, sizeof detail, "; default %s", row->fallback);
  mg_page_item(page, COLUMN, path, "%s", row->doc);
  mg_page_item_more(page, COLUMN, "(%s)", detail);
}

static void cell(mg_page *page, const char *text) {
  mg_page_inline(page, text);
  mg_text_append(&page->text, " | ");
}

static void row_as_cells(mg_page *page, const char *path, const mg_param *row) {
  char text[LINE];
  snprintf(text, sizeof text, "`%s`", path);
  mg_text_append(&page->text, "| ");
  cell(page, text);
  mg_keys_kind(row, false, text, sizeof text);
  cell(page, text);
  cell(page, units_text(row));
  text[0] = '\0';
  if (row->fallback) snprintf(text, sizeof text, "`%s`", row->fallback);
  cell(page, row->required ? "required" : text);
  mg_keys_range(row, text, sizeof text);
  cell(page, text);
  mg_page_inline(page, row->doc);
  mg_text_append(&page->text, " |\n");
}

/* Visit all rows, those of sections under their dotted paths. */
static void visit_rows(const mg_param *table, const char *prefix,
                       void (*visit)(void *, const char *, const mg_param *), void *context) {
  for (const mg_param *row = table; row && row->name; row++) {
    char path[PATH];
    snprintf(path, sizeof path, "%s%s", prefix, row->name);
    if (row->kind == MG_P_TABLE) {
      mg_str_append(path, sizeof path, ".");
      visit_rows(row->table, path, visit, context);
    } else {
      visit(context, path, row);
    }
  }
}

static void write_row(void *context, const char *path, const mg_param *row) {
  mg_page *page = context;
  if (page->style == MG_PAGE_MARKDOWN)
    row_as_cells(page, path, row);
  else
    row_as_item(page, path, row);
}

void mg_keys_table(mg_page *page, const mg_param *table) {
  if (!table || !table->name) {
    mg_page_paragraph(page, "It has no keys.");
    return;
  }
  if (page->style == MG_PAGE_MARKDOWN) {
    mg_text_append(&page->text, "\n| Key | Value | Units | Default | Range | Meaning |\n"
                                "|---|---|---|---|---|---|\n");
    page->last = MG_BLOCK_CODE;
  }
  visit_rows(table, "", write_row, page);
}

void mg_keys_stage(mg_page *page, const mg_stage_type *type, int level) {
  char title[LINE];
  snprintf(title, sizeof title, page->style == MG_PAGE_TEXT ? "%s: %s" : "%s", type->name,
           type->summary);
  mg_page_heading(page, level, title);
  if (page->style != MG_PAGE_TEXT)
    mg_page_paragraph(page, "%c%s.", type->summary[0] - 'a' + 'A', type->summary + 1);
  else
    mg_page_paragraph(page, "Keys of this stage, an entry of the list `stages`:");
  mg_keys_table(page, type->params);
  for (size_t k = 0; k < sizeof examples / sizeof examples[0]; k++)
    if (strcmp(examples[k].stage, type->name) == 0) mg_page_code(page, "yaml", examples[k].yaml);
}

typedef struct search {
  const char *wanted;
  mg_page *page;
  bool found;
} search;

static void write_if_wanted(void *context, const char *path, const mg_param *row) {
  search *s = context;
  if (strcmp(path, s->wanted) != 0) return;
  row_as_item(s->page, path, row);
  s->found = true;
}

bool mg_keys_one(mg_page *page, const char *path) {
  search s = {path, page, false};
  mg_keys_each(write_if_wanted, &s);
  return s.found;
}

void mg_keys_each(void (*visit)(void *context, const char *path, const mg_param *row),
                  void *context) {
  visit_rows(mg_config_params, "", visit, context);
  for (int k = 0; mg_stage_types[k]; k++) {
    char prefix[PATH];
    snprintf(prefix, sizeof prefix, "%s.", mg_stage_types[k]->name);
    visit_rows(mg_stage_types[k]->params, prefix, visit, context);
  }
}
