/* Guards small files: a text appears whole under its name or not at all, leaving nothing behind;
 * and what is said about two texts that differ.
 */
#include "mgmd/io/commit.h"
#include "mgmd/io/diff.h"
#include "unit_check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64], a[128], b[128], temporary[128];

static void setup(void) {
  strcpy(directory, "/tmp/mgmd-test-XXXXXX");
  ck_assert(mkdtemp(directory));
  snprintf(a, sizeof a, "%s/a", directory);
  snprintf(b, sizeof b, "%s/b", directory);
  ck_assert_int_eq(mg_commit_name(a, temporary, sizeof temporary), MG_OK);
}

static void teardown(void) {
  unlink(a);
  unlink(b);
  ck_assert_int_eq(access(temporary, F_OK), -1);
  ck_assert_int_eq(rmdir(directory), 0);
}

static void put(const char *path, const char *text) {
  ck_assert_int_eq(mg_commit_text(path, text, strlen(text)), MG_OK);
}

static bool holds(const char *path, const char *text) {
  char found[256] = "";
  FILE *file = fopen(path, "r");
  const size_t n = file ? fread(found, 1, sizeof found - 1, file) : 0;
  if (file) fclose(file);
  return n == strlen(text) && memcmp(found, text, n) == 0;
}

START_TEST(text_takes_the_place_of_the_old) {
  put(a, "one");
  ck_assert(holds(a, "one"));
  put(a, "another");
  ck_assert(holds(a, "another"));
}
END_TEST

START_TEST(failure_leaves_nothing) {
  char path[256];
  snprintf(path, sizeof path, "%s/none/a", directory);
  ck_assert_int_eq(mg_commit_text(path, "x", 1), MG_ERR_IO);
  ck_assert(strstr(mg_error_text(), "no such file or directory"));
  mg_error_clear();
  /* the final name is taken by a directory */
  ck_assert_int_eq(mkdir(a, 0777), 0);
  ck_assert_int_eq(mg_commit_text(a, "x", 1), MG_ERR_IO);
  ck_assert_int_eq(rmdir(a), 0);
}
END_TEST

START_TEST(long_names_are_refused) {
  char small[16];
  ck_assert_int_eq(mg_commit_name("/a/path/of/no/use", small, sizeof small), MG_ERR_IO);
}
END_TEST

/* What diff says about two texts. */
static bool said(const char *text_a, const char *text_b, const char *line, bool expect_equal) {
  char text[1024] = "";
  bool equal;
  put(a, text_a);
  put(b, text_b);
  FILE *out = tmpfile();
  ck_assert_int_eq(mg_diff_files(a, b, out, &equal), MG_OK);
  rewind(out);
  const size_t n = fread(text, 1, sizeof text - 1, out);
  fclose(out);
  text[n] = '\0';
  if (!strstr(text, line)) fprintf(stderr, "said: %s", text);
  return equal == expect_equal && strstr(text, line);
}

START_TEST(tables_are_compared_by_column) {
  const char *table = "step,time,stage\n# steps,ps,word\n0,0.5,run\n1,1e-3,run\n";
  ck_assert(said(table, table, "equal", true));
  ck_assert(said(table, "step,time,stage\n# steps,ps,word\n0,0.5,run\n1,2e-3,run\n",
                 "time: 1 of 3 rows differ, by up to 0.001", false));
  ck_assert(said(table, "step,time,stage\n# steps,ps,word\n0,0.5,walk\n1,1e-3,run\n",
                 "stage: 1 of 3 rows differ, by up to nan", false));
  ck_assert(
      said(table, "step,time,stage\n# steps,ps,word\n0,0.5,run\n", "a has 1 rows more", false));
  ck_assert(said(table, "step,time,stage\n# steps,ps,word\n0,0.5,run\n1,1e-3\n",
                 "1 rows have other numbers of columns", false));
  /* equal as numbers is not equal as bytes */
  ck_assert(said("x,y\n1,1\n", "x,y\n1.0,1\n", "x: 1 of 1 rows differ, by up to 0", false));
}
END_TEST

START_TEST(texts_are_compared_by_line) {
  ck_assert(said("a\nb\n", "a\nc\n", "line 2 differs", false));
  ck_assert(said("a\nb\n", "a\n", "a goes on after line 1", false));
  ck_assert(said("a\nb\n", "a\r\nb\n", "ends of lines differ", false));
  bool equal;
  unlink(b);
  ck_assert_int_eq(mg_diff_files(a, b, NULL, &equal), MG_ERR_INPUT);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, text_takes_the_place_of_the_old);
  tcase_add_test(tests, failure_leaves_nothing);
  tcase_add_test(tests, long_names_are_refused);
  tcase_add_test(tests, tables_are_compared_by_column);
  tcase_add_test(tests, texts_are_compared_by_line);
}

UNIT_CHECK_MAIN("commit", fill)
