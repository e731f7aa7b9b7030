/* Extended XYZ [github.com/libAtoms/extxyz]: the number of atoms, a line of KEY=VALUE pairs, then a
 * line per atom whose columns the key Properties names as NAME:TYPE:COUNT. Columns of text are
 * passed over. Keys of our own: the masses, the roles of the axes and the cell of the strain
 * reference.
 */
#include "frame_rows.h"

#include "mgmd/base/str.h"

#include <string.h>
#include <strings.h>

typedef struct reader {
  const mg_scan *scan;
  const mg_read_options *options;
  mg_frame *frame;
  mg_layout *layout;
  bool has_lattice, has_properties;
} reader;

static bool is_key(mg_word word, const char *key) {
  return strlen(key) == word.length && strncasecmp(word.at, key, word.length) == 0;
}

/* Cut the next KEY or KEY=VALUE off a line; the value may stand in quotes. */
static bool next_pair(mg_word *line, mg_word *key, mg_word *value) {
  const char *p = line->at, *end = line->at + line->length;
  while (p < end && (*p == ' ' || *p == '\t')) p++;
  if (p == end) return false;
  const char *start = p;
  while (p < end && *p != ' ' && *p != '\t' && *p != '=') p++;
  *key = (mg_word){start, (size_t)(p - start)};
  *value = (mg_word){p, 0};
  if (p < end && *p == '=') {
    p++;
    const char quote = p < end && (*p == '"' || *p == '\'') ? *p : ' ';
    start = quote == ' ' ? p : ++p;
    while (p < end && *p != quote && !(quote == ' ' && *p == '\t')) p++;
    *value = (mg_word){start, (size_t)(p - start)};
    if (p < end) p++;
  }
  *line = (mg_word){p, (size_t)(end - p)};
  return true;
}

/* Nine numbers, of which only the diagonal may differ from zero. */
static mg_status read_lattice(reader *r, mg_word value, const char *key, mg_box *box) {
  mg_word words[9];
  double m[9];
  const int n = mg_scan_words(value, false, 9, words);
  if (n != 9) return mg_scan_fail(r->scan, "%s has %d numbers; valid: 9", key, n);
  for (int k = 0; k < 9; k++) {
    if (!mg_scan_real(words[k], &m[k]))
      return mg_scan_fail(r->scan, "%s holds something else than finite decimal numbers", key);
    if (k % 4 != 0 && m[k] != 0)
      return mg_scan_fail(r->scan, "the cell is tilted; valid: %s=\"a 0 0 0 b 0 0 0 c\"", key);
    if (k % 4 == 0 && !(m[k] > 0 && m[k] < 1e12))
      return mg_scan_fail(r->scan, "an edge of the cell is not positive");
  }
  for (int a = 0; a < 3; a++) box->length[a] = m[4 * a];
  return MG_OK;
}

static mg_status read_origin(reader *r, mg_word value, const char *key, mg_box *box) {
  mg_word words[3];
  bool good = mg_scan_words(value, false, 3, words) == 3;
  for (int a = 0; a < 3 && good; a++) good = mg_scan_real(words[a], &box->lo[a]);
  return good ? MG_OK : mg_scan_fail(r->scan, "%s is not three finite decimal numbers", key);
}

static mg_status read_periodic(reader *r, mg_word value, const char *key, mg_box *box) {
  mg_word words[3];
  bool good = mg_scan_words(value, false, 3, words) == 3;
  for (int a = 0; a < 3 && good; a++) {
    const bool on = is_key(words[a], "T") || is_key(words[a], "true") || is_key(words[a], "1");
    const bool off = is_key(words[a], "F") || is_key(words[a], "false") || is_key(words[a], "0");
    good = on || off;
    box->periodic[a] = on;
  }
  return good ? MG_OK : mg_scan_fail(r->scan, "%s is not three of T and F", key);
}

/* "Cu 63.546 Zr 91.224" */
static mg_status read_masses(reader *r, mg_word value) {
  mg_word words[2 * MG_MAX_SPECIES];
  const int n = mg_scan_words(value, false, 2 * MG_MAX_SPECIES, words);
  bool good = n % 2 == 0 && n <= 2 * MG_MAX_SPECIES;
  for (int k = 0; k < n && good; k += 2) {
    const int at = mg_frame_element(&r->frame->species, words[k]);
    good = at >= 0 && mg_scan_real(words[k + 1], &r->frame->species.mass[at]);
  }
  return good ? MG_OK : mg_scan_fail(r->scan, "species_mass is no list such as \"Cu 63.546\"");
}

/* Load, free and thin axis, "z y x"; what is none of the kind is somebody else's key. */
static void read_axes(reader *r, mg_word value) {
  mg_word words[3];
  int axis[3] = {0};
  if (mg_scan_words(value, false, 3, words) != 3) return;
  for (int k = 0; k < 3; k++) {
    axis[k] = words[k].at[0] - 'x';
    if (words[k].length != 1 || axis[k] < 0 || axis[k] > 2) return;
  }
  r->frame->has_axes = axis[0] != axis[1] && axis[1] != axis[2] && axis[2] != axis[0];
  if (r->frame->has_axes) r->frame->axes = (mg_axes){axis[0], axis[1], axis[2]};
}

/* The columns with a meaning of their own. */
static mg_status take_known(reader *r, mg_word name, char type, int n, bool *taken) {
  mg_layout *l = r->layout;
  const struct {
    const char *name;
    int *at;
    char type;
    int count;
  } known[] = {{"species", &l->symbol, 'S', 1},   {"element", &l->symbol, 'S', 1},
               {"pos", l->position, 'R', 3},      {"id", &l->id, 'I', 1},
               {"velo", l->velocity, 'R', 3},     {"vel", l->velocity, 'R', 3},
               {"velocity", l->velocity, 'R', 3}, {"velocities", l->velocity, 'R', 3},
               {"image", l->image, 'I', 3}};
  for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
    if (!is_key(name, known[k].name)) continue;
    if (type != known[k].type || n != known[k].count)
      return mg_scan_fail(r->scan, "Properties: %s is not %s:%c:%d", known[k].name, known[k].name,
                          known[k].type, known[k].count);
    if (*known[k].at >= 0)
      return mg_scan_fail(r->scan, "Properties: %s stands there twice", known[k].name);
    for (int c = 0; c < n; c++) known[k].at[c] = l->n_words + c;
    *taken = true;
  }
  return MG_OK;
}

/* One NAME:TYPE:COUNT of Properties. */
static mg_status take_column(reader *r, mg_word name, mg_word type, mg_word count) {
  mg_layout *l = r->layout;
  int64_t n;
  bool taken = false;
  char quote[MG_SCAN_QUOTE];
  mg_layout_field field = {.word = l->n_words};
  if (!mg_scan_int(count, &n) || n < 1 || n > MG_LAYOUT_WORDS - l->n_words)
    return mg_scan_fail(r->scan, "Properties: '%s' is no number of columns",
                        mg_scan_quote(count, quote));
  if (type.length != 1 || !strchr("SRIL", type.at[0]))
    return mg_scan_fail(r->scan, "Properties: '%s' is no type of a column; valid: S, R, I, L",
                        mg_scan_quote(type, quote));
  MG_TRY(take_known(r, name, type.at[0], (int)n, &taken));
  if (!taken && name.length > 0 && name.length < sizeof field.name && type.at[0] != 'S') {
    memcpy(field.name, name.at, name.length);
    if (is_key(name, "forces")) mg_str_copy(field.name, sizeof field.name, "force");
    field.type = type.at[0];
    field.components = (int)n;
    for (char *c = field.name; *c; c++)
      if (*c == '/') *c = '_'; /* no name in HDF5 */
    MG_TRY(mg_layout_add(l, r->scan, r->options, &field));
  }
  l->n_words += (int)n;
  return MG_OK;
}

static mg_status read_properties(reader *r, mg_word value) {
  if (r->has_properties) return mg_scan_fail(r->scan, "Properties is given twice");
  const char *p = value.at, *end = value.at + value.length;
  while (p < end) {
    mg_word part[3];
    for (int k = 0; k < 3; k++) {
      const char *start = p;
      while (p < end && *p != ':') p++;
      part[k] = (mg_word){start, (size_t)(p - start)};
      if (k < 2 && p == end)
        return mg_scan_fail(r->scan, "Properties is not a list of name:type:count");
      p += p < end;
    }
    MG_TRY(take_column(r, part[0], part[1], part[2]));
  }
  if (r->layout->symbol < 0 || r->layout->position[0] < 0)
    return mg_scan_fail(r->scan, "Properties lacks species:S:1 or pos:R:3");
  r->has_properties = true;
  return MG_OK;
}

static mg_status read_pair(reader *r, mg_word key, mg_word value) {
  mg_frame *f = r->frame;
  if (is_key(key, "Lattice")) {
    if (r->has_lattice) return mg_scan_fail(r->scan, "Lattice is given twice");
    r->has_lattice = true;
    return read_lattice(r, value, "Lattice", &f->box);
  }
  if (is_key(key, "Origin")) return read_origin(r, value, "Origin", &f->box);
  if (is_key(key, "pbc")) return read_periodic(r, value, "pbc", &f->box);
  if (is_key(key, "Properties")) return read_properties(r, value);
  if (is_key(key, "species_mass")) return read_masses(r, value);
  if (is_key(key, "axes")) read_axes(r, value);
  if (is_key(key, "reference_lattice")) {
    f->has_reference = true;
    return read_lattice(r, value, "reference_lattice", &f->reference_box);
  }
  if (is_key(key, "reference_origin"))
    return read_origin(r, value, "reference_origin", &f->reference_box);
  if (is_key(key, "reference_pbc"))
    return read_periodic(r, value, "reference_pbc", &f->reference_box);
  if (is_key(key, "step") && !mg_scan_int(value, &f->step)) f->step = 0;
  if (is_key(key, "time") && !mg_scan_real(value, &f->time)) f->time = 0;
  return MG_OK;
}

static void default_columns(mg_layout *layout) {
  layout->n_words = 4;
  layout->symbol = 0;
  for (int a = 0; a < 3; a++) layout->position[a] = 1 + a;
}

mg_status mg_head_xyz(mg_scan *scan, const mg_read_options *options, mg_frame *frame,
                      mg_layout *layout, int64_t *n) {
  mg_word line, words[2], key, value;
  char quote[MG_SCAN_QUOTE];
  reader r = {.scan = scan, .options = options, .frame = frame, .layout = layout};
  mg_layout_init(layout, "Properties");
  for (int a = 0; a < 3; a++) frame->box.periodic[a] = frame->reference_box.periodic[a] = true;
  if (!mg_scan_line(scan, &line)) return mg_scan_fail(scan, "the file is empty");
  if (mg_scan_words(line, false, 2, words) != 1 || !mg_scan_int(words[0], n) || *n < 1)
    return mg_scan_fail(scan, "'%s' is no number of atoms", mg_scan_quote(line, quote));
  if (!mg_scan_line(scan, &line))
    return mg_scan_fail(scan, "the file ends before its line of keys");
  while (next_pair(&line, &key, &value)) MG_TRY(read_pair(&r, key, value));
  if (!r.has_lattice)
    return mg_scan_fail(scan, "there is no Lattice=\"..\"; a plain XYZ file has no cell");
  if (!r.has_properties) default_columns(layout);
  frame->has_velocity = layout->velocity[0] >= 0;
  frame->has_image = layout->image[0] >= 0;
  return mg_rows_fit(scan, *n, layout->n_words);
}

mg_status mg_frame_parse_xyz(const char *name, const char *text, size_t length,
                             const mg_names *species, mg_frame *frame) {
  const mg_read_options options = {.species = species};
  return mg_frame_parse_rows(mg_head_xyz, name, text, length, &options, frame);
}
