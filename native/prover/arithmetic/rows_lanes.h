// Rows of elements in lanes: lane l of every vector belongs to element l of a group. Included by rows_*.c after the elements they compute
// with (element_*.h).
//
// Bounds: a b / 2^261 + p is below 1.17 p for any eight words. In a fold, the difference is below 4 p, the product below 1.1 p, and the
// sum of that and an element below 4 p, so that one subtraction of 2 p is enough.
#include "rows.h"

enum { ELEMENT_BYTES = 32, GROUP_BYTES = LANES * ELEMENT_BYTES };

#include "elements_in_memory.h"

LANES_INLINE element element_of_words(const lanes w[4]) { return operand(columns_of_words(w)); }

LANES_INLINE element same(const uint64_t value[4]) {
  lanes w[4];
  for (int i = 0; i < 4; i++) w[i] = broadcast(value[i]);
  return element_of_words(w);
}

LANES_INLINE void multiply_rows(uint8_t* to, const uint8_t* from, uint32_t count, const prime* modulus) {
  for (uint32_t done = 0; done < count; done += LANES, to += GROUP_BYTES, from += GROUP_BYTES) {
    lanes a[4], b[4];
    load_elements(a, to, count - done);
    load_elements(b, from, count - done);
    multiply_to_words(a, element_of_words(a), element_of_words(b), modulus);
    store_elements(to, a, count - done);
  }
}

LANES_INLINE void scale_row(uint8_t* to, const uint64_t by[4], uint32_t count, const prime* modulus) {
  element factor = same(by);
  for (uint32_t done = 0; done < count; done += LANES, to += GROUP_BYTES) {
    lanes a[4];
    load_elements(a, to, count - done);
    multiply_to_words(a, element_of_words(a), factor, modulus);
    store_elements(to, a, count - done);
  }
}

LANES_INLINE void fold_group(lanes even[4], const lanes odd[4], element by, const prime* modulus) {
  columns a = columns_of_words(even), difference = columns_subtract(columns_of_words(odd), a);
  for (int i = 0; i < LIMBS; i++) difference.limb[i] += broadcast(2 * modulus->limb[i]);
  difference = carry(difference);
  element factor;
  for (int i = 0; i < LIMBS; i++) factor.limb[i] = difference.limb[i];
  lanes product[4];
  multiply_to_words(product, factor, by, modulus);
  columns sum = columns_add(a, columns_of_words(product)), reduced = sum;
  for (int i = 0; i < LIMBS; i++) reduced.limb[i] -= broadcast(2 * modulus->limb[i]);
  sum = carry(sum), reduced = carry(reduced);
  lanes negative = (lanes)((signed_lanes)reduced.limb[LIMBS - 1] >> 63);
  for (int i = 0; i < LIMBS; i++) reduced.limb[i] = (reduced.limb[i] & ~negative) | (sum.limb[i] & negative);
  words_of_limbs(even, reduced.limb);
}

static void multiply_either(uint8_t* to, const uint8_t* from, uint32_t count, bool in_base) {
  if (in_base) multiply_rows(to, from, count, &base_prime);
  else multiply_rows(to, from, count, &scalar_prime);
}

static void scale_either(uint8_t* to, const uint64_t by[4], uint32_t count, bool in_base) {
  if (in_base) scale_row(to, by, count, &base_prime);
  else scale_row(to, by, count, &scalar_prime);
}

static void fold(uint8_t* to, const uint8_t* from, const uint64_t by[4], uint32_t count) {
  element factor = same(by);
  for (uint32_t done = 0; done < count; done += 2 * LANES, to += GROUP_BYTES, from += 2 * GROUP_BYTES) {
    uint32_t left = count - done;
    lanes even[4], odd[4];
    load_pairs(even, odd, from, left);
    fold_group(even, odd, factor, &scalar_prime);
    store_elements(to, even, left / 2 + left % 2);
  }
}

const rows_way ROWS_WAY = { multiply_either, scale_either, fold };
