// Eight elements at a time: lane l of every vector belongs to element l of a group. An element has five limbs of 52 bits, which
// vpmadd52luq and vpmadd52huq multiply. As in field.h, elements have R = 2^261. Montgomery's multiplication in words of 52 bits
// divides by 2^260, so products are halved besides: p is added to odd ones before.
//
// Bounds: a b / 2^260 + p < 1.34 p for any eight words; half of that, or of p more, is below 1.17 p. In a fold, the difference is
// below 4 p, the product below 1.1 p, and the sum of that and an element below 4 p, so that one subtraction of 2 p is enough.
#include "vectors.h"

#include <immintrin.h>

enum { LANES = 8, LIMBS = 5, LIMB_BITS = 52, ELEMENT_BYTES = 32, ROW_BYTES = 64 };
#define LIMB_MASK ((1ull << LIMB_BITS) - 1)
#define INLINE static inline __attribute__((always_inline))

#define LIMBS_OF(w0, w1, w2, w3)                                                                                       \
  { (w0) & LIMB_MASK, ((w0) >> 52 | (w1) << 12) & LIMB_MASK, ((w1) >> 40 | (w2) << 24) & LIMB_MASK,                    \
    ((w2) >> 28 | (w3) << 36) & LIMB_MASK, (w3) >> 16 }

const vectors_field vectors_base = {
  .modulus = LIMBS_OF(0x3c208c16d87cfd47ull, 0x97816a916871ca8dull, 0xb85045b68181585dull, 0x30644e72e131a029ull),
  .twice = LIMBS_OF(0x7841182db0f9fa8eull, 0x2f02d522d0e3951aull, 0x70a08b6d0302b0bbull, 0x60c89ce5c2634053ull),
  .negative_inverse = 0x87d20782e4866389ull & LIMB_MASK,
};
const vectors_field vectors_scalar = {
  .modulus = LIMBS_OF(0x43e1f593f0000001ull, 0x2833e84879b97091ull, 0xb85045b68181585dull, 0x30644e72e131a029ull),
  .twice = LIMBS_OF(0x87c3eb27e0000002ull, 0x5067d090f372e122ull, 0x70a08b6d0302b0baull, 0x60c89ce5c2634053ull),
  .negative_inverse = 0xc2e1f593efffffffull & LIMB_MASK,
};

typedef struct vector_element {
  __m512i limb[LIMBS];
} vector_element;

typedef struct vector_words {
  __m512i word[4];
} vector_words;

INLINE __m512i broadcast(uint64_t value) { return _mm512_set1_epi64((long long)value); }

// ---- Memory. A row is 64 bytes, two elements.

// Which words of row `row` are there when `count` elements are.
INLINE __mmask8 present(uint32_t count, uint32_t row) {
  return count >= 2 * row + 2 ? 0xff : count == 2 * row + 1 ? 0x0f : 0;
}

INLINE vector_words load(const uint8_t* from, uint32_t count) {
  __m512i r[4];
  for (uint32_t row = 0; row < 4; row++) r[row] = _mm512_maskz_loadu_epi64(present(count, row), from + ROW_BYTES * row);
  // Words 0 and 1 of even elements, of odd ones, then words 2 and 3.
  __m512i low01 = _mm512_shuffle_i64x2(r[0], r[1], 0x88), low23 = _mm512_shuffle_i64x2(r[2], r[3], 0x88);
  __m512i high01 = _mm512_shuffle_i64x2(r[0], r[1], 0xdd), high23 = _mm512_shuffle_i64x2(r[2], r[3], 0xdd);
  __m512i even01 = _mm512_shuffle_i64x2(low01, low23, 0x88), odd01 = _mm512_shuffle_i64x2(low01, low23, 0xdd);
  __m512i even23 = _mm512_shuffle_i64x2(high01, high23, 0x88), odd23 = _mm512_shuffle_i64x2(high01, high23, 0xdd);
  return (vector_words){ { _mm512_unpacklo_epi64(even01, odd01), _mm512_unpackhi_epi64(even01, odd01),
                           _mm512_unpacklo_epi64(even23, odd23), _mm512_unpackhi_epi64(even23, odd23) } };
}

INLINE void store(uint8_t* to, vector_words w, uint32_t count) {
  __m512i even01 = _mm512_unpacklo_epi64(w.word[0], w.word[1]), odd01 = _mm512_unpackhi_epi64(w.word[0], w.word[1]);
  __m512i even23 = _mm512_unpacklo_epi64(w.word[2], w.word[3]), odd23 = _mm512_unpackhi_epi64(w.word[2], w.word[3]);
  __m512i r[4];
  __m512i even = _mm512_shuffle_i64x2(even01, even23, 0x44), odd = _mm512_shuffle_i64x2(odd01, odd23, 0x44);
  r[0] = _mm512_shuffle_i64x2(even, odd, 0x88);
  r[1] = _mm512_shuffle_i64x2(even, odd, 0xdd);
  even = _mm512_shuffle_i64x2(even01, even23, 0xee), odd = _mm512_shuffle_i64x2(odd01, odd23, 0xee);
  r[2] = _mm512_shuffle_i64x2(even, odd, 0x88);
  r[3] = _mm512_shuffle_i64x2(even, odd, 0xdd);
  for (uint32_t row = 0; row < 4; row++) _mm512_mask_storeu_epi64(to + ROW_BYTES * row, present(count, row), r[row]);
}

// Elements 0, 2, 4, .. and 1, 3, 5, .. of up to sixteen.
INLINE void load_pairs(const uint8_t* from, uint32_t count, vector_words* even, vector_words* odd) {
  __m512i r[LANES], a[LANES], b[LANES];
  for (uint32_t row = 0; row < LANES; row++) r[row] = _mm512_maskz_loadu_epi64(present(count, row), from + ROW_BYTES * row);
  for (int i = 0; i < LANES; i += 2) {
    a[i] = _mm512_unpacklo_epi64(r[i], r[i + 1]);
    a[i + 1] = _mm512_unpackhi_epi64(r[i], r[i + 1]);
  }
  for (int i = 0; i < LANES; i += 4) {
    for (int k = 0; k < 2; k++) {
      b[i + k] = _mm512_shuffle_i64x2(a[i + k], a[i + k + 2], 0x88);
      b[i + k + 2] = _mm512_shuffle_i64x2(a[i + k], a[i + k + 2], 0xdd);
    }
  }
  for (int k = 0; k < 4; k++) {
    even->word[k] = _mm512_shuffle_i64x2(b[k], b[k + 4], 0x88);
    odd->word[k] = _mm512_shuffle_i64x2(b[k], b[k + 4], 0xdd);
  }
}

// ---- Words and limbs

INLINE __m512i limb_of(__m512i low, int down, __m512i high, int up) {
  __m512i both = _mm512_or_si512(_mm512_srli_epi64(low, (unsigned)down), _mm512_slli_epi64(high, (unsigned)up));
  return _mm512_and_si512(both, broadcast(LIMB_MASK));
}

INLINE vector_element from_words(vector_words w) {
  return (vector_element){ { _mm512_and_si512(w.word[0], broadcast(LIMB_MASK)), limb_of(w.word[0], 52, w.word[1], 12),
                             limb_of(w.word[1], 40, w.word[2], 24), limb_of(w.word[2], 28, w.word[3], 36),
                             _mm512_srli_epi64(w.word[3], 16) } };
}

INLINE __m512i word_of(__m512i low, int down, __m512i high, int up) {
  return _mm512_or_si512(_mm512_srli_epi64(low, (unsigned)down), _mm512_slli_epi64(high, (unsigned)up));
}

INLINE vector_words to_words(vector_element a) {
  return (vector_words){ { word_of(a.limb[0], 0, a.limb[1], 52), word_of(a.limb[1], 12, a.limb[2], 40),
                           word_of(a.limb[2], 24, a.limb[3], 28), word_of(a.limb[3], 36, a.limb[4], 16) } };
}

// Half of an even number.
INLINE vector_words half_to_words(vector_element a) {
  __m512i lowest = word_of(a.limb[0], 1, a.limb[1], 51);
  return (vector_words){ { lowest, word_of(a.limb[1], 13, a.limb[2], 39), word_of(a.limb[2], 25, a.limb[3], 27),
                           word_of(a.limb[3], 37, a.limb[4], 15) } };
}

INLINE vector_element same(const uint64_t element[4]) {
  vector_words w;
  for (int i = 0; i < 4; i++) w.word[i] = broadcast(element[i]);
  return from_words(w);
}

// Limbs of either sign to limbs of 52 bits; the topmost keeps the sign of the whole.
INLINE vector_element carry(vector_element a) {
  for (int i = 0; i < LIMBS - 1; i++) {
    a.limb[i + 1] = _mm512_add_epi64(a.limb[i + 1], _mm512_srai_epi64(a.limb[i], LIMB_BITS));
    a.limb[i] = _mm512_and_si512(a.limb[i], broadcast(LIMB_MASK));
  }
  return a;
}

// ---- Arithmetic

INLINE void add_row(__m512i t[2 * LIMBS], int at, __m512i a, const __m512i b[LIMBS]) {
  for (int j = 0; j < LIMBS; j++) t[at + j] = _mm512_madd52lo_epu64(t[at + j], a, b[j]);
  for (int j = 0; j < LIMBS; j++) t[at + j + 1] = _mm512_madd52hi_epu64(t[at + j + 1], a, b[j]);
}

// a b / 2^260 mod p, or that and p: even.
INLINE vector_element multiply_to_even(vector_element a, vector_element b, const vectors_field* field) {
  __m512i t[2 * LIMBS], modulus[LIMBS];
  for (int i = 0; i < LIMBS; i++) modulus[i] = broadcast(field->modulus[i]);
  for (int i = 0; i < 2 * LIMBS; i++) t[i] = _mm512_setzero_si512();
  for (int i = 0; i < LIMBS; i++) {
    add_row(t, i, a.limb[i], b.limb);
    __m512i m = _mm512_madd52lo_epu64(_mm512_setzero_si512(), t[i], broadcast(field->negative_inverse));
    add_row(t, i, m, modulus);
    t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srli_epi64(t[i], LIMB_BITS));
  }
  __mmask8 odd = _mm512_test_epi64_mask(t[LIMBS], broadcast(1));
  vector_element product;
  for (int i = 0; i < LIMBS; i++) product.limb[i] = _mm512_mask_add_epi64(t[LIMBS + i], odd, t[LIMBS + i], modulus[i]);
  return carry(product);
}

INLINE vector_words fold_group(vector_words even, vector_words odd, vector_element by, const vectors_field* field) {
  vector_element a = from_words(even), difference = from_words(odd);
  for (int i = 0; i < LIMBS; i++)
    difference.limb[i] = _mm512_add_epi64(_mm512_sub_epi64(difference.limb[i], a.limb[i]), broadcast(field->twice[i]));
  vector_element product = from_words(half_to_words(multiply_to_even(carry(difference), by, field)));
  vector_element reduced;
  for (int i = 0; i < LIMBS; i++) {
    a.limb[i] = _mm512_add_epi64(a.limb[i], product.limb[i]);
    reduced.limb[i] = _mm512_sub_epi64(a.limb[i], broadcast(field->twice[i]));
  }
  a = carry(a), reduced = carry(reduced);
  __mmask8 negative = _mm512_movepi64_mask(reduced.limb[LIMBS - 1]);
  for (int i = 0; i < LIMBS; i++) reduced.limb[i] = _mm512_mask_mov_epi64(reduced.limb[i], negative, a.limb[i]);
  return to_words(reduced);
}

void vectors_multiply(uint8_t* to, const uint8_t* from, uint32_t count, const vectors_field* field) {
  for (uint32_t done = 0; done < count; done += LANES, to += LANES * ELEMENT_BYTES, from += LANES * ELEMENT_BYTES) {
    vector_element a = from_words(load(to, count - done)), b = from_words(load(from, count - done));
    store(to, half_to_words(multiply_to_even(a, b, field)), count - done);
  }
}

void vectors_scale(uint8_t* to, const uint64_t by[4], uint32_t count, const vectors_field* field) {
  vector_element b = same(by);
  for (uint32_t done = 0; done < count; done += LANES, to += LANES * ELEMENT_BYTES)
    store(to, half_to_words(multiply_to_even(from_words(load(to, count - done)), b, field)), count - done);
}

void vectors_fold(uint8_t* to, const uint8_t* from, const uint64_t by[4], uint32_t count, const vectors_field* field) {
  vector_element b = same(by);
  for (uint32_t done = 0; done < count; done += 2 * LANES, to += LANES * ELEMENT_BYTES, from += 2 * LANES * ELEMENT_BYTES) {
    uint32_t left = count - done;
    vector_words even, odd;
    load_pairs(from, left, &even, &odd);
    store(to, fold_group(even, odd, b, field), left / 2 + left % 2);
  }
}
