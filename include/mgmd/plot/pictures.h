/** The pictures of `mgmd plot`. Each function makes one file (the film: many) from files of runs.
 *
 *  One rank alone; nothing is collective. @return MG_OK; MG_ERR_INPUT when a file or field is
 *  missing or cannot be used, MG_ERR_IO when the picture cannot be written, MG_ERR_MEMORY
 */
#ifndef MGMD_PLOT_PICTURES_H
#define MGMD_PLOT_PICTURES_H

#include "mgmd/io/table.h"
#include "mgmd/plot/source.h"

typedef enum mg_map_style {
  MG_MAP_AUTO,  /**< atoms where they are large enough to be seen, else the grid */
  MG_MAP_ATOMS,
  MG_MAP_GRID   /**< means over the thickness; of the per-atom stress, the sum over the volume */
} mg_map_style;

/** Limits of a quantity, as shown, by its name. */
typedef struct mg_plot_range {
  char name[64];
  double least, most;
} mg_plot_range;

/** What all pictures share. Lengths of the page are in points (1/72 inch). */
typedef struct mg_look {
  double width; /**< of the page [pt] */
  bool exact;   /**< maps keep to it; else a page of slim maps is narrower */
  double dpi;
  const char *title; /**< above everything; NULL: none */
  mg_map_style style;
  double cell;   /**< of the grid [Angstrom]; 0: chosen so that about ten atoms are in each */
  double radius; /**< of atoms [Angstrom]; 0: from the volume per atom */
  bool log;      /**< logarithmic counts in histograms */
  int n_ranges;
  const mg_plot_range *range;
} mg_look;

/** Names that the caller owns. */
typedef struct mg_words {
  int n;
  const char *const *word;
} mg_words;

/** Maps in the plane of load and free axis: a row per snapshot, a column per quantity; a column's
 *  colour bar holds for all its rows. Ranges that @p look does not give hold all but the outermost
 *  0.5 % of the values; diverging maps are centred at zero. */
mg_status mg_plot_maps(const mg_look *look, int n_shots, const mg_shot *const *shots,
                       const mg_words *quantities, const char *path);

/** The same picture of every snapshot, on one scale: FOLDER/000000.png and on, an even number of
 *  pixels each way, as video encoders want it. The folder is made. */
mg_status mg_plot_film(const mg_look *look, int n_shots, const mg_shot *const *shots,
                       const mg_words *quantities, const char *folder);

/** Stress against strain of one run (all of @p stresses) or several (a colour each): loading solid,
 *  unloading dashed; both negated, and labelled so, when all runs are compressed.
 *  @param[in] stresses  of gross, net, true
 *  @param[in] labels    of the runs; n = 0: their names, with the strain rate where they differ */
mg_status mg_plot_stress_strain(const mg_look *look, int n_runs, const mg_run_files *runs,
                                const mg_words *stresses, const mg_words *labels,
                                const char *path);

/** Does the run's table hold rows of a stage `compress` or `unload`? */
mg_status mg_plot_has_loading(const mg_run_files *run, bool *loading);

/** Columns of thermo.csv over time, strain or step, one above the other, stages marked. */
mg_status mg_plot_series(const mg_look *look, const mg_run_files *run, const mg_words *columns,
                         const char *x, const char *path);

/** Where a profile is taken: along an axis, over the whole section, or along a line in the plane of
 *  free (first) and load axis (second), over a band around it. */
typedef struct mg_profile_line {
  int axis;                  /**< 0, 1, 2, or -1: the line */
  double from[2], to[2];     /**< [Angstrom], from the lower left corner of the sample */
  double band;               /**< full width of the band [Angstrom] */
  double bin;                /**< [Angstrom] */
} mg_profile_line;

/** Means of quantities in bins along a line, a curve per snapshot, a chart per quantity. */
mg_status mg_plot_profile(const mg_look *look, int n_shots, const mg_shot *const *shots,
                          const mg_words *quantities, const mg_profile_line *line,
                          const char *path);

/** Shares of atoms over the value of quantities, a curve per snapshot, a chart per quantity. */
mg_status mg_plot_histogram(const mg_look *look, int n_shots, const mg_shot *const *shots,
                            const mg_words *quantities, const char *path);

/** Pair distribution functions of a snapshot up to @p most [Angstrom]: all atoms, and each pair of
 *  species. Beside an open face only atoms further than @p most from it are centres. */
mg_status mg_plot_rdf(const mg_look *look, const mg_shot *shot, double most, const char *path);

#endif
