// What the host and the generated code know of native arithmetic. README.md says what is native and why that is safe.
#ifndef PROVER_ARITHMETIC_H
#define PROVER_ARITHMETIC_H

#include <stdbool.h>

#pragma GCC visibility push(hidden)

// What the CPU has, found once (prover_find_features): read-only afterwards.
typedef enum prover_vectors { PROVER_VECTORS_AVX2, PROVER_VECTORS_AVX512F, PROVER_VECTORS_IFMA } prover_vectors;
extern bool prover_has_adx;
extern prover_vectors prover_has_vectors;

#pragma GCC visibility pop

#endif
