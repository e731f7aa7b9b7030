/* state/atoms.h: the field table describes every array of mg_atoms, and growing, packing and
 * reordering driven by it lose and mix up nothing. */
#include "mgmd/state/atoms.h"
#include "unit_check.h"

#include <string.h>

enum { N = 100 };

static size_t bytes_of(const mg_field *field) {
  return mg_ctype_size(field->ctype) * (size_t)field->components;
}

/* Byte b of field k of the atom made as number i. */
static unsigned char mark(int k, int i, size_t b) {
  return (unsigned char)(1 + (37 * k + 11 * i + 5 * (int)b) % 255);
}

/* The bytes of field k of atom i, wherever the table says that they are. */
static unsigned char *at(const mg_atoms *atoms, int k, int i) {
  unsigned char *data;
  memcpy(&data, (const char *)atoms + mg_atom_fields[k].offset, sizeof data);
  return data + (size_t)i * bytes_of(&mg_atom_fields[k]);
}

static void make_atoms(mg_atoms *atoms) {
  memset(atoms, 0, sizeof *atoms);
  ck_assert_int_eq(mg_atoms_reserve(atoms, N), MG_OK);
  ck_assert_int_eq(mg_atoms_average(atoms, true), MG_OK);
  atoms->n = N;
  for (int k = 0; k < mg_n_atom_fields; k++)
    for (int i = 0; i < N; i++)
      for (size_t b = 0; b < bytes_of(&mg_atom_fields[k]); b++) at(atoms, k, i)[b] = mark(k, i, b);
}

/* Does atom i of @p atoms hold what was made as number j, in the fields with one of @p flags, and
 * zeros in the others? */
static bool is_atom(const mg_atoms *atoms, int i, int j, unsigned flags) {
  for (int k = 0; k < mg_n_atom_fields; k++) {
    const bool there = (mg_atom_fields[k].flags & flags) != 0;
    for (size_t b = 0; b < bytes_of(&mg_atom_fields[k]); b++)
      if (at(atoms, k, i)[b] != (there ? mark(k, j, b) : 0)) return false;
  }
  return true;
}

enum { ALL = MG_FIELD_MIGRATE | MG_FIELD_SAVE };

START_TEST(table_is_sound) {
  for (int k = 0; k < mg_n_atom_fields; k++) {
    const mg_field *field = &mg_atom_fields[k];
    ck_assert_uint_le(field->offset + sizeof(void *), sizeof(mg_atoms));
    ck_assert_int_ge(field->components, 1);
    ck_assert_uint_ne(field->flags, 0);
    ck_assert_uint_gt(strlen(field->description), 0);
    for (int l = 0; l < k; l++) {
      ck_assert_str_ne(field->name, mg_atom_fields[l].name);
      ck_assert_uint_ne(field->offset, mg_atom_fields[l].offset);
    }
  }
}
END_TEST

START_TEST(growing_keeps_atoms) {
  mg_atoms atoms;
  make_atoms(&atoms);
  ck_assert_int_eq(mg_atoms_reserve(&atoms, N / 2), MG_OK);
  ck_assert_int_eq(atoms.capacity, N);
  ck_assert_int_eq(mg_atoms_reserve(&atoms, 10 * N), MG_OK);
  ck_assert_int_ge(atoms.capacity, 10 * N);
  ck_assert_int_eq(atoms.n, N);
  for (int i = 0; i < N; i++) ck_assert(is_atom(&atoms, i, i, ALL));
  mg_atoms_clear(&atoms);
  ck_assert_ptr_null(atoms.x);
  ck_assert_int_eq(atoms.n, 0);
}
END_TEST

START_TEST(too_many_for_one_rank) {
  mg_atoms atoms = {0};
  ck_assert_int_ne(mg_atoms_reserve(&atoms, INT32_MAX), MG_OK);
  ck_assert_int_ne(mg_atoms_reserve(&atoms, (int64_t)1 << 40), MG_OK);
  ck_assert_int_eq(atoms.capacity, 0);
  mg_atoms_clear(&atoms);
}
END_TEST

START_TEST(records_carry_whole_atoms) {
  mg_atoms from, to = {0};
  make_atoms(&from);
  ck_assert_int_eq(mg_atoms_reserve(&to, N), MG_OK);
  ck_assert_int_eq(mg_atoms_average(&to, true), MG_OK);
  const size_t size = mg_atoms_record_size(&from, 0);
  ck_assert_uint_eq(size % 8, 0);
  char *record;
  ck_assert_int_eq(MG_NEW(record, size), MG_OK);
  for (int i = 0; i < N; i++) {
    mg_atoms_pack(&from, i, 0, record);
    mg_atoms_unpack(&to, N - 1 - i, 0, record);
  }
  for (int i = 0; i < N; i++) ck_assert(is_atom(&to, N - 1 - i, i, ALL));
  mg_free(record);
  mg_atoms_clear(&from);
  mg_atoms_clear(&to);
}
END_TEST

START_TEST(flags_select_fields) {
  mg_atoms from, to = {0};
  make_atoms(&from);
  ck_assert_int_eq(mg_atoms_reserve(&to, 1), MG_OK);
  ck_assert_int_eq(mg_atoms_average(&to, true), MG_OK);
  const size_t size = mg_atoms_record_size(&from, MG_FIELD_MIGRATE);
  ck_assert_uint_lt(size, mg_atoms_record_size(&from, 0)); /* else the test shows nothing */
  unsigned char *record;
  ck_assert_int_eq(MG_NEW(record, size + 8), MG_OK);
  memset(record + size, 0xee, 8);
  mg_atoms_pack(&from, 42, MG_FIELD_MIGRATE, record);
  for (size_t k = size; k < size + 8; k++) ck_assert_int_eq(record[k], 0xee);
  mg_atoms_unpack(&to, 0, MG_FIELD_MIGRATE, record);
  ck_assert(is_atom(&to, 0, 42, MG_FIELD_MIGRATE));
  mg_free(record);
  mg_atoms_clear(&from);
  mg_atoms_clear(&to);
}
END_TEST

START_TEST(selecting_reorders_and_drops) {
  mg_atoms atoms;
  make_atoms(&atoms);
  int32_t order[N / 2];
  for (int k = 0; k < N / 2; k++) order[k] = N - 1 - 2 * k;
  ck_assert_int_eq(mg_atoms_select(&atoms, order, N / 2), MG_OK);
  ck_assert_int_eq(atoms.n, N / 2);
  for (int k = 0; k < N / 2; k++) ck_assert(is_atom(&atoms, k, N - 1 - 2 * k, ALL));
  ck_assert_int_eq(mg_atoms_select(&atoms, order, 0), MG_OK);
  ck_assert_int_eq(atoms.n, 0);
  mg_atoms_clear(&atoms);
}
END_TEST

START_TEST(selecting_from_nothing) {
  mg_atoms atoms = {0};
  ck_assert_int_eq(mg_atoms_select(&atoms, NULL, 0), MG_OK);
  ck_assert_int_eq(atoms.n, 0);
  mg_atoms_clear(&atoms);
}
END_TEST

START_TEST(species_by_symbol) {
  const mg_species species = {.n = 2, .symbol = {"Cu", "Zr"}};
  ck_assert_int_eq(mg_species_index(&species, "Cu"), 0);
  ck_assert_int_eq(mg_species_index(&species, "Zr"), 1);
  ck_assert_int_eq(mg_species_index(&species, "cu"), -1);
  ck_assert_int_eq(mg_species_index(&species, ""), -1);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, table_is_sound);
  tcase_add_test(tests, growing_keeps_atoms);
  tcase_add_test(tests, too_many_for_one_rank);
  tcase_add_test(tests, records_carry_whole_atoms);
  tcase_add_test(tests, flags_select_fields);
  tcase_add_test(tests, selecting_reorders_and_drops);
  tcase_add_test(tests, selecting_from_nothing);
  tcase_add_test(tests, species_by_symbol);
}

UNIT_CHECK_MAIN("atoms", fill)
