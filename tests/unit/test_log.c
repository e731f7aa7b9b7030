/* base/log.h: who hears what. Rank 0 speaks at the level asked for, the others are silent; warnings
 * are heard at every level; progress is for terminals only. */
#include "mgmd/base/log.h"
#include "unit_check.h"

#include <stdio.h>
#include <string.h>

/* What is said at @p level, both streams in one. Each test has a process of its own. */
static const char *said(mg_log_level level, bool speaks) {
  static char text[256];
  ck_assert_ptr_nonnull(freopen("said.txt", "a", stdout));
  ck_assert_ptr_nonnull(freopen("said.txt", "a", stderr));
  mg_log_open(level, speaks);
  ck_assert_int_eq(mg_log_get_level(), level);
  mg_log("line %d", 1);
  mg_log_detail("detail");
  mg_log_progress("progress");
  mg_warn("careful");
  fflush(stdout);
  fflush(stderr); /* a file, so it is buffered */
  FILE *file = fopen("said.txt", "r");
  ck_assert_ptr_nonnull(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  remove("said.txt");
  return text;
}

START_TEST(normal) {
  ck_assert_str_eq(said(MG_LOG_NORMAL, true), "line 1\nmgmd: warning: careful\n");
}
END_TEST

START_TEST(verbose) {
  ck_assert_str_eq(said(MG_LOG_VERBOSE, true), "line 1\ndetail\nmgmd: warning: careful\n");
}
END_TEST

START_TEST(quiet) { ck_assert_str_eq(said(MG_LOG_QUIET, true), "mgmd: warning: careful\n"); }
END_TEST

START_TEST(other_ranks) { ck_assert_str_eq(said(MG_LOG_VERBOSE, false), ""); }
END_TEST

START_TEST(a_file_is_no_terminal) {
  said(MG_LOG_VERBOSE, true);
  ck_assert(!mg_log_is_terminal());
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, normal);
  tcase_add_test(tests, verbose);
  tcase_add_test(tests, quiet);
  tcase_add_test(tests, other_ranks);
  tcase_add_test(tests, a_file_is_no_terminal);
}

UNIT_CHECK_MAIN("log", fill)
