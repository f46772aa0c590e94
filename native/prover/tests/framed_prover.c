// The prover on the host's interface as `bb msgpack run` has it: requests on standard input, replies on standard output, each
// behind its length in 32 bits. So that what one of them takes can be counted beside the other (instructions.mjs).
//
//   framed_prover bmi2|adx       the multiplications to use; never AVX-512, which valgrind does not know
//
// Requests that begin with SrsInit go to the base instance; before the first other one the snapshot is taken, and each has an
// instance of its own. One thread. Randomness is the same in every run: two proofs of one witness are equal.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "arithmetic.h"
#include "prover.h"

// Instead of the C library's, for host/imports.c: splitmix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
ssize_t getrandom(void* buffer, size_t length, unsigned flags) {
  static uint64_t state;
  (void)flags;
  for (size_t i = 0; i < length; i++) {
    state += 0x9e3779b97f4a7c15u;
    uint64_t x = (state ^ state >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    ((uint8_t*)buffer)[i] = (uint8_t)(x >> 56);
  }
  return (ssize_t)length;
}

static void need(prover_status status, const prover_error* error) {
  if (status == PROVER_OK) return;
  fprintf(stderr, "framed_prover: error: %s\n", error->message);
  exit(1);
}

static void read_all(void* to, size_t length) {
  if (fread(to, 1, length, stdin) != length) exit(2);
}

static void serve(prover_instance_t* instance, const uint8_t* request, uint32_t length) {
  prover_error error;
  uint8_t* room;
  const uint8_t* reply;
  uint32_t reply_length;
  need(prover_request(instance, length, 0, &room, &error), &error);
  memcpy(room, request, length);
  need(prover_call(instance, 0, &reply, &reply_length, &error), &error);
  fwrite(&reply_length, sizeof reply_length, 1, stdout);
  fwrite(reply, 1, reply_length, stdout);
}

int main(int argc, char** argv) {
  const prover_config config = { .threads = 1, .without = PROVER_FEATURE_AVX512, .stack_bytes = 8 << 20, .memory_limit_bytes = 1 << 30 };
  prover_t* prover;
  prover_error error;
  need(prover_create(&config, &prover, &error), &error);
  prover_has_adx = argc == 2 && strcmp(argv[1], "adx") == 0; // valgrind has the instructions, and does not say so in CPUID
  bool frozen = false;
  uint32_t length;
  while (fread(&length, sizeof length, 1, stdin) == 1) {
    uint8_t* request = malloc(length);
    if (request == NULL) return 1;
    read_all(request, length);
    if (memmem(request, length < 16 ? length : 16, "SrsInit", 7) != NULL) {
      serve(prover_base(prover), request, length);
    } else {
      if (!frozen) need(prover_freeze(prover, &error), &error);
      frozen = true;
      prover_instance_t* instance;
      need(prover_open(prover, &instance, &error), &error);
      serve(instance, request, length);
      prover_close(instance);
    }
    free(request);
  }
  return 0;
}
