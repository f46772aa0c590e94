// Times multi-scalar multiplication alone, for every way of adding points that this CPU has:
//
//   msm_bench [least log2 points] [greatest] [seconds a cell] [shape or all] [way]
//
// Prints nanoseconds of CPU time a point, the least of the rounds; ways take turns and must agree. Shapes of scalars as proofs have
// them: full (254 bits), short (32 bits), bits (0 and 1), few (one in 16 full, the others 8 bits), same (all equal).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "batch_add.h"
#include "msm.h"

void prover_find_cpu_features(uint32_t without);

typedef struct way {
  const char* name;
  prover_vectors vectors;
  bool adx;
} way;

typedef enum shape { FULL, SHORT, BITS, FEW, SAME, SHAPES } shape;
static const char* const shape_names[] = { "full", "short", "bits", "few", "same" };

static void* room(size_t bytes) {
  void* memory = NULL;
  if (posix_memalign(&memory, 4096, bytes) != 0) abort();
  memset(memory, 0, bytes);
  return memory;
}

static uint64_t next_random(void) { // splitmix64
  static uint64_t state;
  uint64_t x = state += 0x9e3779b97f4a7c15ull;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ x >> 27) * 0x94d049bb133111ebull;
  return x ^ x >> 31;
}

// G, 3 G, 7 G, 15 G, ..: no two sums of few of them are equal.
static void fill_points(curve_point* points, uint32_t count) {
  field_element one = field_base.one, two = base_double(&one);
  field_canonical(&two, &field_base);
  const curve_point g = { one, two };
  curve_jacobian sum = { .infinite = true };
  for (uint32_t i = 0; i < count; i++) {
    sum = curve_double(&sum);
    sum = curve_add_point(&sum, &g);
    field_element z = base_invert(&sum.z), zz = base_square(&z), zzz = base_multiply(&zz, &z);
    points[i] = (curve_point){ base_multiply(&sum.x, &zz), base_multiply(&sum.y, &zzz) };
    field_canonical(&points[i].x, &field_base);
    field_canonical(&points[i].y, &field_base);
  }
}

static void fill_scalars(uint64_t (*scalars)[4], uint32_t count, shape kind) {
  for (uint32_t i = 0; i < count; i++) {
    uint64_t* s = scalars[i];
    for (int w = 0; w < 4; w++) s[w] = next_random();
    s[3] &= 0x0fffffffffffffff;
    uint64_t low = kind == SHORT ? 0xffffffff : kind == BITS ? 1 : 0xff;
    bool is_low = kind == SHORT || kind == BITS || (kind == FEW && i % 16 != 0);
    if (is_low) s[0] &= low, s[1] = s[2] = s[3] = 0;
    if (kind == SAME) memcpy(s, scalars[0], 32);
  }
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// All of an input lies in one memory, as the module's does: points, scalars, indices.
typedef struct memory {
  uint8_t* bytes;
  uint32_t most; // points
} memory;

static memory make_memory(uint32_t most) {
  memory m = { room((size_t)most * 100 + 128), most };
  fill_points((curve_point*)m.bytes, most);
  for (uint32_t i = 0; i < most; i++) memcpy(m.bytes + most * 96 + 4 * i, &i, sizeof i);
  return m;
}

// Seconds, and the x of the sum, which all ways must agree on.
static double time_once(const memory* m, uint32_t count, const way* how, void* scratch, field_element* x) {
  prover_has_vectors = how->vectors;
  prover_has_adx = how->adx;
  msm_input input = { .memory = m->bytes, .points = 0, .scalars = m->most * 64, .indices = m->most * 96, .count = count };
  double from = seconds();
  curve_jacobian sum = msm_compute(&input, scratch);
  double took = seconds() - from;
  field_element zz = base_square(&sum.z);
  zz = base_invert(&zz);
  *x = base_multiply(&sum.x, &zz);
  field_canonical(x, &field_base);
  return took;
}

enum { WAYS = 4 };

static void time_cell(const memory* m, uint32_t count, const way ways[WAYS], const bool has[WAYS], double budget, void* scratch) {
  double best[WAYS] = { 0 }, start = seconds();
  field_element expected = { 0 }, x;
  for (int round = 0; round < 100 && (round == 0 || seconds() - start < budget); round++) {
    for (int w = 0; w < WAYS; w++) {
      if (!has[w]) continue;
      double took = time_once(m, count, &ways[w], scratch, &x);
      if (best[w] == 0 || took < best[w]) best[w] = took;
      if (expected.word[0] == 0) expected = x;
      if (!base_same(&x, &expected)) abort();
    }
  }
  for (int w = 0; w < WAYS; w++) printf(" %8.0f", 1e9 * best[w] / count);
}

int main(int argc, char** argv) {
  int least = argc > 1 ? atoi(argv[1]) : 4, greatest = argc > 2 ? atoi(argv[2]) : 16;
  double budget = argc > 3 ? atof(argv[3]) : 0.3;
  static const way ways[WAYS] = { { "ifma", PROVER_VECTORS_IFMA, true }, { "avx512f", PROVER_VECTORS_AVX512F, true },
                                  { "adx", PROVER_VECTORS_AVX2, true }, { "bmi2", PROVER_VECTORS_AVX2, false } };
  prover_find_cpu_features(0);
  bool has[WAYS];
  for (int w = 0; w < WAYS; w++) {
    has[w] = ways[w].vectors <= prover_has_vectors && ways[w].adx <= prover_has_adx;
    if (argc > 5 && strcmp(argv[5], ways[w].name) != 0) has[w] = false;
  }
  memory m = make_memory(1u << greatest);
  void* scratch = room(msm_scratch_bytes(m.most));
  printf("%-6s %-8s", "shape", "points");
  for (int w = 0; w < WAYS; w++) printf(" %8s", ways[w].name);
  printf("   ns a point\n");
  for (int kind = 0; kind < SHAPES; kind++) {
    if (argc > 4 && strcmp(argv[4], "all") != 0 && strcmp(argv[4], shape_names[kind]) != 0) continue;
    for (int log = least; log <= greatest; log++) {
      fill_scalars((uint64_t(*)[4])(m.bytes + m.most * 64), 1u << log, (shape)kind);
      printf("%-6s 2^%-6d", shape_names[kind], log);
      time_cell(&m, 1u << log, ways, has, budget, scratch);
      printf("\n");
    }
  }
}
