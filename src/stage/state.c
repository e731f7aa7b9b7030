/* What a run is between two steps, one row for each value. The same table saves it and loads it
 * (save.c, resume.c); what only one kind of stage knows stands in that stage's own table. Left out
 * is what follows from the input (dt, axes), what is built anew (lists, domains, forces) and what
 * only tells about speed. */
#include "mgmd/stage/run.h"

#define BOOL(name, count, member) MG_RECORD(name, BOOL, count, mg_run, member, NULL)
#define INT(name, count, member) MG_RECORD(name, INT, count, mg_run, member, NULL)
#define LONG(name, count, member) MG_RECORD(name, INT64, count, mg_run, member, NULL)
#define REAL(name, count, member, unit) MG_RECORD(name, REAL, count, mg_run, member, unit)
#define BOX(name, member)                                                                          \
  REAL(name "_origin", 3, member.lo, "Angstrom"),                                                  \
      REAL(name "_edges", 3, member.length, "Angstrom"),                                           \
      BOOL(name "_periodic", 3, member.periodic)
#define RAMP(name, member, unit)                                                                   \
  REAL(name "_from", 1, member.from, unit), REAL(name "_to", 1, member.to, unit)
#define CHAIN(name, member)                                                                        \
  INT(name "_links", 1, member.n), REAL(name "_masses", MG_CHAIN, member.mass, "eV ps^2"),         \
      REAL(name "_rates", MG_CHAIN, member.rate, "1/ps")

const mg_record mg_run_records[] = {
    /* where the run stands */
    INT("stage", 1, stage_number),
    INT("part", 1, part),
    LONG("step", 1, sim.step),
    LONG("stage_end", 1, stage_end),
    /* the cell, and the neighbour list that the next step relies on */
    BOX("box", sim.box),
    BOX("build_box", sim.force.box_build),
    REAL("skin", 1, sim.force.skin, "Angstrom"),
    REAL("open_lower", 3, sim.force.open_lo, "Angstrom"),
    REAL("open_upper", 3, sim.force.open_hi, "Angstrom"),
    INT("list_decision", 1, sim.next),
    REAL("displacement", 1, sim.most_u, "Angstrom"),
    LONG("force_checksum", 1, force_checksum),
    /* energies and the ledger */
    REAL("kinetic", 3, sim.kinetic, "eV"),
    REAL("virial", 3, sim.virial, "eV"),
    REAL("work", 1, sim.work, "eV"),
    REAL("heat", 1, sim.heat, "eV"),
    /* averaged positions */
    REAL("averaging", 1, sim.averaging, "ps"),
    LONG("averaged_steps", 1, sim.n_averaged),
    REAL("mean_edges", 3, sim.mean_length, "Angstrom"),
    /* thermostat, barostat, strain */
    BOOL("thermostat", 1, motion.thermostat),
    RAMP("temperature", motion.temperature, "K"),
    REAL("tau_T", 1, motion.tau_T, "ps"),
    REAL("tau_P", 1, motion.tau_P, "ps"),
    INT("chain_length", 1, motion.chain_length),
    INT("axis_modes", 3, motion.mode),
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
    LONG("motion_start", 1, motion.start_step),
    LONG("motion_steps", 1, motion.n_steps),
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
    BOX("reference", reference_box),
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
    INT("snapshots", 1, n_snapshots),
    LONG("thermo_bytes", 1, thermo_bytes),
    {.name = NULL}};
