#!/usr/bin/env bash
#SBATCH --job-name=sweep
#SBATCH --array=0-4
#SBATCH --ntasks=256
#SBATCH --time=24:00:00
#SBATCH --signal=B:USR1@600
#SBATCH --requeue
#SBATCH --open-mode=append
#
# One glass, five strain rates, a job for each; a job whose time is over saves, is put back into the
# queue and goes on where it was, until its run is done. Make the glass first (inputs/quench.yaml).
#
#   sbatch packaging/slurm_sweep.sh
#
# The run sees the job's end by itself (SLURM_JOB_END_TIME, or --walltime where the batch system
# does not tell). USR1 comes 600 s before and serves where neither is known: this shell passes it on
# to mpirun, which passes it on to the ranks. Exit code 85 means: saved, not done. A job that a
# failing node has killed is requeued by SLURM and goes on from its last checkpoint.
set -u
rates=(1e7 4e7 1e8 4e8 1e9)
rate=${rates[${SLURM_ARRAY_TASK_ID:-0}]}

mpirun -n "${SLURM_NTASKS:-2}" mgmd inputs/sweep.yaml --set "compress.rate=$rate 1/s" \
  --out "out/sweep-$rate" --resume auto &
run=$!
trap 'kill -USR1 $run' USR1
wait $run
code=$?
# a signal ends `wait`, not the run
while kill -0 $run 2>/dev/null; do
  wait $run
  code=$?
done

[ $code = 85 ] && scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
exit $code
