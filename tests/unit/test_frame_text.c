/* Guards the readers of LAMMPS data and extended XYZ: what well-formed files of the two formats
 * mean (read by hand from their published descriptions), and that anything else gives exactly one
 * message, naming the line, and leaves no memory behind. Truncation is tried at every byte, damage
 * with every byte of a file replaced.
 */
#include "mgmd/io/frame_text.h"
#include "unit_check.h"

#include <stdlib.h>
#include <string.h>

static const mg_names cu_zr = {2, {"Cu", "Zr"}};

static const char good_data[] = "title line, whatever: 5 atoms\n"
                                "\n"
                                "3 atoms\n"
                                "2 atom types\n"
                                "0 bonds\n"
                                "-1.0 9.0 xlo xhi\n"
                                "0 20 ylo yhi # comment\r\n"
                                "0 30.5 zlo zhi\n"
                                "0 0 0 xy xz yz\n"
                                "\n"
                                "Masses\n"
                                "\n"
                                "2 91.224 # Zr\n"
                                "1 63.546 # Cu\n"
                                "\n"
                                "Atoms # atomic\n"
                                "\n"
                                "7 2 0.5 1 2 0 -1 2\n"
                                "2 1 9.5 1 2 0 0 0 # wraps along x\n"
                                "900 1 -1 0 30.4 0 0 0\n"
                                "\n"
                                "Velocities\n"
                                "\n"
                                "900 0.1 0.2 0.3\n"
                                "7 1e-3 -2.5E+1 .5\n"
                                "2 0 0 0\n";

START_TEST(data_is_understood) {
  mg_frame f;
  ck_assert_int_eq(mg_frame_parse_lammps("a", good_data, strlen(good_data), NULL, &f), MG_OK);
  ck_assert_int_eq(f.atoms.n, 3);
  ck_assert_int_eq(f.atoms.n_global, 3);
  ck_assert_int_eq(f.atoms.max_id, 900);
  ck_assert(f.has_velocity && f.has_image);
  ck_assert(f.box.lo[0] == -1 && f.box.length[0] == 10 && f.box.length[2] == 30.5);
  ck_assert(f.box.periodic[0] && f.box.periodic[1] && f.box.periodic[2]);
  /* the table of elements is in the order of types */
  ck_assert_str_eq(f.species.symbol[0], "Cu");
  ck_assert(f.species.n == 2 && f.species.mass[0] == 63.546 && f.species.mass[1] == 91.224);
  ck_assert(f.atoms.id[0] == 7 && f.atoms.species[0] == 1);
  ck_assert(f.atoms.image[0][0] == 0 && f.atoms.image[0][1] == -1 && f.atoms.image[0][2] == 2);
  ck_assert(f.atoms.v[0][0] == 1e-3 && f.atoms.v[0][1] == -25 && f.atoms.v[0][2] == 0.5);
  ck_assert(f.atoms.x[1][0] == -0.5 && f.atoms.image[1][0] == 1);
  ck_assert(f.atoms.x[2][0] == -1 && f.atoms.v[2][2] == 0.3);
  mg_frame_clear(&f);
}
END_TEST

START_TEST(data_types_take_names) {
  const mg_names swapped = {2, {"Zr", "Cu"}}, same = {2, {"Cu", "Cu"}}, one = {1, {"Cu"}};
  const char *plain = "t\n2 atoms\n2 atom types\n0 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\nAtoms\n\n"
                      "1 1 0 0 0\n2 2 0.5 0 0";
  mg_frame f;
  ck_assert_int_eq(mg_frame_parse_lammps("a", good_data, strlen(good_data), &swapped, &f), MG_OK);
  ck_assert_str_eq(f.species.symbol[f.atoms.species[0]], "Cu"); /* its type is 2 */
  mg_frame_clear(&f);
  ck_assert_int_eq(mg_frame_parse_lammps("a", plain, strlen(plain), &same, &f), MG_OK);
  ck_assert(f.species.n == 1 && f.atoms.species[1] == 0 && !f.has_velocity && !f.has_image);
  mg_frame_clear(&f);
  ck_assert_int_eq(mg_frame_parse_lammps("a", plain, strlen(plain), NULL, &f), MG_OK);
  ck_assert(f.species.n == 0 && f.atoms.species[1] == 1);
  mg_frame_clear(&f);
  ck_assert_int_eq(mg_frame_parse_lammps("a", plain, strlen(plain), &one, &f), MG_ERR_INPUT);
}
END_TEST

static const char good_xyz[] =
    "2\n"
    "Lattice=\"10 0 0 0.0 20 0 0 0 30\" Origin='-1 0 0' pbc=\"T F T\" step=12 time=0.5 flag "
    "Properties=species:S:1:foo:R:2:pos:R:3:id:I:1:velo:R:3:image:I:3 comment=\"a b\"\n"
    "Zr 9 9 9.5 25 1 40 1 2 3 1 5 0\r\n"
    "Cu 0 0 1 2 3 8 -1 -2 -3 0 0 0\n"
    "\n";

START_TEST(xyz_is_understood) {
  mg_frame f;
  ck_assert_int_eq(mg_frame_parse_xyz("a", good_xyz, strlen(good_xyz), NULL, &f), MG_OK);
  ck_assert(f.atoms.n == 2 && f.atoms.max_id == 40 && f.step == 12 && f.time == 0.5);
  ck_assert(f.box.periodic[0] && !f.box.periodic[1] && f.box.periodic[2]);
  ck_assert(f.box.lo[0] == -1 && f.box.length[1] == 20);
  ck_assert_str_eq(f.species.symbol[0], "Zr"); /* in the order of appearance */
  /* wrapped along x; on the open axis neither wrapped nor counted */
  ck_assert(f.atoms.x[0][0] == -0.5 && f.atoms.image[0][0] == 2);
  ck_assert(f.atoms.x[0][1] == 25 && f.atoms.image[0][1] == 0);
  ck_assert(f.has_velocity && f.atoms.v[1][2] == -3 && f.atoms.id[1] == 8);
  mg_frame_clear(&f);
  ck_assert_int_eq(mg_frame_parse_xyz("a", good_xyz, strlen(good_xyz), &cu_zr, &f), MG_OK);
  ck_assert(f.atoms.species[0] == 1 && f.atoms.species[1] == 0);
  mg_frame_clear(&f);
}
END_TEST

START_TEST(xyz_without_ids_is_numbered) {
  const char *text = "2\nLattice=\"1 0 0 0 1 0 0 0 1\"\nCu 0 0 0\n2 0.5 0 0";
  mg_frame f;
  ck_assert_int_eq(mg_frame_parse_xyz("a", text, strlen(text), &cu_zr, &f), MG_OK);
  ck_assert(f.atoms.id[0] == 1 && f.atoms.id[1] == 2 && f.atoms.species[1] == 1);
  ck_assert(!f.has_velocity && !f.has_image && f.box.periodic[2]);
  mg_frame_clear(&f);
}
END_TEST

typedef mg_status parser(const char *, const char *, size_t, const mg_names *, mg_frame *);

/* The parser must refuse, in one line, and leave nothing. */
static void expect_refusal(parser *parse, const char *text, size_t length, const char *part) {
  mg_frame f;
  mg_error_clear();
  const mg_status status = parse("name", text, length, NULL, &f);
  ck_assert_msg(status == MG_ERR_INPUT, "accepted, status %d: %.200s", status, text);
  ck_assert_msg(strncmp(mg_error_text(), "name:", 5) == 0, "message: %s", mg_error_text());
  ck_assert_msg(!strchr(mg_error_text(), '\n'), "message: %s", mg_error_text());
  ck_assert_msg(!part || strstr(mg_error_text(), part), "message: %s", mg_error_text());
  ck_assert(!f.atoms.id);
}

/* The good file with its first @p from replaced by @p to. */
static char *edited(const char *good, const char *from, const char *to) {
  const char *at = strstr(good, from);
  ck_assert_msg(at, "the test looks for '%s'", from);
  char *text = calloc(strlen(good) + strlen(to) + 1, 1);
  memcpy(text, good, (size_t)(at - good));
  strcat(strcat(text, to), at + strlen(from));
  return text;
}

static const struct {
  const char *from, *to, *part;
} bad_data[] = {
    {"3 atoms", "3.5 atoms", ":3:"},
    {"3 atoms", "-3 atoms", ":3:"},
    {"3 atoms", "0 atoms", ":3:"},
    {"3 atoms", "900000000000 atoms", "too short"},
    {"3 atoms", "99999999999999999999999 atoms", ":3:"},
    {"3 atoms", "3 atoms\n3 atoms", "twice"},
    {"3 atoms\n", "", "lacks"},
    {"2 atom types\n", "", "lacks"},
    {"2 atom types", "1 atom types", NULL},
    {"2 atom types", "1000000 atom types", "1000000"},
    {"2 atom types", "9 atom types", "Masses"},
    {"0 bonds", "4 bonds", "bonds"},
    {"0 bonds", "0 0 0 bananas", "header line"},
    {"-1.0 9.0 xlo xhi\n", "", "xlo xhi"},
    {"-1.0 9.0 xlo xhi", "9 -1 xlo xhi", "bound"},
    {"-1.0 9.0 xlo xhi", "0 nan xlo xhi", "nan"},
    {"-1.0 9.0 xlo xhi", "0 inf xlo xhi", "inf"},
    {"-1.0 9.0 xlo xhi", "0 1e999 xlo xhi", "1e999"},
    {"-1.0 9.0 xlo xhi", "0 0x10 xlo xhi", "0x10"},
    {"-1.0 9.0 xlo xhi", "0 1e300 xlo xhi", "bound"},
    {"-1.0 9.0 xlo xhi", "0 9 xlo xhi\n0 9 xlo xhi", "twice"},
    {"0 0 0 xy", "0 1 0 xy", "tilted"},
    {"2 91.224", "3 91.224", "atom type"},
    {"2 91.224", "1 91.224", "two masses"},
    {"2 91.224", "2 -91.224", "positive"},
    {"2 91.224", "2", "columns"},
    {"Masses", "Bonds", "Bonds"},
    {"Masses", "Pair Coeffs", "Pair"},
    {"# atomic", "# full", "full"},
    {"7 2 0.5 1 2 0 -1 2", "7 3 0.5 1 2 0 -1 2", "atom type"},
    {"7 2 0.5 1 2 0 -1 2", "7 0 0.5 1 2 0 -1 2", "atom type"},
    {"7 2 0.5 1 2 0 -1 2", "0 2 0.5 1 2 0 -1 2", "atom id"},
    {"7 2 0.5 1 2 0 -1 2", "-7 2 0.5 1 2 0 -1 2", "atom id"},
    {"7 2 0.5 1 2 0 -1 2", "900 2 0.5 1 2 0 -1 2", "twice"},
    {"7 2 0.5 1 2 0 -1 2", "7 2 0.5 1 2", "image flags"},
    {"7 2 0.5 1 2 0 -1 2", "7 2 0.5 1", "columns"},
    {"7 2 0.5 1 2 0 -1 2", "7 2 0.5 one 2 0 -1 2", "one"},
    {"7 2 0.5 1 2 0 -1 2", "7 2 0.5 1 2 0 -1 2.5", "image flag"},
    {"7 2 0.5 1 2 0 -1 2", "7 2 0.5 1 2 0 -1 3000000000", "image flag"},
    {"7 2 0.5 1 2 0 -1 2", "7 2 5e200 1 2 0 -1 2", "million cells"},
    {"7 2 0.5 1 2 0 -1 2", "7 2 NaN 1 2 0 -1 2", "NaN"},
    {"7 2 0.5 1 2 0 -1 2\n", "", "Atoms ends after 2 of 3"},
    {"7 2 0.5 1 2 0 -1 2\n", "\n7 2 0.5 1 2 0 -1 2\n1 1 0 0 0 0 0 0\n", NULL},
    {"Velocities\n\n900", "Velocities\n\n901", "no atom 901"},
    {"Velocities\n\n900", "Velocities\n\n7", "two velocities"},
    {"900 0.1 0.2 0.3", "900 0.1 0.2", "columns"},
    {"2 0 0 0\n", "", "ends after 2 of 3 lines of Velocities"},
    {"Velocities", "Atoms", "second time"},
    {"Atoms # atomic", "Velocities", "before Atoms"},
};

START_TEST(bad_data_is_refused) {
  char *text = edited(good_data, bad_data[_i].from, bad_data[_i].to);
  expect_refusal(mg_frame_parse_lammps, text, strlen(text), bad_data[_i].part);
  free(text);
}
END_TEST

static const struct {
  const char *from, *to, *part;
} bad_xyz[] = {
    {"2\n", "\n", ":1:"},
    {"2\n", "two\n", ":1:"},
    {"2\n", "0\n", ":1:"},
    {"2\n", "-2\n", ":1:"},
    {"2\n", "2 3\n", ":1:"},
    {"2\n", "3\n", NULL},
    {"2\n", "1\n", "single frame"},
    {"2\n", "4000000000000000000\n", "too short"},
    {"Lattice=", "Cell=", "Lattice"},
    {"10 0 0 0.0 20 0 0 0 30", "10 0 0 0.0 20 0 0 0", "8 numbers"},
    {"10 0 0 0.0 20 0 0 0 30", "10 0 0 0.1 20 0 0 0 30", "tilted"},
    {"10 0 0 0.0 20 0 0 0 30", "-10 0 0 0 20 0 0 0 30", "positive"},
    {"10 0 0 0.0 20 0 0 0 30", "0 0 0 0 20 0 0 0 30", "positive"},
    {"10 0 0 0.0 20 0 0 0 30", "nan 0 0 0 20 0 0 0 30", "finite"},
    {"10 0 0 0.0 20 0 0 0 30", "10 0 0 0 20 0 0 0 thirty", "finite"},
    {"-1 0 0", "-1 0", "Origin"},
    {"-1 0 0", "-1 0 inf", "Origin"},
    {"T F T", "T F", "pbc"},
    {"T F T", "T F X", "pbc"},
    {"species:S:1", "speces:S:1", "lacks species"},
    {"species:S:1", "species:R:1", "species:S:1"},
    {"species:S:1", "species:S:2", "species:S:1"},
    {"pos:R:3", "pos:R:2", "pos:R:3"},
    {"foo:R:2", "foo:R:0", "'0'"},
    {"foo:R:2", "foo:R:99999999999", "99999999999"},
    {"foo:R:2", "foo:R:1", "columns"},
    {"foo:R:2", "foo:R", "Properties"},
    {"foo:R:2", "pos:R:3", "twice"},
    {"image:I:3", "image:I:3:foo", "name:type:count"},
    {"Zr 9 9", "Zr 9", "columns"},
    {"Zr 9 9", "Zirconium 9 9", "Zirconium"},
    {"Zr 9 9", "4 9 9", "'4'"},
    {"Zr 9 9 9.5", "Zr 9 9 9.5e", "position"},
    {"Zr 9 9 9.5", "Zr 9 9 infinity", "position"},
    {"Zr 9 9 9.5", "Zr 9 9 1e99", "million cells"},
    {" 40 ", " 0 ", "atom id"},
    {" 40 ", " 40.0 ", "atom id"},
    {" 40 ", " 8 ", "occurs twice"},
    {"1 5 0\r", "1 5 0.5\r", "image"},
    {"1 5 0\r", "1 5 9999999999\r", "image"},
    {"0 0 0\n\n", "0 0 0\n\n2\n", "single frame"},
};

START_TEST(bad_xyz_is_refused) {
  char *text = edited(good_xyz, bad_xyz[_i].from, bad_xyz[_i].to);
  expect_refusal(mg_frame_parse_xyz, text, strlen(text), bad_xyz[_i].part);
  free(text);
}
END_TEST

/* A block of exactly the text's length, so that a memory checker sees reads beyond it. */
static void try_copy(parser *parse, const char *text, size_t length) {
  mg_frame f;
  char *copy = malloc(length + (length == 0));
  if (length > 0) memcpy(copy, text, length);
  mg_error_clear();
  if (parse("name", copy, length, NULL, &f) == MG_OK) mg_frame_clear(&f);
  ck_assert(!strchr(mg_error_text(), '\n'));
  free(copy);
}

static void damage(parser *parse, const char *good) {
  static const char strange[] = {0, '\n', ' ', '#', '-', '9', 'e', '"', ':', '=', (char)0xff};
  const size_t length = strlen(good);
  for (size_t n = 0; n <= length; n++) try_copy(parse, good, n);
  char *text = strdup(good);
  for (size_t k = 0; k < length; k++)
    for (size_t s = 0; s < sizeof strange; s++) {
      text[k] = strange[s];
      try_copy(parse, text, length);
      text[k] = good[k];
    }
  free(text);
}

START_TEST(any_bytes_are_survived) {
  damage(mg_frame_parse_lammps, good_data);
  damage(mg_frame_parse_xyz, good_xyz);
}
END_TEST

START_TEST(truncated_data_is_refused) {
  /* without its Velocities the file is well formed, and so it is without its last line end */
  const size_t atoms = (size_t)(strstr(good_data, "30.4 0 0 0") - good_data) + 10;
  const size_t velocities = (size_t)(strstr(good_data, "Velocities") - good_data);
  for (size_t n = 0; n + 1 < strlen(good_data); n++)
    if (n < atoms || n > velocities) expect_refusal(mg_frame_parse_lammps, good_data, n, NULL);
}
END_TEST

START_TEST(formats_are_told_apart) {
  ck_assert_int_eq(mg_format_of_text("a.xyz", good_data, strlen(good_data)), MG_FORMAT_LAMMPS_DATA);
  ck_assert_int_eq(mg_format_of_text("a.data", good_xyz, strlen(good_xyz)), MG_FORMAT_XYZ);
  ck_assert_int_eq(mg_format_of_text("a", "\x89HDF\r\n\x1a\n", 8), MG_FORMAT_H5);
  ck_assert_int_eq(mg_format_of_text("a", "ITEM: TIMESTEP\n", 15), MG_FORMAT_LAMMPS_DUMP);
  ck_assert_int_eq(mg_format_of_text("a.lmp", "", 0), MG_FORMAT_LAMMPS_DATA);
  ck_assert_int_eq(mg_format_of_text("a.txt", "hello\n", 6), MG_FORMAT_NONE);
  ck_assert_int_eq(mg_format_of_name("dir.h5/a"), MG_FORMAT_NONE);
}
END_TEST

static void fill(TCase *tests) {
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, data_is_understood);
  tcase_add_test(tests, data_types_take_names);
  tcase_add_test(tests, xyz_is_understood);
  tcase_add_test(tests, xyz_without_ids_is_numbered);
  tcase_add_loop_test(tests, bad_data_is_refused, 0, sizeof bad_data / sizeof bad_data[0]);
  tcase_add_loop_test(tests, bad_xyz_is_refused, 0, sizeof bad_xyz / sizeof bad_xyz[0]);
  tcase_add_test(tests, any_bytes_are_survived);
  tcase_add_test(tests, truncated_data_is_refused);
  tcase_add_test(tests, formats_are_told_apart);
}

UNIT_CHECK_MAIN("frame_text", fill)
