/** The fuzz target of a reader of configurations held in memory: bytes that are accepted make a
 *  sound frame, all others are refused. */
#ifndef MGMD_TESTS_FUZZ_FRAME_H
#define MGMD_TESTS_FUZZ_FRAME_H

#include "fuzz.h"

#include "mgmd/io/frame_text.h"

#include <math.h>

typedef mg_status fuzz_frame_reader(const char *name, const char *text, size_t length,
                                    const mg_names *species, mg_frame *frame);

static inline void fuzz_require_atom(const mg_frame *frame, int32_t i) {
  const mg_atoms *atoms = &frame->atoms;
  const mg_box *box = &frame->box;
  fuzz_require(atoms->id[i] >= 1 && atoms->id[i] <= atoms->max_id, "ids are 1 to max_id");
  fuzz_require(atoms->species[i] >= 0, "a species is not negative");
  fuzz_require(frame->species.n == 0 || atoms->species[i] < frame->species.n, "it is in the table");
  for (int a = 0; a < 3; a++) {
    const double x = atoms->x[i][a];
    fuzz_require(isfinite(x) && isfinite(atoms->v[i][a]), "numbers are finite");
    if (box->periodic[a])
      fuzz_require(x >= box->lo[a] && x <= box->lo[a] + box->length[a], "atoms are in the cell");
    else
      fuzz_require(atoms->image[i][a] == 0, "there are no images on an open axis");
  }
}

static inline void fuzz_require_frame(const mg_frame *frame) {
  const mg_box *box = &frame->box;
  for (int a = 0; a < 3; a++)
    fuzz_require(isfinite(box->lo[a]) && box->length[a] > 0 && isfinite(box->length[a]),
                 "the cell is finite");
  fuzz_require(frame->species.n >= 0 && frame->species.n <= MG_MAX_SPECIES, "species fit");
  fuzz_require(frame->atoms.n >= 1 && frame->atoms.n_global == frame->atoms.n, "atoms are counted");
  for (int32_t i = 0; i < frame->atoms.n; i++) fuzz_require_atom(frame, i);
}

/** Read the bytes with and without names for the species. */
static inline int fuzz_frame(fuzz_frame_reader *read, const uint8_t *data, size_t size) {
  static const mg_names none = {0}, cu_zr = {2, {"Cu", "Zr"}};
  const char *text = (const char *)data;
  mg_format_of_text("f", text, size);
  for (int named = 0; named < 2; named++) {
    mg_frame frame;
    const mg_status status = read("f", text, size, named ? &cu_zr : &none, &frame);
    if (status == MG_OK)
      fuzz_require_frame(&frame);
    else
      fuzz_require_refusal(status, named ? NULL : "f:");
    fuzz_require(status == MG_OK || !frame.atoms.id, "a refused frame is empty");
    mg_frame_clear(&frame);
    mg_error_clear();
  }
  return fuzz_finish();
}

#endif
