/* LAMMPS dump files of text [docs.lammps.org/dump.html]: per frame "ITEM: KEYWORD" lines with their
 * values, then "ITEM: ATOMS" with the names of the columns and a line per atom. Columns of our own
 * field names and of LAMMPS (fx, c_pe, c_stress[1], ...) are kept as fields; NAME[1], NAME[2], ...
 * side by side are one field. A tilted cell is refused.
 */
#include "frame_rows.h"

#include "mgmd/base/str.h"
#include "mgmd/io/fields.h"

#include <string.h>

typedef struct reader {
  mg_scan *scan;
  const mg_read_options *options;
  mg_frame *frame;
  mg_layout *layout;
  int64_t n; /* -1: not announced yet */
  bool has_step, has_box;
} reader;

static bool next_line(reader *r, mg_word *line, mg_status *status) {
  if (mg_scan_line(r->scan, line)) return true;
  *status = mg_scan_fail(r->scan, "the file ends within the header of a frame");
  return false;
}

/* The one number of the line after an ITEM. */
static mg_status read_int(reader *r, const char *what, int64_t least, int64_t *value) {
  mg_word line, words[1];
  mg_status status = MG_OK;
  char quote[MG_SCAN_QUOTE];
  if (!next_line(r, &line, &status)) return status;
  if (mg_scan_words(line, false, 1, words) != 1 || !mg_scan_int(words[0], value) || *value < least)
    return mg_scan_fail(r->scan, "'%s' is no %s", mg_scan_quote(line, quote), what);
  return MG_OK;
}

static mg_status read_time(reader *r) {
  mg_word line, words[1];
  mg_status status = MG_OK;
  if (!next_line(r, &line, &status)) return status;
  if (mg_scan_words(line, false, 1, words) != 1 || !mg_scan_real(words[0], &r->frame->time))
    return mg_scan_fail(r->scan, "the time is no finite decimal number");
  return MG_OK;
}

static mg_status read_units(reader *r) {
  mg_word line, words[1];
  mg_status status = MG_OK;
  char quote[MG_SCAN_QUOTE];
  if (!next_line(r, &line, &status)) return status;
  if (mg_scan_words(line, false, 1, words) != 1 || !mg_scan_is(words[0], "metal"))
    return mg_scan_fail(r->scan, "the units are '%s'; valid: metal", mg_scan_quote(line, quote));
  return MG_OK;
}

/* "pp ss pp" behind the item, also none in old files; "xy xz yz" and "abc" announce a tilted cell,
 * which may turn out to be straight. */
static mg_status read_box(reader *r, int n, const mg_word *words) {
  mg_box *box = &r->frame->box;
  const bool tilted = n >= 3 && mg_scan_is(words[0], "xy");
  if (n > 0 && (mg_scan_is(words[0], "abc") || n != (tilted ? 6 : 3)))
    return mg_scan_fail(r->scan, "the cell is general or wrong; valid: BOX BOUNDS pp ss pp");
  for (int a = 0; a < 3; a++) {
    mg_word line, bound[3];
    double lo, hi, tilt = 0;
    mg_status status = MG_OK;
    const mg_word *style = n > 0 ? &words[(tilted ? 3 : 0) + a] : NULL;
    box->periodic[a] = !style || (style->length == 2 && style->at[0] == 'p');
    if (style && !box->periodic[a] && !strchr("fsm", style->at[0]))
      return mg_scan_fail(r->scan, "a boundary is none of p, f, s, m");
    if (!next_line(r, &line, &status)) return status;
    const int m = mg_scan_words(line, false, 3, bound);
    bool good = m == (tilted ? 3 : 2) && mg_scan_real(bound[0], &lo) && mg_scan_real(bound[1], &hi);
    if (good && tilted) good = mg_scan_real(bound[2], &tilt);
    if (!good) return mg_scan_fail(r->scan, "cell bounds are not two finite decimal numbers");
    if (tilt != 0) return mg_scan_fail(r->scan, "the cell is tilted; valid: an orthogonal one");
    if (!(hi - lo > 0 && hi - lo < 1e12))
      return mg_scan_fail(r->scan, "the cell's upper bound is not above the lower one");
    box->lo[a] = lo;
    box->length[a] = hi - lo;
  }
  r->has_box = true;
  return MG_OK;
}

/* The columns with a meaning of their own. @return false: none of these */
static bool take_known(mg_layout *l, mg_word name, int at, bool *twice) {
  const struct {
    const char *name;
    int *word;
  } known[] = {{"id", &l->id},         {"type", &l->type},      {"element", &l->symbol},
               {"mass", &l->mass},     {"ix", &l->image[0]},    {"iy", &l->image[1]},
               {"iz", &l->image[2]},   {"vx", &l->velocity[0]}, {"vy", &l->velocity[1]},
               {"vz", &l->velocity[2]}};
  for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
    if (!mg_scan_is(name, known[k].name)) continue;
    *twice = *known[k].word >= 0;
    *known[k].word = at;
    return true;
  }
  static const char *const place[4] = {"", "s", "u", "su"};
  for (int k = 0; k < 4; k++) {
    const int a = name.length > 0 ? name.at[0] - 'x' : -1;
    if (a < 0 || a > 2 || !mg_scan_is((mg_word){name.at + 1, name.length - 1}, place[k])) continue;
    /* of several ways to say where an atom is, the unwrapped one says most */
    if (l->position[a] >= 0 && (l->unwrapped[a] || k < 2)) return true;
    l->position[a] = at;
    l->scaled[a] = k % 2 == 1;
    l->unwrapped[a] = k >= 2;
    return true;
  }
  return false;
}

/* "c_stress[3]" -> "c_stress" and 3; without an index 0. */
static int split_index(mg_word name, mg_word *stem) {
  int64_t index;
  const char *open = memchr(name.at, '[', name.length);
  *stem = name;
  if (!open || name.at[name.length - 1] != ']') return 0;
  const mg_word number = {open + 1, (size_t)(name.at + name.length - 1 - (open + 1))};
  if (!mg_scan_int(number, &index) || index < 1 || index > MG_LAYOUT_WORDS) return 0;
  *stem = (mg_word){name.at, (size_t)(open - name.at)};
  return (int)index;
}

/* Columns from @p at on that make one field. @return how many columns it takes */
static int gather(const mg_word *words, int n, int at, mg_layout_field *field) {
  static const char *const force[3] = {"fx", "fy", "fz"};
  mg_word stem, other;
  *field = (mg_layout_field){.type = 'R', .word = at, .components = 1};
  int count = 0;
  while (count < 3 && at + count < n && mg_scan_is(words[at + count], force[count])) count++;
  if (count == 3) {
    mg_str_copy(field->name, sizeof field->name, "force");
    field->components = 3;
    return 3;
  }
  const int index = split_index(words[at], &stem);
  count = 1;
  while (index == 1 && at + count < n && split_index(words[at + count], &other) == count + 1 &&
         other.length == stem.length && memcmp(other.at, stem.at, stem.length) == 0)
    count++;
  if (count == 1 && index > 0) stem = words[at];
  field->components = count;
  if (stem.length < sizeof field->name) memcpy(field->name, stem.at, stem.length);
  for (char *c = field->name; *c; c++)
    if (*c == '/') *c = '_'; /* no name in HDF5 */
  const mg_field_info *info = mg_field_find(field->name);
  if (info && info->components == count && info->ctype != MG_FLOAT64) field->type = 'I';
  return count;
}

static mg_status read_columns(reader *r, int n, const mg_word *words) {
  mg_layout *l = r->layout;
  if (n > MG_LAYOUT_WORDS)
    return mg_scan_fail(r->scan, "an atom has %d columns; valid: up to %d", n, MG_LAYOUT_WORDS);
  l->n_words = n;
  for (int at = 0; at < n;) {
    bool twice = false;
    char quote[MG_SCAN_QUOTE];
    if (take_known(l, words[at], at, &twice)) {
      if (twice)
        return mg_scan_fail(r->scan, "ITEM: ATOMS: %s stands there twice",
                            mg_scan_quote(words[at], quote));
      at++;
      continue;
    }
    mg_layout_field field;
    at += gather(words, n, at, &field);
    if (field.name[0]) MG_TRY(mg_layout_add(l, r->scan, r->options, &field));
  }
  for (int a = 0; a < 3; a++)
    if (l->position[a] < 0)
      return mg_scan_fail(r->scan, "ITEM: ATOMS lacks %c (or %cs, %cu, %csu)", "xyz"[a], "xyz"[a],
                          "xyz"[a], "xyz"[a]);
  if (l->type < 0 && l->symbol < 0)
    return mg_scan_fail(r->scan, "ITEM: ATOMS lacks type or element");
  if (l->id < 0)
    return mg_scan_fail(r->scan, "ITEM: ATOMS lacks id; LAMMPS writes atoms in any order");
  return MG_OK;
}

/* All or nothing of three columns. */
static bool complete(int words[3]) {
  const bool all = words[0] >= 0 && words[1] >= 0 && words[2] >= 0;
  for (int a = 0; a < 3 && !all; a++) words[a] = -1;
  return all;
}

static mg_status read_item(reader *r, mg_word line, bool *last) {
  mg_word words[MG_LAYOUT_WORDS + 2];
  char quote[MG_SCAN_QUOTE];
  const int n = mg_scan_words(line, false, MG_LAYOUT_WORDS + 2, words);
  const bool item = n >= 2 && mg_scan_is(words[0], "ITEM:");
  if (item && n == 2 && mg_scan_is(words[1], "TIMESTEP")) {
    r->has_step = true;
    return read_int(r, "time step", INT64_MIN, &r->frame->step);
  }
  if (item && n == 2 && mg_scan_is(words[1], "TIME")) return read_time(r);
  if (item && n == 2 && mg_scan_is(words[1], "UNITS")) return read_units(r);
  if (item && n == 4 && mg_scan_is(words[1], "NUMBER"))
    return read_int(r, "number of atoms", 1, &r->n);
  if (item && n >= 3 && mg_scan_is(words[1], "BOX") && mg_scan_is(words[2], "BOUNDS"))
    return read_box(r, n - 3, words + 3);
  *last = item && mg_scan_is(words[1], "ATOMS");
  if (!*last)
    return mg_scan_fail(r->scan,
                        "'%s' is no item of a LAMMPS dump; valid: ITEM: TIMESTEP, NUMBER "
                        "OF ATOMS, BOX BOUNDS, ATOMS",
                        mg_scan_quote(line, quote));
  return read_columns(r, n - 2, words + 2);
}

mg_status mg_head_dump(mg_scan *scan, const mg_read_options *options, mg_frame *frame,
                       mg_layout *layout, int64_t *n) {
  reader r = {.scan = scan, .options = options, .frame = frame, .layout = layout, .n = -1};
  bool last = false;
  mg_word line;
  mg_status status = MG_OK;
  mg_layout_init(layout, "ITEM: ATOMS");
  while (!last && status == MG_OK)
    if (next_line(&r, &line, &status)) status = read_item(&r, line, &last);
  MG_TRY(status);
  if (!r.has_step || r.n < 1 || !r.has_box)
    return mg_scan_fail(scan, "a frame lacks ITEM: %s",
                        !r.has_step ? "TIMESTEP"
                        : r.n < 1   ? "NUMBER OF ATOMS"
                                    : "BOX BOUNDS");
  const bool has_image = complete(layout->image);
  const bool *u = layout->unwrapped;
  frame->has_image = has_image || (u[0] && u[1] && u[2]);
  frame->has_velocity = complete(layout->velocity);
  *n = r.n;
  return mg_rows_fit(scan, *n, layout->n_words);
}

mg_status mg_frame_parse_dump(const char *name, const char *text, size_t length,
                              const mg_names *species, mg_frame *frame) {
  const mg_read_options options = {.species = species};
  return mg_frame_parse_rows(mg_head_dump, name, text, length, &options, frame);
}
