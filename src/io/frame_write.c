/* Writing configurations for other programs. The rows are sorted by id over the ranks (io/rows.h),
 * every rank turns its own into text, since that is what takes the time, and rank 0 appends the
 * texts in order of rank. 17 digits make each number read back to the bit.
 */
#include "mgmd/io/frame_write.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/text.h"
#include "mgmd/comm/mpi.h"
#include "mgmd/io/commit.h"
#include "mgmd/io/rows.h"
#include "mgmd/io/snapshot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PART = 1 << 24, LINE = 512, TAG = 72 };

/* What is written of one atom. */
typedef struct record {
  int64_t id;
  int32_t species, image[3];
  double x[3], v[3];
} record;

typedef struct writer {
  const mg_comm *comm;
  const mg_frame *frame;
  double lo[3], hi[3]; /* the cell; on open axes widened to hold all atoms */
  mg_rows rows;
  record *sorted; /* [rows.n] */
  FILE *file;     /* on rank 0 */
  char *part;     /* [PART] on rank 0, for the others' texts */
  char temporary[MG_PATH];
} writer;

/* One section of a file: a head, then a line per atom. */
typedef struct section {
  void (*head)(const writer *w, mg_text *text);
  int (*line)(const writer *w, const record *atom, char line[LINE]); /* its length */
} section;

static void data_head(const writer *w, mg_text *text) {
  const mg_species *species = &w->frame->species;
  mg_text_append(text, "LAMMPS data file written by mgmd, step %lld, metal units\n\n",
                 (long long)w->frame->step);
  mg_text_append(text, "%lld atoms\n%d atom types\n\n", (long long)w->rows.total, species->n);
  for (int a = 0; a < 3; a++)
    mg_text_append(text, "%.17g %.17g %clo %chi\n", w->lo[a], w->hi[a], "xyz"[a], "xyz"[a]);
  bool has_masses = true;
  for (int k = 0; k < species->n; k++) has_masses = has_masses && species->mass[k] > 0;
  if (has_masses) mg_text_append(text, "\nMasses\n\n");
  for (int k = 0; has_masses && k < species->n; k++)
    mg_text_append(text, "%d %.17g # %s\n", k + 1, species->mass[k], species->symbol[k]);
  mg_text_append(text, "\nAtoms # atomic\n\n");
}

static int data_line(const writer *w, const record *atom, char line[LINE]) {
  (void)w;
  const double *x = atom->x;
  return snprintf(line, LINE, "%lld %d %.17g %.17g %.17g %d %d %d\n", (long long)atom->id,
                  atom->species + 1, x[0], x[1], x[2], atom->image[0], atom->image[1],
                  atom->image[2]);
}

static void velocity_head(const writer *w, mg_text *text) {
  (void)w;
  mg_text_append(text, "\nVelocities\n\n");
}

static int velocity_line(const writer *w, const record *atom, char line[LINE]) {
  (void)w;
  const double *v = atom->v;
  return snprintf(line, LINE, "%lld %.17g %.17g %.17g\n", (long long)atom->id, v[0], v[1], v[2]);
}

static void dump_head(const writer *w, mg_text *text) {
  mg_text_append(text, "ITEM: TIMESTEP\n%lld\nITEM: NUMBER OF ATOMS\n%lld\nITEM: BOX BOUNDS",
                 (long long)w->frame->step, (long long)w->rows.total);
  for (int a = 0; a < 3; a++) mg_text_append(text, " %s", w->frame->box.periodic[a] ? "pp" : "ss");
  for (int a = 0; a < 3; a++) mg_text_append(text, "\n%.17g %.17g", w->lo[a], w->hi[a]);
  mg_text_append(text, "\nITEM: ATOMS id type element x y z ix iy iz vx vy vz\n");
}

static int dump_line(const writer *w, const record *atom, char line[LINE]) {
  const double *x = atom->x, *v = atom->v;
  return snprintf(line, LINE, "%lld %d %s %.17g %.17g %.17g %d %d %d %.17g %.17g %.17g\n",
                  (long long)atom->id, atom->species + 1, w->frame->species.symbol[atom->species],
                  x[0], x[1], x[2], atom->image[0], atom->image[1], atom->image[2], v[0], v[1],
                  v[2]);
}

static void xyz_head(const writer *w, mg_text *text) {
  const mg_box *box = &w->frame->box;
  mg_text_append(text,
                 "%lld\nLattice=\"%.17g 0 0 0 %.17g 0 0 0 %.17g\" Origin=\"%.17g %.17g %.17g\"",
                 (long long)w->rows.total, box->length[0], box->length[1], box->length[2],
                 box->lo[0], box->lo[1], box->lo[2]);
  mg_text_append(text, " pbc=\"%c %c %c\" step=%lld time=%.17g", box->periodic[0] ? 'T' : 'F',
                 box->periodic[1] ? 'T' : 'F', box->periodic[2] ? 'T' : 'F',
                 (long long)w->frame->step, w->frame->time);
  mg_text_append(text, " Properties=species:S:1:pos:R:3:id:I:1:image:I:3%s\n",
                 w->frame->has_velocity ? ":velo:R:3" : "");
}

static int xyz_line(const writer *w, const record *atom, char line[LINE]) {
  const double *x = atom->x, *v = atom->v;
  const int n = snprintf(line, LINE, "%s %.17g %.17g %.17g %lld %d %d %d",
                         w->frame->species.symbol[atom->species], x[0], x[1], x[2],
                         (long long)atom->id, atom->image[0], atom->image[1], atom->image[2]);
  if (!w->frame->has_velocity) return n + snprintf(line + n, (size_t)(LINE - n), "\n");
  return n + snprintf(line + n, (size_t)(LINE - n), " %.17g %.17g %.17g\n", v[0], v[1], v[2]);
}

/* The cell, on open axes as far as the atoms reach. Collective. */
static void find_bounds(writer *w) {
  const mg_box *box = &w->frame->box;
  mg_reduction reduction;
  mg_reduction_start(&reduction);
  for (int32_t i = 0; i < w->frame->atoms.n; i++)
    for (int a = 0; a < 3; a++) {
      const double x = w->frame->atoms.x[i][a];
      if (x > reduction.max[a]) reduction.max[a] = x;
      if (-x > reduction.max[3 + a]) reduction.max[3 + a] = -x;
    }
  mg_reduce(w->comm, &reduction);
  for (int a = 0; a < 3; a++) {
    w->lo[a] = box->lo[a];
    w->hi[a] = box->lo[a] + box->length[a];
    if (box->periodic[a]) continue;
    w->lo[a] = fmin(w->lo[a], -reduction.max[3 + a]);
    w->hi[a] = fmax(w->hi[a], reduction.max[a]);
  }
}

/* Local: the atoms as records, wrapped. */
static mg_status pack(const mg_frame *frame, record **records) {
  const mg_atoms *atoms = &frame->atoms;
  MG_TRY(MG_NEW(*records, atoms->n));
  for (int32_t i = 0; i < atoms->n; i++) {
    record *r = &(*records)[i];
    r->id = atoms->id[i];
    r->species = atoms->species[i];
    memcpy(r->x, atoms->x[i], sizeof r->x);
    if (frame->has_image) memcpy(r->image, atoms->image[i], sizeof r->image);
    if (frame->has_velocity) memcpy(r->v, atoms->v[i], sizeof r->v);
    mg_box_wrap(&frame->box, r->x, r->image);
  }
  return MG_OK;
}

static mg_status sort(writer *w) {
  const mg_atoms *atoms = &w->frame->atoms;
  record *records = NULL;
  void *sorted = NULL;
  mg_status status = mg_rows_plan(w->comm, atoms->n, atoms->id, MG_ROWS_PER_WRITER, &w->rows);
  if (status == MG_OK) status = mg_agree(w->comm, pack(w->frame, &records));
  if (status == MG_OK) status = mg_rows_move(w->comm, &w->rows, sizeof *records, records, &sorted);
  mg_free(records);
  w->sorted = sorted;
  return status;
}

/* Rank 0 writes a text, unless something went wrong before. */
static mg_status put(const writer *w, const char *text, size_t length, mg_status status) {
  if (status == MG_OK && length > 0 && fwrite(text, 1, length, w->file) != length)
    status = mg_commit_fail(w->temporary, "cannot be written");
  return status;
}

/* Collective: the ranks' texts, one after the other; rank 0 receives them whatever happens to its
 * file, so that nobody waits. */
static mg_status put_in_order(const writer *w, const mg_text *text) {
  const MPI_Comm mpi = mg_comm_mpi(w->comm);
  int64_t length = (int64_t)text->length;
  mg_status status = MG_OK;
  if (w->comm->rank != 0) {
    MPI_Send(&length, 1, MPI_INT64_T, 0, TAG, mpi);
    for (int64_t done = 0; done < length; done += PART)
      MPI_Send(text->data + done, (int)(length - done < PART ? length - done : PART), MPI_BYTE, 0,
               TAG, mpi);
  } else {
    status = put(w, text->data, text->length, status);
    for (int r = 1; r < w->comm->size; r++) {
      MPI_Recv(&length, 1, MPI_INT64_T, r, TAG, mpi, MPI_STATUS_IGNORE);
      for (int64_t done = 0; done < length; done += PART) {
        const int now = (int)(length - done < PART ? length - done : PART);
        MPI_Recv(w->part, now, MPI_BYTE, r, TAG, mpi, MPI_STATUS_IGNORE);
        status = put(w, w->part, (size_t)now, status);
      }
    }
  }
  return mg_agree(w->comm, status);
}

static mg_status write_section(const writer *w, const section *part) {
  mg_text text = {0};
  if (w->comm->rank == 0) part->head(w, &text);
  for (int64_t k = 0; k < w->rows.n; k++) {
    char line[LINE];
    mg_text_append_bytes(&text, line, (size_t)part->line(w, &w->sorted[k], line));
  }
  mg_status status = mg_agree(w->comm, text.status);
  if (status == MG_OK) status = put_in_order(w, &text);
  mg_text_clear(&text);
  return status;
}

/* Local: rank 0 opens the file. */
static mg_status begin(writer *w, const char *path) {
  MG_TRY(mg_commit_name(path, w->temporary, sizeof w->temporary));
  if (w->comm->rank != 0) return MG_OK;
  MG_TRY(MG_NEW(w->part, PART));
  mg_commit_discard(w->temporary); /* a link there must not lead elsewhere */
  w->file = fopen(w->temporary, "wb");
  return w->file ? MG_OK : mg_commit_fail(w->temporary, "cannot be created");
}

/* Rank 0 makes the file appear, or disappear. */
static mg_status end(writer *w, const char *path, mg_status status) {
  mg_free(w->part);
  if (w->file) {
    if (fclose(w->file) != 0 && status == MG_OK)
      status = mg_commit_fail(w->temporary, "cannot be written");
    if (status == MG_OK)
      status = mg_commit(w->temporary, path);
    else
      mg_commit_discard(w->temporary);
  }
  return mg_agree(w->comm, status);
}

static mg_status write_text(const mg_comm *comm, const char *path, mg_format format,
                            const mg_frame *frame) {
  static const section dump = {dump_head, dump_line}, xyz = {xyz_head, xyz_line},
                       data = {data_head, data_line}, velocities = {velocity_head, velocity_line};
  writer w = {.comm = comm, .frame = frame};
  find_bounds(&w);
  mg_status status = sort(&w);
  if (status == MG_OK) {
    status = mg_agree(comm, begin(&w, path));
    if (status == MG_OK)
      status = write_section(&w, format == MG_FORMAT_XYZ           ? &xyz
                                 : format == MG_FORMAT_LAMMPS_DUMP ? &dump
                                                                   : &data);
    if (status == MG_OK && format == MG_FORMAT_LAMMPS_DATA && frame->has_velocity)
      status = write_section(&w, &velocities);
    status = end(&w, path, status);
  }
  mg_free(w.sorted);
  mg_rows_clear(&w.rows);
  return status;
}

/* Columns of a frame for HDF5. */
typedef struct picture {
  double (*x)[3], *mass;
  int32_t (*image)[3];
} picture;

static mg_status take(const mg_frame *frame, picture *p) {
  const mg_atoms *atoms = &frame->atoms;
  MG_TRY(MG_NEW(p->x, atoms->n));
  MG_TRY(MG_NEW(p->image, atoms->n));
  MG_TRY(MG_NEW(p->mass, atoms->n));
  for (int32_t i = 0; i < atoms->n; i++) {
    memcpy(p->x[i], atoms->x[i], sizeof p->x[i]);
    if (frame->has_image) memcpy(p->image[i], atoms->image[i], sizeof p->image[i]);
    mg_box_wrap(&frame->box, p->x[i], p->image[i]);
    p->mass[i] = frame->species.mass[atoms->species[i]];
  }
  return MG_OK;
}

static mg_status write_h5(const mg_comm *comm, const char *path, const mg_frame *frame) {
  picture p = {0};
  mg_status status = mg_agree(comm, take(frame, &p));
  if (status == MG_OK) {
    mg_column columns[6] = {
        {"position", "Angstrom", "position, wrapped into the cell", MG_FLOAT64, 3, p.x},
        {"image", "", "periodic images crossed", MG_INT32, 3, p.image},
        {"species", "", "chemical species", MG_INT32, 1, frame->atoms.species},
        {"mass", "u", "mass", MG_FLOAT64, 1, p.mass}};
    int n = 4;
    if (frame->has_velocity)
      columns[n++] =
          (mg_column){"velocity", "Angstrom/ps", "velocity", MG_FLOAT64, 3, frame->atoms.v};
    if (frame->has_reference)
      columns[n++] = (mg_column){
          "reference_position", "Angstrom", "unwrapped position in the strain reference",
          MG_FLOAT64,           3,          frame->reference};
    const mg_column_set set = {frame->atoms.n, frame->atoms.id, n, columns};
    const mg_snapshot snapshot = {.step = frame->step,
                                  .time = frame->time,
                                  .box = frame->box,
                                  .axes = frame->axes,
                                  .sample = frame->sample,
                                  .species = &frame->species,
                                  .has_reference = frame->has_reference,
                                  .reference_box = frame->reference_box,
                                  .n_sets = 1,
                                  .sets = &set};
    status = mg_snapshot_write(comm, path, &snapshot);
  }
  mg_free(p.x);
  mg_free(p.image);
  mg_free(p.mass);
  return status;
}

mg_status mg_frame_write(const mg_comm *comm, const char *path, const mg_frame *frame) {
  const mg_format format = mg_format_of_name(path);
  MG_REQUIRE(format != MG_FORMAT_NONE, MG_ERR_INPUT,
             "%s: its name asks for no known format; valid: .h5, .data, .lmp, .dump, .lammpstrj, "
             ".xyz, .extxyz",
             path);
  return format == MG_FORMAT_H5 ? write_h5(comm, path, frame)
                                : write_text(comm, path, format, frame);
}
