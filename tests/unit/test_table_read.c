/* Tables come back as they were written: names, units, numbers to the bit, words; a row that is
 * still being written is left out; anything else is refused with its line. */
#include "unit_check.h"

#include "mgmd/io/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *write_file(const char *text) {
  static const char path[] = "table.csv";
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  ck_assert_int_ge(fputs(text, file), 0);
  fclose(file);
  return path;
}

START_TEST(reads_a_table) {
  mg_table_data t;
  const char *path = write_file("step,time,stage,stress\n#steps,ps,word,GPa\n"
                                "0,0,run,0.1\n10,0.02,compress[2],-0.30000000000000004\n"
                                "20,0.04,unload,nan\n30,0.06,unlo");
  ck_assert_msg(mg_table_read(path, &t) == MG_OK, "%s", mg_error_text());
  ck_assert_int_eq(t.n_columns, 4);
  ck_assert_int_eq(t.n_rows, 3);
  ck_assert_str_eq(t.unit[0], "steps");
  ck_assert_str_eq(t.unit[3], "GPa");
  ck_assert_int_eq(mg_table_find(&t, "stress"), 3);
  ck_assert_int_eq(mg_table_find(&t, "strain"), -1);
  ck_assert(t.number[3][1] == -0.30000000000000004);
  ck_assert(isnan(t.number[3][2]) && isnan(t.number[2][0]));
  ck_assert_ptr_null(t.word[3]);
  ck_assert_str_eq(t.word[2][1], "compress[2]");
  mg_table_clear(&t);
}
END_TEST

START_TEST(reads_other_tables) {
  mg_table_data t;
  ck_assert_int_eq(mg_table_read(write_file("a,b\r\n1,2\r\n"), &t), MG_OK);
  ck_assert(t.n_rows == 1 && t.number[1][0] == 2 && strcmp(t.unit[0], "") == 0);
  mg_table_clear(&t);
  ck_assert_int_eq(mg_table_read(write_file("a,b\n"), &t), MG_OK);
  ck_assert_int_eq(t.n_rows, 0);
  mg_table_clear(&t);
}
END_TEST

START_TEST(refuses) {
  static const char *const wrong[][2] = {{"", "is not a table"},
                                         {"no commas here\n", "is not a table"},
                                         {"a,b\n1,2\n1\n", "table.csv:3: "},
                                         {"a,b\n1,2,3\n", "table.csv:2: "}};
  for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
    mg_table_data t;
    mg_error_clear();
    ck_assert_int_eq(mg_table_read(write_file(wrong[k][0]), &t), MG_ERR_INPUT);
    ck_assert_msg(strstr(mg_error_text(), wrong[k][1]) != NULL, "%s", mg_error_text());
  }
  mg_table_data t;
  mg_error_clear();
  ck_assert_int_eq(mg_table_read("none.csv", &t), MG_ERR_INPUT);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, reads_a_table);
  tcase_add_test(tests, reads_other_tables);
  tcase_add_test(tests, refuses);
}
UNIT_CHECK_MAIN("table_read", fill)
