// The eight imports of the module, wait and notify, and the table allocation: everything that sandboxed code can reach.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

// WASI errno values (wasi_snapshot_preview1, `errno`).
enum { WASI_SUCCESS = 0, WASI_EFAULT = 21, WASI_EINVAL = 28, WASI_EIO = 29 };
// Results of memory.atomic.wait32 (WebAssembly threads proposal).
enum { WAIT_OK = 0, WAIT_NOT_EQUAL = 1, WAIT_TIMED_OUT = 2 };

wasm_rt_memory_t* w2c_env_memory(struct w2c_env* env) {
  return &env->instance->memory;
}

u32 w2c_env_env_hardware_concurrency(struct w2c_env* env) {
  return env->instance->prover->config.threads;
}

// Text from inside the sandbox may carry what it works on: it is counted, never read.
void w2c_env_logstr(struct w2c_env* env, u32 text) {
  (void)text;
  atomic_fetch_add(&env->instance->prover->dropped_log_lines, 1);
}

// Barretenberg's way of throwing in WebAssembly. The message is the module's own: cut, and made printable.
void w2c_env_throw_or_abort_impl(struct w2c_env* env, u32 text) {
  prover_thread_t* self = prover_current;
  const prover_instance_t* instance = env->instance;
  prover_enter_host(self);
  char message[160];
  size_t n = 0;
  while (n < sizeof message - 1 && prover_memory_holds(instance, (uint64_t)text + n, 1)) {
    char c = (char)instance->memory.data[text + n];
    if (c == 0) break;
    message[n++] = c >= ' ' && c <= '~' ? c : '?';
  }
  message[n] = 0;
  prover_unwind(self, PROVER_ABORTED, "%s", message);
}

u32 w2c_wasi__snapshot__preview1_clock_time_get(struct w2c_wasi__snapshot__preview1* wasi, u32 clock_id, u64 precision, u32 out) {
  (void)precision;
  if (clock_id > 1) return WASI_EINVAL; // 0 realtime, 1 monotonic
  if (!prover_memory_holds(wasi->instance, out, sizeof(uint64_t))) return WASI_EFAULT;
  struct timespec now;
  clock_gettime(clock_id == 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC, &now);
  uint64_t ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
  memcpy(wasi->instance->memory.data + out, &ns, sizeof ns);
  return WASI_SUCCESS;
}

void w2c_wasi__snapshot__preview1_proc_exit(struct w2c_wasi__snapshot__preview1* wasi, u32 code) {
  (void)wasi;
  prover_unwind(prover_current, PROVER_EXITED, "proc_exit(%u)", code);
}

u32 w2c_wasi__snapshot__preview1_random_get(struct w2c_wasi__snapshot__preview1* wasi, u32 out, u32 length) {
  // Random state inside the snapshot would be the same in every instance: blinding factors would repeat.
  if (wasi->instance->is_base) prover_unwind(prover_current, PROVER_RANDOM, "random_get before the snapshot");
  if (!prover_memory_holds(wasi->instance, out, length)) return WASI_EFAULT;
  while (length > 0) {
    ssize_t n = getrandom(wasi->instance->memory.data + out, length, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return WASI_EIO;
    out += (u32)n;
    length -= (u32)n;
  }
  return WASI_SUCCESS;
}

// Before the snapshot a spawned thread is only noted; the base instance's one thread does its pool's work alone.
static prover_status defer_thread(prover_t* prover, uint32_t id, uint32_t argument) {
  if (prover->deferred_count + 1 >= prover->config.threads) return PROVER_RESOURCE;
  prover->deferred[prover->deferred_count++] = (deferred_thread_t){ .spawn_id = id, .argument = argument };
  return PROVER_OK;
}

void prover_spawned_body(prover_thread_t* self) {
  w2c_bb_wasi_thread_start(&self->module->w2c, self->spawn_id, self->argument);
}

// wasi-threads: the new thread's id (1 to 2^29 - 1), or a negative number. The pool is bounded by the configuration.
u32 w2c_wasi_thread0x2Dspawn(struct w2c_wasi* wasi, u32 argument) {
  prover_thread_t* self = prover_current;
  prover_instance_t* instance = wasi->instance;
  prover_enter_host(self);
  pthread_mutex_lock(&instance->lock);
  prover_reap_threads(instance);
  uint32_t id = ++instance->next_thread_id;
  prover_status status = instance->is_base ? defer_thread(instance->prover, id, argument)
                                           : prover_thread_start(instance, prover_spawned_body, id, argument);
  pthread_mutex_unlock(&instance->lock);
  prover_leave_host(self);
  return status == PROVER_OK ? id : (u32)-1;
}

static void* checked_word(prover_thread_t* self, u32 address, u32 offset) {
  uint64_t effective = (uint64_t)address + offset;
  if (effective % sizeof(uint32_t) != 0) wasm_rt_trap(WASM_RT_TRAP_UNALIGNED);
  if (!prover_memory_holds(self->instance, effective, sizeof(uint32_t))) wasm_rt_trap(WASM_RT_TRAP_OOB);
  return self->instance->memory.data + effective;
}

// Interruptible on purpose (in_host stays clear): the end signal unwinds a waiting thread out of the system call.
u32 prover_wait32(w2c_bb* module, u32 address, u32 offset, u32 expected, u64 timeout_ns) {
  (void)module;
  void* word = checked_word(prover_current, address, offset);
  struct timespec timeout = { .tv_sec = (time_t)(timeout_ns / 1000000000u), .tv_nsec = (long)(timeout_ns % 1000000000u) };
  bool forever = (int64_t)timeout_ns < 0;
  long result = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, forever ? NULL : &timeout, NULL, 0);
  if (result == 0) return WAIT_OK;
  if (errno == EAGAIN) return WAIT_NOT_EQUAL;
  if (errno == ETIMEDOUT) return WAIT_TIMED_OUT;
  return WAIT_OK; // EINTR: a spurious wake-up, which the module's libc loops on
}

u32 prover_notify(w2c_bb* module, u32 address, u32 offset, u32 count) {
  (void)module;
  void* word = checked_word(prover_current, address, offset);
  long woken = syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count > INT32_MAX ? INT32_MAX : (int)count, NULL, NULL, 0);
  return woken < 0 ? 0 : (u32)woken;
}

// The table lives in the thread's module_t: instantiating allocates nothing.
void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t* table, uint32_t elements, uint32_t max_elements) {
  prover_thread_t* self = prover_current;
  if (elements > PROVER_TABLE_ELEMENTS) prover_unwind(self, PROVER_STATE, "function table of %u elements", elements);
  memset(self->module->table, 0, sizeof self->module->table);
  *table = (wasm_rt_funcref_table_t){ .data = self->module->table, .size = elements, .max_size = max_elements };
}

void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t* table) {
  table->data = NULL;
}
