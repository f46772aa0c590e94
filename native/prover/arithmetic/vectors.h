// Arithmetic on rows of elements in one of the two fields, eight at a time: for CPUs with AVX-512 and IFMA.
#ifndef PROVER_VECTORS_H
#define PROVER_VECTORS_H

#include <stdint.h>

typedef struct vectors_field {
  uint64_t modulus[5]; // in limbs of 52 bits
  uint64_t twice[5];   // 2 p
  uint64_t negative_inverse; // -1 / p mod 2^52
} vectors_field;

#pragma GCC visibility push(hidden)

extern const vectors_field vectors_base, vectors_scalar;

// Elements are 32 bytes at any address. Products are as field.h has them: any eight words, results below 1.17 p.
// Nothing is touched but `count` elements of each row. A row may be the other, but not overlap it otherwise.
void vectors_multiply(uint8_t* to, const uint8_t* from, uint32_t count, const vectors_field* field);
void vectors_scale(uint8_t* to, const uint64_t by[4], uint32_t count, const vectors_field* field);
// to[i] = from[2 i] + (from[2 i + 1] - from[2 i]) * by for half of `count` elements, rounded up; one more than the last is zero.
// Elements below 2 p. `to` may be `from`: what is read is read before it is written.
void vectors_fold(uint8_t* to, const uint8_t* from, const uint64_t by[4], uint32_t count, const vectors_field* field);

#pragma GCC visibility pop

#endif
