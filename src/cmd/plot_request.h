/** What the words of `mgmd plot` ask for. Private to cmd. */
#ifndef MGMD_SRC_CMD_PLOT_REQUEST_H
#define MGMD_SRC_CMD_PLOT_REQUEST_H

#include "mgmd/cmd/args.h"
#include "mgmd/plot/pictures.h"

enum { MG_PLOT_WORDS = 64, MG_PLOT_RANGES = 32, MG_PLOT_TEXT = 2048 };

typedef enum mg_plot_kind {
  MG_PLOT_PANEL,
  MG_PLOT_STRESS_STRAIN,
  MG_PLOT_FILM,
  MG_PLOT_PROFILE,
  MG_PLOT_HISTOGRAM,
  MG_PLOT_THERMO,
  MG_PLOT_RDF,
  MG_PLOT_KINDS
} mg_plot_kind;

extern const char *const mg_plot_kind_names[]; /**< NULL at the end */

/** Words between commas. */
typedef struct mg_plot_list {
  char text[MG_PLOT_TEXT];
  const char *word[MG_PLOT_WORDS];
  int n;
} mg_plot_list;

/** All that was asked for. */
typedef struct mg_plot_request {
  const mg_call *call;
  mg_look look;
  mg_plot_range range[MG_PLOT_RANGES];
  mg_plot_list what, fields, snapshots, stress, labels, columns;
  const char *kept[MG_PLOT_WORDS]; /**< of the default fields, those that are there */
  char note[256];                  /**< about the picture that was drawn last; "" mostly */
  const char *format;
  bool wanted[MG_PLOT_KINDS];
  bool chosen; /**< the kinds were, by words */
  int n_runs;
  mg_run_files *run;
} mg_plot_request;

/** Read all options but those of one picture alone.
 *  @return MG_ERR_INPUT with a text that names the option */
mg_status mg_plot_read_options(mg_plot_request *request);

/** The place of @p word among @p valid, or a message that names them. */
mg_status mg_plot_choose(const char *name, const char *word, const char *const *valid, int *place);

/** The length --@p name [Angstrom]; @p value stays where it was not given. */
mg_status mg_plot_read_length(const mg_call *call, const char *name, double least, double most,
                              double *value);

/** Where a profile is taken: --along, --band, --bin. */
mg_status mg_plot_read_line(const mg_call *call, const mg_axes *axes, mg_profile_line *line);

#endif
