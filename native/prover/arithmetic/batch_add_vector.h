// batch_add with AVX-512, eight additions at a time: lane l of every vector belongs to pair 8 g + l. Included by
// batch_add_avx512f.c and batch_add_ifma.c, which define how eight pairs of elements are multiplied:
//
//   static inline vector_element vector_multiply(vector_element a, vector_element b);  a b / 2^260
//
// An element has five limbs of 52 bits here, because that is what both ways of multiplying take. R = 2^260 is theirs, and
// the elements in memory have R = 2^261: v 2^261 = (2 v) 2^260, so what the vectors compute with is 2 v. That needs no
// conversion: a slope (2 y2 - 2 y1) / (2 x2 - 2 x1) is the true slope s, 2 x3 = 2 s^2 - 2 x1 - 2 x2 takes one doubling, and
// 2 y3 = s (2 x1 - 2 x3) - 2 y1 none. A double has the slope 3 x^2 / 2 y = 3 (2 x)^2 / (4 (2 y)).
//
// Bounds: operands below 4 p give products below 16 p^2 / 2^260 + p < 1.2 p; with operands below 2.4 p, below 1.07 p.
#include <immintrin.h>

#include "batch_add.h"

enum { LIMBS = 5, LIMB_BITS = 52 };
#define LIMB_MASK ((1ull << LIMB_BITS) - 1)

typedef struct vector_element {
  __m512i limb[LIMBS]; // each below 2^52 where nothing else is said
} vector_element;

// A number of 256 bits in limbs.
#define LIMBS_OF(w0, w1, w2, w3)                                                                                       \
  { (w0) & LIMB_MASK, ((w0) >> 52 | (w1) << 12) & LIMB_MASK, ((w1) >> 40 | (w2) << 24) & LIMB_MASK,                    \
    ((w2) >> 28 | (w3) << 36) & LIMB_MASK, (w3) >> 16 }

static const uint64_t modulus_limbs[LIMBS] =
  LIMBS_OF(0x3c208c16d87cfd47ull, 0x97816a916871ca8dull, 0xb85045b68181585dull, 0x30644e72e131a029ull);
static const uint64_t twice_limbs[LIMBS] =
  LIMBS_OF(0x7841182db0f9fa8eull, 0x2f02d522d0e3951aull, 0x70a08b6d0302b0bbull, 0x60c89ce5c2634053ull);
static const uint64_t one_limbs[LIMBS] = // 2^260 mod p
  LIMBS_OF(0x45520880f6fce4b4ull, 0x49890849baa989a8ull, 0x85a9201d818f014aull, 0x1f16424e1bb7724full);
#define NEGATIVE_INVERSE_52 (0x87d20782e4866389ull & LIMB_MASK)

static inline vector_element vector_multiply(vector_element a, vector_element b);

#define VECTOR_INLINE static inline __attribute__((always_inline))

VECTOR_INLINE __m512i broadcast(uint64_t value) { return _mm512_set1_epi64((long long)value); }

// Limbs of either sign to limbs of 52 bits; the topmost keeps the sign of the whole.
VECTOR_INLINE vector_element carry(vector_element a) {
  for (int i = 0; i < LIMBS - 1; i++) {
    a.limb[i + 1] = _mm512_add_epi64(a.limb[i + 1], _mm512_srai_epi64(a.limb[i], LIMB_BITS));
    a.limb[i] = _mm512_and_si512(a.limb[i], broadcast(LIMB_MASK));
  }
  return a;
}

// a - b + m, which must not be negative.
VECTOR_INLINE vector_element subtract_plus(vector_element a, vector_element b, const uint64_t m[LIMBS]) {
  for (int i = 0; i < LIMBS; i++)
    a.limb[i] = _mm512_add_epi64(_mm512_sub_epi64(a.limb[i], b.limb[i]), broadcast(m[i]));
  return carry(a);
}

VECTOR_INLINE vector_element times(vector_element a, int shift) {
  for (int i = 0; i < LIMBS; i++) a.limb[i] = _mm512_slli_epi64(a.limb[i], (unsigned)shift);
  return carry(a);
}

VECTOR_INLINE vector_element add(vector_element a, vector_element b) {
  for (int i = 0; i < LIMBS; i++) a.limb[i] = _mm512_add_epi64(a.limb[i], b.limb[i]);
  return carry(a);
}

VECTOR_INLINE vector_element choose(__mmask8 lanes, vector_element otherwise, vector_element chosen) {
  for (int i = 0; i < LIMBS; i++) otherwise.limb[i] = _mm512_mask_mov_epi64(otherwise.limb[i], lanes, chosen.limb[i]);
  return otherwise;
}

// a - m in the lanes where that is not negative.
VECTOR_INLINE vector_element reduce_once(vector_element a, const uint64_t m[LIMBS]) {
  vector_element t;
  for (int i = 0; i < LIMBS; i++) t.limb[i] = _mm512_sub_epi64(a.limb[i], broadcast(m[i]));
  t = carry(t);
  return choose(_mm512_movepi64_mask(t.limb[LIMBS - 1]), t, a);
}

// ---- Words and limbs, points and lanes

VECTOR_INLINE __m512i masked_or(__m512i a, __m512i b) { // (a | b) & LIMB_MASK
  return _mm512_ternarylogic_epi64(a, b, broadcast(LIMB_MASK), 0xa8);
}

VECTOR_INLINE vector_element from_words(const __m512i w[4]) {
  vector_element a;
  a.limb[0] = _mm512_and_si512(w[0], broadcast(LIMB_MASK));
  a.limb[1] = masked_or(_mm512_srli_epi64(w[0], 52), _mm512_slli_epi64(w[1], 12));
  a.limb[2] = masked_or(_mm512_srli_epi64(w[1], 40), _mm512_slli_epi64(w[2], 24));
  a.limb[3] = masked_or(_mm512_srli_epi64(w[2], 28), _mm512_slli_epi64(w[3], 36));
  a.limb[4] = _mm512_srli_epi64(w[3], 16);
  return a;
}

VECTOR_INLINE void to_words(vector_element a, __m512i w[4]) {
  w[0] = _mm512_or_si512(a.limb[0], _mm512_slli_epi64(a.limb[1], 52));
  w[1] = _mm512_or_si512(_mm512_srli_epi64(a.limb[1], 12), _mm512_slli_epi64(a.limb[2], 40));
  w[2] = _mm512_or_si512(_mm512_srli_epi64(a.limb[2], 24), _mm512_slli_epi64(a.limb[3], 28));
  w[3] = _mm512_or_si512(_mm512_srli_epi64(a.limb[3], 36), _mm512_slli_epi64(a.limb[4], 16));
}

// Row l, column k becomes row k, column l.
VECTOR_INLINE void transpose(__m512i r[8]) {
  __m512i a[8], b[8];
  for (int i = 0; i < 8; i += 2) {
    a[i] = _mm512_unpacklo_epi64(r[i], r[i + 1]);
    a[i + 1] = _mm512_unpackhi_epi64(r[i], r[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    for (int k = 0; k < 2; k++) {
      b[i + k] = _mm512_shuffle_i64x2(a[i + k], a[i + k + 2], 0x88);
      b[i + k + 2] = _mm512_shuffle_i64x2(a[i + k], a[i + k + 2], 0xdd);
    }
  }
  for (int k = 0; k < 4; k++) {
    r[k] = _mm512_shuffle_i64x2(b[k], b[k + 4], 0x88);
    r[k + 4] = _mm512_shuffle_i64x2(b[k], b[k + 4], 0xdd);
  }
}

typedef struct vector_point {
  vector_element x, y;
} vector_point;

VECTOR_INLINE vector_point load_points(const curve_point* points, const uint32_t index[BATCH_LANES]) {
  __m512i rows[8];
  for (int lane = 0; lane < BATCH_LANES; lane++) rows[lane] = _mm512_load_si512(&points[index[lane]]);
  transpose(rows);
  return (vector_point){ .x = from_words(rows), .y = from_words(rows + 4) };
}

VECTOR_INLINE void store_points(curve_point* points, const uint32_t index[BATCH_LANES], vector_point p) {
  __m512i rows[8];
  to_words(p.x, rows);
  to_words(p.y, rows + 4);
  transpose(rows);
  for (int lane = 0; lane < BATCH_LANES; lane++) _mm512_store_si512(&points[index[lane]], rows[lane]);
}

// ---- The inversion

// Replaces the eight elements by their inverses; false when one is zero. Lane values are u = v 2^260, and the scalar
// arithmetic takes R = 2^261: from u it makes 2^522 / u, a quarter of which, 2^520 / u, is what the vectors mean.
static __attribute__((noinline)) bool invert_lanes(vector_element* a) {
  static const field_element quarter = { { 0x22a904407b7e725a, 0x24c48424dd54c4d4, 0xc2d4900ec0c780a5, 0x0f8b21270ddbb927 } }; // 2^259 mod p
  __m512i words[4];
  _Alignas(64) uint64_t lanes[4][BATCH_LANES];
  to_words(*a, words);
  for (int i = 0; i < 4; i++) _mm512_store_si512(lanes[i], words[i]);
  field_element value[BATCH_LANES], before[BATCH_LANES], product = field_base.one;
  for (int lane = 0; lane < BATCH_LANES; lane++) {
    for (int i = 0; i < 4; i++) value[lane].word[i] = lanes[i][lane];
    before[lane] = product;
    product = base_multiply(&product, &value[lane]);
  }
  if (base_is_zero(&product)) return false;
  field_element inverse = base_invert(&product);
  for (int lane = BATCH_LANES - 1; lane >= 0; lane--) {
    field_element one = base_multiply(&inverse, &before[lane]);
    inverse = base_multiply(&inverse, &value[lane]);
    one = base_multiply(&one, &quarter);
    for (int i = 0; i < 4; i++) lanes[i][lane] = one.word[i];
  }
  for (int i = 0; i < 4; i++) words[i] = _mm512_load_si512(lanes[i]);
  *a = from_words(words);
  return true;
}

// ---- The batch

typedef struct saved {
  vector_element denominator;
  vector_element numerator; // times the product of all denominators before
  uint64_t doubled;         // lanes
} saved;
_Static_assert(sizeof(saved) <= sizeof(batch_room), "room");

typedef struct group {
  uint32_t to[BATCH_LANES], from[BATCH_LANES];
} group;

VECTOR_INLINE group group_of(const batch_pair* pairs, uint32_t first, uint32_t count, uint32_t pad) {
  group g;
  for (uint32_t lane = 0; lane < BATCH_LANES; lane++) {
    bool real = first + lane < count;
    g.to[lane] = real ? pairs[first + lane].to : pad + lane;
    g.from[lane] = real ? pairs[first + lane].from : pad + BATCH_LANES;
  }
  return g;
}

// 3 (2 x)^2 / (4 (2 y)) in `lanes`.
static __attribute__((noinline)) void double_lanes(saved* s, const vector_point* p, __mmask8 lanes) {
  vector_element square = vector_multiply(p->x, p->x);
  s->numerator = choose(lanes, s->numerator, add(add(square, square), square));
  s->denominator = choose(lanes, s->denominator, times(p->y, 2));
}

bool BATCH_ADD_NAME(curve_point* points, const batch_pair* pairs, uint32_t count, uint32_t pad, batch_room* room) {
  // Any two points with different x.
  field_element one = field_base.one, two = base_double(&one);
  for (int lane = 0; lane <= BATCH_LANES; lane++)
    points[pad + (uint32_t)lane] = lane < BATCH_LANES ? (curve_point){ one, two } : (curve_point){ two, one };

  vector_element product;
  for (int i = 0; i < LIMBS; i++) product.limb[i] = broadcast(one_limbs[i]);
  for (uint32_t first = 0; first < count; first += BATCH_LANES) {
    saved* save = (saved*)&room[first / BATCH_LANES];
    group g = group_of(pairs, first, count, pad);
    vector_point p = load_points(points, g.to), q = load_points(points, g.from);
    save->denominator = subtract_plus(q.x, p.x, modulus_limbs);
    save->numerator = subtract_plus(q.y, p.y, modulus_limbs);
    __mmask8 same = 0xff; // as coordinates are canonical, equal ones have equal limbs
    for (int i = 0; i < LIMBS; i++) same &= _mm512_cmpeq_epi64_mask(p.x.limb[i], q.x.limb[i]);
    save->doubled = same;
    if (__builtin_expect(same != 0, 0)) double_lanes(save, &p, same);
    save->numerator = vector_multiply(save->numerator, product);
    product = vector_multiply(product, save->denominator);
  }
  if (!invert_lanes(&product)) return false;
  vector_element inverse = product;
  for (uint32_t first = (count - 1) / BATCH_LANES * BATCH_LANES;; first -= BATCH_LANES) {
    const saved* save = (const saved*)&room[first / BATCH_LANES];
    group g = group_of(pairs, first, count, pad);
    vector_point p = load_points(points, g.to), sum;
    vector_element slope = vector_multiply(save->numerator, inverse);
    inverse = vector_multiply(inverse, save->denominator);
    // 2 s^2 - x1 - x2 with x2 = x1 + denominator - p, or x2 = x1 in a double: between -2 p and 2.1 p.
    vector_element square = vector_multiply(slope, slope), x;
    for (int i = 0; i < LIMBS; i++) {
      __m512i other = _mm512_sub_epi64(save->denominator.limb[i], broadcast(modulus_limbs[i]));
      other = _mm512_maskz_mov_epi64((__mmask8)~save->doubled, other);
      __m512i both = _mm512_add_epi64(_mm512_add_epi64(p.x.limb[i], p.x.limb[i]), other);
      x.limb[i] = _mm512_sub_epi64(_mm512_add_epi64(square.limb[i], square.limb[i]), both);
      x.limb[i] = _mm512_add_epi64(x.limb[i], broadcast(twice_limbs[i]));
    }
    x = reduce_once(reduce_once(reduce_once(carry(x), twice_limbs), modulus_limbs), modulus_limbs);
    vector_element y = vector_multiply(slope, subtract_plus(p.x, x, modulus_limbs));
    y = reduce_once(reduce_once(subtract_plus(y, p.y, modulus_limbs), modulus_limbs), modulus_limbs);
    sum = (vector_point){ x, y };
    store_points(points, g.to, sum);
    if (first == 0) return true;
  }
}
