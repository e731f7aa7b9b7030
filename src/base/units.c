#include "mgmd/base/units.h"

#include "mgmd/base/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Internal = written * up / down. Both are exact doubles (powers of ten up to 1e22), so that a
 * decimal such as "2 fs" is rounded once by the division and never by an inexact factor. */
typedef struct unit {
  const char *name;
  mg_dimension dimension;
  double up, down;
} unit;

#define RADIAN_PER_DEGREE (3.14159265358979323846 / 180)

static const unit units[] = {
    {"nm", MG_DIM_LENGTH, 10, 1},          {"A", MG_DIM_LENGTH, 1, 1},
    {"Angstrom", MG_DIM_LENGTH, 1, 1},     {"angstrom", MG_DIM_LENGTH, 1, 1},
    {"\xC3\x85", MG_DIM_LENGTH, 1, 1},     /* U+00C5, the letter */
    {"\xE2\x84\xAB", MG_DIM_LENGTH, 1, 1}, /* U+212B, the unit sign */
    {"um", MG_DIM_LENGTH, 1e4, 1},         {"m", MG_DIM_LENGTH, 1e10, 1},
    {"fs", MG_DIM_TIME, 1, 1e3},           {"ps", MG_DIM_TIME, 1, 1},
    {"ns", MG_DIM_TIME, 1e3, 1},           {"us", MG_DIM_TIME, 1e6, 1},
    {"s", MG_DIM_TIME, 1e12, 1},           {"s", MG_DIM_WALL_TIME, 1, 1},
    {"min", MG_DIM_WALL_TIME, 60, 1},      {"m", MG_DIM_WALL_TIME, 60, 1},
    {"h", MG_DIM_WALL_TIME, 3600, 1},      {"d", MG_DIM_WALL_TIME, 86400, 1},
    {"K", MG_DIM_TEMPERATURE, 1, 1},       {"GPa", MG_DIM_PRESSURE, 1, 1},
    {"MPa", MG_DIM_PRESSURE, 1, 1e3},      {"kPa", MG_DIM_PRESSURE, 1, 1e6},
    {"Pa", MG_DIM_PRESSURE, 1, 1e9},       {"bar", MG_DIM_PRESSURE, 1, 1e4},
    {"atm", MG_DIM_PRESSURE, 101325, 1e9}, {"1/s", MG_DIM_RATE, 1, 1e12},
    {"1/us", MG_DIM_RATE, 1, 1e6},         {"1/ns", MG_DIM_RATE, 1, 1e3},
    {"1/ps", MG_DIM_RATE, 1, 1},           {"s^-1", MG_DIM_RATE, 1, 1e12},
    {"us^-1", MG_DIM_RATE, 1, 1e6},        {"ns^-1", MG_DIM_RATE, 1, 1e3},
    {"ps^-1", MG_DIM_RATE, 1, 1},          {"K/s", MG_DIM_COOLING_RATE, 1, 1e12},
    {"K/us", MG_DIM_COOLING_RATE, 1, 1e6}, {"K/ns", MG_DIM_COOLING_RATE, 1, 1e3},
    {"K/ps", MG_DIM_COOLING_RATE, 1, 1},   {"%", MG_DIM_FRACTION, 1, 1e2},
    {"eV", MG_DIM_ENERGY, 1, 1},           {"meV", MG_DIM_ENERGY, 1, 1e3},
    {"eV/A", MG_DIM_FORCE, 1, 1},          {"eV/Angstrom", MG_DIM_FORCE, 1, 1},
    {"meV/A", MG_DIM_FORCE, 1, 1e3},       {"deg", MG_DIM_ANGLE, RADIAN_PER_DEGREE, 1},
    {"rad", MG_DIM_ANGLE, 1, 1},
};
enum { N_UNITS = sizeof units / sizeof *units };

/* How a dimension is spoken of, and written out again. */
static const struct {
  const char *noun, *list, *name;
  double factor;
} dimensions[MG_DIM_COUNT] = {
    [MG_DIM_NONE] = {"a plain number", "", "", 1},
    [MG_DIM_LENGTH] = {"a length", "nm, A, Angstrom, um, m", "A", 1},
    [MG_DIM_TIME] = {"a simulated time", "fs, ps, ns, us, s", "ps", 1},
    [MG_DIM_WALL_TIME] = {"a wall-clock time", "s, min, h, d, 23h50m", "s", 1},
    [MG_DIM_TEMPERATURE] = {"a temperature", "K", "K", 1},
    [MG_DIM_PRESSURE] = {"a pressure", "GPa, MPa, kPa, Pa, bar, atm", "GPa", 1},
    [MG_DIM_RATE] = {"a strain rate", "1/s, 1/us, 1/ns, 1/ps, s^-1", "1/s", 1e12},
    [MG_DIM_COOLING_RATE] = {"a cooling rate", "K/s, K/us, K/ns, K/ps", "K/s", 1e12},
    [MG_DIM_FRACTION] = {"a fraction", "%", "%", 100},
    [MG_DIM_ENERGY] = {"an energy", "eV, meV", "eV", 1},
    [MG_DIM_FORCE] = {"a force", "eV/A, eV/Angstrom, meV/A", "eV/A", 1},
    [MG_DIM_ANGLE] = {"an angle", "deg, rad", "deg", 1 / RADIAN_PER_DEGREE},
};

/* Longest text quoted in a message. */
#define SHOWN "%.60s"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_space(char c) { return c == ' ' || c == '\t'; }

static const char *skip_spaces(const char *p) {
  while (is_space(*p)) p++;
  return p;
}

/* A decimal number at p; strtod alone would also take hexadecimal, "inf" and "nan".
 * Returns the first character after it, or NULL when there is none. */
static const char *read_number(const char *p, double *value) {
  char copy[64];
  const char *q = p;
  if (*q == '+' || *q == '-') q++;
  int digits = 0;
  while (is_digit(*q)) q++, digits++;
  if (*q == '.') {
    q++;
    while (is_digit(*q)) q++, digits++;
  }
  if (digits == 0) return NULL;
  if (*q == 'e' || *q == 'E') {
    const char *e = q + 1;
    if (*e == '+' || *e == '-') e++;
    if (is_digit(*e)) {
      while (is_digit(*e)) e++;
      q = e;
    }
  }
  const size_t length = (size_t)(q - p);
  if (length >= sizeof copy) return NULL;
  memcpy(copy, p, length);
  copy[length] = '\0';
  *value = strtod(copy, NULL);
  return isfinite(*value) ? q : NULL;
}

static const unit *find_unit(const char *name, size_t length, mg_dimension dimension) {
  for (int k = 0; k < N_UNITS; k++) {
    const bool wanted = dimension == MG_DIM_COUNT || units[k].dimension == dimension;
    if (wanted && strlen(units[k].name) == length && memcmp(units[k].name, name, length) == 0)
      return &units[k];
  }
  return NULL;
}

/* "; write a number with one of: ..." or what else the dimension takes. */
static const char *advice(mg_dimension dimension, char *text, size_t size) {
  if (dimension == MG_DIM_NONE)
    snprintf(text, size, "write a number without a unit");
  else if (dimension == MG_DIM_FRACTION)
    snprintf(text, size, "write a percentage such as '8 %%', or a plain number");
  else
    snprintf(text, size, "write a number with one of: %s", dimensions[dimension].list);
  return text;
}

static mg_status fail_unit(const char *text, const char *name, mg_dimension dimension) {
  char hint[160];
  advice(dimension, hint, sizeof hint);
  const unit *other = find_unit(name, strlen(name), MG_DIM_COUNT);
  if (other)
    return mg_fail(MG_ERR_INPUT, "'" SHOWN "' is %s, not %s; %s", text,
                   dimensions[other->dimension].noun, dimensions[dimension].noun, hint);
  const char *words[N_UNITS];
  int n = 0;
  for (int k = 0; k < N_UNITS; k++)
    if (units[k].dimension == dimension) words[n++] = units[k].name;
  const char *nearest = mg_str_nearest(name, words, n);
  if (nearest && dimension != MG_DIM_NONE)
    return mg_fail(MG_ERR_INPUT, "'" SHOWN "' has the unknown unit '%.20s'; did you mean '%s'?",
                   text, name, nearest);
  return mg_fail(MG_ERR_INPUT, "'" SHOWN "' has the unknown unit '%.20s'; %s", text, name, hint);
}

/* "23h50m", "1h 30min 10s": parts with falling units. */
static bool read_wall_time(const char *text, double *value) {
  double total = 0, last = INFINITY;
  const char *p = skip_spaces(text);
  if (*p == '+' || *p == '-') return false;
  while (*p) {
    double number;
    p = read_number(p, &number);
    if (!p) return false;
    p = skip_spaces(p);
    size_t length = 0;
    while (p[length] >= 'a' && p[length] <= 'z') length++;
    const unit *part = find_unit(p, length, MG_DIM_WALL_TIME);
    if (!part || part->up >= last) return false;
    total += number * part->up;
    last = part->up;
    p = skip_spaces(p + length);
  }
  *value = total;
  return last < INFINITY;
}

mg_status mg_units_parse(const char *text, mg_dimension dimension, double *value) {
  char hint[160], name[32];
  advice(dimension, hint, sizeof hint);
  double number;
  const char *rest = read_number(skip_spaces(text), &number);
  if (!rest)
    return mg_fail(MG_ERR_INPUT, "'" SHOWN "' is not %s; %s", text, dimensions[dimension].noun,
                   hint);
  rest = skip_spaces(rest);
  size_t length = strlen(rest);
  while (length > 0 && is_space(rest[length - 1])) length--;
  if (length == 0) {
    if (dimension != MG_DIM_NONE && dimension != MG_DIM_FRACTION)
      return mg_fail(MG_ERR_INPUT, "'" SHOWN "' has no unit; %s", text, hint);
    *value = number;
    return MG_OK;
  }
  const unit *found = find_unit(rest, length, dimension);
  if (found) {
    *value = number * found->up / found->down;
    MG_REQUIRE(isfinite(*value), MG_ERR_INPUT, "'" SHOWN "' is too large", text);
    return MG_OK;
  }
  if (dimension == MG_DIM_WALL_TIME && read_wall_time(text, value)) return MG_OK;
  snprintf(name, sizeof name, "%.*s", (int)(length < 31 ? length : 31), rest);
  return fail_unit(text, name, dimension);
}

const char *mg_units_name(mg_dimension dimension, double *factor) {
  if (factor) *factor = dimensions[dimension].factor;
  return dimensions[dimension].name;
}

const char *mg_units_list(mg_dimension dimension) { return dimensions[dimension].list; }
