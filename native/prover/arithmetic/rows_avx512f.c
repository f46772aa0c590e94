// Rows of elements with AVX-512F, eight at a time.
#define ROWS_WAY rows_avx512f
#include "element_29.h"

#include "rows_lanes.h"
