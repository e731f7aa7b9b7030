/* Guards the structural analyses. Closed forms: the shells of fcc in g(r), 12 and 8 neighbours in
 * fcc and bcc, no centrosymmetry in a crystal with a centre, the rhombic dodecahedron of fcc, cells
 * that fill the box. Against a plain sum over pairs and images: the structure factor. Exact
 * partition: the stress of the cells of a grid adds up to that of the sample. And the same bits on
 * any number of ranks as on one.
 */
#include "mgmd/analysis/structure.h"
#include "mgmd/comm/mpi.h"
#include "strain_sample.h"

static sample atoms;
static share rows;
static int32_t species[SAMPLE_MOST];
static double stress[SAMPLE_MOST][6], eta[SAMPLE_MOST];
static bool alike; /* all of one species */

static void values_of(int64_t id, int32_t *kind, double s[6], double *strain) {
  *kind = (int32_t)(id % 3 == 0);
  for (int c = 0; c < 6; c++) s[c] = 3 * sample_noise(9, (int)id, c);
  *strain = 0.1 + 0.1 * sample_noise(8, (int)id, 0);
}

/* Analyse the sample on these ranks. */
static void find(const mg_comm *comm, const mg_structure_options *options, mg_structure *found) {
  static const mg_species elements = {2, {"Cu", "Zr"}, {63.546, 91.224}};
  sample_share(&atoms, comm, 3, &rows);
  for (int64_t k = 0; k < rows.n; k++) {
    int image[3] = {0};
    values_of(rows.id[k], &species[k], stress[k], &eta[k]);
    if (alike) species[k] = 0;
    mg_box_wrap(&atoms.box, rows.x[k], image);
  }
  const mg_column columns[] = {{"position", "", "", MG_FLOAT64, 3, rows.x},
                               {"species", "", "", MG_INT32, 1, species},
                               {"stress", "eV", "", MG_FLOAT64, 6, stress},
                               {"von_mises_strain", "", "", MG_FLOAT64, 1, eta}};
  const mg_column_set set = {rows.n, rows.id, 4, columns};
  mg_snapshot snapshot = {
      .box = atoms.box, .axes = sample_axes, .species = &elements, .n_sets = 1, .sets = &set};
  mg_sample_init(&snapshot.sample);
  ck_assert_status_all(comm, mg_structure_find(comm, &snapshot, options, found), MG_OK);
}

static mg_structure_options choose(unsigned tasks) {
  mg_structure_options options;
  mg_structure_defaults(&options);
  options.tasks = tasks;
  return options;
}

static const mg_array *array_of(const mg_structure *found, const char *path) {
  for (int k = 0; k < found->n_arrays; k++)
    if (strcmp(found->arrays[k].path, path) == 0) return &found->arrays[k];
  ck_abort_msg("there is no %s", path);
  return NULL;
}

static double scalar_of(const mg_structure *found, const char *name) {
  for (int k = 0; k < found->n_scalars; k++)
    if (strcmp(found->scalars[k].name, name) == 0) return found->scalars[k].value[0];
  ck_abort_msg("there is no %s", name);
  return 0;
}

static const void *column_of(const mg_structure *found, const char *name) {
  for (int k = 0; k < found->set.n_columns; k++)
    if (strcmp(found->columns[k].name, name) == 0) return found->columns[k].data;
  ck_abort_msg("there is no %s", name);
  return NULL;
}

static void make_bcc(void) {
  static const double basis[2][3] = {{0, 0, 0}, {.5, .5, .5}};
  sample_crystal(&atoms, (double[3]){2.87, 2.87, 2.87}, (int[3]){6, 7, 8}, 2, basis, "ppp");
}

START_TEST(shells_of_fcc) {
  static const int shell[5] = {12, 6, 24, 12, 24};
  const mg_structure_options options = choose(MG_TASK_DISTRIBUTION);
  mg_structure found;
  sample_fcc(&atoms, 5, 6, 7, "ppp");
  find(&mpi_world, &options, &found);
  const mg_array *r = array_of(&found, "/analysis/radial_distribution/r");
  const double *x = r->data, *g = array_of(&found, "/analysis/radial_distribution/total")->data;
  const double rho = atoms.n / mg_box_volume(&atoms.box), half = options.bin / 2;
  double sum[6] = {0}, elsewhere = 0;
  for (int64_t k = 0; k < r->dims[0]; k++) {
    const double from = x[k] - half, to = x[k] + half;
    const double n = rho * g[k] * 4 * acos(-1) / 3 * (to * to * to - from * from * from);
    int at = -1;
    for (int s = 0; s < 5; s++) {
      const double place = 3.639 * sqrt((s + 1) / 2.);
      if (place > from - 1e-9 && place < to + 1e-9) at = s;
    }
    if (at >= 0)
      sum[at] += n;
    else if (x[k] < 3.639 * sqrt(2.5))
      elsewhere += n;
  }
  for (int s = 0; s < 5; s++) ck_assert_double_eq_tol(sum[s], shell[s], 1e-9);
  ck_assert_double_eq_tol(elsewhere, 0, 1e-12);
  mg_structure_clear(&found);
}
END_TEST

static void check_crystal(int neighbours, int shell, bool centre) {
  mg_structure_options options = choose(MG_TASK_COORDINATION | MG_TASK_CENTROSYMMETRY);
  mg_structure found;
  options.neighbours = neighbours;
  alike = true;
  find(&mpi_world, &options, &found);
  alike = false;
  const int32_t *coordination = column_of(&found, "coordination");
  const double *csp = column_of(&found, "centrosymmetry");
  bool good = true;
  for (int64_t i = 0; i < found.set.n; i++)
    good = good && coordination[i] == shell && (centre ? csp[i] < 1e-20 : csp[i] > 1);
  ck_assert_all(&mpi_world, good);
  ck_assert_double_eq(scalar_of(&found, "mean_coordination"), shell);
  ck_assert_int_eq(mg_count_all(&mpi_world, found.set.n), atoms.n);
  mg_structure_clear(&found);
}

START_TEST(crystals) {
  sample_fcc(&atoms, 5, 6, 7, "ppp");
  check_crystal(12, 12, true);
  make_bcc();
  check_crystal(8, 8, true);
  sample_hcp(&atoms, 7, 4, 5, "ppp");
  check_crystal(12, 12, false);
}
END_TEST

START_TEST(a_cutoff_may_be_given) {
  mg_structure_options options = choose(MG_TASK_COORDINATION);
  mg_structure found;
  options.cutoff = 3.7; /* the second shell, too */
  sample_fcc(&atoms, 5, 6, 7, "ppp");
  find(&mpi_world, &options, &found);
  ck_assert_double_eq(scalar_of(&found, "mean_coordination"), 18);
  mg_structure_clear(&found);
}
END_TEST

START_TEST(voronoi_cells) {
  const mg_structure_options options = choose(MG_TASK_VORONOI);
  mg_structure found;
  if (!mg_structure_has_voronoi()) return; /* `make check` of a build without tells it elsewhere */
  sample_fcc(&atoms, 5, 6, 7, "ppp");
  find(&mpi_world, &options, &found);
  const int32_t(*faces)[4] = (const int32_t(*)[4])column_of(&found, "voronoi_index");
  const double *volume = column_of(&found, "voronoi_volume");
  bool good = true;
  for (int64_t i = 0; i < found.set.n; i++)
    good = good && faces[i][0] == 0 && faces[i][1] == 12 && faces[i][2] == 0 && faces[i][3] == 0 &&
           fabs(volume[i] - pow(3.639, 3) / 4) < 1e-9;
  ck_assert_all(&mpi_world, good);
  mg_structure_clear(&found);
  sample_random(&atoms, sample_box(21, 23, 25, "ppp"));
  find(&mpi_world, &options, &found);
  const double total = scalar_of(&found, "mean_voronoi_volume") * atoms.n;
  ck_assert_double_eq_tol(total / mg_box_volume(&atoms.box), 1, 1e-12);
  mg_structure_clear(&found);
}
END_TEST

START_TEST(cells_at_a_surface_are_left_out) {
  const mg_structure_options options = choose(MG_TASK_VORONOI);
  mg_structure found;
  if (!mg_structure_has_voronoi()) return;
  sample_fcc(&atoms, 5, 6, 7, "pop");
  find(&mpi_world, &options, &found);
  const double *volume = column_of(&found, "voronoi_volume");
  int64_t open = 0;
  for (int64_t i = 0; i < found.set.n; i++) open += volume[i] == 0;
  ck_assert_int_eq(mg_count_all(&mpi_world, open), 2 * 2 * 5 * 7); /* a layer on either side */
  mg_structure_clear(&found);
}
END_TEST

/* 1 + 1/N sum W sin(qr)/(qr) over all pairs and images within R, less the same for an even
 * density: by long double, with the integral by fine steps. */
static long double direct(double q, double R) {
  const long double pi = acosl(-1), rho = atoms.n / (long double)mg_box_volume(&atoms.box);
  long double sum = 0;
  int most[3];
  for (int a = 0; a < 3; a++) most[a] = 1 + (int)(R / atoms.box.length[a]);
  for (int i = 0; i < atoms.n; i++)
    for (int j = 0; j < atoms.n; j++)
      for (int u = -most[0]; u <= most[0]; u++)
        for (int v = -most[1]; v <= most[1]; v++)
          for (int w = -most[2]; w <= most[2]; w++) {
            const int n[3] = {u, v, w};
            long double square = 0;
            for (int a = 0; a < 3; a++) {
              const long double d = atoms.x[j][a] - atoms.x[i][a] + n[a] * atoms.box.length[a];
              square += d * d;
            }
            if (square == 0 || square >= (long double)R * R) continue;
            const long double r = sqrtl(square);
            sum += sinl(pi * r / R) / (pi * r / R) * sinl(q * r) / (q * r);
          }
  long double even = 0;
  const int steps = 20000;
  for (int k = 0; k < steps; k++) {
    const long double r = (k + 0.5L) * R / steps;
    even += r * r * sinl(pi * r / R) / (pi * r / R) * sinl(q * r) / (q * r) * R / steps;
  }
  return 1 + sum / atoms.n - 4 * pi * rho * even;
}

START_TEST(structure_factor) {
  const mg_structure_options options = choose(MG_TASK_FACTOR);
  mg_structure found;
  sample_random(&atoms, sample_box(13, 14, 15, "ppp"));
  find(&mpi_world, &options, &found);
  const double *q = array_of(&found, "/analysis/structure_factor/q")->data;
  const double *s = array_of(&found, "/analysis/structure_factor/total")->data;
  bool good = true;
  for (int k = 9; k < 400 && mpi_world.rank == 0; k += 97)
    good = good && fabsl(s[k] - direct(q[k], options.range)) < 2e-3L;
  ck_assert_all(&mpi_world, good);
  mg_structure_clear(&found);
}
END_TEST

START_TEST(stress_is_shared_out_exactly) {
  mg_structure_options options = choose(MG_TASK_GRID | MG_TASK_LOCALISATION);
  mg_structure found;
  options.cell = 4;
  sample_random(&atoms, sample_box(21, 23, 25, "pop"));
  find(&mpi_world, &options, &found);
  const mg_array *virial = array_of(&found, "/analysis/grid/virial");
  const int64_t *count = array_of(&found, "/analysis/grid/count")->data;
  const double *cell = array_of(&found, "/analysis/grid/stress")->data;
  const double *edge = array_of(&found, "/analysis/grid/edges_free")->data;
  ck_assert_int_eq(virial->dims[0], 6); /* 25 A in whole cells */
  long double all[6] = {0}, sum[6] = {0}, forces[6] = {0}, mean = 0, square = 0;
  int64_t n = 0;
  for (int64_t k = 0; k < virial->dims[0] * virial->dims[1]; k++) {
    n += count[k];
    for (int c = 0; c < 6; c++) sum[c] += ((const double *)virial->data)[6 * k + c];
    for (int c = 0; c < 6; c++) forces[c] += cell[6 * k + c];
  }
  for (int i = 0; i < atoms.n; i++) {
    int32_t kind;
    double s[6], strain;
    values_of(atoms.first_id + i, &kind, s, &strain);
    for (int c = 0; c < 6; c++) all[c] += s[c];
    mean += strain / (long double)atoms.n;
    square += strain * (long double)strain / atoms.n;
  }
  ck_assert_int_eq(n, atoms.n);
  const double volume = (edge[1] - edge[0]) * 25. / 6 * 21 / 160.2176634;
  for (int c = 0; c < 6; c++) {
    ck_assert_double_eq_tol((double)(sum[c] - all[c]), 0, 1e-12 * atoms.n);
    ck_assert_double_eq_tol((double)(forces[c] * volume - all[c]), 0, 1e-10);
  }
  ck_assert_double_eq_tol(scalar_of(&found, "mean_von_mises_strain"), (double)mean, 1e-14);
  ck_assert_double_eq_tol(scalar_of(&found, "localisation"), (double)sqrtl(square - mean * mean),
                          1e-12);
  mg_structure_clear(&found);
}
END_TEST

/* The atoms of one rank alone, by id. */
static int64_t row_of(const mg_structure *all, int64_t id) {
  for (int64_t k = 0; k < all->set.n; k++)
    if (all->set.id[k] == id) return k;
  return -1;
}

START_TEST(same_bits_on_any_number_of_ranks) {
  const unsigned voronoi = mg_structure_has_voronoi() ? MG_TASK_VORONOI : 0;
  mg_structure_options options = choose(31 - MG_TASK_VORONOI + voronoi + MG_TASK_GRID + 64);
  mg_structure found, alone;
  mg_comm self;
  ck_assert(mg_comm_from(&self, MPI_COMM_SELF) == MG_OK);
  options.cutoff = 3.3; /* a gas has no shells */
  sample_random(&atoms, sample_box(12, 23, 25, "pop"));
  find(&mpi_world, &options, &found);
  find(&self, &options, &alone);
  bool good = found.n_arrays == alone.n_arrays && found.n_scalars == alone.n_scalars;
  good = good && found.set.n_columns == alone.set.n_columns && found.n_arrays > 15;
  for (int k = 0; k < found.n_arrays && good && mpi_world.rank == 0; k++) {
    const mg_array *a = &found.arrays[k], *b = &alone.arrays[k];
    size_t n = mg_ctype_size(a->ctype);
    for (int d = 0; d < a->rank; d++) n *= (size_t)a->dims[d];
    good = strcmp(a->path, b->path) == 0 && memcmp(a->dims, b->dims, sizeof a->dims) == 0 &&
           memcmp(a->data, b->data, n) == 0;
  }
  for (int k = 0; k < found.n_scalars && good; k++)
    good = memcmp(found.scalars[k].value, alone.scalars[k].value, 8) == 0;
  for (int c = 0; c < found.set.n_columns && good; c++) {
    const mg_column *a = &found.columns[c], *b = &alone.columns[c];
    const size_t size = mg_ctype_size(a->ctype) * (size_t)a->components;
    for (int64_t k = 0; k < found.set.n && good; k++) {
      const int64_t other = row_of(&alone, found.set.id[k]);
      good = other >= 0 && memcmp((const char *)a->data + (size_t)k * size,
                                  (const char *)b->data + (size_t)other * size, size) == 0;
    }
  }
  ck_assert_all(&mpi_world, good);
  mg_structure_clear(&found);
  mg_structure_clear(&alone);
  mg_comm_close(&self);
}
END_TEST

START_TEST(words) {
  const mg_names wrong = {1, {"coordinatoin"}}, all = {0}, some = {2, {"grid", "coordination"}};
  unsigned tasks;
  ck_assert_int_eq(mg_structure_choose(&wrong, &tasks), MG_ERR_INPUT);
  mg_error_clear();
  ck_assert_int_eq(mg_structure_choose(&some, &tasks), MG_OK);
  ck_assert_uint_eq(tasks, MG_TASK_GRID | MG_TASK_COORDINATION);
  ck_assert_int_eq(mg_structure_choose(&all, &tasks), MG_OK);
  ck_assert_uint_eq(tasks | MG_TASK_VORONOI, 127);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, shells_of_fcc);
  tcase_add_test(tests, crystals);
  tcase_add_test(tests, a_cutoff_may_be_given);
  tcase_add_test(tests, voronoi_cells);
  tcase_add_test(tests, cells_at_a_surface_are_left_out);
  tcase_add_test(tests, structure_factor);
  tcase_add_test(tests, stress_is_shared_out_exactly);
  tcase_add_test(tests, same_bits_on_any_number_of_ranks);
  tcase_add_test(tests, words);
}

MPI_CHECK_MAIN("structure", fill)
