/* What there is to know about a potential: the built-in ones by name, a table by its path. Tables
 * and curves are for other programs and for the eye; runs use the exact functions. */

#include "mgmd/potential/fit.h"

#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/base/text.h"
#include "mgmd/cmd/args.h"
#include "mgmd/cmd/page.h"
#include "mgmd/io/commit.h"
#include "mgmd/io/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TABLE_POINTS = 10001, CURVE_POINTS = 1000, POINTS_LEAST = 5, POINTS_MOST = 1000000 };
static const size_t MOST_BYTES = (size_t)1 << 28; /* of a table to be read */

static const mg_option options[] = {
    {.name = "write",
     .argument = "FILE.eam.fs",
     .doc = "write a setfl table (eam/fs), as LAMMPS and other programs read it"},
    {.name = "curves",
     .argument = "FILE.csv",
     .doc = "write phi, psi and F with their slopes as a table; - is stdout"},
    {.name = "points",
     .argument = "NUMBER",
     .doc = "values per function; default 10001 for --write, 1000 for --curves"},
    {.name = "overwrite", .doc = "replace files that exist"},
    {0}};
static const char *const notes[] = {
    "Without a name it lists the built-in potentials, with a name alone it describes that one. "
    "NAME may also be the path of a table, `*.eam.fs` or `*.eam.alloy`.",
    NULL};
static const char *const examples[] = {
    "mgmd potential cuzr-mendelev2007", "mgmd potential cuzr-mendelev2007 --write cuzr.eam.fs",
    "mgmd potential cuzr-mendelev2007 --curves - > curves.csv", NULL};

static mg_status load(const mg_comm *comm, const char *name, mg_potential **potential) {
  char *text = NULL;
  size_t length = 0;
  if (mg_potential_is_file(name)) MG_TRY(mg_file_read_all(comm, name, MOST_BYTES, &text, &length));
  const mg_status status = mg_agree(comm, mg_potential_load(name, text, length, potential));
  mg_free(text);
  if (status != MG_OK) mg_potential_destroy(potential);
  return status;
}

/* How few polynomials stand for a table in vector kernels, and how well. */
static void describe_fit(const mg_potential *potential, mg_text *text) {
  const mg_fit *fit = mg_potential_fit(potential);
  const mg_species *species = mg_potential_species(potential);
  if (!fit) return;
  mg_text_append(text,
                 "as polynomials, for vector kernels:\n"
                 "  pair      pieces   from [A]  force error  with noise  energy error [eV]\n");
  for (int a = 0; a < species->n; a++)
    for (int b = a; b < species->n; b++) {
      const mg_fit_pair *of = mg_fit_pair_of(fit, a, b);
      char pair[2 * MG_SYMBOL + 2];
      snprintf(pair, sizeof pair, "%s-%s", species->symbol[a], species->symbol[b]);
      mg_text_append(text, "  %-9s %6d  %9.4g  %11.2g  %10.2g  %17.2g\n", pair, of->phi.n,
                     of->start, of->error.force, of->error.pointwise, of->error.energy);
    }
  if (!fit->good)
    mg_text_append(text, "  the reference kernel alone can run it: %s\n", fit->reason);
}

static void describe(const mg_potential *potential, mg_text *text) {
  const mg_species *species = mg_potential_species(potential);
  mg_text_append(text, "%s\n", mg_potential_name(potential));
  mg_text_append(text, "  species    mass [u]   density up to\n");
  for (int a = 0; a < species->n; a++)
    mg_text_append(text, "  %-9s %9.3f  %14g\n", species->symbol[a], species->mass[a],
                   mg_potential_rho_max(potential, a));
  mg_text_append(text, "  pair      phi up to [A]  psi up to [A]\n");
  for (int a = 0; a < species->n; a++) {
    for (int b = a; b < species->n; b++) {
      char pair[2 * MG_SYMBOL + 2];
      snprintf(pair, sizeof pair, "%s-%s", species->symbol[a], species->symbol[b]);
      mg_text_append(text, "  %-9s %13.4g  %13.4g\n", pair,
                     mg_potential_phi_cutoff(potential, a, b),
                     mg_potential_psi_cutoff(potential, a, b));
    }
  }
  mg_text_append(text, "  hash      %016" PRIx64 "\n", mg_potential_hash(potential));
  describe_fit(potential, text);
}

static mg_status list(const mg_comm *comm) {
  mg_page page = {.style = MG_PAGE_TEXT};
  mg_page_heading(&page, 1, "built-in potentials ('mgmd potential NAME' describes one):");
  for (int k = 0; mg_potential_builtin_names[k]; k++) {
    mg_potential *potential = mg_potential_builtin(mg_potential_builtin_names[k]);
    if (!potential) break; /* short of memory: the page or the record says so */
    char elements[MG_MAX_SPECIES * (MG_SYMBOL + 2)] = "";
    const mg_species *species = mg_potential_species(potential);
    for (int a = 0; a < species->n; a++)
      mg_str_append(elements, sizeof elements, "%s%s", a ? ", " : "", species->symbol[a]);
    mg_page_item(&page, 24, mg_potential_builtin_names[k], "%s; cutoff %.4g A", elements,
                 mg_potential_cutoff(potential));
    mg_potential_destroy(&potential);
  }
  MG_TRY(mg_agree(comm, mg_error_code()));
  return mg_page_print(&page, comm);
}

static void curve_embed(const mg_potential *potential, int a, int n, mg_text *text) {
  const double end = mg_potential_rho_max(potential, a);
  for (int k = 0; k < n; k++) {
    const double rho = end * k / (n - 1);
    double value, slope;
    mg_potential_embed(potential, a, rho, &value, &slope);
    mg_text_append(text, "F,%s,%.10g,%.17g,%.17g\n", mg_potential_species(potential)->symbol[a],
                   rho, value, slope);
  }
}

static void curve_pair(const mg_potential *potential, bool phi, int a, int b, int n,
                       mg_text *text) {
  const mg_species *species = mg_potential_species(potential);
  const double end = mg_potential_cutoff(potential);
  for (int k = 1; k <= n; k++) {
    const double r = end * k / n;
    double value, slope;
    (phi ? mg_potential_phi : mg_potential_psi)(potential, a, b, r, &value, &slope);
    mg_text_append(text, "%s,%s-%s,%.10g,%.17g,%.17g\n", phi ? "phi" : "psi", species->symbol[a],
                   species->symbol[b], r, value, slope);
  }
}

/* One long table, so that any number of species fits: function, species, x, value, slope. */
static void curves(const mg_potential *potential, int n, mg_text *text) {
  const int n_species = mg_potential_species(potential)->n;
  mg_text_append(text, "function,species,x,value,slope\n"
                       "# phi(r) psi(r) F(rho),,A A 1,eV 1 eV,eV/A 1/A eV\n");
  for (int a = 0; a < n_species; a++)
    for (int b = a; b < n_species; b++) curve_pair(potential, true, a, b, n, text);
  for (int a = 0; a < n_species; a++) /* psi_ab need not equal psi_ba */
    for (int b = 0; b < n_species; b++) curve_pair(potential, false, a, b, n, text);
  for (int a = 0; a < n_species; a++) curve_embed(potential, a, n, text);
}

static mg_status save(const char *path, const char *text, bool overwrite) {
  MG_REQUIRE(overwrite || access(path, F_OK) != 0, MG_ERR_INPUT,
             "%s exists; --overwrite replaces it", path);
  return mg_commit_text(path, text, strlen(text));
}

static mg_status write_table(const mg_potential *potential, const mg_call *call) {
  const char *path = mg_call_value(call, "write", NULL);
  int64_t n = TABLE_POINTS;
  MG_TRY(mg_call_integer(call, "points", POINTS_LEAST, POINTS_MOST, &n));
  MG_REQUIRE(mg_path_has_suffix(path, ".eam.fs"), MG_ERR_INPUT,
             "potential: --write: '%s' does not end in .eam.fs, by which the format is known",
             path);
  double rho_max = 0.0;
  for (int a = 0; a < mg_potential_species(potential)->n; a++)
    if (mg_potential_rho_max(potential, a) > rho_max) rho_max = mg_potential_rho_max(potential, a);
  char *text = NULL;
  MG_TRY(mg_potential_write_setfl(potential, (int)n, rho_max, (int)n, &text));
  const mg_status status = save(path, text, mg_call_has(call, "overwrite"));
  mg_free(text);
  if (status == MG_OK) mg_log("%s written", path);
  return status;
}

static mg_status write_curves(const mg_potential *potential, const mg_call *call) {
  const char *path = mg_call_value(call, "curves", NULL);
  int64_t n = CURVE_POINTS;
  MG_TRY(mg_call_integer(call, "points", POINTS_LEAST, POINTS_MOST, &n));
  mg_text text = {0};
  curves(potential, (int)n, &text);
  mg_status status = text.status;
  if (status == MG_OK && strcmp(path, "-") != 0) {
    status = save(path, text.data, mg_call_has(call, "overwrite"));
    if (status == MG_OK) mg_log("%s written", path);
  } else if (status == MG_OK && (fputs(text.data, stdout) < 0 || fflush(stdout) != 0)) {
    status = mg_fail(MG_ERR_IO, "stdout could not be written: %s", strerror(errno));
  }
  mg_text_clear(&text);
  return status;
}

static mg_status run(const mg_comm *comm, const mg_call *call) {
  const bool table = mg_call_has(call, "write"), plot = mg_call_has(call, "curves");
  if (call->n_words == 0) {
    MG_REQUIRE(!table && !plot, MG_ERR_INPUT,
               "potential: no name is given; 'mgmd potential' lists the built-in ones");
    return list(comm);
  }
  mg_potential *potential = NULL;
  MG_TRY(load(comm, call->word[0], &potential));
  mg_status status = MG_OK;
  if (comm->rank == 0 && table) status = write_table(potential, call);
  if (comm->rank == 0 && plot && status == MG_OK) status = write_curves(potential, call);
  status = mg_agree(comm, status);
  if (status == MG_OK && !table && !plot) {
    mg_page page = {.style = MG_PAGE_TEXT};
    describe(potential, &page.text);
    status = mg_page_print(&page, comm);
  }
  mg_potential_destroy(&potential);
  return status;
}

const mg_command mg_command_potential = {.name = "potential",
                                         .summary =
                                             "list or describe potentials, write tables and curves",
                                         .words = "[NAME]",
                                         .max_words = 1,
                                         .options = options,
                                         .notes = notes,
                                         .examples = examples,
                                         .run = run};
