// Elements in memory, 32 bytes each, to lanes and back. Included by rows_*.c.
#ifdef __AVX512F__
// A vector is two elements. Which words of vector `row` are there when `count` elements are.
LANES_INLINE __mmask8 present(uint32_t count, uint32_t row) {
  return count >= 2 * row + 2 ? 0xff : count == 2 * row + 1 ? 0x0f : 0;
}

LANES_INLINE lanes vector_at(const uint8_t* from, uint32_t count, uint32_t row) {
  return (lanes)_mm512_maskz_loadu_epi64(present(count, row), from + sizeof(lanes) * row);
}

// Words 0 to 3 of up to eight elements; zero for those that are not there.
LANES_INLINE void load_elements(lanes w[4], const uint8_t* from, uint32_t count) {
  lanes a[4], b[4];
  for (uint32_t row = 0; row < 4; row++) a[row] = vector_at(from, count, row);
  // Of vectors 0 and 1, and 2 and 3: words 0 and 1 of the even elements and of the odd ones, then words 2 and 3.
  for (int i = 0; i < 4; i += 2) {
    b[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 4, 1, 5, 8, 12, 9, 13);
    b[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 2, 6, 3, 7, 10, 14, 11, 15);
  }
  for (int k = 0; k < 2; k++) {
    w[2 * k] = __builtin_shufflevector(b[k], b[k + 2], 0, 1, 4, 5, 8, 9, 12, 13);
    w[2 * k + 1] = __builtin_shufflevector(b[k], b[k + 2], 2, 3, 6, 7, 10, 11, 14, 15);
  }
}

LANES_INLINE void store_elements(uint8_t* to, const lanes w[4], uint32_t count) {
  lanes b[4];
  for (int k = 0; k < 2; k++) {
    b[k] = __builtin_shufflevector(w[2 * k], w[2 * k + 1], 0, 8, 1, 9, 2, 10, 3, 11);
    b[k + 2] = __builtin_shufflevector(w[2 * k], w[2 * k + 1], 4, 12, 5, 13, 6, 14, 7, 15);
  }
  for (uint32_t row = 0; row < 4; row++) {
    lanes low = b[row / 2 * 2], high = b[row / 2 * 2 + 1];
    lanes vector = row % 2 == 0 ? __builtin_shufflevector(low, high, 0, 1, 8, 9, 2, 3, 10, 11)
                                : __builtin_shufflevector(low, high, 4, 5, 12, 13, 6, 7, 14, 15);
    _mm512_mask_storeu_epi64(to + sizeof(lanes) * row, present(count, row), (__m512i)vector);
  }
}

// Elements 0, 2, 4, .. and 1, 3, 5, .. of up to sixteen.
LANES_INLINE void load_pairs(lanes even[4], lanes odd[4], const uint8_t* from, uint32_t count) {
  lanes rows[8];
  for (uint32_t row = 0; row < 8; row++) rows[row] = vector_at(from, count, row);
  transpose(rows);
  for (int k = 0; k < 4; k++) even[k] = rows[k], odd[k] = rows[k + 4];
}
#else
LANES_INLINE lanes element_at(const uint8_t* from, uint32_t count, uint32_t index) {
  return index < count ? (lanes)_mm256_loadu_si256((const __m256i*)(from + ELEMENT_BYTES * index)) : broadcast(0);
}

LANES_INLINE void load_elements(lanes w[4], const uint8_t* from, uint32_t count) {
  for (uint32_t lane = 0; lane < LANES; lane++) w[lane] = element_at(from, count, lane);
  transpose(w);
}

LANES_INLINE void store_elements(uint8_t* to, const lanes w[4], uint32_t count) {
  lanes rows[4] = { w[0], w[1], w[2], w[3] };
  transpose(rows);
  for (uint32_t lane = 0; lane < LANES && lane < count; lane++)
    _mm256_storeu_si256((__m256i*)(to + ELEMENT_BYTES * lane), (__m256i)rows[lane]);
}

LANES_INLINE void load_pairs(lanes even[4], lanes odd[4], const uint8_t* from, uint32_t count) {
  for (uint32_t lane = 0; lane < LANES; lane++) {
    even[lane] = element_at(from, count, 2 * lane);
    odd[lane] = element_at(from, count, 2 * lane + 1);
  }
  transpose(even);
  transpose(odd);
}
#endif
