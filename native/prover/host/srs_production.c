// The production library's label. scripts/archive.mjs links exactly one of srs_production.c and srs_dev.c, together
// with the data segments that carry the matching anchor.
#include "internal.h"

const char prover_srs_kind[] = "ignition";
