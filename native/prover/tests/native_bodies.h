// Bodies for host_test.c that stand for sandboxed code calling the functions which are native (host/native.c): with addresses
// and lengths that no honest module would pass, and beside the translated functions on the same input.
#include "curve.h"

void prover_native_msm(w2c_bb*, u32 out, u32 arguments);
void prover_translated_msm(w2c_bb*, u32 out, u32 arguments);
#include "pieces.h"

#define MODULUS_PIECES u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64
void prover_native_multiply_vectors(w2c_bb*, u32 to, u32 from, MODULUS_PIECES, u32 length);

static u32 allocate(prover_thread_t* self, u32 bytes) {
  return w2c_bb_bbmalloc(&self->module->w2c, bytes);
}

static uint8_t* at(prover_thread_t* self, u32 address) {
  return self->instance->memory.data + address;
}

typedef struct msm_place { u32 arguments, out, scalars, points, indices, schedule; } msm_place;

// Arguments of the function for `count` terms: G, 3 G, 7 G, 15 G, ..; scalars by `scalar_of`. No two sums of different points
// are equal: on those the translated function aborts.
static msm_place place_msm(prover_thread_t* self, u32 count, uint64_t (*scalar_of)(u32 term, int word)) {
  msm_place m = { allocate(self, 32), allocate(self, 96), allocate(self, 32 * count), allocate(self, 64 * count),
                  allocate(self, 4 * count), allocate(self, 8 * count) };
  const u32 spans[8] = { m.scalars, count, m.points, count, m.indices, count, m.schedule, count };
  memcpy(at(self, m.arguments), spans, sizeof spans);
  field_element one = field_base.one, two = base_double(&one);
  field_canonical(&two, &field_base);
  const curve_point g = { one, two };
  curve_jacobian sum = { .infinite = true };
  for (u32 i = 0; i < count; i++) {
    sum = curve_double(&sum);
    sum = curve_add_point(&sum, &g);
    field_element z = base_invert(&sum.z), zz = base_square(&z), zzz = base_multiply(&zz, &z);
    curve_point point = { base_multiply(&sum.x, &zz), base_multiply(&sum.y, &zzz) };
    memcpy(at(self, m.points + 64 * i), &point, 64);
    for (int word = 0; word < 4; word++) {
      uint64_t value = scalar_of(i, word);
      memcpy(at(self, m.scalars + 32 * i + 8 * (u32)word), &value, 8);
    }
    memcpy(at(self, m.indices + 4 * i), &i, 4);
  }
  return m;
}

static curve_jacobian result_of(prover_thread_t* self, msm_place m) {
  curve_jacobian sum = { 0 };
  memcpy(&sum.x, at(self, m.out), 32);
  memcpy(&sum.y, at(self, m.out + 32), 32);
  memcpy(&sum.z, at(self, m.out + 64), 32);
  sum.infinite = sum.x.word[3] >> 63;
  return sum;
}

static bool same_sum(curve_jacobian a, curve_jacobian b) {
  if (a.infinite || b.infinite) return a.infinite && b.infinite;
  b.y = base_subtract(&(field_element){ 0 }, &b.y);
  return curve_add(&a, &b).infinite;
}

static uint64_t mixed_scalar(u32 term, int word) {
  uint64_t x = (term * 4ull + (unsigned)word + 1) * 0x9e3779b97f4a7c15ull;
  x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9ull;
  return word == 3 ? x >> 3 & 0x0fffffffffffffff : x;
}
static uint64_t small_scalar(u32 term, int word) { return word == 0 ? term % 5 : 0; }
static uint64_t equal_scalar(u32 term, int word) { (void)term; return word == 1 ? 77 : 0; }
static uint64_t zero_scalar(u32 term, int word) { (void)term; (void)word; return 0; }

static void msm_as_translated(prover_thread_t* self) {
  uint64_t (*const kinds[])(u32, int) = { mixed_scalar, small_scalar, equal_scalar, zero_scalar };
  const u32 counts[] = { 1, 2, 95, 96, 97, 300, 1024, 3000 };
  for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
      msm_place m = place_msm(self, counts[c], kinds[k]);
      prover_native_msm(&self->module->w2c, m.out, m.arguments);
      curve_jacobian native = result_of(self, m);
      prover_translated_msm(&self->module->w2c, m.out, m.arguments);
      CHECK(same_sum(native, result_of(self, m)));
      CHECK(native.infinite == (kinds[k] == zero_scalar || (kinds[k] == small_scalar && counts[c] == 1)));
    }
  }
}

static void msm_with_arguments_outside(prover_thread_t* self) {
  prover_native_msm(&self->module->w2c, 0, UINT32_MAX - 4);
}

static void msm_with_spans_outside(prover_thread_t* self) {
  u32 arguments = allocate(self, 32);
  const u32 spans[8] = { 0xf0000000, 1000, 0xf0000000, 1000, 0xf0000000, 1000, 0, 0 };
  memcpy(at(self, arguments), spans, sizeof spans);
  prover_native_msm(&self->module->w2c, arguments, arguments);
}

static void msm_with_the_result_outside(prover_thread_t* self) {
  msm_place m = place_msm(self, 200, mixed_scalar);
  prover_native_msm(&self->module->w2c, UINT32_MAX - 8, m.arguments);
}

static void msm_without_end(prover_thread_t* self) {
  msm_place m = place_msm(self, 1000, mixed_scalar);
  for (;;) prover_native_msm(&self->module->w2c, m.out, m.arguments);
}

// Indices far beyond the spans, and into everything that is in the memory.
static void msm_of_nonsense(prover_thread_t* self) {
  msm_place m = place_msm(self, 1000, mixed_scalar);
  for (u32 round = 0; round < 30; round++) {
    for (u32 i = 0; i < 1000; i++) {
      u32 index = i * (round | 1) * 2654435761u;
      memcpy(at(self, m.indices + 4 * i), &index, round % 2 ? 4 : 2);
    }
    prover_native_msm(&self->module->w2c, m.out, m.arguments);
  }
}

static void multiply_vectors_outside(prover_thread_t* self) {
  prover_native_multiply_vectors(&self->module->w2c, 64, UINT32_MAX - 31, PROVER_BASE_PIECES, 64);
}

static void multiply_vectors_without_end(prover_thread_t* self) {
  u32 memory = allocate(self, 32 * 64);
  for (;;) prover_native_multiply_vectors(&self->module->w2c, memory, memory, PROVER_SCALAR_PIECES, 32 * 64);
}
