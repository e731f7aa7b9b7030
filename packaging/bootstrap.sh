#!/usr/bin/env bash
# bootstrap.sh [--tests] [--dry-run]   install what is missing to build and run (and test) mgmd
# bootstrap.sh --probe build|tests     only say what is missing; used by the Makefile
#
# What is there is found out by compiling, not by asking a package manager, so modules, Spack and
# hand-made installations count. What is missing is installed on Debian and Ubuntu, given root or a
# sudo that asks no password; elsewhere it is named, with the words clusters use for it. The
# Makefile passes its compiler and flags in the environment. Exit 1 if something needed is missing.
set -u

if [ -z "${MPICC:-}" ] && command -v make >/dev/null; then
  cd "$(dirname "$0")/.." || exit 1
  exec make --no-print-directory bootstrap BOOTSTRAP_FLAGS="$*"
fi
MPICC=${MPICC:-mpicc} MPIRUN=${MPIRUN:-mpirun}

probe='' tests='' dry_run=''
while [ $# -gt 0 ]; do
  case $1 in
  --probe) probe=$2 && shift ;;
  --tests) tests=yes ;;
  --dry-run) dry_run=yes ;;
  *) echo "bootstrap: unknown option '$1'; known: --tests, --dry-run, --probe" >&2 && exit 2 ;;
  esac
  shift
done

# name | what it is | Debian packages | names of modules | Spack specs
requirements() {
  local flavour=openmpi
  "$MPICC" -show 2>/dev/null | grep -q mpich && flavour=mpich
  cat <<TABLE
make|GNU make|make|make|gmake
compiler|a C11 compiler|build-essential|gcc|gcc
pkg-config|pkg-config|pkg-config|pkgconf|pkgconf
mpi|MPI (wrapper and launcher)|libopenmpi-dev openmpi-bin|openmpi or mpich or intel-mpi|openmpi
hdf5|HDF5 built with MPI|libhdf5-$flavour-dev|hdf5-mpi or phdf5 or cray-hdf5-parallel|hdf5+mpi
yaml|libyaml|libyaml-dev|libyaml|libyaml
cairo|cairo (for pictures only)|libcairo2-dev|cairo|cairo
voro|Voro++ (for Voronoi cells only)|voro++-dev g++|voropp|voropp
check|Check (for the tests only)|check|check|check
TABLE
}

# Does a program with these lines build, with these libraries?
builds() {
  local lines=$1 compiler=$2
  shift 2
  # shellcheck disable=SC2086  # flags are lists of words
  printf '%s\nint main(void) { return 0; }\n' "$lines" |
    $compiler ${ALL_CPPFLAGS:-} ${CHECK_CFLAGS:-} -x c - -x none "$@" -o "$scratch/a" 2>/dev/null
}

mpi_lines='#include <mpi.h>
int (*probe_mpi)(int *, char ***) = MPI_Init;'
hdf5_lines='#include <hdf5.h>
#ifndef H5_HAVE_PARALLEL
#error serial
#endif
herr_t (*probe_hdf5)(hid_t, MPI_Comm, MPI_Info) = H5Pset_fapl_mpio;'
yaml_lines='#include <yaml.h>
int (*probe_yaml)(yaml_parser_t *) = yaml_parser_initialize;'
cairo_lines='#include <cairo.h>
const char *(*probe_cairo)(void) = cairo_version_string;'
check_lines='#include <check.h>
Suite *(*probe_check)(const char *) = suite_create;'

# Names of what is missing, one per line. The launcher is not needed to build.
missing() {
  local found='' compiler
  command -v "${MAKE:-make}" >/dev/null || echo make
  for compiler in "${OMPI_CC:-}" cc gcc clang; do
    [ -n "$compiler" ] && builds '' "$compiler" && found=yes && break
  done
  [ -n "$found" ] || builds '' "$MPICC" || echo compiler
  if ! builds "$mpi_lines" "$MPICC"; then
    echo mpi
  elif [ "$probe" != build ] && ! command -v "${MPIRUN%% *}" >/dev/null; then
    echo mpi
  fi
  # shellcheck disable=SC2086
  builds "$hdf5_lines" "$MPICC" ${LDFLAGS:-} ${HDF5_LIBS:--lhdf5} || echo hdf5
  # shellcheck disable=SC2086
  builds "$yaml_lines" "$MPICC" ${LDFLAGS:-} ${YAML_LIBS:--lyaml} || echo yaml
  [ "$probe" = build ] && return
  [ -n "${VORO_LIBS:-}" ] || echo voro
  # shellcheck disable=SC2086
  [ -n "${CAIRO_LIBS:-}" ] && builds "$cairo_lines" "$MPICC" ${LDFLAGS:-} $CAIRO_LIBS || echo cairo
  # shellcheck disable=SC2086
  builds "$check_lines" "$MPICC" ${LDFLAGS:-} ${CHECK_LIBS:--lcheck} || echo check
}

# column N of the missing requirements, separated by $2
column() {
  requirements | awk -F'|' -v n="$1" -v separator="$2" -v wanted="$lacking" '
    index(" " wanted " ", " " $1 " ") { printf "%s%s", s, $n; s = separator } END { print "" }'
}

explain() {
  {
    echo "mgmd: missing: $(column 2 ', ')"
    echo "  Debian, Ubuntu: sudo apt-get install $(column 3 ' ')"
    echo "  cluster modules (names vary, see 'module avail'): $(column 4 '; ')"
    echo "  Spack: spack install $(column 5 ' ') && spack load $(column 5 ' ')"
    echo "  elsewhere: make MPICC=... HDF5_DIR=... CPPFLAGS=-I... LDFLAGS=-L... ; see make help"
  } >&2
}

# May packages be installed here? Leaves the command that gives root's rights in $as_root.
can_install() {
  command -v apt-get >/dev/null || return 1
  as_root=''
  [ "$(id -u)" = 0 ] && return 0
  as_root='sudo -n'
  command -v sudo >/dev/null && sudo -n true 2>/dev/null
}

install_missing() {
  echo "bootstrap: installing $(column 3 ' ')"
  [ -n "$dry_run" ] && return 0
  # shellcheck disable=SC2046,SC2086
  {
    $as_root apt-get update -q || echo "bootstrap: the package lists could not be renewed" >&2
    $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends $(column 3 ' ')
  }
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# Usually all is there, which one compilation shows.
everything="$mpi_lines
$hdf5_lines
$yaml_lines"
[ "$probe" = build ] || everything="$everything
$cairo_lines
$check_lines"
# shellcheck disable=SC2046,SC2086
if builds "$everything" "$MPICC" \
  $([ "$probe" = build ] || echo "${CHECK_LIBS:-} ${CAIRO_LIBS:--lcairo}") \
  ${LDFLAGS:-} ${HDF5_LIBS:-} ${YAML_LIBS:-}; then
  [ "$probe" = build ] && exit 0
  command -v "${MPIRUN%% *}" >/dev/null && [ -n "${VORO_LIBS:-}$probe" ] && exit 0
fi
needed=$(missing | tr '\n' ' ')
[ -n "$needed" ] || exit 0
lacking=$needed
command -v pkg-config >/dev/null || lacking="pkg-config $needed"

if [ -z "$probe" ] && can_install; then
  install_missing && exit 0
  echo "bootstrap: apt-get failed" >&2
fi
explain
for name in $needed; do
  case $name in
  cairo | voro) ;;
  check) [ -z "$tests$probe" ] || exit 1 ;;
  *) exit 1 ;;
  esac
done
echo "mgmd: building and running go on without it"
