// Additions of points in lanes. Included by batch_add_*.c after the elements they compute with (element_*.h).
//
// The sum of (x1, y1) and (x2, y2) has the slope s = (y2 - y1) / (x2 - x1); then x3 = s^2 - x1 - x2 and y3 = s (x1 - x3) - y1. All the
// divisions of a batch take one inversion (P. L. Montgomery, "Speeding the Pollard and elliptic curve methods of factorization",
// Math. Comp. 48, 1987): on the way forward, a running product of the denominators; on the way back, from the inverse of the whole
// product, the inverse of each by one multiplication and the running inverse of the rest by another. Five multiplications and a
// square an addition. There are two running products in each lane, since a multiplication waits for the one before it.
//
// Pairs of equal and of opposite points have a zero denominator, which makes the product zero. That is seen only there: then such pairs
// are done one by one and the rest again.
#include "batch_add.h"

enum { CHAINS = 2, STRIDE = CHAINS * LANES };
_Static_assert(BATCH_PAIRS % STRIDE == 0 && BATCH_PAD >= STRIDE, "a batch is filled up to whole strides");

LANES_INLINE element constant(const field_element* value) {
  lanes w[4];
  for (int i = 0; i < 4; i++) w[i] = broadcast(value->word[i]);
  return operand(columns_of_words(w));
}

// ---- One by one

static field_element scalar_of_stored(const field_element* stored) { // v R to v 2^261, canonical
  field_element value = base_multiply(stored, &scalar_into_module);
  field_canonical(&value, &field_base);
  return value;
}

static field_element stored_of_scalar(const field_element* value) {
  field_element stored = base_multiply(value, &vector_one);
  field_canonical(&stored, &field_base);
  return stored;
}

static curve_point signed_point(const curve_point* points, uint32_t place) {
  const curve_point* stored = &points[place & ~BATCH_NEGATED];
  curve_point p = { scalar_of_stored(&stored->x), scalar_of_stored(&stored->y) };
  if (place & BATCH_NEGATED) {
    p.y = base_subtract(&(field_element){ { 0 } }, &p.y);
    field_canonical(&p.y, &field_base);
  }
  return p;
}

// Adds the pair if its points are equal or opposite. *neutral is increased if their sum is neutral.
static bool add_special(curve_point* points, uint32_t a, uint32_t b, uint32_t out, uint32_t* neutral) {
  curve_point p = signed_point(points, a), q = signed_point(points, b);
  if (!base_same(&p.x, &q.x)) return false;
  if (!base_same(&p.y, &q.y) || base_is_zero(&p.y)) {
    points[out] = (curve_point){ .x = { { 0, 0, 0, 1ull << 63 } } };
    ++*neutral;
    return true;
  }
  field_element square = base_square(&p.x), numerator = base_double(&square), denominator = base_double(&p.y);
  numerator = base_add(&numerator, &square);
  denominator = base_invert(&denominator);
  field_element slope = base_multiply(&numerator, &denominator), x = base_square(&slope);
  x = base_subtract(&x, &p.x);
  x = base_subtract(&x, &p.x);
  field_element y = base_subtract(&p.x, &x);
  y = base_multiply(&y, &slope);
  y = base_subtract(&y, &p.y);
  points[out] = (curve_point){ stored_of_scalar(&x), stored_of_scalar(&y) };
  return true;
}

static __attribute__((noinline)) uint32_t take_out_special(curve_point* points, batch* pairs) {
  uint32_t neutral = 0, left = 0;
  for (uint32_t i = 0; i < pairs->count; i++) {
    uint32_t a = pairs->a[i], b = pairs->b[i], out = pairs->out[i];
    if (add_special(points, a, b, out, &neutral)) continue;
    pairs->a[left] = a;
    pairs->b[left] = b;
    pairs->out[left++] = out;
  }
  pairs->count = left;
  return neutral;
}

// ---- The inversion

// Replaces the elements by their inverses; false when one is zero. Lanes have u = v R, and scalar arithmetic, with 2^261 for R, makes
// 2^522 / u of it; times R^2 / 2^261, which is from_module, that is R^2 / u.
static __attribute__((noinline)) bool invert_lanes(element* e) {
  lanes w[4];
  uint64_t words[4][LANES];
  reduce_to_words(multiply_open(*e, constant(&vector_one)), w);
  memcpy(words, w, sizeof words);
  field_element value[LANES], before[LANES], product = field_base.one;
  for (int lane = 0; lane < LANES; lane++) {
    for (int i = 0; i < 4; i++) value[lane].word[i] = words[i][lane];
    before[lane] = product;
    product = base_multiply(&product, &value[lane]);
  }
  if (base_is_zero(&product)) return false;
  field_element inverse = base_invert(&product);
  inverse = base_multiply(&inverse, &from_module);
  for (int lane = LANES - 1; lane >= 0; lane--) {
    field_element one = base_multiply(&inverse, &before[lane]);
    inverse = base_multiply(&inverse, &value[lane]);
    for (int i = 0; i < 4; i++) words[i][lane] = one.word[i];
  }
  memcpy(w, words, sizeof words);
  *e = operand(columns_of_words(w));
  return true;
}

// ---- The batch

typedef struct saved {
  element denominator;
  element numerator; // times the product of all denominators before
  point_words first;
} saved;
_Static_assert(sizeof(saved) * (BATCH_PAIRS + BATCH_PAD) / LANES <= sizeof(batch_room), "room");

enum { PREFETCH_AHEAD = 4 * STRIDE };

LANES_INLINE void plain_places(uint32_t plain[LANES], const uint32_t* places) {
  for (int lane = 0; lane < LANES; lane++) plain[lane] = places[lane] & ~BATCH_NEGATED;
}

LANES_INLINE void go_forward(const curve_point* points, const batch* pairs, uint32_t first, saved* save, element* product) {
  uint32_t a[LANES], b[LANES];
  plain_places(a, &pairs->a[first]);
  plain_places(b, &pairs->b[first]);
  point_words p = load_points(points, a), q = load_points(points, b);
  columns x = columns_of_words(p.x), y = columns_negate(columns_of_words(p.y), top_bits(&pairs->a[first]));
  columns other_y = columns_negate(columns_of_words(q.y), top_bits(&pairs->b[first]));
  element denominator = operand_of_difference(columns_subtract(columns_of_words(q.x), x));
  element numerator = operand_of_difference(columns_subtract(other_y, y));
  save->first = p;
  save->denominator = denominator;
  save->numerator = multiply(numerator, *product);
  *product = multiply(denominator, *product);
}

LANES_INLINE void go_back(curve_point* points, const batch* pairs, uint32_t first, const saved* save, element* inverse) {
  element slope = multiply(save->numerator, *inverse);
  *inverse = multiply(save->denominator, *inverse);
  columns x1 = columns_of_words(save->first.x);
  columns y1 = columns_negate(columns_of_words(save->first.y), top_bits(&pairs->a[first]));
  columns both = columns_add(columns_add(x1, x1), difference_of_operand(save->denominator));
  point_words sum;
  columns x = reduce_to_words(columns_subtract(square_open(slope), both), sum.x);
  element across = operand_of_difference(columns_subtract(x1, x));
  reduce_to_words(columns_subtract(multiply_open(slope, across), y1), sum.y);
  store_points(points, &pairs->out[first], sum);
}

// False, with nothing changed, when a denominator is zero.
static bool add_all(curve_point* points, batch* pairs, batch_room* room) {
  uint32_t count = pairs->count, filled = (count + STRIDE - 1) / STRIDE * STRIDE;
  for (uint32_t i = count; i < filled; i++) { // the last pair again: what it reads is read before any of them writes
    pairs->a[i] = pairs->a[count - 1];
    pairs->b[i] = pairs->b[count - 1];
    pairs->out[i] = pairs->out[count - 1];
  }
  saved* save = (saved*)room;
  element even = constant(&vector_one), odd = even;
  for (uint32_t first = 0; first < filled; first += STRIDE) {
    for (int i = 0; i < STRIDE && first + PREFETCH_AHEAD < filled; i++) {
      __builtin_prefetch(&points[pairs->a[first + PREFETCH_AHEAD + (uint32_t)i] & ~BATCH_NEGATED]);
      __builtin_prefetch(&points[pairs->b[first + PREFETCH_AHEAD + (uint32_t)i] & ~BATCH_NEGATED]);
    }
    go_forward(points, pairs, first, &save[first / LANES], &even);
    go_forward(points, pairs, first + LANES, &save[first / LANES + 1], &odd);
  }
  element inverse = multiply(even, odd);
  if (!invert_lanes(&inverse)) return false;
  element inverse_of_even = multiply(odd, inverse), inverse_of_odd = multiply(even, inverse);
  for (uint32_t first = filled; first > 0; first -= STRIDE) {
    go_back(points, pairs, first - LANES, &save[first / LANES - 1], &inverse_of_odd);
    go_back(points, pairs, first - STRIDE, &save[first / LANES - 2], &inverse_of_even);
  }
  return true;
}

static uint32_t add_batch(curve_point* points, batch* pairs, batch_room* room) {
  if (add_all(points, pairs, room)) return 0;
  uint32_t neutral = take_out_special(points, pairs);
  if (pairs->count > 0) add_all(points, pairs, room);
  return neutral;
}

// ---- Forms

static void take_points(curve_point* points, curve_point* turned, uint32_t count) {
  field_element root = stored_of_scalar(&curve_cube_root);
  lanes w[4];
  for (int i = 0; i < 4; i++) w[i] = broadcast(root.word[i]);
  element factor = constant(&from_module), turn = operand(columns_of_words(w));
  for (uint32_t first = 0; first < count; first += LANES) {
    uint32_t at[LANES];
    for (uint32_t lane = 0; lane < LANES; lane++) at[lane] = first + lane;
    point_words p = load_points(points, at);
    p.y[3] &= broadcast(INT64_MAX);
    columns x = multiply_open(operand(columns_of_words(p.x)), factor);
    reduce_to_words(multiply_open(operand(columns_of_words(p.y)), factor), p.y);
    element own = operand(reduce_to_words(x, p.x));
    store_points(points, at, p);
    if (turned == NULL) continue;
    reduce_to_words(multiply_open(own, turn), p.x);
    store_points(turned, at, p);
  }
}

static void give_points(curve_point* points, uint32_t count) {
  element factor = constant(&into_module);
  for (uint32_t first = 0; first < count; first += LANES) {
    uint32_t at[LANES];
    for (uint32_t lane = 0; lane < LANES; lane++) at[lane] = first + lane;
    point_words p = load_points(points, at);
    reduce_to_words(multiply_open(operand(columns_of_words(p.x)), factor), p.x);
    reduce_to_words(multiply_open(operand(columns_of_words(p.y)), factor), p.y);
    store_points(points, at, p);
  }
  for (uint32_t i = 0; i < count; i++) {
    field_reduce_once(&points[i].x, field_base.twice);
    field_reduce_once(&points[i].y, field_base.twice);
  }
}

const batch_way BATCH_WAY = { take_points, give_points, add_batch };
