// Multi-scalar multiplication: the sum of scalar * point over many pairs.
#ifndef PROVER_MSM_H
#define PROVER_MSM_H

#include <stddef.h>

#include "curve.h"

// Where a module keeps it. Addresses are the module's, 32 bits, and may be anything: `memory` is a reservation in which
// any 32-bit address plus 64 bytes can be touched (or faults, and the instance ends).
typedef struct msm_input {
  const uint8_t* memory;
  uint32_t scalars; // four words each, below 2^254, not in Montgomery's form
  uint32_t points;  // x, y, eight words; the top bit of x means the neutral element
  uint32_t indices; // which scalars and points to take
  uint32_t count;
} msm_input;

#pragma GCC visibility push(hidden)
// Bytes of scratch that msm_compute needs for this many points; the same for all above MSM_CHUNK.
size_t msm_scratch_bytes(uint32_t count);
// `scratch` is aligned to 64 bytes; what it holds before does not matter. All that is read from the module's memory is
// either used as a number or as an address in that memory, or kept in `scratch` and checked there: another thread of
// the module may change it at any time.
curve_jacobian msm_compute(const msm_input* input, void* scratch);
#pragma GCC visibility pop

#endif
