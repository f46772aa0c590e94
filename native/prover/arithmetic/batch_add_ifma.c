// batch_add for AVX-512 with IFMA: vpmadd52luq and vpmadd52huq add the low and the high 52 bits of a product of two
// 52-bit numbers. Montgomery's multiplication as in field.h, with words of 52 bits.
#define BATCH_ADD_NAME batch_add_ifma
#include "batch_add_vector.h"

VECTOR_INLINE void add_row(__m512i t[2 * LIMBS], int at, __m512i a, const __m512i b[LIMBS]) {
  for (int j = 0; j < LIMBS; j++) t[at + j] = _mm512_madd52lo_epu64(t[at + j], a, b[j]);
  for (int j = 0; j < LIMBS; j++) t[at + j + 1] = _mm512_madd52hi_epu64(t[at + j + 1], a, b[j]);
}

VECTOR_INLINE vector_element vector_multiply(vector_element a, vector_element b) {
  __m512i t[2 * LIMBS], modulus[LIMBS];
  for (int i = 0; i < LIMBS; i++) modulus[i] = broadcast(modulus_limbs[i]);
  for (int i = 0; i < 2 * LIMBS; i++) t[i] = _mm512_setzero_si512();
  for (int i = 0; i < LIMBS; i++) {
    add_row(t, i, a.limb[i], b.limb);
    __m512i m = _mm512_madd52lo_epu64(_mm512_setzero_si512(), t[i], broadcast(NEGATIVE_INVERSE_52));
    add_row(t, i, m, modulus);
    t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srli_epi64(t[i], LIMB_BITS));
  }
  vector_element product;
  for (int i = 0; i < LIMBS; i++) product.limb[i] = t[LIMBS + i];
  return carry(product);
}
