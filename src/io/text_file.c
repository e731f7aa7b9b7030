/* Text that other programs read. The rows are sorted by id over the ranks (io/rows.h), every rank
 * turns its own into text, since that is what takes the time, and rank 0 appends the texts in order
 * of rank. A rank sends its text in pieces, so that it need never hold all of it.
 */
#include "writer_impl.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/text.h"
#include "mgmd/comm/mpi.h"
#include "mgmd/io/commit.h"

#include <math.h>
#include <string.h>

enum { PART = 1 << 24, TAG = 72 };
static const size_t PIECE = (size_t)1 << 27; /* of text that is held at a time */
/* Half a distance of neighbours: a bound stands behind the last atoms as it does in a solid, so
 * that none is on it, and those of both faces are apart if the axis is taken as periodic [A]. */
static const double MARGIN = 1.25, NEAR = 1e-3;

typedef struct writer {
  const mg_comm *comm;
  const mg_snapshot *snapshot;
  mg_text_file *out;
  double lo[3], hi[3]; /* the cell; on open axes wide enough for all atoms */
  mg_sorted sorted;
  bool has_masses; /* of all species */
} writer;

/* One section of a frame: a head, then a line per atom. */
typedef struct section {
  void (*head)(const writer *w, mg_text *text);
  void (*line)(const writer *w, int64_t row, mg_text *text);
} section;

static void put_reals(mg_text *text, const double *x, int n) {
  for (int c = 0; c < n; c++) mg_text_append(text, " %.17g", x[c]);
}

static const double *reals(const writer *w, int column, int64_t row) {
  return (const double *)w->sorted.data[column] + 3 * row;
}

static void put_image(const writer *w, int64_t row, mg_text *text) {
  static const int32_t zero[3] = {0};
  const int32_t *image =
      w->sorted.image >= 0 ? (const int32_t *)w->sorted.data[w->sorted.image] + 3 * row : zero;
  mg_text_append(text, " %d %d %d", image[0], image[1], image[2]);
}

static int32_t species_of(const writer *w, int64_t row) {
  return ((const int32_t *)w->sorted.data[w->sorted.species])[row];
}

/* Columns that every format has a word of its own for. */
static bool is_field(const mg_column *column) {
  static const char *const base[] = {"position", "image", "species", "velocity", "mass"};
  for (size_t k = 0; k < sizeof base / sizeof base[0]; k++)
    if (strcmp(column->name, base[k]) == 0) return false;
  return true;
}

static void put_fields(const writer *w, int64_t row, mg_text *text) {
  for (int k = 0; k < w->sorted.n_columns; k++) {
    const mg_column *column = w->sorted.column[k];
    if (!is_field(column)) continue;
    for (int c = 0; c < column->components; c++) {
      const int64_t at = row * column->components + c;
      switch (column->ctype) {
      case MG_INT32: mg_text_append(text, " %d", ((int32_t *)w->sorted.data[k])[at]); break;
      case MG_INT64:
        mg_text_append(text, " %lld", (long long)((int64_t *)w->sorted.data[k])[at]);
        break;
      case MG_FLOAT64: mg_text_append(text, " %.17g", ((double *)w->sorted.data[k])[at]); break;
      case MG_FLOAT32:
        mg_text_append(text, " %.9g", (double)((float *)w->sorted.data[k])[at]);
        break;
      }
    }
  }
}

static void data_head(const writer *w, mg_text *text) {
  const mg_species *species = w->snapshot->species;
  mg_text_append(text, "LAMMPS data file written by mgmd, step %lld, metal units\n\n",
                 (long long)w->snapshot->step);
  mg_text_append(text, "%lld atoms\n%d atom types\n\n", (long long)w->sorted.total, species->n);
  for (int a = 0; a < 3; a++)
    mg_text_append(text, "%.17g %.17g %clo %chi\n", w->lo[a], w->hi[a], "xyz"[a], "xyz"[a]);
  mg_text_append(text, "\nMasses\n\n"); /* also the names; LAMMPS wants them above zero */
  for (int k = 0; k < species->n; k++)
    mg_text_append(text, "%d %.17g # %s\n", k + 1, species->mass[k] > 0 ? species->mass[k] : 1,
                   species->symbol[k]);
  mg_text_append(text, "\nAtoms # atomic\n\n");
}

static void data_line(const writer *w, int64_t row, mg_text *text) {
  mg_text_append(text, "%lld %d", (long long)w->sorted.id[row], species_of(w, row) + 1);
  put_reals(text, reals(w, w->sorted.position, row), 3);
  put_image(w, row, text);
  mg_text_append(text, "\n");
}

static void velocity_head(const writer *w, mg_text *text) {
  (void)w;
  mg_text_append(text, "\nVelocities\n\n");
}

static void velocity_line(const writer *w, int64_t row, mg_text *text) {
  mg_text_append(text, "%lld", (long long)w->sorted.id[row]);
  put_reals(text, reals(w, w->sorted.velocity, row), 3);
  mg_text_append(text, "\n");
}

static void dump_head(const writer *w, mg_text *text) {
  mg_text_append(text, "ITEM: TIMESTEP\n%lld\nITEM: NUMBER OF ATOMS\n%lld\nITEM: BOX BOUNDS",
                 (long long)w->snapshot->step, (long long)w->sorted.total);
  for (int a = 0; a < 3; a++)
    mg_text_append(text, " %s", w->snapshot->box.periodic[a] ? "pp" : "ss");
  for (int a = 0; a < 3; a++) mg_text_append(text, "\n%.17g %.17g", w->lo[a], w->hi[a]);
  mg_text_append(text, "\nITEM: ATOMS id type element%s x y z ix iy iz%s",
                 w->has_masses ? " mass" : "", w->sorted.velocity >= 0 ? " vx vy vz" : "");
  for (int k = 0; k < w->sorted.n_columns; k++) {
    const mg_column *column = w->sorted.column[k];
    if (!is_field(column)) continue;
    if (strcmp(column->name, "force") == 0 && column->components == 3) {
      mg_text_append(text, " fx fy fz");
      continue;
    }
    for (int c = 0; c < column->components; c++) {
      mg_text_append(text, " ");
      for (const char *s = column->name; *s; s++)
        mg_text_append(text, "%c", *s > ' ' && *s < 127 ? *s : '_');
      if (column->components > 1) mg_text_append(text, "[%d]", c + 1);
    }
  }
  mg_text_append(text, "\n");
}

static void dump_line(const writer *w, int64_t row, mg_text *text) {
  const mg_species *species = w->snapshot->species;
  const int32_t s = species_of(w, row);
  mg_text_append(text, "%lld %d %s", (long long)w->sorted.id[row], s + 1, species->symbol[s]);
  if (w->has_masses) put_reals(text, &species->mass[s], 1);
  put_reals(text, reals(w, w->sorted.position, row), 3);
  put_image(w, row, text);
  if (w->sorted.velocity >= 0) put_reals(text, reals(w, w->sorted.velocity, row), 3);
  put_fields(w, row, text);
  mg_text_append(text, "\n");
}

static void put_cell(mg_text *text, const mg_box *box, const char *lattice, const char *origin,
                     const char *pbc) {
  mg_text_append(text, "%s=\"%.17g 0 0 0 %.17g 0 0 0 %.17g\" %s=\"%.17g %.17g %.17g\"", lattice,
                 box->length[0], box->length[1], box->length[2], origin, box->lo[0], box->lo[1],
                 box->lo[2]);
  mg_text_append(text, " %s=\"%c %c %c\"", pbc, box->periodic[0] ? 'T' : 'F',
                 box->periodic[1] ? 'T' : 'F', box->periodic[2] ? 'T' : 'F');
}

static void put_properties(const writer *w, mg_text *text) {
  mg_text_append(text, " Properties=species:S:1:pos:R:3:id:I:1:image:I:3%s",
                 w->sorted.velocity >= 0 ? ":velo:R:3" : "");
  for (int k = 0; k < w->sorted.n_columns; k++) {
    const mg_column *column = w->sorted.column[k];
    if (!is_field(column)) continue;
    mg_text_append(text, ":");
    for (const char *s = column->name; *s; s++)
      mg_text_append(text, "%c", *s > ' ' && *s < 127 && !strchr(":=\"'", *s) ? *s : '_');
    mg_text_append(text, "%s:%c:%d", strcmp(column->name, "force") == 0 ? "s" : "",
                   column->ctype == MG_INT32 || column->ctype == MG_INT64 ? 'I' : 'R',
                   column->components);
  }
}

static void xyz_head(const writer *w, mg_text *text) {
  const mg_snapshot *s = w->snapshot;
  mg_text_append(text, "%lld\n", (long long)w->sorted.total);
  put_cell(text, &s->box, "Lattice", "Origin", "pbc");
  mg_text_append(text, " step=%lld time=%.17g", (long long)s->step, s->time);
  mg_text_append(text, " species_mass=\""); /* also their order; 0: not known */
  for (int k = 0; k < s->species->n; k++)
    mg_text_append(text, "%s%s %.17g", k ? " " : "", s->species->symbol[k], s->species->mass[k]);
  mg_text_append(text, "\"");
  if (s->axes.load != s->axes.free)
    mg_text_append(text, " axes=\"%c %c %c\"", "xyz"[s->axes.load], "xyz"[s->axes.free],
                   "xyz"[s->axes.thin]);
  if (s->has_reference) {
    mg_text_append(text, " ");
    put_cell(text, &s->reference_box, "reference_lattice", "reference_origin", "reference_pbc");
  }
  put_properties(w, text);
  mg_text_append(text, "\n");
}

static void xyz_line(const writer *w, int64_t row, mg_text *text) {
  mg_text_append(text, "%s", w->snapshot->species->symbol[species_of(w, row)]);
  put_reals(text, reals(w, w->sorted.position, row), 3);
  mg_text_append(text, " %lld", (long long)w->sorted.id[row]);
  put_image(w, row, text);
  if (w->sorted.velocity >= 0) put_reals(text, reals(w, w->sorted.velocity, row), 3);
  put_fields(w, row, text);
  mg_text_append(text, "\n");
}

/* The cell; on open axes, where atoms reach it, a margin behind the last of them. Collective. */
static void find_bounds(writer *w) {
  const mg_box *box = &w->snapshot->box;
  mg_reduction reduction;
  mg_reduction_start(&reduction);
  for (int64_t i = 0; i < w->sorted.n; i++)
    for (int a = 0; a < 3; a++) {
      const double x = reals(w, w->sorted.position, i)[a];
      if (x > reduction.max[a]) reduction.max[a] = x;
      if (-x > reduction.max[3 + a]) reduction.max[3 + a] = -x;
    }
  mg_reduce(w->comm, &reduction);
  for (int a = 0; a < 3; a++) {
    const double last = reduction.max[a], first = -reduction.max[3 + a];
    w->lo[a] = box->lo[a];
    w->hi[a] = box->lo[a] + box->length[a];
    if (box->periodic[a]) continue;
    if (first < w->lo[a] + NEAR) w->lo[a] = first - MARGIN;
    if (last > w->hi[a] - NEAR) w->hi[a] = last + MARGIN;
  }
}

/* Rank 0 writes a text, unless something went wrong before. */
static mg_status put(const mg_text_file *out, const char *text, size_t length, mg_status status) {
  if (status == MG_OK && length > 0 && fwrite(text, 1, length, out->file) != length)
    status = mg_commit_fail(out->temporary, "cannot be written");
  return status;
}

/* As many lines as make a piece. */
static void make_piece(const writer *w, const section *part, int64_t *row, mg_text *text) {
  if (w->comm->rank == 0 && *row == 0) part->head(w, text);
  while (*row < w->sorted.n && text->length < PIECE) part->line(w, (*row)++, text);
}

/* Send a text, or with length 0 that there is no more. */
static void send(const writer *w, const mg_text *text) {
  const MPI_Comm mpi = mg_comm_mpi(w->comm);
  const int64_t length = (int64_t)text->length;
  MPI_Send(&length, 1, MPI_INT64_T, 0, TAG, mpi);
  for (int64_t done = 0; done < length; done += PART)
    MPI_Send(text->data + done, (int)(length - done < PART ? length - done : PART), MPI_BYTE, 0,
             TAG, mpi);
}

/* Rank 0 takes all texts of rank @p r, whatever happens to its file. */
static mg_status receive(const writer *w, int r, mg_status status) {
  const MPI_Comm mpi = mg_comm_mpi(w->comm);
  for (;;) {
    int64_t length;
    MPI_Recv(&length, 1, MPI_INT64_T, r, TAG, mpi, MPI_STATUS_IGNORE);
    if (length == 0) return status;
    for (int64_t done = 0; done < length; done += PART) {
      const int now = (int)(length - done < PART ? length - done : PART);
      MPI_Recv(w->out->part, now, MPI_BYTE, r, TAG, mpi, MPI_STATUS_IGNORE);
      status = put(w->out, w->out->part, (size_t)now, status);
    }
  }
}

/* Collective: the ranks' texts, one after the other. */
static mg_status write_section(const writer *w, const section *part) {
  mg_status status = MG_OK;
  int64_t row = 0;
  do {
    mg_text text = {0};
    make_piece(w, part, &row, &text);
    if (w->comm->rank == 0)
      status = put(w->out, text.data, text.length, status == MG_OK ? text.status : status);
    else if (text.status == MG_OK && text.length > 0)
      send(w, &text);
    if (text.status != MG_OK) status = text.status;
    mg_text_clear(&text);
  } while (status == MG_OK && row < w->sorted.n);
  const mg_text nothing = {0};
  if (w->comm->rank != 0) send(w, &nothing);
  for (int r = 1; w->comm->rank == 0 && r < w->comm->size; r++) status = receive(w, r, status);
  return mg_agree(w->comm, status);
}

mg_status mg_text_file_open(mg_text_file *out, const mg_comm *comm, const char *path) {
  memset(out, 0, sizeof *out);
  snprintf(out->path, sizeof out->path, "%s", path);
  mg_status status = mg_commit_name(path, out->temporary, sizeof out->temporary);
  if (status == MG_OK && comm->rank == 0) status = MG_NEW(out->part, PART);
  if (status == MG_OK && comm->rank == 0) {
    mg_commit_discard(out->temporary); /* a link there must not lead elsewhere */
    out->file = fopen(out->temporary, "wb");
    if (!out->file) status = mg_commit_fail(out->temporary, "cannot be created");
  }
  status = mg_agree(comm, status);
  if (status != MG_OK) (void)mg_text_file_close(out, comm, status);
  return status;
}

mg_status mg_text_file_put(mg_text_file *out, const mg_comm *comm, mg_format format,
                           const mg_snapshot *snapshot) {
  static const section dump = {dump_head, dump_line}, xyz = {xyz_head, xyz_line},
                       data = {data_head, data_line}, velocities = {velocity_head, velocity_line};
  writer w = {.comm = comm, .snapshot = snapshot, .out = out, .has_masses = true};
  for (int k = 0; k < snapshot->species->n; k++)
    w.has_masses = w.has_masses && snapshot->species->mass[k] > 0;
  MG_TRY(mg_sorted_make(comm, snapshot, NULL, &w.sorted));
  find_bounds(&w);
  mg_status status = write_section(&w, format == MG_FORMAT_XYZ           ? &xyz
                                       : format == MG_FORMAT_LAMMPS_DUMP ? &dump
                                                                         : &data);
  if (status == MG_OK && format == MG_FORMAT_LAMMPS_DATA && w.sorted.velocity >= 0)
    status = write_section(&w, &velocities);
  mg_sorted_clear(&w.sorted);
  return status;
}

mg_status mg_text_file_close(mg_text_file *out, const mg_comm *comm, mg_status status) {
  mg_free(out->part);
  if (out->file) {
    if (fclose(out->file) != 0 && status == MG_OK)
      status = mg_commit_fail(out->temporary, "cannot be written");
    if (status == MG_OK)
      status = mg_commit(out->temporary, out->path);
    else
      mg_commit_discard(out->temporary);
  }
  memset(out, 0, sizeof *out);
  return mg_agree(comm, status);
}
