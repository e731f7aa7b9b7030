/* Every wrong input of tests/cli/malformed is refused at the place and with the words of its table
 * (malformed.tsv: file, LINE:COLUMN, part of the message), written by hand from the files. Here the
 * functions are called directly; tests/cli/malformed.sh asks the program. Mistakes that only the
 * running job can see (its rank count, a potential's file) are left to that. */
#include "mgmd/base/rng.h"
#include "mgmd/io/file.h"
#include "mgmd/stage/pipeline.h"
#include "unit_check.h"

#include <stdio.h>
#include <string.h>

#define FOLDER MGMD_SOURCE_DIR "/tests/cli/malformed/"

static char *read_whole(const char *path, size_t *length) {
  char *text;
  ck_assert_msg(mg_file_read(path, MG_YAML_BYTES, &text, length) == MG_OK, "%s", mg_error_text());
  return text;
}

static void check_one(const char *name, const char *place, const char *part) {
  char path[1024], start[1100], line[1024];
  size_t length;
  snprintf(path, sizeof path, FOLDER "%s", name);
  char *text = read_whole(path, &length);
  const mg_config_source source = {.path = path};
  mg_config *config;
  mg_pipeline *pipeline;
  ck_assert_int_eq(mg_config_parse(&source, "/", text, length, &config), MG_OK);
  mg_free(text);
  ck_assert_int_eq(mg_pipeline_build(config, &pipeline), MG_OK);
  pipeline->potential = mg_potential_builtin("cuzr-mendelev2007");
  mg_pipeline_check(pipeline, false);
  ck_assert_msg(config->diagnostics.n > 0, "%s: accepted", name);
  mg_diagnostics_line(&config->diagnostics, 0, line, sizeof line);
  snprintf(start, sizeof start, "%s:%s: ", path, place);
  ck_assert_msg(strncmp(line, start, strlen(start)) == 0 && strstr(line, part),
                "%s\nis not at %s with '%s'", line, place, part);
  ck_assert_ptr_null(strchr(line, '\n'));
  mg_pipeline_destroy(&pipeline);
}

START_TEST(all_of_the_table) {
  size_t length;
  char *table = read_whole(FOLDER "malformed.tsv", &length), *next = table;
  int n = 0;
  for (char *line = table; *line; line = next) {
    next = line + strcspn(line, "\n");
    if (*next) *next++ = '\0';
    char *place = strchr(line, '\t'), *part = place ? strchr(place + 1, '\t') : NULL;
    ck_assert_msg(part != NULL, "malformed.tsv: '%s' has not three columns", line);
    *place++ = *part++ = '\0';
    if (strncmp(line, "grid_ranks", 10) != 0 && strncmp(line, "potential_", 10) != 0)
      check_one(line, place, part);
    n++;
  }
  ck_assert_int_ge(n, 50);
  mg_free(table);
}
END_TEST

/* The quick start with bytes changed or its end cut off is accepted or refused with a mistake, and
 * never does harm (run under the sanitizers, too). Fixed seeds: the same bytes every time. */
START_TEST(damaged_quick_start) {
  size_t length;
  char *whole = read_whole(MGMD_SOURCE_DIR "/inputs/quickstart.yaml", &length);
  const mg_config_source source = {.path = "f.yaml"};
  mg_potential *potential = mg_potential_builtin("cuzr-mendelev2007");
  static const char odd[] = "\n\t :-[]{}&*!|>'\"%@`#\\?,\x80\xff\x01z09.eKPs";
  int refused = 0;
  for (int trial = 0; trial < 2000; trial++) {
    mg_rng rng;
    mg_rng_start(&rng, 2, MG_RNG_JITTER, trial, 0);
    char *text;
    ck_assert_int_eq(MG_NEW(text, length), MG_OK);
    memcpy(text, whole, length);
    for (int k = 0; k < 3; k++)
      text[mg_rng_below(&rng, length)] = odd[mg_rng_below(&rng, sizeof odd - 1)];
    const size_t cut = trial % 4 ? length : mg_rng_below(&rng, length);
    mg_config *config;
    mg_pipeline *pipeline;
    ck_assert_int_eq(mg_config_parse(&source, "/", text, cut, &config), MG_OK);
    mg_free(text);
    ck_assert_int_eq(mg_pipeline_build(config, &pipeline), MG_OK);
    pipeline->potential = potential;
    mg_pipeline_check(pipeline, false);
    refused += config->diagnostics.n > 0;
    ck_assert_int_eq(mg_error_code(), MG_OK);
    pipeline->potential = NULL;
    mg_pipeline_destroy(&pipeline);
  }
  ck_assert_int_gt(refused, 500); /* the others were hit in comments */
  mg_potential_destroy(&potential);
  mg_free(whole);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, all_of_the_table);
  tcase_add_test(tests, damaged_quick_start);
}

UNIT_CHECK_MAIN("malformed", fill)
