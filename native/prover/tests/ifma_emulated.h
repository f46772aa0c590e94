// IFMA's two instructions by AVX-512F's, as Intel's manual defines them, so that what uses them is tested on CPUs without.
#include <immintrin.h>

static inline __m512i emulated_halves(__m512i sum, __m512i a, __m512i b, bool high) {
  unsigned long long s[8], x[8], y[8];
  _mm512_storeu_si512(s, sum);
  _mm512_storeu_si512(x, a);
  _mm512_storeu_si512(y, b);
  const unsigned long long mask = (1ull << 52) - 1;
  for (int lane = 0; lane < 8; lane++) {
    unsigned __int128 product = (unsigned __int128)(x[lane] & mask) * (y[lane] & mask);
    s[lane] += (unsigned long long)(high ? product >> 52 : product & mask);
  }
  return _mm512_loadu_si512(s);
}
#define _mm512_madd52lo_epu64(sum, a, b) emulated_halves(sum, a, b, false)
#define _mm512_madd52hi_epu64(sum, a, b) emulated_halves(sum, a, b, true)
