/** The main program of a serial Check suite; the exit code tells whether all passed.
 *
 *      START_TEST(adds) { ck_assert_int_eq(1 + 1, 2); } END_TEST
 *      static void fill(TCase *tests) { tcase_add_test(tests, adds); }
 *      UNIT_CHECK_MAIN("arithmetic", fill)
 *
 *  Tests run in processes of their own, so a crash is one failed test. After each, no block of
 *  base/mem.h may be left and the error record is empty for the next.
 */
#ifndef MGMD_TESTS_UNIT_CHECK_H
#define MGMD_TESTS_UNIT_CHECK_H

#include "mgmd/base/error.h"
#include "mgmd/base/mem.h"

#include <check.h>

static inline void unit_check_teardown(void) {
  mg_error_clear();
  ck_assert_msg(mg_mem_live() == 0, "%lld blocks not freed", (long long)mg_mem_live());
}

static inline int unit_check_main(const char *name, void (*fill)(TCase *)) {
  Suite *suite = suite_create(name);
  TCase *tests = tcase_create(name);
  tcase_add_checked_fixture(tests, mg_error_clear, unit_check_teardown);
  fill(tests);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}

#define UNIT_CHECK_MAIN(name, fill)                                                                \
  int main(void) { return unit_check_main((name), (fill)); }

#endif
