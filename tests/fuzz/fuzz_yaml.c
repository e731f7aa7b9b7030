/* The input: YAML, overrides, the parameter tables and checks of all stages, and back to YAML.
 *
 * Lines "--set KEY=VALUE" at the beginning are overrides as on the command line; the rest is the
 * file. What is accepted is written as run.yaml would be, read again, and must give the same text.
 */
#include "fuzz.h"

#include "mgmd/base/log.h"
#include "mgmd/stage/pipeline.h"

enum { MOST_SETS = 3, SET_LENGTH = 200 };

/* Cuts overrides off the beginning of the text. */
static int take_sets(const char **text, size_t *length, char set[MOST_SETS][SET_LENGTH]) {
  int n = 0;
  while (n<MOST_SETS && * length> 6 && memcmp(*text, "--set ", 6) == 0) {
    const char *end = memchr(*text, '\n', *length);
    const size_t line = end ? (size_t)(end - *text) : *length;
    if (line - 6 >= SET_LENGTH || memchr(*text, '\0', line)) break;
    memcpy(set[n], *text + 6, line - 6);
    set[n++][line - 6] = '\0';
    *text += end ? line + 1 : line;
    *length -= end ? line + 1 : line;
  }
  return n;
}

/* The pipeline of a text; destroyed by the caller. */
static mg_pipeline *load(const mg_config_source *source, const char *text, size_t length) {
  mg_config *config;
  mg_pipeline *pipeline;
  fuzz_require(mg_config_parse(source, "/", text, length, &config) == MG_OK, "parsing goes on");
  fuzz_require(mg_pipeline_build(config, &pipeline) == MG_OK, "building goes on");
  pipeline->potential = mg_potential_builtin("cuzr-mendelev2007");
  fuzz_require(pipeline->potential != NULL, "the potential is built in");
  mg_pipeline_check(pipeline, true); /* a file to be read may be missing */
  fuzz_require(mg_error_code() == MG_OK, "mistakes are listed, not recorded");
  return pipeline;
}

static char *resolve(const mg_pipeline *pipeline) {
  char *text;
  fuzz_require(mg_pipeline_resolved(pipeline, &text) == MG_OK, "the resolved input is written");
  return text;
}

/* The resolved input means the same as the input. */
static void require_fixed_point(const mg_pipeline *pipeline) {
  static const mg_config_source again = {.path = "/none/f.yaml"};
  char *first = resolve(pipeline), line[MG_ERROR_TEXT] = "";
  mg_pipeline *second = load(&again, first, strlen(first));
  const mg_diagnostics *diagnostics = &second->config->diagnostics;
  if (diagnostics->n > 0) {
    mg_diagnostics_line(diagnostics, 0, line, sizeof line);
    fprintf(stderr, "%s\n%s", line, first);
  }
  fuzz_require(diagnostics->n == 0, "the resolved input is accepted");
  char *text = resolve(second);
  if (strcmp(first, text) != 0) fprintf(stderr, "%s\n%s", first, text);
  fuzz_require(strcmp(first, text) == 0, "the resolved input resolves to itself");
  mg_free(text);
  mg_free(first);
  mg_pipeline_destroy(&second);
}

static void require_lines(const mg_diagnostics *diagnostics) {
  char line[MG_ERROR_TEXT];
  for (int k = 0; k < diagnostics->n; k++) {
    mg_diagnostics_line(diagnostics, k, line, sizeof line);
    const bool placed = strncmp(line, "/none/f.yaml:", 13) == 0 || strncmp(line, "--set ", 6) == 0;
    fuzz_require(placed && !strchr(line, '\n'), "a mistake is one line with its place");
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *text = (const char *)data;
  char set[MOST_SETS][SET_LENGTH];
  const char *const sets[MOST_SETS] = {set[0], set[1], set[2]};
  mg_config_source source = {.path = "/none/f.yaml", .sets = sets};
  mg_log_open(MG_LOG_QUIET, false);
  source.n_sets = take_sets(&text, &size, set);
  mg_pipeline *pipeline = load(&source, text, size);
  const mg_diagnostics *diagnostics = &pipeline->config->diagnostics;
  require_lines(diagnostics);
  if (diagnostics->n == 0) require_fixed_point(pipeline);
  mg_pipeline_destroy(&pipeline);
  return fuzz_finish();
}
