// The functions of the module that native code replaces (arithmetic/functions.json), as the generated code calls them.
//
// Their arguments come from inside the sandbox and may be anything. All that they read or write is the linear memory at
// 32-bit addresses plus at most 96 bytes, or rows of at most 4 GiB from a 32-bit address on, hence inside the reservation of
// 8 GiB, where what is not the module's faults and ends the instance as it would in generated code; and the calling thread's
// scratch. They hold no lock and run with in_host
// clear: a deadline unwinds them wherever they are.
#include "arithmetic.h"
#include "field_multiply.h"
#include "internal.h"
#include "msm.h"
#include "pieces.h"
#include "rows.h"

// The translated functions, for what native code leaves to them.
void prover_translated_msm(w2c_bb*, u32 out, u32 arguments);
#define PIECES u64 c0, u64 c1, u64 c2, u64 c3, u64 c4, u64 c5, u64 c6, u64 c7, u64 c8, u64 c9, u64 c10, u64 c11, u64 c12, u64 c13, u64 c14
#define PASS_PIECES c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14
void prover_translated_multiply_vectors(w2c_bb*, u32 to, u32 from, PIECES, u32 length);
void prover_translated_scale_vector(w2c_bb*, u32 to, u32 by, PIECES, u32 length);
void prover_translated_fold(w2c_bb*, u32 closure, u32 which);
void prover_native_multiply_vectors(w2c_bb*, u32 to, u32 from, PIECES, u32 length);
void prover_native_scale_vector(w2c_bb*, u32 to, u32 by, PIECES, u32 length);
void prover_native_fold(w2c_bb*, u32 closure, u32 which);
void prover_native_msm(w2c_bb*, u32 out, u32 arguments);

// barretenberg ecc/scalar_multiplication: MSM<BN254>::affine_pippenger_with_transformed_scalars(MSMData&). `arguments` is
// that structure: spans (address, length) of scalars, points, indices and a schedule, which is scratch. `out` is an
// element: x, y, z.
void prover_native_msm(w2c_bb* module, u32 out, u32 arguments) {
  uint8_t* memory = module->w2c_env_memory->data;
  u32 spans[6];
  memcpy(spans, memory + arguments, sizeof spans);
  msm_input input = { .memory = memory, .scalars = spans[0], .points = spans[2], .indices = spans[4], .count = spans[5] };
  uint8_t* scratch = NULL;
  if (input.count > 0) scratch = prover_thread_scratch(prover_current, msm_scratch_bytes(input.count));
  if (scratch == NULL) {
    prover_translated_msm(module, out, arguments);
    return;
  }
  curve_jacobian sum = msm_compute(&input, scratch);
  // The neutral element is marked by the top bit of x.
  static const field_element neutral[3] = { { { 0, 0, 0, 1ull << 63 } } };
  const field_element coordinates[3] = { sum.x, sum.y, sum.z };
  memcpy(memory + out, sum.infinite ? neutral : coordinates, sizeof coordinates);
}

// ---- Rows of elements

enum { ELEMENT_BYTES = 32 };

typedef enum which_field { NEITHER, BASE, SCALAR } which_field;

// For both fields there is one function, which gets the modulus in pieces: natively done for these pieces alone, all of them.
static which_field field_of(const u64 pieces[15]) {
  static const u64 base[15] = { PROVER_BASE_PIECES }, scalar[15] = { PROVER_SCALAR_PIECES };
  if (memcmp(pieces, base, sizeof base) == 0) return BASE;
  return memcmp(pieces, scalar, sizeof scalar) == 0 ? SCALAR : NEITHER;
}

static void multiply_element(uint8_t* to, const uint8_t* from, which_field field) {
  uint64_t a[4], b[4];
  memcpy(a, to, sizeof a);
  memcpy(b, from, sizeof b);
  if (field == BASE) prover_multiply_base(a, a, b);
  else prover_multiply_scalar(a, a, b);
  memcpy(to, a, sizeof a);
}

static bool overlap(u32 a, u64 a_bytes, u32 b, u64 b_bytes) { return a < b + b_bytes && b < a + a_bytes; }

static const rows_way* way(void) {
  static const rows_way* const ways[] = { &rows_avx2, &rows_avx512f, &rows_ifma };
  return ways[prover_has_vectors];
}

// Fewer are not worth a group of four or eight.
enum { ROWS_MIN = 3 };

static bool worth_a_group(u32 length) { return length >= ROWS_MIN * ELEMENT_BYTES && length % ELEMENT_BYTES == 0; }

// to[i] = to[i] * from[i] over `length` bytes.
void prover_native_multiply_vectors(w2c_bb* module, u32 to, u32 from, PIECES, u32 length) {
  which_field field = field_of((const u64[]){ PASS_PIECES });
  uint8_t* memory = module->w2c_env_memory->data;
  if (field == NEITHER) {
    prover_translated_multiply_vectors(module, to, from, PASS_PIECES, length);
  } else if (worth_a_group(length) && (to == from || !overlap(to, length, from, length))) {
    way()->multiply(memory + to, memory + from, length / ELEMENT_BYTES, field == BASE);
  } else {
    for (u32 at = 0; at != length; at += ELEMENT_BYTES) multiply_element(memory + (u32)(to + at), memory + (u32)(from + at), field);
  }
}

// to[i] = to[i] * *by over `length` bytes.
void prover_native_scale_vector(w2c_bb* module, u32 to, u32 by, PIECES, u32 length) {
  which_field field = field_of((const u64[]){ PASS_PIECES });
  uint8_t* memory = module->w2c_env_memory->data;
  if (field == NEITHER) {
    prover_translated_scale_vector(module, to, by, PASS_PIECES, length);
  } else if (worth_a_group(length) && !overlap(to, length, by, ELEMENT_BYTES)) {
    uint64_t factor[4];
    memcpy(factor, memory + by, sizeof factor);
    way()->scale(memory + to, factor, length / ELEMENT_BYTES, field == BASE);
  } else {
    for (u32 at = 0; at != length; at += ELEMENT_BYTES) multiply_element(memory + (u32)(to + at), memory + by, field);
  }
}

// ---- Folding

// barretenberg polynomials/polynomial: coefficients `start` to `end`, zeros elsewhere.
typedef struct polynomial {
  u32 start, end, virtual_size, coefficients;
} polynomial;

// A row from a 32-bit address on is inside the reservation.
enum { FOLD_MAX_COEFFICIENTS = 1 << 27 };

static u32 word_at(const uint8_t* memory, u32 address) {
  u32 value;
  memcpy(&value, memory + address, sizeof value);
  return value;
}

static bool can_fold(const polynomial* from, const polynomial* to) {
  u32 half = from->end / 2 + from->end % 2;
  return from->start == 0 && to->start == 0 && to->end >= half &&
         from->end <= FOLD_MAX_COEFFICIENTS &&
         (to->coefficients == from->coefficients ||
          !overlap(to->coefficients, (u64)half * ELEMENT_BYTES, from->coefficients, (u64)from->end * ELEMENT_BYTES));
}

// barretenberg sumcheck: partially_evaluate, for one polynomial: to[i] = from[2 i] + (from[2 i + 1] - from[2 i]) * challenge,
// and `to` is cut to half the length of `from`. closure -> captures: pointers to the polynomials, the results, the challenge.
void prover_native_fold(w2c_bb* module, u32 closure, u32 which) {
  uint8_t* memory = module->w2c_env_memory->data;
  u32 captures = word_at(memory, closure);
  polynomial from, to;
  memcpy(&from, memory + (u32)(word_at(memory, word_at(memory, captures)) + 24 * which), sizeof from);
  u32 result = word_at(memory, word_at(memory, captures + 4)) + 24 * which;
  memcpy(&to, memory + result, sizeof to);
  if (!can_fold(&from, &to)) {
    prover_translated_fold(module, closure, which);
    return;
  }
  uint64_t challenge[4];
  memcpy(challenge, memory + word_at(memory, captures + 8), sizeof challenge);
  way()->fold(memory + to.coefficients, memory + from.coefficients, challenge, from.end);
  u32 half = from.end / 2 + from.end % 2;
  memcpy(memory + (u32)(result + 4), &half, sizeof half);
}
