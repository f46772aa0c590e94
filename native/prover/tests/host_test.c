// Tests of the host through its own interfaces: each containment guard, with a body that stands for sandboxed code
// where the real module cannot be made to misbehave on demand. Requests use commands that need no CRS.
// Prints one line a test, and "N passed, N failed".
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

u32 prover_wait32(w2c_bb*, u32, u32, u32, u64);
u32 prover_notify(w2c_bb*, u32, u32, u32);
u32 w2c_wasi_thread0x2Dspawn(struct w2c_wasi*, u32);
void w2c_env_throw_or_abort_impl(struct w2c_env*, u32);
u32 w2c_wasi__snapshot__preview1_random_get(struct w2c_wasi__snapshot__preview1*, u32, u32);

static int failed_checks;
#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      failed_checks++;                                                        \
      printf("  %s:%d: not true: %s\n", __FILE__, __LINE__, #condition);      \
    }                                                                         \
  } while (0)

static prover_error last_error;
static volatile sig_atomic_t foreign_faults;
static sigjmp_buf foreign_return;

static void foreign_handler(int signal_number) {
  (void)signal_number;
  foreign_faults++;
  siglongjmp(foreign_return, 1);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int entries(const char* directory) {
  DIR* dir = opendir(directory);
  int count = 0;
  while (readdir(dir) != NULL) count++;
  closedir(dir);
  return count;
}

static int mappings(void) {
  FILE* maps = fopen("/proc/self/maps", "r");
  int lines = 0, c;
  while ((c = getc(maps)) != EOF) lines += c == '\n';
  fclose(maps);
  return lines;
}

static long resident_kib(void) {
  long pages = 0, resident = 0;
  FILE* statm = fopen("/proc/self/statm", "r");
  if (fscanf(statm, "%ld %ld", &pages, &resident) != 2) resident = -1;
  fclose(statm);
  return resident * 4;
}

typedef struct { int threads, descriptors, mappings; } footprint_t;

// pthread_join returns a moment before the kernel has taken the thread off this list.
static int settled_threads(void) {
  int now = entries("/proc/self/task"), before;
  do {
    before = now;
    usleep(5000);
    now = entries("/proc/self/task");
  } while (now != before);
  return now;
}

static footprint_t footprint(void) {
  return (footprint_t){ settled_threads(), entries("/proc/self/fd"), mappings() };
}

static bool same(footprint_t a, footprint_t b) {
  if (a.threads == b.threads && a.descriptors == b.descriptors && a.mappings == b.mappings) return true;
  printf("  threads %d -> %d, descriptors %d -> %d, mappings %d -> %d\n", a.threads, b.threads, a.descriptors, b.descriptors, a.mappings, b.mappings);
  return false;
}

static const prover_config default_config = { .threads = 3, .stack_bytes = 8 * MIB, .memory_limit_bytes = 64 * MIB };

static prover_t* frozen(const prover_config* config) {
  prover_t* prover = NULL;
  CHECK(prover_create(config, &prover, &last_error) == PROVER_OK);
  CHECK(prover_freeze(prover, &last_error) == PROVER_OK);
  return prover;
}

static prover_instance_t* opened(prover_t* prover) {
  prover_instance_t* instance = NULL;
  CHECK(prover_open(prover, &instance, &last_error) == PROVER_OK);
  return instance;
}

// [["Blake2s", {"data": bin(3) "abc"}]]
static const uint8_t blake_request[] = "\x91\x92\xa7" "Blake2s" "\x81\xa4" "data" "\xc4\x03" "abc";
// BLAKE2s-256 of "abc": RFC 7693, appendix B.
static const uint8_t blake_abc[] = { 0x50, 0x8c, 0x5e, 0x8c, 0x32, 0x7c, 0x14, 0xe2, 0xe1, 0xa7, 0x2b, 0xa3, 0x4e, 0xeb, 0x45, 0x2f,
                                     0x37, 0x45, 0x8b, 0x20, 0x9e, 0xd6, 0x3a, 0x29, 0x4d, 0x99, 0x9b, 0x4c, 0x86, 0x67, 0x59, 0x82 };

static prover_status call(prover_instance_t* instance, const uint8_t* request, size_t length, const uint8_t** reply, uint32_t* reply_length) {
  uint8_t* bytes;
  prover_status status = prover_request(instance, (uint32_t)length, 0, &bytes, &last_error);
  if (status != PROVER_OK) return status;
  memcpy(bytes, request, length);
  return prover_call(instance, 0, reply, reply_length, &last_error);
}

static bool blake_works(prover_instance_t* instance) {
  const uint8_t* reply;
  uint32_t length;
  if (call(instance, blake_request, sizeof blake_request - 1, &reply, &length) != PROVER_OK) {
    printf("  blake2s: %d %s\n", last_error.status, last_error.message);
    return false;
  }
  return memmem(reply, length, blake_abc, sizeof blake_abc) != NULL;
}

static bool fresh_instance_works(prover_t* prover) {
  prover_instance_t* instance = opened(prover);
  bool works = blake_works(instance);
  prover_close(instance);
  return works;
}

// Runs a body on a fresh instance and expects a status; afterwards nothing is left and the next instance works.
static void expect(prover_t* prover, thread_body* body, uint32_t argument, uint64_t timeout_ns, prover_status expected) {
  // Once before counting: glibc keeps an arena for each thread that ever allocated beside another.
  prover_instance_t* instance = opened(prover);
  prover_run(instance, body, argument, timeout_ns, &last_error);
  prover_close(instance);
  footprint_t before = footprint();
  instance = opened(prover);
  prover_status status = prover_run(instance, body, argument, timeout_ns, &last_error);
  CHECK(status == expected);
  if (status != expected) printf("  status %d: %s\n", status, last_error.message);
  if (expected != PROVER_OK) CHECK(prover_thread_count(instance) == 0 && instance->memory.data == NULL);
  if (expected != PROVER_OK) CHECK(prover_run(instance, body, argument, timeout_ns, &last_error) == expected);
  prover_close(instance);
  CHECK(same(before, footprint()));
  CHECK(fresh_instance_works(prover));
}

static void expect_default(thread_body* body, uint32_t argument, uint64_t timeout_ns, prover_status expected) {
  prover_t* prover = frozen(&default_config);
  expect(prover, body, argument, timeout_ns, expected);
  CHECK(prover_destroy(prover, &last_error) == PROVER_OK);
}

#include "native_bodies.h"
#include "native_differential.h"
#include "native_rows.h"

// ---- bodies

static void load_outside(prover_thread_t* self) {
  volatile uint8_t* memory = self->instance->memory.data;
  (void)memory[self->instance->memory.size];
}

static void store_at_the_end_of_the_reservation(prover_thread_t* self) {
  volatile uint8_t* memory = self->instance->memory.data;
  memory[PROVER_RESERVATION_BYTES - 1] = 1;
}

static volatile int recursion_ends; // never set

// What is done after the call keeps it from becoming a loop; the array is touched so that each frame is on the stack.
static int recurse(int depth) {
  volatile char frame[4096];
  frame[0] = (char)depth;
  return recursion_ends ? depth : recurse(depth + 1) + frame[0];
}

static void exhaust_stack(prover_thread_t* self) {
  (void)self;
  recurse(0);
}

// Leaves less stack than any host function needs, then runs `then`.
static int descend(prover_thread_t* self, thread_body* then) {
  volatile char frame[256];
  frame[0] = 1;
  if ((uint64_t)((uint8_t*)__builtin_frame_address(0) - self->stack) > 1024) return descend(self, then) + frame[0];
  then(self);
  return frame[0];
}

static void unreachable(prover_thread_t* self);
static void throw(prover_thread_t* self) { w2c_env_throw_or_abort_impl(&self->instance->env, 1024); }
static void grow(prover_thread_t* self) { wasm_rt_grow_memory(&self->instance->memory, 1); }
static void spawn(prover_thread_t* self) { w2c_wasi_thread0x2Dspawn(&self->instance->wasi, 0); }
static void throw_without_stack(prover_thread_t* self) { descend(self, throw); }
static void grow_without_stack(prover_thread_t* self) { descend(self, grow); }
static void spawn_without_stack(prover_thread_t* self) { descend(self, spawn); }
static void trap_without_stack(prover_thread_t* self) { descend(self, unreachable); }

static void unreachable(prover_thread_t* self) {
  (void)self;
  wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
}

static void call_through_an_empty_table(prover_thread_t* self) {
  self->module->w2c.w2c_T0.size = 0;
  u32 at = w2c_bb_bbmalloc(&self->module->w2c, sizeof blake_request);
  memcpy(self->instance->memory.data + at, blake_request, sizeof blake_request);
  w2c_bb_bbapi(&self->module->w2c, at, sizeof blake_request - 1, at, at + 4);
}

static void spin_without_memory(prover_thread_t* self) {
  (void)self;
  for (;;) __asm__ volatile("");
}

static void wait_for_ever(prover_thread_t* self) {
  prover_wait32(&self->module->w2c, 0, 0, *(u32*)self->instance->memory.data, UINT64_MAX);
}

static void grow_without_end(prover_thread_t* self) {
  for (;;) wasm_rt_grow_memory(&self->instance->memory, 16);
}

static void draw_randomness(prover_thread_t* self) {
  u32 at = w2c_bb_bbmalloc(&self->module->w2c, 32);
  w2c_wasi__snapshot__preview1_random_get(&self->instance->preview1, at, 32);
}

// Every spawned thread runs wasi_thread_start, whose argument block points at nothing callable: it traps. The spawning
// body waits, so the failure can come from the other thread alone.
static u32 failing_thread_block(prover_thread_t* self) {
  u32 block = w2c_bb_bbmalloc(&self->module->w2c, 64 * 1024);
  memset(self->instance->memory.data + block, 0xff, 64 * 1024);
  uint32_t words[] = { block + 32768, block + 16384, 0xffffffffu, 0 }; // stack, tls, function index, argument
  memcpy(self->instance->memory.data + block, words, sizeof words);
  return block;
}

static void fail_on_another_thread(prover_thread_t* self) {
  w2c_wasi_thread0x2Dspawn(&self->instance->wasi, failing_thread_block(self));
  wait_for_ever(self);
}

static void spawn_five_failing(prover_thread_t* self) {
  u32 block = failing_thread_block(self);
  u32 accepted = 0;
  for (int i = 0; i < 5; i++) accepted += (s32)w2c_wasi_thread0x2Dspawn(&self->instance->wasi, block) > 0;
  if (accepted != self->instance->prover->config.threads - 1) prover_unwind(self, PROVER_ARGUMENT, "%u accepted", accepted);
}

static void spawn_more_than_allowed(prover_thread_t* self) {
  prover_instance_t* instance = self->instance;
  uint32_t started = 0, refused = 0;
  prover_enter_host(self);
  pthread_mutex_lock(&instance->lock);
  for (int i = 0; i < 10; i++) {
    prover_status status = prover_thread_start(instance, wait_for_ever, 1, 0);
    started += status == PROVER_OK;
    refused += status == PROVER_RESOURCE;
  }
  pthread_mutex_unlock(&instance->lock);
  prover_leave_host(self);
  if (started != instance->prover->config.threads - 1 || started + refused != 10) prover_unwind(self, PROVER_ARGUMENT, "%u started, %u refused", started, refused);
}

static void wait_and_notify(prover_thread_t* self) {
  w2c_bb* module = &self->module->w2c;
  u32 word = *(u32*)self->instance->memory.data;
  bool right = prover_wait32(module, 0, 0, word + 1, UINT64_MAX) == 1 && // not equal
               prover_wait32(module, 0, 0, word, 1000000) == 2 &&        // timed out
               prover_notify(module, 0, 0, 1) == 0;                      // nobody waits
  if (!right) prover_unwind(self, PROVER_ARGUMENT, "wait or notify is wrong");
}

static void wait_unaligned(prover_thread_t* self) { prover_wait32(&self->module->w2c, 2, 0, 0, 0); }
static void wait_outside(prover_thread_t* self) { prover_wait32(&self->module->w2c, 0xfffffffcu, 0xfffffffcu, 0, 0); }

static void fault_elsewhere(prover_thread_t* self) {
  (void)self;
  *(volatile int*)16 = 1;
}

// ---- tests

static void A_call_answers(void) {
  prover_t* prover = frozen(&default_config);
  CHECK(fresh_instance_works(prover));
  prover_instance_t* instance = opened(prover);
  for (int i = 0; i < 100; i++) CHECK(blake_works(instance)); // also: request and reply are freed between calls
  prover_close(instance);
  prover_destroy(prover, &last_error);
}

static void An_unknown_command_aborts_its_instance_alone(void) {
  static const uint8_t request[] = "\x91\x92\xa8" "Nonsense" "\x80";
  prover_t* prover = frozen(&default_config);
  prover_instance_t *bad = opened(prover), *good = opened(prover);
  const uint8_t* reply;
  uint32_t length;
  CHECK(call(bad, request, sizeof request - 1, &reply, &length) == PROVER_ABORTED);
  CHECK(strstr(last_error.message, "Nonsense") != NULL);
  CHECK(call(bad, blake_request, sizeof blake_request - 1, &reply, &length) == PROVER_ABORTED);
  CHECK(blake_works(good));
  prover_close(bad);
  prover_close(good);
  prover_statistics statistics;
  prover_stats(prover, &statistics);
  CHECK(statistics.failed[PROVER_ABORTED] == 1 && statistics.live_instances == 0 && statistics.live_threads == 0);
  prover_destroy(prover, &last_error);
}

static void A_load_outside_the_memory_is_a_fault(void) { expect_default(load_outside, 0, 0, PROVER_FAULT); }
static void A_store_at_the_end_of_the_reservation_is_a_fault(void) { expect_default(store_at_the_end_of_the_reservation, 0, 0, PROVER_FAULT); }
static void An_exhausted_stack_is_typed(void) { expect_default(exhaust_stack, 0, 0, PROVER_STACK); }
static void The_host_does_not_run_out_of_the_stack_that_the_module_left(void) {
  expect_default(throw_without_stack, 0, 0, PROVER_STACK);
  expect_default(grow_without_stack, 0, 0, PROVER_STACK);
  expect_default(spawn_without_stack, 0, 0, PROVER_STACK);
  expect_default(trap_without_stack, 0, 0, PROVER_STACK);
}
static void Unreachable_is_a_trap(void) { expect_default(unreachable, 0, 0, PROVER_TRAPPED); }
static void A_call_through_an_empty_table_is_a_trap(void) { expect_default(call_through_an_empty_table, 0, 0, PROVER_TRAPPED); }
static void Growth_beyond_the_limit_is_typed(void) { expect_default(grow_without_end, 0, 0, PROVER_MEMORY); }

static void An_instance_grows_to_its_own_limit_and_another_to_the_configured_one(void) {
  prover_t* prover = frozen(&default_config);
  prover_statistics statistics;
  prover_stats(prover, &statistics);
  prover_instance_t *limited = opened(prover), *other = opened(prover);
  prover_limit_memory(limited, 20 * MIB);
  uint8_t* bytes;
  CHECK(prover_request(limited, 16 * MIB, 0, &bytes, &last_error) == PROVER_OK);
  CHECK(limited->memory.size <= statistics.snapshot_bytes + 20 * MIB);
  CHECK(prover_request(limited, 24 * MIB, 0, &bytes, &last_error) == PROVER_MEMORY);
  CHECK(prover_request(other, 24 * MIB, 0, &bytes, &last_error) == PROVER_OK);
  prover_close(limited);
  prover_close(other);
  limited = opened(prover);
  prover_limit_memory(limited, UINT64_MAX); // more than the configured limit is that limit
  CHECK(prover_request(limited, 65 * MIB, 0, &bytes, &last_error) == PROVER_MEMORY);
  prover_close(limited);
  prover_limit_memory(NULL, 1);
  prover_destroy(prover, &last_error);
}

static void A_failure_on_a_spawned_thread_ends_the_call(void) { expect_default(fail_on_another_thread, 0, 0, PROVER_TRAPPED); }
static void The_pool_is_bounded(void) { expect_default(spawn_more_than_allowed, 0, 0, PROVER_OK); }
static void Wait_and_notify_follow_the_threads_proposal(void) { expect_default(wait_and_notify, 0, 0, PROVER_OK); }
static void An_unaligned_wait_is_a_trap(void) { expect_default(wait_unaligned, 0, 0, PROVER_TRAPPED); }
static void A_wait_outside_the_memory_is_a_trap(void) { expect_default(wait_outside, 0, 0, PROVER_TRAPPED); }

static void A_native_msm_gives_what_the_translated_one_does(void) { expect_default(msm_as_translated, 0, 0, PROVER_OK); }
static void Native_sums_of_random_terms_are_what_the_translated_function_has(void) { expect_default(random_sums_as_translated, 0, 0, PROVER_OK); }
static void A_million_native_products_in_each_field_are_the_translated_ones(void) { expect_default(products_as_translated, 0, 0, PROVER_OK); }
static void Rows_scaled_natively_are_the_translated_ones(void) { expect_default(scaled_as_translated, 0, 0, PROVER_OK); }
static void Rows_in_no_field_that_is_known_are_left_to_the_translated_functions(void) { expect_default(pieces_of_no_field_as_translated, 0, 0, PROVER_OK); }
static void Rows_that_overlap_are_as_the_translated_functions_have_them(void) { expect_default(overlapping_rows_as_translated, 0, 0, PROVER_OK); }
static void Polynomials_folded_natively_are_the_translated_ones(void) { expect_default(folded_as_translated, 0, 0, PROVER_OK); }
static void Native_rows_outside_the_memory_are_a_fault(void) {
  thread_body* const bodies[] = { scale_outside, scale_by_what_is_outside, multiply_the_longest_rows, fold_with_arguments_outside,
                                  fold_the_longest_row, fold_more_than_a_row };
  for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) expect_default(bodies[i], 0, 0, PROVER_FAULT);
}
static void A_native_msm_of_arguments_outside_the_memory_is_a_fault(void) { expect_default(msm_with_arguments_outside, 0, 0, PROVER_FAULT); }
static void A_native_msm_of_spans_outside_the_memory_is_a_fault(void) { expect_default(msm_with_spans_outside, 0, 0, PROVER_FAULT); }
static void A_native_msm_with_its_result_outside_the_memory_is_a_fault(void) { expect_default(msm_with_the_result_outside, 0, 0, PROVER_FAULT); }
static void Native_products_of_vectors_outside_the_memory_are_a_fault(void) { expect_default(multiply_vectors_outside, 0, 0, PROVER_FAULT); }
static void A_deadline_ends_a_native_msm_and_leaves_nothing(void) { expect_default(msm_without_end, 0, 300 * 1000 * 1000, PROVER_DEADLINE); }

static void A_native_msm_of_indices_that_make_no_sense_ends(void) {
  prover_t* prover = frozen(&default_config);
  prover_instance_t* instance = opened(prover);
  prover_status status = prover_run(instance, msm_of_nonsense, 0, 0, &last_error);
  CHECK(status == PROVER_OK || status == PROVER_FAULT);
  prover_close(instance);
  CHECK(fresh_instance_works(prover));
  prover_destroy(prover, &last_error);
}

static void The_plain_multiplication_serves_a_CPU_without_ADX(void) {
  prover_config config = default_config;
  config.without = PROVER_FEATURE_ADX | PROVER_FEATURE_AVX512;
  prover_t* prover = frozen(&config);
  CHECK(!prover_has_adx && prover_has_vectors == PROVER_VECTORS_AVX2);
  expect(prover, msm_as_translated, 0, 0, PROVER_OK);
  expect(prover, scaled_as_translated, 0, 0, PROVER_OK);
  expect(prover, folded_as_translated, 0, 0, PROVER_OK);
  prover_destroy(prover, &last_error);
  config.without = 8;
  CHECK(prover_create(&config, &prover, &last_error) == PROVER_ARGUMENT);
}

static void A_deadline_ends(thread_body* body) {
  double start = seconds();
  prover_t* prover = frozen(&default_config);
  prover_instance_t* instance = opened(prover);
  CHECK(prover_run(instance, body, 0, 50 * 1000 * 1000, &last_error) == PROVER_DEADLINE);
  double took = seconds() - start;
  CHECK(took > 0.05 && took < 1);
  prover_close(instance);
  CHECK(fresh_instance_works(prover));
  prover_destroy(prover, &last_error);
}
static void A_deadline_ends_a_loop_that_touches_no_memory(void) { A_deadline_ends(spin_without_memory); }
static void A_deadline_ends_a_wait(void) { A_deadline_ends(wait_for_ever); }
static void A_deadline_ends_native_products(void) { A_deadline_ends(multiply_vectors_without_end); }
static void A_deadline_ends_native_folds(void) { A_deadline_ends(fold_without_end); }

static void* cancel_later(void* instance) {
  usleep(50 * 1000);
  prover_cancel(instance);
  return NULL;
}

static void Cancelling_from_another_thread_ends_the_call(void) {
  prover_t* prover = frozen(&default_config);
  prover_instance_t* instance = opened(prover);
  pthread_t canceller;
  pthread_create(&canceller, NULL, cancel_later, instance);
  CHECK(prover_run(instance, wait_for_ever, 0, 0, &last_error) == PROVER_CANCELLED);
  pthread_join(canceller, NULL);
  prover_close(instance);
  instance = opened(prover);
  prover_cancel(instance); // before the call: ends it at once
  CHECK(prover_run(instance, wait_for_ever, 0, 0, &last_error) == PROVER_CANCELLED);
  prover_close(instance);
  CHECK(fresh_instance_works(prover));
  prover_destroy(prover, &last_error);
}

static void Randomness_before_the_snapshot_is_refused(void) {
  prover_t* prover;
  CHECK(prover_create(&default_config, &prover, &last_error) == PROVER_OK);
  CHECK(prover_run(prover_base(prover), draw_randomness, 0, 0, &last_error) == PROVER_RANDOM);
  CHECK(prover_freeze(prover, &last_error) == PROVER_RANDOM);
  CHECK(prover_destroy(prover, &last_error) == PROVER_OK);
  expect_default(draw_randomness, 0, 0, PROVER_OK);
}

static void leave_freed_memory(prover_thread_t* self) {
  u32 block = w2c_bb_bbmalloc(&self->module->w2c, 16 * MIB);
  memset(self->instance->memory.data + block, 0x5a, 16 * MIB);
  w2c_bb_bbfree(&self->module->w2c, block);
}

static void Freed_memory_is_not_stored_in_the_snapshot(void) {
  prover_t* prover;
  CHECK(prover_create(&default_config, &prover, &last_error) == PROVER_OK);
  CHECK(prover_run(prover_base(prover), leave_freed_memory, 0, 0, &last_error) == PROVER_OK);
  prover->largest_request_bytes = 16 * MIB;
  CHECK(prover_freeze(prover, &last_error) == PROVER_OK);
  prover_statistics statistics;
  prover_stats(prover, &statistics);
  CHECK(statistics.snapshot_memory_bytes >= 16 * MIB);
  CHECK(statistics.snapshot_bytes < 4 * MIB);
  CHECK(fresh_instance_works(prover));
  CHECK(prover_destroy(prover, &last_error) == PROVER_OK);
}

enum { ISLANDS = 100, ISLAND_SPACING = 512 * 1024 };

static void make_islands(prover_thread_t* self) {
  u32 block = w2c_bb_bbmalloc(&self->module->w2c, ISLANDS * ISLAND_SPACING);
  for (u32 i = 0; i < ISLANDS; i++) self->instance->memory.data[block + i * ISLAND_SPACING] = (u8)(i + 1);
  self->instance->request = block; // where the test looks for it
}

static void A_snapshot_with_more_holes_than_mappings_is_whole(void) {
  prover_t* prover;
  CHECK(prover_create(&default_config, &prover, &last_error) == PROVER_OK);
  CHECK(prover_run(prover_base(prover), make_islands, 0, 0, &last_error) == PROVER_OK);
  u32 block = prover_base(prover)->request;
  CHECK(prover_freeze(prover, &last_error) == PROVER_OK);
  CHECK(prover->extent_count == PROVER_MAX_EXTENTS);
  prover_instance_t* instance = opened(prover);
  for (u32 i = 0; i < ISLANDS; i++) {
    const u8* island = instance->memory.data + block + i * ISLAND_SPACING;
    CHECK(island[0] == (u8)(i + 1) && island[ISLAND_SPACING / 2] == 0);
  }
  CHECK(blake_works(instance));
  prover_close(instance);
  CHECK(prover_destroy(prover, &last_error) == PROVER_OK);
}

static void Threads_spawned_before_the_snapshot_start_in_each_instance(void) {
  prover_t* prover;
  CHECK(prover_create(&default_config, &prover, &last_error) == PROVER_OK);
  CHECK(prover_run(prover_base(prover), spawn_five_failing, 0, 0, &last_error) == PROVER_OK);
  CHECK(prover_thread_count(prover_base(prover)) == 0);
  CHECK(prover_freeze(prover, &last_error) == PROVER_OK);
  for (int i = 0; i < 3; i++) {
    prover_instance_t* instance = opened(prover);
    CHECK(prover_run(instance, wait_for_ever, 0, 0, &last_error) == PROVER_TRAPPED);
    prover_close(instance);
  }
  CHECK(prover_destroy(prover, &last_error) == PROVER_OK);
}

static void Null_arguments_are_refused(void) {
  uint8_t* bytes;
  const uint8_t* reply;
  uint32_t length;
  CHECK(prover_create(NULL, NULL, &last_error) == PROVER_ARGUMENT);
  CHECK(prover_base(NULL) == NULL);
  CHECK(prover_freeze(NULL, &last_error) == PROVER_ARGUMENT);
  CHECK(prover_open(NULL, NULL, &last_error) == PROVER_ARGUMENT);
  CHECK(prover_request(NULL, 1, 0, &bytes, &last_error) == PROVER_ARGUMENT);
  CHECK(prover_call(NULL, 0, &reply, &length, &last_error) == PROVER_ARGUMENT);
  CHECK(prover_destroy(NULL, NULL) == PROVER_ARGUMENT);
  prover_cancel(NULL);
  prover_close(NULL);
  prover_stats(NULL, NULL);
}

static void States_are_checked(void) {
  prover_t* prover;
  prover_instance_t* instance;
  prover_config config = default_config;
  config.threads = 0;
  CHECK(prover_create(&config, &prover, &last_error) == PROVER_ARGUMENT);
  config = default_config;
  config.memory_limit_bytes = 5 * GIB;
  CHECK(prover_create(&config, &prover, &last_error) == PROVER_ARGUMENT);
  config = default_config;
  config.stack_bytes = 1;
  CHECK(prover_create(&config, &prover, &last_error) == PROVER_ARGUMENT);
  CHECK(prover_create(&default_config, &prover, &last_error) == PROVER_OK);
  CHECK(prover_open(prover, &instance, &last_error) == PROVER_STATE);
  CHECK(prover_freeze(prover, &last_error) == PROVER_OK);
  CHECK(prover_freeze(prover, &last_error) == PROVER_STATE);
  instance = opened(prover);
  CHECK(prover_destroy(prover, &last_error) == PROVER_STATE);
  const uint8_t* reply;
  uint32_t length;
  CHECK(prover_call(instance, 0, &reply, &length, &last_error) == PROVER_STATE); // no request
  prover_close(instance);
  CHECK(prover_destroy(prover, &last_error) == PROVER_OK);
}

static void A_reply_outside_the_memory_is_refused(void) {
  prover_t* prover = frozen(&default_config);
  prover_instance_t* instance = opened(prover);
  uint8_t* bytes;
  const uint8_t* reply;
  uint32_t length;
  CHECK(prover_request(instance, sizeof blake_request - 1, 0, &bytes, &last_error) == PROVER_OK);
  memcpy(bytes, blake_request, sizeof blake_request - 1);
  instance->reply_cell = (u32)(instance->memory.size - 4); // bbapi writes the two words at and behind it: the second faults
  CHECK(prover_call(instance, 0, &reply, &length, &last_error) == PROVER_FAULT);
  prover_close(instance);
  CHECK(!prover_memory_holds(&(prover_instance_t){ .memory = { .size = 100 } }, 90, 11));
  CHECK(!prover_memory_holds(&(prover_instance_t){ .memory = { .size = 100 } }, 101, 0));
  CHECK(!prover_memory_holds(&(prover_instance_t){ .memory = { .size = 100 } }, 1, UINT64_MAX));
  CHECK(prover_memory_holds(&(prover_instance_t){ .memory = { .size = 100 } }, 90, 10));
  prover_destroy(prover, &last_error);
}

static void Foreign_faults_reach_the_handler_before_ours(void) {
  prover_t* prover = frozen(&default_config);
  int before = foreign_faults;
  if (sigsetjmp(foreign_return, 1) == 0) *(volatile int*)8 = 1;
  CHECK(foreign_faults == before + 1);
  // Also inside a reservation, when the thread is not a prover thread.
  prover_instance_t* instance = opened(prover);
  if (sigsetjmp(foreign_return, 1) == 0) instance->memory.data[instance->memory.size] = 1;
  CHECK(foreign_faults == before + 2);
  prover_close(instance);
  CHECK(fresh_instance_works(prover));
  prover_destroy(prover, &last_error);
}

// A prover thread's fault outside its reservation and its stack is a bug of the host, not of the sandboxed code.
static void A_fault_of_a_prover_thread_elsewhere_is_not_contained(void) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    execl("/proc/self/exe", "host_test", "foreign-fault", (char*)NULL);
    _exit(1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 77);
}

static void Nothing_of_a_request_stays_mapped(void) {
  static const char secret[] = "9f86d081884c7d659a2feaa0c55ad015-the-witness";
  prover_t* prover = frozen(&default_config);
  prover_instance_t* instance = opened(prover);
  uint8_t* bytes;
  CHECK(prover_request(instance, sizeof secret, 0, &bytes, &last_error) == PROVER_OK);
  for (size_t i = 0; i < sizeof secret; i++) bytes[i] = (uint8_t)secret[i];
  uint8_t* at = bytes;
  prover_close(instance);
  unsigned char resident;
  CHECK(mincore((void*)((uintptr_t)at & ~(uintptr_t)4095), 4096, &resident) == -1 && errno == ENOMEM);
  instance = opened(prover);
  CHECK(memmem(instance->memory.data, instance->memory.size, secret, sizeof secret) == NULL);
  prover_close(instance);
  prover_destroy(prover, &last_error);
}

// proc(5), VmFlags in smaps: "hg" is MADV_HUGEPAGE.
static bool is_advised_huge(const uint8_t* address) {
  FILE* maps = fopen("/proc/self/smaps", "r");
  char line[512];
  bool inside = false, advised = false;
  while (fgets(line, sizeof line, maps) != NULL) {
    uintptr_t start, end;
    if (sscanf(line, "%lx-%lx ", &start, &end) == 2) inside = (uintptr_t)address >= start && (uintptr_t)address < end;
    else if (inside && strncmp(line, "VmFlags:", 8) == 0) advised = strstr(line, " hg") != NULL;
  }
  fclose(maps);
  return advised;
}

static void Memory_that_a_request_grows_into_asks_for_huge_pages(void) {
  if (access("/sys/kernel/mm/transparent_hugepage", F_OK) != 0) return;
  prover_t* prover = frozen(&default_config);
  prover_instance_t* instance = opened(prover);
  uint64_t before = instance->memory.size;
  uint8_t* bytes;
  CHECK(prover_request(instance, 16 * MIB, 0, &bytes, &last_error) == PROVER_OK);
  CHECK(instance->memory.size > before && is_advised_huge(instance->memory.data + instance->memory.size - 1));
  prover_close(instance);
  prover_destroy(prover, &last_error);
}

static void A_reset_with_64_MiB_takes_at_most_5_ms(void) {
  prover_config config = default_config;
  config.memory_limit_bytes = 256 * MIB;
  prover_t* prover;
  CHECK(prover_create(&config, &prover, &last_error) == PROVER_OK);
  uint8_t* bytes;
  CHECK(prover_request(prover_base(prover), 64 * MIB, 0, &bytes, &last_error) == PROVER_OK);
  for (uint64_t i = 0; i < 64 * MIB; i++) bytes[i] = (uint8_t)(i * 7 + 1);
  CHECK(prover_freeze(prover, &last_error) == PROVER_OK);
  prover_statistics statistics;
  prover_stats(prover, &statistics);
  CHECK(statistics.snapshot_bytes >= 64 * MIB);
  double worst = 0, total = 0;
  for (int i = 0; i < 50; i++) {
    double start = seconds();
    prover_instance_t* instance = opened(prover);
    double open = seconds() - start;
    instance->memory.data[instance->memory.size / 2] ^= 1;
    CHECK(blake_works(instance));
    start = seconds();
    prover_close(instance);
    double reset = open + (seconds() - start);
    total += reset;
    if (reset > worst) worst = reset;
  }
  printf("  open and close: mean %.3f ms, worst %.3f ms\n", total / 50 * 1e3, worst * 1e3);
  CHECK(total / 50 < 0.005);
  prover_destroy(prover, &last_error);
}

static void* blake_loop(void* argument) {
  prover_t* prover = argument;
  long wrong = 0;
  for (int i = 0; i < 50; i++) wrong += !fresh_instance_works(prover);
  return (void*)wrong;
}

static void Instances_run_side_by_side(void) {
  prover_t* prover = frozen(&default_config);
  pthread_t threads[8];
  for (int i = 0; i < 8; i++) pthread_create(&threads[i], NULL, blake_loop, prover);
  for (int i = 0; i < 8; i++) {
    void* wrong;
    pthread_join(threads[i], &wrong);
    CHECK(wrong == NULL);
  }
  prover_destroy(prover, &last_error);
}

static void Two_thousand_failures_leave_nothing(void) {
  static thread_body* const bodies[] = { load_outside, exhaust_stack, unreachable, grow_without_end, fail_on_another_thread };
  prover_t* prover = frozen(&default_config);
  CHECK(fresh_instance_works(prover));
  footprint_t before = footprint();
  long resident = 0;
  for (int i = 0; i < 2000; i++) {
    prover_instance_t* instance = opened(prover);
    CHECK(prover_run(instance, bodies[i % 5], 0, 0, &last_error) != PROVER_OK);
    prover_close(instance);
    if (i == 100) resident = resident_kib();
  }
  CHECK(same(before, footprint()));
  printf("  resident after 100: %ld KiB, after 2000: %ld KiB\n", resident, resident_kib());
  CHECK(resident_kib() < resident + 1024);
  CHECK(fresh_instance_works(prover));
  prover_destroy(prover, &last_error);
}

static void A_prover_leaves_nothing(void) {
  footprint_t before = footprint();
  prover_t* prover = frozen(&default_config);
  CHECK(fresh_instance_works(prover));
  prover_destroy(prover, &last_error);
  CHECK(same(before, footprint()));
}

static void exit_77(int signal_number) {
  (void)signal_number;
  _exit(77);
}

#define TEST(name) { #name, name }
static const struct { const char* name; void (*run)(void); } tests[] = {
  TEST(A_call_answers),
  TEST(An_unknown_command_aborts_its_instance_alone),
  TEST(A_load_outside_the_memory_is_a_fault),
  TEST(A_store_at_the_end_of_the_reservation_is_a_fault),
  TEST(An_exhausted_stack_is_typed),
  TEST(The_host_does_not_run_out_of_the_stack_that_the_module_left),
  TEST(Unreachable_is_a_trap),
  TEST(A_call_through_an_empty_table_is_a_trap),
  TEST(Growth_beyond_the_limit_is_typed),
  TEST(An_instance_grows_to_its_own_limit_and_another_to_the_configured_one),
  TEST(A_failure_on_a_spawned_thread_ends_the_call),
  TEST(The_pool_is_bounded),
  TEST(Wait_and_notify_follow_the_threads_proposal),
  TEST(An_unaligned_wait_is_a_trap),
  TEST(A_wait_outside_the_memory_is_a_trap),
  TEST(A_deadline_ends_a_loop_that_touches_no_memory),
  TEST(A_deadline_ends_a_wait),
  TEST(A_deadline_ends_native_products),
  TEST(A_deadline_ends_native_folds),
  TEST(Rows_scaled_natively_are_the_translated_ones),
  TEST(Rows_in_no_field_that_is_known_are_left_to_the_translated_functions),
  TEST(Rows_that_overlap_are_as_the_translated_functions_have_them),
  TEST(Polynomials_folded_natively_are_the_translated_ones),
  TEST(Native_rows_outside_the_memory_are_a_fault),
  TEST(A_native_msm_gives_what_the_translated_one_does),
  TEST(Native_sums_of_random_terms_are_what_the_translated_function_has),
  TEST(A_million_native_products_in_each_field_are_the_translated_ones),
  TEST(A_native_msm_of_arguments_outside_the_memory_is_a_fault),
  TEST(A_native_msm_of_spans_outside_the_memory_is_a_fault),
  TEST(A_native_msm_with_its_result_outside_the_memory_is_a_fault),
  TEST(A_native_msm_of_indices_that_make_no_sense_ends),
  TEST(Native_products_of_vectors_outside_the_memory_are_a_fault),
  TEST(A_deadline_ends_a_native_msm_and_leaves_nothing),
  TEST(The_plain_multiplication_serves_a_CPU_without_ADX),
  TEST(Cancelling_from_another_thread_ends_the_call),
  TEST(Randomness_before_the_snapshot_is_refused),
  TEST(Freed_memory_is_not_stored_in_the_snapshot),
  TEST(A_snapshot_with_more_holes_than_mappings_is_whole),
  TEST(Threads_spawned_before_the_snapshot_start_in_each_instance),
  TEST(Null_arguments_are_refused),
  TEST(States_are_checked),
  TEST(A_reply_outside_the_memory_is_refused),
  TEST(Foreign_faults_reach_the_handler_before_ours),
  TEST(A_fault_of_a_prover_thread_elsewhere_is_not_contained),
  TEST(Nothing_of_a_request_stays_mapped),
  TEST(Memory_that_a_request_grows_into_asks_for_huge_pages),
  TEST(A_reset_with_64_MiB_takes_at_most_5_ms),
  TEST(Instances_run_side_by_side),
  TEST(Two_thousand_failures_leave_nothing),
  TEST(A_prover_leaves_nothing),
};

int main(int argc, char** argv) {
  // A child process of one test starts here, before any handler is installed.
  if (argc == 2 && strcmp(argv[1], "foreign-fault") == 0) {
    signal(SIGSEGV, exit_77);
    prover_t* prover = frozen(&default_config);
    prover_run(opened(prover), fault_elsewhere, 0, 0, &last_error);
    return 1;
  }
  signal(SIGSEGV, foreign_handler);
  int passed = 0, failed = 0;
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
    failed_checks = 0;
    tests[i].run();
    printf("%s %s\n", failed_checks == 0 ? "ok" : "FAILED", tests[i].name);
    fflush(stdout);
    if (failed_checks == 0) passed++;
    else failed++;
  }
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}
