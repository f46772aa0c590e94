// Scalars of 254 bits as two of 127: R. P. Gallant, R. J. Lambert, S. A. Vanstone, "Faster point multiplication on elliptic curves with
// efficient endomorphisms" (CRYPTO 2001). (x, y) to (curve_cube_root x, y) multiplies by
//     t = 0xb3c4d79d41a917585bfc41088d8daaa78b17ea66b99c90dd mod r,
// so k P = k1 P + k2 (t P) when k = k1 + k2 t mod r. The pairs (k1, k2) that stand for 0 are a lattice with the basis
//     (a1, -b1) = (0x89d3256894d213e3, -0x6f4d8248eeb859fc8211bbeb7d4f1128),
//     (a2,  b2) = (0x6f4d8248eeb859fd0be4e1541221250b, 0x89d3256894d213e3),
// whose determinant a1 b2 + a2 b1 is r. Rounding (k, 0) to it, c1 = k b2 / r and c2 = k b1 / r, leaves |k1| and |k2| below
// (a1 + a2) / 2 < 2^126, and 2^63 more as the divisions are multiplications with 2^320 b / r.
#ifndef PROVER_SPLIT_H
#define PROVER_SPLIT_H

#include <stdbool.h>
#include <stdint.h>

// Twice the absolute value; the sign is in the top bit.
typedef unsigned __int128 half_scalar;
#define HALF_SCALAR_NEGATIVE ((half_scalar)1 << 127)

// k g / 2^320 to nearest, its lower two words.
static inline half_scalar split_quotient(const uint64_t k[4], const uint64_t g[4]) {
  uint64_t t[8] = { 0, 0, 0, 0, 1ull << 63 };
  for (int i = 0; i < 4; i++) {
    unsigned __int128 sum = 0;
    for (int j = 0; j < 4; j++) {
      sum += (unsigned __int128)g[i] * k[j] + t[i + j];
      t[i + j] = (uint64_t)sum;
      sum >>= 64;
    }
    for (int j = i + 4; j < 8; j++) {
      sum += t[j];
      t[j] = (uint64_t)sum;
      sum >>= 64;
    }
  }
  return (half_scalar)t[6] << 64 | t[5];
}

static inline half_scalar split_signed(half_scalar value) {
  bool negative = value >> 127;
  if (negative) value = 0 - value;
  value <<= 1;
  return negative ? value | HALF_SCALAR_NEGATIVE : value & ~HALF_SCALAR_NEGATIVE;
}

static inline void split_scalar(const uint64_t k[4], half_scalar halves[2]) {
  static const uint64_t g1[4] = { 0x6eb9c714773a6ef3, 0xd91d232ec7e0b3d7, 0x0000000000000002, 0x0000000000000000 };
  static const uint64_t g2[4] = { 0xa5e38cfb5eaa26da, 0x7a7bd9d4391eb18d, 0x4ccef014a773d2cf, 0x0000000000000002 };
  const half_scalar a1 = 0x89d3256894d213e3, b2 = a1;
  const half_scalar a2 = (half_scalar)0x6f4d8248eeb859fd << 64 | 0x0be4e1541221250b;
  const half_scalar b1 = (half_scalar)0x6f4d8248eeb859fc << 64 | 0x8211bbeb7d4f1128;
  half_scalar c1 = split_quotient(k, g1), c2 = split_quotient(k, g2);
  halves[0] = split_signed(((half_scalar)k[1] << 64 | k[0]) - c1 * a1 - c2 * a2);
  halves[1] = split_signed(c1 * b1 - c2 * b2);
}

#endif
