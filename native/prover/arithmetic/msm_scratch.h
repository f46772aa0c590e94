// What msm.c and msm_fold.c share: the scratch of one multi-scalar multiplication.
#ifndef PROVER_MSM_SCRATCH_H
#define PROVER_MSM_SCRATCH_H

#include "batch_add.h"
#include "split.h"

enum {
  MAX_LENGTH = 256, // of a scalar, in bits
  MIN_DIGIT_BITS = 2,
  MAX_DIGIT_BITS = 15,
  // Of all windows that are done together.
  MAX_BUCKETS = 1 << (MAX_DIGIT_BITS - 1),
  // The entries of a set of more than one window.
  SET_ENTRIES = 1 << 16,
  // More points than this are several sums, so that scratch has a limit.
  MSM_CHUNK = 1 << 18,
  // Up to here scalars are split. It saves a tenth of the work for few points, a twentieth for many, and takes twice the memory.
  SPLIT_POINTS = 1 << 14,
  // Points that are halved together; half of them are the pairs of the first round.
  GROUP_POINTS = 2 * BATCH_PAIRS,
  // Additions of a batch of the fold.
  FOLD_PAIRS = BATCH_PAIRS,
  // Places in the array of points.
  BUCKET_AT = 0, // bucket b at b - 1, over all windows of the set
  GROUP_AT = BUCKET_AT + MAX_BUCKETS,
  TERM_AT = GROUP_AT + GROUP_POINTS,
};

// A key is a bucket of the set, from 1, and whether to negate; 0 for a digit that is 0.
#define KEY_NEGATED 0x8000u
_Static_assert(MAX_BUCKETS < KEY_NEGATED, "a key has 16 bits");

// No point. Any place beside it is less than 2^20, with or without BATCH_NEGATED.
#define NO_PLACE 0xffffffffu

typedef struct scratch {
  const batch_way* way;
  uint32_t count, padded; // points, and up to a multiple of 8
  uint32_t terms;         // `padded` twice when scalars are split, else `count`
  bool split, any_neutral;
  uint32_t lengths[MAX_LENGTH + 1];  // scalars by their length
  batch pairs;
  batch_room room;
  uint32_t slots[GROUP_POINTS];      // places of a group that are still to be added up
  uint32_t bucket_of[GROUP_POINTS];  // per bucket in the group
  uint32_t left_in[GROUP_POINTS];    // the same: how many slots
  uint32_t end_of[MAX_BUCKETS + 2];  // where a bucket's part of `order` ends
  uint32_t bucket[MAX_BUCKETS];      // the place of bucket b at b - 1: its own, or a term's
  uint64_t neutral[MSM_CHUNK / 64];  // a bit a point
  // Behind this struct, by count:
  half_scalar* halves; // a term's, when scalars are split
  uint32_t* order;     // places of terms by bucket
  uint16_t* keys;      // of term i, window k of n: i n + k
  _Alignas(64) curve_point points[];
} scratch;

typedef struct digits {
  unsigned bits;
  unsigned windows;
  uint32_t buckets; // 2^(bits - 1)
} digits;

typedef struct layout {
  size_t halves, order, keys, bytes;
} layout;

static inline layout layout_of(uint32_t count) {
  size_t padded = (count + 7) / 8 * 8, terms = count <= SPLIT_POINTS ? 2 * padded : padded;
  size_t entries = terms > SET_ENTRIES ? terms : SET_ENTRIES;
  layout l;
  l.halves = sizeof(scratch) + (TERM_AT + terms) * sizeof(curve_point);
  l.order = l.halves + (count <= SPLIT_POINTS ? terms * sizeof(half_scalar) : 0);
  l.keys = l.order + entries * sizeof(uint32_t);
  l.bytes = l.keys + entries * sizeof(uint16_t);
  return l;
}

static inline scratch* lay_out(void* memory, uint32_t count) {
  layout l = layout_of(count);
  scratch* s = memory;
  s->count = count;
  s->padded = (count + 7) / 8 * 8;
  s->split = count <= SPLIT_POINTS;
  s->terms = s->split ? 2 * s->padded : count;
  s->halves = (half_scalar*)((uint8_t*)memory + l.halves);
  s->order = (uint32_t*)((uint8_t*)memory + l.order);
  s->keys = (uint16_t*)((uint8_t*)memory + l.keys);
  return s;
}

// How many windows a set has: their buckets and their entries have room.
static inline unsigned windows_together(const scratch* s, digits d) {
  unsigned by_buckets = MAX_BUCKETS / d.buckets, by_entries = SET_ENTRIES / s->terms;
  if (by_entries < 1) by_entries = 1;
  unsigned windows = by_buckets < by_entries ? by_buckets : by_entries;
  return windows < GROUP_POINTS / MAX_DIGIT_BITS ? windows : GROUP_POINTS / MAX_DIGIT_BITS; // add_set
}

#pragma GCC visibility push(hidden)
// Step 5. Leaves in bucket 1 of each window the sum of all its buckets, and in bucket 1 + 2^k what 2^k is to be multiplied by: the
// window's sum is bucket 1 + the sum of 2^k * bucket (1 + 2^k).
void msm_fold(scratch* s, unsigned windows, uint32_t buckets);
#pragma GCC visibility pop

#endif
