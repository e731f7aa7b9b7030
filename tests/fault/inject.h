/** Faults on order, for tests.
 *
 *  The linker puts the functions of inject.c between the program and what can fail (the list is in
 *  the file `wrap`; ld --wrap): the n-th allocation or the n-th agreement then fails, once, or the
 *  n-th call that writes and all that write after it, as on a disk that has failed or is full.
 *  Program and library are the very objects that are shipped, which know nothing of this.
 *
 *  A program that never calls fault_arm() is armed by its environment,
 *
 *      MGMD_FAULT=alloc:17@2    the 17th allocation on rank 2; likewise write:3@0, agree:5@1
 *      MGMD_FAULT_REPORT=PATH   PATH.fired is made when it fails; at exit rank R writes to PATH.R
 *                               what it has counted, and how many blocks of memory are left
 */
#ifndef MGMD_TESTS_INJECT_H
#define MGMD_TESTS_INJECT_H

#include <stdbool.h>

typedef enum fault_kind { FAULT_ALLOC, FAULT_WRITE, FAULT_AGREE, FAULT_KINDS } fault_kind;

/** Their names in MGMD_FAULT. */
extern const char *const fault_names[FAULT_KINDS];

/** Count from 0 again; the @p n -th (from 1) of @p kind on this rank fails. n = 0: none does. */
void fault_arm(fault_kind kind, long n);

/** Calls since arming. */
long fault_count(fault_kind kind);

/** Has it failed? */
bool fault_fired(void);

#endif
