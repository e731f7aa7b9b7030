/** What this program is and how it was built; written into every result. */
#ifndef MGMD_BASE_VERSION_H
#define MGMD_BASE_VERSION_H

/** The one place of the version number (Semantic Versioning); the Makefile reads it from here. */
#define MG_VERSION "0.1.0"

const char *mg_version(void); /**< MG_VERSION */

/** Commit the program was built from: "3f2a90c1d2e4", "...-dirty" with local changes, "unknown"
 *  when built from neither a git checkout nor a release tarball. */
const char *mg_git_revision(void);

const char *mg_compiler(void);    /**< such as "gcc 12.2.0" */
const char *mg_build_flags(void); /**< compiler flags of the library, kernels' extra ones aside */

#endif
