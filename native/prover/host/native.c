// The functions of the module that native code replaces (arithmetic/functions.json), as the generated code calls them.
//
// Their arguments come from inside the sandbox and may be anything. All that they read or write is the linear memory at
// 32-bit addresses plus at most 96 bytes, hence inside the reservation, where what is not the module's faults and ends
// the instance as it would in generated code; and the calling thread's scratch. They hold no lock and run with in_host
// clear: a deadline unwinds them wherever they are.
#include "arithmetic.h"
#include "field_multiply.h"
#include "internal.h"
#include "msm.h"

// The translated functions, for what native code leaves to them.
void prover_translated_msm(w2c_bb*, u32 out, u32 arguments);
void prover_translated_multiply_vectors(w2c_bb*, u32 to, u32 from, u64 c0, u64 c1, u64 c2, u64 c3, u64 c4, u64 c5, u64 c6, u64 c7,
                                        u64 c8, u64 c9, u64 c10, u64 c11, u64 c12, u64 c13, u64 c14, u32 length);
void prover_native_msm(w2c_bb*, u32 out, u32 arguments);
void prover_native_multiply_vectors(w2c_bb*, u32 to, u32 from, u64 c0, u64 c1, u64 c2, u64 c3, u64 c4, u64 c5, u64 c6, u64 c7,
                                    u64 c8, u64 c9, u64 c10, u64 c11, u64 c12, u64 c13, u64 c14, u32 length);

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

// to[i] = to[i] * from[i] over `length` bytes. One function for both fields: the modulus comes in pieces, c0 to c14.
void prover_native_multiply_vectors(w2c_bb* module, u32 to, u32 from, u64 c0, u64 c1, u64 c2, u64 c3, u64 c4, u64 c5, u64 c6, u64 c7,
                                    u64 c8, u64 c9, u64 c10, u64 c11, u64 c12, u64 c13, u64 c14, u32 length) {
  // Lowest 29 bits of the moduli, and of what -1 / modulus adds to know which it is.
  const u64 pieces[] = { c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14 };
  bool base = false, scalar = false;
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    base |= pieces[i] == 0x187cfd47;
    scalar |= pieces[i] == 0x10000001;
  }
  if (base == scalar) {
    prover_translated_multiply_vectors(module, to, from, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, length);
    return;
  }
  uint8_t* memory = module->w2c_env_memory->data;
  for (u32 at = 0; at != length; at += 32) {
    uint8_t* place = memory + (u32)(to + at);
    uint64_t a[4], b[4];
    memcpy(a, place, sizeof a);
    memcpy(b, memory + (u32)(from + at), sizeof b);
    if (base) prover_multiply_base(a, a, b);
    else prover_multiply_scalar(a, a, b);
    memcpy(place, a, sizeof a);
  }
}
