/* The error doctrine (docs/errors.md): the first cause on a rank stays, codes map to the exit codes
 * of the command line's contract, macros return what they say. */
#include "mgmd/base/error.h"
#include "unit_check.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

START_TEST(first_cause_wins) {
  ck_assert_int_eq(mg_error_code(), MG_OK);
  ck_assert_str_eq(mg_error_text(), "");
  ck_assert_int_eq(mg_fail(MG_ERR_IO, "cause %d", 1), MG_ERR_IO);
  ck_assert_int_eq(mg_fail(MG_ERR_RUN, "consequence"), MG_ERR_RUN); /* its own code all the same */
  ck_assert_int_eq(mg_error_code(), MG_ERR_IO);
  ck_assert_str_eq(mg_error_text(), "cause 1");
  mg_error_clear();
  ck_assert_int_eq(mg_error_code(), MG_OK);
  mg_fail(MG_ERR_RUN, "next");
  ck_assert_str_eq(mg_error_text(), "next");
}
END_TEST

START_TEST(set_replaces) {
  mg_fail(MG_ERR_IO, "mine");
  mg_error_set(MG_ERR_INPUT, "of another rank");
  ck_assert_int_eq(mg_error_code(), MG_ERR_INPUT);
  ck_assert_str_eq(mg_error_text(), "of another rank");
}
END_TEST

START_TEST(long_text_is_cut) {
  char text[2 * MG_ERROR_TEXT];
  memset(text, 'x', sizeof text);
  text[sizeof text - 1] = '\0';
  mg_fail(MG_ERR_IO, "%s", text);
  ck_assert_uint_eq(strlen(mg_error_text()), MG_ERROR_TEXT - 1);
  mg_error_set(MG_ERR_IO, text);
  ck_assert_uint_eq(strlen(mg_error_text()), MG_ERROR_TEXT - 1);
}
END_TEST

START_TEST(exit_codes) {
  ck_assert_int_eq(mg_exit_code(MG_OK), 0);
  ck_assert_int_eq(mg_exit_code(MG_ERR_RUN), 1);
  ck_assert_int_eq(mg_exit_code(MG_ERR_IO), 1);
  ck_assert_int_eq(mg_exit_code(MG_ERR_MEMORY), 1);
  ck_assert_int_eq(mg_exit_code(MG_ERR_INPUT), 2);
  ck_assert_int_eq(mg_exit_code(MG_ERR_INTERNAL), 3);
  ck_assert_int_eq(mg_exit_code(MG_STOPPED), 85);
}
END_TEST

static mg_status positive(int x) {
  MG_REQUIRE(x > 0, MG_ERR_INPUT, "found %d; valid: above 0", x);
  return MG_OK;
}

static mg_status both_positive(int x, int y) {
  MG_TRY(positive(x));
  MG_TRY(positive(y));
  return MG_OK;
}

START_TEST(macros_return) {
  ck_assert_int_eq(both_positive(1, 2), MG_OK);
  ck_assert_int_eq(mg_error_code(), MG_OK);
  ck_assert_int_eq(both_positive(-3, -4), MG_ERR_INPUT);
  ck_assert_str_eq(mg_error_text(), "found -3; valid: above 0");
}
END_TEST

START_TEST(die_asks_the_handler) {
  mg_die_handler(exit);
  mg_die("the invariant %s is broken", "n >= 0");
}
END_TEST

START_TEST(die_aborts) { mg_die("no handler"); }
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, first_cause_wins);
  tcase_add_test(tests, set_replaces);
  tcase_add_test(tests, long_text_is_cut);
  tcase_add_test(tests, exit_codes);
  tcase_add_test(tests, macros_return);
  tcase_add_exit_test(tests, die_asks_the_handler, 3);
  tcase_add_test_raise_signal(tests, die_aborts, SIGABRT);
}

UNIT_CHECK_MAIN("error", fill)
