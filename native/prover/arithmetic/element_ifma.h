// Elements, one a lane, with IFMA: vpmadd52luq and vpmadd52huq add the low and the high 52 bits of a product of two 52-bit numbers.
// R = 2^260. What does not name a field is in the base field.
#define LIMBS 5
#include "lanes.h"

enum { LIMB_BITS = 52 };
#define LIMB_MASK ((1ull << LIMB_BITS) - 1)

// An operand of a multiplication: limbs below 2^52, the value below 16 p.
typedef struct element {
  lanes limb[LIMBS];
} element;

// A number of 256 bits in limbs.
#define LIMBS_OF(w0, w1, w2, w3)                                                                                       \
  { (w0) & LIMB_MASK, ((w0) >> 52 | (w1) << 12) & LIMB_MASK, ((w1) >> 40 | (w2) << 24) & LIMB_MASK,                    \
    ((w2) >> 28 | (w3) << 36) & LIMB_MASK, (w3) >> 16 }

typedef struct prime {
  uint64_t limb[LIMBS], negative_inverse; // -1 / p mod 2^52
} prime;
static const prime base_prime = {
  .limb = LIMBS_OF(0x3c208c16d87cfd47ull, 0x97816a916871ca8dull, 0xb85045b68181585dull, 0x30644e72e131a029ull),
  .negative_inverse = 0x87d20782e4866389ull & LIMB_MASK,
};
static const prime scalar_prime __attribute__((unused)) = {
  .limb = LIMBS_OF(0x43e1f593f0000001ull, 0x2833e84879b97091ull, 0xb85045b68181585dull, 0x30644e72e131a029ull),
  .negative_inverse = 0xc2e1f593efffffffull & LIMB_MASK,
};

// R / 1, 2^261 / 1 and R^2 / 2^261 mod p; the cube root of 1 that curve.h has, times R.
static const field_element vector_one = { { 0x45520880f6fce4b4, 0x49890849baa989a8, 0x85a9201d818f014a, 0x1f16424e1bb7724f } };
static const field_element into_module = { { 0x4e8384eb157ccc21, 0xfb90a6020ce148c3, 0x5301fa84819caa36, 0x0dc83629563d4475 } };
static const field_element from_module = { { 0x22a904407b7e725a, 0x24c48424dd54c4d4, 0xc2d4900ec0c780a5, 0x0f8b21270ddbb927 } };
// What scalar arithmetic, which divides by 2^261, multiplies by to make v 2^261 of v R: 2^522 / R.
static const field_element scalar_into_module = { { 0x9d0709d62af99842, 0xf7214c0419c29186, 0xa603f5090339546d, 0x1b906c52ac7a88ea } };

LANES_INLINE columns columns_of_words(const lanes w[4]) {
  columns a;
  a.limb[0] = w[0] & LIMB_MASK;
  a.limb[1] = (w[0] >> 52 | w[1] << 12) & LIMB_MASK;
  a.limb[2] = (w[1] >> 40 | w[2] << 24) & LIMB_MASK;
  a.limb[3] = (w[2] >> 28 | w[3] << 36) & LIMB_MASK;
  a.limb[4] = w[3] >> 16;
  return a;
}

// Limbs of 52 bits; the topmost keeps the sign of the whole.
LANES_INLINE columns carry(columns a) {
  for (int i = 0; i < LIMBS - 1; i++) {
    a.limb[i + 1] += (lanes)((signed_lanes)a.limb[i] >> LIMB_BITS);
    a.limb[i] &= broadcast(LIMB_MASK);
  }
  return a;
}

// Of a value that is not negative.
LANES_INLINE element operand(columns a) {
  a = carry(a);
  element e;
  for (int i = 0; i < LIMBS; i++) e.limb[i] = a.limb[i];
  return e;
}

// An operand for a difference of coordinates, which is above -6 p.
LANES_INLINE element operand_of_difference(columns a) {
  for (int i = 0; i < LIMBS; i++) a.limb[i] += broadcast(6 * base_prime.limb[i]);
  return operand(a);
}

// The difference again, without carries.
LANES_INLINE columns difference_of_operand(element e) {
  columns a;
  for (int i = 0; i < LIMBS; i++) a.limb[i] = e.limb[i] - broadcast(6 * base_prime.limb[i]);
  return a;
}

LANES_INLINE lanes add_low(lanes sum, lanes a, lanes b) { return (lanes)_mm512_madd52lo_epu64((__m512i)sum, (__m512i)a, (__m512i)b); }
LANES_INLINE lanes add_high(lanes sum, lanes a, lanes b) { return (lanes)_mm512_madd52hi_epu64((__m512i)sum, (__m512i)a, (__m512i)b); }

// Montgomery's multiplication as in field.h, with words of 52 bits. Two sums a column, one of low halves and one of high ones: an
// addition waits for the one before it in the same sum. The lowest column t becomes t + low(m p0) = 0 mod 2^52, so what it
// carries is t / 2^52 rounded up: columns 0 to 4 start at 2^52 - 1, and the product that only makes zeros is left out. Then
// m = -t / p = (t + 2^52 - 1) (-1 / p) + (-1 / p) mod 2^52; the instructions ignore what is above.
typedef struct halves {
  lanes low[LIMBS], high[LIMBS + 1]; // columns i to i + 4, and i to i + 5
} halves;

// Takes column i off: from columns i .. to columns i + 1 ..
LANES_INLINE void reduce_column(halves* t, const lanes p[LIMBS], lanes factor) {
  lanes lowest = t->low[0] + t->high[0], m = add_low(factor, lowest, factor);
  for (int j = 0; j < LIMBS - 1; j++) t->low[j] = add_low(t->low[j + 1], m, p[j + 1]);
  t->low[LIMBS - 1] = broadcast(0);
  for (int j = 0; j < LIMBS; j++) t->high[j] = add_high(t->high[j + 1], m, p[j]);
  t->high[LIMBS] = broadcast(0);
  t->low[0] += lowest >> LIMB_BITS;
}

// a b / R, below a b / R + p, without the last carries.
LANES_INLINE columns multiply_modulo(element a, element b, const prime* modulus) {
  lanes p[LIMBS], factor = broadcast(modulus->negative_inverse);
  halves t;
  for (int i = 0; i < LIMBS; i++) {
    p[i] = broadcast(modulus->limb[i]);
    t.low[i] = broadcast(LIMB_MASK);
    t.high[i] = broadcast(0);
  }
  t.high[LIMBS] = broadcast(0);
  for (int i = 0; i < LIMBS; i++) {
    for (int j = 0; j < LIMBS; j++) t.low[j] = add_low(t.low[j], a.limb[i], b.limb[j]);
    for (int j = 0; j < LIMBS; j++) t.high[j + 1] = add_high(t.high[j + 1], a.limb[i], b.limb[j]);
    reduce_column(&t, p, factor);
  }
  columns product;
  for (int i = 0; i < LIMBS; i++) product.limb[i] = t.low[i] + t.high[i];
  return product;
}

LANES_INLINE columns multiply_open(element a, element b) { return multiply_modulo(a, b, &base_prime); }

LANES_INLINE columns square_open(element a) { return multiply_open(a, a); }

LANES_INLINE element multiply(element a, element b) { return operand(multiply_open(a, b)); }

// Words of a value that is not negative, with carries.
LANES_INLINE void words_of_limbs(lanes w[4], const lanes limb[LIMBS]) {
  w[0] = limb[0] | limb[1] << 52;
  w[1] = limb[1] >> 12 | limb[2] << 40;
  w[2] = limb[2] >> 24 | limb[3] << 28;
  w[3] = limb[3] >> 36 | limb[4] << 16;
}

// a b / 2^261 as words, below a b / 2^261 + p: half of a b / R, or of p more where that is odd.
LANES_INLINE void multiply_to_words(lanes w[4], element a, element b, const prime* modulus) {
  columns product = multiply_modulo(a, b, modulus);
  lanes odd = broadcast(0) - (product.limb[0] & broadcast(1));
  for (int i = 0; i < LIMBS; i++) product.limb[i] += broadcast(modulus->limb[i]) & odd;
  product = carry(product);
  for (int i = 0; i < LIMBS; i++) product.limb[i] = product.limb[i] >> 1 | (i + 1 < LIMBS ? product.limb[i + 1] << 51 & LIMB_MASK : broadcast(0));
  words_of_limbs(w, product.limb);
}

// From a value between -4 p and 3.9 p to one in the same class between 0 and 2 p, as words; and as columns. Which multiple of p is
// added depends on v / 2^254 rounded down, -4 to 3, as 2^254 is 1.32 p. The carries that the top limb lacks are less than 2^-40 of p:
// subtracting 64 keeps a value that is negative by so little from being taken for positive.
LANES_INLINE columns reduce_to_words(columns v, lanes w[4]) {
  lanes which = (v.limb[LIMBS - 1] - 64) >> 46;
  for (int i = 0; i < LIMBS; i++) {
    const uint64_t p = base_prime.limb[i];
    const lanes multiples = { 0, 0 - p, 0 - 2 * p, 0 - 3 * p, 5 * p, 4 * p, 3 * p, 2 * p };
    v.limb[i] += (lanes)_mm512_permutexvar_epi64((__m512i)which, (__m512i)multiples);
  }
  v = carry(v);
  words_of_limbs(w, v.limb);
  return v;
}
