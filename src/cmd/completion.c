/* The script is data around one small function. It needs nothing but bash (3.2 or later), not the
 * helpers of the bash-completion package, which clusters seldom load in batch nodes. */

#include "mgmd/cmd/completion.h"

#include "mgmd/base/version.h"
#include "mgmd/cmd/args.h"
#include "mgmd/cmd/keys.h"
#include "mgmd/cmd/topics.h"
#include "mgmd/potential/potential.h"
#include "mgmd/stage/stage.h"

#include <string.h>

/* The words of a variable, wrapped. */
typedef struct list {
  mg_text *text;
  size_t column;
} list;

static void list_open(list *l, const char *variable) {
  mg_text_append(l->text, "_mgmd_%s='", variable);
  l->column = 0;
}

static void list_add(list *l, const char *word) {
  const char *between = l->column ? " " : "";
  if (l->column + strlen(word) > 75) {
    between = "\n  ";
    l->column = 0;
  }
  mg_text_append(l->text, "%s%s", between, word);
  l->column += strlen(word) + 1;
}

static void list_close(list *l) { mg_text_append(l->text, "'\n"); }

static void add_key(void *context, const char *path, const mg_param *row) {
  if (row->kind != MG_P_LIST) list_add(context, path);
}

static void word_lists(mg_text *text) {
  list l = {.text = text};
  list_open(&l, "commands");
  for (int k = 1; mg_commands[k]; k++) list_add(&l, mg_commands[k]->name);
  list_add(&l, "--version");
  list_close(&l);
  list_open(&l, "topics");
  for (int k = 0; mg_stage_types[k]; k++) list_add(&l, mg_stage_types[k]->name);
  for (int k = 1; mg_commands[k]; k++)
    if (!mg_stage_find(mg_commands[k]->name)) list_add(&l, mg_commands[k]->name);
  for (const mg_topic *t = mg_topics; t->name; t++) list_add(&l, t->name);
  list_close(&l);
  list_open(&l, "potentials");
  for (int k = 0; mg_potential_builtin_names[k]; k++) list_add(&l, mg_potential_builtin_names[k]);
  list_close(&l);
  list_open(&l, "keys");
  mg_keys_each(add_key, &l);
  list_close(&l);
}

static void add_choices(void *context, const char *path, const mg_param *row) {
  mg_text *text = context;
  if (row->kind != MG_P_CHOICE && row->kind != MG_P_BOOL) return;
  mg_text_append(text, "    %s) echo '", path);
  if (row->kind == MG_P_BOOL) mg_text_append(text, "true false");
  for (int k = 0; row->choices && row->choices[k]; k++)
    mg_text_append(text, "%s%s", k ? " " : "", row->choices[k]);
  mg_text_append(text, "' ;;\n");
}

static void choices(mg_text *text) {
  mg_text_append(text, "\n# The words a key of --set takes.\n_mgmd_values() {\n  case $1 in\n");
  mg_keys_each(add_choices, text);
  mg_text_append(text, "  esac\n}\n");
}

/* Which completion an option's or command's argument asks for. */
static const char *action(const char *argument) {
  if (strcmp(argument, "DIR") == 0) return "dirs";
  if (strcmp(argument, "KEY=VALUE") == 0) return "keys";
  if (strcmp(argument, "SHELL") == 0) return "words bash";
  if (strstr(argument, ".yaml")) return "inputs";
  if (strcmp(argument, "[NAME]") == 0) return "names";
  if (strcmp(argument, "[WORD]") == 0) return "words \"$_mgmd_topics\"";
  if (strcmp(argument, "none|to_reference|to_current") == 0)
    return "words 'none to_reference to_current'";
  if (strcmp(argument, "instantaneous|time_averaged") == 0)
    return "words 'instantaneous time_averaged'";
  if (strcmp(argument, "mdanalysis") == 0) return "words mdanalysis";
  static const char *const plain[] = {"NUMBER", "NAMES", "LENGTH", "AXES", "LOAD,FREE,THIN", ""};
  for (size_t k = 0; k < sizeof plain / sizeof plain[0]; k++)
    if (strcmp(argument, plain[k]) == 0) return "none";
  return "files";
}

/* After an option that takes a value. */
static void option_actions(mg_text *text) {
  mg_text_append(text, "  case $command$previous in\n");
  for (int k = 0; mg_commands[k]; k++) {
    for (const mg_option *o = mg_commands[k]->options; o->name; o++)
      if (o->argument)
        mg_text_append(text, "    %s--%s) _mgmd_%s; return ;;\n", mg_commands[k]->name, o->name,
                       action(o->argument));
  }
  mg_text_append(text, "  esac\n");
}

static void command_actions(mg_text *text) {
  mg_text_append(text, "  case $command in\n");
  for (int k = 0; mg_commands[k]; k++) {
    const mg_command *command = mg_commands[k];
    mg_text_append(text, "    %s) options='", *command->name ? command->name : "''");
    for (const mg_option *o = command->options; o->name; o++)
      mg_text_append(text, "--%s ", o->name);
    mg_text_append(text, "--help'; words='%s' ;;\n", action(command->words));
  }
  mg_text_append(text, "  esac\n");
}

static const char helpers[] =
    "\n_mgmd_none() { :; }\n"
    "_mgmd_words() { COMPREPLY=($(compgen -W \"$1\" -- \"$current\")); }\n"
    "_mgmd_files() {\n"
    "  local IFS=$'\\n'\n"
    "  COMPREPLY=($(compgen -f -- \"$current\"))\n"
    "  compopt -o filenames 2>/dev/null\n"
    "}\n"
    "_mgmd_dirs() {\n"
    "  local IFS=$'\\n'\n"
    "  COMPREPLY=($(compgen -d -- \"$current\"))\n"
    "  compopt -o filenames 2>/dev/null\n"
    "}\n"
    "_mgmd_inputs() {\n"
    "  local IFS=$'\\n'\n"
    "  COMPREPLY=($(compgen -d -- \"$current\"; compgen -f -X '!*.yaml' -- \"$current\"\n"
    "    compgen -f -X '!*.yml' -- \"$current\"))\n"
    "  compopt -o filenames 2>/dev/null\n"
    "}\n"
    "_mgmd_names() {\n"
    "  _mgmd_files\n"
    "  COMPREPLY+=($(compgen -W \"$_mgmd_potentials\" -- \"$current\"))\n"
    "}\n"
    "_mgmd_keys() {\n"
    "  COMPREPLY=($(compgen -S = -W \"$_mgmd_keys\" -- \"$current\"))\n"
    "  compopt -o nospace 2>/dev/null\n"
    "}\n";

static const char function_head[] =
    "\n# bash splits words at '=': --set KEY = VALUE arrive as four.\n"
    "_mgmd() {\n"
    "  local current=${COMP_WORDS[COMP_CWORD]} previous= command= options= words= at=$COMP_CWORD\n"
    "  COMPREPLY=()\n"
    "  if [ \"$current\" = = ]; then current=; at=$((at + 1)); fi\n"
    "  if [ $at -gt 1 ]; then previous=${COMP_WORDS[at - 1]}; fi\n"
    "  if [ \"$previous\" = = ] && [ $at -gt 2 ]; then previous=${COMP_WORDS[at - 2]}; fi\n";

/* Which command the line is about; none: a run. */
static void command_word(mg_text *text) {
  mg_text_append(text, "  if [ $at -gt 1 ]; then\n    case ${COMP_WORDS[1]} in\n      ");
  for (int k = 1; mg_commands[k]; k++)
    mg_text_append(text, "%s%s", k > 1 ? " | " : "", mg_commands[k]->name);
  mg_text_append(text, ") command=${COMP_WORDS[1]} ;;\n    esac\n  fi\n");
}

static const char function_tail[] =
    "  local values=$(_mgmd_values \"$previous\")\n"
    "  if [ -n \"$values\" ]; then _mgmd_words \"$values\"; return; fi\n"
    "  case $current in\n"
    "    -*) _mgmd_words \"$options\" ;;\n"
    "    *)\n"
    "      eval \"_mgmd_$words\"\n"
    "      if [ $at -eq 1 ]; then\n"
    "        local commands=($(compgen -W \"$_mgmd_commands\" -- \"$current\"))\n"
    "        COMPREPLY+=(\"${commands[@]}\")\n"
    "      fi ;;\n"
    "  esac\n"
    "}\n"
    "complete -F _mgmd mgmd\n";

void mg_completion_bash(mg_text *text) {
  mg_text_append(text, "# bash completion for mgmd %s; written by: mgmd help --completion bash\n\n",
                 mg_version());
  word_lists(text);
  choices(text);
  mg_text_append(text, "%s%s", helpers, function_head);
  command_word(text);
  option_actions(text);
  command_actions(text);
  mg_text_append(text, "%s", function_tail);
}
