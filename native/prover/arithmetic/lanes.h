// Vectors of 64-bit numbers, of which each lane belongs to another element: eight where the file that includes this is compiled
// for AVX-512, four for AVX2. Who includes it has said how many LIMBS an element has. And points, eight words in a row, to lanes and back.
#ifndef PROVER_LANES_H
#define PROVER_LANES_H

#include <immintrin.h>

#include "curve.h"

#ifdef __AVX512F__
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif

typedef uint64_t lanes __attribute__((vector_size(8 * LANES), may_alias));
typedef int64_t signed_lanes __attribute__((vector_size(8 * LANES)));

// Limbs that were added and subtracted and have no carries between them yet: signed.
typedef struct columns {
  lanes limb[LIMBS];
} columns;

#define LANES_INLINE static inline __attribute__((always_inline, unused))

LANES_INLINE lanes broadcast(uint64_t value) { return value - (lanes){ 0 }; }

LANES_INLINE columns columns_add(columns a, columns b) {
  for (int i = 0; i < LIMBS; i++) a.limb[i] += b.limb[i];
  return a;
}

LANES_INLINE columns columns_subtract(columns a, columns b) {
  for (int i = 0; i < LIMBS; i++) a.limb[i] -= b.limb[i];
  return a;
}

// -a in the lanes that are all ones in `negative`, a where that is zero.
LANES_INLINE columns columns_negate(columns a, lanes negative) {
  for (int i = 0; i < LIMBS; i++) a.limb[i] = (a.limb[i] ^ negative) - negative;
  return a;
}

// ---- Rows and lanes

// Word k of the coordinates in lane l is word k of point l.
typedef struct point_words {
  lanes x[4], y[4];
} point_words;

#ifdef __AVX512F__
// Row l, column k becomes row k, column l.
LANES_INLINE void transpose(lanes r[8]) {
  lanes a[8], b[8];
  for (int i = 0; i < 8; i += 2) {
    a[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    a[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += 4) {
    for (int k = 0; k < 2; k++) {
      b[i + k] = __builtin_shufflevector(a[i + k], a[i + k + 2], 0, 1, 4, 5, 8, 9, 12, 13);
      b[i + k + 2] = __builtin_shufflevector(a[i + k], a[i + k + 2], 2, 3, 6, 7, 10, 11, 14, 15);
    }
  }
  for (int k = 0; k < 4; k++) {
    r[k] = __builtin_shufflevector(b[k], b[k + 4], 0, 1, 4, 5, 8, 9, 12, 13);
    r[k + 4] = __builtin_shufflevector(b[k], b[k + 4], 2, 3, 6, 7, 10, 11, 14, 15);
  }
}

LANES_INLINE point_words load_points(const curve_point* points, const uint32_t index[LANES]) {
  lanes rows[8];
  for (int lane = 0; lane < LANES; lane++) rows[lane] = *(const lanes*)&points[index[lane]];
  transpose(rows);
  point_words p;
  for (int k = 0; k < 4; k++) p.x[k] = rows[k], p.y[k] = rows[k + 4];
  return p;
}

LANES_INLINE void store_points(curve_point* points, const uint32_t index[LANES], point_words p) {
  lanes rows[8];
  for (int k = 0; k < 4; k++) rows[k] = p.x[k], rows[k + 4] = p.y[k];
  transpose(rows);
  for (int lane = 0; lane < LANES; lane++) *(lanes*)&points[index[lane]] = rows[lane];
}
#else
LANES_INLINE void transpose(lanes r[4]) {
  lanes a[4];
  for (int i = 0; i < 4; i += 2) {
    a[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 4, 2, 6);
    a[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 5, 3, 7);
  }
  for (int k = 0; k < 2; k++) {
    r[k] = __builtin_shufflevector(a[k], a[k + 2], 0, 1, 4, 5);
    r[k + 2] = __builtin_shufflevector(a[k], a[k + 2], 2, 3, 6, 7);
  }
}

LANES_INLINE point_words load_points(const curve_point* points, const uint32_t index[LANES]) {
  point_words p;
  for (int lane = 0; lane < LANES; lane++) {
    p.x[lane] = *(const lanes*)&points[index[lane]].x;
    p.y[lane] = *(const lanes*)&points[index[lane]].y;
  }
  transpose(p.x);
  transpose(p.y);
  return p;
}

LANES_INLINE void store_points(curve_point* points, const uint32_t index[LANES], point_words p) {
  transpose(p.x);
  transpose(p.y);
  for (int lane = 0; lane < LANES; lane++) {
    *(lanes*)&points[index[lane]].x = p.x[lane];
    *(lanes*)&points[index[lane]].y = p.y[lane];
  }
}
#endif

// Lane l is all ones where the top bit of flags[l] is set.
LANES_INLINE lanes top_bits(const uint32_t flags[LANES]) {
  typedef int32_t narrow __attribute__((vector_size(4 * LANES)));
  narrow n;
  memcpy(&n, flags, sizeof n);
  return (lanes)__builtin_convertvector(n >> 31, signed_lanes);
}

#endif
