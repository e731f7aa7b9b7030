/* io/config.h, io/params.h: the top level of an input and the tables behind all keys. Every value
 * lands in its field in internal units, defaults are those of the table, overrides act exactly like
 * the file (SPEC section 2), and what is written out again reads back to the same bits. */
#include "mgmd/io/config.h"
#include "mgmd/io/params.h"
#include "unit_check.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define HEAD                                                                                       \
  "potential: cuzr-mendelev2007\n"                                                                 \
  "timestep: 2 fs\n"                                                                               \
  "seed: 7\n"                                                                                      \
  "axes: {load: z, free: y, thin: x}\n"                                                            \
  "output: {directory: out/x}\n"

#define STAGES                                                                                     \
  "stages:\n"                                                                                      \
  "  - create: {atoms: 10}\n"                                                                      \
  "  - minimize\n"                                                                                 \
  "  - run: {steps: 1}\n"                                                                          \
  "  - compress: {rate: 4e9 1/s, pressure: {x: 0 GPa}}\n"                                          \
  "  - run:\n"

static mg_config *parse_with(const char *text, int n_sets, const char *const *sets,
                             const char *out) {
  const mg_config_source source = {"in/f.yaml", n_sets, sets, out};
  mg_config *config;
  ck_assert_int_eq(mg_config_parse(&source, "/home/u", text, strlen(text), &config), MG_OK);
  ck_assert_ptr_nonnull(config);
  return config;
}

static mg_config *parse(const char *text) { return parse_with(text, 0, NULL, NULL); }

/* The first mistake as a line; "" when there is none. */
static const char *first_mistake(const mg_config *config) {
  static char line[1024];
  line[0] = '\0';
  if (config->diagnostics.n > 0) mg_diagnostics_line(&config->diagnostics, 0, line, sizeof line);
  return line;
}

START_TEST(defaults) {
  mg_config *config = parse(HEAD STAGES);
  ck_assert_str_eq(first_mistake(config), "");
  ck_assert_str_eq(config->title, "");
  ck_assert_str_eq(config->potential, "cuzr-mendelev2007");
  ck_assert(config->timestep == 0.002);
  ck_assert_int_eq(config->seed, 7);
  ck_assert(config->axes.load == 2 && config->axes.free == 1 && config->axes.thin == 0);
  ck_assert_str_eq(config->directory, "out/x");
  ck_assert(config->thermo == 1.0 && config->checkpoint == 1800.0);
  ck_assert_int_eq(config->fields.n, 0);
  ck_assert_int_eq(config->precision, MG_PRECISION_FLOAT64);
  ck_assert_int_eq(config->grid[0], INT64_MIN);
  ck_assert_int_eq(config->kernel, MG_KERNEL_AUTO);
  ck_assert(isnan(config->skin));
  mg_config_destroy(&config);
}
END_TEST

START_TEST(given_values) {
  mg_config *config =
      parse("title: a glass\npotential: ../pot/CuZr.eam.fs\ntimestep: 1.5 fs\n"
            "seed: 9223372036854775807\naxes: {load: x, free: z, thin: y}\n"
            "output:\n  directory: out\n  thermo: 0.2 ps\n  checkpoint: 1h30m\n"
            "  fields: [position, strain_12]\n  precision: float32\n"
            "parallel: {grid: [1, 2, 3]}\nkernel: reference\nskin: 0.1 nm\n" STAGES);
  ck_assert_str_eq(first_mistake(config), "");
  ck_assert_str_eq(config->title, "a glass");
  ck_assert_str_eq(config->potential, "in/../pot/CuZr.eam.fs");
  ck_assert(config->timestep == 0.0015);
  ck_assert_int_eq(config->seed, INT64_MAX);
  ck_assert(config->axes.load == 0 && config->axes.free == 2 && config->axes.thin == 1);
  ck_assert(config->thermo == 0.2 && config->checkpoint == 5400.0);
  ck_assert_int_eq(config->fields.n, 2);
  ck_assert_str_eq(config->fields.name[1], "strain_12");
  ck_assert_int_eq(config->precision, MG_PRECISION_FLOAT32);
  ck_assert(config->grid[0] == 1 && config->grid[1] == 2 && config->grid[2] == 3);
  ck_assert_int_eq(config->kernel, MG_KERNEL_REFERENCE);
  ck_assert(config->skin == 1.0);
  mg_config_destroy(&config);
}
END_TEST

START_TEST(stages_are_words_with_labels) {
  mg_config *config = parse(HEAD STAGES);
  static const char *const labels[] = {"create", "minimize", "run[1]", "compress", "run[2]"};
  ck_assert_int_eq(config->n_stages, 5);
  for (int k = 0; k < 5; k++) {
    ck_assert_str_eq(config->stages[k].label, labels[k]);
    ck_assert_int_eq(config->stages[k].key->place.line, 7 + k);
    ck_assert_int_eq(config->stages[k].key->place.column, 5);
  }
  ck_assert_str_eq(config->stages[4].word, "run");
  ck_assert(mg_yaml_is_null(config->stages[1].node) && mg_yaml_is_null(config->stages[4].node));
  ck_assert_int_eq(config->stages[0].node->n, 1);
  mg_config_destroy(&config);
}
END_TEST

START_TEST(all_mistakes_in_file_order) {
  mg_config *config = parse("potential: p\ntimestep: 2\nsed: 7\naxes: {load: z, free: z, thin: x}\n"
                            "output: {thermo: 5}\nstages: []\nstages: 3\n");
  static const char *const expected[] = {"in/f.yaml:2:11: timestep: '2' has no unit",
                                         "in/f.yaml:3:1: sed: unknown key 'sed'; did you "
                                         "mean 'seed'?",
                                         "in/f.yaml:5:1: output.directory: missing",
                                         "in/f.yaml:5:18: output.thermo: '5' has no unit",
                                         "in/f.yaml:6:9: stages: a list of 0",
                                         "in/f.yaml:7:1: stages: repeated key 'stages', "
                                         "first on line 6"};
  ck_assert_int_eq(config->diagnostics.n, 6);
  for (int k = 0; k < 6; k++) {
    char line[1024];
    mg_diagnostics_line(&config->diagnostics, k, line, sizeof line);
    ck_assert_msg(strncmp(line, expected[k], strlen(expected[k])) == 0, "%s\nnot %s", line,
                  expected[k]);
  }
  mg_config_destroy(&config);
}
END_TEST

START_TEST(overrides_reach_their_place) {
  static const char *const sets[] = {
      "timestep=1 fs",        "output.directory=elsewhere",    "output.thermo=3 ps",
      "run[2].steps=5",       "compress.rate=1e8 1/s",         "compress.pressure.y=1 GPa",
      "minimize.max_steps=9", "create.box=[1 nm, 2 nm, 3 nm]", "parallel.grid=[2, 2, 2]"};
  mg_config *config = parse_with(HEAD STAGES, 9, sets, NULL);
  ck_assert_str_eq(first_mistake(config), "");
  ck_assert(config->timestep == 0.001 && config->thermo == 3.0);
  ck_assert_str_eq(config->directory, "elsewhere");
  ck_assert_int_eq(config->grid[2], 2);
  ck_assert_str_eq(mg_yaml_at(config->stages[4].node, "steps")->text, "5");
  ck_assert_str_eq(mg_yaml_at(config->stages[2].node, "steps")->text, "1");
  ck_assert_str_eq(mg_yaml_at(config->stages[3].node, "rate")->text, "1e8 1/s");
  ck_assert_str_eq(mg_yaml_at(config->stages[3].node, "pressure.x")->text, "0 GPa");
  ck_assert_str_eq(mg_yaml_at(config->stages[3].node, "pressure.y")->text, "1 GPa");
  ck_assert_str_eq(mg_yaml_at(config->stages[1].node, "max_steps")->text, "9");
  ck_assert_int_eq(mg_yaml_at(config->stages[0].node, "box")->n, 3);
  mg_config_destroy(&config);
}
END_TEST

START_TEST(the_last_override_wins_and_out_beats_all) {
  static const char *const sets[] = {"seed=1", "seed=2", "output.directory=a"};
  mg_config *config = parse_with(HEAD STAGES, 3, sets, "b: c");
  ck_assert_str_eq(first_mistake(config), "");
  ck_assert_int_eq(config->seed, 2);
  ck_assert_str_eq(config->directory, "b: c"); /* a folder, not YAML */
  mg_config_destroy(&config);
}
END_TEST

START_TEST(wrong_overrides) {
  static const struct {
    const char *set, *line;
  } cases[] = {
      {"seed", "--set seed: not of the form KEY=VALUE"},
      {"=5", "--set =5: not of the form KEY=VALUE"},
      {"seed=x", "--set seed=x: seed: 'x' is not a whole number"},
      {"seed=", "--set seed=: seed: no value"},
      {"seed={a: 1", "--set seed={a: 1: syntax: "},
      {"sead=5", "--set sead=5: sead: 'sead' is neither a stage of this input nor a top-level key; "
                 "did you mean 'seed'?"},
      {"compres.rate=5", "--set compres.rate=5: compres.rate: 'compres' is neither a stage of this "
                         "input nor a top-level key; did you mean 'compress'?"},
      {"output.thermos=1 ps", "--set output.thermos=1 ps: output.thermos: unknown key 'thermos'; "
                              "did you mean 'thermo'?"},
      {"run.steps=5", "--set run.steps=5: run.steps: 'run' stands 2 times among the stages; write "
                      "run[1] to run[2]"},
      {"run[3].steps=5", "--set run[3].steps=5: run[3].steps: 'run' stands only 2 times"},
      {"run[0].steps=5", "--set run[0].steps=5: run[0].steps: a malformed index"},
      {"run[x].steps=5", "--set run[x].steps=5: run[x].steps: a malformed index"},
      {"run[1=5", "--set run[1=5: run[1: a malformed index"},
      {"compress=5", "--set compress=5: compress: a stage, not one of its keys"},
      {"create.atoms.x=5", "--set create.atoms.x=5: create.atoms.x: no map holds 'x'"},
      {"stages.x=5", "--set stages.x=5: stages.x: a stage is named by its word"},
      {"stages[1].x=5", "--set stages[1].x=5: stages[1].x: a stage is named by its word"},
      {"output..thermo=5", "--set output..thermo=5: output..thermo: an empty word in the key"},
      {".seed=5", "--set .seed=5: .seed: an empty word in the key"},
      {"timestep=2", "--set timestep=2: timestep: '2' has no unit"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    const char *const sets[] = {cases[k].set};
    mg_config *config = parse_with(HEAD "titel: x\n" STAGES, 1, sets, NULL);
    const char *line = first_mistake(config); /* before that of the file */
    ck_assert_msg(strncmp(line, cases[k].line, strlen(cases[k].line)) == 0, "%s\nnot %s", line,
                  cases[k].line);
    mg_config_destroy(&config);
  }
}
END_TEST

/* --- a table of every kind -------------------------------------------------------------------- */

typedef struct every_kind {
  double real, real3[3], free_real;
  int64_t whole, whole3[3];
  bool flag;
  int choice, axis;
  char text[MG_PATH], file[MG_PATH];
  mg_names names;
  mg_ramp ramp;
  mg_axis_ramp axis_ramp;
  mg_composition composition;
} every_kind;

static const char *const colours[] = {"red", "green", NULL};

static const mg_param every_params[] = {
    {.name = "real",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(every_kind, real),
     .fallback = "0.1 nm",
     .min = 0,
     .max = 50,
     .doc = "d"},
    {.name = "real3",
     .kind = MG_P_REAL3,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(every_kind, real3),
     .doc = "d"},
    {.name = "free_real", .kind = MG_P_REAL, .offset = offsetof(every_kind, free_real), .doc = "d"},
    {.name = "whole",
     .kind = MG_P_INT,
     .offset = offsetof(every_kind, whole),
     .min = -5,
     .max = 1e9,
     .doc = "d"},
    {.name = "whole3",
     .kind = MG_P_INT3,
     .offset = offsetof(every_kind, whole3),
     .fallback = "[1, 1, 2]",
     .doc = "d"},
    {.name = "flag",
     .kind = MG_P_BOOL,
     .offset = offsetof(every_kind, flag),
     .fallback = "on",
     .doc = "d"},
    {.name = "choice",
     .kind = MG_P_CHOICE,
     .offset = offsetof(every_kind, choice),
     .choices = colours,
     .doc = "d"},
    {.name = "axis", .kind = MG_P_AXIS, .offset = offsetof(every_kind, axis), .doc = "d"},
    {.name = "text", .kind = MG_P_TEXT, .offset = offsetof(every_kind, text), .doc = "d"},
    {.name = "file", .kind = MG_P_FILE, .offset = offsetof(every_kind, file), .doc = "d"},
    {.name = "names", .kind = MG_P_NAMES, .offset = offsetof(every_kind, names), .doc = "d"},
    {.name = "ramp",
     .kind = MG_P_RAMP,
     .dimension = MG_DIM_TEMPERATURE,
     .offset = offsetof(every_kind, ramp),
     .min = 0,
     .max = 1e4,
     .doc = "d"},
    {.name = "axis_ramp",
     .kind = MG_P_AXIS_RAMP,
     .dimension = MG_DIM_PRESSURE,
     .offset = offsetof(every_kind, axis_ramp),
     .doc = "d"},
    {.name = "composition",
     .kind = MG_P_COMPOSITION,
     .offset = offsetof(every_kind, composition),
     .doc = "d"},
    {.name = NULL},
};

static mg_diagnostics mistakes;

static bool read_table(const char *text, every_kind *config, mg_yaml_node **node) {
  mg_diagnostics_init(&mistakes, "t", NULL);
  ck_assert_int_eq(mg_yaml_parse(text, strlen(text), 0, &mistakes, node), MG_OK);
  const mg_param_source source = {*node, {0, 1, 1}, "stage", "in/f.yaml", &mistakes};
  memset(config, 0, sizeof *config);
  return mg_param_parse(every_params, &source, config);
}

START_TEST(absent_values) {
  static every_kind c;
  mg_yaml_node *node;
  ck_assert(read_table("", &c, &node));
  ck_assert(c.real == 1.0 && isnan(c.real3[2]) && isnan(c.free_real));
  ck_assert(c.whole == INT64_MIN && c.whole3[2] == 2 && c.flag);
  ck_assert(c.choice == -1 && c.axis == -1 && c.text[0] == '\0' && c.file[0] == '\0');
  ck_assert(c.names.n == 0 && isnan(c.ramp.from) && isnan(c.ramp.to));
  ck_assert(!c.axis_ramp.given && c.composition.n == 0);
  mg_yaml_destroy(&node);
}
END_TEST

static const char *const every_value =
    "{real: 2 nm, real3: [1 A, 1 nm, 2 um], free_real: -1.5e3, whole: 1e6, whole3: [3, 4, 5],\n"
    "flag: no, choice: green, axis: y, text: 'a: b, \"c\"', file: ../x.h5, names: [Cu, Zr],\n"
    "ramp: {from: 300 K, to: 50 K}, axis_ramp: {x: 1 GPa, z: {from: 0 GPa, to: -2 GPa}},\n"
    "composition: {Zr: 36, Cu: 64}}\n";

static void ck_every_value(const every_kind *c) {
  ck_assert(c->real == 20 && c->real3[0] == 1 && c->real3[1] == 10 && c->real3[2] == 2e4);
  ck_assert(c->free_real == -1500 && c->whole == 1000000 && c->whole3[1] == 4);
  ck_assert(!c->flag && c->choice == 1 && c->axis == 1);
  ck_assert_str_eq(c->text, "a: b, \"c\"");
  ck_assert_int_eq(c->names.n, 2);
  ck_assert_str_eq(c->names.name[1], "Zr");
  ck_assert(c->ramp.from == 300 && c->ramp.to == 50);
  ck_assert(c->axis_ramp.given && !c->axis_ramp.coupled);
  ck_assert(c->axis_ramp.on[0] && !c->axis_ramp.on[1] && c->axis_ramp.on[2]);
  ck_assert(c->axis_ramp.value[0].to == 1 && c->axis_ramp.value[2].to == -2);
  ck_assert_int_eq(c->composition.n, 2);
  ck_assert_str_eq(c->composition.symbol[0], "Zr");
  ck_assert(c->composition.fraction[0] == 0.36 && c->composition.fraction[1] == 0.64);
}

START_TEST(values_of_every_kind) {
  static every_kind c;
  mg_yaml_node *node;
  ck_assert_msg(read_table(every_value, &c, &node), "%s", mistakes.entry[0].text);
  ck_every_value(&c);
  ck_assert_str_eq(c.file, "in/../x.h5");
  mg_yaml_destroy(&node);
}
END_TEST

START_TEST(scalar_forms) {
  static every_kind c;
  mg_yaml_node *node;
  ck_assert(read_table("{ramp: 50 K, axis_ramp: {from: 1 GPa, to: 2 GPa}, names: Cu, "
                       "file: /abs/x.h5, whole: -5}",
                       &c, &node));
  ck_assert(c.ramp.from == 50 && c.ramp.to == 50 && c.whole == -5);
  ck_assert(c.axis_ramp.coupled && c.axis_ramp.on[1] && c.axis_ramp.value[2].from == 1);
  ck_assert_int_eq(c.names.n, 1);
  ck_assert_str_eq(c.file, "/abs/x.h5");
  mg_yaml_destroy(&node);
}
END_TEST

START_TEST(wrong_values) {
  static const struct {
    const char *text, *path, *message;
  } cases[] = {
      {"real: 6 nm", "stage.real", "'6 nm' is out of range; must be at least 0 A and at most 50 A"},
      {"real: [1]", "stage.real", "a list; write a number with one of: nm"},
      {"real: {a: 1}", "stage.real", "a map; write a number"},
      {"real:", "stage.real", "no value; write a number with one of"},
      {"real3: [1 A, 2 A]", "stage.real3", "a list of 2; write three values"},
      {"whole: 1.5", "stage.whole", "'1.5' is not a whole number"},
      {"whole: 1e400", "stage.whole", "is not a whole number"},
      {"whole: 12x", "stage.whole", "is not a whole number"},
      {"whole: -6", "stage.whole", "'-6' is out of range; must be at least -5"},
      {"whole3: [1, 1, 1, 1]", "stage.whole3", "a list of 4"},
      {"flag: maybe", "stage.flag", "'maybe' is neither on nor off"},
      {"choice: gren", "stage.choice", "unknown word 'gren'; did you mean 'green'?"},
      {"axis: X", "stage.axis", "unknown word 'X'; "},
      {"text: \"a\\nb\"", "stage.text", "a line break or control character"},
      {"text: \"\"", "stage.text", "no value"},
      {"names: []", "stage.names", "an empty list"},
      {"names: [Cu, Cu]", "stage.names", "'Cu' twice"},
      {"ramp: {from: 1 K}", "stage.ramp", "a map other than {from: .., to: ..}"},
      {"ramp: -1 K", "stage.ramp", "out of range; must be at least 0 K"},
      {"axis_ramp: {x: 1 GPa, w: 1 GPa}", "stage.axis_ramp", "unknown word 'w'"},
      {"axis_ramp: {}", "stage.axis_ramp", "an empty map"},
      {"axis_ramp: {y: 1 K}", "stage.axis_ramp.y", "'1 K' is a temperature, not a pressure"},
      {"composition: {Cu: 0}", "stage.composition.Cu", "'0' is out of range; must be above 0"},
      {"composition: {cu: 1}", "stage.composition", "'cu' is not an element"},
      {"composition: Cu", "stage.composition", "a single value; write the share of each element"},
      {"reel: 1 nm", "stage.reel", "unknown key 'reel'; did you mean 'real'?"},
      {"qqqqqq: 1 nm", "stage.qqqqqq", "unknown key 'qqqqqq'; valid: real, real3, free_real"},
      {"[1]", "stage", "a list instead of parameters"},
      {"hello", "stage", "'hello' instead of parameters"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    static every_kind c;
    mg_yaml_node *node;
    ck_assert(!read_table(cases[k].text, &c, &node));
    const mg_diagnostic *found = &mistakes.entry[0];
    ck_assert_msg(mistakes.n == 1 && strcmp(found->path, cases[k].path) == 0 &&
                      strstr(found->text, cases[k].message),
                  "%s: %d mistakes, %s: %s", cases[k].text, mistakes.n, found->path, found->text);
    mg_yaml_destroy(&node);
  }
}
END_TEST

/* Twice through text: nothing is lost, relative files become absolute. */
START_TEST(written_values_read_back) {
  static every_kind c;
  mg_yaml_node *node;
  ck_assert(read_table(every_value, &c, &node));
  mg_text text = {0};
  mg_param_write(&text, every_params, node, 0, "in/f.yaml", "/home/u");
  mg_yaml_destroy(&node);
  char *once, *twice;
  ck_assert_int_eq(mg_text_take(&text, &once), MG_OK);
  ck_assert_msg(read_table(once, &c, &node), "%s in\n%s", mistakes.entry[0].text, once);
  ck_every_value(&c);
  ck_assert_str_eq(c.file, "/home/u/in/../x.h5");
  mg_param_write(&text, every_params, node, 0, "other/f.yaml", "/elsewhere");
  mg_yaml_destroy(&node);
  ck_assert_int_eq(mg_text_take(&text, &twice), MG_OK);
  ck_assert_str_eq(once, twice);
  mg_free(once);
  mg_free(twice);
}
END_TEST

/* Texts that YAML would read otherwise come back as they were. */
START_TEST(odd_texts_survive) {
  static const char *const texts[] = {"null", "~",     "- a",        "a: b",     "#x",
                                      "a #b", "'",     "\"",         "{",        "[a]",
                                      " a",   "a ",    "%x",         "@x",       "1e5",
                                      "yes",  "C:\\x", "&a",         "*a",       "!a",
                                      "a,b",  "?",     "-",          "\xC3\x85", "a\xE2\x80\xA8z",
                                      "-5",   "--",    "a\xC2\x85z", "|",        ">"};
  for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
    const mg_place place = {0, 1, 1};
    mg_yaml_node *map = mg_yaml_new(MG_YAML_MAPPING, place), *back;
    ck_assert_int_eq(mg_yaml_put(map, "text", place, mg_yaml_new_scalar(texts[k], place)), MG_OK);
    mg_text text = {0};
    char *written;
    mg_param_write(&text, every_params + 8, map, 2, "in/f.yaml", "/home/u");
    ck_assert_int_eq(mg_text_take(&text, &written), MG_OK);
    static every_kind c;
    ck_assert_msg(read_table(written, &c, &back), "%s: %s", written, mistakes.entry[0].text);
    ck_assert_str_eq(c.text, texts[k]);
    mg_free(written);
    mg_yaml_destroy(&map);
    mg_yaml_destroy(&back);
  }
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, defaults);
  tcase_add_test(tests, given_values);
  tcase_add_test(tests, stages_are_words_with_labels);
  tcase_add_test(tests, all_mistakes_in_file_order);
  tcase_add_test(tests, overrides_reach_their_place);
  tcase_add_test(tests, the_last_override_wins_and_out_beats_all);
  tcase_add_test(tests, wrong_overrides);
  tcase_add_test(tests, absent_values);
  tcase_add_test(tests, values_of_every_kind);
  tcase_add_test(tests, scalar_forms);
  tcase_add_test(tests, wrong_values);
  tcase_add_test(tests, written_values_read_back);
  tcase_add_test(tests, odd_texts_survive);
}

UNIT_CHECK_MAIN("config", fill)
