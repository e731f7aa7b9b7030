#include "mgmd/stage/stage.h"

#include <stddef.h>

extern const mg_stage_type mg_stage_create, mg_stage_read, mg_stage_minimize, mg_stage_run,
    mg_stage_quench, mg_stage_replicate, mg_stage_open, mg_stage_notch, mg_stage_compress,
    mg_stage_unload, mg_stage_analyze, mg_stage_write;

const mg_stage_type *const mg_stage_types[] = {&mg_stage_create,
                                               &mg_stage_read,
                                               &mg_stage_minimize,
                                               &mg_stage_run,
                                               &mg_stage_quench,
                                               &mg_stage_replicate,
                                               &mg_stage_open,
                                               &mg_stage_notch,
                                               &mg_stage_compress,
                                               &mg_stage_unload,
                                               &mg_stage_analyze,
                                               &mg_stage_write,
                                               NULL};
