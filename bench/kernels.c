/* Each force kernel alone, on a glass of the built-in potential or of a table with Cu and Zr: ns
 * per atom, and cycles per pair that carries the function. One process:
 *
 *   build/bench/kernels [atoms] [temperature in K] [rounds] [FILE.eam.fs]
 *
 * Clocks of shared machines drift, so kernels take turns and the median of the rounds is shown with
 * the minimum. The processor's clock is measured in every round by a chain of dependent additions,
 * one cycle each; a time stamp counter may run at another rate. */
#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/comm/mpi.h"
#include "mgmd/dynamics/minimize.h"
#include "mgmd/dynamics/motion.h"
#include "mgmd/dynamics/velocity.h"
#include "mgmd/io/file.h"
#include "mgmd/state/build.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_KERNELS = 8, MOST_ROUNDS = 99, WARM_STEPS = 300, MOST_BYTES = 1 << 28 };

/* What is measured of one kernel. */
enum { DENSITY, FORCE, OBSERVE, LIST, PARTS };
static const char *const part_name[PARTS] = {"density", "force", "observe", "list"};

typedef struct record {
  double time[PARTS][MOST_ROUNDS]; /* ns per atom */
} record;

static void need(mg_status status) {
  if (status == MG_OK) return;
  fprintf(stderr, "bench: %s\n", mg_error_text());
  exit(1);
}

static void fill(mg_sim *sim, int64_t n, double temperature) {
  const double edge = cbrt((double)n / (temperature > 1000 ? 0.0555 : 0.0615));
  mg_build_spec spec = {.composition = {.n = 2, .fraction = {0.64, 0.36}},
                        .species = {0, 1},
                        .n_atoms = n,
                        .box = {edge, edge, edge},
                        .min_distance = 2.0,
                        .seed = 1};
  strcpy(spec.composition.symbol[0], "Cu");
  strcpy(spec.composition.symbol[1], "Zr");
  need(mg_build_random(&spec, 0, 1, &sim->box, &sim->atoms));
}

/* Random atoms, relaxed, then thermostatted: a glass or melt as young as 0.6 ps. */
static void settle(mg_sim *sim, double temperature) {
  need(mg_sim_frame(sim, temperature));
  need(mg_sim_evaluate(sim));
  const mg_minimize_spec relax = {.force_tolerance = 0.1, .most_move = 0.1, .most_steps = 100};
  mg_minimize_result result;
  need(mg_minimize(sim, &relax, &result));
  need(mg_velocity_draw(sim, temperature));
  mg_motion motion;
  mg_motion_init(&motion);
  motion.thermostat = true;
  motion.temperature = (mg_ramp){temperature, temperature};
  motion.tau_T = 0.05;
  motion.start_step = sim->step;
  motion.n_steps = WARM_STEPS;
  mg_motion_begin(&motion, sim);
  need(mg_advance(sim, &motion, NULL, NULL));
  mg_motion_end(&motion, sim);
  need(mg_sim_rebuild(sim));
  need(mg_sim_evaluate(sim));
}

/* ns of one processor cycle. */
static double cycle(void) {
  enum { CHAIN = 4000000 };
  uint64_t x = 1;
  const double began = mg_clock();
  for (int k = 0; k < CHAIN / 8; k++) {
    x += 1; /* the barriers keep eight additions eight additions */
    for (int i = 0; i < 7; i++) {
      __asm__ volatile("" : "+r"(x));
      x += 1;
    }
    __asm__ volatile("" : "+r"(x));
  }
  return (mg_clock() - began) / CHAIN * 1e9;
}

typedef struct bench {
  mg_sim *sim;
  mg_kernel_task task;
  mg_nlist list; /* of the kernel's own making */
  double *energy, (*stress)[6], (*f)[3];
} bench;

static double run_part(bench *b, const mg_kernel *kernel, int part) {
  const mg_force *force = &b->sim->force;
  const int32_t n = b->task.n_local;
  double most_rho = 0;
  mg_xsum virial[3] = {{0}};
  const double began = mg_clock();
  switch (part) {
  case DENSITY: kernel->density(&b->task, 0, n, NULL, &most_rho); break;
  case FORCE: kernel->force(&b->task, 0, n, b->f, virial); break;
  case OBSERVE: kernel->observe(&b->task, b->energy, b->stress); break;
  case LIST:
    need(mg_nlist_build(&b->list, &force->cells, &force->grid, &force->radii, b->sim->atoms.n,
                        force->n_all, (const double(*)[4])force->q, force->species, kernel->list));
  }
  return (mg_clock() - began) * 1e9 / b->sim->atoms.n;
}

/* F' of the ghosts, which density() leaves to the halo. */
static void finish_density(bench *b) {
  mg_halo_start_scalar(&b->sim->force.halo, b->sim->comm, b->sim->force.q);
  mg_halo_finish_scalar(&b->sim->force.halo, b->sim->comm, b->sim->force.q);
}

static void run_kernel(bench *b, const mg_kernel *kernel, record *r, int round) {
  void *tables;
  need(kernel->prepare(b->sim->potential, &tables));
  b->task.tables = tables;
  for (int part = 0; part < PARTS; part++) {
    r->time[part][round] = run_part(b, kernel, part);
    if (part == DENSITY) finish_density(b);
  }
  mg_free(tables);
}

static bool usable(const bench *b, const mg_kernel *kernel) {
  return kernel->available() && kernel->supports(b->sim->potential);
}

static int by_size(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Pairs per atom whose density, or whose force, is not zero. */
static void count_pairs(const bench *b, double *with_density, double *with_force) {
  const mg_force *force = &b->sim->force;
  const mg_nlist *list = &force->list;
  int64_t psi = 0, any = 0;
  for (int32_t i = 0; i < list->n; i++)
    for (int64_t k = list->first[i]; k < list->first[i + 1]; k++) {
      const int32_t j = list->entry[k];
      if (j == force->n_all) continue;
      const double *x = force->q[i], *y = force->q[j];
      const double r = sqrt((x[0] - y[0]) * (x[0] - y[0]) + (x[1] - y[1]) * (x[1] - y[1]) +
                            (x[2] - y[2]) * (x[2] - y[2]));
      const int a = force->species[i], c = force->species[j];
      const bool dense = r < mg_potential_psi_cutoff(b->sim->potential, a, c);
      psi += dense;
      any += dense || r < mg_potential_phi_cutoff(b->sim->potential, a, c);
    }
  *with_density = (double)psi / list->n;
  *with_force = (double)any / list->n;
}

static void show(const bench *b, record *records, int n_kernels, int rounds, double ns_per_cycle) {
  double with_density, with_force;
  count_pairs(b, &with_density, &with_force);
  const mg_nlist *list = &b->sim->force.list;
  printf("%d atoms, skin %.3g A, %.3g GHz; per atom: %.1f pairs with a density, %.1f with a force, "
         "%.1f listed, %.1f lanes\n\n",
         b->sim->atoms.n, b->sim->force.skin, 1 / ns_per_cycle, with_density, with_force,
         (double)list->n_pairs / list->n, (double)list->first[list->n] / list->n);
  printf("%-10s %-8s %10s %10s %16s\n", "kernel", "part", "ns/atom", "least", "cycles per pair");
  for (int k = 0, shown = 0; k < n_kernels; k++) {
    while (!usable(b, mg_kernels[shown])) shown++;
    for (int part = 0; part < PARTS; part++) {
      double *t = records[k].time[part];
      qsort(t, (size_t)rounds, sizeof *t, by_size);
      const double median = t[rounds / 2];
      printf("%-10s %-8s %10.1f %10.1f", mg_kernels[shown]->name, part_name[part], median, t[0]);
      if (part == DENSITY) printf(" %16.2f", median / ns_per_cycle / with_density);
      if (part == FORCE || part == OBSERVE) printf(" %16.2f", median / ns_per_cycle / with_force);
      printf("\n");
    }
    shown++;
  }
}

static void measure(bench *b, int rounds) {
  static record records[MOST_KERNELS];
  double *cycles;
  need(MG_NEW(cycles, rounds));
  int n = 0;
  for (int round = 0; round < rounds; round++) {
    n = 0;
    for (int k = 0; mg_kernels[k]; k++)
      if (usable(b, mg_kernels[k])) run_kernel(b, mg_kernels[k], &records[n++], round);
    cycles[round] = cycle();
  }
  qsort(cycles, (size_t)rounds, sizeof *cycles, by_size);
  show(b, records, n, rounds, cycles[rounds / 2]);
  mg_free(cycles);
}

static mg_potential *potential_of(const mg_comm *comm, const char *name) {
  char *text = NULL;
  size_t length = 0;
  mg_potential *potential;
  if (mg_potential_is_file(name)) need(mg_file_read_all(comm, name, MOST_BYTES, &text, &length));
  need(mg_potential_load(name, text, length, &potential));
  mg_free(text);
  return potential;
}

static double argument(int argc, char **argv, int k, double fallback, double most) {
  const double value = argc > k ? atof(argv[k]) : fallback;
  return value > 0 && value <= most ? value : fallback;
}

int main(int argc, char **argv) {
  mg_comm comm;
  need(mg_comm_open(&comm, &argc, &argv));
  const double atoms = argument(argc, argv, 1, 32000, 1e7);
  const double temperature = argument(argc, argv, 2, 50, 5000);
  const int rounds = (int)argument(argc, argv, 3, 9, MOST_ROUNDS);
  mg_potential *potential = potential_of(&comm, argc > 4 ? argv[4] : "cuzr-mendelev2007");
  mg_sim sim;
  need(mg_sim_init(&sim, &comm, potential, "auto"));
  sim.dt = 0.002;
  sim.seed = 1;
  fill(&sim, (int64_t)atoms, temperature);
  settle(&sim, temperature);
  bench b = {.sim = &sim};
  const mg_force *force = &sim.force;
  b.task = (mg_kernel_task){.potential = force->potential,
                            .list = &force->list,
                            .species = force->species,
                            .q = force->q,
                            .close = force->close,
                            .n_local = force->list.n};
  need(MG_NEW(b.energy, sim.atoms.n));
  need(MG_NEW(b.stress, sim.atoms.n));
  need(MG_NEW(b.f, sim.atoms.n));
  measure(&b, rounds);
  mg_free(b.energy);
  mg_free(b.stress);
  mg_free(b.f);
  mg_nlist_clear(&b.list);
  mg_sim_clear(&sim);
  mg_comm_close(&comm);
  return 0;
}
