// Runs native arithmetic on what it reads from standard input, for arithmetic.test.mjs, which knows the right results.
//
//   arithmetic_tool multiply base|scalar adx|portable       pairs of elements -> products
//   arithmetic_tool batch scalar|avx512f|ifma               u32 points, u32 pairs, points, pairs -> u8 done, points
//   arithmetic_tool msm none|avx512f|ifma                   u32 points, u32 terms, points, scalars, indices -> u8 infinite, x, y, z
//   arithmetic_tool features                                 adx, and the best of the vector instructions, or none
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "batch_add.h"
#include "msm.h"

void prover_find_cpu_features(uint32_t without);

static void* room(size_t bytes) {
  void* memory = NULL;
  if (posix_memalign(&memory, 64, bytes + 64) != 0) abort();
  memset(memory, 0xa5, bytes + 64);
  return memory;
}

static void need(void* to, size_t bytes) {
  if (fread(to, 1, bytes, stdin) != bytes) exit(2);
}

static void give(const void* from, size_t bytes) {
  if (fwrite(from, 1, bytes, stdout) != bytes) exit(2);
}

static void multiply(const field* f, bool adx) {
  uint64_t pair[8], product[4];
  while (fread(pair, 1, sizeof pair, stdin) == sizeof pair) {
    if (adx) field_multiply_adx(product, pair, pair + 4, f);
    else field_multiply_portable(product, pair, pair + 4, f);
    give(product, sizeof product);
  }
}

static void batch(batch_add* add) {
  uint32_t counts[2];
  while (fread(counts, 1, sizeof counts, stdin) == sizeof counts) {
    curve_point* points = room((counts[0] + BATCH_PAD_POINTS) * sizeof *points);
    batch_pair* pairs = room(counts[1] * sizeof *pairs);
    need(points, counts[0] * sizeof *points);
    need(pairs, counts[1] * sizeof *pairs);
    batch_room* scratch = room((counts[1] / BATCH_LANES + 1) * sizeof *scratch);
    uint8_t done = add(points, pairs, counts[1], counts[0], scratch);
    give(&done, 1);
    give(points, counts[0] * sizeof *points);
    free(points);
    free(pairs);
    free(scratch);
  }
}

static void msm(prover_vectors vectors) {
  prover_has_vectors = vectors;
  uint32_t counts[2];
  while (fread(counts, 1, sizeof counts, stdin) == sizeof counts) {
    uint32_t points = counts[0] * 64, scalars = counts[0] * 32, indices = counts[1] * 4;
    uint8_t* memory = room(points + scalars + indices);
    need(memory, points + scalars + indices);
    msm_input input = { .memory = memory, .points = 0, .scalars = points, .indices = points + scalars, .count = counts[1] };
    void* scratch = room(msm_scratch_bytes(counts[1]));
    struct timespec start, end;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
    curve_jacobian sum = msm_compute(&input, scratch);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    if (getenv("ARITHMETIC_TIMES") != NULL)
      fprintf(stderr, "%u %.3f ms\n", counts[1], 1e3 * (double)(end.tv_sec - start.tv_sec) + 1e-6 * (double)(end.tv_nsec - start.tv_nsec));
    uint8_t infinite = sum.infinite;
    give(&infinite, 1);
    give(&sum.x, 32);
    give(&sum.y, 32);
    give(&sum.z, 32);
    free(memory);
    free(scratch);
  }
}

int main(int argc, char** argv) {
  prover_find_cpu_features(0);
  static const char* const names[] = { "none", "avx512f", "ifma" };
  const char* what = argc > 1 ? argv[1] : "";
  const char* how = argc > 2 ? argv[2] : "";
  if (strcmp(what, "features") == 0) {
    printf("%d %s\n", prover_has_adx, names[prover_has_vectors]);
  } else if (strcmp(what, "multiply") == 0 && argc == 4) {
    multiply(strcmp(how, "base") == 0 ? &field_base : &field_scalar, strcmp(argv[3], "adx") == 0);
  } else if (strcmp(what, "batch") == 0) {
    batch(strcmp(how, "ifma") == 0 ? batch_add_ifma : strcmp(how, "avx512f") == 0 ? batch_add_avx512f : batch_add_scalar);
  } else if (strcmp(what, "msm") == 0) {
    msm(strcmp(how, "ifma") == 0 ? PROVER_VECTORS_IFMA : strcmp(how, "avx512f") == 0 ? PROVER_VECTORS_AVX512F : PROVER_VECTORS_NONE);
  } else {
    return 2;
  }
  return 0;
}
