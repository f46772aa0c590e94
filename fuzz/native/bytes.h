// An input, taken from the front; where it ends there are zeros.
#ifndef FUZZ_BYTES_H
#define FUZZ_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct bytes {
  const uint8_t* data;
  size_t left;
} bytes;

static inline void take(bytes* input, void* to, size_t length) {
  size_t n = input->left < length ? input->left : length;
  memset(to, 0, length);
  if (n > 0) memcpy(to, input->data, n);
  input->data += n;
  input->left -= n;
}

static inline uint8_t take_u8(bytes* input) {
  uint8_t value;
  take(input, &value, sizeof value);
  return value;
}

static inline uint16_t take_u16(bytes* input) {
  uint16_t value;
  take(input, &value, sizeof value);
  return value;
}

static inline uint32_t take_u32(bytes* input) {
  uint32_t value;
  take(input, &value, sizeof value);
  return value;
}

static inline uint64_t take_u64(bytes* input) {
  uint64_t value;
  take(input, &value, sizeof value);
  return value;
}

// splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).
static inline uint64_t next_random(uint64_t* state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15ull;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ z >> 27) * 0x94d049bb133111ebull;
  return z ^ z >> 31;
}

// What must hold of every input; the fuzzer keeps the input for which it does not.
#define MUST(condition)                                                        \
  do {                                                                         \
    if (!(condition)) {                                                        \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                 \
    }                                                                          \
  } while (0)

#endif
