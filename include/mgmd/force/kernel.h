/** Force kernels: one interface, several instruction sequences.
 *
 *  A kernel knows arrays only. All kernels evaluate the same functions and agree to rounding; each
 *  has the same bits on any number of ranks, because lists, lanes and summation order are the same.
 *  The level used is the best that all ranks have.
 */
#ifndef MGMD_FORCE_KERNEL_H
#define MGMD_FORCE_KERNEL_H

#include "mgmd/base/xsum.h"
#include "mgmd/force/nlist.h"
#include "mgmd/potential/potential.h"

typedef struct mg_kernel_task {
  const mg_potential *potential;
  const void *tables; /**< what the kernel's prepare made */
  const mg_nlist *list;
  const int32_t *species; /**< packed */
  double (*q)[4];         /**< packed x y z, and F' as fourth; the dummy stands far outside */
  uint8_t *close;         /**< [n_local] a kernel's own note, from density() to force() */
  int32_t n_local;
} mg_kernel_task;

typedef struct mg_kernel {
  const char *name;
  const char *summary;
  int level; /**< higher is preferred */
  /** True when this processor can run it (and it was compiled in). */
  bool (*available)(void);
  /** True when it can evaluate this potential. */
  bool (*supports)(const mg_potential *potential);
  /** Build its tables; *tables released with mg_free. Not collective. */
  mg_status (*prepare)(const mg_potential *potential, void **tables);
  /** Density of own atoms begin..end-1, then q[i][3] = F'(rho_i). Needs the positions of their
   *  neighbours. An atom's result does not depend on the range.
   *  @param[out]    rho       [n_local], or NULL
   *  @param[in,out] most_rho  the largest rho / rho_max seen */
  void (*density)(const mg_kernel_task *task, int32_t begin, int32_t end, double *rho,
                  double *most_rho);
  /** Forces on own atoms begin..end-1, and their diagonal virial added to the exact sums:
   *  -1/2 sum_j g d_a^2 / r per atom (V P_aa without its kinetic part).
   *  Needs F' of the neighbours. An atom's result does not depend on the range. */
  void (*force)(const mg_kernel_task *task, int32_t begin, int32_t end, double (*f)[3],
                mg_xsum virial[3]);
  /** Per-atom energy e_i = F(rho_i) + 1/2 sum phi and stress (volume times stress, tension > 0,
   *  potential part: 1/2 sum_j d_a g d_b / r; xx yy zz xy xz yz), apart from the forces, so that
   *  output cannot change a trajectory. Needs what density() left, with F' of the ghosts.
   *  @param[out] energy  [n_local] eV  @param[out] stress  [n_local][6] eV; either may be NULL */
  void (*observe)(const mg_kernel_task *task, double *energy, double (*stress)[6]);
  const mg_list_method *list; /**< how lists are built; all give the same */
} mg_kernel;

extern const mg_kernel mg_kernel_reference;
extern const mg_kernel mg_kernel_avx2;
extern const mg_kernel mg_kernel_avx512;

/** All kernels, best first, NULL-terminated. */
extern const mg_kernel *const mg_kernels[];

/** The kernel of this name, or for "auto" the best that is available here and supports the
 *  potential, restricted to level <= @p most_level. NULL with the record set when there is none.
 *  Not collective (force.c agrees over ranks). */
const mg_kernel *mg_kernel_choose(const char *name, const mg_potential *potential, int most_level);

#endif
