/** What the sample is as a specimen: the lengths that stress and strain refer to.
 *
 *  Set by `open`, `notch` and `compress`; saved with snapshots, so that a sample read back is
 *  loaded and unloaded on the same footing. NaN: not known (yet).
 */
#ifndef MGMD_STATE_SAMPLE_H
#define MGMD_STATE_SAMPLE_H

#include "mgmd/state/box.h"

typedef struct mg_sample {
  double atomic_volume; /**< volume per atom of the bulk, when last fully periodic [A^3] */
  double notch_depth;   /**< per face [A], 0 without a notch */
  double notch_height;  /**< along the load axis [A] */
  double length0;       /**< load-axis edge at the start of compress [A] */
  double width0;        /**< gross width along the free axis then [A] */
  double thickness0;    /**< thin-axis edge then [A] */
  double strain_rate;   /**< signed rate of the last compress [1/ps] */
  double temperature;   /**< at its end [K]; NaN without thermostat */
  double pressure[3];   /**< at which its relaxed axes were held [GPa]; NaN: not relaxed */
  double face_gap0;     /**< distance of the mean positions of its tagged face atoms [A] */
} mg_sample;

/** All unknown, no notch. */
void mg_sample_init(mg_sample *sample);

#endif
