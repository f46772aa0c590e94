#include "curve.h"

#pragma GCC visibility push(hidden)

// ---- Inversion
//
// D. J. Bernstein, B.-Y. Yang, "Fast constant-time gcd computation and modular inversion" (TCHES 2019), here in variable time.
// From f = p, g = a a "divstep" takes (delta, f, g) to (1 - delta, g, (g - f) / 2) when delta > 0 and g is odd, else to
// (1 + delta, f, (g + (g mod 2) f) / 2). Which it is depends on the lowest bits alone, so 62 steps are found on single
// words, as a matrix with [f' g'] = [f g] M / 2^62, before the long numbers are touched. g reaches 0 within 741 steps, and f is
// then 1 or -1. d and e are kept so that d a = f c and e a = g c mod p: d = 0 and e = c at first, d = c / a or -c / a at the end.

enum { DIGITS = 5, DIGIT_BITS = 62 };
#define DIGIT_MASK ((1ull << DIGIT_BITS) - 1)

// Signed: digits of 62 bits, the topmost with the sign.
typedef struct signed_number {
  int64_t digit[DIGITS];
} signed_number;

typedef struct steps_matrix {
  int64_t u, v, q, r;
} steps_matrix;

static const signed_number modulus_digits = { { 0x3c208c16d87cfd47, 0x1e05aa45a1c72a34, 0x5045b68181585d9, 0x19139cb84c680a6e, 0x30 } };
// c: a is v 2^261, and its inverse 2^261 / v is 2^522 / a.
static const signed_number scale_digits = { { 0x21a2a074659bac10, 0xe6156195018016b, 0x354c5802d3e26326, 0x469a30d3a9969bf, 0x2a } };
static const uint64_t negative_inverse_62 = 0x7d20782e4866389; // -1 / p mod 2^62

static int64_t find_steps(int64_t delta, uint64_t f, uint64_t g, steps_matrix* m) {
  uint64_t u = 1, v = 0, q = 0, r = 1;
  for (int left = DIGIT_BITS;;) {
    int zeros = __builtin_ctzll(g | UINT64_MAX << left); // steps in which g is even
    g >>= zeros;
    u <<= zeros;
    v <<= zeros;
    delta += zeros;
    left -= zeros;
    if (left == 0) break;
    if (delta > 0) {
      uint64_t old_f = f, old_u = u, old_v = v;
      delta = -delta;
      f = g;
      g = 0 - old_f;
      u = q;
      q = 0 - old_u;
      v = r;
      r = 0 - old_v;
    }
    // Until delta is positive again, only multiples of f are added to g: as many bits of it become zero as there are steps, at
    // most six, modulo which f (f^2 - 2) is -1 / f.
    int steps = 1 - delta < left ? (int)(1 - delta) : left;
    uint64_t multiple = f * g * (f * f - 2) & (UINT64_MAX >> (64 - steps)) & 63;
    g += f * multiple;
    q += u * multiple;
    r += v * multiple;
  }
  *m = (steps_matrix){ (int64_t)u, (int64_t)v, (int64_t)q, (int64_t)r };
  return delta;
}

// (x a + y b + multiple p) / 2^62, which is exact.
static signed_number combine(int64_t x, const signed_number* a, int64_t y, const signed_number* b, uint64_t multiple) {
  signed_number sum;
  __int128 carry = 0;
  for (int i = 0; i < DIGITS; i++) {
    carry += (__int128)x * a->digit[i] + (__int128)y * b->digit[i] + (__int128)multiple * modulus_digits.digit[i];
    if (i > 0) sum.digit[i - 1] = (int64_t)((uint64_t)carry & DIGIT_MASK);
    carry >>= DIGIT_BITS;
  }
  sum.digit[DIGITS - 1] = (int64_t)carry;
  return sum;
}

// The same for d and e, modulo p: the multiple of p that makes it exact. Grows by less than p each time.
static signed_number combine_modulo(int64_t x, const signed_number* a, int64_t y, const signed_number* b) {
  uint64_t low = (uint64_t)x * (uint64_t)a->digit[0] + (uint64_t)y * (uint64_t)b->digit[0];
  return combine(x, a, y, b, low * negative_inverse_62 & DIGIT_MASK);
}

// a + times p.
static signed_number plus_modulus(const signed_number* a, int64_t times) {
  signed_number sum;
  __int128 carry = 0;
  for (int i = 0; i < DIGITS; i++) {
    carry += (__int128)times * modulus_digits.digit[i] + a->digit[i];
    sum.digit[i] = i < DIGITS - 1 ? (int64_t)((uint64_t)carry & DIGIT_MASK) : (int64_t)carry;
    carry >>= DIGIT_BITS;
  }
  return sum;
}

field_element base_invert(const field_element* a) {
  const uint64_t* w = a->word;
  signed_number f = modulus_digits, d = { { 0 } }, e = scale_digits;
  signed_number g = { {
    (int64_t)(w[0] & DIGIT_MASK),
    (int64_t)((w[0] >> 62 | w[1] << 2) & DIGIT_MASK),
    (int64_t)((w[1] >> 60 | w[2] << 4) & DIGIT_MASK),
    (int64_t)((w[2] >> 58 | w[3] << 6) & DIGIT_MASK),
    (int64_t)(w[3] >> 56),
  } };
  int64_t delta = 1;
  while ((g.digit[0] | g.digit[1] | g.digit[2] | g.digit[3] | g.digit[4]) != 0) {
    steps_matrix m;
    delta = find_steps(delta, (uint64_t)f.digit[0], (uint64_t)g.digit[0], &m);
    signed_number next_f = combine(m.u, &f, m.v, &g, 0), next_d = combine_modulo(m.u, &d, m.v, &e);
    g = combine(m.q, &f, m.r, &g, 0);
    e = combine_modulo(m.q, &d, m.r, &e);
    f = next_f;
    d = next_d;
  }
  // f is 1 or -1. At most 12 rounds: d is between -13 p and 13 p.
  if (f.digit[DIGITS - 1] < 0) {
    for (int i = 0; i < DIGITS; i++) d.digit[i] = -d.digit[i];
  }
  d = plus_modulus(&d, 16);
  for (int64_t times = 16; times > 0; times /= 2) {
    signed_number less = plus_modulus(&d, -times);
    if (less.digit[DIGITS - 1] >= 0) d = less;
  }
  const int64_t* x = d.digit;
  return (field_element){ {
    (uint64_t)x[0] | (uint64_t)x[1] << 62,
    (uint64_t)x[1] >> 2 | (uint64_t)x[2] << 60,
    (uint64_t)x[2] >> 4 | (uint64_t)x[3] << 58,
    (uint64_t)x[3] >> 6 | (uint64_t)x[4] << 56,
  } };
}

// ---- Additions

curve_jacobian curve_double(const curve_jacobian* p) {
  if (p->infinite) return *p;
  field_element a = base_square(&p->x), b = base_square(&p->y), c = base_square(&b);
  field_element d = base_add(&p->x, &b);
  d = base_square(&d);
  d = base_subtract(&d, &a);
  d = base_subtract(&d, &c);
  d = base_double(&d);
  field_element e = base_double(&a);
  e = base_add(&e, &a);
  curve_jacobian sum = { .infinite = false };
  sum.x = base_square(&e);
  sum.x = base_subtract(&sum.x, &d);
  sum.x = base_subtract(&sum.x, &d);
  c = base_double(&c);
  c = base_double(&c);
  c = base_double(&c);
  sum.y = base_subtract(&d, &sum.x);
  sum.y = base_multiply(&sum.y, &e);
  sum.y = base_subtract(&sum.y, &c);
  sum.z = base_multiply(&p->y, &p->z);
  sum.z = base_double(&sum.z);
  return sum;
}

// The rest of an addition: (x1, y1) and the differences from it, all scaled to the denominator z.
static curve_jacobian finish_addition(const field_element* x1, const field_element* y1, const field_element* h,
                                      const field_element* r, const field_element* z) {
  field_element hh = base_square(h), hhh = base_multiply(&hh, h), v = base_multiply(x1, &hh);
  curve_jacobian sum = { .infinite = false };
  sum.x = base_square(r);
  sum.x = base_subtract(&sum.x, &hhh);
  sum.x = base_subtract(&sum.x, &v);
  sum.x = base_subtract(&sum.x, &v);
  field_element y = base_multiply(y1, &hhh);
  sum.y = base_subtract(&v, &sum.x);
  sum.y = base_multiply(&sum.y, r);
  sum.y = base_subtract(&sum.y, &y);
  sum.z = base_multiply(z, h);
  return sum;
}

curve_jacobian curve_add_point(const curve_jacobian* p, const curve_point* q) {
  if (p->infinite) return (curve_jacobian){ .x = q->x, .y = q->y, .z = field_base.one };
  field_element zz = base_square(&p->z), x2 = base_multiply(&q->x, &zz), y2 = base_multiply(&q->y, &p->z);
  y2 = base_multiply(&y2, &zz);
  field_element h = base_subtract(&x2, &p->x), r = base_subtract(&y2, &p->y);
  if (base_is_zero(&h)) return base_is_zero(&r) ? curve_double(p) : (curve_jacobian){ .infinite = true };
  return finish_addition(&p->x, &p->y, &h, &r, &p->z);
}

curve_jacobian curve_add(const curve_jacobian* p, const curve_jacobian* q) {
  if (q->infinite) return *p;
  if (p->infinite) return *q;
  field_element zz1 = base_square(&p->z), zz2 = base_square(&q->z);
  field_element x1 = base_multiply(&p->x, &zz2), x2 = base_multiply(&q->x, &zz1);
  field_element y1 = base_multiply(&p->y, &q->z), y2 = base_multiply(&q->y, &p->z);
  y1 = base_multiply(&y1, &zz2);
  y2 = base_multiply(&y2, &zz1);
  field_element h = base_subtract(&x2, &x1), r = base_subtract(&y2, &y1);
  if (base_is_zero(&h)) return base_is_zero(&r) ? curve_double(p) : (curve_jacobian){ .infinite = true };
  field_element z = base_multiply(&p->z, &q->z);
  return finish_addition(&x1, &y1, &h, &r, &z);
}
