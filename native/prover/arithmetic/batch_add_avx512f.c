// Additions with AVX-512 without IFMA, eight at a time.
#define BATCH_WAY batch_avx512f
#include "element_29.h"

#include "batch_add_lanes.h"
