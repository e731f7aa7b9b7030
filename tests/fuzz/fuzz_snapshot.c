/* mgmd's own snapshots: as a configuration, as what `mgmd info` describes and hashes, and as part
 * of a series for ParaView. */
#include "fuzz_h5.h"
#include "fuzz_frame.h"

#include "mgmd/io/frame_write.h"
#include "mgmd/io/info.h"
#include "mgmd/io/xdmf.h"

static const char *const attributes[] = {"/particles/all/box\0boundary",
                                         "/particles/all/box\0dimension",
                                         "/parameters/axes\0load",
                                         "/parameters/axes\0free",
                                         "/parameters/axes\0thin",
                                         "/h5md\0version",
                                         "/particles/all/position/value\0unit"};

static fuzz_template sound = {.attributes = attributes,
                              .n_attributes = sizeof attributes / sizeof attributes[0]};
static FILE *nowhere;

/* Eight atoms with everything that a frame can have. */
static void write_template(const char *path) {
  mg_frame frame = {.box = {{0, 0, -1}, {10, 20, 30}, {true, false, true}},
                    .species = {2, {"Cu", "Zr"}, {63.5, 91.2}},
                    .has_velocity = true,
                    .has_image = true,
                    .step = 5,
                    .time = 0.01};
  mg_sample_init(&frame.sample);
  fuzz_require(mg_atoms_reserve(&frame.atoms, 8) == MG_OK, "there is memory");
  frame.atoms.n = 8;
  for (int32_t i = 0; i < 8; i++) {
    frame.atoms.id[i] = i + 1;
    frame.atoms.species[i] = i % 2;
    for (int a = 0; a < 3; a++) frame.atoms.x[i][a] = i + 0.25 * a;
  }
  fuzz_require(mg_frame_write(&sound.comm, path, &frame) == MG_OK, "the template is written");
  mg_atoms_clear(&frame.atoms);
}

static void start(void) {
  char folder[] = "/tmp/mgmd-fuzz-XXXXXX", path[64];
  fuzz_start_mpi(&sound);
  fuzz_require(mkdtemp(folder) != NULL, "there is a place for the template");
  snprintf(path, sizeof path, "%s/sound.h5", folder);
  write_template(path);
  fuzz_template_load(&sound, path);
  unlink(path);
  rmdir(folder);
  nowhere = fopen("/dev/null", "w");
}

static void read_frame(void) {
  mg_frame_header header;
  mg_frame frame;
  const mg_status seen = mg_frame_peek(sound.path, NULL, &header);
  if (seen != MG_OK) fuzz_require_refusal(seen, sound.path);
  mg_error_clear();
  const mg_status status = mg_frame_read(&sound.comm, sound.path, NULL, &frame);
  if (status == MG_OK)
    fuzz_require_frame(&frame);
  else
    fuzz_require_refusal(status, sound.path);
  fuzz_require(status != MG_OK || seen == MG_OK, "what can be read can be looked at");
  mg_frame_clear(&frame);
}

/* The first order's last byte, which means nothing to it, chooses the reader: opening files is what
 * takes the time. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!sound.bytes) start();
  const int reader = size >= FUZZ_ORDER ? data[FUZZ_ORDER - 1] % 8 : 0;
  fuzz_make(&sound, data, size);
  mg_status status = MG_OK;
  mg_xdmf series = {0};
  if (reader < 4)
    read_frame();
  else if (reader == 4)
    status = mg_xdmf_add(&series, sound.path);
  else
    status = mg_info_file(sound.path, NULL, 0, reader == 5, nowhere);
  if (status != MG_OK) fuzz_require_refusal(status, sound.path);
  mg_xdmf_clear(&series);
  mg_error_clear();
  return fuzz_h5_finish();
}
