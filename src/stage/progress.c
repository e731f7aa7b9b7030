/* The line is put together from parts in the order they are read; where the terminal is narrow, the
 * parts that matter least are left out, since a line that wraps cannot be renewed. */
#include "progress.h"
#include "drive.h"
#include "mgmd/base/log.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Seconds between lines: on a terminal; in a log at first and at most, and in between this share of
 * the time that the run has taken, so that a second tells as much as a night. */
static const double TERMINAL_PACE = 0.2, LOG_PACE = 10, LOG_PACE_MOST = 600, LOG_SHARE = 0.05;

/* Weight of the last reading in the rate. */
static const double FRESH = 0.2;

enum { PARTS = 10, PART = 48, BAR = 12 };

typedef struct line {
  int n;
  char part[PARTS][PART];
  int worth[PARTS]; /* the least goes first */
} line;

static char *add(line *l, int worth) {
  if (l->n == PARTS) mg_die("a progress line of more than %d parts", PARTS);
  l->worth[l->n] = worth;
  return l->part[l->n++];
}

void mg_progress_begin(mg_run *run, bool continued) {
  run->shown = mg_clock();
  run->shown_step = run->sim.step;
  if (!continued) run->shown_from = run->sim.step;
  run->shown_rate = NAN;
}

/* Is it time for a line? Renews the rate [steps/s] when it is. */
static bool due(mg_run *run, int64_t step) {
  const double now = mg_clock(), elapsed = now - run->shown;
  const double share = LOG_SHARE * (now - run->started);
  const double pace =
      mg_log_is_terminal() ? TERMINAL_PACE : fmin(fmax(share, LOG_PACE), LOG_PACE_MOST);
  if (elapsed < pace) return false;
  const double rate = (double)(step - run->shown_step) / elapsed;
  run->shown_rate = isnan(run->shown_rate) ? rate : FRESH * rate + (1 - FRESH) * run->shown_rate;
  run->shown = now;
  run->shown_step = step;
  return true;
}

static void add_rate(line *l, double rate) {
  if (rate >= 1e6)
    snprintf(add(l, 3), PART, "%.2f M atom-steps/s", rate / 1e6);
  else
    snprintf(add(l, 3), PART, "%.0f k atom-steps/s", rate / 1e3);
}

/* "1:27 left", "3:05:10 left", "2 d 4 h left" */
static void add_time(line *l, double seconds, bool at_most) {
  char *text = add(l, 8);
  const char *bound = at_most ? "at most " : "";
  if (!(seconds < 1e8)) {
    snprintf(text, PART, "time left unknown");
    return;
  }
  const int s = (int)ceil(seconds);
  if (s < 3600)
    snprintf(text, PART, "%s%d:%02d left", bound, s / 60, s % 60);
  else if (s < 86400)
    snprintf(text, PART, "%s%d:%02d:%02d left", bound, s / 3600, s / 60 % 60, s % 60);
  else
    snprintf(text, PART, "%s%d d %d h left", bound, s / 86400, s / 3600 % 24);
}

static void add_share(line *l, double share) {
  if (mg_log_is_terminal()) {
    char *text = add(l, 1);
    const int full = (int)(BAR * share + 0.5);
    for (int k = 0; k < BAR; k++) text[k + 1] = k < full ? '#' : '.';
    text[0] = '[';
    memcpy(text + BAR + 1, "]", 2);
  }
  snprintf(add(l, 9), PART, "%3.0f %%", 100 * share);
}

static void tell(const mg_run *run, line *l) {
  char head[96], text[PARTS * PART + 96] = "";
  const int n = snprintf(head, sizeof head, "%d/%d %s", run->stage_number,
                         run->pipeline->n_stages, run->stage->source->label);
  const int room = mg_log_is_terminal() ? mg_log_width() - 1 : 1000;
  for (;;) {
    int length = n, least = 0;
    for (int k = 0; k < l->n; k++) {
      /* in steps of 4, or a digit more or less would let a part come and go */
      if (l->part[k][0]) length += 2 + ((int)strlen(l->part[k]) + 3) / 4 * 4;
      const bool lesser = !l->part[least][0] || l->worth[k] < l->worth[least];
      if (l->part[k][0] && lesser) least = k;
    }
    if (length <= room || !l->part[least][0]) break;
    l->part[least][0] = '\0';
  }
  size_t end = 0;
  for (int k = 0; k < l->n; k++)
    if (l->part[k][0])
      end += (size_t)snprintf(text + end, sizeof text - end, "  %s", l->part[k]);
  if (mg_log_is_terminal())
    mg_log_progress("%s%s%s%s", mg_log_paint(MG_PAINT_HEAD), head, mg_log_paint(MG_PAINT_NONE),
                    text);
  else
    mg_log("%s%s", head, text);
}

void mg_progress_motion(mg_run *run, const mg_motion *motion, bool open_end) {
  const mg_sim *sim = &run->sim;
  if (!due(run, sim->step)) return;
  line l = {.n = 0};
  const double rate = run->shown_rate;
  const int64_t motion_end = motion->start_step + motion->n_steps,
                end = motion_end > run->stage_end ? motion_end : run->stage_end;
  add_share(&l, (double)(sim->step - run->shown_from) / fmax(1, (double)(end - run->shown_from)));
  snprintf(add(&l, 2), PART, "step %lld", (long long)sim->step);
  if (mg_section_strain(run) != 0)
    snprintf(add(&l, 7), PART, "strain %+.2f %%", 100 * mg_section_strain(run));
  snprintf(add(&l, 6), PART, "stress %+.2f GPa", mg_section_stress(run));
  snprintf(add(&l, 5), PART, "T %.0f K", mg_sim_temperature(sim));
  add_rate(&l, rate * (double)sim->atoms.n_global);
  const double per_day = rate * sim->dt * 86.4; /* ns */
  const int digits = per_day < 1 ? 3 : per_day < 10 ? 2 : per_day < 100 ? 1 : 0;
  snprintf(add(&l, 4), PART, "%.*f ns/day", digits, per_day);
  add_time(&l, (double)(end - sim->step) / rate, open_end);
  tell(run, &l);
}

void mg_progress_minimize(mg_run *run, int64_t steps, int64_t most, double force, double wanted) {
  const int64_t step = run->sim.step + steps;
  if (!due(run, step)) return;
  line l = {.n = 0};
  const double rate = run->shown_rate;
  snprintf(add(&l, 7), PART, "step %lld of at most %lld", (long long)steps, (long long)most);
  snprintf(add(&l, 6), PART, "force %.2g eV/A, wanted %.2g", force, wanted);
  add_rate(&l, rate * (double)run->sim.atoms.n_global);
  add_time(&l, (double)(most - steps) / rate, true);
  tell(run, &l);
}
