#include "mgmd/analysis/strain_columns.h"

#include "mgmd/io/fields.h"

#include <string.h>

int mg_strain_columns(const mg_reference *reference, const mg_strain *s,
                      mg_column columns[MG_STRAIN_COLUMNS]) {
  const mg_column all[MG_STRAIN_COLUMNS] = {
      mg_field_column("von_mises_strain", s->von_mises),
      mg_field_column("volumetric_strain", s->volumetric),
      mg_field_column("volume_change", s->volume_change),
      mg_field_column("rotation_angle", s->rotation),
      mg_field_column("strain", s->strain),
      mg_field_column("strain_12", s->strain_12),
      mg_field_column("d2min", s->d2min),
      mg_field_column("strain_valid", s->valid),
      mg_field_column("reference_position", mg_reference_positions(reference))};
  memcpy(columns, all, sizeof all);
  return MG_STRAIN_COLUMNS;
}
