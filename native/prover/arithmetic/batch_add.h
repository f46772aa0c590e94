// Many additions of points at the price of one inversion, four or eight at a time.
#ifndef PROVER_BATCH_ADD_H
#define PROVER_BATCH_ADD_H

#include "curve.h"

enum {
  BATCH_PAIRS = 2048, // at most
  BATCH_PAD = 16,     // room after the last pair
};

// A place in an array of points, and whether the point is to be negated.
#define BATCH_NEGATED 0x80000000u

// points[out] becomes points[a] + points[b]. No pair reads a place that another writes. After its last pair a batch is scratch.
typedef struct batch {
  uint32_t count;
  uint32_t a[BATCH_PAIRS + BATCH_PAD], b[BATCH_PAIRS + BATCH_PAD], out[BATCH_PAIRS + BATCH_PAD];
} batch;

// What the additions keep between their two passes: 26 words a pair.
typedef struct batch_room {
  _Alignas(64) uint64_t words[(BATCH_PAIRS + BATCH_PAD) * 26];
} batch_room;

// The ways to add, by what the CPU has. Each has a form of points of its own (its `R` and what is in element_*.h), in which
// coordinates are below 2^255; a set top bit in x marks the neutral element.
typedef struct batch_way {
  // From the module's form to the way's, in place: points with a clear top bit in x, and any other words. `turned`, unless it is
  // null, becomes the points with x times curve_cube_root. All counts are rounded up to a multiple of 8, the arrays with them.
  void (*take)(curve_point* points, curve_point* turned, uint32_t count);
  // Back: coordinates below 2 p.
  void (*give)(curve_point* points, uint32_t count);
  // Does the batch, of at least one pair of finite points. Returns how many of the sums are neutral; they are marked.
  uint32_t (*add)(curve_point* points, batch* pairs, batch_room* room);
} batch_way;

#pragma GCC visibility push(hidden)
extern const batch_way batch_avx2, batch_avx512f, batch_ifma;
#pragma GCC visibility pop

static inline bool batch_is_neutral(const curve_point* p) { return p->x.word[3] >> 63; }

#endif
