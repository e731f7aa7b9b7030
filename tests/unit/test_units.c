/* base/units.h: what people write becomes internal units, rounded once; everything else is refused
 * with the units that would be valid. Expected values are the decimal definitions of the units (SI
 * prefixes, 1 A = 1e-10 m, 1 atm = 101325 Pa) and compared exactly where they are decimal. */
#include "mgmd/base/units.h"
#include "unit_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *text;
  mg_dimension dimension;
  double value;
} written[] = {
    {"111.0 nm", MG_DIM_LENGTH, 1110},
    {"2.5nm", MG_DIM_LENGTH, 25},
    {"2 A", MG_DIM_LENGTH, 2},
    {"2 Angstrom", MG_DIM_LENGTH, 2},
    {"2 \xC3\x85", MG_DIM_LENGTH, 2},
    {"2 \xE2\x84\xAB", MG_DIM_LENGTH, 2},
    {"1 um", MG_DIM_LENGTH, 1e4},
    {"1e-9 m", MG_DIM_LENGTH, 10},
    {"2 fs", MG_DIM_TIME, 0.002},
    {"0.1 fs", MG_DIM_TIME, 0.0001},
    {"4 ps", MG_DIM_TIME, 4},
    {"1.5 ns", MG_DIM_TIME, 1500},
    {"1 us", MG_DIM_TIME, 1e6},
    {"1e-12 s", MG_DIM_TIME, 1},
    {"10 min", MG_DIM_WALL_TIME, 600},
    {"30 s", MG_DIM_WALL_TIME, 30},
    {"0.5 h", MG_DIM_WALL_TIME, 1800},
    {"2 d", MG_DIM_WALL_TIME, 172800},
    {"23h50m", MG_DIM_WALL_TIME, 85800},
    {"1h30m10s", MG_DIM_WALL_TIME, 5410},
    {"1 h 30 min", MG_DIM_WALL_TIME, 5400},
    {"1d12h", MG_DIM_WALL_TIME, 129600},
    {"0.25 min", MG_DIM_WALL_TIME, 15},
    {"50 K", MG_DIM_TEMPERATURE, 50},
    {"0 GPa", MG_DIM_PRESSURE, 0},
    {"-3 GPa", MG_DIM_PRESSURE, -3},
    {"100 MPa", MG_DIM_PRESSURE, 0.1},
    {"1 kPa", MG_DIM_PRESSURE, 1e-6},
    {"1 Pa", MG_DIM_PRESSURE, 1e-9},
    {"1 bar", MG_DIM_PRESSURE, 1e-4},
    {"1 atm", MG_DIM_PRESSURE, 1.01325e-4},
    {"4e7 1/s", MG_DIM_RATE, 4e-5},
    {"4e7 s^-1", MG_DIM_RATE, 4e-5},
    {"40 1/us", MG_DIM_RATE, 4e-5},
    {"0.04 1/ns", MG_DIM_RATE, 4e-5},
    {"4e-5 1/ps", MG_DIM_RATE, 4e-5},
    {"4e-5 ps^-1", MG_DIM_RATE, 4e-5},
    {"1e12 K/s", MG_DIM_COOLING_RATE, 1},
    {"1 K/ps", MG_DIM_COOLING_RATE, 1},
    {"1000 K/ns", MG_DIM_COOLING_RATE, 1},
    {"1e6 K/us", MG_DIM_COOLING_RATE, 1},
    {"8 %", MG_DIM_FRACTION, 0.08},
    {"8%", MG_DIM_FRACTION, 0.08},
    {"0.08", MG_DIM_FRACTION, 0.08},
    {"3 eV", MG_DIM_ENERGY, 3},
    {"3 meV", MG_DIM_ENERGY, 0.003},
    {"1e-4 eV/A", MG_DIM_FORCE, 1e-4},
    {"2 rad", MG_DIM_ANGLE, 2},
    {"64", MG_DIM_NONE, 64},
    {"+.5e1", MG_DIM_NONE, 5},
    {"1.", MG_DIM_NONE, 1},
};

START_TEST(written_values) {
  for (size_t k = 0; k < sizeof written / sizeof *written; k++) {
    double value = NAN;
    const mg_status status = mg_units_parse(written[k].text, written[k].dimension, &value);
    ck_assert_msg(status == MG_OK && value == written[k].value, "'%s' gives %.17g, not %.17g (%s)",
                  written[k].text, value, written[k].value, mg_error_text());
  }
}
END_TEST

START_TEST(degrees) {
  double value;
  ck_assert_int_eq(mg_units_parse("60 deg", MG_DIM_ANGLE, &value), MG_OK);
  ck_assert_double_eq_tol(value, acos(0.5), 1e-15);
}
END_TEST

START_TEST(refused_values) {
  static const struct {
    const char *text;
    mg_dimension dimension;
    const char *message;
  } cases[] = {
      {"5 K", MG_DIM_LENGTH,
       "'5 K' is a temperature, not a length; write a number with one of: nm"},
      {"5", MG_DIM_LENGTH, "'5' has no unit; write a number with one of: nm, A"},
      {"5 mn", MG_DIM_LENGTH, "'5 mn' has the unknown unit 'mn'; did you mean 'nm'?"},
      {"5 parsec", MG_DIM_LENGTH, "unknown unit 'parsec'; write a number with one of: nm"},
      {"", MG_DIM_LENGTH, "'' is not a length"},
      {"nm", MG_DIM_LENGTH, "'nm' is not a length"},
      {"0x5 nm", MG_DIM_LENGTH, "'0x5 nm'"},
      {"inf nm", MG_DIM_LENGTH, "'inf nm' is not a length"},
      {"nan nm", MG_DIM_LENGTH, "'nan nm' is not a length"},
      {"1e999 nm", MG_DIM_LENGTH, "'1e999 nm' is not a length"},
      {"1e308 m", MG_DIM_LENGTH, "'1e308 m' is too large"},
      {"1e5e5 nm", MG_DIM_LENGTH, "unknown unit"},
      {"5 nm 3 nm", MG_DIM_LENGTH, "unknown unit"},
      {"5 nm;", MG_DIM_LENGTH, "unknown unit"},
      {"5,5 nm", MG_DIM_LENGTH, "unknown unit"},
      {"--5 nm", MG_DIM_LENGTH, "is not a length"},
      {"10 min", MG_DIM_TIME, "'10 min' is a wall-clock time, not a simulated time"},
      {"10 ns", MG_DIM_WALL_TIME, "'10 ns' is a simulated time, not a wall-clock time"},
      {"50m23h", MG_DIM_WALL_TIME, "unknown unit"},
      {"1h1h", MG_DIM_WALL_TIME, "unknown unit"},
      {"23h50", MG_DIM_WALL_TIME, "unknown unit"},
      {"4e71/s", MG_DIM_RATE, "unknown unit '/s'"},
      {"4e7", MG_DIM_RATE, "has no unit; write a number with one of: 1/s"},
      {"1e12 1/s", MG_DIM_COOLING_RATE, "is a strain rate, not a cooling rate"},
      {"5 K", MG_DIM_NONE, "'5 K' is a temperature, not a plain number"},
      {"5 %", MG_DIM_NONE, "is a fraction, not a plain number; write a number without a unit"},
      {"5 gpa", MG_DIM_PRESSURE, "did you mean 'GPa'?"},
      {"5 nm", MG_DIM_FRACTION, "write a percentage such as '8 %'"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    double value;
    const mg_status status = mg_units_parse(cases[k].text, cases[k].dimension, &value);
    ck_assert_msg(status == MG_ERR_INPUT && strstr(mg_error_text(), cases[k].message),
                  "'%s': status %d, '%s'", cases[k].text, (int)status, mg_error_text());
    mg_error_clear();
  }
}
END_TEST

/* A message stays short and safe whatever is fed in. */
START_TEST(long_values) {
  char text[5000];
  for (size_t length = 1; length < sizeof text; length *= 3) {
    memset(text, '1', length);
    text[length] = '\0';
    double value;
    if (mg_units_parse(text, MG_DIM_LENGTH, &value) != MG_OK)
      ck_assert_uint_lt(strlen(mg_error_text()), 200);
    mg_error_clear();
    memset(text, 'x', length);
    text[0] = '5';
    ck_assert_int_eq(mg_units_parse(text, length == 1 ? MG_DIM_NONE : MG_DIM_LENGTH, &value),
                     length == 1 ? MG_OK : MG_ERR_INPUT);
    ck_assert_uint_lt(strlen(mg_error_text()), 300);
    mg_error_clear();
  }
}
END_TEST

/* The units named in messages are accepted; a value written out reads back. */
START_TEST(lists_and_names) {
  for (int d = 0; d < MG_DIM_COUNT; d++) {
    char list[160];
    snprintf(list, sizeof list, "%s", mg_units_list((mg_dimension)d));
    for (char *unit = strtok(list, ","); unit; unit = strtok(NULL, ",")) {
      char text[40];
      double value;
      while (*unit == ' ') unit++;
      const int number = unit[0] >= '1' && unit[0] <= '9' && unit[1] != '/';
      snprintf(text, sizeof text, "%s%s", number ? "" : "3 ", unit);
      ck_assert_msg(mg_units_parse(text, (mg_dimension)d, &value) == MG_OK, "%s", mg_error_text());
    }
    double factor = 0, back;
    char text[64];
    const char *name = mg_units_name((mg_dimension)d, &factor);
    snprintf(text, sizeof text, "%.17g %s", 0.3 * factor, name);
    ck_assert_msg(mg_units_parse(text, (mg_dimension)d, &back) == MG_OK, "%s", mg_error_text());
    ck_assert_double_eq_tol(back, 0.3, 1e-15);
  }
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, written_values);
  tcase_add_test(tests, degrees);
  tcase_add_test(tests, refused_values);
  tcase_add_test(tests, long_values);
  tcase_add_test(tests, lists_and_names);
}

UNIT_CHECK_MAIN("units", fill)
