/* Extended XYZ [github.com/libAtoms/extxyz]: the number of atoms, a line of KEY=VALUE pairs, then a
 * line per atom whose columns the key Properties names as NAME:TYPE:COUNT. Columns that mgmd has no
 * use for are passed over. One frame only, since there is no telling which of several is meant.
 */
#include "frame_impl.h"

#include "mgmd/base/mem.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MOST_COLUMNS = 128 };

/* Where the columns of interest begin; -1: not there. */
typedef struct columns {
  int total, species, position, id, velocity, image;
} columns;

typedef struct reader {
  mg_scan scan;
  mg_frame *frame;
  const mg_names *names; /* NULL: the file names its elements */
  int64_t n;
  columns columns;
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

static mg_status read_lattice(reader *r, mg_word value) {
  mg_word words[9];
  double m[9];
  const int n = mg_scan_words(value, false, 9, words);
  if (n != 9) return mg_scan_fail(&r->scan, "Lattice has %d numbers; valid: 9", n);
  for (int k = 0; k < 9; k++) {
    if (!mg_scan_real(words[k], &m[k]))
      return mg_scan_fail(&r->scan, "Lattice holds something else than finite decimal numbers");
    if (k % 4 != 0 && m[k] != 0)
      return mg_scan_fail(&r->scan, "the cell is tilted; valid: Lattice=\"a 0 0 0 b 0 0 0 c\"");
    if (k % 4 == 0 && !(m[k] > 0 && m[k] < 1e12))
      return mg_scan_fail(&r->scan, "an edge of the cell is not positive");
  }
  for (int a = 0; a < 3; a++) r->frame->box.length[a] = m[4 * a];
  return MG_OK;
}

static mg_status read_origin(reader *r, mg_word value) {
  mg_word words[3];
  bool good = mg_scan_words(value, false, 3, words) == 3;
  for (int a = 0; a < 3 && good; a++) good = mg_scan_real(words[a], &r->frame->box.lo[a]);
  return good ? MG_OK : mg_scan_fail(&r->scan, "Origin is not three finite decimal numbers");
}

static mg_status read_periodic(reader *r, mg_word value) {
  mg_word words[3];
  bool good = mg_scan_words(value, false, 3, words) == 3;
  for (int a = 0; a < 3 && good; a++) {
    const bool on = is_key(words[a], "T") || is_key(words[a], "true") || is_key(words[a], "1");
    const bool off = is_key(words[a], "F") || is_key(words[a], "false") || is_key(words[a], "0");
    good = on || off;
    r->frame->box.periodic[a] = on;
  }
  return good ? MG_OK : mg_scan_fail(&r->scan, "pbc is not three of T and F");
}

/* One NAME:TYPE:COUNT of Properties. */
static mg_status take_column(reader *r, mg_word name, mg_word type, mg_word count) {
  columns *c = &r->columns;
  int64_t n;
  char quote[MG_SCAN_QUOTE];
  if (!mg_scan_int(count, &n) || n < 1 || n > MOST_COLUMNS - c->total)
    return mg_scan_fail(&r->scan, "Properties: '%s' is no number of columns",
                        mg_scan_quote(count, quote));
  const struct {
    const char *name;
    int *at;
    char type;
    int count;
  } known[] = {{"species", &c->species, 'S', 1},   {"element", &c->species, 'S', 1},
               {"pos", &c->position, 'R', 3},      {"id", &c->id, 'I', 1},
               {"velo", &c->velocity, 'R', 3},     {"vel", &c->velocity, 'R', 3},
               {"velocity", &c->velocity, 'R', 3}, {"velocities", &c->velocity, 'R', 3},
               {"image", &c->image, 'I', 3}};
  for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
    if (!is_key(name, known[k].name)) continue;
    if (type.length != 1 || type.at[0] != known[k].type || n != known[k].count)
      return mg_scan_fail(&r->scan, "Properties: %s is not %s:%c:%d", known[k].name, known[k].name,
                          known[k].type, known[k].count);
    if (*known[k].at >= 0)
      return mg_scan_fail(&r->scan, "Properties: %s stands there twice", known[k].name);
    *known[k].at = c->total;
  }
  c->total += (int)n;
  return MG_OK;
}

static mg_status read_properties(reader *r, mg_word value) {
  r->columns = (columns){0, -1, -1, -1, -1, -1};
  const char *p = value.at, *end = value.at + value.length;
  while (p < end) {
    mg_word part[3];
    for (int k = 0; k < 3; k++) {
      const char *start = p;
      while (p < end && *p != ':') p++;
      part[k] = (mg_word){start, (size_t)(p - start)};
      if (k < 2 && p == end)
        return mg_scan_fail(&r->scan, "Properties is not a list of name:type:count");
      p += p < end;
    }
    MG_TRY(take_column(r, part[0], part[1], part[2]));
  }
  if (r->columns.species < 0 || r->columns.position < 0)
    return mg_scan_fail(&r->scan, "Properties lacks species:S:1 or pos:R:3");
  return MG_OK;
}

static mg_status read_comment(reader *r, mg_word line) {
  mg_word key, value;
  bool has_lattice = false;
  while (next_pair(&line, &key, &value)) {
    mg_status status = MG_OK;
    if (is_key(key, "Lattice")) {
      if (has_lattice) return mg_scan_fail(&r->scan, "Lattice is given twice");
      status = read_lattice(r, value);
      has_lattice = true;
    } else if (is_key(key, "Origin")) {
      status = read_origin(r, value);
    } else if (is_key(key, "pbc")) {
      status = read_periodic(r, value);
    } else if (is_key(key, "Properties")) {
      status = read_properties(r, value);
    } else if (is_key(key, "step")) {
      if (!mg_scan_int(value, &r->frame->step)) r->frame->step = 0;
    } else if (is_key(key, "time")) {
      if (!mg_scan_real(value, &r->frame->time)) r->frame->time = 0;
    }
    MG_TRY(status);
  }
  if (!has_lattice)
    return mg_scan_fail(&r->scan, "there is no Lattice=\"..\"; a plain XYZ file has no cell");
  return MG_OK;
}

static mg_status read_species(reader *r, mg_word word, int32_t *species) {
  char quote[MG_SCAN_QUOTE];
  int64_t type;
  int found = -1;
  if (!r->names) {
    found = mg_frame_element(&r->frame->species, word);
  } else if (mg_scan_int(word, &type)) {
    if (type >= 1 && type <= r->frame->species.n) found = (int)type - 1;
  } else {
    for (int k = 0; k < r->frame->species.n; k++)
      if (mg_scan_is(word, r->frame->species.symbol[k])) found = k;
  }
  if (found < 0)
    return mg_scan_fail(&r->scan, "'%s' is %s", mg_scan_quote(word, quote),
                        r->names ? "not among the elements of species"
                                 : "no name of an element, or one too many");
  *species = found;
  return MG_OK;
}

static mg_status read_atom(reader *r, int64_t k, const mg_word *words) {
  const columns *c = &r->columns;
  mg_atoms *atoms = &r->frame->atoms;
  char quote[MG_SCAN_QUOTE];
  MG_TRY(read_species(r, words[c->species], &atoms->species[k]));
  atoms->id[k] = k + 1;
  if (c->id >= 0 && (!mg_scan_int(words[c->id], &atoms->id[k]) || atoms->id[k] < 1 ||
                     atoms->id[k] > INT64_MAX / 4))
    return mg_scan_fail(&r->scan, "'%s' is no atom id; valid: a whole number from 1",
                        mg_scan_quote(words[c->id], quote));
  for (int a = 0; a < 3; a++) {
    int64_t image = 0;
    bool good = mg_scan_real(words[c->position + a], &atoms->x[k][a]);
    if (good && c->velocity >= 0) good = mg_scan_real(words[c->velocity + a], &atoms->v[k][a]);
    if (good && c->image >= 0)
      good = mg_scan_int(words[c->image + a], &image) && image >= -1000000 && image <= 1000000;
    if (!good)
      return mg_scan_fail(&r->scan, "a position, velocity or image is no finite decimal number");
    atoms->image[k][a] = (int32_t)image;
  }
  return MG_OK;
}

static mg_status read_atoms(reader *r) {
  mg_word line, words[MOST_COLUMNS];
  /* every column takes a character and a blank or line end */
  const size_t room = (r->scan.length - r->scan.at + 1) / (2 * (size_t)r->columns.total);
  if (r->n > (int64_t)room)
    return mg_scan_fail(&r->scan, "%lld atoms are announced, but the file is too short for them",
                        (long long)r->n);
  MG_TRY(mg_atoms_reserve(&r->frame->atoms, r->n));
  for (int64_t k = 0; k < r->n; k++) {
    if (!mg_scan_line(&r->scan, &line))
      return mg_scan_fail(&r->scan, "the file ends after %lld of %lld atoms", (long long)k,
                          (long long)r->n);
    const int n = mg_scan_words(line, false, MOST_COLUMNS, words);
    if (n != r->columns.total)
      return mg_scan_fail(&r->scan, "an atom has %d columns; valid: %d, as Properties says", n,
                          r->columns.total);
    MG_TRY(read_atom(r, k, words));
  }
  r->frame->atoms.n = (int32_t)r->n;
  while (mg_scan_line(&r->scan, &line))
    if (mg_scan_words(line, false, 1, words) > 0)
      return mg_scan_fail(&r->scan, "more follows after the last atom; valid: a single frame");
  return MG_OK;
}

static mg_status take_names(reader *r) {
  for (int k = 0; r->names && k < r->names->n; k++) {
    const mg_word word = {r->names->name[k], strlen(r->names->name[k])};
    MG_REQUIRE(mg_frame_element(&r->frame->species, word) == k, MG_ERR_INPUT,
               "'%s' in species is no name of an element, or stands there twice",
               r->names->name[k]);
  }
  return MG_OK;
}

static mg_status read_all(reader *r) {
  mg_word line, words[2];
  char quote[MG_SCAN_QUOTE];
  MG_TRY(take_names(r));
  if (!mg_scan_line(&r->scan, &line)) return mg_scan_fail(&r->scan, "the file is empty");
  if (mg_scan_words(line, false, 2, words) != 1 || !mg_scan_int(words[0], &r->n) || r->n < 1)
    return mg_scan_fail(&r->scan, "'%s' is no number of atoms", mg_scan_quote(line, quote));
  if (!mg_scan_line(&r->scan, &line))
    return mg_scan_fail(&r->scan, "the file ends before its line of keys");
  MG_TRY(read_comment(r, line));
  MG_TRY(read_atoms(r));
  r->frame->has_velocity = r->columns.velocity >= 0;
  r->frame->has_image = r->columns.image >= 0;
  mg_frame_row *index = NULL;
  const mg_status status = mg_frame_index(r->scan.name, &r->frame->atoms, &index);
  mg_free(index);
  return status == MG_OK ? mg_frame_finish(r->scan.name, r->frame) : status;
}

mg_status mg_frame_parse_xyz(const char *name, const char *text, size_t length,
                             const mg_names *species, mg_frame *frame) {
  mg_frame_init(frame);
  for (int a = 0; a < 3; a++) frame->box.periodic[a] = true;
  reader r = {.scan = {name, text, length, 0, 0},
              .frame = frame,
              .names = species && species->n > 0 ? species : NULL,
              .columns = {4, 0, 1, -1, -1, -1}};
  const mg_status status = read_all(&r);
  if (status != MG_OK) mg_frame_clear(frame);
  return status;
}
