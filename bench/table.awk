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

# One cell of the table, |width| characters wide; left-aligned when width is negative.
function cell(text, width) { printf "| %" width "s ", text }

function timing_row(key, program, rival, id, other, p, ratio) {
  id = key FS program
  if (!n[id]) return
  split(key, word, FS)
  other = key FS rival
  ratio = ""
  if (rival && n[other])
    ratio = sprintf("%.2f / %.2f", median(other) / median(id), least(other) / least(id))
  cell(word[1], -4)
  cell(word[2], 7)
  cell(word[3], 5)
  cell(program, -7)
  cell(sprintf("%.0f / %.0f", median(id), least(id)), 13)
  cell(ratio, 13)
  cell(n[id], 4)
  cell(sprintf("%.1f", 100 * builds[id] / steps[id]), 10)
  cell(sprintf("%.3g", skin[id]), 7)
  for (p = 1; p <= phases; p++)
    cell(spent[id, p] == "-" ? "-" : sprintf("%.1f", 100 * spent[id, p] / loop[id]),
         length(phase[p]))
  print "|"
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
  print "ns per atom, time step and core: median / least. Ratio LAMMPS : mgmd of medians / of"
  print "minima. List builds per 100 steps. Shares of the step in %; LAMMPS counts halo exchange"
  print "inside its pair style as pair and sums over ranks as integrate.\n"
  printf "|      |   atoms | ranks | program |            ns |         ratio | runs | builds/100 |"
  printf " skin, A |"
  for (p = 1; p <= phases; p++) printf " %s |", phase[p]
  print "\n|---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
  for (c = 1; c <= cases; c++) {
    timing_row(name[c], "mgmd", "LAMMPS")
    timing_row(name[c], "LAMMPS")
  }
  print "\nWhat was computed: energy in eV per atom, pressure in GPa (beside open faces each"
  print "program has its own volume), temperature in K; at the start, after warm-up, at the end.\n"
  print "| | atoms | program | energy | pressure | T | energy | pressure | T | energy | pressure" \
    " | T |"
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
