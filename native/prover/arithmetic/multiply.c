// The multiplications that generated code calls: field_multiply.h.
#include "arithmetic.h"
#include "field.h"
#include "field_multiply.h"

void prover_multiply_base(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]) {
  if (__builtin_expect(prover_has_adx, 1)) field_multiply_adx(out, a, b, &field_base);
  else field_multiply_portable(out, a, b, &field_base);
}

void prover_multiply_scalar(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]) {
  if (__builtin_expect(prover_has_adx, 1)) field_multiply_adx(out, a, b, &field_scalar);
  else field_multiply_portable(out, a, b, &field_scalar);
}
