// msm.c on hostile counts, addresses, scalars, points and indices, and on memory that changes while it is read.
//
// Oracle: points are small multiples of the generator, so the right sum is one multiplication. Where the memory changes, or
// points are not on the curve, only that nothing outside the arguments is read or written: AddressSanitizer for the scratch,
// UndefinedBehaviorSanitizer for the arrays inside it, a page that nobody may touch behind the last readable byte.
//
// fuzz.mjs compiles msm.c with small constants as well (FUZZ_MAX_TERMS says how many terms make sense for them): the same
// code, in which a few hundred terms cross the limits that need a quarter of a million in the real one.
#include <sys/mman.h>

#include "bytes.h"
#include "msm.h"

void prover_find_cpu_features(uint32_t without);

enum { TABLE_POINTS = 64 };
// A 32-bit address and at most 96 bytes: host/native.c.
#define READABLE_BYTES ((1ull << 32) + 4096)
#define SCALARS_AT 0x00100000u
#define POINTS_AT 0x01000000u
#define INDICES_AT 0x04000000u

static uint8_t* memory;
static curve_point multiples[TABLE_POINTS + 1]; // of the generator
static prover_vectors best_vectors;
static bool best_adx;

// ---- Memory that changes

static bool is_racing;
static uint64_t race;

void* racing_memcpy(void* to, const void* from, size_t length) {
  memcpy(to, from, length);
  if (!is_racing || (const uint8_t*)from < memory || (const uint8_t*)from >= memory + READABLE_BYTES) return to;
  uint64_t chance = next_random(&race);
  if (chance % 4 != 0) return to;
  uint8_t* bytes = to;
  switch (chance >> 8 & 3) {
    case 0: memset(bytes, (int)(chance >> 16), length); break;
    case 1: bytes[(chance >> 16) % length] ^= (uint8_t)(1u << (chance >> 40 & 7)); break;
    case 2: memset(bytes, 0xff, length); break;
    default:
      for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)next_random(&race);
  }
  return to;
}

// ---- The right sum

typedef struct number {
  uint64_t word[4];
} number;

static void subtract_if_not_smaller(number* a, const uint64_t m[4]) {
  uint64_t t[4], borrow = 0;
  for (int i = 0; i < 4; i++) t[i] = field_subtract_borrow(a->word[i], m[i], &borrow);
  if (borrow == 0) memcpy(a->word, t, sizeof t);
}

static void add_modulo_order(number* a, const number* b) {
  uint64_t carry = 0;
  for (int i = 0; i < 4; i++) a->word[i] = field_add_carry(a->word[i], b->word[i], &carry);
  subtract_if_not_smaller(a, field_scalar.modulus);
}

static number times_small(number a, unsigned factor) {
  number product = { { 0 } };
  for (unsigned bit = 8; bit-- > 0;) {
    number twice = product;
    add_modulo_order(&product, &twice);
    if (factor >> bit & 1) add_modulo_order(&product, &a);
  }
  return product;
}

static curve_jacobian times_generator(const number* factor) {
  curve_jacobian sum = { .infinite = true };
  for (int bit = 255; bit >= 0; bit--) {
    sum = curve_double(&sum);
    if (factor->word[bit / 64] >> (bit % 64) & 1) sum = curve_add_point(&sum, &multiples[1]);
  }
  return sum;
}

static bool same_point(curve_jacobian a, curve_jacobian b) {
  if (a.infinite || b.infinite) return a.infinite && b.infinite;
  b.y = base_subtract(&(field_element){ { 0 } }, &b.y);
  return curve_add(&a, &b).infinite;
}

// ---- Terms

typedef struct term {
  number scalar;
  curve_point point;
  unsigned log;     // the point is log times the generator
  bool is_negative; // or minus that
  bool is_on_curve;
} term;

enum point_kind { PLAIN, NEGATIVE, NEUTRAL, LOOSE, LOOSE_NEGATIVE, ORDINATE_ZERO, ANYTHING, POINT_KINDS };

static void negate(field_element* y) {
  uint64_t borrow = 0;
  for (int i = 0; i < 4; i++) y->word[i] = field_subtract_borrow(field_base.modulus[i], y->word[i], &borrow);
}

static void add_modulus(field_element* a) {
  uint64_t carry = 0;
  for (int i = 0; i < 4; i++) a->word[i] = field_add_carry(a->word[i], field_base.modulus[i], &carry);
}

static void choose_point(term* t, uint8_t kind, uint8_t which, uint64_t seed) {
  t->log = which % TABLE_POINTS + 1;
  t->point = multiples[t->log];
  t->is_on_curve = true;
  kind %= POINT_KINDS;
  if (kind == NEGATIVE || kind == LOOSE_NEGATIVE) {
    negate(&t->point.y);
    t->is_negative = true;
  }
  if (kind == LOOSE || kind == LOOSE_NEGATIVE) {
    add_modulus(&t->point.x);
    add_modulus(&t->point.y);
  }
  if (kind == NEUTRAL) {
    t->log = 0;
    t->point.x.word[3] |= 1ull << 63;
  }
  if (kind == ORDINATE_ZERO) memset(&t->point.y, 0, sizeof t->point.y);
  if (kind == ANYTHING)
    for (int i = 0; i < 8; i++) (i < 4 ? &t->point.x : &t->point.y)->word[i % 4] = next_random(&seed);
  if (kind >= ORDINATE_ZERO) t->is_on_curve = false;
}

enum scalar_kind { SMALL, ONE_BIT, ORDER_LESS, BELOW_A_BIT, SPREAD, SCALAR_KINDS };

static void choose_scalar(term* t, uint8_t kind, uint32_t value, uint64_t seed) {
  number s = { { 0 } };
  unsigned bit = value % 254;
  switch (kind % SCALAR_KINDS) {
    case SMALL: s.word[0] = value; break;
    case ONE_BIT: s.word[bit / 64] = 1ull << (bit % 64); break;
    case ORDER_LESS: {
      uint64_t borrow = 0, less[4] = { value, 0, 0, 0 };
      for (int i = 0; i < 4; i++) s.word[i] = field_subtract_borrow(field_scalar.modulus[i], less[i], &borrow);
      break;
    }
    case BELOW_A_BIT:
      for (unsigned i = 0; i < bit; i++) s.word[i / 64] |= 1ull << (i % 64);
      break;
    default: // another for each repetition
      for (int i = 0; i < 4; i++) s.word[i] = next_random(&seed);
      s.word[3] &= (1ull << 62) - 1;
  }
  t->scalar = s;
}

static void store(uint32_t position, const term* t) {
  memcpy(memory + SCALARS_AT + 32 * position, &t->scalar, 32);
  memcpy(memory + POINTS_AT + 64 * position, &t->point, 64);
  memcpy(memory + INDICES_AT + 4 * position, &position, 4);
}

// Fills the memory from groups of equal or similar terms. Returns how many there are; *is_known: whether *sum is right.
static uint32_t place_terms(bytes* input, number* sum, bool* is_known) {
  uint32_t count = 0;
  while (input->left > 0 && count < FUZZ_MAX_TERMS) {
    uint8_t point_kind = take_u8(input), which = take_u8(input), scalar_kind = take_u8(input);
    uint32_t value = take_u32(input);
    uint32_t repeat = take_u16(input) % FUZZ_MAX_TERMS + 1;
    for (uint32_t i = 0; i < repeat && count < FUZZ_MAX_TERMS; i++, count++) {
      term t = { .log = 0 };
      choose_point(&t, point_kind, (uint8_t)(which + (point_kind & 0x80 ? i : 0)), value ^ (uint64_t)i << 32);
      choose_scalar(&t, scalar_kind, value + (scalar_kind & 0x80 ? i : 0), value ^ (uint64_t)i << 40);
      store(count, &t);
      *is_known &= t.is_on_curve;
      number part = t.scalar;
      while (part.word[3] > field_scalar.modulus[3]) subtract_if_not_smaller(&part, field_scalar.modulus);
      subtract_if_not_smaller(&part, field_scalar.modulus);
      part = times_small(part, t.log);
      if (t.is_negative && (part.word[0] | part.word[1] | part.word[2] | part.word[3]) != 0) {
        uint64_t borrow = 0;
        for (int w = 0; w < 4; w++) part.word[w] = field_subtract_borrow(field_scalar.modulus[w], part.word[w], &borrow);
      }
      add_modulo_order(sum, &part);
    }
  }
  return count;
}

// ---- One input

static void set_up(void) {
  prover_find_cpu_features(0);
  best_vectors = prover_has_vectors;
  best_adx = prover_has_adx;
  // Every address can be read; the page behind cannot.
  uint8_t* reservation = mmap(NULL, READABLE_BYTES + 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  MUST(reservation != MAP_FAILED && mprotect(reservation, READABLE_BYTES, PROT_READ | PROT_WRITE) == 0);
  memory = reservation;
  field_element one = field_base.one, two = base_double(&one);
  field_canonical(&two, &field_base);
  const curve_point g = { one, two };
  curve_jacobian sum = { .infinite = true };
  for (int i = 1; i <= TABLE_POINTS; i++) {
    sum = curve_add_point(&sum, &g);
    field_element z = base_invert(&sum.z), zz = base_square(&z), zzz = base_multiply(&zz, &z);
    multiples[i] = (curve_point){ base_multiply(&sum.x, &zz), base_multiply(&sum.y, &zzz) };
    field_canonical(&multiples[i].x, &field_base);
    field_canonical(&multiples[i].y, &field_base);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t length) {
  if (memory == NULL) set_up();
  bytes input = { data, length };
  uint8_t mode = take_u8(&input);
  prover_has_vectors = (prover_vectors)((mode & 3) % (best_vectors + 1u));
  prover_has_adx = best_adx && (mode & 0x20) == 0;
  is_racing = (mode & 0x40) != 0;
  bool has_hostile_addresses = (mode & 0x80) != 0, is_known = true;
  uint32_t hostile[4] = { 0 };
  if (has_hostile_addresses) take(&input, hostile, sizeof hostile);
  if (is_racing) race = take_u64(&input);
  number expected = { { 0 } };
  uint32_t count = place_terms(&input, &expected, &is_known);
  msm_input arguments = { .memory = memory, .scalars = SCALARS_AT, .points = POINTS_AT, .indices = INDICES_AT, .count = count };
  if (has_hostile_addresses) {
    arguments.scalars = hostile[0];
    arguments.points = hostile[1];
    arguments.indices = hostile[2];
    arguments.count = hostile[3] % (FUZZ_MAX_TERMS + 1);
  }
  size_t scratch_bytes = msm_scratch_bytes(arguments.count);
  void* scratch = NULL;
  MUST(posix_memalign(&scratch, 64, scratch_bytes) == 0);
  memset(scratch, mode, scratch_bytes);
  curve_jacobian sum = msm_compute(&arguments, scratch);
  free(scratch);
  if (!is_racing && !has_hostile_addresses && is_known) MUST(same_point(sum, times_generator(&expected)));
  return 0;
}
