#!/usr/bin/env bash
# Every file in inputs/ passes `mgmd check` as it stands, and its story runs to the end on a sample
# of a few hundred atoms at rates that take seconds: same stages, same keys, smaller numbers.
. "$(dirname "$0")/../tools/cli_check.sh"
inputs=$MGMD_SOURCE_DIR/inputs

ok() { [ "$rc" = 0 ]; }
for file in "$inputs"/*.yaml; do
  mgmd 0 check "$file"
  expect "mgmd check ${file##*/}" ok
done

# what every scaled-down copy sets; KEY=VALUE pairs whose stage an input lacks are left out
glass=(quench.hold="0.05 ps" quench.rate="1e16 K/s" minimize.max_steps=30 output.thermo="0.02 ps")
short=(minimize[1].max_steps=30 minimize[2].max_steps=10 minimize.max_steps=30
  run[1].duration="0.05 ps" run[2].duration="0.1 ps" run.duration="0.1 ps"
  notch.depth="0.4 nm" notch.height="0.5 nm"
  compress.rate="2e11 1/s" compress.strain="6 %" compress.snapshots="2 %" unload.hold="0.1 ps")

# scaled NAME BOX ATOMS: sets ./sets to the --set options that INPUT understands
scaled() {
  local pair stage count
  sets=(--set output.thermo="0.05 ps")
  for pair in "${glass[@]}" "${short[@]}" "create.atoms=$3" "create.box=$2"; do
    stage=${pair%%[.[]*}
    count=$(grep -cE "^  - $stage:" "$inputs/$1.yaml")
    case $pair in
    output.*) continue ;;
    *\[2\].*) [ "$count" = 2 ] || continue ;;
    *\[1\].*) [ "$count" = 2 ] || continue ;;
    *) [ "$count" = 1 ] || continue ;;
    esac
    grep -qE "snapshots" "$inputs/$1.yaml" || case $pair in compress.snapshots*) continue ;; esac
    sets+=(--set "$pair")
  done
}

finished() { [ "$rc" = 0 ] && empty err && [ -s "$1/summary.yaml" ] && holds "$1/thermo.csv" "$2"; }
run_scaled() { # NAME LAST_STAGE BOX ATOMS
  scaled "$1" "$3" "$4"
  mgmd 2 "$inputs/$1.yaml" --out "$1" "${sets[@]}"
  expect "$1.yaml, scaled down" finished "$1" ",$2,"
}

run_scaled quickstart unload "[1.2 nm, 2.4 nm, 2.4 nm]" 400
run_scaled notched_compress unload "[1.2 nm, 2.4 nm, 2.4 nm]" 400
run_scaled unnotched unload "[1.2 nm, 2.4 nm, 2.8 nm]" 470
run_scaled tension unload "[1.2 nm, 2.4 nm, 2.4 nm]" 400
run_scaled reading_c unload "[2.4 nm, 2.4 nm, 1.2 nm]" 400
run_scaled quench run "[1.2 nm, 2.4 nm, 2.4 nm]" 400

# sweep reads the glass that quench made, beside its own input
mkdir -p work/inputs work/out && cp "$inputs/sweep.yaml" work/inputs/ && cp -r quench work/out/
scaled sweep "" ""
kept=()
for k in "${sets[@]}"; do case $k in create.*) unset 'kept[-1]' ;; *) kept+=("$k") ;; esac; done
mgmd 2 work/inputs/sweep.yaml --out sweep "${kept[@]}"
expect "sweep.yaml, on the glass of quench.yaml" finished sweep ",unload,"
finish
