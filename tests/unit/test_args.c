/* The command line is parsed strictly and leaves no memory behind, whether it is right or wrong;
 * the three renderings of a page say the same words. Expectations are SPEC section 3 and the rules
 * in cmd/args.h and cmd/page.h. */
#include "unit_check.h"

#include "mgmd/cmd/args.h"
#include "mgmd/cmd/page.h"

#include <string.h>

enum { MOST = 12 };

/* Parse "mgmd WORD WORD ...", blanks separate. */
static mg_status parse(const char *line, mg_call *call) {
  static char text[256];
  static char *argv[MOST + 1];
  int argc = 0;
  strcpy(text, line);
  for (char *word = strtok(text, " "); word && argc < MOST; word = strtok(NULL, " "))
    argv[argc++] = word;
  argv[argc] = NULL;
  return mg_call_parse(argc, argv, call);
}

START_TEST(names_the_command) {
  static const struct {
    const char *line, *command;
  } cases[] = {{"mgmd x.yaml", ""},
               {"mgmd ./x", ""},
               {"mgmd check x.yaml", "check"},
               {"mgmd diff a b", "diff"},
               {"mgmd --version", "version"},
               {"mgmd --help", "help"},
               {"mgmd check --help", "help"},
               {"mgmd help run", "help"},
               {"mgmd", "help"},
               {"mgmd --set a=b x.yaml", ""}};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    mg_call call;
    ck_assert_msg(parse(cases[k].line, &call) == MG_OK, "%s: %s", cases[k].line, mg_error_text());
    ck_assert_str_eq(call.command->name, cases[k].command);
    mg_call_clear(&call);
  }
}
END_TEST

START_TEST(keeps_values_in_order) {
  mg_call call;
  ck_assert_int_eq(parse("mgmd --set a=1 x.yaml --set=b=2 --quiet --out d", &call), MG_OK);
  ck_assert_int_eq(call.n_words, 1);
  ck_assert_str_eq(call.word[0], "x.yaml");
  ck_assert_int_eq(call.n_given, 4);
  ck_assert_str_eq(call.given[0].value, "a=1");
  ck_assert_str_eq(call.given[1].value, "b=2");
  ck_assert_str_eq(mg_call_value(&call, "out", NULL), "d");
  ck_assert(mg_call_has(&call, "quiet"));
  ck_assert(!mg_call_has(&call, "verbose"));
  mg_call_clear(&call);
}
END_TEST

START_TEST(two_dashes_end_the_options) {
  mg_call call;
  ck_assert_int_eq(parse("mgmd diff -- --quiet -", &call), MG_OK);
  ck_assert_int_eq(call.n_words, 2);
  ck_assert_str_eq(call.word[0], "--quiet");
  ck_assert_str_eq(call.word[1], "-");
  mg_call_clear(&call);
}
END_TEST

START_TEST(refuses) {
  static const struct {
    const char *line, *text; /* what the message holds */
  } cases[] = {{"mgmd chekc x.yaml", "'check'"},
               {"mgmd x.yaml --sett a=b", "'--set'"},
               {"mgmd x.yaml -quiet", "'-quiet'; did you mean '--quiet'"},
               {"mgmd x.yaml --out", "--out DIR"},
               {"mgmd x.yaml --out --quiet", "--out DIR"},
               {"mgmd x.yaml --out a --out b", "twice"},
               {"mgmd x.yaml --check=1", "no value"},
               {"mgmd x.yaml y.yaml", "'y.yaml'"},
               {"mgmd diff a", "mgmd diff A B"},
               {"mgmd convert a", "a file name is missing"},
               {"mgmd x.yaml --resume", "--resume auto|FILE"}};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    mg_call call;
    mg_error_clear();
    ck_assert_msg(parse(cases[k].line, &call) == MG_ERR_INPUT, "%s", cases[k].line);
    ck_assert_msg(strstr(mg_error_text(), cases[k].text) != NULL, "%s: %s", cases[k].line,
                  mg_error_text());
    ck_assert_ptr_null(call.word);
  }
}
END_TEST

START_TEST(reads_whole_numbers) {
  mg_call call;
  int64_t n = 7;
  ck_assert_int_eq(parse("mgmd potential a --points 12", &call), MG_OK);
  ck_assert_int_eq(mg_call_integer(&call, "points", 5, 100, &n), MG_OK);
  ck_assert_int_eq(n, 12);
  ck_assert_int_eq(mg_call_integer(&call, "points", 13, 100, &n), MG_ERR_INPUT);
  mg_call_clear(&call);
  static const char *const wrong[] = {"1e3", "12x", "0x10", "99999999999999999999", "1.5"};
  for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
    char line[64] = "mgmd potential a --points ";
    strcat(line, wrong[k]);
    ck_assert_int_eq(parse(line, &call), MG_OK);
    ck_assert_int_eq(mg_call_integer(&call, "points", 0, INT64_MAX, &n), MG_ERR_INPUT);
    mg_call_clear(&call);
    mg_error_clear();
  }
  ck_assert_int_eq(n, 12);
}
END_TEST

/* Fill a page and hand its text over. */
static char *page_text(mg_page_style style) {
  mg_page page = {.style = style};
  mg_page_heading(&page, 2, "Title");
  mg_page_paragraph(&page, "Words and `a b`, %d < 3 * 4.", 2);
  mg_page_item(&page, 10, "--set", "%s", "doc");
  mg_page_code(&page, "sh", ".dot\n- x\n");
  char *text;
  ck_assert_int_eq(mg_text_take(&page.text, &text), MG_OK);
  return text;
}

START_TEST(renders_three_ways) {
  static const char *const expected[] = {
      "Title\n  Words and 'a b', 2 < 3 * 4.\n\n  --set   doc\n\n    .dot\n    - x\n",
      "## Title\n\nWords and `a b`, 2 \\< 3 \\* 4.\n\n- `--set`: doc\n\n```sh\n.dot\n- x\n```\n",
      ".SH \"TITLE\"\nWords and \\fBa b\\fR, 2 < 3 * 4.\n.TP\n\\fB\\-\\-set\\fR\ndoc\n"
      ".PP\n.RS 4\n.nf\n\\&.dot\n\\- x\n.fi\n.RE\n"};
  for (int style = MG_PAGE_TEXT; style <= MG_PAGE_MAN; style++) {
    char *text = page_text((mg_page_style)style);
    ck_assert_str_eq(text, expected[style]);
    mg_free(text);
  }
}
END_TEST

START_TEST(fills_to_the_width_of_a_terminal) {
  char words[601] = "";
  for (int k = 0; k < 100; k++) strcat(words, "`a b` ");
  mg_page page = {.style = MG_PAGE_TEXT};
  mg_page_item(&page, 30, "term", "%s", words);
  char *text;
  ck_assert_int_eq(mg_text_take(&page.text, &text), MG_OK);
  int lines = 0;
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++) {
    ck_assert_uint_lt(strlen(line), 80);
    ck_assert_msg(line[strlen(line) - 1] == '\'', "broken inside quotes: %s", line);
  }
  ck_assert_int_gt(lines, 5);
  mg_free(text);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, names_the_command);
  tcase_add_test(tests, keeps_values_in_order);
  tcase_add_test(tests, two_dashes_end_the_options);
  tcase_add_test(tests, refuses);
  tcase_add_test(tests, reads_whole_numbers);
  tcase_add_test(tests, renders_three_ways);
  tcase_add_test(tests, fills_to_the_width_of_a_terminal);
}
UNIT_CHECK_MAIN("args", fill)
