// The model of differential.c: BN254's two fields and its curve by GMP, and random numbers that a seed repeats.
#ifndef PROVER_GMP_MODEL_H
#define PROVER_GMP_MODEL_H

#include <gmp.h>
#include <string.h>

#include "curve.h"

typedef struct model {
  mpz_t modulus, r, one_over_r, most; // R = 2^261; most: 1.17 of the modulus, which every product is below
} model;

static uint64_t random_state;
static void random_seed(uint64_t seed) { random_state = seed; }
static uint64_t random_word(void) { // splitmix64
  uint64_t x = random_state += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}
static uint64_t random_below(uint64_t limit) { return random_word() % limit; }

static void model_read(mpz_t to, const uint64_t word[4]) { mpz_import(to, 4, -1, 8, 0, 0, word); }
static void model_write(uint64_t word[4], const mpz_t from) {
  memset(word, 0, 32);
  mpz_export(word, NULL, -1, 8, 0, 0, from);
}

static void model_of(model* m, const uint64_t modulus[4]) {
  mpz_inits(m->modulus, m->r, m->one_over_r, m->most, NULL);
  model_read(m->modulus, modulus);
  mpz_setbit(m->r, 261);
  mpz_mod(m->r, m->r, m->modulus);
  mpz_invert(m->one_over_r, m->r, m->modulus);
  mpz_mul_ui(m->most, m->modulus, 117);
  mpz_tdiv_q_ui(m->most, m->most, 100);
}

static void model_random(const model* m, uint64_t word[4]) {
  for (int i = 0; i < 4; i++) word[i] = random_word();
  mpz_t value;
  mpz_init(value);
  model_read(value, word);
  mpz_mod(value, value, m->modulus);
  model_write(word, value);
  mpz_clear(value);
}

static void model_minus_small(const model* m, uint64_t word[4], uint64_t small) {
  mpz_t value;
  mpz_init(value);
  mpz_sub_ui(value, m->modulus, small);
  model_write(word, value);
  mpz_clear(value);
}

// a b / R, and within the bound.
static bool model_is_product(const model* m, const uint64_t product[4], const uint64_t a[4], const uint64_t b[4]) {
  static mpz_t x, y, z;
  if (x->_mp_d == NULL) mpz_inits(x, y, z, NULL);
  model_read(x, a);
  model_read(y, b);
  model_read(z, product);
  bool bounded = mpz_cmp(z, m->most) < 0;
  mpz_mul(x, x, y);
  mpz_mul(z, z, m->r);
  mpz_sub(x, x, z);
  return bounded && mpz_divisible_p(x, m->modulus);
}

// Both in Montgomery's form: x y = R^2; the inverse of zero does not matter.
static bool model_is_inverse(const model* m, const uint64_t inverse[4], const uint64_t a[4]) {
  mpz_t x, y;
  mpz_inits(x, y, NULL);
  model_read(x, a);
  model_read(y, inverse);
  bool canonical = mpz_cmp(y, m->modulus) < 0, zero = mpz_divisible_p(x, m->modulus);
  mpz_mul(x, x, y);
  mpz_submul(x, m->r, m->r);
  bool right = mpz_divisible_p(x, m->modulus);
  mpz_clears(x, y, NULL);
  return zero || (canonical && right);
}

// ---- The curve: affine, in plain numbers

typedef struct affine { mpz_t x, y; bool infinite; } affine;

static void affine_init(affine* p) { mpz_inits(p->x, p->y, NULL); p->infinite = true; }
static void affine_clear(affine* p) { mpz_clears(p->x, p->y, NULL); }
static void affine_set(affine* to, const affine* from) {
  mpz_set(to->x, from->x);
  mpz_set(to->y, from->y);
  to->infinite = from->infinite;
}

static void model_out_of_memory(const model* m, mpz_t to, const field_element* from) {
  model_read(to, from->word);
  mpz_mul(to, to, m->one_over_r);
  mpz_mod(to, to, m->modulus);
}
static void model_into_memory(const model* m, field_element* to, const mpz_t from) {
  mpz_t value;
  mpz_init(value);
  mpz_mul(value, from, m->r);
  mpz_mod(value, value, m->modulus);
  model_write(to->word, value);
  mpz_clear(value);
}

static void affine_of(const model* m, affine* to, const curve_point* from) {
  model_out_of_memory(m, to->x, &from->x);
  model_out_of_memory(m, to->y, &from->y);
  to->infinite = false;
}

// *p += *q by chord and tangent.
static void affine_add(const model* m, affine* p, const affine* q) {
  if (q->infinite) return;
  if (p->infinite) { affine_set(p, q); return; }
  mpz_t slope, t, x;
  mpz_inits(slope, t, x, NULL);
  if (mpz_cmp(p->x, q->x) == 0) {
    mpz_add(t, p->y, q->y);
    if (mpz_divisible_p(t, m->modulus)) { p->infinite = true; goto done; }
    mpz_mul(slope, p->x, p->x);
    mpz_mul_ui(slope, slope, 3);
  } else {
    mpz_sub(slope, q->y, p->y);
    mpz_sub(t, q->x, p->x);
  }
  mpz_invert(t, t, m->modulus);
  mpz_mul(slope, slope, t);
  mpz_mod(slope, slope, m->modulus);
  mpz_mul(x, slope, slope);
  mpz_sub(x, x, p->x);
  mpz_sub(x, x, q->x);
  mpz_mod(x, x, m->modulus);
  mpz_sub(t, p->x, x);
  mpz_mul(t, t, slope);
  mpz_sub(t, t, p->y);
  mpz_mod(p->y, t, m->modulus);
  mpz_set(p->x, x);
done:
  mpz_clears(slope, t, x, NULL);
}

static void affine_times(const model* base, affine* out, const mpz_t scalar) { // of G = (1, 2)
  affine g;
  affine_init(&g);
  mpz_set_ui(g.x, 1);
  mpz_set_ui(g.y, 2);
  g.infinite = false;
  out->infinite = true;
  for (size_t bit = mpz_sizeinbase(scalar, 2); bit-- > 0;) {
    affine twice;
    affine_init(&twice);
    affine_set(&twice, out);
    affine_add(base, out, &twice);
    affine_clear(&twice);
    if (mpz_tstbit(scalar, bit)) affine_add(base, out, &g);
  }
  affine_clear(&g);
}

// `count` points step G, 2 step G, .. with their logarithms.
static void model_points(const model* base, const model* scalar, curve_point* points, uint64_t (*logs)[4], uint32_t count) {
  affine p, step;
  mpz_t log, by;
  affine_init(&p);
  affine_init(&step);
  mpz_inits(log, by, NULL);
  uint64_t word[4];
  model_random(scalar, word);
  model_read(by, word);
  affine_times(base, &step, by);
  for (uint32_t i = 0; i < count; i++) {
    affine_add(base, &p, &step);
    mpz_add(log, log, by);
    mpz_mod(log, log, scalar->modulus);
    model_into_memory(base, &points[i].x, p.x);
    model_into_memory(base, &points[i].y, p.y);
    model_write(logs[i], log);
  }
  affine_clear(&p);
  affine_clear(&step);
  mpz_clears(log, by, NULL);
}

static bool model_is_point_sum(const model* base, const curve_point* sum, const curve_point* a, const curve_point* b) {
  affine x, y;
  affine_init(&x);
  affine_init(&y);
  affine_of(base, &x, a);
  affine_of(base, &y, b);
  affine_add(base, &x, &y);
  curve_point expected;
  model_into_memory(base, &expected.x, x.x);
  model_into_memory(base, &expected.y, x.y);
  affine_clear(&x);
  affine_clear(&y);
  return memcmp(&expected, sum, sizeof expected) == 0; // canonical too
}

static void model_opposite(const model* scalar, uint64_t log[4], curve_point* point) {
  mpz_t value, modulus;
  mpz_inits(value, modulus, NULL);
  model_read(value, log);
  mpz_sub(value, scalar->modulus, value);
  mpz_mod(value, value, scalar->modulus);
  model_write(log, value);
  model_read(modulus, field_base.modulus);
  model_read(value, point->y.word);
  mpz_sub(value, modulus, value);
  model_write(point->y.word, value);
  mpz_clears(value, modulus, NULL);
}

// The same point as (x z^2, y z^3, z) with a random z.
static void model_spread(const model* base, curve_jacobian* out, const curve_point* point) {
  affine p;
  mpz_t z, t;
  uint64_t word[4];
  affine_init(&p);
  mpz_inits(z, t, NULL);
  model_random(base, word);
  word[0] |= 1;
  model_read(z, word);
  affine_of(base, &p, point);
  mpz_mul(t, z, z);
  mpz_mul(p.x, p.x, t);
  mpz_mul(t, t, z);
  mpz_mul(p.y, p.y, t);
  model_into_memory(base, &out->x, p.x);
  model_into_memory(base, &out->y, p.y);
  model_into_memory(base, &out->z, z);
  affine_clear(&p);
  mpz_clears(z, t, NULL);
}

// Whether a point is (first + second) G.
static bool model_is_multiple(const model* base, const model* scalar, const curve_jacobian* point, const uint64_t first[4], const uint64_t second[4]) {
  affine expected;
  mpz_t log, t, z, power;
  affine_init(&expected);
  mpz_inits(log, t, z, power, NULL);
  model_read(log, first);
  model_read(t, second);
  mpz_add(log, log, t);
  mpz_mod(log, log, scalar->modulus);
  affine_times(base, &expected, log);
  bool right = point->infinite == expected.infinite;
  if (right && !point->infinite) {
    model_out_of_memory(base, z, &point->z);
    mpz_mul(power, z, z);
    mpz_mul(expected.x, expected.x, power);
    mpz_mul(power, power, z);
    mpz_mul(expected.y, expected.y, power);
    model_out_of_memory(base, t, &point->x);
    right = mpz_congruent_p(expected.x, t, base->modulus) && !mpz_divisible_p(z, base->modulus);
    model_out_of_memory(base, t, &point->y);
    right = right && mpz_congruent_p(expected.y, t, base->modulus);
  }
  affine_clear(&expected);
  mpz_clears(log, t, z, power, NULL);
  return right;
}

// The sum of scalar times log over the indices, mod r.
static void model_inner_product(
    const model* scalar, uint64_t out[4], const uint8_t* indices, uint32_t count, const uint8_t* scalars, uint64_t (*logs)[4]) {
  mpz_t sum, a, b;
  mpz_inits(sum, a, b, NULL);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t index;
    uint64_t word[4];
    memcpy(&index, indices + 4 * (size_t)i, 4);
    memcpy(word, scalars + 32 * (size_t)index, 32);
    model_read(a, word);
    model_read(b, logs[index]);
    mpz_addmul(sum, a, b);
  }
  mpz_mod(sum, sum, scalar->modulus);
  model_write(out, sum);
  mpz_clears(sum, a, b, NULL);
}

#endif
