/* stage/pipeline.h, the check functions of all stages: what may follow what, sizes as they are
 * nominally, and the cost told before the first step. Expected numbers are counted by hand from the
 * inputs; the sizes and atoms of the paper's run are those of SPEC section 1. That each wrong input
 * is refused at the right place is in test_malformed.c. */
#include "mgmd/stage/pipeline.h"
#include "mgmd/io/file.h"
#include "unit_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HEAD                                                                                       \
  "potential: cuzr-mendelev2007\n"                                                                 \
  "timestep: 2 fs\n"                                                                               \
  "seed: 7\n"                                                                                      \
  "axes: {load: z, free: y, thin: x}\n"                                                            \
  "output: {directory: out/x}\n"                                                                   \
  "stages:\n"

#define CREATE                                                                                     \
  "  - create: {composition: {Cu: 64, Zr: 36}, atoms: 4000, box: [2.5 nm, 5 nm, 5 nm]}\n"

static mg_pipeline *load_text(const char *path, const char *text, size_t length,
                              const char *directory) {
  const mg_config_source source = {.path = path};
  mg_config *config;
  mg_pipeline *pipeline;
  ck_assert_int_eq(mg_config_parse(&source, directory, text, length, &config), MG_OK);
  ck_assert_int_eq(mg_pipeline_build(config, &pipeline), MG_OK);
  pipeline->potential = mg_potential_builtin("cuzr-mendelev2007");
  ck_assert_ptr_nonnull(pipeline->potential);
  mg_pipeline_check(pipeline, true);
  ck_assert_int_eq(mg_error_code(), MG_OK);
  return pipeline;
}

static mg_pipeline *load(const char *stages) {
  char text[4000];
  snprintf(text, sizeof text, HEAD "%s", stages);
  return load_text("f.yaml", text, strlen(text), "/home/u");
}

static const char *first_mistake(const mg_pipeline *pipeline) {
  static char line[1024];
  line[0] = '\0';
  if (pipeline->config->diagnostics.n > 0)
    mg_diagnostics_line(&pipeline->config->diagnostics, 0, line, sizeof line);
  return line;
}

/* The plan after sound stages. */
static mg_plan plan_of(const char *stages) {
  mg_pipeline *pipeline = load(stages);
  ck_assert_str_eq(first_mistake(pipeline), "");
  const mg_plan plan = pipeline->plan;
  mg_pipeline_destroy(&pipeline);
  return plan;
}

/* The first mistake must hold @p text. */
static void ck_refused(const char *stages, const char *text) {
  mg_pipeline *pipeline = load(stages);
  ck_assert_msg(strstr(first_mistake(pipeline), text) != NULL, "'%s' without '%s'",
                first_mistake(pipeline), text);
  mg_pipeline_destroy(&pipeline);
}

START_TEST(every_stage_has_a_table) {
  static const char *const names[] = {"create",   "read",      "minimize", "run",
                                      "quench",   "replicate", "open",     "notch",
                                      "compress", "unload",    "analyze",  "write"};
  int n = 0;
  for (; mg_stage_types[n]; n++) {
    const mg_stage_type *type = mg_stage_types[n];
    ck_assert_str_eq(type->name, names[n]);
    ck_assert_ptr_eq(mg_stage_find(names[n]), type);
    ck_assert(type->summary && type->params && type->check && type->run);
    for (const mg_param *row = type->params; row->name; row++) {
      ck_assert_msg(row->doc && strlen(row->doc) < 90, "%s.%s", type->name, row->name);
      ck_assert_msg(row->offset < type->config_size, "%s.%s", type->name, row->name);
      ck_assert_msg(!row->required || !row->fallback, "%s.%s", type->name, row->name);
      for (const mg_param *other = type->params; other != row; other++)
        ck_assert_str_ne(other->name, row->name);
    }
  }
  ck_assert_int_eq(n, 12);
  ck_assert_ptr_null(mg_stage_find("melt"));
}
END_TEST

/* All defaults are valid values of their rows: stages with required keys only are sound. */
START_TEST(defaults_are_valid) {
  mg_pipeline *pipeline = load(CREATE "  - minimize\n"
                                      "  - run: {ensemble: nve, steps: 0}\n"
                                      "  - quench: {melt: 2000 K, to: 50 K, rate: 1e14 K/s}\n"
                                      "  - replicate: {times: [1, 1, 2]}\n"
                                      "  - open:\n"
                                      "  - notch: {depth: 1 nm, height: 1 nm}\n"
                                      "  - compress: {rate: 4e9 1/s, strain: 8 %}\n"
                                      "  - unload: {}\n"
                                      "  - analyze\n"
                                      "  - write: {file: final.h5}\n");
  ck_assert_str_eq(first_mistake(pipeline), "");
  for (int k = 0; k < pipeline->n_stages; k++) ck_assert(pipeline->stages[k].sound);
  mg_pipeline_destroy(&pipeline);
}
END_TEST

/* SPEC section 2. A u notch 12 A deep and 8 A high covers 8*8 + pi 4^2/2 A^2. */
START_TEST(quick_start) {
  const mg_plan plan = plan_of(
      CREATE "  - quench: {melt: 2000 K, hold: 2 ps, to: 50 K, rate: 1e14 K/s}\n"
             "  - replicate: {times: [1, 1, 2]}\n"
             "  - notch: {shape: u, depth: 1.2 nm, height: 0.8 nm}\n"
             "  - run: {ensemble: npt, temperature: 50 K, duration: 4 ps, pressure: {x: 0 "
             "GPa, z: 0 GPa}}\n"
             "  - compress: {rate: 4e9 1/s, strain: 8 %, temperature: 50 K, pressure: {x: 0 "
             "GPa}, snapshots: 1 %}\n");
  ck_assert_double_eq_tol(plan.n_atoms, 8000 * (1 - 2 * (64 + acos(-1) * 8) / (50.0 * 100)), 1e-9);
  /* 1000 of melt, 1950 K / (0.2 K per step), 2000 of npt, 8 % / (8e-6 per step) */
  ck_assert_double_eq(plan.n_steps, 1000 + 9750 + 2000 + 10000);
  ck_assert_double_eq_tol(plan.atom_steps, 10750.0 * 4000 + 12000 * plan.n_atoms, 1);
  ck_assert_int_eq(plan.n_snapshots, 9);
  ck_assert_double_eq_tol(plan.box.length[2], 92, 1e-9);
  ck_assert(plan.box.periodic[0] && !plan.box.periodic[1] && plan.box.periodic[2]);
  ck_assert(plan.loaded && plan.has_reference && plan.has_velocity);
  ck_assert(plan.sample.strain_rate == -0.004 && plan.sample.length0 == 100);
  ck_assert(plan.temperature == 50);
}
END_TEST

START_TEST(lattices) {
  static const struct {
    const char *keys;
    double atoms, edge[3];
  } cases[] = {
      {"lattice: fcc, composition: {Cu: 1}", 4, {4, 4, 4}},
      {"lattice: fcc, composition: {Cu: 64, Zr: 36}", 4, {4, 4, 4}},
      {"lattice: bcc, composition: {Zr: 1}", 2, {4, 4, 4}},
      {"lattice: b2, composition: {Cu: 1, Zr: 1}", 2, {4, 4, 4}},
      {"lattice: hcp, composition: {Zr: 1}, c_over_a: 1.5", 4, {4, 6.928203230275509, 6}},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    char text[300];
    snprintf(text, sizeof text, "  - create: {%s, lattice_constant: 4 A, cells: [2, 3, 5]}\n",
             cases[k].keys);
    const mg_plan plan = plan_of(text);
    ck_assert_double_eq(plan.n_atoms, cases[k].atoms * 30);
    static const double cells[3] = {2, 3, 5};
    for (int a = 0; a < 3; a++)
      ck_assert_double_eq_tol(plan.box.length[a], cells[a] * cases[k].edge[a], 1e-12);
  }
}
END_TEST

START_TEST(wrong_lattices) {
  ck_refused("  - create: {composition: {Cu: 1}, lattice: fcc, cells: [2, 2, 2]}\n",
             "create.lattice_constant: missing");
  ck_refused("  - create: {composition: {Cu: 1}, lattice: fcc, lattice_constant: 4 A}\n",
             "create.cells: missing");
  ck_refused("  - create: {composition: {Cu: 1, Zr: 2}, lattice: b2, lattice_constant: 3 A, cells: "
             "[2, 2, 2]}\n",
             "create.composition: b2 has two elements in equal shares");
  ck_refused(
      "  - create: {composition: {Cu: 1}, lattice: bcc, lattice_constant: 3 A, cells: [2, 2, "
      "2], c_over_a: 1.5}\n",
      "create.c_over_a: 'c_over_a' has no meaning with lattice: bcc");
  ck_refused("  - create: {composition: {Cu: 1}, atoms: 10, box: [3 nm, 3 nm, 3 nm], cells: [1, 1, "
             "1]}\n",
             "create.cells: 'cells' has no meaning with lattice: random");
}
END_TEST

/* n d^3 = 0.6 is the most: 4800 atoms 2 A apart in (4 nm)^3, 1422 of 3 A. */
START_TEST(crowded_boxes) {
  plan_of("  - create: {composition: {Cu: 1}, atoms: 4800, box: [4 nm, 4 nm, 4 nm]}\n");
  ck_refused("  - create: {composition: {Cu: 1}, atoms: 4801, box: [4 nm, 4 nm, 4 nm]}\n",
             "take at most 4800 atoms");
  ck_refused("  - create: {composition: {Cu: 1}, atoms: 4800, box: [4 nm, 4 nm, 4 nm], "
             "min_distance: 3 A}\n",
             "take at most 1422 atoms");
}
END_TEST

START_TEST(notches) {
  const double face = 50.0 * 50, before = 4000, pi = acos(-1);
  static const char *const stages[] = {
      "  - notch: {shape: rectangle, depth: 1 nm, height: 2 nm}\n",
      "  - notch: {shape: semicircle, depth: 1 nm}\n",
      "  - notch: {shape: v, depth: 1 nm, height: 2 nm}\n",
      "  - notch: {shape: v, depth: 1 nm, angle: 90 deg}\n",
      "  - notch: {shape: v, depth: 1 nm, angle: 90 deg, root_radius: 0.4 nm}\n"};
  /* the last: its flanks meet at 6 + sqrt(2) 4 A behind the face; from that triangle goes the
   * square on the root's radius, less a quarter of the root's disc */
  const double tip = 6 + sqrt(2) * 4, rounded = tip * tip - 16 + 4 * pi;
  const double areas[] = {200, pi * 50, 100, 100, rounded}, heights[] = {20, 20, 20, 20, 2 * tip};
  for (int k = 0; k < 5; k++) {
    char text[400];
    snprintf(text, sizeof text, CREATE "%s", stages[k]);
    const mg_plan plan = plan_of(text);
    ck_assert_double_eq_tol(plan.n_atoms, before * (1 - 2 * areas[k] / face), 1e-6);
    ck_assert_double_eq(plan.sample.notch_depth, 10);
    ck_assert_double_eq_tol(plan.sample.notch_height, heights[k], 1e-9);
    ck_assert(!plan.box.periodic[1]);
  }
  ck_refused(CREATE "  - notch: {shape: semicircle, depth: 1 nm, height: 2 nm}\n",
             "notch.height: a "
             "semicircle");
  ck_refused(CREATE "  - notch: {depth: 1 nm, height: 2 nm, angle: 60 deg}\n", "notch.angle: a u ");
  ck_refused(CREATE "  - notch: {shape: v, depth: 1 nm}\n", "notch: neither height nor angle");
  ck_refused(CREATE "  - notch: {shape: v, depth: 1 nm, height: 1 nm, angle: 60 deg}\n",
             "notch.angle: given beside height");
  ck_refused(CREATE "  - notch: {shape: v, depth: 1 nm, angle: 90 deg, root_radius: 1.2 nm}\n",
             "notch.root_radius: 1.2 nm does not fit");
  /* a semicircle 2.4 nm deep is 4.8 nm high: no room along the load axis */
  ck_refused(CREATE "  - replicate: {times: [1, 2, 1]}\n  - notch: {shape: semicircle, depth: 2.4 "
                    "nm}\n",
             "notch.depth: a notch 4.8 nm high");
}
END_TEST

/* The ligament keeps at least the potential's cutoff: 50 A - 2 depth >= cutoff. */
START_TEST(ligament) {
  mg_potential *potential = mg_potential_builtin("cuzr-mendelev2007");
  const double most = (50 - mg_potential_cutoff(potential)) / 2;
  mg_potential_destroy(&potential);
  char text[400];
  snprintf(text, sizeof text, CREATE "  - notch: {depth: %.9f A, height: 8 A}\n", most - 1e-6);
  plan_of(text);
  snprintf(text, sizeof text, CREATE "  - notch: {depth: %.9f A, height: 8 A}\n", most + 1e-6);
  ck_refused(text, "notch.depth: two notches");
}
END_TEST

START_TEST(pressures) {
  static const char *const open = CREATE "  - open\n";
  static const struct {
    const char *stage, *mistake;
  } cases[] = {
      {"run: {ensemble: npt, temperature: 50 K, steps: 5, pressure: 0 GPa}", NULL},
      {"run: {ensemble: npt, temperature: 50 K, steps: 5, pressure: {x: 0 GPa, z: 1 GPa}}", NULL},
      {"run: {ensemble: npt, temperature: 50 K, steps: 5, pressure: {y: 0 GPa}}",
       "run.pressure.y: the y axis is open, and a barostat acts on periodic axes only: x, z"},
      {"compress: {rate: 1e9 1/s, strain: 1 %, temperature: 50 K, pressure: 0 GPa}", NULL},
      {"compress: {rate: 1e9 1/s, strain: 1 %, temperature: 50 K, pressure: {z: 0 GPa}}",
       "compress.pressure.z: z is the load axis, whose length is prescribed here; a barostat may "
       "act "
       "on: x"},
      {"minimize: {pressure: {x: 0 GPa}}", NULL},
      {"minimize: {pressure: {y: 0 GPa}}", "minimize.pressure.y: the y axis is open"},
      {"minimize: {pressure: {x: {from: 0 GPa, to: 1 GPa}}}", "a minimisation has no time to ramp"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    char text[600];
    snprintf(text, sizeof text, "%s  - %s\n", open, cases[k].stage);
    if (cases[k].mistake)
      ck_refused(text, cases[k].mistake);
    else
      plan_of(text);
  }
}
END_TEST

START_TEST(open_load_axis) {
  mg_pipeline *pipeline;
  static const char text[] =
      "potential: p\ntimestep: 2 fs\nseed: 1\naxes: {load: z, free: y, thin: "
      "x}\noutput: {directory: o}\nstages:\n" CREATE "  - notch: {depth: 1 nm, height: 1 nm}\n"
      "  - replicate: {times: [1, 1, 2]}\n";
  pipeline = load_text("f.yaml", text, strlen(text), "/home/u");
  ck_assert(
      strstr(first_mistake(pipeline), "replicate.times: 2 copies along z of a notched sample"));
  mg_pipeline_destroy(&pipeline);
}
END_TEST

START_TEST(durations_become_whole_steps) {
  /* 2 fs: 5 fs are 2 steps (2.5 to even or away: 3), 4.9 fs 2, 3 fs 2 */
  ck_assert_int_eq(mg_stage_steps(0.0049, 0.002), 2);
  ck_assert_int_eq(mg_stage_steps(0.0031, 0.002), 2);
  ck_assert_int_eq(mg_stage_steps(100, 0.002), 50000);
  const mg_plan plan = plan_of(CREATE "  - run: {ensemble: nve, duration: 10.1 fs}\n"
                                      "  - run: {ensemble: nve, duration: 0 ps}\n"
                                      "  - run: {ensemble: nve, steps: 0}\n"
                                      "  - run: {ensemble: nve, steps: 1e3, snapshots: 0.5 ps}\n");
  ck_assert_double_eq(plan.n_steps, 5 + 1000);
  ck_assert_int_eq(plan.n_snapshots, 4);
}
END_TEST

START_TEST(unloading) {
  static const char *const load_it = CREATE "  - compress: {rate: 1e9 1/s, strain: 1 %}\n";
  char text[600];
  snprintf(text, sizeof text, "%s  - unload: {hold: 1 ps}\n", load_it);
  ck_refused(text, "unload.temperature: missing; the compress had none");
  snprintf(text, sizeof text, "%s  - unload: {hold: 1 ps, temperature: 50 K}\n", load_it);
  plan_of(text);
  snprintf(text, sizeof text, "%s  - unload\n  - unload\n", load_it);
  ck_refused(text, "unload[2]: nothing is loaded");
}
END_TEST

START_TEST(checking_goes_on) {
  mg_pipeline *pipeline = load(CREATE "  - notch: {depth: 3 nm, height: 9 nm}\n"
                                      "  - run: {ensemble: nve, temperature: 5 K}\n"
                                      "  - compress: {rate: 1 GPa, strain: 8 %, sped: 1}\n"
                                      "  - unload: {hold: 1 s, to: 1}\n");
  static const char *const keys[] = {"notch.depth",   "notch.depth",     "notch.height",
                                     "run",           "run.temperature", "compress.rate",
                                     "compress.sped", "unload.to"};
  ck_assert_int_eq(pipeline->config->diagnostics.n, 8);
  for (int k = 0; k < 8; k++)
    ck_assert_str_eq(pipeline->config->diagnostics.entry[k].path, keys[k]);
  mg_pipeline_destroy(&pipeline);
}
END_TEST

START_TEST(a_file_to_read) {
  mg_pipeline *pipeline =
      load("  - read: {file: nowhere.h5}\n  - notch: {depth: 99 nm, height: 1 nm}\n"
           "  - compress: {rate: 1e9 1/s, strain: 1 %}\n");
  ck_assert_str_eq(first_mistake(pipeline), ""); /* checked only: a warning */
  mg_pipeline_check(pipeline, false);
  ck_assert(strstr(first_mistake(pipeline), "f.yaml:7:18: read.file: "));
  ck_assert_int_eq(mg_error_code(), MG_OK);
  mg_pipeline_destroy(&pipeline);
}
END_TEST

/* A LAMMPS data file of two atoms in 3 x 4 x 5 nm; types get their names in the input. */
START_TEST(a_file_that_is_there) {
  FILE *file = fopen("two.data", "w");
  ck_assert_ptr_nonnull(file);
  fputs("two atoms\n\n2 atoms\n2 atom types\n\n0 30 xlo xhi\n0 40 ylo yhi\n0 50 zlo zhi\n\n"
        "Atoms # atomic\n\n1 1 5 5 5\n2 2 15 15 15\n",
        file);
  fclose(file);
  const mg_plan plan = plan_of("  - read: {file: two.data, species: [Zr, Cu]}\n"
                               "  - replicate: {times: [1, 2, 3]}\n");
  ck_assert(plan.n_atoms == 12 && plan.box.length[1] == 80 && plan.box.length[2] == 150);
  ck_assert(!plan.has_velocity && !plan.loaded);
  ck_refused("  - read: {file: two.data, species: [Zr, Al]}\n",
             "f.yaml:7:37: read.species: the potential has no Al; its elements: Cu, Zr");
  ck_refused("  - read: {file: two.data}\n", "read.file: ");
  ck_refused("  - read: {file: two.data, species: [Zr, Cu]}\n  - unload\n",
             "unload: nothing is loaded");
  remove("two.data");
}
END_TEST

/* --- inputs/ ---------------------------------------------------------------------------------- */

static const char *const inputs[] = {"quickstart", "notched_compress", "quench",   "sweep",
                                     "unnotched",  "tension",          "reading_c"};
enum { N_INPUTS = sizeof inputs / sizeof *inputs };

static mg_pipeline *load_input(const char *name) {
  char path[1024], *text;
  size_t length;
  snprintf(path, sizeof path, "%s/inputs/%s.yaml", MGMD_SOURCE_DIR, name);
  ck_assert_msg(mg_file_read(path, MG_YAML_BYTES, &text, &length) == MG_OK, "%s", mg_error_text());
  mg_pipeline *pipeline = load_text(path, text, length, "/home/u");
  mg_free(text);
  ck_assert_str_eq(first_mistake(pipeline), "");
  return pipeline;
}

START_TEST(every_input_passes) {
  for (int k = 0; k < N_INPUTS; k++) {
    mg_pipeline *pipeline = load_input(inputs[k]);
    char directory[64];
    snprintf(directory, sizeof directory, "out/%s", inputs[k]);
    ck_assert_str_eq(pipeline->config->directory, directory);
    mg_pipeline_destroy(&pipeline);
  }
}
END_TEST

/* 968000 atoms doubled; notches of (12.3 - 3.085) x 6.17 nm and a half circle in 55.5 x 222 nm */
START_TEST(the_papers_sample) {
  mg_pipeline *pipeline = load_input("notched_compress");
  const double notch = (12.3 - 3.085) * 6.17 + acos(-1) * 3.085 * 3.085 / 2;
  ck_assert_double_eq_tol(pipeline->plan.n_atoms, 1936000 * (1 - 2 * notch / (55.5 * 222)), 1e-3);
  ck_assert(pipeline->plan.sample.length0 == 2220 && pipeline->plan.sample.width0 == 555);
  ck_assert(pipeline->plan.sample.strain_rate == -4e-5);
  mg_pipeline_destroy(&pipeline);
}
END_TEST

/* run.yaml is an input that says the same, to the last bit; writing it again changes nothing. */
START_TEST(resolved_inputs_read_back) {
  for (int k = 0; k < N_INPUTS; k++) {
    mg_pipeline *first = load_input(inputs[k]);
    char *once, *twice;
    ck_assert_int_eq(mg_pipeline_resolved(first, &once), MG_OK);
    mg_pipeline *second = load_text("elsewhere/run.yaml", once, strlen(once), "/other");
    ck_assert_msg(second->config->diagnostics.n == 0, "%s in\n%s", first_mistake(second), once);
    ck_assert_int_eq(mg_pipeline_resolved(second, &twice), MG_OK);
    ck_assert_str_eq(once, twice);
    ck_assert_int_eq(first->n_stages, second->n_stages);
    const mg_config *a = first->config, *b = second->config;
    ck_assert_str_eq(a->title, b->title);
    ck_assert(a->timestep == b->timestep && a->seed == b->seed && a->thermo == b->thermo);
    for (int s = 0; s < first->n_stages; s++) {
      const mg_stage_type *type = first->stages[s].type;
      ck_assert_ptr_eq(type, second->stages[s].type);
      if (strcmp(type->name, "read") == 0) continue; /* its path became absolute */
      ck_assert_mem_eq(first->stages[s].config, second->stages[s].config, type->config_size);
    }
    mg_free(once);
    mg_free(twice);
    mg_pipeline_destroy(&first);
    mg_pipeline_destroy(&second);
  }
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, every_stage_has_a_table);
  tcase_add_test(tests, defaults_are_valid);
  tcase_add_test(tests, quick_start);
  tcase_add_test(tests, lattices);
  tcase_add_test(tests, wrong_lattices);
  tcase_add_test(tests, crowded_boxes);
  tcase_add_test(tests, notches);
  tcase_add_test(tests, ligament);
  tcase_add_test(tests, pressures);
  tcase_add_test(tests, open_load_axis);
  tcase_add_test(tests, durations_become_whole_steps);
  tcase_add_test(tests, unloading);
  tcase_add_test(tests, checking_goes_on);
  tcase_add_test(tests, a_file_to_read);
  tcase_add_test(tests, a_file_that_is_there);
  tcase_add_test(tests, every_input_passes);
  tcase_add_test(tests, the_papers_sample);
  tcase_add_test(tests, resolved_inputs_read_back);
}

UNIT_CHECK_MAIN("stages", fill)
