/* What a run is between two steps, one row for each value. The same table saves it and loads it
 * (save.c, resume.c); what only one kind of stage knows stands in that stage's own table. Left out
 * is what follows from the input (dt, axes), what is built anew (lists, domains, forces) and what
 * only tells about speed. */
#include "mgmd/stage/run.h"

#define BOOL(name, count, member) MG_RECORD(name, BOOL, count, mg_run, member, NULL)
#define INT(name, count, member) MG_RECORD(name, INT, count, mg_run, member, NULL)
#define LONG(name, count, member) MG_RECORD(name, INT64, count, mg_run, member, NULL)
#define REAL(name, count, member, unit) MG_RECORD(name, REAL, count, mg_run, member, unit)
#define INT_IN(name, count, member, least, most)                                                   \
  MG_RECORD_IN(name, INT, count, mg_run, member, NULL, least, most)
#define LONG_IN(name, count, member, least, most)                                                  \
  MG_RECORD_IN(name, INT64, count, mg_run, member, NULL, least, most)
#define REAL_IN(name, count, member, unit, least, most)                                            \
  MG_RECORD_IN(name, REAL, count, mg_run, member, unit, least, most)
#define BOX(name, member, least)                                                                   \
  REAL_IN(name "_origin", 3, member.lo, "Angstrom", -FAR, FAR),                                    \
      REAL_IN(name "_edges", 3, member.length, "Angstrom", least, FAR),                            \
      BOOL(name "_periodic", 3, member.periodic)
#define RAMP(name, member, unit)                                                                   \
  REAL(name "_from", 1, member.from, unit), REAL(name "_to", 1, member.to, unit)
#define CHAIN(name, member)                                                                        \
  INT_IN(name "_links", 1, member.n, 0, MG_CHAIN),                                                 \
      REAL(name "_masses", MG_CHAIN, member.mass, "eV ps^2"),         \
      REAL(name "_rates", MG_CHAIN, member.rate, "1/ps")

/* Lengths that a cell may have [A], and more steps than any run takes. */
#define SHORT 0.1
#define FAR 1e9
#define EVER 1e18

const mg_record mg_run_records[] = {
    /* where the run stands */
    INT_IN("stage", 1, stage_number, 1, 1e6),
    INT_IN("part", 1, part, 0, 16),
    LONG_IN("step", 1, sim.step, 0, EVER),
    LONG_IN("stage_end", 1, stage_end, 0, EVER),
    /* the cell, and the neighbour list that the next step relies on */
    BOX("box", sim.box, SHORT),
    BOX("build_box", sim.force.box_build, 0), /* 0: no list was built yet */
    REAL_IN("skin", 1, sim.force.skin, "Angstrom", 0, 20),
    REAL("open_lower", 3, sim.force.open_lo, "Angstrom"),
    REAL("open_upper", 3, sim.force.open_hi, "Angstrom"),
    INT_IN("list_decision", 1, sim.next, MG_UNDECIDED, MG_BUILD_LIST),
    REAL("displacement", 1, sim.most_u, "Angstrom"),
    LONG("force_checksum", 1, force_checksum),
    /* energies and the ledger */
    REAL("kinetic", 3, sim.kinetic, "eV"),
    REAL("virial", 3, sim.virial, "eV"),
    REAL("work", 1, sim.work, "eV"),
    REAL("heat", 1, sim.heat, "eV"),
    /* averaged positions */
    REAL("averaging", 1, sim.averaging, "ps"),
    LONG_IN("averaged_steps", 1, sim.n_averaged, 0, EVER),
    REAL("mean_edges", 3, sim.mean_length, "Angstrom"),
    /* thermostat, barostat, strain */
    BOOL("thermostat", 1, motion.thermostat),
    RAMP("temperature", motion.temperature, "K"),
    REAL("tau_T", 1, motion.tau_T, "ps"),
    REAL("tau_P", 1, motion.tau_P, "ps"),
    INT_IN("chain_length", 1, motion.chain_length, 0, MG_CHAIN),
    INT_IN("axis_modes", 3, motion.mode, MG_AXIS_FIXED, MG_AXIS_DEFORM),
    BOOL("coupled", 1, motion.coupled),
    RAMP("pressure_x", motion.pressure[0], "eV/Angstrom^3"),
    RAMP("pressure_y", motion.pressure[1], "eV/Angstrom^3"),
    RAMP("pressure_z", motion.pressure[2], "eV/Angstrom^3"),
    REAL("areas", 3, motion.area, "Angstrom^2"),
    BOOL("use_areas", 1, motion.use_area),
    REAL("strain_rate", 1, motion.strain_rate, "1/ps"),
    REAL("strain_length", 1, motion.length0, "Angstrom"),
    REAL("strain_start", 1, motion.strain0, NULL),
    BOOL("velocity_coupling", 1, motion.velocity_coupling),
    LONG_IN("motion_start", 1, motion.start_step, 0, EVER),
    LONG_IN("motion_steps", 1, motion.n_steps, 0, EVER),
    REAL("most_temperature", 1, motion.most_temperature, "K"),
    CHAIN("atom_chain", motion.atoms),
    CHAIN("cell_chain", motion.cell),
    REAL("cell_mass", 1, motion.mass_cell, "eV ps^2"),
    REAL("cell_rates", 3, motion.w, "1/ps"),
    REAL("pending", 3, motion.pending, NULL),
    /* the specimen */
    REAL("atomic_volume", 1, sim.sample.atomic_volume, "Angstrom^3"),
    REAL("notch_depth", 1, sim.sample.notch_depth, "Angstrom"),
    REAL("notch_height", 1, sim.sample.notch_height, "Angstrom"),
    REAL("length0", 1, sim.sample.length0, "Angstrom"),
    REAL("width0", 1, sim.sample.width0, "Angstrom"),
    REAL("thickness0", 1, sim.sample.thickness0, "Angstrom"),
    REAL("sample_strain_rate", 1, sim.sample.strain_rate, "1/ps"),
    REAL("sample_temperature", 1, sim.sample.temperature, "K"),
    REAL("sample_pressure", 3, sim.sample.pressure, "GPa"),
    REAL("face_gap0", 1, sim.sample.face_gap0, "Angstrom"),
    REAL("width", 1, width, "Angstrom"),
    REAL("thickness", 1, thickness, "Angstrom"),
    BOX("reference", reference_box, 0), /* 0: there is none */
    /* results so far */
    REAL("youngs_modulus", 1, results.youngs_modulus, "GPa"),
    REAL("peak_stress", 1, results.peak_stress, "GPa"),
    REAL("peak_strain", 1, results.peak_strain, NULL),
    REAL("final_strain", 1, results.final_strain, NULL),
    REAL("residual_strain", 1, results.residual_strain, NULL),
    /* the last row of thermo.csv */
    LONG("row_step", 1, last.step),
    REAL("row_time", 1, last.time, "ps"),
    REAL("row_temperature", 1, last.temperature, "K"),
    REAL("row_potential_energy", 1, last.potential_energy, "eV"),
    REAL("row_kinetic_energy", 1, last.kinetic_energy, "eV"),
    REAL("row_conserved", 1, last.conserved, "eV"),
    REAL("row_work", 1, last.work, "eV"),
    REAL("row_heat", 1, last.heat, "eV"),
    REAL("row_pressure", 6, last.pressure, "GPa"),
    REAL("row_force", 3, last.force, "eV/Angstrom"),
    REAL("row_length", 3, last.length, "Angstrom"),
    /* what was written */
    INT_IN("snapshots", 1, n_snapshots, 0, 1000000),
    LONG_IN("thermo_bytes", 1, thermo_mark.length, 0, EVER),
    LONG("thermo_hash", 1, thermo_mark.hash),
    {.name = NULL}};
