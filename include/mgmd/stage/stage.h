/** A stage is data and functions: one const struct in one file, found by name in one array.
 *
 *  Adding one: write src/stage/<name>.c, add its mg_stage_type to registry.c. Parsing, units,
 *  ranges, defaults, help, docs and completion follow from the parameter table.
 */
#ifndef MGMD_STAGE_STAGE_H
#define MGMD_STAGE_STAGE_H

#include "mgmd/base/error.h"
#include "mgmd/base/param.h"
#include "mgmd/base/record.h"
#include "mgmd/state/atoms.h"
#include "mgmd/state/box.h"
#include "mgmd/state/sample.h"

typedef struct mg_run mg_run;     /* stage/run.h: simulation and outputs of a running pipeline */
typedef struct mg_check mg_check; /* below */

typedef struct mg_stage_type {
  const char *name;
  const char *summary; /**< one line, lower case, no full stop */
  const mg_param *params;
  size_t config_size;
  /** Verify the stage against what stands before it and tell what stands after it, with nominal
   *  sizes; problems go to mg_check_fail and checking goes on. The error record is left alone, but
   *  for a lack of memory. Not collective, no files written. */
  void (*check)(const void *config, mg_check *check);
  /** Do it. Collective; returns an agreed status.
   *
   *  A stage that moves may be interrupted at any step and called again, perhaps by another program
   *  on other ranks. What tells where it was is in run->part (0: it has not begun), run->motion and
   *  in a struct of its own, run->progress, zero at the beginning: these are saved and loaded. */
  mg_status (*run)(const void *config, mg_run *run);
  bool rearranges;           /**< puts atoms or cell together anew: means over time end */
  size_t progress_size;      /**< of the stage's own struct; 0: none */
  const mg_record *progress; /**< its table */
} mg_stage_type;

/** All stages in the order of SPEC section 1, NULL-terminated. */
extern const mg_stage_type *const mg_stage_types[];

const mg_stage_type *mg_stage_find(const char *name);

/** The nominal state while the stages are checked one after the other. */
typedef struct mg_plan {
  bool has_atoms;
  double n_atoms;          /**< estimate after carving */
  bool box_known;
  mg_box box;              /**< nominal */
  mg_axes axes;
  mg_species species;      /**< of the potential */
  double cutoff;           /**< of the potential [A] */
  double timestep;         /**< [ps] */
  mg_sample sample;
  bool has_velocity;
  bool has_reference;
  bool loaded;             /**< a compress (or a read snapshot of one) stands before */
  bool averaged;           /**< a stage asks for time-averaged positions */
  mg_axis_ramp pressure;   /**< axes relaxed during the last compress */
  double temperature;      /**< [K] expected at this point, NaN unknown */
  double n_steps;          /**< time steps so far, all stages (minimisation estimated) */
  double atom_steps;       /**< sum of atoms x steps so far */
  int n_snapshots;
} mg_plan;

/** What an input is checked for. */
typedef enum mg_check_mode {
  MG_CHECK_RUN,   /**< to be run now */
  MG_CHECK_ONLY,  /**< `mgmd check`: a file to be read may be missing still */
  MG_CHECK_RESUME /**< to be gone on with: a file may be missing that was read long ago */
} mg_check_mode;

/** What a check function sees. */
struct mg_check {
  mg_plan plan;
  const char *input_path;       /**< of the input file; for paths relative to it */
  struct mg_diagnostics *diagnostics; /* io/diagnostics.h */
  const struct mg_config_stage *stage; /**< word, place and own mapping; io/config.h */
  int index;                    /**< of the stage, from 1 */
  mg_check_mode mode;
};

/** Report a mistake at @p key of the current stage, which may be dotted ("pressure.x"); NULL or a
 *  key that was not written: at the stage itself. Text: what was found; what would be valid. */
void mg_check_fail(mg_check *check, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** The same place, but only a warning on stderr. */
void mg_check_warn(mg_check *check, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** True when the user wrote @p key in this stage (a default does not count). */
bool mg_check_given(const mg_check *check, const char *key);

/** Checks shared by stages. They report their own mistakes. @return true when all is well */
bool mg_check_needs_atoms(mg_check *check);
bool mg_check_starts_empty(mg_check *check);    /**< create and read: nothing stands before */
bool mg_check_all_periodic(mg_check *check);    /**< no axis may be open yet */

/** A barostat acts on periodic axes only, and never on @p driven (-1: none), whose length is
 *  prescribed. */
bool mg_check_pressure(mg_check *check, const char *key, const mg_axis_ramp *pressure, int driven);

/** A time of @p ps must be at least one time step; zero passes when @p zero_allowed. */
bool mg_check_interval(mg_check *check, const char *key, double ps, bool zero_allowed);

/** The thermostat's and barostat's times are at least ten time steps; the keys are tau_T, tau_P. */
void mg_check_relaxation(mg_check *check, double tau_T, double tau_P);

/** The nominal box is not thinner than any pair of atoms on a periodic axis. */
bool mg_check_box(mg_check *check, const char *key);

/** Add the cost of @p steps time steps to the plan. */
void mg_check_add_steps(mg_check *check, double steps);

/** Whole time steps nearest to @p ps: how every duration and interval becomes steps. */
int64_t mg_stage_steps(double ps, double timestep);

/** "x", "y" or "z". */
const char *mg_axis_name(int axis);

#endif
