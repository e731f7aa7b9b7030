#!/usr/bin/env bash
# run_mpi.sh RANKS PROGRAM [ARGUMENT]...
#
# mpirun as the tests and the quick start need it: more ranks than cores allowed, nobody bound to a
# core, no banner beside the program's own message, and working in a bare container. Settings go
# through the environment, where other MPI libraries than Open MPI do not stumble over them.
# MPIRUN names another launcher, which is given -n RANKS.
set -eu
ranks=$1
shift

if [ "$(id -u)" = 0 ]; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
# Waiting ranks give way to working ones: nothing lost on idle cores, much won on busy ones.
export OMPI_MCA_mpi_yield_when_idle="${OMPI_MCA_mpi_yield_when_idle:-1}"
export OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
export OMPI_MCA_hwloc_base_binding_policy=none PRTE_MCA_hwloc_default_binding_policy=none
export OMPI_MCA_orte_execute_quiet=1
# On one machine there is no network to look for, which takes 0.2 s at each start.
export OMPI_MCA_pml="${OMPI_MCA_pml:-ob1}"
# Containers often forbid ranks to read each other's memory directly; shared memory does as well.
export OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_btl_sm_single_copy_mechanism=none
export PMIX_MCA_gds="${PMIX_MCA_gds:-hash}"

exec "${MPIRUN:-mpirun}" -n "$ranks" "$@"
