// Many additions of points at the price of one inversion.
#ifndef PROVER_BATCH_ADD_H
#define PROVER_BATCH_ADD_H

#include "curve.h"

// A pair: points[to] becomes points[to] + points[from].
typedef struct batch_pair {
  uint32_t to, from;
} batch_pair;

enum { BATCH_LANES = 8, BATCH_PAD_POINTS = BATCH_LANES + 1 };

// Room for eight pairs of a batch.
typedef struct batch_room {
  _Alignas(64) uint64_t words[12][BATCH_LANES];
} batch_room;
#define BATCH_ROOM_BYTES(pairs) (sizeof(batch_room) * (((size_t)(pairs) + BATCH_LANES - 1) / BATCH_LANES))

// Adds `count` pairs as if at once: every `from` and every `to` is read as it was before. No two pairs have the same `to`.
// Points are canonical and finite, results are too; the points of a pair are equal or have different x.
// The BATCH_PAD_POINTS points at `pad` are scratch. False, with nothing changed, when a slope has a zero denominator:
// a point with y = 0, of which the curve has none.
typedef bool batch_add(curve_point* points, const batch_pair* pairs, uint32_t count, uint32_t pad, batch_room* room);

#pragma GCC visibility push(hidden)
batch_add batch_add_scalar, batch_add_avx512f, batch_add_ifma;
#pragma GCC visibility pop

#endif
