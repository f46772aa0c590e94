// Requests into the sandbox through the C ABI, as src/Prover sends them: the real translated Barretenberg with the development SRS.
// messagepack_mutator.c changes one value of a request at a time.
//
// The generated code has no coverage of its own. What libFuzzer sees instead is how each request ended (status, and the message's
// words), the reply's name and its length, and the host's branches.
//
// Oracle: a typed status; a reply that is one MessagePack value and nothing behind it; nothing left of the instance; the next one
// answers. FUZZ_BBAPI_SETUP names a file with the request that loads the reference string.
#include <time.h>

#include "messagepack_mutator.h"
#include "sandbox.h"

enum { CHECK_EVERY = 32, THREADS = 2, NAME_BYTES = 32 };
#define TIMEOUT_NS 1500000000ull

static prover_t* prover;

static void load(prover_instance_t* base, const char* path) {
  FILE* file = fopen(path, "rb");
  MUST(file != NULL && fseek(file, 0, SEEK_END) == 0);
  uint32_t length = (uint32_t)ftell(file), reply_length;
  rewind(file);
  prover_error error;
  uint8_t* request;
  const uint8_t* reply;
  MUST(prover_request(base, length, 0, &request, &error) == PROVER_OK);
  MUST(fread(request, 1, length, file) == length);
  fclose(file);
  MUST(prover_call(base, 0, &reply, &reply_length, &error) == PROVER_OK);
}

static void set_up(void) {
  const prover_config config = { .threads = THREADS, .stack_bytes = 8 * MIB, .memory_limit_bytes = 256 * MIB };
  prover_error error;
  const char* path = getenv("FUZZ_BBAPI_SETUP");
  MUST(path != NULL);
  MUST(prover_create(&config, &prover, &error) == PROVER_OK);
  load(prover_base(prover), path);
  MUST(prover_freeze(prover, &error) == PROVER_OK);
}

static bool is_expected(prover_status status) {
  switch (status) {
    case PROVER_OK:
    case PROVER_ABORTED:
    case PROVER_TRAPPED:
    case PROVER_FAULT:
    case PROVER_STACK:
    case PROVER_MEMORY:
    case PROVER_DEADLINE:
    case PROVER_EXITED:
    case PROVER_REPLY: return true;
    default: return false;
  }
}

static unsigned log2_of(uint32_t n) { return n == 0 ? 0 : 32u - (unsigned)__builtin_clz(n); }

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t length) {
  static unsigned runs;
  if (prover == NULL) set_up();
  if (length == 0) return 0;
  uint8_t* reply;
  uint32_t reply_length = 0;
  prover_error error = { 0 };
  prover_status status = ask(prover, data, length, TIMEOUT_NS, &reply, &reply_length, &error);
  check_message(&error);
  if (!is_expected(status)) fprintf(stderr, "status %d: %s\n", status, error.message);
  MUST(is_expected(status));
  feature(status, hash_of_message(error.message));
  if (status == PROVER_OK) {
    MUST(messagepack_is_whole(reply, reply_length));
    feature(20, hash_of(reply, reply_length < NAME_BYTES ? reply_length : NAME_BYTES));
    feature(21, log2_of(reply_length));
  }
  free(reply);
  check_nothing_is_left(prover);
  if (runs++ % CHECK_EVERY == 0) check_still_works(prover);
  return 0;
}
