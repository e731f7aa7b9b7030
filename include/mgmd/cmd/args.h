/** The command line as tables: a command is one const struct in one file, its options are rows.
 *
 *  The tables drive parsing, the unknown-option message, `mgmd help`, the man page and the shell
 *  completion. Adding a command: write src/cmd/<name>.c and name it in the array of args.c.
 */
#ifndef MGMD_CMD_ARGS_H
#define MGMD_CMD_ARGS_H

#include "mgmd/base/error.h"
#include "mgmd/comm/comm.h"

typedef struct mg_option {
  const char *name;     /**< without the dashes */
  const char *argument; /**< what follows, "DIR"; NULL: a switch. Completion goes by this word. */
  const char *doc;      /**< one sentence, lower case, no full stop */
  bool repeats;         /**< may be given more than once */
} mg_option;

/** One option of the call, in the order written. Borrowed from argv. */
typedef struct mg_given {
  const mg_option *option;
  const char *value; /**< NULL for a switch */
} mg_given;

typedef struct mg_command mg_command;

/** A parsed command line; release with mg_call_clear. */
typedef struct mg_call {
  const mg_command *command;
  bool bare; /**< nothing was given at all; the command is `help` */
  int n_words;
  const char **word; /**< [n_words] everything that is not an option; borrowed from argv */
  int n_given;
  mg_given *given; /**< [n_given] */
} mg_call;

struct mg_command {
  const char *name;    /**< "" for the one that is started by naming an input */
  const char *summary; /**< one line, lower case, no full stop */
  const char *words;   /**< what it works on: "INPUT.yaml", "A B", "[NAME]" */
  int min_words, max_words;
  const mg_option *options;    /**< ends with a row whose name is NULL */
  const char *const *notes;    /**< paragraphs for the help, NULL-terminated; may be NULL */
  const char *const *examples; /**< command lines, NULL-terminated; may be NULL */
  bool alone; /**< talks to no other rank: runs without MPI unless mpirun started it */
  /** Collective; returns an agreed status. A failure with an empty record has been told already
   *  (by `diff`: the two differ). */
  mg_status (*run)(const mg_comm *comm, const mg_call *call);
};

/** All commands, NULL-terminated; the first is the one meant by an input file. */
extern const mg_command *const mg_commands[];
extern const mg_command mg_command_run, mg_command_check, mg_command_info, mg_command_diff;
extern const mg_command mg_command_convert, mg_command_strain, mg_command_analyze;
extern const mg_command mg_command_plot, mg_command_potential, mg_command_help;
extern const mg_command mg_command_version;

/** The command of this name, or NULL. */
const mg_command *mg_command_find(const char *name);

/** Parse argv strictly: `--option value`, `--option=value`; `--` ends the options. `--help`
 *  anywhere asks for the help of the command. Not collective.
 *  @param[out] call  zeroed on failure
 *  @return MG_OK, or MG_ERR_INPUT naming the word and its nearest known one  */
mg_status mg_call_parse(int argc, char **argv, mg_call *call);
void mg_call_clear(mg_call *call);

/** Was the option given? Its value (the last one given), or @p otherwise. The name must be a row
 *  of the command's table. */
bool mg_call_has(const mg_call *call, const char *name);
const char *mg_call_value(const mg_call *call, const char *name, const char *otherwise);

/** The value as a whole number in [least, most], or @p *value left as it is when not given. */
mg_status mg_call_integer(const mg_call *call, const char *name, int64_t least, int64_t most,
                          int64_t *value);

#endif
