/* What the formats have in common, which of them a file is, its header, and LAMMPS data files:
 * read and parsed by rank 0 and dealt out in equal shares (the others: reader.c).
 */
#include "frame_rows.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/io/file.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void mg_frame_init(mg_frame *frame) {
  memset(frame, 0, sizeof *frame);
  mg_sample_init(&frame->sample);
}

static void story_clear(mg_frame_story *story) {
  mg_free(story->title);
  mg_free(story->stage);
  mg_free(story->input);
  mg_free(story->provenance);
  mg_free(story->observables);
  for (int k = 0; k < story->n_arrays; k++) mg_free(story->arrays[k].data);
  mg_free(story->arrays);
}

void mg_frame_clear(mg_frame *frame) {
  mg_atoms_clear(&frame->atoms);
  mg_free(frame->reference);
  for (int k = 0; k < frame->n_fields; k++) mg_free(frame->fields[k].data);
  mg_free(frame->fields);
  story_clear(&frame->story);
  memset(frame, 0, sizeof *frame);
}

mg_format mg_format_of_name(const char *path) {
  static const struct {
    const char *suffix;
    mg_format format;
  } known[] = {{".h5", MG_FORMAT_H5},
               {".hdf5", MG_FORMAT_H5},
               {".data", MG_FORMAT_LAMMPS_DATA},
               {".lmp", MG_FORMAT_LAMMPS_DATA},
               {".dump", MG_FORMAT_LAMMPS_DUMP},
               {".lammpstrj", MG_FORMAT_LAMMPS_DUMP},
               {".xyz", MG_FORMAT_XYZ},
               {".extxyz", MG_FORMAT_XYZ}};
  for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
    if (mg_path_has_suffix(path, known[k].suffix)) return known[k].format;
  return MG_FORMAT_NONE;
}

mg_format mg_format_of_text(const char *name, const char *text, size_t length) {
  static const char signature[] = "\x89HDF\r\n\x1a\n";
  if (length >= 8 && memcmp(text, signature, 8) == 0) return MG_FORMAT_H5;
  mg_scan scan = {.name = name, .text = text, .length = length};
  mg_word line, words[2];
  int64_t number;
  while (scan.line < 64 && mg_scan_line(&scan, &line)) {
    const int n = mg_scan_words(line, true, 2, words);
    if (scan.line == 1 && n == 1 && mg_scan_int(words[0], &number)) return MG_FORMAT_XYZ;
    if (scan.line == 1 && n == 2 && mg_scan_is(words[0], "ITEM:")) return MG_FORMAT_LAMMPS_DUMP;
    if (n == 2 && mg_scan_int(words[0], &number) && mg_scan_is(words[1], "atoms"))
      return MG_FORMAT_LAMMPS_DATA;
  }
  return mg_format_of_name(name);
}

int mg_frame_element(mg_species *species, mg_word word) {
  char symbol[MG_SYMBOL];
  if (word.length == 0 || word.length >= MG_SYMBOL || !isalpha((unsigned char)word.at[0]))
    return -1;
  for (size_t k = 0; k < word.length; k++)
    if (!isalnum((unsigned char)word.at[k])) return -1;
  memcpy(symbol, word.at, word.length);
  symbol[word.length] = '\0';
  const int known = mg_species_index(species, symbol);
  if (known >= 0 || species->n == MG_MAX_SPECIES) return known;
  mg_str_copy(species->symbol[species->n], MG_SYMBOL, symbol);
  return species->n++;
}

static int by_id(const void *a, const void *b) {
  const int64_t x = ((const mg_frame_row *)a)->id, y = ((const mg_frame_row *)b)->id;
  return (x > y) - (x < y);
}

mg_status mg_frame_index(const char *name, const mg_atoms *atoms, mg_frame_row **index) {
  mg_frame_row *rows;
  MG_TRY(MG_NEW(rows, atoms->n));
  bool sorted = true;
  for (int32_t k = 0; k < atoms->n; k++) {
    rows[k] = (mg_frame_row){atoms->id[k], k};
    if (k > 0 && rows[k].id < rows[k - 1].id) sorted = false;
  }
  if (!sorted) qsort(rows, (size_t)atoms->n, sizeof *rows, by_id);
  for (int32_t k = 1; k < atoms->n; k++)
    if (rows[k].id == rows[k - 1].id) {
      const long long id = (long long)rows[k].id;
      mg_free(rows);
      return mg_fail(MG_ERR_INPUT, "%s: the atom id %lld occurs twice; valid: ids that differ",
                     name, id);
    }
  *index = rows;
  return MG_OK;
}

int64_t mg_frame_find(const mg_frame_row *index, int64_t n, int64_t id) {
  int64_t low = 0, high = n;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (index[middle].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low < n && index[low].id == id ? index[low].row : -1;
}

/* A million cells away is no simulation's position, and images would no longer be exact. An atom
 * that is on a face but for rounding stays there: its axis may be open in truth, where the other
 * face is far away, and be opened later. */
bool mg_frame_wrap(const mg_box *box, double x[3], int32_t image[3]) {
  static const double rounding = 1e-9;
  for (int a = 0; a < 3; a++) {
    const double lo = box->lo[a], hi = lo + box->length[a], near = rounding * box->length[a];
    if (!(fabs(x[a] - lo) <= 1e6 * box->length[a])) return false;
    if (!box->periodic[a])
      image[a] = 0;
    else if (x[a] >= hi && x[a] <= hi + near)
      x[a] = nextafter(hi, lo);
    else if (x[a] < lo && x[a] >= lo - near)
      x[a] = lo;
  }
  mg_box_wrap(box, x, image);
  return true;
}

mg_status mg_frame_finish(const char *name, mg_frame *frame) {
  mg_atoms *atoms = &frame->atoms;
  atoms->n_global = atoms->n;
  atoms->max_id = 0;
  for (int32_t i = 0; i < atoms->n; i++) {
    MG_REQUIRE(mg_frame_wrap(&frame->box, atoms->x[i], atoms->image[i]), MG_ERR_INPUT,
               "%s: atom %lld is more than a million cells away from the cell", name,
               (long long)atoms->id[i]);
    if (atoms->id[i] > atoms->max_id) atoms->max_id = atoms->id[i];
  }
  return MG_OK;
}

/* The first bytes of a regular file, by which its format is known. */
mg_status mg_frame_find_format(const char *path, mg_format *format) {
  enum { HEAD = 4096 };
  char head[HEAD];
  struct stat info;
  char *text;
  size_t length;
  if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
    return mg_file_read(path, 0, &text, &length) == MG_OK ? MG_ERR_INPUT : mg_error_code();
  FILE *file = fopen(path, "rb");
  if (!file) return mg_file_read(path, 0, &text, &length);
  length = fread(head, 1, HEAD, file);
  fclose(file);
  *format = mg_format_of_text(path, head, length);
  MG_REQUIRE(*format != MG_FORMAT_NONE, MG_ERR_INPUT,
             "%s: its format is not recognised; valid: mgmd HDF5 (.h5), LAMMPS data (.data), "
             "LAMMPS dump (.dump), extended XYZ (.xyz)",
             path);
  return MG_OK;
}

/* Local: a text file whole. */
static mg_status read_text(const char *path, mg_format format, const mg_names *species,
                           mg_frame *frame) {
  char *text;
  size_t length;
  MG_TRY(mg_file_read(path, MG_FRAME_TEXT_LIMIT, &text, &length));
  const mg_status status =
      format == MG_FORMAT_XYZ           ? mg_frame_parse_xyz(path, text, length, species, frame)
      : format == MG_FORMAT_LAMMPS_DUMP ? mg_frame_parse_dump(path, text, length, species, frame)
                                        : mg_frame_parse_lammps(path, text, length, species, frame);
  mg_free(text);
  return status;
}

/* Local: rank 0's atoms as records with their destinations, and room for what comes. */
static mg_status pack(const mg_comm *comm, const mg_atoms *atoms, char **records,
                      int32_t **destination) {
  const size_t size = mg_atoms_record_size(atoms, MG_FIELD_MIGRATE);
  MG_TRY(MG_NEW(*destination, atoms->n));
  *records = mg_calloc((size_t)atoms->n, size);
  if (!*records) return MG_ERR_MEMORY;
  for (int32_t i = 0; i < atoms->n; i++) {
    (*destination)[i] = (int32_t)((int64_t)i * comm->size / atoms->n);
    mg_atoms_pack(atoms, i, MG_FIELD_MIGRATE, *records + (size_t)i * size);
  }
  return MG_OK;
}

static mg_status unpack(const char *records, int64_t n, mg_atoms *atoms) {
  const size_t size = mg_atoms_record_size(atoms, MG_FIELD_MIGRATE);
  MG_TRY(mg_atoms_reserve(atoms, n > 0 ? n : 1));
  for (int32_t i = 0; i < n; i++)
    mg_atoms_unpack(atoms, i, MG_FIELD_MIGRATE, records + (size_t)i * size);
  atoms->n = (int32_t)n;
  return MG_OK;
}

/* Give every rank its share of what rank 0 has read. */
static mg_status deal_out(const mg_comm *comm, mg_frame *frame) {
  char *records = NULL;
  int32_t *destination = NULL;
  void *received = NULL;
  int64_t n = 0;
  mg_status status = mg_agree(comm, pack(comm, &frame->atoms, &records, &destination));
  if (status == MG_OK)
    status = mg_exchange(comm, frame->atoms.n, destination,
                         mg_atoms_record_size(&frame->atoms, MG_FIELD_MIGRATE), records, &received,
                         &n);
  mg_free(records);
  mg_free(destination);
  mg_frame head = *frame;
  head.atoms = (mg_atoms){.n_global = frame->atoms.n_global, .max_id = frame->atoms.max_id};
  mg_frame_clear(frame);
  mg_broadcast(comm, &head, sizeof head, 0);
  *frame = head;
  if (status == MG_OK) status = mg_agree(comm, unpack(received, n, &frame->atoms));
  mg_free(received);
  return status;
}

mg_status mg_frame_read_data(const mg_comm *comm, const char *path, const mg_names *species,
                             mg_frame *frame) {
  mg_status status = MG_OK;
  if (comm->rank == 0) status = read_text(path, MG_FORMAT_LAMMPS_DATA, species, frame);
  if (comm->rank == 0 && status == MG_OK && frame->species.n == 0)
    status = mg_fail(MG_ERR_INPUT, "%s: does not name its elements; add --species Cu,Zr", path);
  MG_TRY(mg_agree(comm, status));
  return deal_out(comm, frame);
}

mg_frame_header mg_frame_header_of(const mg_frame *frame) {
  return (mg_frame_header){.box = frame->box,
                           .n_atoms = frame->atoms.n_global,
                           .species = frame->species,
                           .has_velocity = frame->has_velocity,
                           .has_image = frame->has_image,
                           .step = frame->step,
                           .time = frame->time,
                           .sample = frame->sample};
}

mg_status mg_frame_peek(const char *path, const mg_names *species, mg_frame_header *header) {
  mg_format format;
  mg_frame frame;
  memset(header, 0, sizeof *header);
  MG_TRY(mg_frame_find_format(path, &format));
  if (format == MG_FORMAT_H5) return mg_frame_peek_h5(path, header);
  MG_TRY(read_text(path, format, species, &frame));
  *header = mg_frame_header_of(&frame);
  mg_frame_clear(&frame);
  return MG_OK;
}
