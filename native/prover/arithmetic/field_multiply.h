// What replaces the arithmetic that Barretenberg's compiler inlined (scripts/multiplications.mjs and additions.mjs): included by
// the generated code. Arithmetic on numbers alone: nothing here takes an address from the sandbox.
#ifndef PROVER_FIELD_MULTIPLY_H
#define PROVER_FIELD_MULTIPLY_H

#include <stdint.h>

#pragma GCC visibility push(hidden)

// out = a b / 2^261 mod p, or mod r; field.h. Any eight words; the result is below 1.17 p.
void prover_multiply_base(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]);
void prover_multiply_scalar(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]);

#define PROVER_DEFINE_MULTIPLY(field)                                                                                \
  static inline __attribute__((always_inline, unused)) void field_multiply_##field(                                  \
      uint64_t out[4], uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t b0, uint64_t b1, uint64_t b2,    \
      uint64_t b3) {                                                                                                 \
    const uint64_t a[4] = { a0, a1, a2, a3 }, b[4] = { b0, b1, b2, b3 };                                             \
    prover_multiply_##field(out, a, b);                                                                              \
  }
PROVER_DEFINE_MULTIPLY(base)
PROVER_DEFINE_MULTIPLY(scalar)
#undef PROVER_DEFINE_MULTIPLY

// What replaces the additions and subtractions that were inlined (scripts/additions.mjs), for any eight words, with M = p or 2 p:
// reduce gives s, or s - M where that is not negative; add the same of a + b mod 2^256; subtract a - b, or a - b + M mod 2^256
// where a < b.
typedef struct prover_words {
  uint64_t word[4];
} prover_words;
#define PROVER_INLINE static inline __attribute__((always_inline, unused))

PROVER_INLINE void prover_reduce(uint64_t out[4], prover_words s, prover_words m) {
  unsigned long long borrow = 0;
  prover_words t;
  for (int i = 0; i < 4; i++) t.word[i] = __builtin_subcll(s.word[i], m.word[i], borrow, &borrow);
  for (int i = 0; i < 4; i++) out[i] = borrow ? s.word[i] : t.word[i];
}
PROVER_INLINE void prover_add(uint64_t out[4], prover_words a, prover_words b, prover_words m) {
  unsigned long long carry = 0;
  for (int i = 0; i < 4; i++) a.word[i] = __builtin_addcll(a.word[i], b.word[i], carry, &carry);
  prover_reduce(out, a, m);
}
PROVER_INLINE void prover_subtract(uint64_t out[4], prover_words a, prover_words b, prover_words m) {
  unsigned long long borrow = 0, carry = 0;
  for (int i = 0; i < 4; i++) a.word[i] = __builtin_subcll(a.word[i], b.word[i], borrow, &borrow);
  for (int i = 0; i < 4; i++) out[i] = __builtin_addcll(a.word[i], m.word[i] & -borrow, carry, &carry);
}

#define PROVER_WORDS(name) uint64_t name##0, uint64_t name##1, uint64_t name##2, uint64_t name##3
#define PROVER_DEFINE_ADDITIONS(name, m0, m1, m2, m3)                                                                \
  PROVER_INLINE void field_reduce_##name(uint64_t out[4], PROVER_WORDS(s)) {                                         \
    prover_reduce(out, (prover_words){ { s0, s1, s2, s3 } }, (prover_words){ { m0, m1, m2, m3 } });                  \
  }                                                                                                                  \
  PROVER_INLINE void field_add_##name(uint64_t out[4], PROVER_WORDS(a), PROVER_WORDS(b)) {                           \
    prover_add(out, (prover_words){ { a0, a1, a2, a3 } }, (prover_words){ { b0, b1, b2, b3 } },                      \
               (prover_words){ { m0, m1, m2, m3 } });                                                                \
  }                                                                                                                  \
  PROVER_INLINE void field_subtract_##name(uint64_t out[4], PROVER_WORDS(a), PROVER_WORDS(b)) {                      \
    prover_subtract(out, (prover_words){ { a0, a1, a2, a3 } }, (prover_words){ { b0, b1, b2, b3 } },                 \
                    (prover_words){ { m0, m1, m2, m3 } });                                                           \
  }
PROVER_DEFINE_ADDITIONS(once_base, 0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029)
PROVER_DEFINE_ADDITIONS(twice_base, 0x7841182db0f9fa8e, 0x2f02d522d0e3951a, 0x70a08b6d0302b0bb, 0x60c89ce5c2634053)
PROVER_DEFINE_ADDITIONS(once_scalar, 0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029)
PROVER_DEFINE_ADDITIONS(twice_scalar, 0x87c3eb27e0000002, 0x5067d090f372e122, 0x70a08b6d0302b0ba, 0x60c89ce5c2634053)
#undef PROVER_DEFINE_ADDITIONS
#undef PROVER_WORDS
#undef PROVER_INLINE

#pragma GCC visibility pop

#endif
