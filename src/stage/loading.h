/** Bookkeeping of loading and unloading: the reference, the stress-strain curve, running means.
 *  Private to stage. Everything is computed from globally reduced numbers, alike on every rank. */
#ifndef MGMD_SRC_STAGE_LOADING_H
#define MGMD_SRC_STAGE_LOADING_H

#include "drive.h"
#include "mgmd/io/frame.h"

/** A mean over the last `length` values. */
typedef struct mg_average {
  mg_vector ring; /* the last values; its length is that of the mean */
  int64_t n;      /* values so far */
} mg_average;

/** Rows for a mean in @p member of a struct. */
#define MG_AVERAGE_RECORDS(name, type, member, unit)                                               \
  MG_RECORD(name "_window", VECTOR, 1, type, member.ring, unit),                                   \
      MG_RECORD_IN(name "_count", INT64, 1, type, member.n, NULL, 0, 1e18)

mg_status mg_average_begin(mg_average *average, int64_t length);
void mg_average_add(mg_average *average, double value);
bool mg_average_full(const mg_average *average);
double mg_average_value(const mg_average *average);

/** The stress-strain curve while it is made. */
typedef struct mg_loading {
  mg_average stress;         /* over 0.1 % of strain [GPa] */
  double n, x, y, xx, xy;    /* sums of the regression up to 1 % of strain */
} mg_loading;

extern const mg_record mg_loading_records[]; /* into mg_loading */

mg_status mg_loading_begin(mg_loading *loading, const mg_run *run, const mg_motion *motion);
bool mg_loading_step(void *loading, mg_run *run, mg_motion *motion); /* an mg_step_hook */
void mg_loading_end(mg_loading *loading, mg_run *run);

/** The present state becomes the reference of strain and of the specimen's lengths. Collective. */
mg_status mg_loading_set_reference(mg_run *run);

/** The reference that came with a file; rows as sim.atoms. Collective. */
mg_status mg_loading_restore_reference(mg_run *run, const mg_frame *frame);

/** Mean strain from step `from` on. */
typedef struct mg_rest {
  int64_t from, n;
  double sum;
} mg_rest;

/** Rows for a mg_rest in @p member of a struct. */
#define MG_REST_RECORDS(type, member)                                                              \
  MG_RECORD("rest_from", INT64, 1, type, member.from, NULL),                                       \
      MG_RECORD_IN("rest_count", INT64, 1, type, member.n, NULL, 0, 1e18),                         \
      MG_RECORD("rest_sum", REAL, 1, type, member.sum, NULL)

bool mg_rest_step(void *rest, mg_run *run, mg_motion *motion); /* an mg_step_hook */

#endif
