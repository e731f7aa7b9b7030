/** Counter-based random numbers: pure functions of (seed, purpose, id, step), so that they do not
 *  depend on rank, order or history. Philox4x32-10 [Salmon, Moraes, Dror, Shaw, SC'11].
 */
#ifndef MGMD_BASE_RNG_H
#define MGMD_BASE_RNG_H

#include <stdint.h>

/** What a stream is for; streams of different purposes are independent. */
typedef enum mg_rng_purpose {
  MG_RNG_POSITION = 1,
  MG_RNG_SPECIES = 2,
  MG_RNG_VELOCITY = 3,
  MG_RNG_JITTER = 4
} mg_rng_purpose;

/** A stream: key and the position in it. */
typedef struct mg_rng {
  uint32_t key[2];
  uint32_t counter[4];
  uint32_t block[4];
  int used;
} mg_rng;

/** Start the stream of (seed, purpose, id, step). @p step must be below 2^32 x 2^16. */
void mg_rng_start(mg_rng *rng, uint64_t seed, mg_rng_purpose purpose, int64_t id, int64_t step);

uint64_t mg_rng_u64(mg_rng *rng);

/** Uniform in the open interval (0, 1), 53 bits. */
double mg_rng_uniform(mg_rng *rng);

/** Uniform integer in [0, n), n > 0, without bias. */
uint64_t mg_rng_below(mg_rng *rng, uint64_t n);

/** Standard normal deviate (Marsaglia's polar method; own logarithm, so equal bits everywhere). */
double mg_rng_normal(mg_rng *rng);

#endif
