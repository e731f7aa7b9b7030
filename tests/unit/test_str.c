/* base/str.h: truncation is safe and told; the edit distance is the restricted Damerau-Levenshtein
 * one (textbook values), and the suggestion is near or none. */
#include "mgmd/base/str.h"
#include "unit_check.h"

#include <string.h>

START_TEST(copy_and_append_truncate) {
  char text[8];
  ck_assert(mg_str_copy(text, sizeof text, "1234567"));
  ck_assert(!mg_str_copy(text, sizeof text, "12345678"));
  ck_assert_str_eq(text, "1234567");
  ck_assert(mg_str_copy(text, sizeof text, ""));
  mg_str_append(text, sizeof text, "%d%s", 12, "ab");
  ck_assert_str_eq(text, "12ab");
  mg_str_append(text, sizeof text, "%s", "cdefgh");
  ck_assert_str_eq(text, "12abcde");
  mg_str_append(text, sizeof text, "more");
  ck_assert_str_eq(text, "12abcde");
}
END_TEST

START_TEST(distances) {
  static const struct {
    const char *a, *b;
    int distance;
  } cases[] = {
      {"", "", 0},          {"", "abc", 3},       {"rate", "rate", 0}, {"rat", "rate", 1},
      {"rtae", "rate", 1},  {"rata", "rate", 1},  {"ca", "abc", 3}, /* unrestricted: 2 */
      {"kitten", "sitting", 3}, {"saturday", "sunday", 3},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    ck_assert_int_eq(mg_str_distance(cases[k].a, cases[k].b), cases[k].distance);
    ck_assert_int_eq(mg_str_distance(cases[k].b, cases[k].a), cases[k].distance);
  }
}
END_TEST

START_TEST(long_words_are_cut) {
  char a[200], b[200];
  memset(a, 'x', sizeof a), memset(b, 'x', sizeof b);
  a[199] = b[199] = '\0';
  b[0] = 'y', b[100] = 'y'; /* the second lies beyond the 63 characters looked at */
  ck_assert_int_eq(mg_str_distance(a, b), 1);
}
END_TEST

START_TEST(nearest_word_or_none) {
  static const char *const words[] = {"rate", "strain", "temperature", "pressure"};
  ck_assert_str_eq(mg_str_nearest("rat", words, 4), "rate");
  ck_assert_str_eq(mg_str_nearest("starin", words, 4), "strain");
  ck_assert_str_eq(mg_str_nearest("temprature", words, 4), "temperature");
  ck_assert_str_eq(mg_str_nearest("pressure", words, 4), "pressure");
  ck_assert_ptr_null(mg_str_nearest("composition", words, 4));
  ck_assert_ptr_null(mg_str_nearest("x", words, 4));
  ck_assert_ptr_null(mg_str_nearest("rate", words, 0));
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, copy_and_append_truncate);
  tcase_add_test(tests, distances);
  tcase_add_test(tests, long_words_are_cut);
  tcase_add_test(tests, nearest_word_or_none);
}

UNIT_CHECK_MAIN("str", fill)
