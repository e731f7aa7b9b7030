/** Where the time goes, by phase. Wall-clock readings never influence results. */
#ifndef MGMD_BASE_TIMER_H
#define MGMD_BASE_TIMER_H

typedef enum mg_phase {
  MG_PHASE_PAIR,      /**< density, embedding and force passes */
  MG_PHASE_LIST,      /**< wrapping, migration, sorting, neighbour lists */
  MG_PHASE_HALO,      /**< ghost positions and F' */
  MG_PHASE_REDUCE,    /**< the one reduction a step */
  MG_PHASE_INTEGRATE, /**< kicks, drifts, thermostat, barostat */
  MG_PHASE_OUTPUT,    /**< thermo, snapshots, strain analysis */
  MG_PHASE_OTHER,
  MG_PHASE_COUNT
} mg_phase;

extern const char *const mg_phase_names[MG_PHASE_COUNT];

typedef struct mg_timer {
  double total[MG_PHASE_COUNT]; /**< [s] */
  double since;                 /**< when the present phase began [s] */
  mg_phase now;
} mg_timer;

double mg_clock(void); /**< monotonic wall clock [s] */

/** Begin timing in MG_PHASE_OTHER. */
void mg_timer_start(mg_timer *timer);

/** Close the present phase and enter @p phase. @return the phase that was closed */
mg_phase mg_timer_enter(mg_timer *timer, mg_phase phase);

#endif
