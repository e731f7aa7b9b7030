# bash completion for mgmd 0.1.0; written by: mgmd help --completion bash

_mgmd_commands='check plot info diff convert strain analyze potential help version
  --version'
_mgmd_topics='create read minimize run quench replicate open notch compress unload
  analyze write check plot info diff convert strain potential help version
  input stages units axes output parallel resume exit-codes'
_mgmd_potentials='cuzr-mendelev2007'
_mgmd_keys='title potential timestep seed axes.load axes.free axes.thin
  output.directory output.thermo output.checkpoint output.fields
  output.precision output.positions output.average parallel.grid kernel skin
  create.composition create.atoms create.box create.lattice
  create.lattice_constant create.c_over_a create.cells create.min_distance
  create.temperature read.file read.species minimize.tolerance
  minimize.max_steps minimize.max_step minimize.pressure
  minimize.pressure_tolerance run.ensemble run.temperature run.pressure
  run.duration run.steps run.snapshots run.velocities run.tau_T run.tau_P
  run.chain quench.melt quench.hold quench.to quench.rate quench.pressure
  quench.couple_until quench.tau_T quench.tau_P quench.chain replicate.times
  replicate.velocities notch.shape notch.depth notch.height notch.angle
  notch.root_radius compress.rate compress.strain compress.direction
  compress.temperature compress.pressure compress.snapshots
  compress.velocity_coupling compress.tau_T compress.tau_P compress.chain
  unload.to unload.mode unload.hold unload.rate unload.modulus unload.window
  unload.temperature unload.pressure unload.tau_T unload.tau_P unload.chain
  analyze.fields analyze.compute analyze.range analyze.bin analyze.cutoff
  analyze.neighbours analyze.grid analyze.positions write.file'

# The words a key of --set takes.
_mgmd_values() {
  case $1 in
    output.precision) echo 'float64 float32' ;;
    output.positions) echo 'instantaneous time_averaged' ;;
    kernel) echo 'auto reference avx2 avx512' ;;
    create.lattice) echo 'random fcc bcc hcp b2' ;;
    run.ensemble) echo 'nve nvt npt' ;;
    run.velocities) echo 'auto draw' ;;
    replicate.velocities) echo 'redraw keep' ;;
    notch.shape) echo 'u v semicircle rectangle' ;;
    compress.direction) echo 'compression tension' ;;
    compress.velocity_coupling) echo 'true false' ;;
    unload.mode) echo 'strain_reverse stress_ramp' ;;
    analyze.positions) echo 'instantaneous time_averaged' ;;
  esac
}

_mgmd_none() { :; }
_mgmd_words() { COMPREPLY=($(compgen -W "$1" -- "$current")); }
_mgmd_files() {
  local IFS=$'\n'
  COMPREPLY=($(compgen -f -- "$current"))
  compopt -o filenames 2>/dev/null
}
_mgmd_dirs() {
  local IFS=$'\n'
  COMPREPLY=($(compgen -d -- "$current"))
  compopt -o filenames 2>/dev/null
}
_mgmd_inputs() {
  local IFS=$'\n'
  COMPREPLY=($(compgen -d -- "$current"; compgen -f -X '!*.yaml' -- "$current"
    compgen -f -X '!*.yml' -- "$current"))
  compopt -o filenames 2>/dev/null
}
_mgmd_names() {
  _mgmd_files
  COMPREPLY+=($(compgen -W "$_mgmd_potentials" -- "$current"))
}
_mgmd_keys() {
  COMPREPLY=($(compgen -S = -W "$_mgmd_keys" -- "$current"))
  compopt -o nospace 2>/dev/null
}

# bash splits words at '=': --set KEY = VALUE arrive as four.
_mgmd() {
  local current=${COMP_WORDS[COMP_CWORD]} previous= command= options= words= at=$COMP_CWORD
  COMPREPLY=()
  if [ "$current" = = ]; then current=; at=$((at + 1)); fi
  if [ $at -gt 1 ]; then previous=${COMP_WORDS[at - 1]}; fi
  if [ "$previous" = = ] && [ $at -gt 2 ]; then previous=${COMP_WORDS[at - 2]}; fi
  if [ $at -gt 1 ]; then
    case ${COMP_WORDS[1]} in
      check | plot | info | diff | convert | strain | analyze | potential | help | version) command=${COMP_WORDS[1]} ;;
    esac
  fi
  case $command$previous in
    --set) _mgmd_keys; return ;;
    --out) _mgmd_dirs; return ;;
    --resume) _mgmd_files; return ;;
    --walltime) _mgmd_files; return ;;
    check--set) _mgmd_keys; return ;;
    check--out) _mgmd_dirs; return ;;
    plot--what) _mgmd_files; return ;;
    plot--fields) _mgmd_none; return ;;
    plot--snapshots) _mgmd_files; return ;;
    plot--out) _mgmd_files; return ;;
    plot--format) _mgmd_files; return ;;
    plot--as) _mgmd_files; return ;;
    plot--cell) _mgmd_none; return ;;
    plot--radius) _mgmd_none; return ;;
    plot--range) _mgmd_files; return ;;
    plot--stress) _mgmd_none; return ;;
    plot--labels) _mgmd_none; return ;;
    plot--columns) _mgmd_none; return ;;
    plot--against) _mgmd_files; return ;;
    plot--along) _mgmd_files; return ;;
    plot--band) _mgmd_none; return ;;
    plot--bin) _mgmd_none; return ;;
    plot--reach) _mgmd_none; return ;;
    plot--title) _mgmd_files; return ;;
    plot--width) _mgmd_files; return ;;
    plot--dpi) _mgmd_none; return ;;
    info--species) _mgmd_none; return ;;
    info--frame) _mgmd_none; return ;;
    convert--species) _mgmd_none; return ;;
    convert--fields) _mgmd_none; return ;;
    convert--frame) _mgmd_none; return ;;
    convert--for) _mgmd_words mdanalysis; return ;;
    strain--out) _mgmd_files; return ;;
    strain--cutoff) _mgmd_none; return ;;
    strain--affine) _mgmd_words 'none to_reference to_current'; return ;;
    strain--axes) _mgmd_none; return ;;
    strain--positions) _mgmd_words 'instantaneous time_averaged'; return ;;
    strain--open) _mgmd_none; return ;;
    strain--species) _mgmd_none; return ;;
    strain--frame) _mgmd_none; return ;;
    strain--ref-frame) _mgmd_none; return ;;
    strain--fields) _mgmd_none; return ;;
    analyze--compute) _mgmd_none; return ;;
    analyze--out) _mgmd_files; return ;;
    analyze--range) _mgmd_none; return ;;
    analyze--bin) _mgmd_none; return ;;
    analyze--cutoff) _mgmd_none; return ;;
    analyze--neighbours) _mgmd_none; return ;;
    analyze--grid) _mgmd_none; return ;;
    analyze--species) _mgmd_none; return ;;
    analyze--frame) _mgmd_none; return ;;
    potential--write) _mgmd_files; return ;;
    potential--curves) _mgmd_files; return ;;
    potential--points) _mgmd_none; return ;;
    help--completion) _mgmd_words bash; return ;;
  esac
  case $command in
    '') options='--set --out --overwrite --resume --walltime --check --quiet --verbose --help'; words='inputs' ;;
    check) options='--set --out --quiet --verbose --help'; words='inputs' ;;
    plot) options='--what --fields --snapshots --out --format --as --cell --radius --range --stress --labels --columns --against --along --band --bin --log --reach --title --width --dpi --quiet --help'; words='files' ;;
    info) options='--species --frame --hash --help'; words='files' ;;
    diff) options='--quiet --help'; words='files' ;;
    convert) options='--species --fields --frame --for --overwrite --quiet --help'; words='files' ;;
    strain) options='--out --cutoff --affine --axes --positions --open --species --frame --ref-frame --fields --overwrite --quiet --help'; words='files' ;;
    analyze) options='--compute --out --range --bin --cutoff --neighbours --grid --species --frame --overwrite --quiet --help'; words='files' ;;
    potential) options='--write --curves --points --overwrite --help'; words='names' ;;
    help) options='--markdown --man --completion --help'; words='words "$_mgmd_topics"' ;;
    version) options='--help'; words='none' ;;
  esac
  local values=$(_mgmd_values "$previous")
  if [ -n "$values" ]; then _mgmd_words "$values"; return; fi
  case $current in
    -*) _mgmd_words "$options" ;;
    *)
      eval "_mgmd_$words"
      if [ $at -eq 1 ]; then
        local commands=($(compgen -W "$_mgmd_commands" -- "$current"))
        COMPREPLY+=("${commands[@]}")
      fi ;;
  esac
}
complete -F _mgmd mgmd
