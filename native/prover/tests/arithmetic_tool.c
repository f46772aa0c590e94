// Runs native arithmetic on what it reads from standard input, for arithmetic.test.mjs, which knows the right results.
//
//   arithmetic_tool multiply base|scalar adx|portable       pairs of elements -> products
//   arithmetic_tool batch avx2|avx512f|ifma                 u32 points, u32 pairs, points, pairs (a, b, out) -> u32 neutral, points
//   arithmetic_tool forms avx2|avx512f|ifma                 u32 points, points -> points, in the way's form and back, and turned
//   arithmetic_tool split                                    scalars -> twice the halves, signs in the top bit
//   arithmetic_tool msm avx2|avx512f|ifma                   u32 points, u32 terms, points, scalars, indices -> u8 infinite, x, y, z
//   arithmetic_tool rows avx2|avx512f|ifma multiply|scale|fold base|scalar   u32 count, a row of elements, another or one element -> the first row
//   arithmetic_tool features                                 adx, and the best of the vector instructions
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "batch_add.h"
#include "msm.h"
#include "rows.h"
#include "split.h"

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

static void give_canonical(const batch_way* way, curve_point* points, uint32_t count) {
  bool* neutral = room(count);
  for (uint32_t i = 0; i < count; i++) neutral[i] = batch_is_neutral(&points[i]);
  way->give(points, count);
  for (uint32_t i = 0; i < count; i++) {
    field_canonical(&points[i].x, &field_base);
    field_canonical(&points[i].y, &field_base);
    if (neutral[i]) points[i] = (curve_point){ .x = { { 0, 0, 0, 1ull << 63 } } };
  }
  give(points, count * sizeof *points);
  free(neutral);
}

static void add_batches(const batch_way* way) {
  uint32_t counts[2];
  while (fread(counts, 1, sizeof counts, stdin) == sizeof counts) {
    curve_point* points = room((counts[0] + 8) * sizeof *points);
    batch* pairs = room(sizeof *pairs);
    batch_room* scratch = room(sizeof *scratch);
    need(points, counts[0] * sizeof *points);
    pairs->count = counts[1];
    for (uint32_t i = 0; i < counts[1]; i++) {
      uint32_t pair[3];
      need(pair, sizeof pair);
      pairs->a[i] = pair[0];
      pairs->b[i] = pair[1];
      pairs->out[i] = pair[2];
    }
    way->take(points, NULL, counts[0]);
    uint32_t neutral = way->add(points, pairs, scratch);
    give(&neutral, sizeof neutral);
    give_canonical(way, points, counts[0]);
    free(points);
    free(pairs);
    free(scratch);
  }
}

static void change_forms(const batch_way* way) {
  uint32_t count;
  while (fread(&count, 1, sizeof count, stdin) == sizeof count) {
    curve_point *points = room((count + 8) * sizeof *points), *turned = room((count + 8) * sizeof *turned);
    need(points, count * sizeof *points);
    way->take(points, turned, count);
    give_canonical(way, points, count);
    give_canonical(way, turned, count);
    free(points);
    free(turned);
  }
}

static void split(void) {
  uint64_t scalar[4];
  while (fread(scalar, 1, sizeof scalar, stdin) == sizeof scalar) {
    half_scalar halves[2];
    split_scalar(scalar, halves);
    give(halves, sizeof halves);
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

// One element more than `count` is given back: nothing may have been written there. What is read beyond is 0xa5.
static void rows(const rows_way* way, const char* how, bool in_base) {
  uint32_t count;
  bool folds = strcmp(how, "fold") == 0;
  while (fread(&count, 1, sizeof count, stdin) == sizeof count) {
    uint32_t others = strcmp(how, "multiply") == 0 ? count : 1, results = folds ? (count + 1) / 2 : count;
    uint8_t *to = room(32 * count), *other = room(32 * others), *apart = room(32 * count);
    need(to, 32 * count);
    need(other, 32 * others);
    uint64_t by[4];
    memcpy(by, other, sizeof by);
    if (strcmp(how, "multiply") == 0) way->multiply(to, other, count, in_base);
    else if (strcmp(how, "scale") == 0) way->scale(to, by, count, in_base);
    else way->fold(apart, to, by, count);
    if (folds) {
      give(apart, 32 * results + 32);
      way->fold(to, to, by, count); // the same in place
    }
    give(to, 32 * results + (folds ? 0 : 32));
    free(to);
    free(other);
    free(apart);
  }
}

int main(int argc, char** argv) {
  prover_find_cpu_features(0);
  static const char* const names[] = { "avx2", "avx512f", "ifma" };
  static const batch_way* const ways[] = { &batch_avx2, &batch_avx512f, &batch_ifma };
  const char* what = argc > 1 ? argv[1] : "";
  const char* how = argc > 2 ? argv[2] : "";
  if (strcmp(what, "features") == 0) {
    printf("%d %s\n", prover_has_adx, names[prover_has_vectors]);
  } else if (strcmp(what, "multiply") == 0 && argc == 4) {
    multiply(strcmp(how, "base") == 0 ? &field_base : &field_scalar, strcmp(argv[3], "adx") == 0);
  } else if (strcmp(what, "split") == 0) {
    split();
  } else if (argc == 3 || argc == 5) {
    static const rows_way* const of_rows[] = { &rows_avx2, &rows_avx512f, &rows_ifma };
    size_t way = 0;
    while (way < 3 && strcmp(how, names[way]) != 0) way++;
    if (way == 3) return 2;
    if (strcmp(what, "rows") == 0 && argc == 5) rows(of_rows[way], argv[3], strcmp(argv[4], "base") == 0);
    else if (strcmp(what, "batch") == 0) add_batches(ways[way]);
    else if (strcmp(what, "forms") == 0) change_forms(ways[way]);
    else if (strcmp(what, "msm") == 0) msm((prover_vectors)way);
    else return 2;
  } else {
    return 2;
  }
  return 0;
}
