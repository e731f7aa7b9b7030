/* LAMMPS data files, atom style atomic [docs.lammps.org/read_data.html]: a title line, header lines
 * "VALUES KEYWORD", then sections of one line per type or atom. What LAMMPS would read and mgmd
 * cannot hold (bonds, a tilted cell, other styles) is refused rather than left out.
 */
#include "frame_impl.h"

#include "mgmd/base/mem.h"

#include <string.h>

enum { MOST_TYPES = 32, MOST_WORDS = 12 };

typedef struct reader {
  mg_scan scan;
  mg_frame *frame;
  int64_t n_atoms, n_types; /* -1: not announced yet */
  bool has_bounds[3], has_atoms, has_masses, has_velocities;
  double mass[MOST_TYPES];       /* 0: not given */
  mg_word type_name[MOST_TYPES]; /* comments in Masses */
  mg_frame_row *index;           /* of the atoms, once they are read */
} reader;

static mg_status expect_int(reader *r, mg_word word, const char *what, int64_t least, int64_t most,
                            int64_t *value) {
  char quote[MG_SCAN_QUOTE];
  if (!mg_scan_int(word, value) || *value < least || *value > most)
    return mg_scan_fail(&r->scan, "'%s' is no %s; valid: %lld to %lld", mg_scan_quote(word, quote),
                        what, (long long)least, (long long)most);
  return MG_OK;
}

static mg_status expect_real(reader *r, mg_word word, const char *what, double *value) {
  char quote[MG_SCAN_QUOTE];
  if (!mg_scan_real(word, value))
    return mg_scan_fail(&r->scan, "'%s' is no %s; valid: a finite decimal number",
                        mg_scan_quote(word, quote), what);
  return MG_OK;
}

static mg_status read_bounds(reader *r, const mg_word *words, int axis) {
  double lo, hi;
  MG_TRY(expect_real(r, words[0], "cell bound", &lo));
  MG_TRY(expect_real(r, words[1], "cell bound", &hi));
  if (r->has_bounds[axis]) return mg_scan_fail(&r->scan, "these bounds are given twice");
  if (!(hi - lo > 0 && hi - lo < 1e12))
    return mg_scan_fail(&r->scan, "the cell's upper bound is not above the lower one");
  r->has_bounds[axis] = true;
  r->frame->box.lo[axis] = lo;
  r->frame->box.length[axis] = hi - lo;
  r->frame->box.periodic[axis] = true;
  return MG_OK;
}

static mg_status read_count(reader *r, mg_word word, const char *what, int64_t most,
                            int64_t *count) {
  if (*count >= 0) return mg_scan_fail(&r->scan, "the number of %s is given twice", what);
  return expect_int(r, word, what, 1, most, count);
}

static mg_status read_tilt(reader *r, const mg_word *words) {
  for (int k = 0; k < 3; k++) {
    double tilt;
    MG_TRY(expect_real(r, words[k], "tilt factor", &tilt));
    if (tilt != 0)
      return mg_scan_fail(&r->scan, "the cell is tilted; valid: an orthogonal one, xy xz yz = 0");
  }
  return MG_OK;
}

/* Counts of things mgmd does not have are harmless when zero. */
static mg_status read_other(reader *r, const mg_word *words, int n) {
  static const char *const known[] = {"bonds", "angles",    "dihedrals", "impropers", "bond",
                                      "angle", "dihedral",  "improper",  "extra",     "ellipsoids",
                                      "lines", "triangles", "bodies"};
  char quote[MG_SCAN_QUOTE];
  for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
    int64_t count;
    if (n < 2 || !mg_scan_is(words[1], known[k])) continue;
    if (mg_scan_int(words[0], &count) && count == 0) return MG_OK;
    return mg_scan_fail(&r->scan, "the file has %s, which mgmd has not", known[k]);
  }
  return mg_scan_fail(&r->scan,
                      "'%s' begins no header line of a LAMMPS data file; valid: atoms, atom types, "
                      "xlo xhi, ylo yhi, zlo zhi",
                      mg_scan_quote(words[0], quote));
}

static mg_status read_header_line(reader *r, const mg_word *words, int n) {
  static const char *const bounds[3][2] = {{"xlo", "xhi"}, {"ylo", "yhi"}, {"zlo", "zhi"}};
  if (n == 2 && mg_scan_is(words[1], "atoms")) {
    /* an atom takes ten bytes at least: "1 1 0 0 0\n" */
    MG_TRY(read_count(r, words[0], "number of atoms", INT64_MAX, &r->n_atoms));
    if (r->n_atoms > (int64_t)(r->scan.length / 10 + 1))
      return mg_scan_fail(&r->scan, "%lld atoms are announced, but the file is too short for them",
                          (long long)r->n_atoms);
    return MG_OK;
  }
  if (n == 3 && mg_scan_is(words[1], "atom") && mg_scan_is(words[2], "types"))
    return read_count(r, words[0], "number of atom types", MOST_TYPES, &r->n_types);
  for (int a = 0; a < 3 && n == 4; a++)
    if (mg_scan_is(words[2], bounds[a][0]) && mg_scan_is(words[3], bounds[a][1]))
      return read_bounds(r, words, a);
  if (n == 6 && mg_scan_is(words[3], "xy")) return read_tilt(r, words);
  return read_other(r, words, n);
}

static bool begins_section(mg_word word) {
  const char c = word.at[0];
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "... step 12, metal units" as written here, "... timestep = 12" as LAMMPS does. */
static void read_title(reader *r, mg_word line) {
  mg_word words[32];
  const int n = mg_scan_words(line, false, 32, words);
  for (int k = 0; k + 1 < n && k < 31; k++) {
    if (!mg_scan_is(words[k], "step") && !mg_scan_is(words[k], "timestep")) continue;
    mg_word number = words[k + 1];
    if (mg_scan_is(number, "=") && k + 2 < n && k < 30) number = words[k + 2];
    if (number.length > 1 && number.at[number.length - 1] == ',') number.length--;
    if (!mg_scan_int(number, &r->frame->step)) r->frame->step = 0;
  }
}

/* Header lines up to the first section, whose line is returned. */
static mg_status read_header(reader *r, mg_word *section) {
  mg_word line, words[MOST_WORDS];
  if (!mg_scan_line(&r->scan, &line)) return mg_scan_fail(&r->scan, "the file is empty");
  read_title(r, line);
  for (;;) {
    if (!mg_scan_line(&r->scan, &line))
      return mg_scan_fail(&r->scan, "the file ends before its Atoms section");
    const int n = mg_scan_words(line, true, MOST_WORDS, words);
    if (n == 0) continue;
    if (begins_section(words[0])) break;
    MG_TRY(read_header_line(r, words, n));
  }
  *section = line;
  if (r->n_atoms < 0) return mg_scan_fail(&r->scan, "the header lacks 'N atoms'");
  if (r->n_types < 0) return mg_scan_fail(&r->scan, "the header lacks 'N atom types'");
  for (int a = 0; a < 3; a++)
    if (!r->has_bounds[a])
      return mg_scan_fail(&r->scan, "the header lacks '%clo %chi'", "xyz"[a], "xyz"[a]);
  return MG_OK;
}

/* One line of a section: item k of n. Blank lines may stand before the first only. */
static mg_status section_line(reader *r, const char *section, int64_t k, int64_t n, mg_word *line,
                              mg_word *words, int *n_words) {
  do {
    if (!mg_scan_line(&r->scan, line))
      return mg_scan_fail(&r->scan, "the file ends after %lld of %lld lines of %s", (long long)k,
                          (long long)n, section);
    *n_words = mg_scan_words(*line, true, MOST_WORDS, words);
  } while (k == 0 && *n_words == 0);
  if (*n_words == 0 || begins_section(words[0]))
    return mg_scan_fail(&r->scan, "%s ends after %lld of %lld lines", section, (long long)k,
                        (long long)n);
  return MG_OK;
}

static mg_status read_masses(reader *r) {
  for (int64_t k = 0; k < r->n_types; k++) {
    mg_word line, words[MOST_WORDS];
    int n;
    int64_t type;
    double mass;
    MG_TRY(section_line(r, "Masses", k, r->n_types, &line, words, &n));
    if (n != 2)
      return mg_scan_fail(&r->scan, "a line of Masses has %d columns; valid: type mass", n);
    MG_TRY(expect_int(r, words[0], "atom type", 1, r->n_types, &type));
    MG_TRY(expect_real(r, words[1], "mass", &mass));
    if (!(mass > 0)) return mg_scan_fail(&r->scan, "the mass is not positive");
    if (r->mass[type - 1] > 0)
      return mg_scan_fail(&r->scan, "type %lld has two masses", (long long)type);
    r->mass[type - 1] = mass;
    r->type_name[type - 1] = mg_scan_comment(line);
  }
  r->has_masses = true;
  return MG_OK;
}

static mg_status read_atom(reader *r, int64_t k, const mg_word *words, int n) {
  mg_atoms *atoms = &r->frame->atoms;
  if (n != 5 && n != 8)
    return mg_scan_fail(&r->scan,
                        "a line of Atoms has %d columns; valid: id type x y z [ix iy iz] (atom "
                        "style atomic)",
                        n);
  if (k == 0) r->frame->has_image = n == 8;
  if (r->frame->has_image != (n == 8))
    return mg_scan_fail(&r->scan, "some atoms have image flags and some have none");
  int64_t type, image;
  MG_TRY(expect_int(r, words[0], "atom id", 1, INT64_MAX / 4, &atoms->id[k]));
  MG_TRY(expect_int(r, words[1], "atom type", 1, r->n_types, &type));
  atoms->species[k] = (int32_t)type - 1; /* becomes the element's index when names are known */
  for (int a = 0; a < 3; a++) {
    MG_TRY(expect_real(r, words[2 + a], "coordinate", &atoms->x[k][a]));
    if (n == 5) continue;
    MG_TRY(expect_int(r, words[5 + a], "image flag", -1000000, 1000000, &image));
    atoms->image[k][a] = (int32_t)image;
  }
  return MG_OK;
}

static mg_status read_atoms(reader *r, mg_word heading) {
  const mg_word style = mg_scan_comment(heading);
  char quote[MG_SCAN_QUOTE];
  if (style.length > 0 && !mg_scan_is(style, "atomic"))
    return mg_scan_fail(&r->scan, "the atom style is '%s'; valid: atomic",
                        mg_scan_quote(style, quote));
  MG_TRY(mg_atoms_reserve(&r->frame->atoms, r->n_atoms));
  for (int64_t k = 0; k < r->n_atoms; k++) {
    mg_word line, words[MOST_WORDS];
    int n;
    MG_TRY(section_line(r, "Atoms", k, r->n_atoms, &line, words, &n));
    MG_TRY(read_atom(r, k, words, n));
  }
  r->frame->atoms.n = (int32_t)r->n_atoms;
  r->has_atoms = true;
  return mg_frame_index(r->scan.name, &r->frame->atoms, &r->index);
}

static mg_status read_velocities(reader *r) {
  if (!r->has_atoms) return mg_scan_fail(&r->scan, "Velocities stand before Atoms");
  mg_atoms *atoms = &r->frame->atoms;
  bool *seen;
  MG_TRY(MG_NEW(seen, r->n_atoms));
  mg_status status = MG_OK;
  for (int64_t k = 0; k < r->n_atoms && status == MG_OK; k++) {
    mg_word line, words[MOST_WORDS];
    int n = 0;
    int64_t id = 0, row = -1;
    status = section_line(r, "Velocities", k, r->n_atoms, &line, words, &n);
    if (status == MG_OK && n != 4)
      status = mg_scan_fail(&r->scan, "a line of Velocities has %d columns; valid: id vx vy vz", n);
    if (status == MG_OK) status = expect_int(r, words[0], "atom id", 1, INT64_MAX / 4, &id);
    if (status == MG_OK) row = mg_frame_find(r->index, r->n_atoms, id);
    if (status == MG_OK && (row < 0 || seen[row]))
      status =
          mg_scan_fail(&r->scan, row < 0 ? "there is no atom %lld" : "atom %lld has two velocities",
                       (long long)id);
    for (int a = 0; a < 3 && status == MG_OK; a++)
      status = expect_real(r, words[1 + a], "velocity", &atoms->v[row][a]);
    if (status == MG_OK) seen[row] = true;
  }
  mg_free(seen);
  r->has_velocities = r->frame->has_velocity = true;
  return status;
}

static mg_status read_section(reader *r, mg_word heading) {
  mg_word words[MOST_WORDS];
  char quote[MG_SCAN_QUOTE];
  const int n = mg_scan_words(heading, true, MOST_WORDS, words);
  const bool single = n == 1;
  const bool again = (single && mg_scan_is(words[0], "Masses") && r->has_masses) ||
                     (single && mg_scan_is(words[0], "Atoms") && r->has_atoms) ||
                     (single && mg_scan_is(words[0], "Velocities") && r->has_velocities);
  if (again) return mg_scan_fail(&r->scan, "this section stands here a second time");
  if (single && mg_scan_is(words[0], "Masses")) return read_masses(r);
  if (single && mg_scan_is(words[0], "Atoms")) return read_atoms(r, heading);
  if (single && mg_scan_is(words[0], "Velocities")) return read_velocities(r);
  return mg_scan_fail(&r->scan, "section '%s' is not known; valid: Masses, Atoms, Velocities",
                      mg_scan_quote(words[0], quote));
}

/* Names of the types, from the input or from the comments in Masses; types may share an element.
 * Without either the table of elements stays empty. */
static mg_status name_types(reader *r, const mg_names *species) {
  const bool given = species && species->n > 0;
  int element[MOST_TYPES];
  char quote[MG_SCAN_QUOTE];
  MG_REQUIRE(!given || species->n == r->n_types, MG_ERR_INPUT,
             "%s: has %lld atom types, but %d elements are named in species", r->scan.name,
             (long long)r->n_types, given ? species->n : 0);
  for (int64_t k = 0; k < r->n_types; k++) {
    mg_word word = r->type_name[k];
    if (given) word = (mg_word){species->name[k], strlen(species->name[k])};
    element[k] = mg_frame_element(&r->frame->species, word);
    if (element[k] < 0 && !given) {
      memset(&r->frame->species, 0, sizeof r->frame->species);
      return MG_OK;
    }
    MG_REQUIRE(element[k] >= 0, MG_ERR_INPUT,
               "'%s' in species is no name of an element; valid: up to %d of 1 to %d letters",
               mg_scan_quote(word, quote), MG_MAX_SPECIES, MG_SYMBOL - 1);
    r->frame->species.mass[element[k]] = r->mass[k];
  }
  for (int32_t i = 0; i < r->frame->atoms.n; i++)
    r->frame->atoms.species[i] = element[r->frame->atoms.species[i]];
  return MG_OK;
}

static mg_status read_all(reader *r, const mg_names *species) {
  mg_word line, words[1];
  MG_TRY(read_header(r, &line));
  MG_TRY(read_section(r, line));
  while (mg_scan_line(&r->scan, &line))
    if (mg_scan_words(line, true, 1, words) > 0) MG_TRY(read_section(r, line));
  if (!r->has_atoms) return mg_scan_fail(&r->scan, "the file ends before its Atoms section");
  MG_TRY(name_types(r, species));
  return mg_frame_finish(r->scan.name, r->frame);
}

mg_status mg_frame_parse_lammps(const char *name, const char *text, size_t length,
                                const mg_names *species, mg_frame *frame) {
  mg_frame_init(frame);
  reader r = {.scan = {.name = name, .text = text, .length = length},
              .frame = frame,
              .n_atoms = -1,
              .n_types = -1};
  const mg_status status = read_all(&r, species);
  mg_free(r.index);
  if (status != MG_OK) mg_frame_clear(frame);
  return status;
}
