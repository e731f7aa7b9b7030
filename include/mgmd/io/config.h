/** The input: one YAML file, its overrides and the top-level settings.
 *
 *  The stages stay as words and nodes here; stage/pipeline.h turns them into configs, because the
 *  words belong to the stage layer.
 */
#ifndef MGMD_IO_CONFIG_H
#define MGMD_IO_CONFIG_H

#include "mgmd/base/param.h"
#include "mgmd/comm/comm.h"
#include "mgmd/io/diagnostics.h"
#include "mgmd/io/yaml.h"
#include "mgmd/state/box.h"

#include <stdbool.h>
#include <stdint.h>

/** What the command line says about the input. All borrowed. */
typedef struct mg_config_source {
  const char *path; /**< of the input file */
  int n_sets;
  const char *const *sets; /**< [n_sets] each "KEY=VALUE" */
  const char *out;         /**< --out, replaces output.directory; NULL: not given */
} mg_config_source;

/** Which positions strains are made of. */
typedef enum mg_positions { MG_POSITIONS_NOW, MG_POSITIONS_AVERAGED } mg_positions;
extern const char *const mg_positions_words[]; /**< in that order; NULL-terminated */

/** The indices of the choices below. */
typedef enum mg_precision { MG_PRECISION_FLOAT64, MG_PRECISION_FLOAT32 } mg_precision;
typedef enum mg_kernel_choice {
  MG_KERNEL_AUTO,
  MG_KERNEL_REFERENCE,
  MG_KERNEL_AVX2,
  MG_KERNEL_AVX512
} mg_kernel_choice;

/** One entry of the list `stages`. */
typedef struct mg_config_stage {
  const char *word;         /**< as written; borrowed from the tree */
  const mg_yaml_node *key;  /**< the word's node: the stage's place */
  const mg_yaml_node *node; /**< its mapping, or NULL when it has none */
  char label[64];           /**< its key path: "compress", or "run[2]" when the word is repeated */
} mg_config_stage;

typedef struct mg_config {
  /* the rows of mg_config_params */
  char title[MG_PATH];
  char potential[MG_PATH]; /**< as written: a built-in name, or a path relative to the input */
  double timestep;         /**< [ps] */
  int64_t seed;
  mg_axes axes;
  char directory[MG_PATH]; /**< output.directory, relative to the working directory */
  double thermo;           /**< [ps] */
  double checkpoint;       /**< wall time [s] */
  mg_names fields;         /**< n = 0: all */
  int precision;           /**< mg_precision */
  int positions;           /**< mg_positions */
  double average;          /**< output.average [ps] */
  int64_t grid[3];         /**< parallel.grid; INT64_MIN: chosen by the program */
  int kernel;              /**< mg_kernel_choice */
  double skin;             /**< [A]; NaN: chosen by the program */

  /* the rest */
  char path[MG_PATH];              /**< of the input file, as the user named it */
  char working_directory[MG_PATH]; /**< absolute */
  int n_stages;
  mg_config_stage *stages; /**< [n_stages] owned */
  mg_yaml_node *tree;      /**< owned, overrides applied */
  int n_overrides;
  char **overrides; /**< [n_overrides] owned: "--set KEY=VALUE", "--out DIR" */
  mg_diagnostics diagnostics;
} mg_config;

/** The top-level keys; sections (`axes`, `output`, `parallel`) are rows of kind MG_P_TABLE. */
extern const mg_param mg_config_params[];

/** The kernels an input may ask for, in the order of mg_kernel_choice; NULL-terminated. */
extern const char *const mg_kernel_choices[];

/** The per-atom fields a snapshot may hold, as named in `output.fields`; NULL-terminated. */
extern const char *const mg_output_fields[];

/** Parse an input held in memory. A pure function; not collective.
 *
 *  Mistakes of the input go to config->diagnostics, not to the status: the caller adds those of
 *  the stages and looks at the list once.
 *  @param[in]  working_directory  absolute path, used to write absolute paths in run.yaml
 *  @param[out] config  owned by the caller, release with mg_config_destroy; NULL on failure
 *  @return MG_OK or MG_ERR_MEMORY  */
mg_status mg_config_parse(const mg_config_source *source, const char *working_directory,
                          const char *text, size_t length, mg_config **config);

/** Read source->path on rank 0, hand the text to all and parse it there. Collective.
 *  @return agreed status; MG_ERR_INPUT only when the file cannot be read */
mg_status mg_config_load(const mg_comm *comm, const mg_config_source *source, mg_config **config);

/** NULL is allowed; nulls the pointer. */
void mg_config_destroy(mg_config **config);

/** Put one "KEY=VALUE" into the tree, before it is parsed.
 *
 *  KEY is `stage.key` where the stage occurs once, else `stage[n].key` (n from 1), or a top-level
 *  path; further components go into nested maps. VALUE is YAML.
 *  @param[in] origin  of the new nodes: the number of this override, from 1
 *  @return MG_OK, also when a mistake was added to @p diagnostics; MG_ERR_MEMORY */
mg_status mg_config_override(mg_yaml_node *tree, const char *set, int origin,
                             mg_diagnostics *diagnostics);

#endif
