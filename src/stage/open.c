/* The free axis loses its periodicity: two free surfaces appear where the cell ended. */
#include "drive.h"
#include "mgmd/stage/stage.h"

#include <stddef.h>

static const mg_param params[] = {{.name = NULL}};

static void check_open(const void *data, mg_check *check) {
  (void)data;
  mg_plan *plan = &check->plan;
  if (!mg_check_needs_atoms(check)) return;
  if (plan->has_reference)
    mg_check_fail(check, NULL, "the sample was loaded, and its strain reference is closed; open "
                  "before 'compress'");
  else if (!plan->box.periodic[plan->axes.free])
    mg_check_fail(check, NULL, "the free axis %s is open already; leave this stage out",
                  mg_axis_name(plan->axes.free));
  plan->box.periodic[plan->axes.free] = false;
}

static mg_status run(const void *data, mg_run *run) {
  (void)data;
  return mg_section_open(run);
}

const mg_stage_type mg_stage_open = {.name = "open",
                                     .summary =
                                         "make the free axis non-periodic, with free surfaces",
                                     .params = params,
                                     .config_size = 0,
                                     .check = check_open,
                                     .run = run,
                                     .rearranges = true};
