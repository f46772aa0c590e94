// Arithmetic in BN254's two fields: the base field F_p, over which the curve is, and the scalar field F_r.
//
// An element is four words of 64 bits, least first, in the form in which Barretenberg keeps it in WebAssembly's memory:
// Montgomery's with R = 2^261. (Natively Barretenberg takes R = 2^256. For WebAssembly it computes with 9 limbs of 29
// bits, 261 in all, and what is in memory has to be what the translated code around us expects.) So the element with
// value v is stored as v R mod p, and multiplying is
//
//     multiply(a, b) = a b / R  mod p,  since (v R)(w R) / R = (v w) R.
//
// How: P. L. Montgomery, "Modular multiplication without trial division" (Math. Comp. 44, 1985). Two ways, whose results are the same
// mod p, and not always the same words:
//
// field_multiply_portable is in the order of Koc, Acar and Kaliski, "Analyzing and comparing Montgomery multiplication
// algorithms" (IEEE Micro 16, 1996), CIOS: for each word b_i of b, t = t + a b_i, then t = (t + m p) / 2^64 with
// m = -t / p mod 2^64, which makes the lowest word zero. Four such steps divide by 2^256. A fifth, with m = -t / p mod 2^5,
// divides by the 2^5 that are missing to R.
//
// field_multiply_adx divides the first three words off without an m: a word w at the bottom of t is worth w c with
// c = 1 / 2^64 or 1 / 2^128 mod p one or two words further up, so it is taken away there and w c added. That saves a
// multiplication and its latency each, and w c is small beside t until the last step, which is as above. The missing 2^5 are
// looked up: t = t / 2^5 + part[t mod 2^5], where part[i] = i / 2^5 mod p.
//
// Bounds. CIOS: after each step t < a + p, by induction: (a + p - 1 + a (2^64 - 1) + (2^64 - 1) p) / 2^64 < a + p. So with
// a < 2^256 - p nothing is lost beyond the fourth word, whatever b is; a larger a gives 2 p first. In the end
// t = (a b + m p) / 2^261 with m < 2^261, so t < a b / 2^261 + p. With ADX: no more than four words from before, a b_i and two
// of w c and m p are added up at a time, (2^256 - 1) + (2^64 - 1) (a + 2 p) < 2^320 for a <= 2^256 - 2 p - 1, and a larger a gives
// 2 p first. What is left before the last 2^5 is below 2^256 and below a b / 2^256 + 3 p, so t < 2^251 + p and
// t < a b / 2^261 + 1.1 p.
// So both are below 1.17 p for any eight words and below 1.12 p for operands below 2 p. So elements are "loose": any four words
// stand for their value mod p, sums and differences of elements below 2 p are kept below 2 p, and field_canonical gives the one
// representative below p.
//
// Not constant-time: neither is Barretenberg's own, and what a proof takes depends on its circuit anyway.
#ifndef PROVER_FIELD_H
#define PROVER_FIELD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct field_element {
  _Alignas(16) uint64_t word[4];
} field_element;

// What field_multiply_adx takes from memory; field.c. The offsets are in its instructions.
typedef struct field_reduction {
  uint64_t by_two_words[4]; // 1 / 2^128 mod p
  uint64_t by_one_word[4];  // 1 / 2^64 mod p
  uint64_t modulus[4];
  uint64_t part[32][4];     // i / 2^5 mod p
} field_reduction;

#pragma GCC visibility push(hidden)
extern const field_reduction field_base_reduction, field_scalar_reduction;
#pragma GCC visibility pop

typedef struct field {
  _Alignas(32) uint64_t modulus[4];
  uint64_t twice[4];         // 2 p
  uint64_t negative_inverse; // -1 / p mod 2^64
  uint64_t top_limit;        // an element with a top word below it is below 2^256 - 2 p
  field_element one;         // R mod p
  const field_reduction* reduction;
} field;

// EIP-196: p and r. tests/arithmetic.test.mjs computes all that follows from them.
static const field field_base __attribute__((unused)) = {
  .modulus = { 0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029 },
  .twice = { 0x7841182db0f9fa8e, 0x2f02d522d0e3951a, 0x70a08b6d0302b0bb, 0x60c89ce5c2634053 },
  .negative_inverse = 0x87d20782e4866389,
  .top_limit = 0x9f37631a3d9cbfac,
  .one = { { 0x4e8384eb157ccc21, 0xfb90a6020ce148c3, 0x5301fa84819caa36, 0x0dc83629563d4475 } },
  .reduction = &field_base_reduction,
};
static const field field_scalar __attribute__((unused)) = {
  .modulus = { 0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029 },
  .twice = { 0x87c3eb27e0000002, 0x5067d090f372e122, 0x70a08b6d0302b0ba, 0x60c89ce5c2634053 },
  .negative_inverse = 0xc2e1f593efffffff,
  .top_limit = 0x9f37631a3d9cbfac,
  .one = { { 0x2fd4e1568fffff57, 0x75bba827a494b01a, 0x5301fa84819caa80, 0x0dc83629563d4475 } },
  .reduction = &field_scalar_reduction,
};

#define FIELD_INLINE static inline __attribute__((always_inline, unused))

FIELD_INLINE uint64_t field_add_carry(uint64_t a, uint64_t b, uint64_t* carry) {
  unsigned long long out;
  uint64_t sum = __builtin_addcll(a, b, *carry, &out);
  *carry = out;
  return sum;
}

FIELD_INLINE uint64_t field_subtract_borrow(uint64_t a, uint64_t b, uint64_t* borrow) {
  unsigned long long out;
  uint64_t difference = __builtin_subcll(a, b, *borrow, &out);
  *borrow = out;
  return difference;
}

// a - m where that is not negative, else a.
FIELD_INLINE void field_reduce_once(field_element* a, const uint64_t m[4]) {
  uint64_t t[4], borrow = 0;
  for (int i = 0; i < 4; i++) t[i] = field_subtract_borrow(a->word[i], m[i], &borrow);
  for (int i = 0; i < 4; i++) a->word[i] = borrow ? a->word[i] : t[i];
}

// The representative below p of an element below 2 p.
FIELD_INLINE void field_canonical(field_element* a, const field* f) {
  field_reduce_once(a, f->modulus);
}

// Operands below 2 p, result below 2 p.
FIELD_INLINE field_element field_add(const field_element* a, const field_element* b, const field* f) {
  field_element sum;
  uint64_t carry = 0; // 4 p < 2^256
  for (int i = 0; i < 4; i++) sum.word[i] = field_add_carry(a->word[i], b->word[i], &carry);
  field_reduce_once(&sum, f->twice);
  return sum;
}

FIELD_INLINE field_element field_subtract(const field_element* a, const field_element* b, const field* f) {
  field_element difference;
  uint64_t borrow = 0, carry = 0;
  for (int i = 0; i < 4; i++) difference.word[i] = field_subtract_borrow(a->word[i], b->word[i], &borrow);
  for (int i = 0; i < 4; i++) difference.word[i] = field_add_carry(difference.word[i], f->twice[i] & -borrow, &carry);
  return difference;
}

// An operand small enough to be the first of a multiplication. The branch is never taken in a proof: code that makes such
// elements takes unreduced bytes from outside.
FIELD_INLINE const uint64_t* field_fit(const uint64_t a[4], uint64_t room[4], const field* f) {
  if (__builtin_expect(a[3] < f->top_limit, 1)) return a;
  uint64_t borrow = 0;
  for (int i = 0; i < 4; i++) room[i] = field_subtract_borrow(a[i], f->twice[i], &borrow);
  return room;
}

// For any x86-64 with mulx or without.
FIELD_INLINE void field_multiply_portable(uint64_t out[4], const uint64_t operand[4], const uint64_t b[4], const field* f) {
  typedef unsigned __int128 wide;
  uint64_t room[4];
  const uint64_t* a = field_fit(operand, room, f);
  uint64_t t[5] = { 0 };
  for (int i = 0; i < 4; i++) {
    wide sum = 0;
    for (int j = 0; j < 4; j++) {
      sum += (wide)a[j] * b[i] + t[j];
      t[j] = (uint64_t)sum;
      sum >>= 64;
    }
    t[4] = (uint64_t)sum;
    uint64_t m = t[0] * f->negative_inverse;
    sum = ((wide)m * f->modulus[0] + t[0]) >> 64;
    for (int j = 1; j < 4; j++) {
      sum += (wide)m * f->modulus[j] + t[j];
      t[j - 1] = (uint64_t)sum;
      sum >>= 64;
    }
    t[3] = t[4] + (uint64_t)sum;
  }
  uint64_t m = t[0] * f->negative_inverse & 31;
  wide sum = 0;
  for (int j = 0; j < 4; j++) {
    sum += (wide)m * f->modulus[j] + t[j];
    t[j] = (uint64_t)sum;
    sum >>= 64;
  }
  t[4] = (uint64_t)sum;
  for (int j = 0; j < 4; j++) out[j] = t[j] >> 5 | t[j + 1] << 59;
}

// The same with BMI2's mulx and ADX's two carry chains: adcx adds with CF, adox with OF, so that the low halves of the
// products and the high halves are added at the same time. Idea and order: E. Ozturk, J. Guilford, V. Gopal, "Large integer
// squaring on Intel architecture processors" (Intel white paper, 2013).
#define FIELD_ADX_ADD(from, t0, t1, t2, t3) /* t0 .. t3 += rdx * from[0 .. 2], and CF, OF and rdx * from[3] are left */ \
  "xorl %k[zero], %k[zero]\n" \
  "mulx " from ", %[low], %[high]\n adcx %[low], %[" t0 "]\n adox %[high], %[" t1 "]\n" \
  "mulx 8+" from ", %[low], %[high]\n adcx %[low], %[" t1 "]\n adox %[high], %[" t2 "]\n" \
  "mulx 16+" from ", %[low], %[high]\n adcx %[low], %[" t2 "]\n adox %[high], %[" t3 "]\n"
#define FIELD_ADX_ADD_TO_FIVE(from, t0, t1, t2, t3, t4) \
  FIELD_ADX_ADD(from, t0, t1, t2, t3) \
  "mulx 24+" from ", %[low], %[high]\n adcx %[low], %[" t3 "]\n adox %[high], %[" t4 "]\n adcx %[zero], %[" t4 "]\n"
#define FIELD_ADX_ADD_TO_FOUR(from, t0, t1, t2, t3, t4) /* the fifth comes to be */ \
  FIELD_ADX_ADD(from, t0, t1, t2, t3) \
  "mulx 24+" from ", %[low], %[" t4 "]\n adcx %[low], %[" t3 "]\n adox %[zero], %[" t4 "]\n adcx %[zero], %[" t4 "]\n"
#define FIELD_ADX_SHIFT(word, next, room) /* word = (next, word) / 2^5; shrd is slow on some CPUs */ \
  "movq %[" next "], %[" room "]\n shlq $59, %[" room "]\n shrq $5, %[" word "]\n orq %[" room "], %[" word "]\n"

FIELD_INLINE void field_multiply_adx(uint64_t out[4], const uint64_t operand[4], const uint64_t b[4], const field* f) {
  uint64_t room[4];
  const uint64_t* a = field_fit(operand, room, f);
  uint64_t t0, t1, t2, t3, t4, t5, high, low, zero;
  __asm__(
    "movq 0(%[b]), %%rdx\n"
    "mulx 0(%[a]), %[t0], %[t1]\n mulx 8(%[a]), %[low], %[t2]\n addq %[low], %[t1]\n"
    "mulx 16(%[a]), %[low], %[t3]\n adcq %[low], %[t2]\n mulx 24(%[a]), %[low], %[t4]\n adcq %[low], %[t3]\n adcq $0, %[t4]\n"
    "movq 8(%[b]), %%rdx\n" FIELD_ADX_ADD_TO_FOUR("0(%[a])", "t1", "t2", "t3", "t4", "t5")
    "movq %[t0], %%rdx\n" FIELD_ADX_ADD_TO_FOUR("0(%[r])", "t2", "t3", "t4", "t5", "t0") // t0 is now the sixth word
    "movq %[t1], %%rdx\n" FIELD_ADX_ADD_TO_FIVE("32(%[r])", "t2", "t3", "t4", "t5", "t0")
    "movq 16(%[b]), %%rdx\n" FIELD_ADX_ADD_TO_FIVE("0(%[a])", "t2", "t3", "t4", "t5", "t0")
    "movq %[t2], %%rdx\n" FIELD_ADX_ADD_TO_FOUR("32(%[r])", "t3", "t4", "t5", "t0", "t1") // and t1 the seventh
    "movq 24(%[b]), %%rdx\n" FIELD_ADX_ADD_TO_FIVE("0(%[a])", "t3", "t4", "t5", "t0", "t1")
    "movq %[negative_inverse], %%rdx\n imulq %[t3], %%rdx\n" FIELD_ADX_ADD_TO_FIVE("64(%[r])", "t3", "t4", "t5", "t0", "t1")
    "movl %k[t4], %%edx\n andl $31, %%edx\n shll $5, %%edx\n"
    FIELD_ADX_SHIFT("t4", "t5", "low") FIELD_ADX_SHIFT("t5", "t0", "high") FIELD_ADX_SHIFT("t0", "t1", "zero") "shrq $5, %[t1]\n"
    "addq 96(%[r],%%rdx), %[t4]\n adcq 104(%[r],%%rdx), %[t5]\n adcq 112(%[r],%%rdx), %[t0]\n adcq 120(%[r],%%rdx), %[t1]\n"
    : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [t5] "=&r"(t5),
      [high] "=&r"(high), [low] "=&r"(low), [zero] "=&r"(zero)
    : [a] "r"(a), [b] "r"(b), [r] "r"(f->reduction), [negative_inverse] "m"(f->negative_inverse),
      "m"(*(const uint64_t(*)[4])a), "m"(*(const uint64_t(*)[4])b), "m"(*f->reduction)
    : "rdx", "cc");
  out[0] = t4;
  out[1] = t5;
  out[2] = t0;
  out[3] = t1;
}

#endif
