// What replaces the multiplications that Barretenberg's compiler inlined (scripts/multiplications.mjs): included by the
// generated code. Arithmetic on numbers alone: nothing here takes an address from the sandbox.
#ifndef PROVER_FIELD_MULTIPLY_H
#define PROVER_FIELD_MULTIPLY_H

#include <stdint.h>

#pragma GCC visibility push(hidden)

// out = a b / 2^261 mod p, or mod r; field.h. Any eight words; the result is below 1.17 p.
void prover_multiply_base(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]);
void prover_multiply_scalar(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]);

#define PROVER_DEFINE_MULTIPLY(field)                                                                                \
  static inline __attribute__((always_inline, unused)) void field_multiply_##field(                                  \
      uint64_t out[4], uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t b0, uint64_t b1, uint64_t b2,    \
      uint64_t b3) {                                                                                                 \
    const uint64_t a[4] = { a0, a1, a2, a3 }, b[4] = { b0, b1, b2, b3 };                                             \
    prover_multiply_##field(out, a, b);                                                                              \
  }
PROVER_DEFINE_MULTIPLY(base)
PROVER_DEFINE_MULTIPLY(scalar)
#undef PROVER_DEFINE_MULTIPLY

#pragma GCC visibility pop

#endif
