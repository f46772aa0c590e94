// Additions with AVX-512 and IFMA, eight at a time.
#define BATCH_WAY batch_ifma
#include "element_ifma.h"

#include "batch_add_lanes.h"
