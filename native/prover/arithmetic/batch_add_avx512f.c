// batch_add for AVX-512 without IFMA: products of 52-bit limbs by fused multiplication and addition of doubles.
//
// A double holds 53 bits, and a fused multiplication and addition rounds once. With rounding towards zero
//     high = a b + 2^104, rounded to a multiple of 2^52, has floor(a b / 2^52) in its 52 bits of fraction,
//     low = a b + (2^104 + 2^52 - high) is exact and has a b mod 2^52 there.
// Both are added up as integers; the bits above the fraction (the exponents of 2^104 and of 2^52) are the same each time
// and are taken off beforehand. N. Emmart, F. Zheng, C. Weems, "Faster modular exponentiation using double precision
// floating point arithmetic on the GPU" (ARITH 2018).
#define BATCH_ADD_NAME batch_add_avx512f
#include "batch_add_vector.h"

#define TOWARDS_ZERO (_MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC)
#define EXPONENT_OF_HIGH ((1023ull + 104) << 52)
#define EXPONENT_OF_LOW ((1023ull + 52) << 52)

// How many products of limbs have their low half in a column; their high halves are in the next.
#define PRODUCTS_IN(column) ((column) < 0 || (column) > 8 ? 0ull : (column) < LIMBS ? (column) + 1ull : 9ull - (column))
#define EXPONENTS_IN(column) (2 * (PRODUCTS_IN(column) * EXPONENT_OF_LOW + PRODUCTS_IN((column) - 1) * EXPONENT_OF_HIGH))

VECTOR_INLINE void add_row(__m512i t[2 * LIMBS], int at, __m512d a, const __m512d b[LIMBS]) {
  const __m512d two104 = _mm512_set1_pd(0x1p104), both = _mm512_set1_pd(0x1p104 + 0x1p52);
  for (int j = 0; j < LIMBS; j++) {
    __m512d high = _mm512_fmadd_round_pd(a, b[j], two104, TOWARDS_ZERO);
    __m512d low = _mm512_fmadd_round_pd(a, b[j], _mm512_sub_pd(both, high), TOWARDS_ZERO);
    t[at + j] = _mm512_add_epi64(t[at + j], _mm512_castpd_si512(low));
    t[at + j + 1] = _mm512_add_epi64(t[at + j + 1], _mm512_castpd_si512(high));
  }
}

// The low 52 bits of a product, as a double.
VECTOR_INLINE __m512d low_product(__m512d a, __m512d b) {
  const __m512d two104 = _mm512_set1_pd(0x1p104), both = _mm512_set1_pd(0x1p104 + 0x1p52);
  __m512d high = _mm512_fmadd_round_pd(a, b, two104, TOWARDS_ZERO);
  __m512d low = _mm512_fmadd_round_pd(a, b, _mm512_sub_pd(both, high), TOWARDS_ZERO);
  return _mm512_sub_pd(low, _mm512_set1_pd(0x1p52));
}

// Montgomery's multiplication as in field.h, with words of 52 bits.
VECTOR_INLINE vector_element vector_multiply(vector_element a, vector_element b) {
  __m512i t[2 * LIMBS];
  __m512d b_double[LIMBS], modulus[LIMBS];
  for (int i = 0; i < LIMBS; i++) {
    b_double[i] = _mm512_cvtepi64_pd(b.limb[i]);
    modulus[i] = _mm512_set1_pd((double)modulus_limbs[i]);
  }
  for (int i = 0; i < 2 * LIMBS; i++) t[i] = broadcast(0 - EXPONENTS_IN(i));
  for (int i = 0; i < LIMBS; i++) {
    add_row(t, i, _mm512_cvtepi64_pd(a.limb[i]), b_double);
    __m512d low = _mm512_cvtepi64_pd(_mm512_and_si512(t[i], broadcast(LIMB_MASK)));
    add_row(t, i, low_product(low, _mm512_set1_pd((double)NEGATIVE_INVERSE_52)), modulus);
    t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srli_epi64(t[i], LIMB_BITS));
  }
  vector_element product;
  for (int i = 0; i < LIMBS; i++) product.limb[i] = t[LIMBS + i];
  return carry(product);
}
