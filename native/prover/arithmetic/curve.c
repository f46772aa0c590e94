#include "curve.h"

#pragma GCC visibility push(hidden)

// Fermat: a^(p - 2), the exponent in digits of four bits.
field_element base_invert(const field_element* a) {
  field_element powers[16] = { [0] = field_base.one, [1] = *a };
  for (int i = 2; i < 16; i++) powers[i] = base_multiply(&powers[i - 1], a);
  uint64_t exponent[4];
  memcpy(exponent, field_base.modulus, sizeof exponent);
  exponent[0] -= 2;
  field_element result = field_base.one;
  for (int digit = 63; digit >= 0; digit--) {
    for (int i = 0; i < 4; i++) result = base_square(&result);
    unsigned value = exponent[digit / 16] >> 4 * (digit % 16) & 15;
    if (value != 0) result = base_multiply(&result, &powers[value]);
  }
  return result;
}

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
