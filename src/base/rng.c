#include "mgmd/base/rng.h"
#include "mgmd/base/fmath.h"

#include <math.h>

static void philox(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4]) {
  uint32_t k0 = key[0], k1 = key[1];
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = (uint64_t)0xD2511F53u * c0;
    const uint64_t p1 = (uint64_t)0xCD9E8D57u * c2;
    const uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    const uint32_t n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c0 = n0, c1 = (uint32_t)p1, c2 = n2, c3 = (uint32_t)p0;
    k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
  }
  out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

void mg_rng_start(mg_rng *rng, uint64_t seed, mg_rng_purpose purpose, int64_t id, int64_t step) {
  /* counter: id (64 bits), step (low 32 bits), then 16 bits of draw number beside the step's high
   * bits; the purpose is mixed into the key */
  rng->key[0] = (uint32_t)seed;
  rng->key[1] = (uint32_t)(seed >> 32) ^ ((uint32_t)purpose * 0x9E3779B1u);
  rng->counter[0] = (uint32_t)(uint64_t)id;
  rng->counter[1] = (uint32_t)((uint64_t)id >> 32);
  rng->counter[2] = (uint32_t)(uint64_t)step;
  rng->counter[3] = (uint32_t)((uint64_t)step >> 32) << 16;
  rng->used = 4;
}

static uint32_t next32(mg_rng *rng) {
  if (rng->used == 4) {
    philox(rng->key, rng->counter, rng->block);
    rng->counter[3]++;
    rng->used = 0;
  }
  return rng->block[rng->used++];
}

uint64_t mg_rng_u64(mg_rng *rng) {
  const uint64_t low = next32(rng);
  return low | (uint64_t)next32(rng) << 32;
}

double mg_rng_uniform(mg_rng *rng) { return ((double)(mg_rng_u64(rng) >> 12) + 0.5) * 0x1p-52; }

uint64_t mg_rng_below(mg_rng *rng, uint64_t n) {
  const uint64_t limit = UINT64_MAX - UINT64_MAX % n;
  uint64_t x;
  do x = mg_rng_u64(rng);
  while (x >= limit);
  return x % n;
}

double mg_rng_normal(mg_rng *rng) {
  double a, b, s;
  do {
    a = 2 * mg_rng_uniform(rng) - 1;
    b = 2 * mg_rng_uniform(rng) - 1;
    s = a * a + b * b;
  } while (s >= 1 || s == 0);
  return a * sqrt(-2 * mg_log1(s) / s);
}
