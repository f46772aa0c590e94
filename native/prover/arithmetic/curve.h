// Points of BN254's G1, y^2 = x^3 + 3 over the base field, and the additions that happen too seldom to be done in batches.
#ifndef PROVER_CURVE_H
#define PROVER_CURVE_H

#include "arithmetic.h"
#include "field.h"

// Finite. Where nothing else is said both coordinates are canonical, so that equal points have equal bytes.
typedef struct curve_point {
  _Alignas(64) field_element x;
  field_element y;
} curve_point;
_Static_assert(sizeof(curve_point) == 64, "as the module has it, and as one vector");

// (x / z^2, y / z^3), or the neutral element when `infinite`. Coordinates below 2 p.
typedef struct curve_jacobian {
  field_element x, y, z;
  bool infinite;
} curve_jacobian;

FIELD_INLINE field_element base_multiply(const field_element* a, const field_element* b) {
  field_element product;
  if (__builtin_expect(prover_has_adx, 1)) field_multiply_adx(product.word, a->word, b->word, &field_base);
  else field_multiply_portable(product.word, a->word, b->word, &field_base);
  return product;
}

FIELD_INLINE field_element base_square(const field_element* a) { return base_multiply(a, a); }
FIELD_INLINE field_element base_add(const field_element* a, const field_element* b) { return field_add(a, b, &field_base); }
FIELD_INLINE field_element base_subtract(const field_element* a, const field_element* b) { return field_subtract(a, b, &field_base); }
FIELD_INLINE field_element base_double(const field_element* a) { return field_add(a, a, &field_base); }

FIELD_INLINE bool base_is_zero(const field_element* a) { // a below 2 p
  field_element canonical = *a;
  field_canonical(&canonical, &field_base);
  return (canonical.word[0] | canonical.word[1] | canonical.word[2] | canonical.word[3]) == 0;
}

FIELD_INLINE bool base_same(const field_element* a, const field_element* b) { // both canonical
  return memcmp(a->word, b->word, sizeof a->word) == 0;
}

// A cube root of 1, so that (x, y) to (this times x, y) keeps points on the curve. It multiplies them by the number in split.h.
static const field_element curve_cube_root __attribute__((unused)) = { { 0x62b1a3a46a337995, 0xadc97d2722e2726e, 0x64ee82ede2db85fa, 0x0c0afea1488a03bb } };

// 1 / a for any four words that are not 0 mod p; canonical.
field_element base_invert(const field_element* a);

// Formulas: D. J. Bernstein, T. Lange, Explicit-Formulas Database, "Short Weierstrass curves, Jacobian coordinates, a = 0":
// dbl-2009-l, and Z2 = 1 and general additions in the shape of Cohen, Miyaji and Ono (1998). All cases are handled.
curve_jacobian curve_double(const curve_jacobian* p);
curve_jacobian curve_add_point(const curve_jacobian* p, const curve_point* q);
curve_jacobian curve_add(const curve_jacobian* p, const curve_jacobian* q);

#endif
