// Bodies for host_test.c: native functions beside the translated ones that they replace, on many random inputs. native_bodies.h
// has what places a sum in the memory.

void prover_translated_multiply_vectors(w2c_bb*, u32 to, u32 from, MODULUS_PIECES, u32 length);
typedef void multiply_vectors_function(w2c_bb*, u32, u32, MODULUS_PIECES, u32);

static uint64_t differential_state;
static uint64_t differential_word(void) { // splitmix64
  uint64_t x = differential_state += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

static void multiply_base_vectors(prover_thread_t* self, multiply_vectors_function* multiply, u32 to, u32 from, u32 length) {
  multiply(&self->module->w2c, to, from, PROVER_BASE_PIECES, length);
}
static void multiply_scalar_vectors(prover_thread_t* self, multiply_vectors_function* multiply, u32 to, u32 from, u32 length) {
  multiply(&self->module->w2c, to, from, PROVER_SCALAR_PIECES, length);
}

enum { DIFFERENTIAL_ELEMENTS = 1 << 16, DIFFERENTIAL_BYTES = 32 * DIFFERENTIAL_ELEMENTS };

static void fill_vector(prover_thread_t* self, u32 address, const field* f) {
  for (u32 i = 0; i < DIFFERENTIAL_ELEMENTS; i++) {
    uint64_t word[4];
    uint64_t kind = differential_word() % 8;
    for (int k = 0; k < 4; k++) word[k] = kind == 0 ? -(differential_word() % 2) : kind == 1 ? f->modulus[k] : differential_word();
    if (kind == 1) word[0] += differential_word() % 3 - 1;
    memcpy(at(self, address + 32 * i), word, sizeof word);
  }
}

static uint32_t differing(prover_thread_t* self, u32 a, u32 b, const field* f) {
  uint32_t count = 0;
  for (u32 i = 0; i < DIFFERENTIAL_ELEMENTS; i++) {
    field_element x, y;
    memcpy(&x, at(self, a + 32 * i), 32);
    memcpy(&y, at(self, b + 32 * i), 32);
    field_canonical(&x, f);
    field_canonical(&y, f);
    count += memcmp(&x, &y, 32) != 0;
  }
  return count;
}

// A million products in each field.
static void products_as_translated(prover_thread_t* self) {
  u32 left = allocate(self, DIFFERENTIAL_BYTES), copy = allocate(self, DIFFERENTIAL_BYTES), right = allocate(self, DIFFERENTIAL_BYTES);
  for (int round = 0; round < 16; round++) {
    for (int base = 0; base < 2; base++) {
      const field* f = base ? &field_base : &field_scalar;
      fill_vector(self, left, f);
      fill_vector(self, right, f);
      memcpy(at(self, copy), at(self, left), DIFFERENTIAL_BYTES);
      (base ? multiply_base_vectors : multiply_scalar_vectors)(self, prover_native_multiply_vectors, left, right, DIFFERENTIAL_BYTES);
      (base ? multiply_base_vectors : multiply_scalar_vectors)(self, prover_translated_multiply_vectors, copy, right, DIFFERENTIAL_BYTES);
      CHECK(differing(self, left, copy, f) == 0);
    }
  }
}

static unsigned differential_bits; // of the scalars

static uint64_t random_scalar(u32 term, int word) {
  (void)term;
  unsigned from = 64 * (unsigned)word;
  if (differential_bits <= from) return 0;
  uint64_t value = differential_word();
  return differential_bits - from >= 64 ? value : value & ((1ull << (differential_bits - from)) - 1);
}

static void random_sums_as_translated(prover_thread_t* self) {
  static const unsigned bits[] = { 253, 253, 253, 128, 64, 13, 2 };
  for (int i = 0; i < 28; i++) {
    differential_bits = bits[i % 7];
    u32 count = 90 + (u32)(differential_word() % (i % 4 == 0 ? 6000 : 400));
    msm_place m = place_msm(self, count, random_scalar);
    prover_native_msm(&self->module->w2c, m.out, m.arguments);
    curve_jacobian native = result_of(self, m);
    prover_translated_msm(&self->module->w2c, m.out, m.arguments);
    CHECK(same_sum(native, result_of(self, m)));
    const u32 places[] = { m.arguments, m.out, m.scalars, m.points, m.indices, m.schedule };
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) w2c_bb_bbfree(&self->module->w2c, places[k]);
  }
}
