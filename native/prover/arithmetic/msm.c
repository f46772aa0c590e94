// Multi-scalar multiplication by buckets: N. Pippenger, "On the evaluation of powers and related problems" (FOCS 1976),
// as in D. J. Bernstein, J. Doumen, T. Lange, J.-J. Oosterwijk, "Faster batch forgery identification" (INDOCRYPT 2012).
//
// 1. Points are copied and brought into the form that additions compute with (batch_add.h). Where there are few, each scalar is
//    split into two of half the length (split.h), for the point and for its image: half as many windows.
// 2. Scalars are read as digits of c bits in -2^(c-1) .. 2^(c-1) (A. D. Booth, 1951): digit w is the number in bits
//    w c .. w c + c - 1, read as signed, plus the bit below. So no carry runs from one digit to the next.
// 3. For each digit position (window), points are sorted by digit: those with digit d or -d go to bucket |d|, the latter
//    negated. As many windows as have room are done together (a set), so that batches are large.
// 4. Buckets are summed up by halving: points of a bucket in pairs, their sums in pairs, and so on; all pairs of a round, over
//    many buckets, are one batch.
// 5. The window's sum, of b * bucket b, is folded (msm_fold.c).
// 6. result = 2^c result + window, from the top window down.
#include "msm.h"

#include "msm_scratch.h"

size_t msm_scratch_bytes(uint32_t count) {
  uint32_t most = count < MSM_CHUNK ? count : MSM_CHUNK;
  layout few = layout_of(most < SPLIT_POINTS ? most : SPLIT_POINTS), many = layout_of(most);
  return few.bytes > many.bytes ? few.bytes : many.bytes;
}

static const batch_way* best_way(void) {
  switch (prover_has_vectors) {
    case PROVER_VECTORS_IFMA: return &batch_ifma;
    case PROVER_VECTORS_AVX512F: return &batch_avx512f;
    case PROVER_VECTORS_AVX2: break;
  }
  return &batch_avx2;
}

// ---- Steps 1 and 2: points and digits

static uint32_t read_index(const msm_input* input, uint32_t position) {
  uint32_t index;
  memcpy(&index, input->memory + (uint32_t)(input->indices + 4 * position), sizeof index);
  return index;
}

static void read_scalar(const msm_input* input, uint32_t position, uint64_t scalar[4]) {
  memcpy(scalar, input->memory + (uint32_t)(input->scalars + 32 * read_index(input, position)), 32);
}

static unsigned length_of(const uint64_t* words, unsigned count) { // in bits
  while (count > 0 && words[count - 1] == 0) count--;
  return count == 0 ? 0 : 64 * count - (unsigned)__builtin_clzll(words[count - 1]);
}

// Copies points and, where they are split, scalars. Notes how long the scalars are, and neutral elements.
static void take_terms(scratch* s, const msm_input* input) {
  memset(s->lengths, 0, sizeof s->lengths);
  s->any_neutral = false;
  memset(s->neutral, 0, (s->count + 63) / 64 * 8);
  for (uint32_t i = 0; i < s->count; i++) {
    curve_point* point = &s->points[TERM_AT + i];
    memcpy(point, input->memory + (uint32_t)(input->points + 64 * read_index(input, i)), sizeof *point);
    uint64_t scalar[4];
    read_scalar(input, i, scalar);
    if (batch_is_neutral(point)) {
      s->neutral[i / 64] |= 1ull << (i % 64);
      s->any_neutral = true;
      memset(scalar, 0, sizeof scalar);
    }
    if (!s->split) {
      s->lengths[length_of(scalar, 4)]++;
      continue;
    }
    half_scalar halves[2];
    split_scalar(scalar, halves);
    for (int h = 0; h < 2; h++) {
      s->halves[h == 0 ? i : s->padded + i] = halves[h];
      half_scalar plain = (halves[h] & ~HALF_SCALAR_NEGATIVE) >> 1;
      s->lengths[length_of((const uint64_t[]){ (uint64_t)plain, (uint64_t)(plain >> 64) }, 2)]++;
    }
  }
  for (uint32_t i = s->count; s->split && i < s->padded; i++) s->halves[i] = s->halves[s->padded + i] = 0;
  s->way->take(s->points + TERM_AT, s->split ? s->points + TERM_AT + s->padded : NULL, s->count);
}

// The digits with the least work, counted in additions: one a point and window, two a bucket and window, but no more than there are
// points.
static digits choose_digits(const scratch* s) {
  uint32_t longer[MAX_LENGTH + 2] = { 0 }; // scalars of so many bits or more
  unsigned most = 0;
  for (unsigned length = MAX_LENGTH; length > 0; length--) {
    longer[length] = longer[length + 1] + s->lengths[length];
    if (most == 0 && s->lengths[length] > 0) most = length;
  }
  digits best = { 0 };
  uint64_t least = UINT64_MAX;
  for (unsigned bits = MIN_DIGIT_BITS; bits <= MAX_DIGIT_BITS; bits++) {
    digits d = { .bits = bits, .windows = most == 0 ? 0 : most / bits + 1, .buckets = 1u << (bits - 1) };
    uint64_t cost = 0;
    for (unsigned window = 0; window < d.windows; window++) {
      uint64_t entries = longer[window * bits == 0 ? 1 : window * bits];
      cost += 4 * entries + 9 * (entries < d.buckets ? entries : d.buckets) + d.buckets / 4 + 50;
    }
    if (cost < least) {
      least = cost;
      best = d;
    }
  }
  return best;
}

// A digit from its bits and the bit below, as key: 0 for none, else the bucket from 1, and KEY_NEGATED if that is so or if `negated`, but
// not both. Without branches: signs cannot be predicted.
static uint32_t key_of(uint32_t value, uint32_t negated, digits d) {
  uint32_t negative = value >> d.bits, sign = 0 - negative;
  uint32_t size = ((((value + 1) >> 1) - (negative << d.bits)) ^ sign) - sign;
  return size == 0 ? 0 : size | (negative ^ negated) * KEY_NEGATED;
}

static uint32_t digit_of_half(half_scalar scalar, unsigned window, digits d) {
  uint32_t bits = (uint32_t)((scalar & ~HALF_SCALAR_NEGATIVE) >> (window * d.bits)) & ((2u << d.bits) - 1);
  return key_of(bits, (uint32_t)(scalar >> 127), d);
}

static uint32_t digit_of_whole(const uint64_t scalar[4], unsigned window, digits d) {
  unsigned from = window * d.bits; // the digit's bits and the one below, which for the first is a zero
  unsigned at = from == 0 ? 0 : from - 1, word = at / 64, shift = at % 64;
  uint64_t value = scalar[word] >> shift;
  if (shift > 0 && word < 3) value |= scalar[word + 1] << (64 - shift);
  if (from == 0) value <<= 1;
  return key_of((uint32_t)value & ((2u << d.bits) - 1), 0, d);
}

// Key `k` of term i in window `first` + k.
static void note_keys(scratch* s, const msm_input* input, uint32_t i, unsigned first, unsigned windows, digits d, uint16_t* keys) {
  uint64_t scalar[4];
  bool neutral = false;
  if (!s->split) {
    read_scalar(input, i, scalar);
    neutral = s->any_neutral && (s->neutral[i / 64] >> (i % 64) & 1) != 0;
  }
  for (unsigned k = 0; k < windows; k++) {
    uint32_t key = s->split ? digit_of_half(s->halves[i], first + k, d) : neutral ? 0 : digit_of_whole(scalar, first + k, d);
    key = key == 0 ? 0 : key + k * d.buckets;
    keys[k] = (uint16_t)key;
    s->end_of[(key & ~KEY_NEGATED) + 1]++; // in end_of[1], those without a bucket
  }
}

// ---- Step 3

// Sorts the entries of a set of windows by bucket. Digits are read from the module's memory once: what counts them and what places
// them must agree. Returns how many are not zero.
static uint32_t sort_set(scratch* s, const msm_input* input, unsigned first, unsigned windows, digits d) {
  uint32_t buckets = windows * d.buckets, total = 0;
  memset(s->end_of, 0, sizeof s->end_of[0] * (buckets + 2));
  for (uint32_t i = 0; i < s->terms; i++) note_keys(s, input, i, first, windows, d, s->keys + (size_t)i * windows);
  for (uint32_t b = 1; b <= buckets; b++) { // end_of[b]: for now where bucket b starts
    uint32_t n = s->end_of[b + 1];
    s->end_of[b] = total;
    total += n;
  }
  for (uint32_t i = 0; i < s->terms; i++) {
    for (unsigned k = 0; k < windows; k++) {
      uint32_t key = s->keys[(size_t)i * windows + k];
      if (key == 0) continue;
      s->order[s->end_of[key & ~KEY_NEGATED]++] = (TERM_AT + i) | (key & KEY_NEGATED) * (BATCH_NEGATED / KEY_NEGATED);
    }
  }
  return total;
}

// ---- Step 4

// Takes sums that are neutral out of the group.
static void drop_neutral(scratch* s, uint32_t bucket_count) {
  uint32_t read = 0, write = 0;
  for (uint32_t b = 0; b < bucket_count; b++) {
    uint32_t kept = write;
    for (uint32_t i = 0; i < s->left_in[b]; i++, read++) {
      uint32_t slot = s->slots[read];
      if (slot < TERM_AT && batch_is_neutral(&s->points[slot])) continue;
      s->slots[write++] = slot;
    }
    s->left_in[b] = write - kept;
  }
}

// Adds up the group's points bucket by bucket until each bucket has one or none. Sums go to places of their own.
static void halve_group(scratch* s, uint32_t bucket_count) {
  for (uint32_t used = 0;;) {
    uint32_t pairs = 0, read = 0, write = 0;
    for (uint32_t b = 0; b < bucket_count; b++) {
      uint32_t n = s->left_in[b];
      for (uint32_t i = 0; i + 1 < n; i += 2) {
        s->pairs.a[pairs] = s->slots[read + i];
        s->pairs.b[pairs] = s->slots[read + i + 1];
        s->pairs.out[pairs++] = s->slots[write++] = GROUP_AT + used++;
      }
      read += n;
      if (n > 0) s->slots[write] = s->slots[read - 1]; // if there is one left
      write += n % 2;
      s->left_in[b] = (n + 1) / 2;
    }
    if (pairs == 0) return;
    s->pairs.count = pairs;
    if (s->way->add(s->points, &s->pairs, &s->room) > 0) drop_neutral(s, bucket_count);
  }
}

static void fill_buckets(scratch* s, uint32_t total, uint32_t bucket_count) {
  for (uint32_t b = 0; b < bucket_count; b++) s->bucket[b] = NO_PLACE;
  uint32_t position = 0, bucket = 1;
  while (position < total) {
    uint32_t n = 0, buckets = 0;
    while (position < total && n < GROUP_POINTS) {
      while (s->end_of[bucket] <= position) bucket++;
      uint32_t before = n, more = s->end_of[bucket] - position;
      if (s->bucket[bucket - 1] != NO_PLACE) s->slots[n++] = s->bucket[bucket - 1]; // it goes over the end of the last group
      if (more > GROUP_POINTS - n) more = GROUP_POINTS - n;
      memcpy(&s->slots[n], &s->order[position], more * sizeof s->slots[0]);
      n += more;
      position += more;
      s->bucket_of[buckets] = bucket - 1;
      s->left_in[buckets++] = n - before;
    }
    halve_group(s, buckets);
    for (uint32_t b = 0, slot = 0; b < buckets; slot += s->left_in[b++]) {
      uint32_t* place = &s->bucket[s->bucket_of[b]];
      *place = s->left_in[b] == 0 ? NO_PLACE : s->slots[slot];
      if (*place < GROUP_AT || *place >= GROUP_AT + GROUP_POINTS) continue;
      s->points[BUCKET_AT + s->bucket_of[b]] = s->points[*place];
      *place = BUCKET_AT + s->bucket_of[b];
    }
  }
}

// ---- Step 6

static void add_set(scratch* s, curve_jacobian* result, unsigned windows, digits d) {
  // The folded buckets of all windows, in the module's form.
  curve_point* sums = s->points + GROUP_AT;
  uint32_t count = 0;
  for (unsigned window = 0; window < windows; window++) {
    for (unsigned k = 0; k < d.bits; k++) {
      uint32_t place = s->bucket[window * d.buckets + (k == 0 ? 0 : 1u << (k - 1))];
      if (place != NO_PLACE) sums[count] = s->points[place & ~BATCH_NEGATED];
      s->slots[count++] = place;
    }
  }
  s->way->give(sums, count);
  for (uint32_t i = 0; i < count; i++) {
    if (s->slots[i] != NO_PLACE && s->slots[i] & BATCH_NEGATED) sums[i].y = base_subtract(&(field_element){ { 0 } }, &sums[i].y);
  }
  for (unsigned window = windows; window-- > 0;) {
    for (unsigned bit = d.bits; bit-- > 0;) {
      *result = curve_double(result);
      uint32_t at = window * d.bits + bit + 1; // the sum with weight 2^bit
      if (bit + 1 < d.bits && s->slots[at] != NO_PLACE) *result = curve_add_point(result, &sums[at]);
    }
    uint32_t whole = window * d.bits;
    if (s->slots[whole] != NO_PLACE) *result = curve_add_point(result, &sums[whole]);
  }
}

static curve_jacobian compute_chunk(scratch* s, const msm_input* input) {
  take_terms(s, input);
  digits d = choose_digits(s);
  curve_jacobian result = { .infinite = true };
  for (unsigned window = d.windows; window > 0;) {
    unsigned together = windows_together(s, d);
    if (together > window) together = window;
    window -= together;
    uint32_t total = sort_set(s, input, window, together, d);
    if (total == 0) {
      for (unsigned i = 0; i < together * d.bits; i++) result = curve_double(&result);
      continue;
    }
    fill_buckets(s, total, together * d.buckets);
    msm_fold(s, together, d.buckets);
    add_set(s, &result, together, d);
  }
  return result;
}

curve_jacobian msm_compute(const msm_input* input, void* scratch_memory) {
  curve_jacobian result = { .infinite = true };
  msm_input chunk = *input;
  for (uint32_t done = 0; done < input->count; done += chunk.count) {
    chunk.indices = input->indices + 4 * done;
    chunk.count = input->count - done < MSM_CHUNK ? input->count - done : MSM_CHUNK;
    scratch* s = lay_out(scratch_memory, chunk.count);
    s->way = best_way();
    curve_jacobian sum = compute_chunk(s, &chunk);
    result = curve_add(&result, &sum);
  }
  return result;
}
