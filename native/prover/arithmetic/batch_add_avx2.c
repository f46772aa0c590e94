// Additions with AVX2 and FMA, which every CPU has that the library runs on, four at a time.
#define BATCH_WAY batch_avx2
#include "element_29.h"

#include "batch_add_lanes.h"
