/* What this program was built from and with, and which kernels this processor can run. */

#include "mgmd/base/version.h"
#include "mgmd/cmd/args.h"
#include "mgmd/cmd/page.h"
#include "mgmd/comm/mpi.h"
#include "mgmd/force/kernel.h"
#include "mgmd/plot/canvas.h"

#include <hdf5.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

static void mpi_text(char *text, size_t size) {
  char library[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0, version = 0, subversion = 0;
  MPI_Get_library_version(library, &length); /* allowed before MPI_Init */
  MPI_Get_version(&version, &subversion);
  library[strcspn(library, ",\n")] = '\0';
  snprintf(text, size, "%d.%d (%s)", version, subversion, library);
}

static mg_status run(const mg_comm *comm, const mg_call *call) {
  (void)call;
  char mpi[MPI_MAX_LIBRARY_VERSION_STRING + 32];
  mpi_text(mpi, sizeof mpi);
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);

  mg_page page = {.style = MG_PAGE_TEXT};
  mg_text *text = &page.text;
  mg_text_append(text, "mgmd %s\n", mg_version());
  mg_text_append(text, "revision  %s\n", mg_git_revision());
  mg_text_append(text, "compiler  %s\n", mg_compiler());
  mg_text_append(text, "flags     %s\n", mg_build_flags());
  mg_text_append(text, "mpi       %s\n", mpi);
  mg_text_append(text, "hdf5      %u.%u.%u\n", major, minor, release);
  mg_text_append(text, "libyaml   %s\n", yaml_get_version_string());
  mg_text_append(text, "cairo     %s\n", mg_canvas_library());
  for (int k = 0; mg_kernels[k]; k++)
    mg_text_append(text, "%-9s %s: %s%s\n", k ? "" : "kernels", mg_kernels[k]->name,
                   mg_kernels[k]->summary,
                   mg_kernels[k]->available() ? "" : " (not on this processor)");
  return mg_page_print(&page, comm);
}

static const mg_option options[] = {{0}};
static const char *const examples[] = {"mgmd --version", NULL};

const mg_command mg_command_version = {.name = "version",
                                       .summary = "print the versions of mgmd and its libraries",
                                       .words = "",
                                       .options = options,
                                       .examples = examples,
                                       .alone = true,
                                       .run = run};
