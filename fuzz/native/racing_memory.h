// Included before msm.c: what is copied out of the module's memory may be different each time, as if other threads of the
// module wrote between any two reads.
#ifndef FUZZ_RACING_MEMORY_H
#define FUZZ_RACING_MEMORY_H

#include <string.h>

void* racing_memcpy(void* to, const void* from, size_t bytes);
#define memcpy racing_memcpy

#endif
