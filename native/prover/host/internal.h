// Shared by the host's files; not part of the ABI.
#ifndef PROVER_INTERNAL_H
#define PROVER_INTERNAL_H

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bb.h"
#include "prover.h"

#define KIB ((uint64_t)1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

// Any 32-bit address plus any 32-bit offset plus 16 bytes of access stays inside.
#define PROVER_RESERVATION_BYTES (8 * GIB + WASM_RT_PAGE_SIZE)
#define PROVER_MAX_THREADS 64
// Larger than any frame of the generated code, which is compiled with -Werror=frame-larger-than (build.mjs).
#define PROVER_STACK_GUARD_BYTES (1 * MIB)
#define PROVER_SIGNAL_STACK_BYTES (64 * KIB)
// What host code may need below a module's frames; half of the smallest stack that a configuration may ask for.
#define PROVER_HOST_STACK_BYTES (32 * KIB)
// Mappings of the snapshot in each instance. When they run out, holes are stored too.
#define PROVER_MAX_EXTENTS 64
// Of the module's import and table sections. A module that needs more traps in its start function, or is refused by
// wasm_rt_allocate_funcref_table.
#define PROVER_INITIAL_PAGES 36
#define PROVER_TABLE_ELEMENTS 2772

// What the generated code passes back to the imports: the instance, three times under three names.
struct w2c_env { prover_instance_t* instance; };
struct w2c_wasi { prover_instance_t* instance; };
struct w2c_wasi__snapshot__preview1 { prover_instance_t* instance; };

// A module's globals and function table. One for each thread of an instance; they share the linear memory.
typedef struct module {
  w2c_bb w2c;
  wasm_rt_funcref_t table[PROVER_TABLE_ELEMENTS];
} module_t;

typedef struct prover_thread prover_thread_t;
typedef void thread_body(prover_thread_t*);

// Lives at the top of its own mapping: [guard | signal stack | guard | stack | this], dropped whole after the join.
struct prover_thread {
  prover_instance_t* instance;
  uint8_t* mapping;
  size_t mapping_bytes;
  uint8_t* signal_stack;
  uint8_t* stack_guard; // PROVER_STACK_GUARD_BYTES below `stack`
  uint8_t* stack;
  pthread_t pthread;
  bool finished; // instance->lock
  thread_body* body;
  // 1 while host code runs, which must not be unwound: it may hold a lock. Read by the signal handlers.
  volatile sig_atomic_t in_host;
  sigjmp_buf unwind;
  // Written before the unwinding, read after it.
  volatile prover_status failure;
  char message[200];
  // For native arithmetic (native.c): of this thread like its stack, so unwinding loses nothing; dropped with the thread.
  uint8_t* scratch;
  size_t scratch_bytes;
  // What the body works on.
  module_t* module; // of this thread: own for a spawned thread, the instance's for a call
  uint32_t spawn_id; // 0 for a call
  uint32_t argument; // wasi_thread_start's, or the body's
  module_t own_module;
};

struct prover_instance {
  prover_t* prover;
  bool is_base;
  wasm_rt_memory_t memory;
  uint64_t memory_limit_bytes; // of the linear memory; lock
  struct w2c_env env;
  struct w2c_wasi wasi;
  struct w2c_wasi__snapshot__preview1 preview1;

  pthread_mutex_t lock;
  pthread_cond_t changed; // CLOCK_MONOTONIC; failure, call_done or a thread's `finished` changed
  bool busy;              // a prover_request or prover_call is running
  bool call_done;
  _Atomic int failure;    // a prover_status; set once, under lock
  char message[200];
  prover_thread_t* threads[PROVER_MAX_THREADS];
  uint32_t next_thread_id;

  // Bytes of the request and of the reply inside the linear memory; 0 when there is none.
  uint32_t request, request_length;
  uint32_t reply, reply_length;
  uint32_t reply_cell; // two words, allocated with the request, that bbapi fills

  bool started; // the deferred threads, by the first run
  bool instantiated;
  module_t main_module; // kept between calls
};

// A thread that the module spawned before the snapshot. It is started in each instance, as if it had been slow to start:
// threads do not survive a snapshot, and Barretenberg's pool is made while the CRS is loaded.
typedef struct deferred_thread {
  uint32_t spawn_id, argument;
} deferred_thread_t;

// A stored run of pages of the snapshot.
typedef struct extent {
  uint64_t address, length, file_offset;
} extent_t;

struct prover {
  prover_config config;
  pthread_mutex_t lock; // all below
  prover_instance_t* base; // null once frozen
  int snapshot_fd;
  extent_t extents[PROVER_MAX_EXTENTS];
  uint32_t extent_count;
  deferred_thread_t deferred[PROVER_MAX_THREADS];
  uint32_t deferred_count;
  uint32_t largest_request_bytes; // of the base instance
  uint64_t snapshot_pages;
  uint32_t snapshot_g0, snapshot_g1;
  prover_statistics statistics;
  _Atomic uint64_t dropped_log_lines;
};

// cpu.c: null when the CPU has what the library is compiled for, else the name of what is missing.
const char* prover_missing_cpu_feature(void);
// Sets what arithmetic.h says of the CPU, less the prover_feature bits in `without`.
void prover_find_cpu_features(uint32_t without);

// srs_production.c or srs_dev.c
extern const char prover_srs_kind[];

// containment.c
prover_status prover_install_handlers(void);
// initial-exec: the signal handlers read it, and must not allocate a thread's block on first use.
extern _Thread_local prover_thread_t* prover_current __attribute__((tls_model("initial-exec")));
// Ends the calling prover thread's instance: returns to the top of the thread, which records the failure.
_Noreturn void prover_unwind(prover_thread_t*, prover_status, const char* format, ...) __attribute__((format(printf, 3, 4)));
void prover_enter_host(prover_thread_t*);
void prover_leave_host(prover_thread_t*);

// imports.c: what a spawned thread runs.
void prover_spawned_body(prover_thread_t*);

// threads.c. All but prover_thread_scratch are called with instance->lock held.
prover_status prover_thread_start(prover_instance_t*, thread_body*, uint32_t spawn_id, uint32_t argument);
void prover_end_threads(prover_instance_t*);
void prover_reap_threads(prover_instance_t*);
// At least `bytes` of scratch for the calling prover thread, aligned to a page; null when the system has none.
uint8_t* prover_thread_scratch(prover_thread_t*, size_t bytes);
uint32_t prover_thread_count(const prover_instance_t*);
// Records the first failure and wakes whoever waits for the instance.
void prover_fail(prover_instance_t*, prover_status, const char* message);
#define PROVER_END_SIGNAL SIGURG

// prover.c: runs `body` on a prover thread of its own and waits for it. After a failure no thread of the instance is
// left, and its memory is gone. timeout_ns 0: no deadline.
prover_status prover_run(prover_instance_t*, thread_body* body, uint32_t argument, uint64_t timeout_ns, prover_error*);

// memory.c
prover_status prover_memory_reserve(prover_instance_t*, uint64_t pages);
void prover_memory_release(prover_instance_t*);
prover_status prover_memory_store(prover_t*, const prover_instance_t*);
prover_status prover_memory_map_snapshot(const prover_t*, prover_instance_t*);
// True when [address, address + length) lies inside the linear memory.
bool prover_memory_holds(const prover_instance_t*, uint64_t address, uint64_t length);

#endif
