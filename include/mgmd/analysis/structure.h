/** What `analyze` finds out about a configuration: one call for the stage and the command.
 *
 *  Everything is the same bits on any number of ranks: pairs are counted, sums over atoms are
 *  exact, neighbours come in an order of their own (analysis/strain.h).
 */
#ifndef MGMD_ANALYSIS_STRUCTURE_H
#define MGMD_ANALYSIS_STRUCTURE_H

#include "mgmd/base/param.h"
#include "mgmd/comm/comm.h"
#include "mgmd/io/snapshot.h"

/** What can be asked for, as bits in the order of mg_structure_words. */
typedef enum mg_structure_task {
  MG_TASK_DISTRIBUTION = 1, /**< radial distribution functions, total and partial */
  MG_TASK_FACTOR = 2,       /**< structure factors from them */
  MG_TASK_COORDINATION = 4,
  MG_TASK_CENTROSYMMETRY = 8,
  MG_TASK_VORONOI = 16,
  MG_TASK_GRID = 32,        /**< fields and stress on a grid, averaged through the thickness */
  MG_TASK_LOCALISATION = 64 /**< mean and standard deviation of the von Mises strain */
} mg_structure_task;

/** The words for the tasks, in the order of their bits; NULL-terminated. */
extern const char *const mg_structure_words[];

/** Which tasks an option is for: keys of the stage and options of the command are named alike.
 *  Ends with a row whose key is NULL. */
typedef struct mg_structure_use {
  const char *key;
  unsigned tasks;
  const char *word; /**< one of them, for messages */
} mg_structure_use;
extern const mg_structure_use mg_structure_uses[];

typedef struct mg_structure_options {
  unsigned tasks;     /**< mg_structure_task bits */
  double range;       /**< of the radial distribution [A] */
  double bin;         /**< its bins [A] */
  double cutoff;      /**< of the coordination [A]; NaN: the first minimum of each partial g(r) */
  int64_t neighbours; /**< of the centrosymmetry, even */
  double cell;        /**< of the grid [A] */
} mg_structure_options;

/** 1 nm and 0.02 A for g(r), 12 neighbours, cells of 1 nm; nothing to do. */
void mg_structure_defaults(mg_structure_options *options);

/** Set the bits of these words; MG_ERR_INPUT for an unknown one, or voronoi without the library.
 *  @param[in] names  n = 0: all that there are */
mg_status mg_structure_choose(const mg_names *names, unsigned *tasks);

/** Is the library for Voronoi cells there? */
bool mg_structure_has_voronoi(void);

enum { MG_STRUCTURE_COLUMNS = 5, MG_STRUCTURE_ARRAYS = 160, MG_STRUCTURE_SCALARS = 8 };

/** The results: columns for a snapshot, arrays below /analysis, scalars. */
typedef struct mg_structure {
  mg_column_set set; /**< n_columns may be 0 */
  mg_column columns[MG_STRUCTURE_COLUMNS];
  int n_arrays;
  mg_array arrays[MG_STRUCTURE_ARRAYS];
  int n_scalars;
  mg_observable scalars[MG_STRUCTURE_SCALARS];
  struct mg_structure_memory *memory;
} mg_structure;

/** Analyse a configuration given as a snapshot: `position` (wrapped), `species`, for the grid every
 *  real field, for the localisation `von_mises_strain` and `strain_valid`.
 *
 *  Collective; agreed.
 *  @param[out] result  release with mg_structure_clear; zeroed on failure
 *  @return MG_ERR_INPUT when a partial g(r) shows no end of the first shell and no cutoff is given,
 *          or a grid is too fine */
mg_status mg_structure_find(const mg_comm *comm, const mg_snapshot *snapshot,
                            const mg_structure_options *options, mg_structure *result);
void mg_structure_clear(mg_structure *result);

#endif
