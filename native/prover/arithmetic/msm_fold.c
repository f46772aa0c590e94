// A window's sum: of (j + 1) * bucket[j] for j = 0 .. B - 1, where B is a power of two. Two additions a bucket, as with running sums, but
// in log2 B rounds of independent ones:
//
//     sum of j b[j], j < 2 h  =  sum of j (b[j] + b[j + h]), j < h,  +  h * sum of b[j + h], j < h.
//
// So each round adds the upper half to the lower and leaves the upper half, of which the plain sum is needed, to be halved beside it in the
// rounds to come. In the end bucket[2^k] is what 2^k multiplies, and bucket[0] the sum of all, which stands for the "+ 1".
#include "msm_scratch.h"

static void add_noted(scratch* s, uint32_t bucket_count) {
  if (s->pairs.count == 0) return;
  uint32_t neutral = s->way->add(s->points, &s->pairs, &s->room);
  s->pairs.count = 0;
  for (uint32_t b = 0; neutral > 0 && b < bucket_count; b++) {
    if (s->bucket[b] == BUCKET_AT + b && batch_is_neutral(&s->points[BUCKET_AT + b])) s->bucket[b] = NO_PLACE;
  }
}

// bucket[to] += bucket[from]. A bucket's place is its own or a term's, never another bucket's.
static void note_addition(scratch* s, uint32_t to, uint32_t from, uint32_t bucket_count) {
  uint32_t other = s->bucket[from];
  if (other == NO_PLACE) return;
  if (s->bucket[to] == NO_PLACE) {
    s->bucket[to] = other;
    if ((other & ~BATCH_NEGATED) >= TERM_AT) return;
    s->points[BUCKET_AT + to] = s->points[other];
    s->bucket[to] = BUCKET_AT + to;
    return;
  }
  uint32_t at = s->pairs.count++;
  s->pairs.a[at] = s->bucket[to];
  s->pairs.b[at] = other;
  s->pairs.out[at] = s->bucket[to] = BUCKET_AT + to;
  if (s->pairs.count == FOLD_PAIRS) add_noted(s, bucket_count);
}

void msm_fold(scratch* s, unsigned windows, uint32_t buckets) {
  uint32_t all = windows * buckets;
  s->pairs.count = 0;
  for (uint32_t half = buckets / 2; half > 0; half /= 2) {
    for (uint32_t window = 0; window < all; window += buckets) {
      for (uint32_t start = 0; start < buckets; start = start == 0 ? 2 * half : 2 * start) {
        for (uint32_t j = window + start; j < window + start + half; j++) note_addition(s, j, j + half, all);
      }
    }
    add_noted(s, all);
  }
}
