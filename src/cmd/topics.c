/* The short chapters of the help. They say what the tables cannot: conventions, files, order. */

#include "mgmd/cmd/topics.h"

#include "mgmd/base/str.h"
#include "mgmd/base/units.h"
#include "mgmd/cmd/keys.h"
#include "mgmd/io/config.h"
#include "mgmd/stage/stage.h"

#include <stdio.h>
#include <string.h>

enum { NARROW = 16, WIDE = 26 };

static const char example_input[] =
    "title: Notched Cu64Zr36, a small example\n"
    "potential: cuzr-mendelev2007\n"
    "timestep: 2 fs\n"
    "seed: 7\n"
    "axes: {load: z, free: y, thin: x}\n"
    "output: {directory: out/example, thermo: 0.2 ps}\n"
    "stages:\n"
    "  - create:\n"
    "      composition: {Cu: 64, Zr: 36}\n"
    "      atoms: 4000\n"
    "      box: [2.5 nm, 5 nm, 5 nm]\n"
    "  - minimize: {}\n"
    "  - quench: {melt: 2000 K, hold: 2 ps, to: 50 K, rate: 1e14 K/s}\n"
    "  - replicate: {times: [1, 1, 2]}\n"
    "  - notch: {shape: u, depth: 1.2 nm, height: 0.8 nm}\n"
    "  - compress: {rate: 4e9 1/s, strain: 8 %, temperature: 50 K}\n"
    "  - unload: {to: 0 GPa, hold: 4 ps}\n";

static void write_input(mg_page *page) {
  mg_page_paragraph(page, "An input is one YAML file: settings, then the list `stages`, done one "
                          "after the other. It is read strictly. A missing or wrong unit, an "
                          "unknown or repeated key, a value out of range, a stage that cannot "
                          "follow the one before: everything is checked before the first step, "
                          "and the first mistake is reported with its line and column.");
  mg_page_code(page, "yaml", example_input);
  mg_page_paragraph(page, "The command line overrides the file, as strictly checked: "
                          "`--set timestep=\"1 fs\"`, `--set output.thermo=\"1 ps\"`, "
                          "`--set compress.rate=\"1e8 1/s\"`. Where a stage occurs more than once "
                          "its number is given, from 1: `--set \"run[2].duration=10 ps\"`.");
  mg_page_paragraph(page, "Files to be read (`read.file`, a potential's path) are relative to the "
                          "input file, a relative `output.directory` to the working directory; "
                          "`write.file` goes into the output directory unless it is absolute.");
  mg_page_heading(page, 3, page->style == MG_PAGE_TEXT ? "settings:" : "Settings");
  mg_keys_table(page, mg_config_params);
}

static void write_stages(mg_page *page) {
  for (int k = 0; mg_stage_types[k]; k++)
    mg_page_item(page, NARROW, mg_stage_types[k]->name, "%s", mg_stage_types[k]->summary);
  mg_page_paragraph(page, "A run begins with `create` or `read`. A stage does what its keys say: "
                          "nothing is held, minimised or equilibrated on the side. A pressure "
                          "written as one value moves the axes together, written as a map it acts "
                          "on each named axis by itself; the other axes keep their length. The "
                          "free axis can be relaxed no more once it is open (`open`, `notch`).");
}

static void write_units(mg_page *page) {
  mg_page_paragraph(page, "Every dimensional value carries its unit, as people write it: `2 fs`, "
                          "`111.0 nm`, `50 K`, `4e7 1/s`, `1e12 K/s`, `0 GPa`, `10 %%`, `30 min`. "
                          "A value without its unit is refused.");
  for (int d = MG_DIM_NONE + 1; d < MG_DIM_COUNT; d++)
    mg_page_item(page, NARROW + 4, mg_keys_quantity((mg_dimension)d), "%s",
                 mg_units_list((mg_dimension)d));
  mg_page_paragraph(page, "Results are in A, ps, u, eV, eV/A, A/ps, radian, K and GPa; every data "
                          "set and every column of a table names its unit.");
}

static void write_axes(mg_page *page) {
  mg_page_paragraph(page, "The roles of the axes are named once, `axes: {load: z, free: y, "
                          "thin: x}`, and every stage follows them.");
  mg_page_item(page, NARROW, "load", "is strained by `compress` and `unload`; periodic");
  mg_page_item(page, NARROW, "free",
               "gets free surfaces by `open` or `notch`; notches are cut "
               "into its two faces");
  mg_page_item(page, NARROW, "thin",
               "the thickness, along which notches run through; periodic. "
               "Rotation angles are about this axis, positive "
               "counter-clockwise seen with it toward the viewer");
  mg_page_paragraph(page, "In all outputs strain = L/L0 - 1 and stress is positive in tension: "
                          "both are negative in compression. The keys `rate` and `strain` of "
                          "`compress` are positive magnitudes; its `direction` tells which way.");
}

static void write_output(mg_page *page) {
  mg_page_paragraph(page, "A run writes into `output.directory` (or `--out DIR`); NAME is the last "
                          "part of that path. A directory that holds a run is refused unless "
                          "`--resume` or `--overwrite` is given. A file appears complete or not "
                          "at all.");
  mg_page_item(page, WIDE, "thermo.csv",
               "one row every `output.thermo`: step, time, stage, strain, "
               "stresses, temperature, energies, work, heat, pressures, "
               "box lengths; the second line holds the units");
  mg_page_item(page, WIDE, "NAME-000000.h5, ...",
               "snapshots in H5MD 1.1, sorted by atom id; "
               "always at the start and end of every "
               "`compress` and at the end of every `unload`");
  mg_page_item(page, WIDE, "NAME.xdmf", "opens the series of snapshots in ParaView");
  mg_page_item(page, WIDE, "checkpoint/",
               "the newest two checkpoints, from which --resume goes on");
  mg_page_item(page, WIDE, "run.yaml", "the input with all defaults filled in, ready to run again");
  mg_page_item(page, WIDE, "summary.yaml", "versions, rank layout, results, performance");
  char fields[1024] = "";
  for (int k = 0; mg_output_fields[k]; k++)
    mg_str_append(fields, sizeof fields, "%s%s", k ? ", " : "", mg_output_fields[k]);
  mg_page_paragraph(page,
                    "Fields of a snapshot, per atom: %s. The strain fields are there once a "
                    "reference configuration exists, which is the start of `compress`. "
                    "`output.fields` narrows the list, `output.precision` halves the size.",
                    fields);
}

static void write_parallel(mg_page *page) {
  mg_page_code(page, "sh", "mpirun -n 256 mgmd inputs/notched_compress.yaml\n");
  mg_page_paragraph(page, "Results are the same bits on any number of ranks and with any rank grid "
                          "on machines with the same instruction set, so the rank count is a "
                          "matter of speed alone. The grid is chosen to exchange least; "
                          "`parallel.grid` fixes it. `mgmd check` tells grid, memory and an "
                          "estimate of the time for the number of ranks it is started on.");
  mg_page_paragraph(page, "An error is printed once, by rank 0. Open MPI adds a notice of its own "
                          "when a program ends with an exit code other than 0; `mpirun --quiet` "
                          "leaves it out.");
}

static void write_resume(mg_page *page) {
  mg_page_code(page, "sh", "mpirun -n 64 mgmd INPUT.yaml --resume auto "
                           "--walltime 23h50m\n");
  mg_page_paragraph(page, "A checkpoint is written every `output.checkpoint` of wall-clock time "
                          "and at the end of each stage; the newest two are kept. `--resume auto` "
                          "goes on from the newest whole one, in the middle of a stage and on any "
                          "number of ranks, to the same bits as without the interruption; rows and "
                          "snapshots written after it are cut off first. Without a checkpoint the "
                          "run starts afresh; one that is done is left as it is. `--resume FILE` "
                          "goes on from that checkpoint. Stages may be added, also to a run that "
                          "is done.");
  mg_page_paragraph(page, "The input may have changed in its output, wall times, rank grid, title "
                          "and in stages that have not begun. Anything else is refused.");
  mg_page_paragraph(page, "A run saves, stops and ends with exit code 85 when asked to:");
  mg_page_item(page, NARROW, "--walltime", "before this time is over");
  mg_page_item(page, NARROW, "SLURM", "before the job's end, SLURM_JOB_END_TIME");
  mg_page_item(page, NARROW, "SIGUSR1", "sent to mpirun or to any rank; also SIGTERM and SIGINT, "
                                        "after which a launcher may leave no time to save. A "
                                        "second SIGINT ends at once");
  mg_page_item(page, NARROW, "a file `stop`",
               "in the output directory; it is then removed, and so is one from before the start");
  mg_page_paragraph(page, "Before a known end twice the time of a checkpoint is kept in reserve.");
}

static void write_exit_codes(mg_page *page) {
  mg_page_item(page, NARROW - 8, "0", "done; for `diff`: the two are equal");
  mg_page_item(page, NARROW - 8, "1",
               "the run failed, with one message: what, where, which atom; "
               "for `diff`: the two differ");
  mg_page_item(page, NARROW - 8, "2", "wrong usage or input; nothing was written");
  mg_page_item(page, NARROW - 8, "3", "internal error: please report it");
  mg_page_item(page, NARROW - 8, "85",
               "stopped early on purpose; a checkpoint was written and `--resume auto` goes on");
}

const mg_topic mg_topics[] = {
    {"input", "Input", "the input file, its settings and --set", write_input},
    {"stages", "Stages", "what can be done to a sample, in which order", write_stages},
    {"units", "Units", "the units values are written in", write_units},
    {"axes", "Axes and signs", "roles of the axes, signs of strain and stress", write_axes},
    {"output", "Output", "the files a run writes", write_output},
    {"parallel", "Parallel runs", "ranks, grids, and what mpirun adds", write_parallel},
    {"resume", "Stopping and going on", "checkpoints, --resume, what stops a run", write_resume},
    {"exit-codes", "Exit status", "what the exit codes mean", write_exit_codes},
    {0}};

/* Other words under which people look. */
static const struct {
  const char *word, *topic;
} also[] = {{"walltime", "resume"},     {"stop", "resume"},          {"stopping", "resume"},
            {"signals", "resume"},      {"checkpoint", "resume"},    {"checkpoints", "resume"},
            {"slurm", "resume"},        {"restart", "resume"},       {"exit", "exit-codes"},
            {"85", "exit-codes"},       {"mpi", "parallel"},         {"mpirun", "parallel"},
            {"ranks", "parallel"},      {"thermo", "output"},        {"thermo.csv", "output"},
            {"snapshots", "output"},    {"fields", "output"},        {"set", "input"},
            {"signs", "axes"},          {NULL, NULL}};

const mg_topic *mg_topic_find(const char *name) {
  for (int k = 0; also[k].word; k++)
    if (strcmp(also[k].word, name) == 0) name = also[k].topic;
  for (const mg_topic *t = mg_topics; t->name; t++)
    if (strcmp(t->name, name) == 0) return t;
  return NULL;
}
