// Native arithmetic beside GMP, which multiplies, inverts and divides in its own ways: many random cases and all edges, in C, so
// that a million take a second. differential.test.mjs builds it, also with the sanitizers.
//
//   differential SEED MULTIPLICATIONS ADDITIONS TERMS     how many of each, for each way to compute them that the CPU has
//
// The model of a sum of points is a logarithm: all points are known multiples of G, so every sum is one too.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch_add.h"
#include "field_multiply.h"
#include "gmp_model.h"
#include "msm.h"

void prover_find_cpu_features(uint32_t without);

static void fail(const char* what, const char* way) {
  printf("differential: error: %s, %s: not what GMP has\n", what, way);
  exit(1);
}

static void* exactly(size_t bytes) { // so that a sanitizer sees one byte more
  void* memory = NULL;
  if (posix_memalign(&memory, 64, bytes) != 0) abort();
  memset(memory, 0xa5, bytes);
  return memory;
}

// ---- Multiplications: any eight words

static void random_operand(uint64_t word[4], const field* f) {
  static const uint64_t edges[] = { 0, 1, 2, UINT64_MAX, UINT64_MAX - 1, 1ull << 63, 0xffffffffull };
  for (int i = 0; i < 4; i++) word[i] = random_word();
  switch (random_below(8)) {
    case 0: for (int i = 0; i < 4; i++) word[i] = edges[random_below(7)]; break;
    case 1: case 2: { // beside a small multiple of the modulus
      uint64_t times = random_below(6), carry = 0, near = random_below(5);
      for (int i = 0; i < 4; i++) {
        unsigned __int128 t = (unsigned __int128)f->modulus[i] * times + carry;
        word[i] = (uint64_t)t;
        carry = (uint64_t)(t >> 64);
      }
      word[0] += near - 2;
      break;
    }
    case 3: word[3] = f->top_limit - 1 + random_below(3); break;
    case 4: word[3] >>= 2; break;
    default: break;
  }
}

static void check_multiplications(const model* m, const field* f, void (*multiply)(uint64_t*, const uint64_t*, const uint64_t*), const char* way, long cases) {
  for (long i = 0; i < cases; i++) {
    uint64_t a[4], b[4], product[4];
    random_operand(a, f);
    random_operand(b, f);
    multiply(product, a, b);
    if (!model_is_product(m, product, a, b)) {
      printf("%016lx%016lx%016lx%016lx times %016lx%016lx%016lx%016lx\n", a[3], a[2], a[1], a[0], b[3], b[2], b[1], b[0]);
      fail("a product", way);
    }
  }
}

static void check_inversions(const model* m, long cases) {
  for (long i = 0; i < cases; i++) {
    field_element a;
    random_operand(a.word, &field_base);
    field_element inverse = base_invert(&a);
    if (!model_is_inverse(m, inverse.word, a.word)) fail("an inverse", "divsteps");
  }
}

// ---- Points: multiples of G, whose logarithms are known

typedef struct pool { uint32_t count; curve_point* points; uint64_t (*logs)[4]; } pool;

static pool make_pool(const model* base, const model* scalar, uint32_t count) {
  pool p = { count, exactly(count * sizeof(curve_point)), exactly(count * sizeof *p.logs) };
  model_points(base, scalar, p.points, p.logs, count);
  return p;
}

// Points go to the way's form and back, which is canonical but for one subtraction.
static void give_back(const batch_way* way, curve_point* points, uint32_t count) {
  way->give(points, count);
  for (uint32_t i = 0; i < count; i++) {
    field_canonical(&points[i].x, &field_base);
    field_canonical(&points[i].y, &field_base);
  }
}

static void check_batches(const model* base, const pool* p, const batch_way* way, const char* name, long additions) {
  while (additions > 0) {
    uint32_t pairs = 1 + (uint32_t)random_below(random_below(4) == 0 ? BATCH_PAIRS : 40), count = 2 * pairs;
    curve_point* points = exactly((count + 7) / 8 * 8 * sizeof *points);
    batch* todo = exactly(sizeof *todo);
    batch_room* room = exactly(sizeof *room);
    for (uint32_t i = 0; i < count; i++) points[i] = p->points[random_below(p->count)];
    todo->count = pairs;
    for (uint32_t i = 0; i < pairs; i++) {
      if (random_below(400) == 0) points[pairs + i] = points[i]; // a doubling
      todo->a[i] = todo->out[i] = i;
      todo->b[i] = pairs + i;
    }
    curve_point* before = exactly(count * sizeof *before);
    memcpy(before, points, count * sizeof *before);
    way->take(points, NULL, count);
    if (way->add(points, todo, room) != 0) fail("a batch without neutral sums", name);
    give_back(way, points, count);
    for (uint32_t i = 0; i < pairs; i++)
      if (!model_is_point_sum(base, &points[i], &before[i], &before[pairs + i])) fail("a sum in a batch", name);
    if (memcmp(points + pairs, before + pairs, pairs * sizeof *points) != 0) fail("what a batch only reads", name);
    additions -= pairs;
    free(points);
    free(todo);
    free(room);
    free(before);
  }
}

static void jacobian_of(const model* base, curve_jacobian* out, const pool* p, uint64_t log[4]) {
  uint32_t i = (uint32_t)random_below(p->count);
  memcpy(log, p->logs[i], 32);
  *out = (curve_jacobian){ .infinite = random_below(20) == 0 };
  if (out->infinite) memset(log, 0, 32);
  else model_spread(base, out, &p->points[i]); // the same point with a random z
}

static void check_curve(const model* base, const model* scalar, const pool* p, long cases) {
  for (long i = 0; i < cases; i++) {
    uint64_t first[4], second[4];
    curve_jacobian a, b;
    jacobian_of(base, &a, p, first);
    jacobian_of(base, &b, p, second);
    if (random_below(6) == 0) { // equal points, other coordinates
      b = curve_add(&a, &(curve_jacobian){ .infinite = true });
      memcpy(second, first, 32);
    }
    curve_jacobian sum = curve_add(&a, &b), twice = curve_double(&a);
    if (!model_is_multiple(base, scalar, &sum, first, second)) fail("a sum", "Jacobian");
    if (!model_is_multiple(base, scalar, &twice, first, first)) fail("a double", "Jacobian");
  }
}

// ---- Multi-scalar multiplication

static void random_scalar(uint64_t scalar[4], const model* m, int kind, uint32_t i) {
  memset(scalar, 0, 32);
  switch (kind) {
    case 0: model_random(m, scalar); break;
    case 1: scalar[0] = random_below(40); break;
    case 2: scalar[0] = 77; break;                                    // all equal
    case 3: scalar[i % 4] = 1ull << random_below(i % 4 == 3 ? 61 : 64); break; // one bit
    case 4: if (random_below(9) == 0) model_random(m, scalar); break;  // most are zero
    case 5: model_minus_small(m, scalar, 1 + random_below(3)); break;  // just below the order
    default: break;                                                   // all zero
  }
}

typedef struct terms { uint8_t* memory; size_t bytes; msm_input input; uint64_t log[4]; } terms;

// Which scalars and which points: the cases of random_scalar and make_terms.
typedef struct shape { int scalars, points; } shape;
static const shape neutral_everywhere = { 0, 4 };
static shape any_shape(void) { return (shape){ (int)random_below(7), (int)random_below(5) }; }

// Points and scalars for `count` terms, and indices of some or all of them, as the module has them.
static terms make_terms(const model* scalar, const pool* p, uint32_t count, shape kinds) {
  uint32_t chosen = random_below(3) == 0 ? 1 + (uint32_t)random_below(count) : count;
  terms t = { .bytes = (size_t)count * 96 + (size_t)chosen * 4 };
  t.memory = exactly(t.bytes);
  t.input = (msm_input){ .memory = t.memory, .points = 0, .scalars = count * 64, .indices = count * 96, .count = chosen };
  uint64_t (*logs)[4] = exactly(count * sizeof *logs);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t from = kinds.points == 0 ? 5 : (uint32_t)random_below(kinds.points == 1 ? 3 : p->count); // one point, few, many
    curve_point point = p->points[from];
    memcpy(logs[i], p->logs[from], 32);
    if ((kinds.points == 2 && random_below(3) == 0) || (kinds.points == 4 && count > 3)) { // neutral elements: some, or nothing else
      memset(logs[i], 0, 32);
      memset(&point, 0, sizeof point);
      point.x.word[3] = 1ull << 63;
    } else if (kinds.points == 3 && random_below(2) == 0) {
      model_opposite(scalar, logs[i], &point);
    }
    memcpy(t.memory + 64 * (size_t)i, &point, 64);
    uint64_t value[4];
    random_scalar(value, scalar, kinds.scalars, i);
    memcpy(t.memory + t.input.scalars + 32 * (size_t)i, value, 32);
  }
  for (uint32_t i = 0; i < chosen; i++) {
    uint32_t index = chosen == count ? count - 1 - i : (uint32_t)random_below(count);
    memcpy(t.memory + t.input.indices + 4 * (size_t)i, &index, 4);
  }
  model_inner_product(scalar, t.log, t.memory + t.input.indices, chosen, t.memory + t.input.scalars, logs);
  free(logs);
  return t;
}

static void check_sum(const model* base, const model* scalar, const pool* p, uint32_t count, shape kinds, const char* way) {
  static const uint64_t zero[4];
  terms t = make_terms(scalar, p, count, kinds);
  void* scratch = exactly(msm_scratch_bytes(t.input.count));
  curve_jacobian sum = msm_compute(&t.input, scratch);
  if (!model_is_multiple(base, scalar, &sum, t.log, zero)) {
    printf("%u terms\n", t.input.count);
    fail("a multi-scalar multiplication", way);
  }
  free(scratch);
  free(t.memory);
}

static void check_sums(const model* base, const model* scalar, const pool* p, const char* way, long total) {
  static const uint32_t sizes[] = { 1, 2, 3, 7, 8, 9, 95, 96, 97, 255, 256, 257, 1023, 1025, 4095, 4097, 8191, 8192, 8193, 16383, 16384, 16385 };
  const size_t fixed = sizeof sizes / sizeof *sizes;
  for (size_t i = 0; i < fixed; i++)
    for (int again = 0; again < 3; again++) check_sum(base, scalar, p, sizes[i], any_shape(), way);
  while (total > 0) {
    uint32_t count = 1 + (uint32_t)random_below(1ull << (3 + random_below(15)));
    check_sum(base, scalar, p, count, any_shape(), way);
    total -= count;
  }
  check_sum(base, scalar, p, 1u << 18, any_shape(), way); // the most of one chunk, and what begins the next
  check_sum(base, scalar, p, (1u << 18) + 5, any_shape(), way);
  check_sum(base, scalar, p, 1u << 18, neutral_everywhere, way); // more filled buckets than a group of them has room for
}

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  random_seed(strtoull(argv[1], NULL, 10));
  long multiplications = atol(argv[2]), additions = atol(argv[3]), total = atol(argv[4]);
  prover_find_cpu_features(0);
  const bool adx = prover_has_adx;
  prover_vectors best = prover_has_vectors;
#ifdef EMULATED_IFMA
  best = PROVER_VECTORS_IFMA;
#endif
  model base, scalar;
  model_of(&base, field_base.modulus);
  model_of(&scalar, field_scalar.modulus);
  const pool p = make_pool(&base, &scalar, 20000);
  for (int with_adx = 0; with_adx <= (int)adx; with_adx++) {
    const char* way = with_adx ? "adx" : "bmi2";
    prover_has_adx = with_adx;
    prover_has_vectors = PROVER_VECTORS_AVX2;
    check_multiplications(&base, &field_base, prover_multiply_base, way, multiplications);
    check_multiplications(&scalar, &field_scalar, prover_multiply_scalar, way, multiplications);
    check_inversions(&base, additions);
    check_curve(&base, &scalar, &p, additions / 100);
    check_batches(&base, &p, &batch_avx2, way, additions);
    check_sums(&base, &scalar, &p, way, total);
    printf("%s: %ld products in each field, %ld additions, sums of %ld terms: as GMP has them\n", way, multiplications, additions, total);
  }
  static const batch_way* const ways[] = { NULL, &batch_avx512f, &batch_ifma };
  static const char* const names[] = { NULL, "avx512f", "ifma" };
  for (int vectors = PROVER_VECTORS_AVX512F; vectors <= (int)best; vectors++) {
    prover_has_vectors = (prover_vectors)vectors;
    check_batches(&base, &p, ways[vectors], names[vectors], additions);
    check_sums(&base, &scalar, &p, names[vectors], total);
    printf("%s: %ld additions, sums of %ld terms: as GMP has them\n", names[vectors], additions, total);
  }
  return 0;
}
