// Rows of elements with AVX2, which every CPU has that the library runs on, four at a time.
#define ROWS_WAY rows_avx2
#include "element_29.h"

#include "rows_lanes.h"
