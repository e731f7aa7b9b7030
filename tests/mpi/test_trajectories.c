/* Guards trajectories of text: every field of a frame comes back from LAMMPS dump and extended XYZ,
 * frame after frame and on any number of ranks; the ways in which LAMMPS writes positions mean the
 * same place; and a damaged file gives one line that names the first wrong one.
 */
#include "mgmd/io/frame_write.h"
#include "mgmd/io/writer.h"
#include "refusal_check.h"

enum { ATOMS = 700, FRAMES = 3 };

/* Frame t: the atoms of files_check.h with two more fields. */
static mg_frame make_frame(int t) {
  files_atoms a = files_atoms_make(&mpi_world, ATOMS, 3, mpi_world.size > 2 ? 2 : -1);
  mg_frame frame = {.box = files_box(), .species = files_species_table};
  mg_sample_init(&frame.sample);
  ck_assert_all(&mpi_world, mg_atoms_reserve(&frame.atoms, a.n + 1) == MG_OK);
  frame.atoms.n = a.n;
  for (int32_t i = 0; i < a.n; i++) {
    frame.atoms.id[i] = a.id[i];
    frame.atoms.species[i] = a.species[i];
    memcpy(frame.atoms.x[i], a.x[i], sizeof a.x[i]);
    memcpy(frame.atoms.v[i], a.v[i], sizeof a.v[i]);
    memcpy(frame.atoms.image[i], a.image[i], sizeof a.image[i]);
  }
  frame.has_velocity = frame.has_image = true;
  frame.step = 10 * t;
  frame.time = 0.1 * t;
  frame.n_fields = 2;
  ck_assert(MG_NEW(frame.fields, 2) == MG_OK);
  frame.fields[0] = (mg_frame_field){.name = "stress", .ctype = MG_FLOAT64, .components = 6};
  frame.fields[1] = (mg_frame_field){.name = "strain_valid", .ctype = MG_INT32, .components = 1};
  double *stress = mg_calloc((size_t)a.n, 6 * sizeof *stress);
  int32_t *valid = mg_calloc((size_t)a.n, sizeof *valid);
  for (int32_t i = 0; i < a.n; i++) {
    for (int c = 0; c < 6; c++) stress[6 * i + c] = files_value(a.id[i], 100 + 10 * t + c) - 0.5;
    valid[i] = (int32_t)(a.id[i] % 2);
  }
  frame.fields[0].data = stress;
  frame.fields[1].data = valid;
  files_atoms_clear(&a);
  return frame;
}

static bool is_frame(const mg_frame *f, int t) {
  const mg_box box = files_box();
  bool good = f->n_fields == 2 && f->atoms.n_global == ATOMS && f->step == 10 * t;
  good = good && strcmp(f->fields[0].name, "stress") == 0 && f->fields[0].components == 6;
  good = good && strcmp(f->fields[0].unit, "eV") == 0 && f->fields[1].ctype == MG_INT32;
  for (int32_t i = 0; i < f->atoms.n && good; i++) {
    const int64_t id = f->atoms.id[i];
    const char *symbol = f->species.symbol[f->atoms.species[i]];
    good = strcmp(symbol, files_species(id) ? "Zr" : "Cu") == 0;
    for (int a = 0; a < 3; a++) {
      const double x = f->atoms.x[i][a] + f->atoms.image[i][a] * f->box.length[a];
      const double expected = files_x(id, a) + files_image(id, a) * box.length[a];
      good = good && fabs(x - expected) < 1e-11;
      good = good && f->atoms.v[i][a] == files_value(id, 3 + a) - 0.5;
    }
    for (int c = 0; c < 6; c++)
      good = good &&
             ((double *)f->fields[0].data)[6 * i + c] == files_value(id, 100 + 10 * t + c) - 0.5;
    good = good && ((int32_t *)f->fields[1].data)[i] == id % 2;
  }
  for (int k = 0; k < 2; k++)
    good = good && fabs(f->species.mass[k] - files_species_table.mass[mg_species_index(
                                                 &files_species_table, f->species.symbol[k])]) == 0;
  return good && mg_count_all(&mpi_world, f->atoms.n) == ATOMS;
}

static void write_frames(const char *path) {
  mg_writer *writer;
  ck_assert_status_all(&mpi_world, mg_writer_open(&mpi_world, path, FRAMES, false, &writer), MG_OK);
  for (int t = 0; t < FRAMES; t++) {
    mg_frame frame = make_frame(t);
    mg_frame_view view;
    ck_assert(mg_frame_view_make(&frame, &view) == MG_OK);
    ck_assert_status_all(&mpi_world, mg_writer_put(writer, &view.snapshot), MG_OK);
    mg_frame_view_clear(&view);
    mg_frame_clear(&frame);
  }
  ck_assert_status_all(&mpi_world, mg_writer_close(&writer, MG_OK), MG_OK);
}

static void check_way(const char *name) {
  const mg_read_options options = {.fields = true};
  mg_reader *reader;
  mg_frame frame;
  bool found;
  int64_t passed;
  write_frames(files_path(name));
  ck_assert_all(&mpi_world, files_count() == 1);
  for (int first = 0; first <= FRAMES; first++) {
    ck_assert_status_all(&mpi_world,
                         mg_reader_open(&mpi_world, files_path(name), &options, &reader), MG_OK);
    ck_assert_status_all(&mpi_world, mg_reader_skip(reader, first, &passed), MG_OK);
    ck_assert_int_eq(passed, first);
    for (int t = first; t < FRAMES; t++) {
      ck_assert_status_all(&mpi_world, mg_reader_next(reader, &frame, &found), MG_OK);
      ck_assert_all(&mpi_world, found && is_frame(&frame, t));
      mg_frame_clear(&frame);
    }
    ck_assert_status_all(&mpi_world, mg_reader_next(reader, &frame, &found), MG_OK);
    ck_assert_all(&mpi_world, !found);
    mg_reader_close(&reader);
  }
  expect_refusal(name, "more follows");
}

START_TEST(dump_comes_back) { check_way("a.dump"); }
END_TEST

START_TEST(extended_xyz_comes_back) { check_way("a.xyz"); }
END_TEST

START_TEST(only_wanted_fields_are_taken) {
  const mg_names only = {1, {"strain_valid"}};
  const mg_read_options options = {.fields = true, .only = &only};
  mg_reader *reader;
  mg_frame frame;
  bool found;
  write_frames(files_path("a.dump"));
  ck_assert_status_all(&mpi_world,
                       mg_reader_open(&mpi_world, files_path("a.dump"), &options, &reader), MG_OK);
  ck_assert_status_all(&mpi_world, mg_reader_next(reader, &frame, &found), MG_OK);
  ck_assert_all(&mpi_world, found && frame.n_fields == 1 && frame.has_velocity);
  mg_frame_clear(&frame);
  mg_reader_close(&reader);
}
END_TEST

#define HEAD(n) "ITEM: TIMESTEP\n7\nITEM: NUMBER OF ATOMS\n" n "\n"
#define BOX "ITEM: BOX BOUNDS pp ff pp\n1 11\n0 4\n-2 6\n"

/* One atom, unwrapped at (23.5, 1, -3), however it is said. */
START_TEST(positions_of_lammps) {
  static const char *const columns[] = {
      "id type element x y z ix iy iz\n1 1 Cu 3.5 1 5 2 0 -1\n",
      "id element xs ys zs ix iy iz\n1 Cu 0.25 0.25 0.875 2 0 -1\n",
      "id element xu yu zu\n1 Cu 23.5 1 -3\n",
      "element id xsu ysu zsu c_pe\n Cu 1 2.25 0.25 -0.125 3\n",
      "id element x y z xu yu zu ix iy iz\n1 Cu 3.5 1 5 23.5 1 -3 2 0 -1\n"};
  for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++) {
    char text[512];
    mg_frame f;
    snprintf(text, sizeof text, HEAD("1") BOX "ITEM: ATOMS %s", columns[k]);
    put("a.lammpstrj", text);
    MPI_Barrier(MPI_COMM_WORLD);
    ck_assert_status_all(&mpi_world, mg_frame_read(&mpi_world, files_path("a.lammpstrj"), NULL, &f),
                         MG_OK);
    bool good = f.has_image && f.step == 7 && !f.box.periodic[1] && f.box.length[2] == 8;
    if (f.atoms.n > 0) {
      const double *x = f.atoms.x[0];
      const int32_t *image = f.atoms.image[0];
      good = good && x[0] == 3.5 && x[1] == 1 && x[2] == 5 && image[0] == 2 && image[1] == 0 &&
             image[2] == -1;
    }
    ck_assert_all(&mpi_world, good);
    mg_frame_clear(&f);
  }
}
END_TEST

START_TEST(types_take_names) {
  const mg_names names = {2, {"Cu", "Zr"}};
  mg_frame f;
  put("a.dump", HEAD("2") BOX "ITEM: ATOMS id type x y z\n8 2 1 1 1\n3 1 2 2 2\n");
  MPI_Barrier(MPI_COMM_WORLD);
  ck_assert_status_all(&mpi_world, mg_frame_read(&mpi_world, files_path("a.dump"), &names, &f),
                       MG_OK);
  bool good = f.species.n == 2 && f.atoms.max_id == 8 && !f.has_image;
  for (int32_t i = 0; i < f.atoms.n; i++) good = good && f.atoms.species[i] == (f.atoms.id[i] == 8);
  ck_assert_all(&mpi_world, good);
  mg_frame_clear(&f);
  expect_refusal("a.dump", "add --species");
}
END_TEST

START_TEST(damaged_dumps_are_refused) {
  static const struct {
    const char *text, *part;
  } wrong[] = {
      {"ITEM: TIMESTEP\n", "ends within"},
      {"ITEM: TIMESTEP\nx\n", "no time step"},
      {"ITEM: WEATHER\nfine\n", "no item"},
      {HEAD("0"), "no number of atoms"},
      {HEAD("-4"), "no number of atoms"},
      {HEAD("99999999999999999999"), "no number of atoms"},
      {HEAD("1") "ITEM: BOX BOUNDS pp pp pp\n0 1\n0 1\n", "ends within"},
      {HEAD("1") "ITEM: BOX BOUNDS pp pp pp\n0 1\n1 1\n0 1\n", "not above"},
      {HEAD("1") "ITEM: BOX BOUNDS pp pp pp\n0 nan\n1 1\n0 1\n", "bounds"},
      {HEAD("1") "ITEM: BOX BOUNDS xy xz yz pp pp pp\n0 1 0\n0 1 0.5\n0 1 0\n", "tilted"},
      {HEAD("1") "ITEM: BOX BOUNDS pp qq pp\n0 1\n0 1\n0 1\n", "boundary"},
      {HEAD("1") "ITEM: ATOMS id type x y z\n1 1 0 0 0\n", "BOX BOUNDS"},
      {HEAD("1") BOX "ITEM: ATOMS id type x y\n1 1 0 0\n", "lacks z"},
      {HEAD("1") BOX "ITEM: ATOMS type x y z\n1 0 0 0\n", "lacks id"},
      {HEAD("1") BOX "ITEM: ATOMS id x y z\n1 0 0 0\n", "lacks type"},
      {HEAD("1") BOX "ITEM: ATOMS id id type x y z\n1 1 1 0 0 0\n", "twice"},
      {HEAD("2") BOX "ITEM: ATOMS id element x y z\n1 Cu 2.0000000000 2 2\n", "ends after 1 of 2"},
      {HEAD("900000000000000") BOX "ITEM: ATOMS id element x y z\n1 Cu 2 2 2\n", "too short"},
      {HEAD("1") BOX "ITEM: ATOMS id element x y z\n1 Cu 2 2\n", ":10: an atom has 4 columns"},
      {HEAD("2") BOX "ITEM: ATOMS id element x y z\n1 Cu 2 2 2\n1 Cu 3 3 3\n", "occurs twice"},
      {HEAD("2") BOX "ITEM: ATOMS id element x y z\n1 Cu 2 2 2\n2 Cu 3 x 3\n", ":11: "},
      {HEAD("1") BOX "ITEM: ATOMS id element x y z\n0 Cu 2 2 2\n", "atom id"},
      {HEAD("1") BOX "ITEM: ATOMS id element x y z\n1 7 2 2 2\n", "element"},
      {HEAD("1") BOX "ITEM: ATOMS id type element x y z\n1 77 Cu 2 2 2\n", "atom type"},
      {HEAD("1") BOX "ITEM: ATOMS id element x y z\n1 Cu 2 2 1e300\n", "million cells"},
      {"ITEM: UNITS\nlj\n" HEAD("1") BOX "ITEM: ATOMS id element x y z\n1 Cu 2 2 2\n", "units"}};
  for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
    put("a.dump", wrong[k].text);
    expect_refusal("a.dump", wrong[k].part);
  }
}
END_TEST

/* Cut anywhere, and with lines longer than any buffer. */
START_TEST(cut_files_are_refused) {
  struct stat info;
  write_frames(files_path("a.dump"));
  ck_assert_all(&mpi_world, stat(files_path("a.dump"), &info) == 0);
  MPI_Barrier(MPI_COMM_WORLD);
  for (int k = 1; k <= 40; k++) {
    /* within the first frame */
    if (mpi_world.rank == 0)
      ck_assert(truncate(files_path("a.dump"), info.st_size / FRAMES * (40 - k) / 41) == 0);
    MPI_Barrier(MPI_COMM_WORLD);
    expect_refusal("a.dump", NULL);
  }
  char *line = mg_calloc(3 << 20, 1);
  memset(line, 'x', (3 << 20) - 1);
  memcpy(line, HEAD("1"), strlen(HEAD("1")));
  put("long.dump", line);
  mg_free(line);
  expect_refusal("long.dump", "longer than");
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, files_setup, files_teardown);
  tcase_add_test(tests, dump_comes_back);
  tcase_add_test(tests, extended_xyz_comes_back);
  tcase_add_test(tests, only_wanted_fields_are_taken);
  tcase_add_test(tests, positions_of_lammps);
  tcase_add_test(tests, types_take_names);
  tcase_add_test(tests, damaged_dumps_are_refused);
  tcase_add_test(tests, cut_files_are_refused);
}

MPI_CHECK_MAIN("trajectories", fill)
