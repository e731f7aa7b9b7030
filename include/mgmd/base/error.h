/** Status codes and the rank-local error record.
 *
 *  Three kinds of failure, one doctrine (docs/errors.md):
 *  - local functions never communicate; they return a status and fill the rank's record once, the
 *    first cause wins;
 *  - collective functions return the same status on every rank, by mg_agree() (comm/comm.h);
 *  - mg_die() is the last resort for a broken invariant.
 */
#ifndef MGMD_BASE_ERROR_H
#define MGMD_BASE_ERROR_H

#include <stdbool.h>

typedef enum mg_status {
  MG_OK = 0,
  MG_ERR_RUN,      /**< the run failed: physics, lost atoms, a goal not reached */
  MG_ERR_IO,       /**< a file could not be read or written */
  MG_ERR_MEMORY,   /**< an allocation failed */
  MG_ERR_INPUT,    /**< wrong usage or input */
  MG_ERR_INTERNAL, /**< a broken invariant */
  MG_STOPPED       /**< stopped early on purpose, a checkpoint continues it */
} mg_status;

enum { MG_ERROR_TEXT = 1024 };

/** Record a failure and return its code.
 *
 *  The first record on this rank stays until mg_error_clear(); later ones are dropped, so that the
 *  cause is reported and not its consequences. Text: impersonal, lower case, what / where / what
 *  would be valid; no newline.  Not collective.  */
mg_status mg_fail(mg_status code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** The record's code (MG_OK when empty) and text ("" when empty). */
mg_status mg_error_code(void);
const char *mg_error_text(void);

/** Replace the record, whatever it held. Used by mg_agree() to make it equal on all ranks. */
void mg_error_set(mg_status code, const char *text);
void mg_error_clear(void);

/** The process exit code for a status (SPEC section 3): 0, 1, 2, 3 or 85. */
int mg_exit_code(mg_status status);

/** Print a message once and abort the program with exit code 3. For broken invariants only. */
_Noreturn void mg_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Called by mg_die() instead of abort(); set by comm to MPI_Abort. */
void mg_die_handler(void (*handler)(int exit_code));

/** Return from the calling function when @p call fails. */
#define MG_TRY(call)                                                                               \
  do {                                                                                             \
    const mg_status mg_try_status_ = (call);                                                       \
    if (mg_try_status_ != MG_OK) return mg_try_status_;                                            \
  } while (0)

/** Record a failure and return when @p condition does not hold. */
#define MG_REQUIRE(condition, code, ...)                                                           \
  do {                                                                                             \
    if (!(condition)) return mg_fail((code), __VA_ARGS__);                                         \
  } while (0)

#endif
