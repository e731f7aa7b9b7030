/* Reading configurations one after the other. HDF5 is read by all ranks at once, and a LAMMPS data
 * file by rank 0, which deals it out. Of dump and extended XYZ rank 0 reads the headers and hands
 * whole lines on to the ranks in turn, which parse them; so a trajectory of any length needs memory
 * for one configuration, spread over the ranks. What goes wrong is told for the first line that is
 * wrong, whichever rank met it.
 */
#include "frame_h5.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/comm/mpi.h"
#include "mgmd/io/file.h"
#include "mgmd/state/elements.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TAG = 73, BUFFER = 1 << 22, MOST_LINE = 1 << 20 };

struct mg_reader {
  const mg_comm *comm;
  mg_read_options options;
  char path[MG_PATH];
  mg_format format;
  mg_head_parser *head; /* of dump and extended XYZ; NULL: the file holds one configuration */
  bool done;

  /* rank 0 */
  FILE *file;
  char *buffer; /* [BUFFER] */
  mg_scan scan;
  bool overlong, failed; /* a line does not fit; the file cannot be read on */

  char *block; /* [BUFFER] other ranks */
};

/* A part of a frame on its way to a rank; length -1: there is no more. */
typedef struct part {
  int64_t length, atom, line;
} part;

/* Keep the part of a line that has been read, and read on behind it. */
static bool refill(mg_scan *scan) {
  mg_reader *reader = scan->source;
  const size_t kept = scan->length - scan->at;
  if (kept >= MOST_LINE) {
    reader->overlong = true;
    return false;
  }
  memmove(reader->buffer, scan->text + scan->at, kept);
  const size_t got = fread(reader->buffer + kept, 1, BUFFER - kept, reader->file);
  if (got == 0 && ferror(reader->file)) reader->failed = true;
  scan->text = reader->buffer;
  scan->at = 0;
  scan->length = kept + got;
  scan->beyond = scan->beyond > got ? scan->beyond - got : 0;
  return got > 0;
}

/* Local: what the source had to say comes before what was made of it. */
static mg_status source_status(const mg_reader *reader, mg_status status) {
  if (reader->failed || reader->overlong) mg_error_clear();
  MG_REQUIRE(!reader->failed, MG_ERR_INPUT, "%s: cannot be read on", reader->path);
  MG_REQUIRE(!reader->overlong, MG_ERR_INPUT, "%s:%lld: a line is longer than %d bytes",
             reader->path, (long long)reader->scan.line + 1, MOST_LINE);
  return status;
}

/* Local, on rank 0. */
static mg_status open_text(mg_reader *reader) {
  struct stat info;
  reader->file = fopen(reader->path, "rb");
  const bool good = reader->file && fstat(fileno(reader->file), &info) == 0;
  MG_REQUIRE(good, MG_ERR_INPUT, "%s: cannot be read", reader->path);
  MG_TRY(MG_NEW(reader->buffer, BUFFER));
  reader->scan = (mg_scan){.name = reader->path,
                           .text = reader->buffer,
                           .more = refill,
                           .source = reader,
                           .beyond = (size_t)info.st_size};
  return MG_OK;
}

static mg_status start(mg_reader *reader) {
  if (!reader->head) return MG_OK;
  return reader->comm->rank == 0 ? open_text(reader) : MG_NEW(reader->block, BUFFER);
}

mg_status mg_reader_open(const mg_comm *comm, const char *path, const mg_read_options *options,
                         mg_reader **reader) {
  *reader = NULL;
  mg_reader *r = NULL;
  mg_status status = MG_NEW(r, 1);
  if (status == MG_OK) {
    r->comm = comm;
    r->options = *options;
    if (!mg_str_copy(r->path, sizeof r->path, path))
      status = mg_fail(MG_ERR_INPUT, "%.60s...: the path is too long", path);
  }
  if (status == MG_OK && comm->rank == 0) status = mg_frame_find_format(path, &r->format);
  status = mg_agree(comm, status);
  if (status == MG_OK) {
    mg_broadcast(comm, &r->format, sizeof r->format, 0);
    r->head = r->format == MG_FORMAT_XYZ           ? mg_head_xyz
              : r->format == MG_FORMAT_LAMMPS_DUMP ? mg_head_dump
                                                   : NULL;
    status = mg_agree(comm, start(r));
  }
  *reader = r;
  if (status != MG_OK) mg_reader_close(reader);
  return status;
}

void mg_reader_close(mg_reader **reader) {
  if (!*reader) return;
  if ((*reader)->file) fclose((*reader)->file);
  mg_free((*reader)->buffer);
  mg_free((*reader)->block);
  MG_DELETE(*reader);
}

/* Local, on rank 0: is there another frame? Empty lines between frames are passed over. */
static bool at_frame(mg_scan *scan) {
  mg_word line, words[1];
  for (;;) {
    if (!mg_scan_line(scan, &line)) return false;
    if (mg_scan_words(line, false, 1, words) > 0) {
      /* back to its start, which may have moved within the buffer */
      scan->at = (size_t)(line.at - scan->text);
      scan->line--;
      return true;
    }
  }
}

/* What rank 0 tells the others of a frame. */
typedef struct head {
  bool found;
  int64_t n;
  mg_layout layout;
  mg_frame frame; /* without arrays */
} head;

static mg_status read_head(mg_reader *reader, head *h) {
  if (reader->comm->rank != 0) return MG_OK;
  h->found = at_frame(&reader->scan);
  mg_status status = mg_read_check_names(reader->path, reader->options.species);
  if (status == MG_OK && h->found)
    status = reader->head(&reader->scan, &reader->options, &h->frame, &h->layout, &h->n);
  return source_status(reader, status);
}

static mg_status add(mg_share *share, mg_word block, const part *p, mg_status status) {
  return status == MG_OK ? mg_share_add(share, block, p->atom, p->line) : status;
}

/* Rank 0 hands out all lines of a frame, its own share among them. Every block goes out whatever
 * happens here, so that nobody waits. */
static mg_status hand_out(mg_reader *reader, int64_t n, mg_share *share) {
  const mg_comm *comm = reader->comm;
  const MPI_Comm mpi = mg_comm_mpi(comm);
  const int64_t most = n / comm->size + 1;
  mg_status status = MG_OK;
  int to = 0;
  for (int64_t done = 0, now; done < n; done += now, to = (to + 1) % comm->size) {
    mg_word block;
    now = mg_scan_block(&reader->scan, n - done < most ? n - done : most, &block);
    if (now == 0) {
      if (status == MG_OK)
        status = mg_scan_fail(&reader->scan, "the file ends after %lld of %lld atoms",
                              (long long)done, (long long)n);
      share->failed_line = reader->scan.line;
      break;
    }
    const part p = {(int64_t)block.length, done, reader->scan.line - now + 1};
    if (to == 0) {
      status = add(share, block, &p, status);
    } else {
      MPI_Send(&p, sizeof p, MPI_BYTE, to, TAG, mpi);
      MPI_Send(block.at, (int)block.length, MPI_BYTE, to, TAG, mpi);
    }
  }
  const part end = {.length = -1};
  for (int r = 1; r < comm->size; r++) MPI_Send(&end, sizeof end, MPI_BYTE, r, TAG, mpi);
  return source_status(reader, status);
}

static mg_status take_in(mg_reader *reader, mg_share *share) {
  const MPI_Comm mpi = mg_comm_mpi(reader->comm);
  mg_status status = MG_OK;
  for (;;) {
    part p;
    MPI_Recv(&p, sizeof p, MPI_BYTE, 0, TAG, mpi, MPI_STATUS_IGNORE);
    if (p.length < 0) return status;
    MPI_Recv(reader->block, (int)p.length, MPI_BYTE, 0, TAG, mpi, MPI_STATUS_IGNORE);
    status = add(share, (mg_word){reader->block, (size_t)p.length}, &p, status);
  }
}

/* Of several ranks that failed, the one with the first line tells. */
static mg_status agree_by_line(const mg_comm *comm, mg_status status, int64_t line) {
  const int64_t mine = status == MG_OK ? INT64_MAX : line;
  const int64_t first = -mg_max_all(comm, -mine);
  return mg_agree(comm, mine == first ? status : MG_OK);
}

/* Every rank's kinds, on rank 0 resolved to elements; each rank gets its own ones' back. */
static mg_status resolve(mg_reader *reader, mg_share *share) {
  const mg_comm *comm = reader->comm;
  mg_frame *frame = share->frame;
  const mg_species masses = frame->species;
  int32_t to_root[MG_ATOM_KINDS] = {0}, *back = NULL, *element = NULL;
  void *all = NULL, *mine = NULL;
  int64_t n = 0, n_mine = 0, counts = 0;
  int64_t *n_of = NULL;
  mg_status status = mg_agree(comm, MG_NEW(n_of, comm->size));
  if (status == MG_OK) {
    n_of[comm->rank] = share->n_kinds;
    status = mg_count_vector(comm, n_of, comm->size);
  }
  if (status == MG_OK)
    status =
        mg_exchange(comm, share->n_kinds, to_root, sizeof(mg_atom_kind), share->kind, &all, &n);
  mg_status local = status;
  if (local == MG_OK) local = MG_NEW(element, n);
  if (local == MG_OK) local = MG_NEW(back, n);
  if (local == MG_OK && comm->rank == 0)
    local = mg_kinds_resolve(reader->path, &reader->options, &masses, (int)n, all, &frame->species,
                             element);
  for (int r = 0; local == MG_OK && comm->rank == 0 && r < comm->size; r++)
    for (int64_t k = 0; k < n_of[r]; k++) back[counts++] = r;
  status = mg_agree(comm, local);
  if (status == MG_OK)
    status = mg_exchange(comm, n, back, sizeof *element, element, &mine, &n_mine);
  if (status == MG_OK) {
    mg_broadcast(comm, &frame->species, sizeof frame->species, 0);
    for (int32_t i = 0; i < frame->atoms.n; i++)
      frame->atoms.species[i] = ((int32_t *)mine)[frame->atoms.species[i]];
    if (frame->species.n == 0)
      status = mg_fail(MG_ERR_INPUT, "%s: does not name its elements; add --species Cu,Zr",
                       reader->path);
  }
  mg_free(n_of);
  mg_free(all);
  mg_free(back);
  mg_free(element);
  mg_free(mine);
  return status;
}

static int by_number(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static mg_status check_sorted(const char *path, int64_t n, int64_t *id) {
  qsort(id, (size_t)n, sizeof *id, by_number);
  for (int64_t k = 1; k < n; k++)
    MG_REQUIRE(id[k] != id[k - 1], MG_ERR_INPUT,
               "%s: the atom id %lld occurs twice; valid: ids that differ", path, (long long)id[k]);
  return MG_OK;
}

/* No id twice, on all ranks. */
static mg_status check_unique(const mg_comm *comm, const char *path, const mg_atoms *atoms) {
  int32_t *to = NULL;
  void *ids = NULL;
  int64_t n = 0;
  mg_status status = MG_NEW(to, atoms->n);
  for (int32_t i = 0; status == MG_OK && i < atoms->n; i++)
    to[i] = (int32_t)(atoms->id[i] % comm->size);
  status = mg_agree(comm, status);
  if (status == MG_OK)
    status = mg_exchange(comm, atoms->n, to, sizeof *atoms->id, atoms->id, &ids, &n);
  if (status == MG_OK) status = mg_agree(comm, check_sorted(path, n, ids));
  mg_free(to);
  mg_free(ids);
  return status;
}

/* The lines of a frame, parsed, on all ranks. */
static mg_status read_atoms(mg_reader *reader, head *h, mg_frame *frame) {
  const mg_comm *comm = reader->comm;
  *frame = h->frame;
  mg_share share = {
      .name = reader->path, .layout = &h->layout, .options = &reader->options, .frame = frame};
  mg_status status = mg_share_start(&share);
  if (status == MG_OK) status = mg_atoms_reserve(&frame->atoms, 1);
  MG_TRY(mg_agree(comm, status));
  status = comm->rank == 0 ? hand_out(reader, h->n, &share) : take_in(reader, &share);
  MG_TRY(agree_by_line(comm, status, share.failed_line));
  MG_TRY(resolve(reader, &share));
  mg_frame_take_reference(frame);
  MG_TRY(check_unique(comm, reader->path, &frame->atoms));
  MG_TRY(mg_agree(comm, mg_frame_finish(reader->path, frame)));
  frame->atoms.n_global = h->n;
  frame->atoms.max_id = mg_max_all(comm, frame->atoms.max_id);
  return MG_OK;
}

static mg_status next_text(mg_reader *reader, mg_frame *frame, bool *found) {
  head h;
  memset(&h, 0, sizeof h);
  mg_frame_init(&h.frame);
  MG_TRY(mg_agree(reader->comm, read_head(reader, &h)));
  mg_broadcast(reader->comm, &h, sizeof h, 0);
  *found = h.found;
  return h.found ? read_atoms(reader, &h, frame) : MG_OK;
}

mg_status mg_reader_next(mg_reader *reader, mg_frame *frame, bool *found) {
  mg_frame_init(frame);
  *found = false;
  if (reader->done) return MG_OK;
  mg_status status;
  if (reader->head) {
    status = next_text(reader, frame, found);
  } else {
    *found = reader->done = true;
    status = reader->format == MG_FORMAT_H5
                 ? mg_frame_read_h5(reader->comm, reader->path, &reader->options, frame)
                 : mg_frame_read_data(reader->comm, reader->path, reader->options.species, frame);
  }
  if (!mg_read_wants(&reader->options, "reference_position")) frame->has_reference = false;
  for (int k = 0; k < frame->species.n; k++)
    if (frame->species.mass[k] == 0)
      frame->species.mass[k] = fmax(0, mg_element_mass(frame->species.symbol[k]));
  if (status != MG_OK || !*found) {
    mg_frame_clear(frame);
    reader->done = true;
  }
  return status;
}

/* Local: the next lines of a frame of @p n atoms, of which @p done have passed. */
static mg_status next_block(mg_reader *reader, int64_t n, int64_t done, int64_t *now,
                            mg_word *block) {
  *now = mg_scan_block(&reader->scan, n - done, block);
  if (*now > 0) return MG_OK;
  return source_status(reader,
                       mg_scan_fail(&reader->scan, "the file ends after %lld of %lld atoms",
                                    (long long)done, (long long)n));
}

/* Local, on rank 0: pass over one frame without a look at its atoms. */
static mg_status pass_over(mg_reader *reader, bool *found, head *h) {
  memset(h, 0, sizeof *h);
  mg_frame_init(&h->frame);
  MG_TRY(read_head(reader, h));
  *found = h->found;
  if (!h->found) return MG_OK;
  mg_word block;
  for (int64_t done = 0, now; done < h->n; done += now) {
    MG_TRY(next_block(reader, h->n, done, &now, &block));
  }
  return MG_OK;
}

mg_status mg_reader_skip(mg_reader *reader, int64_t most, int64_t *passed) {
  mg_status status = MG_OK;
  bool found = true;
  head h;
  *passed = 0;
  if (!reader->head) {
    *passed = most > 0 && !reader->done;
    reader->done = reader->done || most > 0;
    return MG_OK;
  }
  while (reader->comm->rank == 0 && status == MG_OK && *passed < most && found) {
    status = pass_over(reader, &found, &h);
    *passed += status == MG_OK && found;
  }
  status = mg_agree(reader->comm, status);
  mg_broadcast(reader->comm, passed, sizeof *passed, 0);
  return status;
}

/* Local, on rank 0. */
static mg_status name_fields(mg_reader *reader, mg_text *names) {
  const mg_names *only = reader->options.only;
  size_t found = 0;
  bool more = true;
  if (reader->format == MG_FORMAT_H5)
    return mg_h5_name_fields(reader->path, &reader->options, names);
  while (reader->head && more && found < (only ? (size_t)only->n : 1)) {
    head h;
    MG_TRY(pass_over(reader, &more, &h));
    for (int k = 0; k < h.layout.n_fields; k++) mg_names_add(names, h.layout.field[k].name);
    found = only ? 0 : 1;
    for (size_t at = 0; only && at < names->length; at += strlen(names->data + at) + 1) found++;
  }
  return names->status;
}

mg_status mg_reader_fields(mg_reader *reader, mg_text *names) {
  return mg_agree(reader->comm, reader->comm->rank == 0 ? name_fields(reader, names) : MG_OK);
}

/* Local: the frame that a head announces, read by this rank alone. */
static mg_status read_alone(mg_reader *reader, head *h, mg_frame *frame) {
  *frame = h->frame;
  const mg_species masses = frame->species;
  int32_t element[MG_ATOM_KINDS];
  mg_frame_row *index = NULL;
  mg_share share = {
      .name = reader->path, .layout = &h->layout, .options = &reader->options, .frame = frame};
  MG_TRY(mg_share_start(&share));
  MG_TRY(mg_atoms_reserve(&frame->atoms, 1));
  mg_word block;
  for (int64_t done = 0, now; done < h->n; done += now) {
    MG_TRY(next_block(reader, h->n, done, &now, &block));
    MG_TRY(mg_share_add(&share, block, done, reader->scan.line - now + 1));
  }
  MG_TRY(mg_kinds_resolve(reader->path, &reader->options, &masses, share.n_kinds, share.kind,
                          &frame->species, element));
  MG_TRY(mg_frame_index(reader->path, &frame->atoms, &index));
  mg_free(index);
  return mg_frame_finish(reader->path, frame);
}

/* Local: pass over the frames before @p number, read it, and count those behind it. */
static mg_status peek_at(mg_reader *reader, int64_t number, mg_frame *frame, int64_t *n) {
  bool found = true;
  head h;
  for (*n = 0; found; ++*n) {
    if (*n != number) {
      MG_TRY(pass_over(reader, &found, &h));
    } else {
      memset(&h, 0, sizeof h);
      mg_frame_init(&h.frame);
      MG_TRY(read_head(reader, &h));
      found = h.found;
      if (found) MG_TRY(read_alone(reader, &h, frame));
    }
  }
  --*n;
  return MG_OK;
}

mg_status mg_frame_peek_at(const char *path, const mg_names *species, int64_t number,
                           mg_frame_header *header, int64_t *n) {
  const mg_comm alone = {.rank = 0, .size = 1};
  mg_frame frame;
  mg_status status = MG_OK;
  mg_format format;
  memset(header, 0, sizeof *header);
  mg_frame_init(&frame);
  *n = 1;
  MG_TRY(mg_frame_find_format(path, &format));
  const bool text = format == MG_FORMAT_XYZ || format == MG_FORMAT_LAMMPS_DUMP;
  if (!text) status = mg_frame_peek(path, species, header);
  /* from the end: counted first */
  for (int pass = number < 0 ? 0 : 1; text && pass < 2 && status == MG_OK; pass++) {
    mg_reader reader = {.comm = &alone, .options = {.species = species}, .format = format};
    reader.head = format == MG_FORMAT_XYZ ? mg_head_xyz : mg_head_dump;
    mg_str_copy(reader.path, sizeof reader.path, path);
    status = open_text(&reader);
    if (status == MG_OK) status = peek_at(&reader, pass == 0 ? -1 : number, &frame, n);
    if (pass == 0) number += *n;
    if (reader.file) fclose(reader.file);
    mg_free(reader.buffer);
  }
  if (status == MG_OK && (number < 0 || number >= *n) && !(!text && number == -1))
    status = mg_fail(MG_ERR_INPUT, "%s: there is no such configuration; valid: 0 to %lld, or -1 "
                     "for the last", path, (long long)*n - 1);
  if (status == MG_OK && text) *header = mg_frame_header_of(&frame);
  mg_frame_clear(&frame);
  return status;
}

mg_status mg_frame_read(const mg_comm *comm, const char *path, const mg_names *species,
                        mg_frame *frame) {
  const mg_read_options options = {.species = species};
  mg_reader *reader;
  bool found, more = false;
  mg_frame_init(frame);
  MG_TRY(mg_reader_open(comm, path, &options, &reader));
  mg_status status = mg_reader_next(reader, frame, &found);
  if (status == MG_OK && !found) status = mg_fail(MG_ERR_INPUT, "%s: the file is empty", path);
  if (status == MG_OK && reader->head) {
    more = mg_any(comm, comm->rank == 0 && at_frame(&reader->scan));
    if (more)
      status = mg_fail(MG_ERR_INPUT, "%s: more follows after the last atom; valid: a single frame",
                       path);
  }
  mg_reader_close(&reader);
  if (status != MG_OK) mg_frame_clear(frame);
  return status;
}
