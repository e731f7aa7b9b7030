/* Claim: whatever a setfl buffer holds, reading it ends in a potential or in one error of one line
 * that names the file and, where there is one, the line; nothing leaks, nothing crashes.
 *
 * The good table is small and made up. Each bad one differs from it in one line. Besides: every
 * prefix of it, and 20000 buffers with random bytes changed (fixed seed).
 */
#include "mgmd/base/rng.h"
#include "mgmd/potential/potential.h"
#include "unit_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LINES = 16, SIZE = 4096 };
static const char *const GOOD[LINES] = {"first comment",
                                        "second",
                                        "third",
                                        "2 Aa Bb",
                                        "5 0.1 6 0.5 3.0",
                                        "1 10 3.0 fcc",
                                        "0 -0.1 -0.2 -0.3 -0.4",
                                        "5 4 3 2 1 0",
                                        "4 3 2.5 2 1 0",
                                        "2 20 3.0 bcc",
                                        "0 -1e-1 -2E-1 -.3 -4.e-1",
                                        "+3 2 1 .5 .25 0",
                                        "5 4 3 2 1 0",
                                        "9 8 6 4 2 0",
                                        "9 8 6 4 2 0",
                                        "9 8 6 4 2 0"};

typedef struct bad {
  int line;         /* the line that is replaced, from 0 */
  const char *text; /* NULL: left out */
  const char *said; /* part of the message */
} bad;

static const bad CASES[] = {
    {3, "Aa Bb", "t.eam.fs:4: 'Aa' where the number of elements"},
    {3, "0", "t.eam.fs:4: '0' where the number of elements"},
    {3, "9 A B C D E F G H I", "from 1 to 8"},
    {3, "-2 Aa Bb", "'-2' where"},
    {3, "2.0 Aa Bb", "'2.0' where"},
    {3, "99999999999999999999 Aa", "'99999999999999999999' where"},
    {3, "3 Aa Bb", "t.eam.fs:4: the line ends before its element symbols"},
    {3, "2 Aa Bb Cc", "t.eam.fs:4: 'Cc' is too much"},
    {3, "2 Aa Aa", "element 'Aa' is named twice"},
    {3, "2 Aa Bbbb", "'Bbbb' is not an element symbol"},
    {3, "2 Aa 1b", "'1b' is not an element symbol"},
    {3, "", "t.eam.fs:4: the line ends before the number of elements"},
    {4, "5 0.1 6 0.5", "t.eam.fs:5: the line ends before the cutoff"},
    {4, "5 0.1 6 0.5 3.0 7", "'7' is too much"},
    {4, "4 0.1 6 0.5 3.0", "'4' where the number of densities"},
    {4, "5 0.1 -6 0.5 3.0", "'-6' where the number of distances"},
    {4, "5.5 0.1 6 0.5 3.0", "'5.5' where"},
    {4, "5 0 6 0.5 3.0", "expected at least 1e-09"},
    {4, "5 0.1 6 -0.5 3.0", "expected at least 1e-09"},
    {4, "5 nan 6 0.5 3.0", "'nan' where the density step"},
    {4, "5 0.1 6 inf 3.0", "'inf' where the distance step"},
    {4, "5 0.1 6 0.5 0", "a cutoff of 0 A"},
    {4, "5 0.1 6 50 300", "a cutoff of 300 A"},
    {4, "5 0.1 6 0.5 3.01", "beyond the table, which ends at 2.5 A"},
    {4, "99999999 0.1 6 0.5 3.0", "cannot hold"},
    {4, "5 0.1 99999999 0.5 3.0", "cannot hold"},
    {4, "5 0.1 200000000 0.5 3.0", "from 5 to 100000000"},
    {5, "1 0 3.0 fcc", "a mass of 0 u for Aa"},
    {5, "1 -3 3.0 fcc", "a mass of -3 u for Aa"},
    {5, "1 1e9 3.0 fcc", "a mass of 1e+09 u for Aa"},
    {5, "1 10 3.0", "t.eam.fs:6: the line ends before the lattice type of Aa"},
    {5, "1 10 3.0 4", "'4' where the lattice type of Aa"},
    {5, "1 10", "ends before the lattice constant of Aa"},
    {5, "x 10 3.0 fcc", "'x' where the atomic number of Aa"},
    {5, "1 10 3.0 fcc 7", "'7' is too much"},
    {5, NULL, "t.eam.fs:6: "},
    {6, "0 -0.1 nan -0.3 -0.4", "t.eam.fs:7: 'nan' where F of Aa should be"},
    {6, "0 -0.1 -inf -0.3 -0.4", "'-inf' where F of Aa"},
    {6, "0 -0.1 1e999 -0.3 -0.4", "'1e999' where F of Aa"},
    {6, "0 -0.1 1e101 -0.3 -0.4", "at most 1e100"},
    {6, "0 -0.1 0x2 -0.3 -0.4", "'0x2' where F of Aa"},
    {6, "0 -0.1 -0.2D0 -0.3 -0.4", "'-0.2D0' where F of Aa"},
    {6, "0 -0.1 -0.2,-0.3 -0.4", "'-0.2,-0.3' where F of Aa"},
    {6, "0 -0.1 1.2.3 -0.3 -0.4", "'1.2.3' where F of Aa"},
    {6, "0 -0.1 e -0.3 -0.4", "'e' where F of Aa"},
    {6, "0 -0.1 - -0.3 -0.4", "'-' where F of Aa"},
    {6, "0 -0.1 \x01\xff -0.3 -0.4", "'?\?' where F of Aa"},
    {6, "0 -0.1 -0.2 -0.3",
     "t.eam.fs:10: '20' behind the last value of Aa; expected a new line after 5"},
    {7, "5 4 3 2 1 0 7", "t.eam.fs:9: '0' behind the last value of Aa; expected a new line"},
    {7, "5 4 3 2 1", "t.eam.fs:10: '20' behind the last value of Aa; expected a new line"},
    {9, NULL, "t.eam.fs:10: "},
    {11, "3 2 1 .5 .25 0 1", "t.eam.fs:13: '0' behind the last value of Bb"},
    {13, "9 8 6 4 2 0 fcc", "t.eam.fs:14: 'fcc' where r*phi of Aa-Bb"},
    {14, "7 7 7 7 7 7", "r*phi of Aa-Bb is one and the same filler value"},
    {15, "9 8 6 4 2", "t.eam.fs:17: the file ends after 5 of 6 values of r*phi of Bb-Bb"},
    {15, "9 8 6 4 2 0 0", "t.eam.fs:16: '0' behind the last value"},
    {15, "9 8 6 4 2 0\n\n# end", "t.eam.fs:18: '#' behind the last value"},
    {15, NULL, "the file ends after 0 of 6 values of r*phi of Bb-Bb"},
};
enum { N_CASES = sizeof CASES / sizeof *CASES };

static size_t assemble(const bad *change, char text[SIZE]) {
  size_t n = 0;
  for (int k = 0; k < LINES; k++) {
    const char *line = change && change->line == k ? change->text : GOOD[k];
    if (line) n += (size_t)snprintf(text + n, SIZE - n, "%s\n", line);
  }
  return n;
}

/* One line, about this file. */
static void check_message(mg_status status) {
  ck_assert_int_eq(status, MG_ERR_INPUT);
  ck_assert_int_eq(mg_error_code(), MG_ERR_INPUT);
  const char *text = mg_error_text();
  ck_assert_msg(strncmp(text, "t.eam.fs:", 9) == 0, "%s", text);
  ck_assert_msg(strlen(text) < 300, "%s", text);
  for (const char *c = text; *c; c++) ck_assert_msg(*c >= ' ' && *c <= '~', "%s", text);
  ck_assert_int_eq(mg_mem_live(), 0);
}

START_TEST(one_clear_error) {
  const bad *change = &CASES[_i];
  char text[SIZE];
  const size_t n = assemble(change, text);
  mg_potential *potential;
  check_message(mg_potential_parse_setfl("t.eam.fs", text, n, true, &potential));
  ck_assert_ptr_null(potential);
  ck_assert_msg(strstr(mg_error_text(), change->said) != NULL, "expected: %s; said: %s",
                change->said, mg_error_text());
}
END_TEST

START_TEST(good_table_in_other_layouts) {
  char text[SIZE];
  const size_t n = assemble(NULL, text);
  mg_potential *potential, *other;
  ck_assert_int_eq(mg_potential_parse_setfl("t.eam.fs", text, n, true, &potential), MG_OK);
  const uint64_t hash = mg_potential_hash(potential);
  mg_potential_destroy(&potential);

  char crlf[2 * SIZE], *at = crlf; /* line ends of another system, blanks, another comment */
  *at++ = '!';
  for (size_t k = 0; k < n; k++) {
    if (text[k] == '\n') *at++ = '\r';
    *at++ = text[k];
    if (text[k] == ' ') *at++ = '\t';
  }
  at += sprintf(at, " \r\n\n ");
  const mg_status status =
      mg_potential_parse_setfl("t.eam.fs", crlf, (size_t)(at - crlf), true, &other);
  ck_assert_msg(status == MG_OK, "%s", mg_error_text());
  ck_assert_uint_eq(mg_potential_hash(other), hash);
  mg_potential_destroy(&other);

  const bad changed = {13, "9 8 6 4 2.5 0", NULL};
  const size_t m = assemble(&changed, text);
  ck_assert_int_eq(mg_potential_parse_setfl("t.eam.fs", text, m, true, &other), MG_OK);
  ck_assert_uint_ne(mg_potential_hash(other), hash);
  mg_potential_destroy(&other);
}
END_TEST

START_TEST(every_prefix_is_refused) {
  char text[SIZE];
  const size_t n = assemble(NULL, text) - 1; /* the last byte is the last value */
  for (size_t length = 0; length < n; length++) {
    mg_potential *potential;
    char *exact = mg_calloc(length, 1); /* so that a tool sees a read behind the end */
    memcpy(exact, text, length);
    const mg_status status = mg_potential_parse_setfl("t.eam.fs", exact, length, true, &potential);
    mg_free(exact);
    check_message(status);
    mg_error_clear();
  }
}
END_TEST

START_TEST(kinds_are_not_mixed_up) {
  char text[SIZE];
  const size_t n = assemble(NULL, text);
  mg_potential *potential;
  check_message(mg_potential_parse_setfl("t.eam.fs", text, n, false, &potential));
  mg_error_clear();
  char alloy[SIZE];
  size_t m = 0;
  for (int k = 0; k < LINES; k++)
    if (k != 8 && k != 12) m += (size_t)snprintf(alloy + m, SIZE - m, "%s\n", GOOD[k]);
  ck_assert_int_eq(mg_potential_parse_setfl("t.eam.fs", alloy, m, false, &potential), MG_OK);
  mg_potential_destroy(&potential);
  check_message(mg_potential_parse_setfl("t.eam.fs", alloy, m, true, &potential));
}
END_TEST

START_TEST(nothing_to_interact) {
  char text[SIZE];
  const char *zero = "0 0 0 0 0 0";
  size_t n = 0;
  for (int k = 0; k < LINES; k++) {
    const bool pair = k == 7 || k == 8 || k > 10;
    n += (size_t)snprintf(text + n, SIZE - n, "%s\n", pair ? zero : GOOD[k]);
  }
  mg_potential *potential;
  ck_assert_int_eq(mg_potential_parse_setfl("t", text, n, true, &potential), MG_ERR_INPUT);
  ck_assert_str_eq(mg_error_text(), "t: all density and pair functions are zero everywhere");
}
END_TEST

START_TEST(random_damage) {
  char good[SIZE], text[SIZE];
  const size_t n = assemble(NULL, good);
  static const char common[] = "0123456789+-.eE \n\tAa";
  mg_rng rng;
  mg_rng_start(&rng, 1, MG_RNG_JITTER, 0, 0);
  int accepted = 0;
  for (int round = 0; round < 20000; round++) {
    memcpy(text, good, n);
    for (uint64_t k = 0, changes = 1 + mg_rng_below(&rng, 4); k < changes; k++) {
      const uint64_t any = mg_rng_u64(&rng);
      text[mg_rng_below(&rng, n)] =
          any % 8 ? common[(any >> 8) % (sizeof common - 1)] : (char)(any >> 8);
    }
    mg_potential *potential;
    const mg_status status = mg_potential_parse_setfl("t.eam.fs", text, n, true, &potential);
    if (status != MG_OK) {
      ck_assert_int_eq(status, MG_ERR_INPUT);
      ck_assert_int_eq(mg_mem_live(), 0);
      ck_assert(strncmp(mg_error_text(), "t.eam.fs:", 9) == 0);
      mg_error_clear();
      continue;
    }
    accepted++;
    double f, df;
    mg_potential_phi(potential, 0, 0, 0.3, &f, &df);
    ck_assert(isfinite(f) && isfinite(df));
    mg_potential_psi(potential, 0, 0, 1.9, &f, &df);
    mg_potential_embed(potential, 0, 1e3, &f, &df);
    ck_assert(isfinite(f) && isfinite(df));
    mg_potential_destroy(&potential);
  }
  ck_assert_int_gt(accepted, 100);
  ck_assert_int_lt(accepted, 19000);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_loop_test(tests, one_clear_error, 0, N_CASES);
  tcase_add_test(tests, good_table_in_other_layouts);
  tcase_add_test(tests, every_prefix_is_refused);
  tcase_add_test(tests, kinds_are_not_mixed_up);
  tcase_add_test(tests, nothing_to_interact);
  tcase_add_test(tests, random_damage);
}

UNIT_CHECK_MAIN("setfl_malformed", fill)
