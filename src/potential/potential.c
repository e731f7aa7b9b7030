/* The potential as others see it: made by name, evaluated at any distance and density.
 *
 * Two variants behind one set of functions, told apart by which of two pointers is set; the branch
 * is always the same for a run and costs nothing. Function pointers would forbid inlining and gain
 * nothing for two cases.
 */
#include "fit_impl.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"

#include <math.h>
#include <string.h>

static const mg_form *const forms[] = {&mg_form_cuzr_mendelev2007};
enum { FORMS = sizeof forms / sizeof *forms };

const char *const mg_potential_builtin_names[] = {"cuzr-mendelev2007", NULL};

uint64_t mg_hash_bytes(uint64_t hash, const void *bytes, size_t n) {
  const unsigned char *byte = bytes;
  for (size_t k = 0; k < n; k++) hash = (hash ^ byte[k]) * UINT64_C(0x100000001b3);
  return hash;
}

static const mg_form *find_form(const char *name) {
  for (int k = 0; k < FORMS; k++)
    if (strcmp(forms[k]->name, name) == 0) return forms[k];
  return NULL;
}

static mg_status refuse_name(const char *name) {
  char known[256] = "";
  for (int k = 0; mg_potential_builtin_names[k]; k++)
    mg_str_append(known, sizeof known, "%s%s", k ? ", " : "", mg_potential_builtin_names[k]);
  const char *nearest = mg_str_nearest(name, mg_potential_builtin_names, FORMS);
  if (nearest)
    return mg_fail(MG_ERR_INPUT, "unknown potential '%s'; did you mean '%s'?", name, nearest);
  return mg_fail(MG_ERR_INPUT,
                 "unknown potential '%s'; expected %s, or a file named *.eam.fs or *.eam.alloy",
                 name, known);
}

mg_potential *mg_potential_builtin(const char *name) {
  const mg_form *form = find_form(name);
  if (!form) {
    refuse_name(name);
    return NULL;
  }
  mg_potential *potential;
  if (MG_NEW(potential, 1) != MG_OK) return NULL;
  mg_str_copy(potential->name, sizeof potential->name, name);
  if (mg_exact_create(form, potential) != MG_OK) mg_potential_destroy(&potential);
  return potential;
}

static bool ends_in(const char *name, const char *end) {
  const size_t n = strlen(name), m = strlen(end);
  return n > m && strcmp(name + n - m, end) == 0;
}

bool mg_potential_is_file(const char *name) {
  return ends_in(name, ".eam.fs") || ends_in(name, ".eam.alloy");
}

mg_status mg_potential_load(const char *name, const char *text, size_t length,
                            mg_potential **potential) {
  *potential = NULL;
  if (mg_potential_is_file(name)) {
    MG_REQUIRE(text, MG_ERR_INTERNAL, "%s: the potential's file was not read", name);
    MG_TRY(mg_potential_parse_setfl(name, text, length, ends_in(name, ".eam.fs"), potential));
    const mg_status status = mg_fit_make(*potential, &(*potential)->fit);
    if (status != MG_OK) mg_potential_destroy(potential);
    return status;
  }
  *potential = mg_potential_builtin(name);
  return *potential ? MG_OK : mg_error_code();
}

void mg_potential_destroy(mg_potential **potential) {
  if (!*potential) return;
  mg_table_destroy(&(*potential)->table);
  MG_DELETE((*potential)->exact);
  MG_DELETE((*potential)->fit);
  MG_DELETE(*potential);
}

const char *mg_potential_name(const mg_potential *potential) { return potential->name; }

const mg_species *mg_potential_species(const mg_potential *potential) {
  return &potential->species;
}

double mg_potential_phi_cutoff(const mg_potential *potential, int a, int b) {
  return potential->phi_cutoff[a][b];
}

double mg_potential_psi_cutoff(const mg_potential *potential, int a, int b) {
  return potential->psi_cutoff[a][b];
}

double mg_potential_cutoff(const mg_potential *potential) { return potential->cutoff; }

double mg_potential_near(const mg_potential *potential) {
  if (potential->fit) return potential->fit->near;
  const int n = potential->species.n;
  double most = 0;
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++) most = fmax(most, potential->psi_cutoff[a][b]);
  return most;
}

const mg_fit *mg_potential_fit(const mg_potential *potential) { return potential->fit; }

double mg_potential_rho_max(const mg_potential *potential, int a) { return potential->rho_max[a]; }

uint64_t mg_potential_hash(const mg_potential *potential) { return potential->hash; }

void mg_potential_phi(const mg_potential *potential, int a, int b, double r, double *phi,
                      double *dphi) {
  double f = 0, df = 0;
  if (isnan(r)) {
    f = df = r;
  } else if (r < potential->phi_cutoff[a][b]) {
    if (potential->exact) {
      mg_exact_phi(potential->exact, a, b, r, &f, &df);
    } else {
      mg_table_phi(potential->table, a, b, r, &f, &df);
    }
  }
  if (phi) *phi = f;
  if (dphi) *dphi = df;
}

void mg_potential_psi(const mg_potential *potential, int a, int b, double r, double *psi,
                      double *dpsi) {
  double f = 0, df = 0;
  if (isnan(r)) {
    f = df = r;
  } else if (r < potential->psi_cutoff[a][b]) {
    if (potential->exact) {
      mg_exact_psi(potential->exact, a, b, r, &f, &df);
    } else {
      mg_table_psi(potential->table, a, b, r, &f, &df);
    }
  }
  if (psi) *psi = f;
  if (dpsi) *dpsi = df;
}

void mg_potential_embed(const mg_potential *potential, int a, double rho, double *F, double *dF) {
  double f = rho, df = rho;
  if (!isnan(rho)) {
    if (potential->exact) {
      mg_exact_embed_value(potential->exact, a, rho, &f, &df);
    } else {
      mg_table_embed(potential->table, a, rho, &f, &df);
    }
  }
  if (F) *F = f;
  if (dF) *dF = df;
}

static const mg_exact_pair *exact_pair(const mg_potential *potential, int a, int b) {
  return potential->exact ? &potential->exact->pair[mg_pair_index(a, b)] : NULL;
}

const mg_segments *mg_potential_phi_segments(const mg_potential *potential, int a, int b) {
  const mg_exact_pair *pair = exact_pair(potential, a, b);
  return pair ? &pair->phi : NULL;
}

const mg_segments *mg_potential_psi_segments(const mg_potential *potential, int a, int b) {
  const mg_exact_pair *pair = exact_pair(potential, a, b);
  return pair ? &pair->psi : NULL;
}

const mg_segments *mg_potential_dphi_segments(const mg_potential *potential, int a, int b) {
  const mg_exact_pair *pair = exact_pair(potential, a, b);
  return pair ? &pair->dphi : NULL;
}

const mg_segments *mg_potential_dpsi_segments(const mg_potential *potential, int a, int b) {
  const mg_exact_pair *pair = exact_pair(potential, a, b);
  return pair ? &pair->dpsi : NULL;
}

const mg_embed_pieces *mg_potential_embed_pieces(const mg_potential *potential, int a) {
  return potential->exact ? &potential->exact->embed[a] : NULL;
}
