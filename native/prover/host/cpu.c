// The generated code is compiled for x86-64-v3 and would die of SIGILL on less; the host, which asks here first, is
// compiled for any x86-64.
#include <cpuid.h>
#include <stddef.h>
#include <stdint.h>

#include "arithmetic.h"
#include "prover.h"

// Feature levels: System V ABI, AMD64 supplement, "Micro-Architecture Levels". Bits: Intel SDM vol. 2A, CPUID.
const char* prover_missing_cpu_feature(void);
void prover_find_cpu_features(uint32_t without);

bool prover_has_adx;
prover_vectors prover_has_vectors;

static uint64_t read_xcr0(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

const char* prover_missing_cpu_feature(void) {
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return "CPUID leaf 1";
  if (!(c & 1u << 0)) return "SSE3";
  if (!(c & 1u << 9)) return "SSSE3";
  if (!(c & 1u << 12)) return "FMA";
  if (!(c & 1u << 13)) return "CMPXCHG16B";
  if (!(c & 1u << 19)) return "SSE4.1";
  if (!(c & 1u << 20)) return "SSE4.2";
  if (!(c & 1u << 22)) return "MOVBE";
  if (!(c & 1u << 23)) return "POPCNT";
  if (!(c & 1u << 27)) return "OSXSAVE";
  if (!(c & 1u << 28)) return "AVX";
  if (!(c & 1u << 29)) return "F16C";
  if ((read_xcr0() & 6) != 6) return "AVX state saved by the kernel";
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return "CPUID leaf 7";
  if (!(b & 1u << 3)) return "BMI1";
  if (!(b & 1u << 5)) return "AVX2";
  if (!(b & 1u << 8)) return "BMI2";
  if (!__get_cpuid(0x80000001u, &a, &b, &c, &d)) return "CPUID leaf 0x80000001";
  if (!(c & 1u << 5)) return "LZCNT";
  return NULL;
}

// What native arithmetic makes use of where it is there (arithmetic/README.md), after prover_missing_cpu_feature found that
// the rest is.
void prover_find_cpu_features(uint32_t without) {
  uint32_t a, b, c, d;
  __get_cpuid_count(7, 0, &a, &b, &c, &d);
  // Foundation, doubleword and quadword, byte and word, vector length; and the kernel saves the registers.
  const uint32_t avx512 = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;
  bool has_avx512 = (b & avx512) == avx512 && (read_xcr0() & 0xe6) == 0xe6 && (without & PROVER_FEATURE_AVX512) == 0;
  bool has_ifma = (b & 1u << 21) != 0 && (without & PROVER_FEATURE_IFMA) == 0;
  prover_has_adx = (b & 1u << 19) != 0 && (without & PROVER_FEATURE_ADX) == 0;
  prover_has_vectors = !has_avx512 ? PROVER_VECTORS_AVX2 : has_ifma ? PROVER_VECTORS_IFMA : PROVER_VECTORS_AVX512F;
}
