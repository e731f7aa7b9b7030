# timings.tsv of compare.sh as one table in Markdown, and what both programs computed below it.
BEGIN {
  FS = "\t"
  phases = split("pair list halo reduce integrate output other", phase, " ")
}

{
  key = $1 FS $2 FS $3
  if (!(key in known)) {
    known[key] = ++cases
    name[cases] = key
  }
  id = key FS $4
  n[id]++
  ns[id, n[id]] = $5 * $3 / ($2 * $6) * 1e9
  loop[id] += $5
  steps[id] += $6
  builds[id] += $7
  skin[id] = $8
  for (p = 1; p <= phases; p++) spent[id, p] = $(8 + p) == "-" ? "-" : spent[id, p] + $(8 + p)
  for (k = 1; k <= 9; k++) state[id, k] = $(15 + k)
}

function timing_row(key, program, rival, id, other, p, ratio) {
  id = key FS program
  if (!n[id]) return
  split(key, word, FS)
  other = key FS rival
  ratio = ""
  if (rival && n[other])
    ratio = sprintf("%.2f / %.2f", median(other) / median(id), least(other) / least(id))
  printf "| %-4s | %7d | %d | %-6s | %4.0f / %4.0f | %13s | %4d | %5.1f | %5.3g |", word[1], word[2],
    word[3], program, median(id), least(id), ratio, n[id], 100 * builds[id] / steps[id], skin[id]
  for (p = 1; p <= phases; p++)
    if (spent[id, p] == "-")
      printf " %4s |", "-"
    else
      printf " %4.1f |", 100 * spent[id, p] / loop[id]
  printf "\n"
}

function state_row(id, program, k) {
  printf "| %-4s | %7d | %-6s |", word[1], word[2], program
  for (k = 0; k < 3; k++)
    printf " %9.6f | %6.3f | %6.1f |", state[id, 3 * k + 1] / word[2], state[id, 3 * k + 2],
      state[id, 3 * k + 3]
  printf "\n"
}

# One row per program of what was computed; both programs start from the same atoms, so that the
# energies must agree there: LAMMPS interpolates the potential file, mgmd has the exact form.
function state_rows(key, k, id, program, apart) {
  split(key, word, FS)
  for (k = 1; k <= 2; k++) {
    program = k == 1 ? "mgmd" : "LAMMPS"
    id = key FS program
    if (n[id]) state_row(id, program)
  }
  apart = state[key FS "mgmd", 1] / word[2] - state[key FS "LAMMPS", 1] / word[2]
  if (n[key FS "LAMMPS"] && (apart > 5e-6 || apart < -5e-6))
    differ = differ sprintf("%s, %d atoms: the energies at the start differ by %.2g eV per atom\n",
                            word[1], word[2], apart)
}

END {
  print "ns per atom, time step and core: median / least. Ratio LAMMPS : mgmd of medians / of minima."
  print "Shares of the step in %; LAMMPS counts halo exchange inside its pair style as pair and sums"
  print "over ranks as integrate.\n"
  print "| | atoms | ranks | program | ns | ratio | runs | builds per 100 steps | skin, A | pair" \
    " | list | halo | reduce | integrate | output | other |"
  print "|---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
  for (c = 1; c <= cases; c++) {
    timing_row(name[c], "mgmd", "LAMMPS")
    timing_row(name[c], "LAMMPS")
  }
  print "\nWhat was computed: energy in eV per atom, pressure in GPa (beside open faces each program"
  print "has its own volume), temperature in K; at the start, after warm-up, at the end.\n"
  print "| | atoms | program | energy | pressure | T | energy | pressure | T | energy | pressure | T |"
  print "|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
  for (c = 1; c <= cases; c++) {
    split(name[c], word, FS)
    if (!(word[1] FS word[2] in told)) state_rows(name[c])
    told[word[1] FS word[2]]
  }
  if (differ) {
    printf "\nNOT THE SAME PHYSICS\n%s", differ
    exit 1
  }
}
