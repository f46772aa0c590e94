// What the two targets that run the real library share: a frozen prover, what must hold after each instance, and features for
// libFuzzer where the generated code has no coverage of its own.
#ifndef FUZZ_SANDBOX_H
#define FUZZ_SANDBOX_H

#include <dirent.h>

#include "bytes.h"
#include "internal.h"

// In place of AddressSanitizer's, by the linker's --wrap: what siglongjmp and every call that does not return come to. That one takes a
// lock, and the host's end signal in its middle would wait for itself for ever. What it does, clear the shadow of the frames that are
// left, the start of each thread does, too; a prover thread that was unwound ends.
void __wrap___asan_handle_no_return(void);
void __wrap___asan_handle_no_return(void) {}

enum { FEATURES = 4096 };
// Seen by libFuzzer like a counter of a branch: which way an instance ended, said by which message.
__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t features[FEATURES];

static inline uint32_t hash_of(const void* data, size_t length) { // FNV-1a
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < length; i++) hash = (hash ^ ((const uint8_t*)data)[i]) * 16777619u;
  return hash;
}

static inline void feature(uint32_t kind, uint32_t detail) {
  features[(kind * 131u + detail) % FEATURES] = 1;
}

// Numbers in a message would make each a new one.
static inline uint32_t hash_of_message(const char* message) {
  char words[256];
  size_t n = 0;
  for (; *message != 0 && n < sizeof words; message++)
    if (*message < '0' || *message > '9') words[n++] = *message;
  return hash_of(words, n);
}

static inline void check_message(const prover_error* error) {
  size_t n = strnlen(error->message, sizeof error->message);
  MUST(n < sizeof error->message);
  for (size_t i = 0; i < n; i++) MUST(error->message[i] >= ' ' && error->message[i] <= '~');
}

static inline void check_nothing_is_left(prover_t* prover) {
  prover_statistics statistics;
  prover_stats(prover, &statistics);
  MUST(statistics.live_instances == 0 && statistics.live_threads == 0);
}

static inline int entries_of(const char* folder) {
  DIR* directory = opendir(folder);
  int count = 0;
  MUST(directory != NULL);
  while (readdir(directory) != NULL) count++;
  closedir(directory);
  return count;
}

// [["Blake2s", {"data": "abc"}]], and its BLAKE2s-256: RFC 7693, appendix B.
static const uint8_t blake_request[] = "\x91\x92\xa7" "Blake2s" "\x81\xa4" "data" "\xc4\x03" "abc";
static const uint8_t blake_answer[] = "\x50\x8c\x5e\x8c\x32\x7c\x14\xe2\xe1\xa7\x2b\xa3\x4e\xeb\x45\x2f"
                                      "\x37\x45\x8b\x20\x9e\xd6\x3a\x29\x4d\x99\x9b\x4c\x86\x67\x59\x82";

// A request to a fresh instance. The reply is the caller's to free, and null when there is none.
static inline prover_status ask(prover_t* prover, const uint8_t* request, size_t length, uint64_t timeout_ns, uint8_t** reply, uint32_t* reply_length, prover_error* error) {
  prover_instance_t* instance = NULL;
  *reply = NULL;
  prover_status status = prover_open(prover, &instance, error);
  if (status != PROVER_OK) return status;
  uint8_t* bytes;
  const uint8_t* inside;
  status = prover_request(instance, (uint32_t)length, timeout_ns, &bytes, error);
  if (status == PROVER_OK) {
    memcpy(bytes, request, length);
    status = prover_call(instance, timeout_ns, &inside, reply_length, error);
  }
  if (status == PROVER_OK) {
    *reply = malloc(*reply_length + 1u);
    memcpy(*reply, inside, *reply_length);
  }
  prover_close(instance);
  return status;
}

// The process and the next instance are as before. libFuzzer has a thread and some files of its own, now and then.
static inline void check_still_works(prover_t* prover) {
  enum { NOT_OURS = 8 };
  static int threads, descriptors;
  uint8_t* reply;
  uint32_t length;
  prover_error error;
  prover_status status = ask(prover, blake_request, sizeof blake_request - 1, 0, &reply, &length, &error);
  if (status != PROVER_OK) fprintf(stderr, "blake2s: %d %s\n", status, error.message);
  MUST(status == PROVER_OK && memmem(reply, length, blake_answer, sizeof blake_answer - 1) != NULL);
  free(reply);
  check_nothing_is_left(prover);
  if (threads == 0) {
    threads = entries_of("/proc/self/task");
    descriptors = entries_of("/proc/self/fd");
  }
  MUST(entries_of("/proc/self/fd") < descriptors + NOT_OURS);
  MUST(entries_of("/proc/self/task") < threads + NOT_OURS);
}

#endif
