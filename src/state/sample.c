#include "mgmd/state/sample.h"

#include <math.h>

void mg_sample_init(mg_sample *sample) {
  *sample = (mg_sample){.atomic_volume = NAN,
                        .notch_depth = 0,
                        .notch_height = 0,
                        .length0 = NAN,
                        .width0 = NAN,
                        .thickness0 = NAN,
                        .strain_rate = NAN,
                        .temperature = NAN,
                        .pressure = {NAN, NAN, NAN},
                        .face_gap0 = NAN};
}
