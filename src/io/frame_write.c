#include "mgmd/io/frame_write.h"

#include "mgmd/base/mem.h"
#include "mgmd/io/fields.h"
#include "mgmd/io/writer.h"

#include <string.h>

static mg_status take_atoms(const mg_frame *frame, mg_frame_view *v) {
  const mg_atoms *atoms = &frame->atoms;
  MG_TRY(MG_NEW(v->x, atoms->n));
  MG_TRY(MG_NEW(v->image, atoms->n));
  MG_TRY(MG_NEW(v->mass, atoms->n));
  MG_TRY(MG_NEW(v->columns, MG_FRAME_COLUMNS + frame->n_fields));
  for (int32_t i = 0; i < atoms->n; i++) {
    memcpy(v->x[i], atoms->x[i], sizeof v->x[i]);
    if (frame->has_image) memcpy(v->image[i], atoms->image[i], sizeof v->image[i]);
    mg_box_wrap(&frame->box, v->x[i], v->image[i]);
    v->mass[i] = frame->species.mass[atoms->species[i]];
  }
  return MG_OK;
}

static void list_columns(const mg_frame *frame, mg_frame_view *v) {
  mg_column *next = v->columns;
  *next++ = mg_field_column("position", v->x);
  *next++ = mg_field_column("image", v->image);
  *next++ = mg_field_column("species", frame->atoms.species);
  *next++ = mg_field_column("mass", v->mass);
  if (frame->has_velocity) *next++ = mg_field_column("velocity", frame->atoms.v);
  if (frame->has_reference) *next++ = mg_field_column("reference_position", frame->reference);
  for (int k = 0; k < frame->n_fields; k++) {
    const mg_frame_field *f = &frame->fields[k];
    *next++ = (mg_column){f->name, f->unit, f->description, f->ctype, f->components, f->data};
  }
  v->sets[0] =
      (mg_column_set){frame->atoms.n, frame->atoms.id, (int)(next - v->columns), v->columns};
}

static mg_status list_observables(const mg_frame_story *story, mg_frame_view *v) {
  MG_TRY(MG_NEW(v->observables, story->n_observables));
  for (int k = 0; k < story->n_observables; k++) {
    const mg_frame_observable *from = &story->observables[k];
    v->observables[k] = (mg_observable){.name = from->name,
                                        .unit = from->unit,
                                        .description = from->description,
                                        .components = from->components};
    memcpy(v->observables[k].value, from->value, sizeof from->value);
  }
  return MG_OK;
}

static mg_status list_arrays(const mg_frame_story *story, mg_frame_view *v) {
  MG_TRY(MG_NEW(v->arrays, story->n_arrays));
  for (int k = 0; k < story->n_arrays; k++) {
    const mg_frame_array *a = &story->arrays[k];
    v->arrays[k] = (mg_array){
        a->path, a->unit, NULL, a->ctype, a->rank, {a->dims[0], a->dims[1], a->dims[2]}, a->data};
  }
  return MG_OK;
}

mg_status mg_frame_view_make(const mg_frame *frame, mg_frame_view *view) {
  memset(view, 0, sizeof *view);
  MG_TRY(take_atoms(frame, view));
  MG_TRY(list_observables(&frame->story, view));
  MG_TRY(list_arrays(&frame->story, view));
  list_columns(frame, view);
  view->snapshot = (mg_snapshot){.step = frame->step,
                                 .time = frame->time,
                                 .box = frame->box,
                                 .axes = frame->axes,
                                 .sample = frame->sample,
                                 .species = &frame->species,
                                 .title = frame->story.title,
                                 .stage = frame->story.stage,
                                 .resolved_input = frame->story.input,
                                 .provenance = frame->story.provenance,
                                 .has_reference = frame->has_reference,
                                 .reference_box = frame->reference_box,
                                 .n_observables = frame->story.n_observables,
                                 .observables = view->observables,
                                 .n_arrays = frame->story.n_arrays,
                                 .arrays = view->arrays,
                                 .n_sets = 1,
                                 .sets = view->sets};
  return MG_OK;
}

void mg_frame_view_clear(mg_frame_view *view) {
  mg_free(view->x);
  mg_free(view->image);
  mg_free(view->mass);
  mg_free(view->columns);
  mg_free(view->observables);
  mg_free(view->arrays);
  memset(view, 0, sizeof *view);
}

mg_status mg_frame_write(const mg_comm *comm, const char *path, const mg_frame *frame) {
  mg_frame_view view;
  mg_writer *writer = NULL;
  mg_status status = mg_agree(comm, mg_frame_view_make(frame, &view));
  if (status == MG_OK) status = mg_writer_open(comm, path, 1, false, &writer);
  if (status == MG_OK) status = mg_writer_put(writer, &view.snapshot);
  status = mg_writer_close(&writer, status);
  mg_frame_view_clear(&view);
  return status;
}
