/* One pass over argv against the option table of the command that the first word names. There are
 * no short options and no abbreviations: a job script read in two years still says what it does,
 * and an option added later can never change the meaning of an old line. */

#include "mgmd/cmd/args.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const mg_command *const mg_commands[] = {
    &mg_command_run,       &mg_command_check,   &mg_command_plot,    &mg_command_info,
    &mg_command_diff,      &mg_command_convert, &mg_command_strain,  &mg_command_analyze,
    &mg_command_potential, &mg_command_help,    &mg_command_version, NULL};

enum { MOST_NAMES = 64 };

const mg_command *mg_command_find(const char *name) {
  for (int k = 0; mg_commands[k]; k++)
    if (*name && strcmp(mg_commands[k]->name, name) == 0) return mg_commands[k];
  return NULL;
}

/* Messages about a command begin with its name, those about a run with what is wrong: "%s%s". */
#define LEAD(command) (command)->name, *(command)->name ? ": " : ""

static const mg_option *option_find(const mg_command *command, const char *name, size_t length) {
  for (const mg_option *o = command->options; o->name; o++)
    if (strlen(o->name) == length && memcmp(o->name, name, length) == 0) return o;
  return NULL;
}

static bool looks_like_file(const char *word) {
  return strchr(word, '.') != NULL || strchr(word, '/') != NULL;
}

static mg_status unknown_command(const char *word) {
  const char *names[MOST_NAMES];
  int n = 0;
  for (int k = 1; mg_commands[k] && n < MOST_NAMES; k++) names[n++] = mg_commands[k]->name;
  const char *nearest = mg_str_nearest(word, names, n);
  if (nearest)
    return mg_fail(MG_ERR_INPUT, "unknown command '%s'; did you mean '%s'?", word, nearest);
  return mg_fail(MG_ERR_INPUT,
                 "unknown command '%s'; a run is started by 'mgmd INPUT.yaml', 'mgmd help' lists "
                 "the commands",
                 word);
}

static mg_status unknown_option(const mg_command *command, const char *text, int length) {
  const char *names[MOST_NAMES];
  char word[MOST_NAMES];
  int n = 0;
  for (const mg_option *o = command->options; o->name && n < MOST_NAMES - 1; o++)
    names[n++] = o->name;
  names[n++] = "help";
  const int dashes = (int)strspn(text, "-");
  snprintf(word, sizeof word, "%.*s", length - dashes, text + dashes);

  const char *nearest = mg_str_nearest(word, names, n);
  if (nearest)
    return mg_fail(MG_ERR_INPUT, "%s%sunknown option '%.*s'; did you mean '--%s'?", LEAD(command),
                   length, text, nearest);
  char known[256] = "";
  for (int k = 0; k < n; k++) mg_str_append(known, sizeof known, "%s--%s", k ? ", " : "", names[k]);
  return mg_fail(MG_ERR_INPUT, "%s%sunknown option '%.*s'; it takes %s", LEAD(command), length,
                 text, known);
}

/* Parse the option at argv[*i]; *i ends on the last argument used. */
static mg_status parse_option(int argc, char **argv, int *i, mg_call *call) {
  const char *text = argv[*i];
  const mg_command *command = call->command;
  const char *equals = strchr(text, '=');
  const size_t length = equals ? (size_t)(equals - text) : strlen(text);
  const bool dashed = strncmp(text, "--", 2) == 0;
  const mg_option *option = dashed ? option_find(call->command, text + 2, length - 2) : NULL;
  if (!option) return unknown_option(call->command, text, (int)length);

  const char *value = equals ? equals + 1 : NULL;
  if (!option->argument) {
    MG_REQUIRE(!value, MG_ERR_INPUT, "%s%s--%s takes no value, but '%s' was given", LEAD(command),
               option->name, value);
  } else if (!value) {
    const bool follows = *i + 1 < argc && strncmp(argv[*i + 1], "--", 2) != 0;
    MG_REQUIRE(follows, MG_ERR_INPUT, "%s%s--%s needs a value: --%s %s", LEAD(command),
               option->name, option->name, option->argument);
    value = argv[++*i];
  }
  MG_REQUIRE(!value || *value, MG_ERR_INPUT, "%s%sthe value of --%s is empty; write --%s %s",
             LEAD(command), option->name, option->name, option->argument);
  for (int k = 0; k < call->n_given && !option->repeats; k++) {
    MG_REQUIRE(call->given[k].option != option, MG_ERR_INPUT,
               "%s%s--%s is given twice; write it once", LEAD(command), option->name);
  }
  call->given[call->n_given++] = (mg_given){option, value};
  return MG_OK;
}

static mg_status check_words(const mg_call *call) {
  const mg_command *command = call->command;
  const char *space = *command->name && *command->words ? " " : "";
  MG_REQUIRE(call->n_words >= command->min_words, MG_ERR_INPUT, "%s%s%s; write: mgmd %s%s%s",
             LEAD(command), *command->name ? "a file name is missing" : "no input file is named",
             command->name, space, command->words);
  MG_REQUIRE(call->n_words <= command->max_words, MG_ERR_INPUT,
             "%s%s'%s' is one word too many; write: mgmd %s%s%s", LEAD(command),
             call->word[command->max_words], command->name, space, command->words);
  return MG_OK;
}

/* Which command the line asks for, and where its own arguments start. */
static mg_status choose_command(int argc, char **argv, mg_call *call, int *first) {
  *first = 1;
  call->command = mg_commands[0];
  if (argc < 2) {
    call->command = &mg_command_help;
    call->bare = true;
    return MG_OK;
  }
  if (strcmp(argv[1], "--version") == 0) {
    call->command = &mg_command_version;
  } else if (argv[1][0] != '-' && mg_command_find(argv[1])) {
    call->command = mg_command_find(argv[1]);
  } else {
    return argv[1][0] == '-' || looks_like_file(argv[1]) ? MG_OK : unknown_command(argv[1]);
  }
  *first = 2;
  return MG_OK;
}

/* `mgmd check --help` means `mgmd help check`, `mgmd --help` means `mgmd help`. */
static bool asks_for_help(int argc, char **argv, mg_call *call) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strcmp(argv[i], "--help") != 0 && strcmp(argv[i], "-h") != 0) continue;
    call->n_words = *call->command->name ? 1 : 0;
    call->word[0] = call->command->name;
    call->command = &mg_command_help;
    return true;
  }
  return false;
}

static mg_status parse(int argc, char **argv, mg_call *call) {
  int i;
  MG_TRY(choose_command(argc, argv, call, &i));
  MG_TRY(MG_NEW(call->word, argc));
  MG_TRY(MG_NEW(call->given, argc));
  if (asks_for_help(argc, argv, call)) return MG_OK;
  bool options = true;
  for (; i < argc; i++) {
    if (options && strcmp(argv[i], "--") == 0)
      options = false;
    else if (options && argv[i][0] == '-' && argv[i][1] != '\0')
      MG_TRY(parse_option(argc, argv, &i, call));
    else
      call->word[call->n_words++] = argv[i];
  }
  return check_words(call);
}

mg_status mg_call_parse(int argc, char **argv, mg_call *call) {
  memset(call, 0, sizeof *call);
  const mg_status status = parse(argc, argv, call);
  if (status != MG_OK) mg_call_clear(call);
  return status;
}

void mg_call_clear(mg_call *call) {
  MG_DELETE(call->word);
  MG_DELETE(call->given);
  memset(call, 0, sizeof *call);
}

const char *mg_call_value(const mg_call *call, const char *name, const char *otherwise) {
  if (!option_find(call->command, name, strlen(name)))
    mg_die("command %s has no option --%s", call->command->name, name);
  for (int k = call->n_given - 1; k >= 0; k--)
    if (strcmp(call->given[k].option->name, name) == 0) return call->given[k].value;
  return otherwise;
}

bool mg_call_has(const mg_call *call, const char *name) {
  static const char absent[] = "";
  return mg_call_value(call, name, absent) != absent;
}

mg_status mg_call_integer(const mg_call *call, const char *name, int64_t least, int64_t most,
                          int64_t *value) {
  const char *text = mg_call_value(call, name, NULL);
  if (!text) return MG_OK;
  char *end;
  errno = 0;
  const long long number = strtoll(text, &end, 10);
  const bool whole = end != text && *end == '\0' && errno == 0;
  MG_REQUIRE(whole && number >= least && number <= most, MG_ERR_INPUT,
             "%s%s--%s: '%s' is not a whole number from %lld to %lld", LEAD(call->command), name,
             text, (long long)least, (long long)most);
  *value = number;
  return MG_OK;
}
