#include "mgmd/state/atoms.h"
#include "mgmd/base/mem.h"

#include <string.h>

#define FIELD(member) offsetof(mg_atoms, member)
enum { BOTH = MG_FIELD_MIGRATE | MG_FIELD_SAVE };

const mg_field mg_atom_fields[] = {
    {"id", MG_INT64, 1, "", "atom number, kept for life", BOTH, FIELD(id)},
    {"species", MG_INT32, 1, "", "chemical species", BOTH, FIELD(species)},
    {"tag", MG_INT32, 1, "", "marks of face atoms", BOTH, FIELD(tag)},
    {"position", MG_FLOAT64, 3, "Angstrom", "position", BOTH, FIELD(x)},
    {"image", MG_INT32, 3, "", "periodic images crossed", BOTH, FIELD(image)},
    {"velocity", MG_FLOAT64, 3, "Angstrom/ps", "peculiar velocity", BOTH, FIELD(v)},
    {"force", MG_FLOAT64, 3, "eV/Angstrom", "force", MG_FIELD_MIGRATE, FIELD(f)},
    {"build_position", MG_FLOAT64, 3, "Angstrom", "position at the last list build",
     MG_FIELD_SAVE, FIELD(x_build)},
    {"mean_position", MG_FLOAT64, 3, "Angstrom", "unwrapped position, averaged over time",
     BOTH | MG_FIELD_AVERAGE, FIELD(mean)},
};
const int mg_n_atom_fields = sizeof mg_atom_fields / sizeof mg_atom_fields[0];

int mg_species_index(const mg_species *species, const char *symbol) {
  for (int k = 0; k < species->n; k++)
    if (strcmp(species->symbol[k], symbol) == 0) return k;
  return -1;
}

size_t mg_ctype_size(mg_ctype type) { return type == MG_INT32 || type == MG_FLOAT32 ? 4 : 8; }

static size_t field_size(const mg_field *field) {
  return mg_ctype_size(field->ctype) * (size_t)field->components;
}

bool mg_atoms_has(const mg_atoms *atoms, const mg_field *field) {
  return atoms->averaged || !(field->flags & MG_FIELD_AVERAGE);
}

static bool selected(const mg_atoms *atoms, const mg_field *field, unsigned flags) {
  return mg_atoms_has(atoms, field) && (flags == 0 || (field->flags & flags) != 0);
}

static char *field_data(const mg_atoms *atoms, const mg_field *field) {
  char *data;
  memcpy(&data, (const char *)atoms + field->offset, sizeof data);
  return data;
}

static void field_set(mg_atoms *atoms, const mg_field *field, void *data) {
  memcpy((char *)atoms + field->offset, &data, sizeof data);
}

size_t mg_atoms_record_size(const mg_atoms *atoms, unsigned flags) {
  size_t size = 0;
  for (int k = 0; k < mg_n_atom_fields; k++)
    if (selected(atoms, &mg_atom_fields[k], flags)) size += field_size(&mg_atom_fields[k]);
  return (size + 7) / 8 * 8;
}

void mg_atoms_pack(const mg_atoms *atoms, int32_t i, unsigned flags, void *record) {
  char *to = record;
  for (int k = 0; k < mg_n_atom_fields; k++) {
    const mg_field *field = &mg_atom_fields[k];
    if (!selected(atoms, field, flags)) continue;
    const size_t size = field_size(field);
    memcpy(to, field_data(atoms, field) + (size_t)i * size, size);
    to += size;
  }
}

void mg_atoms_unpack(mg_atoms *atoms, int32_t i, unsigned flags, const void *record) {
  const char *from = record;
  for (int k = 0; k < mg_n_atom_fields; k++) {
    const mg_field *field = &mg_atom_fields[k];
    if (!selected(atoms, field, flags)) continue;
    const size_t size = field_size(field);
    memcpy(field_data(atoms, field) + (size_t)i * size, from, size);
    from += size;
  }
}

mg_status mg_atoms_reserve(mg_atoms *atoms, int64_t capacity) {
  if (capacity <= atoms->capacity) return MG_OK;
  MG_REQUIRE(capacity < INT32_MAX / 4, MG_ERR_RUN, "%lld atoms on one rank; use more ranks",
             (long long)capacity);
  for (int k = 0; k < mg_n_atom_fields; k++) {
    const mg_field *field = &mg_atom_fields[k];
    if (!mg_atoms_has(atoms, field)) continue;
    void *data = mg_realloc(field_data(atoms, field), (size_t)capacity, field_size(field));
    if (!data) return MG_ERR_MEMORY;
    field_set(atoms, field, data);
  }
  atoms->capacity = (int32_t)capacity;
  return MG_OK;
}

mg_status mg_atoms_average(mg_atoms *atoms, bool averaged) {
  if (averaged == atoms->averaged) return MG_OK;
  if (averaged)
    MG_TRY(MG_NEW(atoms->mean, atoms->capacity));
  else
    MG_DELETE(atoms->mean);
  atoms->averaged = averaged;
  return MG_OK;
}

mg_status mg_atoms_select(mg_atoms *atoms, const int32_t *order, int32_t n) {
  MG_TRY(mg_atoms_reserve(atoms, 1));
  for (int k = 0; k < mg_n_atom_fields; k++) {
    const mg_field *field = &mg_atom_fields[k];
    if (!mg_atoms_has(atoms, field)) continue;
    const size_t size = field_size(field);
    char *old = field_data(atoms, field);
    char *data = mg_calloc((size_t)atoms->capacity, size);
    if (!data) return MG_ERR_MEMORY;
    for (int32_t i = 0; i < n; i++)
      memcpy(data + (size_t)i * size, old + (size_t)order[i] * size, size);
    mg_free(old);
    field_set(atoms, field, data);
  }
  atoms->n = n;
  return MG_OK;
}

void mg_atoms_clear(mg_atoms *atoms) {
  for (int k = 0; k < mg_n_atom_fields; k++) mg_free(field_data(atoms, &mg_atom_fields[k]));
  memset(atoms, 0, sizeof *atoms);
}
