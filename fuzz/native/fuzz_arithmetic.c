// Field multiplication in both ways against schoolbook arithmetic, and batches of additions in all ways against additions one
// by one. The first byte says which.
#include "batch_add.h"
#include "bytes.h"

void prover_find_cpu_features(uint32_t without);

enum { MAX_POINTS = 96, MAX_PAIRS = MAX_POINTS / 2, WIDE = 9 };

static prover_vectors best_vectors;
static bool is_set_up;

// ---- Schoolbook

typedef struct wide {
  uint64_t word[WIDE];
} wide;

static wide product_of(const uint64_t a[4], const uint64_t b[4]) {
  wide p = { { 0 } };
  for (int i = 0; i < 4; i++) {
    uint64_t carry = 0;
    for (int j = 0; j < 4; j++) {
      unsigned __int128 sum = (unsigned __int128)a[i] * b[j] + p.word[i + j] + carry;
      p.word[i + j] = (uint64_t)sum;
      carry = (uint64_t)(sum >> 64);
    }
    p.word[i + 4] = carry;
  }
  return p;
}

// a mod m, bit by bit; m is below 2^254.
static void remainder_of(const wide* a, const uint64_t m[4], uint64_t out[4]) {
  memset(out, 0, 32);
  for (int bit = 64 * WIDE - 1; bit >= 0; bit--) {
    for (int i = 3; i > 0; i--) out[i] = out[i] << 1 | out[i - 1] >> 63;
    out[0] = out[0] << 1 | (a->word[bit / 64] >> (bit % 64) & 1);
    uint64_t t[4], borrow = 0;
    for (int i = 0; i < 4; i++) t[i] = field_subtract_borrow(out[i], m[i], &borrow);
    if (borrow == 0) memcpy(out, t, sizeof t);
  }
}

static wide shifted_by_261(const uint64_t a[4]) {
  wide s = { { 0 } };
  for (int i = 0; i < 4; i++) {
    s.word[i + 4] |= a[i] << 5;
    s.word[i + 5] |= a[i] >> 59;
  }
  return s;
}

static void check_product(const uint64_t product[4], const uint64_t a[4], const uint64_t b[4], const field* f) {
  uint64_t expected[4], found[4];
  wide ab = product_of(a, b), raised = shifted_by_261(product);
  remainder_of(&ab, f->modulus, expected);
  remainder_of(&raised, f->modulus, found);
  MUST(memcmp(expected, found, sizeof found) == 0);
  // Below 2 p, which all callers rely on.
  uint64_t borrow = 0;
  for (int i = 0; i < 4; i++) field_subtract_borrow(product[i], f->twice[i], &borrow);
  MUST(borrow == 1);
}

static void multiply(bytes* input, const field* f) {
  uint64_t a[4], b[4], product[4];
  take(input, a, sizeof a);
  take(input, b, sizeof b);
  field_multiply_portable(product, a, b, f);
  check_product(product, a, b, f);
  if (!prover_has_adx) return;
  uint64_t other[4];
  field_multiply_adx(other, a, b, f); // another way to divide: the same element, perhaps as other words
  check_product(other, a, b, f);
}

static void invert(bytes* input) {
  field_element a;
  take(input, &a, sizeof a);
  // A multiplication reduces whatever it is to below 2 p.
  field_element reduced = base_multiply(&a, &field_base.one);
  if (base_is_zero(&reduced)) return;
  field_element inverse = base_invert(&a), one = base_multiply(&inverse, &a);
  field_canonical(&one, &field_base);
  MUST(base_same(&one, &field_base.one));
}

// ---- Batches

static curve_point point_from(bytes* input) {
  // Addition and doubling do not ask whether a point is on the curve, so any coordinates will do.
  curve_point p;
  take(input, &p, sizeof p);
  p.x = base_multiply(&p.x, &field_base.one);
  p.y = base_multiply(&p.y, &field_base.one);
  field_canonical(&p.x, &field_base);
  field_canonical(&p.y, &field_base);
  return p;
}

static uint32_t choose_pairs(bytes* input, const curve_point* points, uint32_t count, batch_pair* pairs) {
  uint32_t chosen = 0;
  for (uint32_t to = 0; to < count && chosen < MAX_PAIRS && input->left > 0; to++) {
    uint32_t from = take_u8(input) % count;
    bool same_x = base_same(&points[to].x, &points[from].x), same_y = base_same(&points[to].y, &points[from].y);
    if (same_x && !same_y) continue; // opposite: the caller's to leave out
    pairs[chosen++] = (batch_pair){ to, from };
  }
  return chosen;
}

// One by one.
static bool add_slowly(curve_point* points, const batch_pair* pairs, uint32_t count) {
  curve_point before[MAX_POINTS];
  memcpy(before, points, sizeof before);
  for (uint32_t i = 0; i < count; i++) {
    const curve_point *p = &before[pairs[i].to], *q = &before[pairs[i].from];
    if (base_same(&p->x, &q->x) && base_is_zero(&p->y)) return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    const curve_point *p = &before[pairs[i].to], *q = &before[pairs[i].from];
    curve_jacobian sum = { .x = p->x, .y = p->y, .z = field_base.one };
    sum = curve_add_point(&sum, q);
    field_element z = base_invert(&sum.z), zz = base_square(&z), zzz = base_multiply(&zz, &z);
    curve_point* to = &points[pairs[i].to];
    *to = (curve_point){ base_multiply(&sum.x, &zz), base_multiply(&sum.y, &zzz) };
    field_canonical(&to->x, &field_base);
    field_canonical(&to->y, &field_base);
  }
  return true;
}

static void check_batch(batch_add* add, const curve_point* points, uint32_t count, const batch_pair* pairs, uint32_t pair_count) {
  // Of the exact size, so that a byte more is found.
  size_t point_bytes = sizeof *points * (count + BATCH_PAD_POINTS), room_bytes = BATCH_ROOM_BYTES(pair_count);
  void *ours = NULL, *room = NULL;
  MUST(posix_memalign(&ours, 64, point_bytes) == 0 && posix_memalign(&room, 64, room_bytes) == 0);
  memset(ours, 0xa5, point_bytes);
  memset(room, 0x5a, room_bytes);
  memcpy(ours, points, sizeof *points * count);
  curve_point expected[MAX_POINTS];
  memcpy(expected, points, sizeof *points * count);
  bool is_possible = add_slowly(expected, pairs, pair_count);
  MUST(add(ours, pairs, pair_count, count, room) == is_possible);
  MUST(memcmp(ours, is_possible ? expected : points, sizeof *points * count) == 0);
  free(ours);
  free(room);
}

static void batch(bytes* input) {
  static curve_point points[MAX_POINTS];
  uint32_t count = take_u8(input) % MAX_POINTS + 1, fresh = take_u8(input) % count + 1;
  for (uint32_t i = 0; i < count; i++) {
    if (i < fresh) points[i] = point_from(input);
    else points[i] = points[i % fresh];
  }
  batch_pair* pairs = malloc(sizeof *pairs * MAX_PAIRS);
  uint32_t pair_count = choose_pairs(input, points, count, pairs);
  if (pair_count > 0) {
    check_batch(batch_add_scalar, points, count, pairs, pair_count);
    if (best_vectors >= PROVER_VECTORS_AVX512F) check_batch(batch_add_avx512f, points, count, pairs, pair_count);
    if (best_vectors >= PROVER_VECTORS_IFMA) check_batch(batch_add_ifma, points, count, pairs, pair_count);
  }
  free(pairs);
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t length) {
  if (!is_set_up) {
    prover_find_cpu_features(0);
    best_vectors = prover_has_vectors;
    is_set_up = true;
  }
  bytes input = { data, length };
  switch (take_u8(&input) % 4) {
    case 0: multiply(&input, &field_base); break;
    case 1: multiply(&input, &field_scalar); break;
    case 2: invert(&input); break;
    default: batch(&input);
  }
  return 0;
}
