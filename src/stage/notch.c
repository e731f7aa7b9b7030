/* Two notches, mirror images, cut through the thickness into the faces of the free axis at half
 * length. With s the distance from the face and q the one from the middle along the load axis, an
 * atom goes when
 *
 *   u           |q| < h/2 and s < a - h/2, or (s - (a - h/2))^2 + q^2 < (h/2)^2
 *   v           in the wedge of the given angle or height that ends at depth a in a circle of
 *               root_radius
 *   semicircle  s^2 + q^2 < a^2
 *   rectangle   |q| < h/2 and s < a
 *
 * a = depth, h = height. The paper's notches are u: a slot with a round root [Sopu et al., NPG Asia
 * Mater. 2023]; scaled to its sample, a = 12.3 nm and h = 6.17 nm. */
#include "drive.h"
#include "rows.h"

#include "mgmd/base/mem.h"
#include "mgmd/dynamics/velocity.h"
#include "mgmd/stage/stage.h"

#include <math.h>
#include <stddef.h>

typedef enum shape { U, V, SEMICIRCLE, RECTANGLE } shape;

typedef struct notch_config {
  int shape;
  double depth, height, angle, root_radius;
} notch_config;

static const char *const shapes[] = {"u", "v", "semicircle", "rectangle", NULL};

static const mg_param params[] = {
    {.name = "shape",
     .kind = MG_P_CHOICE,
     .offset = offsetof(notch_config, shape),
     .fallback = "u",
     .choices = shapes,
     .doc = "u (slot with a round root), v (wedge), semicircle or rectangle"},
    {.name = "depth",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(notch_config, depth),
     .required = true,
     .min = 0,
     .max = 1e8,
     .above_min = true,
     .doc = "of each of the two notches, from the free face"},
    {.name = "height",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(notch_config, height),
     .min = 0,
     .max = 1e8,
     .above_min = true,
     .doc = "opening along the load axis; u, v and rectangle need it (v: this or angle)"},
    {.name = "angle",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_ANGLE,
     .offset = offsetof(notch_config, angle),
     .min = 0,
     .max = 3.14159,
     .above_min = true,
     .doc = "between the flanks of a v; this or height"},
    {.name = "root_radius",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(notch_config, root_radius),
     .min = 0,
     .max = 1e8,
     .doc = "of the rounded tip of a v; sharp when left out"},
    {.name = NULL},
};

static double root_radius(const notch_config *config) {
  return isnan(config->root_radius) ? 0 : config->root_radius;
}

/* Half the opening at the face of a v with half angle t: its flanks touch a circle of radius r
 * whose deepest point is at depth a, so they are those of a wedge that ends at a - r + r/sin t. */
static double half_opening(const notch_config *config, double t) {
  const double r = root_radius(config);
  return (config->depth - r) * tan(t) + r / cos(t);
}

/* Half the angle between the flanks, from `angle` or by bisection from `height`. */
static double half_angle(const notch_config *config) {
  if (!isnan(config->angle)) return config->angle / 2;
  double low = 0, high = 1.5707963267948966;
  for (int k = 0; k < 60; k++) {
    const double middle = 0.5 * (low + high);
    if (half_opening(config, middle) < config->height / 2)
      low = middle;
    else
      high = middle;
  }
  return 0.5 * (low + high);
}

/* Opening along the load axis, of keys that were found sound. */
static double height_of(const notch_config *config) {
  if (config->shape == SEMICIRCLE) return 2 * config->depth;
  if (config->shape == V && isnan(config->height))
    return 2 * half_opening(config, half_angle(config));
  return config->height;
}

/* The same, NaN (and a mistake) when the keys do not fix it. */
static double opening(const notch_config *config, mg_check *check) {
  const bool v = config->shape == V, semicircle = config->shape == SEMICIRCLE;
  const bool has_height = !isnan(config->height), has_angle = !isnan(config->angle);
  const char *name = shapes[config->shape];
  if (has_angle && !v) mg_check_fail(check, "angle", "a %s notch has none; leave it out", name);
  if (!isnan(config->root_radius) && !v)
    mg_check_fail(check, "root_radius", "a %s notch takes none; leave it out", name);
  if (semicircle) {
    if (has_height)
      mg_check_fail(check, "height", "a semicircle is twice its depth high; leave it out");
    return height_of(config);
  }
  if (v && has_height == has_angle)
    mg_check_fail(check, has_angle ? "angle" : NULL,
                  has_angle ? "given beside height; write one of the two"
                            : "neither height nor angle; a v notch needs one of the two");
  else if (!v && !has_height)
    mg_check_fail(check, "height", "missing; a %s notch needs its height", name);
  return v && has_height == has_angle ? NAN : height_of(config);
}

static void check_form(const notch_config *config, mg_check *check, double height) {
  if (config->shape == U && config->depth < height / 2)
    mg_check_fail(check, "depth",
                  "%g nm is less than the radius of the root, half the height; "
                  "write at least %g nm, or shape: semicircle",
                  config->depth / 10, height / 20);
  /* the circle lies between the flanks and reaches the depth */
  const double most = fmin(config->depth, height / 2);
  if (config->shape == V && root_radius(config) > most)
    mg_check_fail(check, "root_radius",
                  "%g nm does not fit between the flanks; write at most %.4g nm",
                  config->root_radius / 10, most / 10);
}

static void check_size(const notch_config *config, mg_check *check, double height) {
  const mg_plan *plan = &check->plan;
  const double width = plan->box.length[plan->axes.free],
               length = plan->box.length[plan->axes.load];
  /* what is left must be a solid: wider than atoms reach */
  const double least = fmax(plan->cutoff, 2.0);
  if (width - 2 * config->depth < least)
    mg_check_fail(check, "depth",
                  "two notches %g nm deep in a sample %g nm wide along %s leave "
                  "%.4g nm; write at most %.4g nm",
                  config->depth / 10, width / 10, mg_axis_name(plan->axes.free),
                  fmax(width - 2 * config->depth, 0) / 10, fmax(width - least, 0) / 20);
  if (length - height < least)
    mg_check_fail(check, mg_check_given(check, "height") ? "height" : "depth",
                  "a notch %g nm high in a sample %g nm long along %s; write at most %.4g nm",
                  height / 10, length / 10, mg_axis_name(plan->axes.load),
                  fmax(length - least, 0) / 10);
}

/* The sharp wedge less what lies between its flanks and the circle at the tip. */
static double wedge_area(const notch_config *config) {
  const double t = half_angle(config), w = half_opening(config, t), r = root_radius(config);
  return (w * w - r * r) / tan(t) + r * r * (1.5707963267948966 - t);
}

/* Cross-section of one notch in the plane of the free and the load axis [A^2]. */
static double area(const notch_config *config, double height) {
  const double a = config->depth, r = height / 2, pi = 3.14159265358979323846;
  switch (config->shape) {
  case U: return (a - r) * height + pi * r * r / 2;
  case V: return wedge_area(config);
  case SEMICIRCLE: return pi * a * a / 2;
  default: return a * height;
  }
}

static void check_notch(const void *data, mg_check *check) {
  const notch_config *config = data;
  mg_plan *plan = &check->plan;
  if (!mg_check_needs_atoms(check)) return;
  if (plan->has_reference)
    mg_check_fail(check, NULL,
                  "the sample was loaded, and its strain reference has no notch; "
                  "notch before 'compress'");
  else if (plan->sample.notch_depth > 0)
    mg_check_fail(check, NULL, "the sample is notched already; leave this stage out");
  const double height = opening(config, check);
  if (isfinite(height)) {
    check_form(config, check, height);
    if (plan->box_known) {
      check_size(config, check, height);
      const double face = plan->box.length[plan->axes.free] * plan->box.length[plan->axes.load];
      plan->n_atoms *= fmax(1 - 2 * area(config, height) / face, 0);
    }
  }
  plan->sample.notch_depth = config->depth;
  plan->sample.notch_height = height;
  plan->box.periodic[plan->axes.free] = false;
}

/* Where the notches are: faces across the free axis, middle along the load axis, and the height. */
typedef struct cut {
  const notch_config *config;
  double height, half_angle, lower, upper, middle, length;
} cut;

/* Inside the wedge between the flanks, or in the circle that blunts its tip. */
static bool in_wedge(const cut *c, double s, double q) {
  const double r = root_radius(c->config), t = c->half_angle;
  const double centre = c->config->depth - r;
  if (q > half_opening(c->config, t) - s * tan(t)) return false;
  return s <= centre + r * sin(t) || (s - centre) * (s - centre) + q * q < r * r;
}

static bool in_notch(const cut *c, double s, double q) {
  const double a = c->config->depth, r = c->height / 2;
  switch (c->config->shape) {
  case U:
    return (q < r && s < a - r) || (s - (a - r)) * (s - (a - r)) + q * q < r * r;
  case V: return in_wedge(c, s, q);
  case SEMICIRCLE: return s * s + q * q < a * a;
  default: return q < r && s < a;
  }
}

static mg_status carve(const cut *c, mg_sim *sim) {
  mg_atoms *atoms = &sim->atoms;
  int32_t *kept = NULL, n = 0;
  MG_TRY(MG_NEW(kept, atoms->n));
  for (int32_t i = 0; i < atoms->n; i++) {
    const double *x = atoms->x[i];
    double q = (x[sim->axes.load] - c->middle) / c->length;
    q = fabs(q - rint(q)) * c->length;
    const double across = x[sim->axes.free];
    if (!in_notch(c, across - c->lower, q) && !in_notch(c, c->upper - across, q)) kept[n++] = i;
  }
  const mg_status status = mg_atoms_select(atoms, kept, n);
  mg_free(kept);
  return status;
}

static mg_status run(const void *data, mg_run *run) {
  const notch_config *config = data;
  mg_sim *sim = &run->sim;
  const int load = sim->axes.load, free = sim->axes.free;
  cut c = {.config = config,
           .height = height_of(config),
           .half_angle = config->shape == V ? half_angle(config) : 0,
           .length = sim->box.length[load],
           .middle = sim->box.lo[load] + sim->box.length[load] / 2,
           .lower = sim->box.lo[free],
           .upper = sim->box.lo[free] + sim->box.length[free]};
  if (sim->box.periodic[free]) {
    MG_TRY(mg_section_open(run));
  } else {
    /* surfaces that have moved: half a spacing outside the outermost atoms */
    double least, most;
    mg_section_extent(run, (const double(*)[3])sim->atoms.x, free, &least, &most);
    mg_section_measure(run);
    const double rim = (run->width - (most - least)) / 2;
    c.lower = least - rim;
    c.upper = most + rim;
  }
  const int64_t before = mg_count_all(run->comm, sim->atoms.n);
  MG_TRY_ALL(run->comm, carve(&c, sim));
  sim->atoms.n_global = mg_count_all(run->comm, sim->atoms.n);
  MG_REQUIRE(sim->atoms.n_global > 0 && sim->atoms.n_global < before, MG_ERR_RUN,
             "notch: %lld of %lld atoms would be left; the sample and the notch do not fit",
             (long long)sim->atoms.n_global, (long long)before);
  sim->sample.notch_depth = config->depth;
  sim->sample.notch_height = c.height;
  /* the atoms taken out took their momentum along */
  mg_velocity_remove_drift(sim);
  mg_velocity_measure(sim);
  return MG_OK;
}

const mg_stage_type mg_stage_notch = {
    .name = "notch",
    .summary = "carve notches into the two free faces; opens the free axis",
    .params = params,
    .config_size = sizeof(notch_config),
    .check = check_notch,
    .run = run,
    .rearranges = true};
