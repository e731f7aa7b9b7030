/* Claim: a melt cooled quickly gives the Cu64Zr36 glass of this potential: its density, energy and
 * nearest-neighbour distances.
 *
 * Numbers at 300 K: 61.5 atoms/nm^3 and first peaks of g(r) at 2.58 (Cu-Cu), 2.84 (Cu-Zr) and
 * 3.19 A (Zr-Zr) for 2048 atoms quenched at 1e13 K/s, -4.370 eV/atom for 864 atoms cooled in 30 ps,
 * both by other programs with this potential. Here 500 atoms are cooled at 1e14 K/s.
 */
#include "engine_sample.h"

enum { N_ATOMS = 500, BINS = 100 };
static const double WIDTH = 0.04; /* A */

static mg_sim sim;
static double count[3][BINS], volume, energy; /* sums over what was seen */
static int n_seen;

static void begin(void) { engine_start(&sim, &mpi_world, "auto"); }
static void end(void) { mg_sim_clear(&sim); }

/* Pairs Cu-Cu, Cu-Zr, Zr-Zr by minimum image, up to 4 A. */
static void count_pairs(void) {
  const mg_atoms *atoms = &sim.atoms;
  for (int32_t i = 0; i < atoms->n; i++)
    for (int32_t j = 0; j < i; j++) {
      double r2 = 0;
      for (int a = 0; a < 3; a++) {
        double d = atoms->x[i][a] - atoms->x[j][a];
        d -= rint(d / sim.box.length[a]) * sim.box.length[a];
        r2 += d * d;
      }
      const int bin = (int)(sqrt(r2) / WIDTH);
      if (bin < BINS) count[atoms->species[i] + atoms->species[j]][bin] += 1;
    }
}

static bool look(void *context, mg_sim *s, mg_motion *motion, mg_status *status) {
  (void)context;
  if (s->step % 10) return false;
  mg_thermo thermo;
  *status = mg_thermo_measure(s, motion, &thermo);
  energy += thermo.potential_energy / N_ATOMS;
  volume += mg_box_volume(&s->box) / N_ATOMS;
  count_pairs();
  n_seen++;
  return false;
}

static void go(double from, double to, int64_t n, mg_observer observer) {
  mg_motion motion = engine_motion(&sim, n);
  engine_thermostat(&motion, from, to, 0.1);
  engine_barostat(&motion, "xyz", true, 0.5);
  engine_frame(&sim, from);
  engine_run(&sim, &motion, observer, NULL);
}

/* Top of the first peak of g(r): a parabola through the five highest neighbouring bins [A]. */
static double peak(int kind) {
  double g[BINS];
  int top = 2;
  for (int k = 0; k < BINS; k++) {
    const double r = (k + 0.5) * WIDTH;
    g[k] = count[kind][k] / (r * r);
    if (k >= 2 && k < BINS - 2 && g[k] > g[top]) top = k;
  }
  /* least squares over offsets -2..2: slope and curvature */
  double slope = 0, curvature = 0;
  for (int m = -2; m <= 2; m++) {
    slope += m * g[top + m] / 10;
    curvature += (m * m - 2) * g[top + m] / 14;
  }
  return (top + 0.5 - slope / (2 * curvature)) * WIDTH;
}

START_TEST(quenched_glass) {
  engine_random(&sim, N_ATOMS, 1, 1, 1);
  engine_frame(&sim, 2000);
  engine_relax(&sim, "xyz", true, 1e-2, 200);
  ENGINE_OK(&sim, mg_velocity_draw(&sim, 2000));
  go(2000, 2000, 1000, NULL);
  go(2000, 300, 8500, NULL);
  go(300, 300, 500, NULL);
  go(300, 300, 1000, look);
  const double density = 1000 * n_seen / volume, cohesion = energy / n_seen;
  printf("glass: %.2f atoms/nm^3, %.3f eV/atom, peaks Cu-Cu %.3f Cu-Zr %.3f Zr-Zr %.3f A\n",
         density, cohesion, peak(0), peak(1), peak(2));
  ck_assert_double_eq_tol(density, 61.5, 1);
  ck_assert_double_eq_tol(cohesion, -4.37, 0.02);
  ck_assert_double_eq_tol(peak(0), 2.58, 0.05);
  ck_assert_double_eq_tol(peak(1), 2.84, 0.05);
  ck_assert_double_eq_tol(peak(2), 3.19, 0.05);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_checked_fixture(tests, begin, end);
  tcase_add_test(tests, quenched_glass);
}

MPI_CHECK_MAIN("glass", fill)
