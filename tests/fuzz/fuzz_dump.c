/* LAMMPS dump (io/frame_text.h). */
#include "fuzz_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return fuzz_frame(mg_frame_parse_dump, data, size);
}
