// batch_add, one pair after another. The method is also that of the vector versions:
//
// The sum of (x1, y1) and (x2, y2) has the slope s = (y2 - y1) / (x2 - x1), or 3 x1^2 / (2 y1) when they are equal; then
// x3 = s^2 - x1 - x2 and y3 = s (x1 - x3) - y1. All the divisions of a batch take one inversion (P. L. Montgomery, "Speeding
// the Pollard and elliptic curve methods of factorization", Math. Comp. 48, 1987): on the way forward, a running product
// of the denominators; on the way back, from the inverse of the whole product, the inverse of each by one multiplication
// and the running inverse of the rest by another. Six multiplications an addition.
#include "batch_add.h"

typedef struct saved {
  field_element denominator;
  field_element numerator; // times the product of all denominators before
  field_element both_x;    // x1 + x2
} saved;
_Static_assert(sizeof(saved) * BATCH_LANES <= sizeof(batch_room), "room");

bool batch_add_scalar(curve_point* points, const batch_pair* pairs, uint32_t count, uint32_t pad, batch_room* room) {
  (void)pad;
  saved* save = (saved*)room;
  field_element product = field_base.one;
  for (uint32_t i = 0; i < count; i++) {
    const curve_point *p = &points[pairs[i].to], *q = &points[pairs[i].from];
    field_element denominator = base_subtract(&q->x, &p->x), numerator = base_subtract(&q->y, &p->y);
    if (__builtin_expect(base_same(&p->x, &q->x), 0)) {
      denominator = base_double(&p->y);
      field_element square = base_square(&p->x);
      numerator = base_double(&square);
      numerator = base_add(&numerator, &square);
    }
    save[i].both_x = base_add(&p->x, &q->x);
    save[i].denominator = denominator;
    save[i].numerator = base_multiply(&numerator, &product);
    product = base_multiply(&product, &denominator);
  }
  if (base_is_zero(&product)) return false;
  field_element inverse = base_invert(&product);
  // No `from` is read any more: it may be the `to` of another pair.
  for (uint32_t i = count; i-- > 0;) {
    curve_point* p = &points[pairs[i].to];
    field_element slope = base_multiply(&save[i].numerator, &inverse);
    inverse = base_multiply(&inverse, &save[i].denominator);
    field_element x = base_square(&slope);
    x = base_subtract(&x, &save[i].both_x);
    field_canonical(&x, &field_base);
    field_element y = base_subtract(&p->x, &x);
    y = base_multiply(&y, &slope);
    y = base_subtract(&y, &p->y);
    field_canonical(&y, &field_base);
    p->x = x;
    p->y = y;
  }
  return true;
}
