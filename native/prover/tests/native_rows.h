// Bodies for host_test.c: rows of elements, native and translated, and with addresses that no honest module would pass.
// native_differential.h has what fills and compares rows.

void prover_native_scale_vector(w2c_bb*, u32 to, u32 by, MODULUS_PIECES, u32 length);
void prover_translated_scale_vector(w2c_bb*, u32 to, u32 by, MODULUS_PIECES, u32 length);
void prover_native_fold(w2c_bb*, u32 closure, u32 which);
void prover_translated_fold(w2c_bb*, u32 closure, u32 which);

static void scaled_as_translated(prover_thread_t* self) {
  u32 left = allocate(self, DIFFERENTIAL_BYTES), copy = allocate(self, DIFFERENTIAL_BYTES), by = allocate(self, DIFFERENTIAL_BYTES);
  for (int round = 0; round < 64; round++) {
    bool base = round % 2 == 0;
    const field* f = base ? &field_base : &field_scalar;
    u32 length = 32 * (u32)(round < 40 ? round : DIFFERENTIAL_ELEMENTS);
    fill_vector(self, left, f);
    fill_vector(self, by, f);
    memcpy(at(self, copy), at(self, left), DIFFERENTIAL_BYTES);
    (base ? multiply_base_vectors : multiply_scalar_vectors)(self, prover_native_scale_vector, left, by, length);
    (base ? multiply_base_vectors : multiply_scalar_vectors)(self, prover_translated_scale_vector, copy, by, length);
    CHECK(differing(self, left, copy, f) == 0);
    CHECK(memcmp(at(self, left + length), at(self, copy + length), DIFFERENTIAL_BYTES - length) == 0);
  }
}

// With any piece another, they are the pieces of no field that is known: what is done is what the translated functions do, to the bit.
#define PASS(p) p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11], p[12], p[13], p[14]
static void pieces_of_no_field_as_translated(prover_thread_t* self) {
  u32 left = allocate(self, DIFFERENTIAL_BYTES), copy = allocate(self, DIFFERENTIAL_BYTES), by = allocate(self, DIFFERENTIAL_BYTES);
  const u32 length = 32 * 24;
  for (int piece = 0; piece < 30; piece++) {
    u64 p[2][15] = { { PROVER_BASE_PIECES }, { PROVER_SCALAR_PIECES } };
    u64* pieces = p[piece / 15];
    pieces[piece % 15] ^= 1;
    fill_vector(self, left, &field_base);
    fill_vector(self, by, &field_base);
    memcpy(at(self, copy), at(self, left), DIFFERENTIAL_BYTES);
    prover_native_multiply_vectors(&self->module->w2c, left, by, PASS(pieces), length);
    prover_translated_multiply_vectors(&self->module->w2c, copy, by, PASS(pieces), length);
    CHECK(memcmp(at(self, left), at(self, copy), length) == 0);
    prover_native_scale_vector(&self->module->w2c, left, by, PASS(pieces), length);
    prover_translated_scale_vector(&self->module->w2c, copy, by, PASS(pieces), length);
    CHECK(memcmp(at(self, left), at(self, copy), length) == 0);
  }
}

// Rows that overlap, and a factor that is in the row: one element after the other, as the translated functions have it.
static void overlapping_rows_as_translated(prover_thread_t* self) {
  u32 left = allocate(self, DIFFERENTIAL_BYTES), copy = allocate(self, DIFFERENTIAL_BYTES);
  for (u32 shift = 0; shift < 40; shift++) {
    fill_vector(self, left, &field_scalar);
    memcpy(at(self, copy), at(self, left), DIFFERENTIAL_BYTES);
    multiply_scalar_vectors(self, prover_native_multiply_vectors, left + 32 * shift, left + 320, 32 * 100);
    multiply_scalar_vectors(self, prover_translated_multiply_vectors, copy + 32 * shift, copy + 320, 32 * 100);
    CHECK(differing(self, left, copy, &field_scalar) == 0);
    multiply_scalar_vectors(self, prover_native_scale_vector, left, left + 32 * shift, 32 * 20);
    multiply_scalar_vectors(self, prover_translated_scale_vector, copy, copy + 32 * shift, 32 * 20);
    CHECK(differing(self, left, copy, &field_scalar) == 0);
  }
}

typedef struct fold_place { u32 closure, from, to; } fold_place;

// Two polynomials to fold, the second of which is folded; `from` and `to` are their coefficients.
static fold_place place_fold(prover_thread_t* self, u32 from, u32 to, u32 start, u32 end, u32 room) {
  u32 words = allocate(self, 256), challenge = allocate(self, 32);
  u32 polynomials = words + 64, results = words + 128;
  const u32 source[] = { start, end, room, from - 32 * start }, result[] = { 0, room, room, to };
  uint64_t by[4] = { differential_word(), differential_word(), differential_word(), differential_word() >> 3 };
  const u32 pointers[] = { words + 16, 0, 0, 0, words + 32, words + 36, challenge, 0, polynomials, results };
  memcpy(at(self, words), pointers, sizeof pointers);
  memcpy(at(self, polynomials + 24), source, sizeof source);
  memcpy(at(self, polynomials + 24 + 12), &from, sizeof from);
  memcpy(at(self, results + 24), result, sizeof result);
  memcpy(at(self, challenge), by, sizeof by);
  return (fold_place){ words, from, to };
}

static void below_twice_the_modulus(prover_thread_t* self, u32 row) {
  for (u32 i = 0; i < DIFFERENTIAL_ELEMENTS; i++) {
    field_element x;
    memcpy(&x, at(self, row + 32 * i), 32);
    x.word[3] %= 0x60c89ce5c2634053;
    memcpy(at(self, row + 32 * i), &x, 32);
  }
}

static void fold_with(prover_thread_t* self, fold_place p, bool native) {
  if (native) prover_native_fold(&self->module->w2c, p.closure, 1);
  else prover_translated_fold(&self->module->w2c, p.closure, 1);
}

static u32 end_of_result(prover_thread_t* self, fold_place p) {
  u32 end;
  memcpy(&end, at(self, p.closure + 128 + 24 + 4), sizeof end);
  return end;
}

// Apart, in place, with coefficients that start late, and rows that overlap.
static void folded_as_translated(prover_thread_t* self) {
  u32 left = allocate(self, DIFFERENTIAL_BYTES), copy = allocate(self, DIFFERENTIAL_BYTES);
  u32 out = allocate(self, DIFFERENTIAL_BYTES), other = allocate(self, DIFFERENTIAL_BYTES);
  for (u32 round = 0; round < 160; round++) {
    u32 end = round < 120 ? round / 4 : 1000 + round, start = round % 4 == 2 && end > 3 ? 2 : 0, shift = round % 4 == 3 ? 64 : 0;
    bool apart = round % 2 == 0;
    fill_vector(self, left, &field_scalar);
    below_twice_the_modulus(self, left);
    memcpy(at(self, copy), at(self, left), DIFFERENTIAL_BYTES);
    memset(at(self, out), 7, DIFFERENTIAL_BYTES);
    memset(at(self, other), 7, DIFFERENTIAL_BYTES);
    uint64_t state = differential_state;
    fold_place native = place_fold(self, left, apart ? out : left + shift, start, end, DIFFERENTIAL_ELEMENTS);
    differential_state = state; // the same challenge
    fold_place translated = place_fold(self, copy, apart ? other : copy + shift, start, end, DIFFERENTIAL_ELEMENTS);
    fold_with(self, native, true);
    fold_with(self, translated, false);
    CHECK(differing(self, left, copy, &field_scalar) == 0);
    CHECK(differing(self, out, other, &field_scalar) == 0);
    CHECK(end_of_result(self, native) == end_of_result(self, translated) && end_of_result(self, native) == (end + 1) / 2);
  }
}

static void scale_outside(prover_thread_t* self) {
  multiply_scalar_vectors(self, prover_native_scale_vector, UINT32_MAX - 63, 1024, 32 * 1000);
}
static void scale_by_what_is_outside(prover_thread_t* self) {
  multiply_scalar_vectors(self, prover_native_scale_vector, 1024, UINT32_MAX - 8, 32 * 10);
}
static void multiply_the_longest_rows(prover_thread_t* self) {
  multiply_scalar_vectors(self, prover_native_multiply_vectors, UINT32_MAX - 31, UINT32_MAX - 31, UINT32_MAX - 31);
}
static void fold_with_arguments_outside(prover_thread_t* self) { prover_native_fold(&self->module->w2c, UINT32_MAX - 2, 1); }
static void fold_the_longest_row(prover_thread_t* self) {
  fold_with(self, place_fold(self, UINT32_MAX - 31, UINT32_MAX - 31, 0, 1u << 27, UINT32_MAX), true);
}
static void fold_more_than_a_row(prover_thread_t* self) {
  fold_with(self, place_fold(self, 65536, 65536, 0, UINT32_MAX, UINT32_MAX), true);
}
static void fold_without_end(prover_thread_t* self) {
  u32 row = allocate(self, DIFFERENTIAL_BYTES);
  fold_place place = place_fold(self, row, row, 0, 1000, 1000);
  for (;;) {
    u32 end = 1000;
    memcpy(at(self, place.closure + 64 + 24 + 4), &end, sizeof end);
    fold_with(self, place, true);
  }
}
