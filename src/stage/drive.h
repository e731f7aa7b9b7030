/** What the stages share while they run. Private to stage; everything here is collective and
 *  returns agreed statuses. */
#ifndef MGMD_SRC_STAGE_DRIVE_H
#define MGMD_SRC_STAGE_DRIVE_H

#include "mgmd/analysis/structure.h"
#include "mgmd/stage/run.h"

/** Neighbours within 1 nm in the reference make up the strain [SPEC section 4; A]. */
#define MG_STRAIN_CUTOFF 10.0

/** Called after every step. @return true to end the stage (equal on all ranks) */
typedef bool (*mg_step_hook)(void *context, mg_run *run, mg_motion *motion);

/** What mg_drive does besides moving. */
typedef struct mg_drive_plan {
  mg_step_hook hook; /**< NULL: none */
  void *context;
  int64_t snapshot_every; /**< steps; 0: none. Counted from motion->start_step */
  bool open_end;          /**< the hook is there to end the motion before its last step */
  bool goes_on;           /**< no row where the hook ends the motion: the stage goes on */
} mg_drive_plan;

/** Lay grid and lists for a stage that gets as hot as @p temperature [K], evaluate forces, and
 *  draw velocities at @p draw [K] when the atoms are at rest (NaN: leave them). */
mg_status mg_stage_begin(mg_run *run, double temperature, double draw);

/** Advance up to motion->start_step + motion->n_steps with thermo rows, progress, snapshots and
 *  checkpoints; MG_STOPPED when the run is to end before.
 *  Rows stand at the stage's first and last state and at every multiple of output.thermo.
 *  @param[in] continued  the same stage moved before: no first row */
mg_status mg_drive(mg_run *run, mg_motion *motion, const mg_drive_plan *plan, bool continued);

/** The columns of thermo.csv, as SPEC section 4 names them. */
extern const mg_table_column mg_thermo_columns[];

/** One row of thermo.csv; motion may be NULL. */
mg_status mg_output_thermo(mg_run *run, mg_motion *motion);

/** The next snapshot of the series, or, with @p file, one to that path.
 *  @param[in] fields  NULL: those of output.fields */
mg_status mg_output_snapshot(mg_run *run, mg_motion *motion, const char *file,
                             const mg_names *fields);

/** What goes into a snapshot. */
typedef struct mg_output_choice {
  const mg_names *fields;               /**< NULL: those of output.fields */
  const mg_structure_options *analysis; /**< NULL: none; its results are added */
} mg_output_choice;

/** mg_output_snapshot with an analysis. */
mg_status mg_output_chosen(mg_run *run, mg_motion *motion, const char *file,
                           const mg_output_choice *choice);

/** The configuration as LAMMPS data or extended XYZ, by the name's ending. */
mg_status mg_output_frame(mg_run *run, const char *file);

/** Name of snapshot @p number of the series. */
void mg_output_name(const mg_run *run, int number, char name[MG_SNAPSHOT_NAME]);

/** Write the series file anew for the snapshots that are there, up to run->n_snapshots. */
mg_status mg_output_restore_series(mg_run *run);

/** Make the present configuration the strain reference and remember the specimen's lengths. */
mg_status mg_output_set_reference(mg_run *run);

/** Barostat axes and targets from a parameter; open axes are never relaxed. */
void mg_motion_set_pressure(mg_motion *motion, const mg_run *run, const mg_axis_ramp *pressure);

/** Width and thickness for stresses from the present sample (before any loading). */
void mg_section_measure(mg_run *run);

/** Distance of the tagged faces' mean positions [A]; NaN without tags. */
double mg_section_face_gap(const mg_run *run);

/** Tag the atoms within 0.5 nm of each free face, off the notch, by positions @p x of the rank's
 *  atoms in their order, in the cell @p box. Collective. */
void mg_section_tag_faces(mg_run *run, const double (*x)[3], const mg_box *box);

/** Largest and smallest coordinate of @p x along axis @p a over all ranks. Collective. */
void mg_section_extent(const mg_run *run, const double (*x)[3], int a, double *least, double *most);

/** Make the free axis non-periodic: wrap once more, then images along it are 0 for good. The bulk's
 *  volume per atom is remembered from the periodic cell. Collective. */
mg_status mg_section_open(mg_run *run);

/** Gross stress now [GPa], tension > 0. */
double mg_section_stress(const mg_run *run);

/** L/L0 - 1 of the load axis; 0 before the first compress. */
double mg_section_strain(const mg_run *run);

#endif
