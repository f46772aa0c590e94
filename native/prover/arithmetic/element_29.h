// Elements, one a lane, where there is no IFMA: nine limbs of 29 bits, whose products vpmuludq makes of the lower halves of 64-bit lanes.
// R = 2^261, as in the module. What does not name a field is in the base field.
#define LIMBS 9
#include "lanes.h"

enum { LIMB_BITS = 29 };
#define LIMB_MASK ((1ull << LIMB_BITS) - 1)

// An operand of a multiplication, below 16 p. One operand's limbs are below 2^29 (2^25 more for the topmost), the other's below 2.5 2^30:
// then a column has at most nine products of either and nine of p's limbs, together below 27 2^59.
typedef struct element {
  lanes limb[LIMBS];
} element;

typedef struct prime {
  uint64_t limb[LIMBS], negative_inverse; // -1 / p mod 2^29
} prime;
static const prime base_prime = { .limb = { 0x187cfd47, 0x10460b6, 0x1c72a34f, 0x2d522d0, 0x1585d978, 0x2db40c0, 0xa6e141, 0xe5c2634, 0x30644e }, .negative_inverse = 0x4866389 };
static const prime scalar_prime __attribute__((unused)) = { .limb = { 0x10000001, 0x1f0fac9f, 0xe5c2450, 0x7d090f3, 0x1585d283, 0x2db40c0, 0xa6e141, 0xe5c2634, 0x30644e }, .negative_inverse = 0xfffffff };
// 8 p, with limbs above 2^30 but for the topmost, so that what is added to it may have limbs of either sign.
static const uint64_t eight_moduli[LIMBS] = { 0x43e7ea38, 0x482305b4, 0x43951a76, 0x56a91685, 0x4c2ecbbe, 0x56da0603, 0x45370a06, 0x52e1319e, 0x1832271 };

// R, 2^261 and R^2 / 2^261 mod p: all the same here.
static const field_element vector_one = { { 0x4e8384eb157ccc21, 0xfb90a6020ce148c3, 0x5301fa84819caa36, 0x0dc83629563d4475 } };
#define into_module vector_one
#define from_module vector_one
#define scalar_into_module vector_one

LANES_INLINE columns columns_of_words(const lanes w[4]) {
  columns a;
  a.limb[0] = w[0] & LIMB_MASK;
  a.limb[1] = (w[0] >> 29) & LIMB_MASK;
  a.limb[2] = (w[0] >> 58 | w[1] << 6) & LIMB_MASK;
  a.limb[3] = (w[1] >> 23) & LIMB_MASK;
  a.limb[4] = (w[1] >> 52 | w[2] << 12) & LIMB_MASK;
  a.limb[5] = (w[2] >> 17) & LIMB_MASK;
  a.limb[6] = (w[2] >> 46 | w[3] << 18) & LIMB_MASK;
  a.limb[7] = (w[3] >> 11) & LIMB_MASK;
  a.limb[8] = w[3] >> 40;
  return a;
}

// Limbs of 29 bits, of columns that are not negative.
LANES_INLINE element operand(columns a) {
  element e;
  for (int i = 0; i < LIMBS - 1; i++) {
    a.limb[i + 1] += a.limb[i] >> LIMB_BITS;
    e.limb[i] = a.limb[i] & LIMB_MASK;
  }
  e.limb[LIMBS - 1] = a.limb[LIMBS - 1];
  return e;
}

// An operand, with large limbs, for a difference of coordinates: above -8 p, with limbs between -2^30 and 2^30.
LANES_INLINE element operand_of_difference(columns a) {
  element e;
  for (int i = 0; i < LIMBS; i++) e.limb[i] = a.limb[i] + broadcast(eight_moduli[i]);
  return e;
}

// The difference again.
LANES_INLINE columns difference_of_operand(element e) {
  columns a;
  for (int i = 0; i < LIMBS; i++) a.limb[i] = e.limb[i] - broadcast(eight_moduli[i]);
  return a;
}

LANES_INLINE lanes product_of_halves(lanes a, lanes b) {
#ifdef __AVX512F__
  return (lanes)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#else
  return (lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#endif
}

// Column k of a b, or of a^2, with mixed products once and doubled, when `twice` is not null.
LANES_INLINE lanes column_of(const element* a, const element* b, const lanes* twice, int k) {
  int first = k < LIMBS ? 0 : k - LIMBS + 1;
  lanes column = twice != NULL && k % 2 == 0 ? product_of_halves(a->limb[k / 2], a->limb[k / 2]) : broadcast(0);
  for (int i = first; i < LIMBS && i <= k; i++) {
    if (twice == NULL) column += product_of_halves(a->limb[i], b->limb[k - i]);
    else if (2 * i < k) column += product_of_halves(twice[i], a->limb[k - i]);
  }
  return column;
}

// Montgomery's multiplication as in field.h, with words of 29 bits, column by column, which needs fewer registers than row by row. To
// column k of a b come m_0 p_k + .. + m_k p_0 and what the column before carries; with m_k = -column / p mod 2^29 it is 0 mod 2^29.
LANES_INLINE columns multiply_columns(const element* a, const element* b, const lanes* twice, const prime* p) {
  lanes m[LIMBS], carried = broadcast(0);
  columns product;
#pragma clang loop unroll(full)
  for (int k = 0; k < 2 * LIMBS - 1; k++) {
    lanes column = carried;
    carried = broadcast(0);
    for (int i = k < LIMBS ? 0 : k - LIMBS + 1; i < LIMBS && i < k; i++)
      column += product_of_halves(m[i], broadcast(p->limb[k - i]));
    column += column_of(a, b, twice, k);
    if (k < LIMBS) {
      m[k] = product_of_halves(column, broadcast(p->negative_inverse)) & LIMB_MASK;
      carried = (column + product_of_halves(m[k], broadcast(p->limb[0]))) >> LIMB_BITS;
    } else {
      product.limb[k - LIMBS] = column;
    }
  }
  product.limb[LIMBS - 1] = carried;
  return product;
}

// a b / R, below a b / R + p, without the last carries.
LANES_INLINE columns multiply_open(element a, element b) { return multiply_columns(&a, &b, NULL, &base_prime); }

// The same for limbs of 29 bits.
LANES_INLINE columns square_open(element a) {
  lanes twice[LIMBS];
  for (int i = 0; i < LIMBS; i++) twice[i] = a.limb[i] + a.limb[i];
  return multiply_columns(&a, &a, twice, &base_prime);
}

LANES_INLINE element multiply(element a, element b) { return operand(multiply_open(a, b)); }

// Limbs of 29 bits, the topmost with the sign, of columns between -2^33 and 27 2^59. They are made positive before they are shifted.
LANES_INLINE columns carry(columns a) {
  for (int i = 0; i < LIMBS - 1; i++) {
    a.limb[i] += broadcast(1ull << 34);
    a.limb[i + 1] += (a.limb[i] >> LIMB_BITS) - broadcast(1ull << (34 - LIMB_BITS));
    a.limb[i] &= broadcast(LIMB_MASK);
  }
  return a;
}

// Words of a value that is not negative, with carries.
LANES_INLINE void words_of_limbs(lanes w[4], const lanes limb[LIMBS]) {
  w[0] = limb[0] | limb[1] << 29 | limb[2] << 58;
  w[1] = limb[2] >> 6 | limb[3] << 23 | limb[4] << 52;
  w[2] = limb[4] >> 12 | limb[5] << 17 | limb[6] << 46;
  w[3] = limb[6] >> 18 | limb[7] << 11 | limb[8] << 40;
}

// a b / 2^261 as words, below a b / 2^261 + p.
LANES_INLINE void multiply_to_words(lanes w[4], element a, element b, const prime* modulus) {
  element product = operand(multiply_columns(&a, &b, NULL, modulus));
  words_of_limbs(w, product.limb);
}

// From a value between -4 p and 3.9 p to one in the same class between 0.05 p and 1.07 p, as words; and as columns. The multiple q of p
// that is taken from v + 4 p is (v + 3.94 p) / p rounded down, found from the topmost limb: p is 3171406.449 there.
LANES_INLINE columns reduce_to_words(columns v, lanes w[4]) {
  // The topmost limb with what the next one carries, which may be less than nothing: exact but for 2^-15 of p.
  lanes top = v.limb[LIMBS - 1] + ((v.limb[LIMBS - 2] + broadcast(1ull << 34)) >> LIMB_BITS) - broadcast(1ull << (34 - LIMB_BITS));
  const uint64_t bias = 12495341, per_modulus = 5547124; // 3.94 p; 2^44 / p
  lanes quotient = product_of_halves(top + bias, broadcast(per_modulus)) >> 44;
  for (int i = 0; i < LIMBS; i++)
    v.limb[i] += broadcast(4 * base_prime.limb[i]) - product_of_halves(quotient, broadcast(base_prime.limb[i]));
  v = carry(v);
  words_of_limbs(w, v.limb);
  return v;
}
