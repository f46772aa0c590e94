// Field multiplication in both ways, and rows of elements in all ways, against schoolbook arithmetic; batches of additions in all ways
// against additions one by one. The first byte says which.
#include "batch_add.h"
#include "bytes.h"
#include "rows.h"

void prover_find_cpu_features(uint32_t without);

enum { MAX_POINTS = 96, MAX_PAIRS = MAX_POINTS / 2, MAX_ROW = 40, WIDE = 9 };

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

// ---- Rows

typedef uint64_t number[4];

// In memory of the exact size, so that a byte more is found.
static void* copy_of(const void* numbers, size_t bytes) {
  void* copy = malloc(bytes);
  MUST(copy != NULL);
  return memcpy(copy, numbers, bytes);
}

static void check_products(const rows_way* way, const number* left, const number* right, uint32_t count, const field* f, bool scales) {
  number* to = copy_of(left, sizeof *left * count);
  number* from = copy_of(right, sizeof *right * (scales ? 1 : count));
  if (scales) way->scale((uint8_t*)to, from[0], count, f == &field_base);
  else way->multiply((uint8_t*)to, (const uint8_t*)from, count, f == &field_base);
  for (uint32_t i = 0; i < count; i++) check_product(to[i], left[i], from[scales ? 0 : i], f);
  free(to);
  free(from);
}

static void check_fold(const rows_way* way, const number* elements, uint32_t count, const number by) {
  uint32_t half = count / 2 + count % 2;
  number* to = copy_of(elements, sizeof *elements * count);
  number* apart = malloc(sizeof *apart * half);
  MUST(apart != NULL);
  way->fold((uint8_t*)apart, (const uint8_t*)to, by, count);
  way->fold((uint8_t*)to, (const uint8_t*)to, by, count);
  MUST(memcmp(to, apart, sizeof *apart * half) == 0);
  for (uint32_t i = 0; i < half; i++) { // what was added to the even element is the product
    field_element even, odd = { { 0 } }, found;
    memcpy(&even, elements[2 * i], sizeof even);
    if (2 * i + 1 < count) memcpy(&odd, elements[2 * i + 1], sizeof odd);
    memcpy(&found, to[i], sizeof found);
    field_element difference = field_subtract(&odd, &even, &field_scalar), added = field_subtract(&found, &even, &field_scalar);
    check_product(added.word, difference.word, by, &field_scalar);
  }
  free(to);
  free(apart);
}

static void work_on_rows(bytes* input) {
  static number left[MAX_ROW], right[MAX_ROW];
  uint8_t kind = take_u8(input);
  uint32_t count = take_u8(input) % MAX_ROW + 1;
  const field* f = kind & 4 ? &field_base : &field_scalar;
  for (uint32_t i = 0; i < count; i++) {
    take(input, left[i], sizeof left[i]);
    take(input, right[i], sizeof right[i]);
    if (kind % 4 == 3) field_multiply_portable(left[i], left[i], field_scalar.one.word, &field_scalar); // below 2 p
  }
  static const rows_way* const ways[] = { &rows_avx2, &rows_avx512f, &rows_ifma };
  for (prover_vectors way = PROVER_VECTORS_AVX2; way <= best_vectors; way++) {
    if (kind % 4 == 3) check_fold(ways[way], (const number*)left, count, right[0]);
    else check_products(ways[way], (const number*)left, (const number*)right, count, f, kind % 4 == 2);
  }
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

// Sums go behind the points.
static void choose_pairs(bytes* input, uint32_t count, batch* pairs) {
  pairs->count = 0;
  for (uint32_t to = 0; to < count && pairs->count < MAX_PAIRS && input->left > 0; to++) {
    uint8_t signs = take_u8(input);
    uint32_t at = pairs->count++;
    pairs->a[at] = to | (signs & 1 ? BATCH_NEGATED : 0);
    pairs->b[at] = take_u8(input) % count | (signs & 2 ? BATCH_NEGATED : 0);
    pairs->out[at] = count + at;
  }
}

static curve_point point_at(const curve_point* points, uint32_t place) {
  curve_point p = points[place & ~BATCH_NEGATED];
  if (place & BATCH_NEGATED) p.y = base_subtract(&(field_element){ { 0 } }, &p.y);
  field_canonical(&p.y, &field_base);
  return p;
}

// One by one. How many are neutral, which are left alone.
static uint32_t add_slowly(curve_point* points, const batch* pairs) {
  uint32_t neutral = 0;
  for (uint32_t i = 0; i < pairs->count; i++) {
    curve_point p = point_at(points, pairs->a[i]), q = point_at(points, pairs->b[i]), *out = &points[pairs->out[i]];
    curve_jacobian sum = { .x = p.x, .y = p.y, .z = field_base.one };
    bool no_double = base_same(&p.x, &q.x) && base_is_zero(&p.y);
    sum = curve_add_point(&sum, &q);
    if (sum.infinite || no_double) {
      neutral++;
      *out = (curve_point){ .x = { { 0, 0, 0, 1ull << 63 } } };
      continue;
    }
    field_element z = base_invert(&sum.z), zz = base_square(&z), zzz = base_multiply(&zz, &z);
    *out = (curve_point){ base_multiply(&sum.x, &zz), base_multiply(&sum.y, &zzz) };
    field_canonical(&out->x, &field_base);
    field_canonical(&out->y, &field_base);
  }
  return neutral;
}

static void check_batch(const batch_way* way, const curve_point* points, uint32_t count, const batch* pairs) {
  // Of the exact size, so that a byte more is found.
  uint32_t all = (count + pairs->count + 7) / 8 * 8;
  void *ours = NULL, *room = NULL;
  MUST(posix_memalign(&ours, 64, sizeof *points * all) == 0 && posix_memalign(&room, 64, sizeof(batch_room)) == 0);
  memset(ours, 0x25, sizeof *points * all);
  memset(room, 0x5a, sizeof(batch_room));
  memcpy(ours, points, sizeof *points * count);
  curve_point expected[2 * MAX_POINTS], *found = ours;
  memcpy(expected, points, sizeof *points * count);
  uint32_t neutral = add_slowly(expected, pairs);
  batch* todo = malloc(sizeof *todo);
  *todo = *pairs;
  way->take(found, NULL, count);
  MUST(way->add(found, todo, room) == neutral);
  for (uint32_t i = 0; i < pairs->count; i++) MUST(batch_is_neutral(&found[count + i]) == batch_is_neutral(&expected[count + i]));
  way->give(found, count + pairs->count);
  for (uint32_t i = 0; i < count + pairs->count; i++) {
    if (i >= count && batch_is_neutral(&expected[i])) continue;
    field_canonical(&found[i].x, &field_base);
    field_canonical(&found[i].y, &field_base);
    MUST(memcmp(&found[i], &expected[i], sizeof *found) == 0);
  }
  free(todo);
  free(ours);
  free(room);
}

static void add_points(bytes* input) {
  static curve_point points[MAX_POINTS];
  uint32_t count = take_u8(input) % MAX_POINTS + 1, fresh = take_u8(input) % count + 1;
  for (uint32_t i = 0; i < count; i++) {
    if (i < fresh) points[i] = point_from(input);
    else points[i] = points[i % fresh];
  }
  batch* pairs = malloc(sizeof *pairs);
  choose_pairs(input, count, pairs);
  if (pairs->count > 0) {
    check_batch(&batch_avx2, points, count, pairs);
    if (best_vectors >= PROVER_VECTORS_AVX512F) check_batch(&batch_avx512f, points, count, pairs);
    if (best_vectors >= PROVER_VECTORS_IFMA) check_batch(&batch_ifma, points, count, pairs);
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
  switch (take_u8(&input) % 5) {
    case 0: multiply(&input, &field_base); break;
    case 1: multiply(&input, &field_scalar); break;
    case 2: invert(&input); break;
    case 4: work_on_rows(&input); break;
    default: add_points(&input);
  }
  return 0;
}
