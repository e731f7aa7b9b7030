/* Guards the way of configurations through files: every format that can be written reads back what
 * it can hold, to the bit and on any number of ranks; a damaged or foreign file gives the same
 * single line on every rank and nothing on stderr, and no rank is left waiting.
 */
#include "mgmd/io/frame_write.h"
#include "mgmd/io/h5.h"
#include "refusal_check.h"

enum { ATOMS = 400 };

/* The atoms of files_check.h as a frame. */
static mg_frame make_frame(bool open) {
  files_atoms a = files_atoms_make(&mpi_world, ATOMS, 3, mpi_world.size > 2 ? 2 : -1);
  mg_frame frame = {.box = files_box(), .species = files_species_table};
  frame.box.periodic[1] = !open;
  ck_assert_all(&mpi_world, mg_atoms_reserve(&frame.atoms, a.n + 1) == MG_OK);
  frame.atoms.n = a.n;
  for (int32_t i = 0; i < a.n; i++) {
    frame.atoms.id[i] = a.id[i];
    frame.atoms.species[i] = a.species[i];
    memcpy(frame.atoms.x[i], a.x[i], sizeof a.x[i]);
    memcpy(frame.atoms.v[i], a.v[i], sizeof a.v[i]);
    memcpy(frame.atoms.image[i], a.image[i], sizeof a.image[i]);
  }
  files_atoms_clear(&a);
  frame.has_velocity = frame.has_image = true;
  frame.step = 77;
  frame.time = 0.1 + 0.2;
  mg_sample_init(&frame.sample);
  return frame;
}

/* Where the atom is, whatever cell it was wrapped into. */
static bool same_place(const mg_frame *f, int32_t i, bool open) {
  bool good = true;
  for (int a = 0; a < 3; a++) {
    const int64_t id = f->atoms.id[i];
    double x = files_x(id, a);
    int image = files_image(id, a);
    const mg_box box = files_box();
    if (!open && a == 1 && x >= box.lo[a] + box.length[a]) {
      x -= box.length[a];
      image++;
    }
    good = good && f->atoms.x[i][a] == x && f->atoms.image[i][a] == image;
    good = good && f->atoms.v[i][a] == files_value(id, 3 + a) - 0.5;
  }
  return good;
}

static void check_way(const char *name, bool open, bool keeps_step) {
  mg_frame frame = make_frame(open), back;
  const char *path = files_path(name);
  ck_assert_status_all(&mpi_world, mg_frame_write(&mpi_world, path, &frame), MG_OK);
  ck_assert_status_all(&mpi_world, mg_frame_read(&mpi_world, path, NULL, &back), MG_OK);
  bool good = back.atoms.n_global == ATOMS && back.atoms.max_id == files_id(ATOMS - 1);
  good = good && mg_count_all(&mpi_world, back.atoms.n) == ATOMS;
  for (int a = 0; a < 3; a++) {
    good = good && back.box.lo[a] == frame.box.lo[a];
    good = good && fabs(back.box.length[a] - frame.box.length[a]) < 1e-13;
    good = good && back.box.periodic[a] == frame.box.periodic[a];
  }
  good = good && back.has_velocity && back.has_image;
  good = good && (!keeps_step || (back.step == 77 && back.time == 0.1 + 0.2));
  for (int32_t i = 0; i < back.atoms.n && good; i++) {
    const char *symbol = back.species.symbol[back.atoms.species[i]];
    good = strcmp(symbol, files_species(back.atoms.id[i]) ? "Zr" : "Cu") == 0;
    good = good && same_place(&back, i, open);
  }
  ck_assert_all(&mpi_world, good);
  ck_assert_all(&mpi_world, files_count() == 1);
  mg_frame_clear(&frame);
  mg_frame_clear(&back);
}

START_TEST(lammps_data_comes_back) { check_way("a.data", false, false); }
END_TEST

START_TEST(extended_xyz_comes_back) { check_way("a.xyz", true, true); }
END_TEST

START_TEST(hdf5_comes_back) { check_way("a.h5", true, true); }
END_TEST

START_TEST(data_holds_all_atoms_of_an_open_axis) {
  mg_frame frame = make_frame(true), back;
  ck_assert_status_all(&mpi_world, mg_frame_write(&mpi_world, files_path("a.lmp"), &frame), MG_OK);
  ck_assert_status_all(&mpi_world, mg_frame_read(&mpi_world, files_path("a.lmp"), NULL, &back),
                       MG_OK);
  double top = 0;
  for (int64_t k = 0; k < ATOMS; k++) top = fmax(top, files_x(files_id(k), 1));
  ck_assert(top > files_box().lo[1] + files_box().length[1]);
  ck_assert_double_eq_tol(back.box.lo[1] + back.box.length[1], top + 1.25, 1e-12);
  mg_frame_clear(&frame);
  mg_frame_clear(&back);
}
END_TEST

/* Rank 0's copy of a text file, to look into it. */
static bool file_has(const char *path, const char *line) {
  char text[512];
  bool found = false;
  FILE *file = fopen(path, "r");
  while (file && fgets(text, sizeof text, file)) found = found || strcmp(text, line) == 0;
  if (file) fclose(file);
  return found;
}

START_TEST(dump_says_what_lammps_says) {
  mg_frame frame = make_frame(true);
  ck_assert_status_all(&mpi_world, mg_frame_write(&mpi_world, files_path("a.dump"), &frame), MG_OK);
  bool good = true;
  if (mpi_world.rank == 0) {
    good = file_has(files_path("a.dump"), "ITEM: BOX BOUNDS pp ss pp\n") &&
           file_has(files_path("a.dump"),
                    "ITEM: ATOMS id type element mass x y z ix iy iz vx vy vz\n");
    char line[512];
    const int64_t id = files_id(10);
    snprintf(line, sizeof line, "%lld %d %s %.17g %.17g %.17g %.17g %d %d %d %.17g %.17g %.17g\n",
             (long long)id, files_species(id) + 1, files_species(id) ? "Zr" : "Cu",
             files_species_table.mass[files_species(id)], files_x(id, 0), files_x(id, 1),
             files_x(id, 2), files_image(id, 0), 0, files_image(id, 2), files_value(id, 3) - 0.5,
             files_value(id, 4) - 0.5, files_value(id, 5) - 0.5);
    good = good && file_has(files_path("a.dump"), line);
  }
  ck_assert_all(&mpi_world, good);
  mg_frame_clear(&frame);
}
END_TEST

START_TEST(writing_fails_as_one) {
  mg_frame frame = make_frame(true);
  static const char *const names[] = {"no-such-directory/a.data", "no-such-directory/a.xyz",
                                      "no-such-directory/a.h5"};
  for (int k = 0; k < 3; k++) {
    ck_assert_status_all(&mpi_world, mg_frame_write(&mpi_world, files_path(names[k]), &frame),
                         MG_ERR_IO);
    ck_assert_all(&mpi_world, strstr(mg_error_text(), names[k]) != NULL);
    mg_error_clear();
  }
  ck_assert_status_all(&mpi_world, mg_frame_write(&mpi_world, files_path("a.txt"), &frame),
                       MG_ERR_INPUT);
  ck_assert_all(&mpi_world, files_count() == 0);
  mg_frame_clear(&frame);
}
END_TEST

/* --- damaged and foreign files --- */

START_TEST(what_is_no_configuration_is_refused) {
  static const char garbage[] = "\x89HDF\r\n\x1a\n\0\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf";
  static const char head[] = "t\n\n20 atoms\n1 atom types\n0 9 xlo xhi\n0 9 ylo yhi\n0 9 zlo zhi\n";
  static const char atom[] = " 1 0.12345678901234567890123456789012345678901234567890 1 1\n";
  char text[512];
  put("empty.h5", "");
  put("text.h5", "hello world\n");
  put("signature.h5", "\x89HDF\r\n\x1a\n");
  put_bytes("garbage.h5", garbage, sizeof garbage);
  put("note.txt", "hello world\n");
  put("a.dump", "ITEM: TIMESTEP\n0\n");
  snprintf(text, sizeof text, "%s\nAtoms\n\n1%s2%s3%s4%s", head, atom, atom, atom, atom);
  put("cut.data", text);
  snprintf(text, sizeof text, "%s\nAtoms\n\n1%s", head, atom);
  memcpy(text + 3, " 1", 2);
  put("types.data", text);
  if (mpi_world.rank == 0) mkdir(files_path("dir.h5"), 0777);
  MPI_Barrier(MPI_COMM_WORLD);
  expect_refusal("absent.h5", "no such file");
  expect_refusal("absent.data", "no such file");
  expect_refusal("dir.h5", "directory");
  expect_refusal("empty.h5", NULL);
  expect_refusal("text.h5", "signature");
  expect_refusal("signature.h5", NULL);
  expect_refusal("garbage.h5", NULL);
  expect_refusal("note.txt", "not recognised");
  expect_refusal("a.dump", "ends within the header");
  expect_refusal("cut.data", "ends after");
  expect_refusal("types.data", "add --species");
  if (mpi_world.rank == 0) rmdir(files_path("dir.h5"));
}
END_TEST

static void write_sample(const char *name) {
  files_sample s;
  files_sample_make(&s, &mpi_world, ATOMS);
  ck_assert_status_all(&mpi_world, mg_snapshot_write(&mpi_world, files_path(name), &s.snapshot),
                       MG_OK);
  files_sample_clear(&s);
}

START_TEST(truncated_hdf5_is_refused) {
  write_sample("a.h5");
  struct stat info;
  ck_assert_all(&mpi_world, stat(files_path("a.h5"), &info) == 0);
  MPI_Barrier(MPI_COMM_WORLD);
  for (int k = 1; k <= 12; k++) {
    if (mpi_world.rank == 0)
      ck_assert(truncate(files_path("a.h5"), info.st_size * (12 - k) / 12 - (k == 12 ? 0 : 1)) ==
                0);
    expect_refusal("a.h5", NULL);
  }
}
END_TEST

/* Turn some bits of one byte over; twice is as before. */
static void spoil(const char *path, long at) {
  FILE *file = fopen(path, "r+b");
  fseek(file, at, SEEK_SET);
  const int byte = getc(file);
  fseek(file, at, SEEK_SET);
  putc(byte ^ 0x55, file);
  fclose(file);
}

/* A sample with single bytes spoilt all over: refused or read, but never a crash, a word on stderr
 * or a hang. Most places are tried by one rank, which looks at a file before the others do. */
START_TEST(spoilt_hdf5_is_survived) {
  write_sample("a.h5");
  struct stat info;
  ck_assert_all(&mpi_world, stat(files_path("a.h5"), &info) == 0);
  int refused = 0;
  bool good = true;
  MPI_Barrier(MPI_COMM_WORLD);
  hide_stderr();
  for (long at = 0; at < info.st_size && mpi_world.rank == 0; at += 151) {
    mg_frame_header header;
    mg_error_clear();
    spoil(files_path("a.h5"), at);
    const mg_status status = mg_frame_peek(files_path("a.h5"), NULL, &header);
    good = good && (status == MG_OK || status == MG_ERR_INPUT);
    refused += status != MG_OK;
    spoil(files_path("a.h5"), at);
  }
  ck_assert_all(&mpi_world, show_stderr());
  ck_assert_all(&mpi_world, good && (mpi_world.rank != 0 || refused > 15));
}
END_TEST

START_TEST(spoilt_hdf5_strands_nobody) {
  write_sample("a.h5");
  struct stat info;
  ck_assert_all(&mpi_world, stat(files_path("a.h5"), &info) == 0);
  for (long at = 0; at < info.st_size; at += 2801) {
    mg_frame frame;
    mg_error_clear();
    MPI_Barrier(MPI_COMM_WORLD);
    if (mpi_world.rank == 0) spoil(files_path("a.h5"), at);
    MPI_Barrier(MPI_COMM_WORLD);
    hide_stderr();
    const mg_status status = mg_frame_read(&mpi_world, files_path("a.h5"), NULL, &frame);
    ck_assert_all(&mpi_world, show_stderr());
    ck_assert_all(&mpi_world, status == MG_OK || status == MG_ERR_INPUT);
    if (status == MG_OK) mg_frame_clear(&frame);
    MPI_Barrier(MPI_COMM_WORLD);
    if (mpi_world.rank == 0) spoil(files_path("a.h5"), at);
  }
}
END_TEST

/* A minimal file that reads, with one thing wrong. */
enum {
  RIGHT,
  NO_ID,
  ID_TWICE,
  ID_REAL,
  ID_FALLS,
  SHORT_X,
  FLAT_X,
  WHOLE_X,
  NAN_X,
  FAR_X,
  NO_ENUM,
  BAD_SPECIES,
  NO_BOX,
  TILTED,
  FLAT_BOX,
  NO_BOUNDARY,
  BAD_BOUNDARY,
  N_FAULTS
};

static void put_cell(mg_h5 *f, int fault) {
  const double edges[9] = {9, fault == TILTED, 0, 0, fault == FLAT_BOX ? 0 : 9, 0, 0, 0, 9};
  const double zero[3] = {0};
  const int64_t step = 5;
  const mg_h5_spec one = {MG_INT64, 1, {1}, NULL, NULL, NULL};
  const mg_h5_spec time = {MG_FLOAT64, 1, {1}, NULL, NULL, NULL};
  const mg_h5_spec matrix = {MG_FLOAT64, 3, {1, 3, 3}, NULL, NULL, NULL};
  const mg_h5_spec point = {MG_FLOAT64, 2, {1, 3}, NULL, NULL, NULL};
  const char *boundary[3] = {"periodic", fault == BAD_BOUNDARY ? "open" : "none", "periodic"};
  mg_h5_group(f, "/particles/all/box/edges");
  mg_h5_group(f, "/particles/all/box/origin");
  mg_h5_put(f, "/particles/all/box/edges/step", &one, &step);
  mg_h5_put(f, "/particles/all/box/edges/time", &time, zero);
  if (fault != NO_BOX) mg_h5_put(f, "/particles/all/box/edges/value", &matrix, edges);
  mg_h5_put(f, "/particles/all/box/origin/value", &point, zero);
  if (fault != NO_BOUNDARY) mg_h5_set_fixed_list(f, "/particles/all/box", "boundary", 3, boundary);
}

static bool write_faulty(const char *path, int fault) {
  mg_h5 *f;
  const int64_t id[3] = {1, fault == ID_TWICE ? 1 : fault == ID_FALLS ? 9 : 2, 4};
  const int32_t species[3] = {1, 2, fault == BAD_SPECIES ? 3 : 1};
  double x[9] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  if (fault == NAN_X) x[5] = NAN;
  if (fault == FAR_X) x[5] = 1e30;
  const mg_h5_spec ids = {fault == ID_REAL ? MG_FLOAT64 : MG_INT64, 2, {1, 3}, NULL, NULL, NULL};
  const mg_h5_spec labels = {MG_INT32, 2,   {1, 3}, fault == NO_ENUM ? NULL : &files_species_table,
                             NULL,     NULL};
  mg_h5_spec points = {fault == WHOLE_X ? MG_INT64 : MG_FLOAT64, 3, {1, 3, 3}, NULL, NULL, NULL};
  if (fault == SHORT_X) points.dims[1] = 2;
  if (fault == FLAT_X) points = (mg_h5_spec){MG_FLOAT64, 2, {1, 9}, NULL, NULL, NULL};
  if (mg_h5_create(path, &f) != MG_OK) return false;
  put_cell(f, fault);
  mg_h5_group(f, "/particles/all/id");
  mg_h5_group(f, "/particles/all/species");
  mg_h5_group(f, "/particles/all/position");
  if (fault != NO_ID) mg_h5_put(f, "/particles/all/id/value", &ids, id);
  mg_h5_put(f, "/particles/all/species/value", &labels, species);
  mg_h5_put(f, "/particles/all/position/value", &points, x);
  return mg_h5_close(&f) == MG_OK;
}

START_TEST(wrong_hdf5_is_refused) {
  for (int fault = RIGHT; fault < N_FAULTS; fault++) {
    bool written = true;
    if (mpi_world.rank == 0) written = write_faulty(files_path("a.h5"), fault);
    ck_assert_all(&mpi_world, written);
    if (fault != RIGHT) {
      expect_refusal("a.h5", NULL);
      continue;
    }
    mg_frame frame;
    ck_assert_status_all(&mpi_world, mg_frame_read(&mpi_world, files_path("a.h5"), NULL, &frame),
                         MG_OK);
    ck_assert(frame.atoms.n_global == 3 && frame.step == 5 && !frame.has_velocity);
    mg_frame_clear(&frame);
  }
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, files_setup, files_teardown);
  tcase_add_test(tests, lammps_data_comes_back);
  tcase_add_test(tests, extended_xyz_comes_back);
  tcase_add_test(tests, hdf5_comes_back);
  tcase_add_test(tests, data_holds_all_atoms_of_an_open_axis);
  tcase_add_test(tests, dump_says_what_lammps_says);
  tcase_add_test(tests, writing_fails_as_one);
  tcase_add_test(tests, what_is_no_configuration_is_refused);
  tcase_add_test(tests, truncated_hdf5_is_refused);
  tcase_add_test(tests, spoilt_hdf5_is_survived);
  tcase_add_test(tests, spoilt_hdf5_strands_nobody);
  tcase_add_test(tests, wrong_hdf5_is_refused);
}

MPI_CHECK_MAIN("frame_files", fill)
