/* io/yaml.h, io/diagnostics.h: every node knows where it stands (lines and columns counted by hand
 * from 1), what is not plain YAML is refused at its place, nothing in a memory buffer can do harm,
 * and mistakes come out in the order of the file. */
#include "mgmd/io/yaml.h"
#include "mgmd/base/rng.h"
#include "unit_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static mg_diagnostics mistakes;

static mg_yaml_node *parse(const char *text) {
  mg_yaml_node *root;
  mg_diagnostics_init(&mistakes, "f.yaml", NULL);
  const mg_status status = mg_yaml_parse(text, strlen(text), 0, &mistakes, &root);
  ck_assert_int_eq(status, root ? MG_OK : MG_ERR_INPUT);
  ck_assert_int_eq(mistakes.n, root ? 0 : 1);
  ck_assert_int_eq(mg_error_code(), MG_OK);
  return root;
}

static void ck_place(const mg_yaml_node *node, int line, int column) {
  ck_assert_ptr_nonnull(node);
  ck_assert_int_eq(node->place.line, line);
  ck_assert_int_eq(node->place.column, column);
}

START_TEST(places) {
  mg_yaml_node *root = parse("# a comment\n"
                             "seed: 7\n"
                             "axes: {load: z, free: y}\n"
                             "stages:\n"
                             "  - create:\n"
                             "      box: [1 nm, \"2 nm\"]\n"
                             "  - minimize\n");
  ck_place(root, 2, 1);
  ck_place(mg_yaml_key(root, "seed"), 2, 1);
  ck_place(mg_yaml_get(root, "seed"), 2, 7);
  ck_place(mg_yaml_at(root, "axes.free"), 3, 23);
  ck_assert_str_eq(mg_yaml_at(root, "axes.free")->text, "y");
  const mg_yaml_node *stages = mg_yaml_get(root, "stages");
  ck_assert_int_eq(stages->kind, MG_YAML_SEQUENCE);
  ck_assert_int_eq(stages->n, 2);
  ck_place(mg_yaml_key(stages->item[0], "create"), 5, 5);
  const mg_yaml_node *box = mg_yaml_at(stages->item[0], "create.box");
  ck_place(box->item[0], 6, 13);
  ck_place(box->item[1], 6, 19);
  ck_assert(!box->item[0]->quoted && box->item[1]->quoted);
  ck_assert_str_eq(box->item[1]->text, "2 nm");
  ck_assert_str_eq(stages->item[1]->text, "minimize");
  ck_assert_ptr_null(mg_yaml_at(root, "axes.thin"));
  ck_assert_ptr_null(mg_yaml_at(root, "seed.x"));
  ck_assert_ptr_null(mg_yaml_get(stages, "create"));
  mg_yaml_destroy(&root);
}
END_TEST

START_TEST(nulls) {
  mg_yaml_node *root = parse("a:\nb: ~\nc: null\nd: \"\"\ne: {}\nf: \"null\"\n");
  static const bool expected[] = {true, true, true, false, false, false};
  for (int k = 0; k < 6; k++) ck_assert_int_eq(mg_yaml_is_null(root->item[k]), expected[k]);
  ck_assert(mg_yaml_is_null(NULL));
  mg_yaml_destroy(&root);
  root = parse("");
  ck_assert(mg_yaml_is_null(root));
  ck_place(root, 1, 1);
  mg_yaml_destroy(&root);
}
END_TEST

START_TEST(repeated_keys_are_marked) {
  mg_yaml_node *root = parse("a: 1\nb: 2\na: 3\n\na: 4\n");
  ck_assert_int_eq(root->n, 4);
  ck_assert_int_eq(root->key[0]->first_line, 0);
  ck_assert_int_eq(root->key[1]->first_line, 0);
  ck_assert_int_eq(root->key[2]->first_line, 1);
  ck_assert_int_eq(root->key[3]->first_line, 1);
  ck_assert_str_eq(mg_yaml_get(root, "a")->text, "1");
  mg_yaml_destroy(&root);
}
END_TEST

START_TEST(refused) {
  static const struct {
    const char *text, *line;
  } cases[] = {
      {"a: &x 1\n", "f.yaml:1:4: syntax: an anchor or alias"},
      {"a: *x\n", "f.yaml:1:4: syntax: an anchor or alias"},
      {"a: !!int 1\n", "f.yaml:1:4: syntax: a tag"},
      {"a: !x {b: 1}\n", "f.yaml:1:4: syntax: a tag"},
      {"%YAML 1.1\n---\na: 1\n", "f.yaml:1:1: syntax: a directive"},
      {"a: 1\n---\nb: 1\n", "f.yaml:2:1: syntax: a second document"},
      {"a: [1, 2\n", "f.yaml:2:1: syntax: did not find expected ',' or ']' (while parsing a flow "
                     "sequence that begins on line 1)"},
      {"a: b: c\n", "f.yaml:1:5: syntax: mapping values are not allowed in this context"},
      {"a: 'x\nb: 1\n", "f.yaml:1:4: syntax: found unexpected end of stream"},
      {"? [a]\n: 1\n", "f.yaml:1:3: syntax: a key that is not a word"},
      {"a: \"x\\0y\"\n", "f.yaml:1:4: syntax: a NUL character in a value"},
      {"a: \"\\q\"\n", "f.yaml:1:5: syntax: found unknown escape character"},
      {"ok: 1\nbad: \xff\n", "f.yaml:2:6: syntax: invalid leading UTF-8 octet"},
      {"a: \x01\n", "f.yaml:1:4: syntax: control characters are not allowed"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    ck_assert_ptr_null(parse(cases[k].text));
    char line[400];
    mg_diagnostics_line(&mistakes, 0, line, sizeof line);
    ck_assert_msg(strncmp(line, cases[k].line, strlen(cases[k].line)) == 0, "%s\nnot %s", line,
                  cases[k].line);
  }
}
END_TEST

START_TEST(limits) {
  char *text = malloc(MG_YAML_BYTES + 2);
  memset(text, '[', MG_YAML_BYTES + 1);
  text[MG_YAML_BYTES + 1] = '\0';
  ck_assert_ptr_null(parse(text));
  ck_assert(strstr(mistakes.entry[0].text, "larger than 1 MiB"));
  text[1000] = '\0';
  ck_assert_ptr_null(parse(text));
  ck_assert(strstr(mistakes.entry[0].text, "nested too deeply"));
  ck_assert_int_eq(mistakes.entry[0].place.column, MG_YAML_DEPTH + 1);
  size_t n = 0;
  for (int k = 0; k < MG_YAML_NODES; k++) n += (size_t)sprintf(text + n, "- 1\n");
  ck_assert_ptr_null(parse(text));
  ck_assert(strstr(mistakes.entry[0].text, "too many values"));
  n = 0;
  for (int k = 0; k <= MG_YAML_KEYS; k++) n += (size_t)sprintf(text + n, "k%d: 1\n", k);
  ck_assert_ptr_null(parse(text));
  ck_assert(strstr(mistakes.entry[0].text, "too many keys"));
  free(text);
}
END_TEST

START_TEST(put_replaces_or_appends) {
  mg_yaml_node *root = parse("a: 1\n");
  const mg_place place = {2, 1, 1};
  ck_assert_int_eq(mg_yaml_put(root, "a", place, mg_yaml_new_scalar("5", place)), MG_OK);
  ck_assert_int_eq(mg_yaml_put(root, "b", place, mg_yaml_new(MG_YAML_MAPPING, place)), MG_OK);
  ck_assert_int_eq(root->n, 2);
  ck_assert_str_eq(mg_yaml_get(root, "a")->text, "5");
  ck_assert_int_eq(mg_yaml_get(root, "a")->place.origin, 2);
  ck_assert_int_eq(mg_yaml_key(root, "a")->place.origin, 0);
  ck_assert_int_eq(mg_yaml_key(root, "b")->place.origin, 2);
  mg_yaml_destroy(&root);
}
END_TEST

/* Inputs cut off anywhere, and with bytes changed, are accepted or refused, never worse (run under
 * the sanitizers, too). Fixed seeds: the same bytes every time. */
START_TEST(damaged_inputs) {
  static const char whole[] = "title: \"a\\tb\" # c\naxes: {load: z, free: 'y'}\nstages:\n"
                              "  - create: {box: [1 nm, 2 nm, 3 nm]}\n  - run:\n      x: |\n"
                              "        text\n  - {a: {b: {c: [[1], [2]]}}}\n";
  static const char odd[] = "\n\t :-[]{}&*!|>'\"%@`#\\?,\x80\xff\x01z";
  for (size_t length = 0; length < sizeof whole; length++) {
    mg_yaml_node *root;
    char *text = malloc(length ? length : 1); /* no byte after the end may be read */
    memcpy(text, whole, length);
    mg_diagnostics_init(&mistakes, "f.yaml", NULL);
    mg_yaml_parse(text, length, 0, &mistakes, &root);
    mg_yaml_destroy(&root);
    free(text);
  }
  for (int trial = 0; trial < 3000; trial++) {
    mg_rng rng;
    mg_rng_start(&rng, 1, MG_RNG_JITTER, trial, 0);
    char text[sizeof whole];
    memcpy(text, whole, sizeof whole);
    for (int k = 0; k < 4; k++)
      text[mg_rng_below(&rng, sizeof whole - 1)] = odd[mg_rng_below(&rng, sizeof odd - 1)];
    mg_yaml_node *root;
    mg_diagnostics_init(&mistakes, "f.yaml", NULL);
    const mg_status status = mg_yaml_parse(text, sizeof whole - 1, 0, &mistakes, &root);
    ck_assert_int_eq(status, root ? MG_OK : MG_ERR_INPUT);
    ck_assert_int_eq(mistakes.n, root ? 0 : 1);
    mg_yaml_destroy(&root);
  }
}
END_TEST

START_TEST(diagnostics_are_sorted) {
  static const char *const overrides[] = {"--set a=1", "--out x"};
  static mg_diagnostics list;
  mg_diagnostics_init(&list, "dir/in.yaml", overrides);
  ck_assert_int_eq(mg_diagnostics_status(&list), MG_OK);
  mg_diagnostics_add(&list, (mg_place){0, 7, 3}, "run.steps", "third\nline");
  mg_diagnostics_add(&list, (mg_place){0, 2, 9}, "", "second");
  mg_diagnostics_add(&list, (mg_place){2, 1, 1}, "b", "override two");
  mg_diagnostics_add(&list, (mg_place){0, 2, 4}, "seed", "first %d", 5);
  mg_diagnostics_add(&list, (mg_place){1, 9, 9}, "a", "override one");
  mg_diagnostics_add(&list, (mg_place){0, 2, 9}, "later", "same place, added later");
  static const char *const expected[] = {"--set a=1: a: override one",
                                         "--out x: b: override two",
                                         "dir/in.yaml:2:4: seed: first 5",
                                         "dir/in.yaml:2:9: second",
                                         "dir/in.yaml:2:9: later: same place, added later",
                                         "dir/in.yaml:7:3: run.steps: third?line"};
  ck_assert_int_eq(list.n, 6);
  for (int k = 0; k < 6; k++) {
    char line[200];
    mg_diagnostics_line(&list, k, line, sizeof line);
    ck_assert_str_eq(line, expected[k]);
  }
  ck_assert_int_eq(mg_diagnostics_status(&list), MG_ERR_INPUT);
  ck_assert_str_eq(mg_error_text(), expected[0]);
}
END_TEST

START_TEST(full_list_keeps_the_first) {
  static mg_diagnostics list;
  mg_diagnostics_init(&list, "in.yaml", NULL);
  for (int line = 3 * MG_DIAGNOSTICS; line > 0; line--)
    mg_diagnostics_add(&list, (mg_place){0, line, 1}, "k", "mistake");
  ck_assert_int_eq(list.n, MG_DIAGNOSTICS);
  ck_assert_int_eq(list.total, 3 * MG_DIAGNOSTICS);
  for (int k = 0; k < list.n; k++) ck_assert_int_eq(list.entry[k].place.line, k + 1);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, places);
  tcase_add_test(tests, nulls);
  tcase_add_test(tests, repeated_keys_are_marked);
  tcase_add_test(tests, refused);
  tcase_add_test(tests, limits);
  tcase_add_test(tests, put_replaces_or_appends);
  tcase_add_test(tests, damaged_inputs);
  tcase_add_test(tests, diagnostics_are_sorted);
  tcase_add_test(tests, full_list_keeps_the_first);
}

UNIT_CHECK_MAIN("yaml", fill)
