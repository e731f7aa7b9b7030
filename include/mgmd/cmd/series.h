/** What `convert`, `strain` and `analyze` share: configurations from files and run directories one
 *  after the other, and the options they have in common. */
#ifndef MGMD_CMD_SERIES_H
#define MGMD_CMD_SERIES_H

#include "mgmd/cmd/args.h"
#include "mgmd/io/frame.h"

/** All configurations of a list of files, in order. */
typedef struct mg_series {
  const mg_comm *comm;
  mg_read_options options;
  int n_files;
  char *paths;      /**< one after the other, each with its NUL; owned */
  const char *path; /**< of the file that the last configuration came from */
  int next_file;
  mg_reader *reader;
  int64_t done;
  bool choose;
  int64_t chosen; /**< the only one to give, when choose */
} mg_series;

/** The words are files or directories of runs, which stand for their snapshots NAME-000000.h5 on:
 *  NAME is that of the directory, or that of the only series in it.
 *  Collective; agreed.  @param[out] series  release with mg_series_close */
mg_status mg_series_open(const mg_comm *comm, int n, const char *const *word,
                         const mg_read_options *options, mg_series *series);

/** How many there are; text files are looked through. Before the first mg_series_next.
 *  Collective; agreed. */
mg_status mg_series_count(const mg_series *series, int64_t *n);

/** Give configuration @p number only, from 0, or from -1 backwards. Collective; agreed. */
mg_status mg_series_choose(mg_series *series, int64_t number);

/** The next one. Collective; agreed.
 *  @param[out] frame  release with mg_frame_clear; zeroed at the end. @param[out] found */
mg_status mg_series_next(mg_series *series, mg_frame *frame, bool *found);

/** MG_ERR_INPUT, with the nearest known word, unless each of options.only is a field of one of the
 *  configurations. Before the first mg_series_next.
 *  Collective; agreed.  @param[in] also  names that are known besides, NULL-terminated, or NULL */
mg_status mg_series_check_fields(const mg_series *series, const mg_call *call,
                                 const char *const *also);

/** Has one of the configurations this field? Likewise.  @param[out] has  equal on all ranks */
mg_status mg_series_has_field(const mg_series *series, const char *name, bool *has);

void mg_series_close(mg_series *series);

/** "Cu,Zr" of option @p name to names; n = 0 when not given, "none" gives n = 0 and @p given.
 *  @param[in] what  for the message: "list of elements such as Cu,Zr" */
mg_status mg_option_names(const mg_call *call, const char *name, const char *what, mg_names *names,
                          bool *given);

/** The elements of --species, each one known and named once; n = 0 when not given. */
mg_status mg_option_species(const mg_call *call, mg_names *species);

/** A length such as "1 nm" or "10 A" [A], or @p *value left as it is when not given.
 *  @param[in] key  of an input that means the same and tells the limits; NULL: above zero */
mg_status mg_option_length(const mg_call *call, const char *name, const mg_param *key,
                           double *value);

/** The rows of the option tables that these commands share. */
#define MG_OPTION_SPECIES                                                                          \
  {                                                                                                \
    .name = "species", .argument = "NAMES",                                                        \
    .doc = "elements of a file's types 1, 2, ..., such as Cu,Zr, where it does not name them"      \
  }
#define MG_OPTION_OVERWRITE                                                                        \
  { .name = "overwrite", .doc = "replace files that exist" }

#endif
