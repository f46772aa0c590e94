// Rows of elements with AVX-512 and IFMA, eight at a time.
#define ROWS_WAY rows_ifma
#include "element_ifma.h"

#include "rows_lanes.h"
