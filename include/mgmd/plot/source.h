/** What pictures are made from: the files of a run, snapshots and their per-atom quantities.
 *
 *  One rank alone; nothing is collective. Failures are MG_ERR_INPUT with the file and the reason.
 */
#ifndef MGMD_PLOT_SOURCE_H
#define MGMD_PLOT_SOURCE_H

#include "mgmd/base/param.h"
#include "mgmd/io/frame.h"
#include "mgmd/plot/color.h"

/** Where a snapshot stands in the story of loading. */
typedef enum mg_shot_state {
  MG_SHOT_OTHER,     /**< of another stage, or of none */
  MG_SHOT_REFERENCE, /**< the start of `compress` */
  MG_SHOT_LOADING,   /**< within it */
  MG_SHOT_LOADED,    /**< its end */
  MG_SHOT_UNLOADED   /**< the end of `unload` */
} mg_shot_state;

/** A snapshot without its atoms. */
typedef struct mg_shot {
  char path[MG_PATH], stage[64];
  mg_shot_state state;
  mg_frame_header header; /**< axes: load z, free y, thin x when the file does not say */
  double strain, stress;  /**< L/L0 - 1, gross stress [GPa]; NaN: not in the file */
} mg_shot;

mg_status mg_shot_look(const char *path, mg_shot *shot);

/** The files of a run. */
typedef struct mg_run_files {
  char path[MG_PATH];   /**< the folder, or the file that was named */
  char name[128];       /**< its last part, without an ending */
  char folder[MG_PATH]; /**< where the files are; "." for the working directory */
  char thermo[MG_PATH]; /**< "" when there is none */
  int n_shots;
  mg_shot *shot;        /**< by rising number; owned */
  int loaded, unloaded; /**< the end of the last `compress`, of the `unload` after it; -1: none */
  int loading;          /**< the newest of a `compress` that has not got to its end; else -1 */
} mg_run_files;

/** Find them: @p path is a run's folder, one snapshot, or a table such as thermo.csv.
 *  @param[out] files  zeroed on failure; release with mg_run_files_clear */
mg_status mg_run_files_find(const char *path, mg_run_files *files);
void mg_run_files_clear(mg_run_files *files);

/** A per-atom quantity as it is shown: number in the file x factor, in @p unit. */
typedef struct mg_quantity {
  char name[64];   /**< as asked for: "stress.zz", "velocity.x", "von_mises_strain" */
  char title[128]; /**< "von Mises strain" */
  char detail[32]; /**< told after the title where there is room; "" mostly */
  char unit[32];   /**< "" without */
  double factor;
  mg_colormap_kind kind;
  bool is_strain;    /**< not defined where strain_valid is 0 */
  bool zero_is_none; /**< not defined where it is 0 */
  bool is_virial;    /**< volume times stress [eV] */
  char dataset[128];
  int component, components;
} mg_quantity;

/** Look a quantity up in a snapshot. Components are named x y z or xx yy zz xy xz yz after a point;
 *  "velocity.norm" is the length of a vector. */
mg_status mg_quantity_find(const mg_shot *shot, const char *name, mg_quantity *quantity);

/** Its values as shown, NaN where it is not defined.  @param[out] value  [n_atoms] */
mg_status mg_quantity_read(const mg_shot *shot, const mg_quantity *quantity, double *value);

/** One coordinate of all atoms [Angstrom], wrapped into the cell on periodic axes.
 *  @param[out] x  [n_atoms] */
mg_status mg_shot_coordinate(const mg_shot *shot, int axis, double *x);

/** Species of all atoms as indices into header.species.  @param[out] species  [n_atoms] */
mg_status mg_shot_species(const mg_shot *shot, int32_t *species);

/** Can the quantities be looked up, all of them? That they cannot is no failure. */
mg_status mg_shot_holds(const mg_shot *shot, int n, const char *const *names, bool *holds);

/** "loaded, strain -8.0 %, gross stress -2.56 GPa" or, of other stages, "run, strain 0.0 %,
 *  25.5 ps"; where no time is known, the step. */
void mg_shot_title(const mg_shot *shot, bool with_stress, char *text, size_t size);

#endif
