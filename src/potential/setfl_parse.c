/* Reading setfl tables: the text formats eam/alloy and eam/fs [Daw, Baskes, Foiles; LAMMPS manual,
 * pair_style eam].
 *
 *    three comment lines
 *    n  symbol_1 .. symbol_n
 *    n_rho  d_rho  n_r  d_r  cutoff
 *    for each element b:  number  mass  lattice constant  lattice type     (a line of its own)
 *                         F_b: n_rho values
 *                         eam/alloy: psi_b, n_r values;  eam/fs: psi_1b .. psi_nb, n_r values each
 *    for each pair b <= a:  r phi_ab: n_r values
 *
 * psi_ab is the density at an atom of species a made by a neighbour of species b: block b lists
 * what b contributes, not what it receives.
 *
 * The text is a buffer that need not end in a zero byte and may hold anything. Every count is
 * checked against what is left of the buffer before memory is asked for. Stricter than other
 * readers, on purpose: a wrong number in a potential gives wrong physics, not a crash. Refused are
 * text behind the last value, values left over on a line before an element, Fortran's D exponents,
 * and a cutoff beyond the table.
 */
#include "impl.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS_LEAST = 5, POINTS_MOST = 100000000, WORD_SHOWN = 24, LABEL = 32 };
static const double VALUE_MOST = 1e100, CUTOFF_MOST = 100, STEP_LEAST = 1e-9;

typedef struct word {
  const char *at;
  size_t length;
} word;

typedef struct reader {
  const char *at, *end;
  int line;
  bool finnis_sinclair;
  int n_rho, n_r;
  double d_rho, d_r, cutoff;
  double *values; /* room for the longest block */
  mg_potential *potential;
} reader;

static bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

static bool line_end(const reader *in) { return in->at == in->end || *in->at == '\n'; }

/* The next word of this line; false at the line's end. */
static bool word_in_line(reader *in, word *w) {
  while (!line_end(in) && is_space(*in->at)) in->at++;
  w->at = in->at;
  while (in->at < in->end && !is_space(*in->at)) in->at++;
  w->length = (size_t)(in->at - w->at);
  return w->length > 0;
}

/* Go behind the next newline; false at the end of the text. */
static bool next_line(reader *in) {
  while (!line_end(in)) in->at++;
  if (in->at == in->end) return false;
  in->at++;
  in->line++;
  return true;
}

/* The next word of this or a later line; false at the end of the text. */
static bool next_word(reader *in, word *w) {
  while (!word_in_line(in, w))
    if (!next_line(in)) return false;
  return true;
}

/* A word as messages show it: short and printable. */
static const char *show(word w, char text[WORD_SHOWN + 4]) {
  size_t n = 0;
  for (; n < w.length && n < WORD_SHOWN; n++)
    text[n] = isprint((unsigned char)w.at[n]) ? w.at[n] : '?';
  snprintf(text + n, 4, "%s", n < w.length ? "..." : "");
  return text;
}

static mg_status to_real(const reader *in, word w, const char *what, double *value) {
  char text[64], shown[WORD_SHOWN + 4];
  bool good = w.length < sizeof text;
  for (size_t k = 0; good && k < w.length; k++)
    good = w.at[k] != '\0' && strchr("0123456789+-.eE", w.at[k]) != NULL;
  if (good) {
    memcpy(text, w.at, w.length);
    text[w.length] = '\0';
    char *rest;
    *value = strtod(text, &rest);
    good = *rest == '\0' && rest != text;
  }
  MG_REQUIRE(good, MG_ERR_INPUT, "%s:%d: '%s' where %s should be; expected a decimal number",
             in->potential->name, in->line, show(w, shown), what);
  MG_REQUIRE(fabs(*value) <= VALUE_MOST, MG_ERR_INPUT,
             "%s:%d: '%s' where %s should be; expected a magnitude of at most 1e100",
             in->potential->name, in->line, show(w, shown), what);
  return MG_OK;
}

static mg_status to_int(const reader *in, word w, const char *what, int least, int most,
                        int *value) {
  char shown[WORD_SHOWN + 4];
  long number = 0;
  bool good = w.length > 0 && w.length < 10;
  for (size_t k = 0; good && k < w.length; k++) {
    good = w.at[k] >= '0' && w.at[k] <= '9';
    number = 10 * number + (w.at[k] - '0');
  }
  MG_REQUIRE(good && number >= least && number <= most, MG_ERR_INPUT,
             "%s:%d: '%s' where %s should be; expected a whole number from %d to %d",
             in->potential->name, in->line, show(w, shown), what, least, most);
  *value = (int)number;
  return MG_OK;
}

/* A word of this line that must be there. */
static mg_status need_word(reader *in, const char *what, word *w) {
  MG_REQUIRE(word_in_line(in, w), MG_ERR_INPUT, "%s:%d: the %s ends before %s", in->potential->name,
             in->line, in->at == in->end ? "file" : "line", what);
  return MG_OK;
}

static mg_status need_real(reader *in, const char *what, double *value) {
  word w;
  MG_TRY(need_word(in, what, &w));
  return to_real(in, w, what, value);
}

static mg_status need_line_end(reader *in, const char *what) {
  word w;
  char shown[WORD_SHOWN + 4];
  MG_REQUIRE(!word_in_line(in, &w), MG_ERR_INPUT, "%s:%d: '%s' is too much; %s ends the line",
             in->potential->name, in->line, show(w, shown), what);
  return MG_OK;
}

static mg_status read_symbols(reader *in) {
  mg_species *species = &in->potential->species;
  word w;
  MG_TRY(need_word(in, "the number of elements", &w));
  MG_TRY(to_int(in, w, "the number of elements", 1, MG_MAX_SPECIES, &species->n));
  for (int a = 0; a < species->n; a++) {
    char shown[WORD_SHOWN + 4], symbol[MG_SYMBOL] = "";
    MG_TRY(need_word(in, "its element symbols", &w));
    bool good = w.length < sizeof symbol;
    for (size_t k = 0; good && k < w.length; k++) good = isalnum((unsigned char)w.at[k]);
    good = good && isalpha((unsigned char)w.at[0]);
    MG_REQUIRE(good, MG_ERR_INPUT,
               "%s:%d: '%s' is not an element symbol; expected one to three letters",
               in->potential->name, in->line, show(w, shown));
    memcpy(symbol, w.at, w.length);
    for (int b = 0; b < a; b++)
      MG_REQUIRE(strcmp(species->symbol[b], symbol) != 0, MG_ERR_INPUT,
                 "%s:%d: element '%s' is named twice", in->potential->name, in->line, symbol);
    memcpy(species->symbol[a], symbol, sizeof symbol);
    in->potential->hash = mg_hash_bytes(in->potential->hash, symbol, sizeof symbol);
  }
  return need_line_end(in, "the last element symbol");
}

static mg_status read_grid(reader *in) {
  word w;
  MG_TRY(need_word(in, "the number of densities", &w));
  MG_TRY(to_int(in, w, "the number of densities", POINTS_LEAST, POINTS_MOST, &in->n_rho));
  MG_TRY(need_real(in, "the density step", &in->d_rho));
  MG_TRY(need_word(in, "the number of distances", &w));
  MG_TRY(to_int(in, w, "the number of distances", POINTS_LEAST, POINTS_MOST, &in->n_r));
  MG_TRY(need_real(in, "the distance step", &in->d_r));
  MG_TRY(need_real(in, "the cutoff", &in->cutoff));
  MG_TRY(need_line_end(in, "the cutoff"));
  const char *name = in->potential->name;
  MG_REQUIRE(in->d_rho >= STEP_LEAST && in->d_r >= STEP_LEAST, MG_ERR_INPUT,
             "%s:%d: steps of %g (density) and %g A (distance); expected at least %g", name,
             in->line, in->d_rho, in->d_r, STEP_LEAST);
  MG_REQUIRE(in->cutoff > 0 && in->cutoff <= CUTOFF_MOST, MG_ERR_INPUT,
             "%s:%d: a cutoff of %g A; expected more than 0 and at most %g A", name, in->line,
             in->cutoff, CUTOFF_MOST);
  /* many files give n_r d_r, one step behind the last value, as their cutoff */
  MG_REQUIRE(in->cutoff <= in->n_r * in->d_r * (1 + 1e-6), MG_ERR_INPUT,
             "%s:%d: the cutoff of %g A lies beyond the table, which ends at %g A", name, in->line,
             in->cutoff, (in->n_r - 1) * in->d_r);
  const double grid[] = {in->n_rho, in->d_rho, in->n_r, in->d_r, in->cutoff};
  in->potential->hash = mg_hash_bytes(in->potential->hash, grid, sizeof grid);
  return MG_OK;
}

/* A value takes two bytes at least: a table that cannot be there is refused before allocating. */
static mg_status check_room(const reader *in) {
  const int64_t n = in->potential->species.n;
  const int64_t n_psi = in->finnis_sinclair ? n * n : n;
  const int64_t values = n * in->n_rho + (n_psi + n * (n + 1) / 2) * in->n_r;
  MG_REQUIRE((in->end - in->at + 1) / 2 >= values, MG_ERR_INPUT,
             "%s:%d: %d x %d points of %d elements are %lld values, which %lld bytes cannot hold: "
             "truncated, or the other kind of setfl file",
             in->potential->name, in->line, in->n_rho, in->n_r, (int)n, (long long)values,
             (long long)(in->end - in->at));
  return MG_OK;
}

/* Behind the functions of species a the line ends, if as many values were there as announced. */
static mg_status need_element_end(reader *in, int a) {
  word w;
  char shown[WORD_SHOWN + 4];
  MG_REQUIRE(
      !word_in_line(in, &w), MG_ERR_INPUT,
      "%s:%d: '%s' behind the last value of %s; expected a new line after %d values of F and "
      "%d of each density function",
      in->potential->name, in->line, show(w, shown), in->potential->species.symbol[a], in->n_rho,
      in->n_r);
  return MG_OK;
}

static mg_status read_element(reader *in, int a) {
  mg_element *element = &in->potential->element[a];
  double *mass = &in->potential->species.mass[a];
  const char *symbol = in->potential->species.symbol[a];
  char what[LABEL + 32];
  snprintf(what, sizeof what, "the atomic number of %s", symbol);
  word w;
  MG_REQUIRE(next_word(in, &w), MG_ERR_INPUT, "%s:%d: the file ends before %s", in->potential->name,
             in->line, what);
  MG_TRY(to_int(in, w, what, 0, 999, &element->number));
  snprintf(what, sizeof what, "the mass of %s", symbol);
  MG_TRY(need_real(in, what, mass));
  MG_REQUIRE(*mass > 0 && *mass <= 1000, MG_ERR_INPUT,
             "%s:%d: a mass of %g u for %s; expected more than 0 and at most 1000 u",
             in->potential->name, in->line, *mass, symbol);
  snprintf(what, sizeof what, "the lattice constant of %s", symbol);
  MG_TRY(need_real(in, what, &element->lattice_constant));
  snprintf(what, sizeof what, "the lattice type of %s", symbol);
  MG_TRY(need_word(in, what, &w));
  char shown[WORD_SHOWN + 4];
  MG_REQUIRE(isalpha((unsigned char)w.at[0]), MG_ERR_INPUT,
             "%s:%d: '%s' where %s should be; expected a word such as fcc", in->potential->name,
             in->line, show(w, shown), what);
  mg_str_copy(element->lattice, sizeof element->lattice, show(w, shown));
  in->potential->hash = mg_hash_bytes(in->potential->hash, mass, sizeof *mass);
  return need_line_end(in, what);
}

static mg_status read_values(reader *in, int n, double step, const char *what, mg_spline *spline) {
  for (int k = 0; k < n; k++) {
    word w;
    MG_REQUIRE(next_word(in, &w), MG_ERR_INPUT, "%s:%d: the file ends after %d of %d values of %s",
               in->potential->name, in->line, k, n, what);
    MG_TRY(to_real(in, w, what, &in->values[k]));
  }
  in->potential->hash = mg_hash_bytes(in->potential->hash, in->values, (size_t)n * sizeof(double));
  return mg_spline_build(spline, n, step, in->values);
}

static mg_status read_functions(reader *in) {
  mg_table *table = in->potential->table;
  const mg_species *species = &in->potential->species;
  const int n = species->n;
  char what[LABEL];
  for (int b = 0; b < n; b++) {
    MG_TRY(read_element(in, b));
    snprintf(what, sizeof what, "F of %s", species->symbol[b]);
    MG_TRY(read_values(in, in->n_rho, in->d_rho, what, &table->F[b]));
    for (int a = 0; a < n; a++) {
      const bool own = in->finnis_sinclair || a == 0;
      table->psi_of[a][b] = own ? table->n_psi++ : table->psi_of[0][b];
      if (!own) continue;
      snprintf(what, sizeof what, "the density made by %s", species->symbol[b]);
      MG_TRY(read_values(in, in->n_r, in->d_r, what, &table->psi[table->psi_of[a][b]]));
    }
    MG_TRY(need_element_end(in, b));
  }
  for (int a = 0; a < n; a++) {
    for (int b = 0; b <= a; b++) {
      snprintf(what, sizeof what, "r*phi of %s-%s", species->symbol[b], species->symbol[a]);
      MG_TRY(read_values(in, in->n_r, in->d_r, what, &table->rphi[mg_pair_index(a, b)]));
    }
  }
  word w;
  char shown[WORD_SHOWN + 4];
  MG_REQUIRE(!next_word(in, &w), MG_ERR_INPUT,
             "%s:%d: '%s' behind the last value; expected the end of the file", in->potential->name,
             in->line, show(w, shown));
  return MG_OK;
}

static mg_status read_table(reader *in) {
  for (int k = 0; k < 3; k++)
    MG_REQUIRE(next_line(in), MG_ERR_INPUT,
               "%s:%d: the file ends within its first three lines; expected comments there",
               in->potential->name, in->line);
  MG_TRY(read_symbols(in));
  next_line(in);
  MG_TRY(read_grid(in));
  MG_TRY(check_room(in));
  MG_TRY(MG_NEW(in->potential->table, 1));
  MG_TRY(MG_NEW(in->values, in->n_rho > in->n_r ? in->n_rho : in->n_r));
  MG_TRY(read_functions(in));
  return mg_table_finish(in->potential, in->cutoff);
}

mg_status mg_potential_parse_setfl(const char *name, const char *text, size_t length,
                                   bool finnis_sinclair, mg_potential **potential) {
  *potential = NULL;
  mg_potential *made;
  MG_TRY(MG_NEW(made, 1));
  mg_str_copy(made->name, sizeof made->name, name);
  const char kind = finnis_sinclair ? 'f' : 'a';
  made->hash = mg_hash_bytes(MG_HASH_START, &kind, sizeof kind);
  reader in = {.at = text,
               .end = text + length,
               .line = 1,
               .finnis_sinclair = finnis_sinclair,
               .potential = made};
  const mg_status status = read_table(&in);
  MG_DELETE(in.values);
  if (status != MG_OK) {
    mg_potential_destroy(&made);
    return status;
  }
  *potential = made;
  return MG_OK;
}
