// Multi-scalar multiplication by buckets: N. Pippenger, "On the evaluation of powers and related problems" (FOCS 1976),
// as in D. J. Bernstein, J. Doumen, T. Lange, J.-J. Oosterwijk, "Faster batch forgery identification" (INDOCRYPT 2012).
//
// 1. Scalars are read as digits of c bits in -2^(c-1) .. 2^(c-1) (A. D. Booth, 1951): digit w is the number in bits
//    w c .. w c + c - 1, read as signed, plus the bit below. So no carry runs from one digit to the next.
// 2. For each digit position (window), points are sorted by digit: those with digit d or -d go to bucket |d|, the latter
//    negated. Buckets are summed up by halving: points of a bucket in pairs, their sums in pairs, and so on; all pairs of a
//    round, over many buckets, are one batch (batch_add.h).
// 3. The window's sum is sum of b * bucket b. Buckets are cut into segments of equal length; in all segments at the same
//    time, from the top down, `run` collects buckets and `sum` collects runs, so that sum = sum of (position in segment) *
//    bucket. Those additions are again batches. The segments' sums and runs are put together in Jacobian coordinates.
// 4. result = 2^c result + window, from the top window down.
#include "msm.h"

#include "batch_add.h"

enum {
  SCALAR_BITS = 254,
  MIN_DIGIT_BITS = 2,
  MAX_DIGIT_BITS = 15,
  MAX_BUCKETS = 1 << (MAX_DIGIT_BITS - 1),
  // More points than this are several sums, so that scratch has a limit.
  MSM_CHUNK = 1 << 18,
  // Points that are halved together: half a megabyte, so that they stay in the second-level cache.
  GROUP_POINTS = 8192,
  MAX_SEGMENTS = 256,
  MAX_BATCH = GROUP_POINTS / 2 > 2 * MAX_SEGMENTS ? GROUP_POINTS / 2 : 2 * MAX_SEGMENTS,
  // Places in the array of points.
  BUCKET_AT = 0, // bucket b at b - 1
  GROUP_AT = BUCKET_AT + MAX_BUCKETS,
  RUN_AT = GROUP_AT + GROUP_POINTS,
  SUM_AT = RUN_AT + MAX_SEGMENTS,
  PAD_AT = SUM_AT + MAX_SEGMENTS,
  POINT_COUNT = PAD_AT + BATCH_PAD_POINTS,
};

// An entry of a window's order: an index into the module's points (64 bytes each in 32 bits of address: 26 bits are
// all), and whether to negate.
#define NEGATED 0x80000000u
#define INDEX_MASK 0x03ffffffu

typedef struct scratch {
  curve_point points[POINT_COUNT];
  batch_room room[(MAX_BATCH + BATCH_LANES - 1) / BATCH_LANES];
  batch_pair pairs[MAX_BATCH];
  uint32_t slots[GROUP_POINTS];         // of the points of a group that are still to be added up
  uint32_t bucket_of[GROUP_POINTS];     // per bucket in the group
  uint32_t left_in[GROUP_POINTS];       // the same: how many slots
  uint32_t end_of[MAX_BUCKETS + 2];     // where a bucket's part of `order` ends
  bool filled[MAX_BUCKETS];
  bool has_run[MAX_SEGMENTS], has_sum[MAX_SEGMENTS];
  batch_add* add;
  _Alignas(64) uint32_t order[];        // count entries, then count digits
} scratch;

typedef struct digits {
  unsigned bits;
  unsigned windows;
  uint32_t buckets; // 2^(bits - 1)
} digits;

size_t msm_scratch_bytes(uint32_t count) {
  size_t n = count < MSM_CHUNK ? count : MSM_CHUNK;
  return sizeof(scratch) + n * (sizeof(uint32_t) + sizeof(int16_t));
}

static batch_add* best_batch_add(void) {
  switch (prover_has_vectors) {
    case PROVER_VECTORS_IFMA: return batch_add_ifma;
    case PROVER_VECTORS_AVX512F: return batch_add_avx512f;
    case PROVER_VECTORS_NONE: break;
  }
  return batch_add_scalar;
}

// The digits with the least work, counted in additions: one a point and window, two a bucket and window (and what a batch
// costs beyond its additions), and the segments' end.
static digits choose_digits(uint32_t count) {
  digits best = { 0 };
  uint64_t least = UINT64_MAX;
  for (unsigned bits = MIN_DIGIT_BITS; bits <= MAX_DIGIT_BITS; bits++) {
    digits d = { .bits = bits, .windows = SCALAR_BITS / bits + 1, .buckets = 1u << (bits - 1) };
    uint64_t cost = d.windows * ((uint64_t)count + 3ull * d.buckets + 1000);
    if (cost < least) {
      least = cost;
      best = d;
    }
  }
  return best;
}

static uint32_t read_index(const msm_input* input, uint32_t position) {
  uint32_t index;
  memcpy(&index, input->memory + (uint32_t)(input->indices + 4 * position), sizeof index);
  return index;
}

// Digit `window` of a scalar; step 1.
static int32_t digit_of(const msm_input* input, uint32_t index, unsigned window, digits d) {
  const uint8_t* scalar = input->memory + (uint32_t)(input->scalars + 32 * index);
  unsigned from = window * d.bits; // the digit's bits and the one below, which for the first is a zero
  unsigned at = from == 0 ? 0 : from - 1, word = at / 64, shift = at % 64;
  uint64_t value, next = 0;
  memcpy(&value, scalar + 8 * word, sizeof value);
  if (word < 3) memcpy(&next, scalar + 8 * word + 8, sizeof next);
  value = shift == 0 ? value : value >> shift | next << (64 - shift);
  if (from == 0) value <<= 1;
  uint32_t low = (uint32_t)value & ((2u << d.bits) - 1);
  return (int32_t)(low >> 1) + (int32_t)(low & 1) - (int32_t)((low >> d.bits) << d.bits);
}

// ---- Step 2: buckets

// Sorts by bucket. Digits are read from the module's memory once: what counts them and what places them must agree.
// Returns how many are not zero.
static uint32_t sort_window(scratch* s, const msm_input* input, unsigned window, digits d) {
  int16_t* digit = (int16_t*)(s->order + input->count);
  memset(s->end_of, 0, sizeof s->end_of[0] * (d.buckets + 2));
  for (uint32_t i = 0; i < input->count; i++) {
    int32_t value = digit_of(input, read_index(input, i), window, d);
    digit[i] = (int16_t)value;
    s->end_of[(value < 0 ? -value : value) + 1]++;
  }
  uint32_t total = 0;
  for (uint32_t b = 1; b <= d.buckets; b++) { // end_of[b]: for now where bucket b starts
    uint32_t n = s->end_of[b + 1];
    s->end_of[b] = total;
    total += n;
  }
  for (uint32_t i = 0; i < input->count; i++) {
    int32_t value = digit[i];
    if (value == 0) continue;
    uint32_t entry = read_index(input, i) & INDEX_MASK;
    s->order[s->end_of[value < 0 ? -value : value]++] = value < 0 ? entry | NEGATED : entry;
  }
  return total;
}

static const uint8_t* point_at(const msm_input* input, uint32_t entry) {
  return input->memory + (uint32_t)(input->points + 64 * (entry & INDEX_MASK));
}

// Copies a point and makes it canonical. False for the neutral element.
static bool take_point(curve_point* to, const msm_input* input, uint32_t entry) {
  memcpy(to, point_at(input, entry), sizeof *to);
  if (to->x.word[3] >> 63) return false;
  field_canonical(&to->x, &field_base);
  field_canonical(&to->y, &field_base);
  if (entry & NEGATED) {
    uint64_t borrow = 0;
    for (int i = 0; i < 4; i++) to->y.word[i] = field_subtract_borrow(field_base.modulus[i], to->y.word[i], &borrow);
  }
  return true;
}

// Adds pairs; where that is refused, which for points on the curve it is not, the first of each pair stays as it is.
static void add_pairs(scratch* s, uint32_t count) {
  if (count == 0) return;
  batch_add* add = count < BATCH_LANES ? batch_add_scalar : s->add;
  if (add(s->points, s->pairs, count, PAD_AT, s->room)) return;
  for (uint32_t i = 0; i < count; i++) batch_add_scalar(s->points, &s->pairs[i], 1, PAD_AT, s->room);
}

typedef enum relation { DIFFERENT_OR_EQUAL, OPPOSITE } relation;

static relation relation_of(const curve_point* p, const curve_point* q) {
  return base_same(&p->x, &q->x) && !base_same(&p->y, &q->y) ? OPPOSITE : DIFFERENT_OR_EQUAL;
}

// Adds up the group's points bucket by bucket until each bucket has one or none.
static void halve_group(scratch* s, uint32_t bucket_count) {
  for (;;) {
    uint32_t pairs = 0, read = 0, write = 0;
    for (uint32_t b = 0; b < bucket_count; b++) {
      uint32_t n = s->left_in[b], kept = write;
      for (uint32_t i = 0; i + 1 < n; i += 2) {
        uint32_t to = s->slots[read + i], from = s->slots[read + i + 1];
        if (relation_of(&s->points[to], &s->points[from]) == OPPOSITE) continue;
        s->pairs[pairs++] = (batch_pair){ to, from };
        s->slots[write++] = to;
      }
      if (n % 2 == 1) s->slots[write++] = s->slots[read + n - 1];
      read += n;
      s->left_in[b] = write - kept;
    }
    if (pairs == 0 && read == write) return;
    add_pairs(s, pairs);
  }
}

static void fill_buckets(scratch* s, const msm_input* input, uint32_t total, digits d) {
  memset(s->filled, 0, d.buckets);
  uint32_t position = 0, bucket = 1;
  while (position < total) {
    uint32_t n = 0, buckets = 0;
    while (position < total && n < GROUP_POINTS && buckets < GROUP_POINTS) { // a bucket of neutral elements has no point in the group
      while (s->end_of[bucket] <= position) bucket++;
      uint32_t before = n;
      if (s->filled[bucket - 1]) { // its points go over the end of the last group
        s->points[GROUP_AT + n] = s->points[BUCKET_AT + bucket - 1];
        s->filled[bucket - 1] = false;
        s->slots[n] = GROUP_AT + n;
        n++;
      }
      for (; position < s->end_of[bucket] && n < GROUP_POINTS; position++) {
        if (position + 16 < total) __builtin_prefetch(point_at(input, s->order[position + 16]));
        if (!take_point(&s->points[GROUP_AT + n], input, s->order[position])) continue;
        s->slots[n] = GROUP_AT + n;
        n++;
      }
      s->bucket_of[buckets] = bucket - 1;
      s->left_in[buckets++] = n - before;
    }
    halve_group(s, buckets);
    for (uint32_t b = 0, slot = 0; b < buckets; slot += s->left_in[b++]) {
      if (s->left_in[b] == 0) continue;
      s->points[BUCKET_AT + s->bucket_of[b]] = s->points[s->slots[slot]];
      s->filled[s->bucket_of[b]] = true;
    }
  }
}

// ---- Step 3: a window

// *to += from, both of which may be missing; the addition itself is left for the batch. Returns how many pairs there are.
static uint32_t note_addition(scratch* s, uint32_t pairs, uint32_t to, bool* has_to, uint32_t from) {
  if (!*has_to) {
    s->points[to] = s->points[from];
    *has_to = true;
  } else if (relation_of(&s->points[to], &s->points[from]) == OPPOSITE) {
    *has_to = false;
  } else {
    s->pairs[pairs++] = (batch_pair){ to, from };
  }
  return pairs;
}

static curve_jacobian sum_window(scratch* s, digits d) {
  uint32_t segments = 1;
  while (segments < MAX_SEGMENTS && segments * segments * 2 < d.buckets * 16) segments *= 2;
  if (segments > d.buckets) segments = d.buckets;
  uint32_t length = d.buckets / segments;
  memset(s->has_run, 0, segments);
  memset(s->has_sum, 0, segments);
  // In one batch the sum takes the run as it was before, and the run takes the next bucket: a round later all are in.
  for (uint32_t round = 0; round <= length; round++) {
    uint32_t pairs = 0;
    for (uint32_t segment = 0; segment < segments; segment++) {
      uint32_t run = RUN_AT + segment;
      if (s->has_run[segment]) pairs = note_addition(s, pairs, SUM_AT + segment, &s->has_sum[segment], run);
      uint32_t bucket = segment * length + length - 1 - round;
      if (round < length && s->filled[bucket]) pairs = note_addition(s, pairs, run, &s->has_run[segment], BUCKET_AT + bucket);
    }
    add_pairs(s, pairs);
  }
  // sum of sum_j + length * sum of j run_j
  curve_jacobian above = { .infinite = true }, weighted = { .infinite = true }, sums = { .infinite = true };
  for (uint32_t segment = segments; segment-- > 0;) {
    weighted = curve_add(&weighted, &above);
    if (s->has_run[segment]) above = curve_add_point(&above, &s->points[RUN_AT + segment]);
    if (s->has_sum[segment]) sums = curve_add_point(&sums, &s->points[SUM_AT + segment]);
  }
  for (uint32_t i = length; i > 1; i /= 2) weighted = curve_double(&weighted);
  return curve_add(&weighted, &sums);
}

static curve_jacobian compute_chunk(scratch* s, const msm_input* input) {
  digits d = choose_digits(input->count);
  curve_jacobian result = { .infinite = true };
  for (unsigned window = d.windows; window-- > 0;) {
    for (unsigned i = 0; i < d.bits; i++) result = curve_double(&result);
    uint32_t total = sort_window(s, input, window, d);
    if (total == 0) continue;
    fill_buckets(s, input, total, d);
    curve_jacobian sum = sum_window(s, d);
    result = curve_add(&result, &sum);
  }
  return result;
}

curve_jacobian msm_compute(const msm_input* input, void* scratch_memory) {
  scratch* s = scratch_memory;
  s->add = best_batch_add();
  curve_jacobian result = { .infinite = true };
  msm_input chunk = *input;
  for (uint32_t done = 0; done < input->count; done += chunk.count) {
    chunk.indices = input->indices + 4 * done;
    chunk.count = input->count - done < MSM_CHUNK ? input->count - done : MSM_CHUNK;
    curve_jacobian sum = compute_chunk(s, &chunk);
    result = curve_add(&result, &sum);
  }
  return result;
}
