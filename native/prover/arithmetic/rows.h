// Arithmetic on rows of elements in one of the two fields, four or eight at a time.
#ifndef PROVER_ROWS_H
#define PROVER_ROWS_H

#include <stdbool.h>
#include <stdint.h>

// Elements are 32 bytes at any address. Products are as field.h has them: any eight words, results below 1.17 p. Nothing is touched but
// `count` elements of each row. A row may be the other, but not overlap it otherwise.
typedef struct rows_way {
  // to[i] = to[i] * from[i]
  void (*multiply)(uint8_t* to, const uint8_t* from, uint32_t count, bool in_base);
  // to[i] = to[i] * by
  void (*scale)(uint8_t* to, const uint64_t by[4], uint32_t count, bool in_base);
  // In the scalar field, of elements below 2 p: to[i] = from[2 i] + (from[2 i + 1] - from[2 i]) * by for half of `count`, rounded up; one
  // more than the last is zero. `to` may be `from`: what is read is read before it is written.
  void (*fold)(uint8_t* to, const uint8_t* from, const uint64_t by[4], uint32_t count);
} rows_way;

#pragma GCC visibility push(hidden)
extern const rows_way rows_avx2, rows_avx512f, rows_ifma;
#pragma GCC visibility pop

#endif
