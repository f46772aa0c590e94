// The host as a module that was taken over sees it: any import and any native function, in any order, with any arguments, on any
// thread, while memory holds anything. An input is a list of such calls, made inside a fresh instance.
//
// Oracle: the instance ends with one of the typed statuses or goes on; nothing outside of it is touched (the sanitizers), nothing
// of it is left, and the next instance answers.
#include "arithmetic.h"
#include "pieces.h"
#include "sandbox.h"

u32 prover_wait32(w2c_bb*, u32, u32, u32, u64);
u32 prover_notify(w2c_bb*, u32, u32, u32);
u32 w2c_env_env_hardware_concurrency(struct w2c_env*);
void w2c_env_logstr(struct w2c_env*, u32);
void w2c_env_throw_or_abort_impl(struct w2c_env*, u32);
u32 w2c_wasi_thread0x2Dspawn(struct w2c_wasi*, u32);
u32 w2c_wasi__snapshot__preview1_clock_time_get(struct w2c_wasi__snapshot__preview1*, u32, u64, u32);
void w2c_wasi__snapshot__preview1_proc_exit(struct w2c_wasi__snapshot__preview1*, u32);
u32 w2c_wasi__snapshot__preview1_random_get(struct w2c_wasi__snapshot__preview1*, u32, u32);
void prover_native_msm(w2c_bb*, u32, u32);
#define PIECES u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64
void prover_native_multiply_vectors(w2c_bb*, u32, u32, PIECES, u32);
void prover_native_scale_vector(w2c_bb*, u32, u32, PIECES, u32);
void prover_native_fold(w2c_bb*, u32, u32);

enum { MAX_CALLS = 24, CHECK_EVERY = 64, MAX_WAIT_NS = 500000, DEADLINE_NS = 60000000 };

static prover_t* prover;
static bytes script;

// Addresses that are worth trying: near the beginning, at the end of what is there, of the 32 bits; or any.
static u32 take_address(const prover_instance_t* instance) {
  u32 value = take_u32(&script);
  u32 size = (u32)instance->memory.size;
  switch (value >> 30) {
    case 0: return 1024 + value % 65536;
    case 1: return size - value % 256;
    case 2: return UINT32_MAX - value % 128;
    default: return value << 2;
  }
}

static void write_memory(const prover_instance_t* instance) {
  u32 address = take_address(instance);
  uint8_t content[255], length = take_u8(&script);
  take(&script, content, length);
  if (prover_memory_holds(instance, address, length)) memcpy(instance->memory.data + address, content, length);
}

// The structure that the module's function takes: spans of scalars, points, indices and a schedule.
static void multiply_scalars(prover_thread_t* self) {
  const prover_instance_t* instance = self->instance;
  u32 at = take_address(instance);
  u32 count = take_u8(&script) % 4 == 0 ? take_u32(&script) : take_u16(&script) % 2048;
  const u32 spans[8] = { take_address(instance), count, take_address(instance), count, take_address(instance), count, take_address(instance), count };
  if (prover_memory_holds(instance, at, sizeof spans)) memcpy(instance->memory.data + at, spans, sizeof spans);
  prover_native_msm(&self->module->w2c, take_address(instance), at);
}

// Products of rows, and of a row and an element: in either field, or in none.
static void multiply_rows(prover_thread_t* self) {
  w2c_bb* w2c = &self->module->w2c;
  uint8_t kind = take_u8(&script);
  u32 to = take_address(self->instance), from = take_address(self->instance);
  u32 length = take_u8(&script) % 2 == 0 ? take_u8(&script) * 32u : take_u32(&script);
  void (*multiply)(w2c_bb*, u32, u32, PIECES, u32) = kind & 1 ? prover_native_scale_vector : prover_native_multiply_vectors;
  if (kind & 4) multiply(w2c, to, from, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, length);
  else if (kind & 2) multiply(w2c, to, from, PROVER_BASE_PIECES, length);
  else multiply(w2c, to, from, PROVER_SCALAR_PIECES, length);
}

// The structures that the module's function takes: pointers to polynomials, to results and to the challenge.
static void fold_polynomial(prover_thread_t* self) {
  const prover_instance_t* instance = self->instance;
  u32 at = take_address(instance), end = take_u8(&script) % 4 == 0 ? take_u32(&script) : take_u8(&script);
  const u32 words[20] = { at + 4, at + 16, at + 20, at + 72, at + 24, at + 48, // closure, captures, spans
                          0, end, end, take_address(instance), 0, 0, 0, end, end, take_address(instance) };
  if (prover_memory_holds(instance, at, sizeof words)) memcpy(instance->memory.data + at, words, sizeof words);
  prover_native_fold(&self->module->w2c, at, take_u8(&script) % 4 == 0 ? take_u32(&script) : 0);
}

static void call_bbapi(prover_thread_t* self) {
  w2c_bb* w2c = &self->module->w2c;
  u32 request = take_address(self->instance), length = take_u16(&script), cell = take_address(self->instance);
  w2c_bb_bbapi(w2c, request, length, cell, cell + 4);
}

static void wait_for_a_word(prover_thread_t* self) {
  u32 address = take_address(self->instance), offset = take_u32(&script), expected = take_u32(&script);
  u64 timeout = take_u8(&script) == 0xff ? UINT64_MAX : take_u32(&script) % MAX_WAIT_NS;
  prover_wait32(&self->module->w2c, address, offset, expected, timeout);
}

static void make_one_call(prover_thread_t* self) {
  prover_instance_t* instance = self->instance;
  uint8_t which = take_u8(&script) % 20;
  feature(100, which);
  switch (which) {
    case 0:
    case 1:
    case 2: write_memory(instance); break;
    case 3: multiply_scalars(self); break;
    case 4: multiply_rows(self); break;
    case 5: wasm_rt_grow_memory(&instance->memory, take_u8(&script) % 2 ? take_u8(&script) : take_u64(&script)); break;
    case 6: w2c_wasi_thread0x2Dspawn(&instance->wasi, take_address(instance)); break;
    case 7: wait_for_a_word(self); break;
    case 8: prover_notify(&self->module->w2c, take_address(instance), take_u32(&script), take_u32(&script)); break;
    case 9: w2c_env_throw_or_abort_impl(&instance->env, take_address(instance)); break;
    case 10: w2c_wasi__snapshot__preview1_proc_exit(&instance->preview1, take_u32(&script)); break;
    case 11: w2c_wasi__snapshot__preview1_clock_time_get(&instance->preview1, take_u8(&script) % 4, take_u64(&script), take_address(instance)); break;
    case 12: w2c_wasi__snapshot__preview1_random_get(&instance->preview1, take_address(instance), take_u32(&script) >> (take_u8(&script) % 32)); break;
    case 13: wasm_rt_trap((wasm_rt_trap_t)(take_u8(&script) % 12)); break;
    case 14: w2c_env_logstr(&instance->env, take_u32(&script)); break;
    case 15: MUST(w2c_env_env_hardware_concurrency(&instance->env) == prover->config.threads); break;
    case 16: w2c_bb_bbfree(&self->module->w2c, take_address(instance)); break;
    case 17: w2c_bb_bbmalloc(&self->module->w2c, take_u32(&script)); break;
    case 18: fold_polynomial(self); break;
    default: call_bbapi(self);
  }
}

static void make_calls(prover_thread_t* self) {
  for (int calls = 0; calls < MAX_CALLS && script.left > 0; calls++) make_one_call(self);
}

static void set_up(void) {
  const prover_config config = { .threads = 3, .stack_bytes = 512 * KIB, .memory_limit_bytes = 64 * MIB };
  prover_error error;
  MUST(prover_create(&config, &prover, &error) == PROVER_OK);
  MUST(prover_freeze(prover, &error) == PROVER_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t length) {
  static unsigned runs;
  if (prover == NULL) set_up();
  script = (bytes){ data, length };
  prover_instance_t* instance = NULL;
  prover_error error = { 0 };
  MUST(prover_open(prover, &instance, &error) == PROVER_OK);
  // Twice: after an end nothing more may run, and otherwise the instance serves again.
  for (int round = 0; round < 2; round++) {
    prover_status status = prover_run(instance, make_calls, 0, DEADLINE_NS, &error);
    feature(status, hash_of_message(error.message));
    check_message(&error);
    MUST(status < PROVER_STATUS_COUNT && status != PROVER_ARGUMENT && status != PROVER_CPU && status != PROVER_CANCELLED && status != PROVER_REPLY);
    MUST((status == PROVER_OK) == (instance->memory.data != NULL));
  }
  prover_close(instance);
  check_nothing_is_left(prover);
  if (runs++ % CHECK_EVERY == 0) check_still_works(prover);
  return 0;
}
