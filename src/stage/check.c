#include "mgmd/stage/stage.h"

#include "mgmd/base/log.h"
#include "mgmd/base/str.h"
#include "mgmd/io/config.h"
#include "mgmd/io/diagnostics.h"
#include "mgmd/io/yaml.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Two atoms of any kind do not come closer than this in a solid [A]. */
#define THINNEST_BOX 2.0

const mg_stage_type *mg_stage_find(const char *name) {
  for (const mg_stage_type *const *type = mg_stage_types; *type; type++)
    if (strcmp((*type)->name, name) == 0) return *type;
  return NULL;
}

const char *mg_axis_name(int axis) {
  static const char *const names[] = {"x", "y", "z"};
  return names[axis];
}

int64_t mg_stage_steps(double ps, double timestep) { return (int64_t)llround(ps / timestep); }

static mg_place place_of(const mg_check *check, const char *key) {
  const mg_yaml_node *value = key ? mg_yaml_at(check->stage->node, key) : NULL;
  return value ? value->place : check->stage->key->place;
}

static void path_of(const mg_check *check, const char *key, char path[MG_KEY_PATH]) {
  snprintf(path, MG_KEY_PATH, "%s%s%s", check->stage->label, key ? "." : "", key ? key : "");
}

void mg_check_fail(mg_check *check, const char *key, const char *format, ...) {
  char path[MG_KEY_PATH], text[MG_DIAGNOSTIC_TEXT];
  path_of(check, key, path);
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  mg_diagnostics_add(check->diagnostics, place_of(check, key), path, "%s", text);
}

void mg_check_warn(mg_check *check, const char *key, const char *format, ...) {
  char path[MG_KEY_PATH], place[MG_PATH + 32], text[MG_DIAGNOSTIC_TEXT];
  path_of(check, key, path);
  mg_diagnostics_place(check->diagnostics, place_of(check, key), place, sizeof place);
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  mg_warn("%s: %s: %s", place, path, text);
}

bool mg_check_given(const mg_check *check, const char *key) {
  return mg_yaml_at(check->stage->node, key) != NULL;
}

bool mg_check_needs_atoms(mg_check *check) {
  if (check->plan.has_atoms) return true;
  mg_check_fail(check, NULL, "no atoms yet; begin with 'create' or 'read'");
  return false;
}

bool mg_check_starts_empty(mg_check *check) {
  if (!check->plan.has_atoms) return true;
  mg_check_fail(check, NULL, "there are atoms already; 'create' or 'read' stands once, first");
  return false;
}

bool mg_check_all_periodic(mg_check *check) {
  const mg_plan *plan = &check->plan;
  for (int a = 0; a < 3; a++) {
    if (plan->box.periodic[a]) continue;
    mg_check_fail(check, NULL,
                  "the %s axis is open; this needs a sample without free surfaces, "
                  "so it stands before 'open' and 'notch'",
                  mg_axis_name(a));
    return false;
  }
  return true;
}

/* "x, z": the axes a barostat may act on. */
static void list_axes(const mg_plan *plan, int driven, char *text, size_t size) {
  text[0] = '\0';
  for (int a = 0; a < 3; a++)
    if (plan->box.periodic[a] && a != driven)
      mg_str_append(text, size, "%s%s", text[0] ? ", " : "", mg_axis_name(a));
  if (!text[0]) mg_str_append(text, size, "none");
}

bool mg_check_pressure(mg_check *check, const char *key, const mg_axis_ramp *pressure, int driven) {
  const mg_plan *plan = &check->plan;
  if (!pressure->given) return true;
  char valid[16], inner[64];
  list_axes(plan, driven, valid, sizeof valid);
  if (pressure->coupled) {
    if (strcmp(valid, "none") != 0) return true;
    mg_check_fail(check, key, "no axis is left for a barostat; leave the pressure out");
    return false;
  }
  for (int a = 0; a < 3; a++) {
    if (!pressure->on[a] || (plan->box.periodic[a] && a != driven)) continue;
    snprintf(inner, sizeof inner, "%s.%s", key, mg_axis_name(a));
    if (a == driven)
      mg_check_fail(check, inner,
                    "%s is the load axis, whose length is prescribed here; a "
                    "barostat may act on: %s",
                    mg_axis_name(a), valid);
    else
      mg_check_fail(check, inner,
                    "the %s axis is open, and a barostat acts on periodic axes only: "
                    "%s",
                    mg_axis_name(a), valid);
    return false;
  }
  return true;
}

bool mg_check_interval(mg_check *check, const char *key, double ps, bool zero_allowed) {
  const double step = check->plan.timestep;
  if (ps >= step * (1 - 1e-9) || (zero_allowed && ps == 0)) return true;
  mg_check_fail(check, key, "%g ps is less than one time step; write %sat least %g ps", ps,
                zero_allowed ? "0 ps or " : "", step);
  return false;
}

void mg_check_relaxation(mg_check *check, double tau_T, double tau_P) {
  const double least = 10 * check->plan.timestep;
  const struct {
    const char *key;
    double tau;
  } both[] = {{"tau_T", tau_T}, {"tau_P", tau_P}};
  for (int k = 0; k < 2; k++)
    if (both[k].tau < least * (1 - 1e-9))
      mg_check_fail(check, both[k].key,
                    "%g ps is less than ten time steps, too fast to integrate; "
                    "write at least %g ps",
                    both[k].tau, least);
}

bool mg_check_box(mg_check *check, const char *key) {
  const mg_box *box = &check->plan.box;
  for (int a = 0; a < 3; a++) {
    if (!box->periodic[a] || box->length[a] >= THINNEST_BOX) continue;
    mg_check_fail(check, key,
                  "the box is %.4g A along %s, less than the distance of two atoms; "
                  "make it at least %g A",
                  box->length[a], mg_axis_name(a), THINNEST_BOX);
    return false;
  }
  /* cells of the grid by which atoms are found: memory goes with the volume, not with the atoms */
  const double cells = mg_box_volume(box) / pow(check->plan.cutoff, 3);
  if (!isfinite(check->plan.n_atoms) || !(cells > 1e6 + 1000 * check->plan.n_atoms)) return true;
  mg_check_fail(check, key,
                "%.3g atoms in a box of %.3g A^3, which is nearly empty; make it smaller",
                check->plan.n_atoms, mg_box_volume(box));
  return false;
}

void mg_check_add_steps(mg_check *check, double steps) {
  mg_plan *plan = &check->plan;
  plan->n_steps += steps;
  if (plan->has_atoms && isfinite(plan->n_atoms)) plan->atom_steps += steps * plan->n_atoms;
}
