/** What tests of files share: a directory of their own, and a sample of atoms whose every value is
 *  a plain function of the atom's id, so that what a file should hold needs no other file.
 */
#ifndef MGMD_TESTS_FILES_CHECK_H
#define MGMD_TESTS_FILES_CHECK_H

#include "mgmd/io/snapshot.h"
#include "mpi_check.h"

#include <dirent.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_PATH = 512 };
static char files_directory[256];

/** Make a directory for this test. Collective. */
static inline void files_setup(void) {
  if (mpi_world.rank == 0) {
    strcpy(files_directory, "/tmp/mgmd-test-XXXXXX");
    if (!mkdtemp(files_directory)) files_directory[0] = '\0';
  }
  MPI_Bcast(files_directory, sizeof files_directory, MPI_CHAR, 0, MPI_COMM_WORLD);
  ck_assert(files_directory[0]);
}

static inline int files_count(void) {
  int n = 0;
  DIR *dir = opendir(files_directory);
  while (dir && readdir(dir)) n++;
  if (dir) closedir(dir);
  return n - 2;
}

/** Remove the directory and everything in it. Collective. */
static inline void files_teardown(void) {
  mg_error_clear();
  MPI_Barrier(MPI_COMM_WORLD);
  if (mpi_world.rank != 0) return;
  DIR *dir = opendir(files_directory);
  char path[FILES_PATH];
  for (struct dirent *entry; dir && (entry = readdir(dir));) {
    snprintf(path, sizeof path, "%s/%s", files_directory, entry->d_name);
    if (entry->d_name[0] != '.') unlink(path);
  }
  if (dir) closedir(dir);
  rmdir(files_directory);
}

/** Path of a file in the directory; four results live at a time. */
static inline const char *files_path(const char *name) {
  static char path[4][FILES_PATH];
  static int last;
  last = (last + 1) % 4;
  snprintf(path[last], FILES_PATH, "%s/%s", files_directory, name);
  return path[last];
}

/** True when two files hold the same bytes. */
static inline bool files_equal(const char *a, const char *b) {
  FILE *file_a = fopen(a, "rb"), *file_b = fopen(b, "rb");
  bool equal = file_a && file_b;
  for (int c = 0; equal && c != EOF;) {
    c = getc(file_a);
    equal = c == getc(file_b);
  }
  if (file_a) fclose(file_a);
  if (file_b) fclose(file_b);
  return equal;
}

/* --- the atoms: ids 1, 2, 3, 5, 6, 7, 9, ... (every fourth is missing) --- */

static inline int64_t files_id(int64_t k) { return k + k / 3 + 1; }

/** A pure function of id and tag in [0, 1) with all bits in use. */
static inline double files_value(int64_t id, int tag) {
  uint64_t z = (uint64_t)id * 0x9E3779B97F4A7C15u + (uint64_t)tag * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 30)) * 0x94D049BB133111EBu;
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static inline mg_box files_box(void) {
  return (mg_box){{-1.5, 0.25, 100}, {25.1, 55.3, 111.7}, {true, false, true}};
}

static inline double files_x(int64_t id, int a) {
  const mg_box box = files_box();
  /* atoms may stand outside of the cell on its open axis */
  return box.lo[a] + (box.periodic[a] ? 1 : 1.25) * box.length[a] * files_value(id, a);
}
static inline int32_t files_image(int64_t id, int a) {
  return a == 1 ? 0 : (int32_t)((id * (a + 3)) % 5) - 2;
}
static inline int32_t files_species(int64_t id) { return id % 3 == 0; }

/** The rows that one rank gives. */
typedef struct files_atoms {
  int32_t n;
  int64_t *id;
  int32_t *species, (*image)[3];
  double (*x)[3], (*v)[3], (*reference)[3], *energy, (*stress)[6];
} files_atoms;

static inline void files_atoms_clear(files_atoms *a) {
  mg_free(a->id);
  mg_free(a->species);
  mg_free(a->image);
  mg_free(a->x);
  mg_free(a->v);
  mg_free(a->reference);
  mg_free(a->energy);
  mg_free(a->stress);
}

/** This rank's share of @p total atoms, in no order and uneven; rank @p idle has none. A different
 *  @p salt gives another distribution. */
static inline files_atoms files_atoms_make(const mg_comm *comm, int64_t total, int salt, int idle) {
  files_atoms a = {0};
  a.id = mg_calloc((size_t)total, sizeof *a.id);
  for (int64_t k = total - 1; k >= 0; k--) {
    const int64_t id = files_id((k * 7919) % total); /* 7919 is prime: every k once */
    const double u = files_value(id, 50 + salt);
    int owner = (int)(u * u * comm->size);
    if (owner == idle) owner = (owner + 1) % comm->size;
    if (owner == comm->rank) a.id[a.n++] = id;
  }
  const size_t n = (size_t)a.n;
  a.species = mg_calloc(n, sizeof *a.species);
  a.image = mg_calloc(n, sizeof *a.image);
  a.x = mg_calloc(n, sizeof *a.x);
  a.v = mg_calloc(n, sizeof *a.v);
  a.reference = mg_calloc(n, sizeof *a.reference);
  a.energy = mg_calloc(n, sizeof *a.energy);
  a.stress = mg_calloc(n, sizeof *a.stress);
  for (size_t i = 0; i < n; i++) {
    const int64_t id = a.id[i];
    a.species[i] = files_species(id);
    a.energy[i] = -files_value(id, 9);
    for (int c = 0; c < 3; c++) {
      a.x[i][c] = files_x(id, c);
      a.image[i][c] = files_image(id, c);
      a.v[i][c] = files_value(id, 3 + c) - 0.5;
      a.reference[i][c] = 100 * files_value(id, 6 + c);
    }
    for (int c = 0; c < 6; c++) a.stress[i][c] = files_value(id, 10 + c) - 0.5;
  }
  return a;
}

static const mg_species files_species_table = {2, {"Cu", "Zr"}, {63.546, 91.224}};

/** A snapshot of two sets of rows in two distributions; a and b keep the data, c the columns. */
typedef struct files_sample {
  files_atoms a, b;
  mg_column columns_a[6], columns_b[2];
  mg_column_set sets[2];
  mg_snapshot snapshot;
} files_sample;

static inline void files_sample_make(files_sample *s, const mg_comm *comm, int64_t total) {
  static const mg_observable observables[] = {
      {"temperature", "K", "temperature", 1, {50.5}},
      {"pressure", "GPa", "xx yy zz xy xz yz", 6, {1, 2, 3, 4, 5, 6}}};
  memset(s, 0, sizeof *s);
  s->a = files_atoms_make(comm, total, 0, comm->size > 2 ? 1 : -1);
  s->b = files_atoms_make(comm, total, 1, comm->size > 1 ? 0 : -1);
  const mg_column a[] = {
      {"position", "Angstrom", "position", MG_FLOAT64, 3, s->a.x},
      {"image", "", "periodic images crossed", MG_INT32, 3, s->a.image},
      {"species", "", "chemical species", MG_INT32, 1, s->a.species},
      {"velocity", "Angstrom/ps", "velocity", MG_FLOAT64, 3, s->a.v},
      {"potential_energy", "eV", "potential energy", MG_FLOAT64, 1, s->a.energy},
      {"id", "", "ignored: the ids themselves are written", MG_INT64, 1, s->a.id}};
  const mg_column b[] = {
      {"reference_position", "Angstrom", "unwrapped", MG_FLOAT64, 3, s->b.reference},
      {"stress", "eV", "xx yy zz xy xz yz", MG_FLOAT64, 6, s->b.stress}};
  memcpy(s->columns_a, a, sizeof a);
  memcpy(s->columns_b, b, sizeof b);
  s->sets[0] = (mg_column_set){s->a.n, s->a.id, 6, s->columns_a};
  s->sets[1] = (mg_column_set){s->b.n, s->b.id, 2, s->columns_b};
  s->snapshot = (mg_snapshot){.step = 123456789012,
                              .time = 0.1 + 0.2,
                              .box = files_box(),
                              .axes = {2, 1, 0},
                              .species = &files_species_table,
                              .title = "a title",
                              .stage = "compress",
                              .resolved_input = "title: a title\n",
                              .provenance = "version: 1\n",
                              .has_reference = true,
                              .reference_box = {{0, 1, 2}, {3, 4, 5}, {true, false, true}},
                              .n_observables = 2,
                              .observables = observables,
                              .n_sets = 2,
                              .sets = s->sets};
  mg_sample_init(&s->snapshot.sample);
  s->snapshot.sample.length0 = 222.2;
  s->snapshot.sample.pressure[0] = 0.5;
}

static inline void files_sample_clear(files_sample *s) {
  files_atoms_clear(&s->a);
  files_atoms_clear(&s->b);
}

#endif
