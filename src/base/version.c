/* The only file that sees MGMD_GIT_REVISION and MGMD_BUILD_FLAGS, so that a commit recompiles
 * nothing else. */
#include "mgmd/base/version.h"

#ifdef __FAST_MATH__
#error "mgmd needs IEEE arithmetic: results must be the same bits on any number of ranks"
#endif

#ifndef MGMD_GIT_REVISION
#define MGMD_GIT_REVISION "unknown"
#endif
#ifndef MGMD_BUILD_FLAGS
#define MGMD_BUILD_FLAGS ""
#endif

const char *mg_version(void) { return MG_VERSION; }

const char *mg_git_revision(void) { return MGMD_GIT_REVISION; }

const char *mg_compiler(void) {
#if defined(__clang__)
  return "clang " __clang_version__;
#elif defined(__GNUC__)
  return "gcc " __VERSION__;
#else
  return "unknown";
#endif
}

const char *mg_build_flags(void) { return MGMD_BUILD_FLAGS; }
