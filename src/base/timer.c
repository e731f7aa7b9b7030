#include "mgmd/base/timer.h"

#include <string.h>
#include <time.h>

const char *const mg_phase_names[MG_PHASE_COUNT] = {"pair",      "list",   "halo", "reduce",
                                                    "integrate", "output", "other"};

double mg_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void mg_timer_start(mg_timer *timer) {
  memset(timer, 0, sizeof *timer);
  timer->now = MG_PHASE_OTHER;
  timer->since = mg_clock();
}

mg_phase mg_timer_enter(mg_timer *timer, mg_phase phase) {
  const double now = mg_clock();
  const mg_phase closed = timer->now;
  timer->total[closed] += now - timer->since;
  timer->since = now;
  timer->now = phase;
  return closed;
}
