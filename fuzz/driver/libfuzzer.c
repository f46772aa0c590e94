// libFuzzer as a library for a managed program: it calls back for each input and sees coverage in `coverage`, which SharpFuzz's
// instrumentation counts in. fuzz/README.md.
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { COVERAGE_BYTES = 1 << 16 }; // SharpFuzz's

// libFuzzer clears these before and looks at them after each input (docs: "Extra coverage counters").
__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t coverage[COVERAGE_BYTES];

int LLVMFuzzerRunDriver(int* argc, char*** argv, int (*one)(const uint8_t* data, size_t length));

typedef int one_input(const uint8_t* data, size_t length);
static one_input* managed;

// Not zero: the managed side has said what is wrong. abort() has libFuzzer keep the input.
static int native_one(const uint8_t* data, size_t length) {
  if (managed(data, length) != 0) abort();
  return 0;
}

uint8_t* fuzz_coverage(void);
int fuzz_run(int argc, char** argv, one_input* one);

uint8_t* fuzz_coverage(void) { return coverage; }

int fuzz_run(int argc, char** argv, one_input* one) {
  managed = one;
  // .NET has a handler for it, and libFuzzer leaves handlers that it finds.
  signal(SIGABRT, SIG_DFL);
  return LLVMFuzzerRunDriver(&argc, &argv, native_one);
}
