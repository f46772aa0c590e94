// The prover's C ABI: Barretenberg, translated from WebAssembly, in a sandbox inside this process.
//
// A `prover` holds an initialised module and, once frozen, a snapshot of it with the CRS loaded. An `instance` is one
// copy-on-write fork of that snapshot: it serves one request (or one Chonk session) and is then dropped whole.
//
//   prover_create -> prover_base -> { prover_request, prover_call } (SrsInitSrs) -> prover_freeze
//   per request: prover_open -> prover_request -> prover_call -> read the reply -> prover_close
//
// Every function returns a status and, where it takes one, fills `error`. None exits, unwinds or aborts. A failure of
// the sandboxed code ends its instance with all its threads; the process, the prover and other instances go on.
//
// Threads: prover_open, prover_close, prover_stats and prover_cancel may be called from any thread at any time.
// One instance serves one call at a time; a second concurrent one gets PROVER_STATE.
#ifndef PROVER_H
#define PROVER_H

#include <stdint.h>

#define PROVER_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

typedef struct prover prover_t;
typedef struct prover_instance prover_instance_t;

// The values are part of the ABI: src/Prover/Native/ProverStatus.cs mirrors them.
typedef enum prover_status {
  PROVER_OK = 0,
  PROVER_ARGUMENT = 1,   // a null pointer, or a configuration out of range
  PROVER_STATE = 2,      // not allowed now: frozen, not frozen, busy, instances still open
  PROVER_CPU = 3,        // the CPU lacks an instruction set that the library is compiled for
  PROVER_RESOURCE = 4,   // the operating system refused memory, a thread or a descriptor
  PROVER_ABORTED = 5,    // the module called throw_or_abort_impl; the message is its own
  PROVER_TRAPPED = 6,    // a WebAssembly trap: unreachable, division by zero, bad indirect call, bulk bounds
  PROVER_FAULT = 7,      // an access outside the linear memory, inside its reservation
  PROVER_STACK = 8,      // a prover thread exhausted its stack
  PROVER_MEMORY = 9,     // the linear memory would have grown beyond the configured limit, or the instance's own
  PROVER_DEADLINE = 10,  // the call's time was over
  PROVER_CANCELLED = 11, // prover_cancel
  PROVER_EXITED = 12,    // the module called proc_exit
  PROVER_REPLY = 13,     // the reply that the module points at is not inside its memory
  PROVER_RANDOM = 14,    // the module asked for randomness before the snapshot, which would repeat it for ever
  PROVER_STATUS_COUNT = 15,
} prover_status;

typedef struct prover_error {
  int32_t status;
  char message[252]; // NUL-terminated, printable ASCII
} prover_error;

// Instruction sets that native arithmetic uses where the CPU has them.
typedef enum prover_feature {
  PROVER_FEATURE_ADX = 1,
  PROVER_FEATURE_AVX512 = 2, // IFMA's too
  PROVER_FEATURE_IFMA = 4,
} prover_feature;

typedef struct prover_config {
  uint32_t threads;            // per instance, the calling one included: 1 to 64
  uint32_t without;            // prover_feature bits not to be used, in the whole process: for tests and benchmarks
  uint64_t stack_bytes;        // per prover thread, touched lazily: 64 KiB to 1 GiB
  uint64_t memory_limit_bytes; // of one instance's linear memory: 4 MiB to 4 GiB
} prover_config;

typedef struct prover_statistics {
  uint64_t opened;                        // instances since create
  uint64_t failed[PROVER_STATUS_COUNT];   // ended instances by status
  uint64_t live_instances;
  uint64_t live_threads;                  // of all live instances
  uint64_t snapshot_bytes;                // stored bytes of the frozen image
  uint64_t snapshot_memory_bytes;         // linear memory that an instance starts with
  uint64_t peak_memory_bytes;             // largest linear memory that any instance reached
  uint64_t last_open_ns;                  // what the last prover_open took
  uint64_t dropped_log_lines;             // logstr calls; their text is never read
  const char* srs_kind;                   // "ignition", or the insecure development SRS's label; static
} prover_statistics;

// Checks the CPU, installs the fault handlers (once a process) and instantiates the module.
PROVER_API prover_status prover_create(const prover_config* config, prover_t** out, prover_error* error);

// The instance that becomes the snapshot. It runs on one thread, and has no randomness; threads that the module spawns
// in it start in each later instance. Owned by the prover; null once frozen.
PROVER_API prover_instance_t* prover_base(prover_t*);

// Takes the snapshot and ends the base instance. PROVER_STATE when already frozen or the base is busy,
// the base's own failure when it has failed.
PROVER_API prover_status prover_freeze(prover_t*, prover_error* error);

// A fresh instance from the snapshot.
PROVER_API prover_status prover_open(prover_t*, prover_instance_t** out, prover_error* error);

// From now on the instance's linear memory may grow to what the snapshot stores and `bytes` more, and never beyond the configured
// limit: what it started with stays. The next growth beyond is PROVER_MEMORY. May be called while a call runs.
PROVER_API void prover_limit_memory(prover_instance_t*, uint64_t bytes);

// Room for a request of `length` bytes inside the instance's memory. `bytes` is valid until the next prover_call or
// prover_close. timeout_ns 0: no deadline.
PROVER_API prover_status prover_request(prover_instance_t*, uint32_t length, uint64_t timeout_ns, uint8_t** bytes, prover_error* error);

// Runs bbapi on the request. `reply` points into the instance's memory and is valid until the next prover_request,
// prover_call or prover_close; treat it as hostile: copy, then parse. timeout_ns is relative; 0: no deadline.
PROVER_API prover_status prover_call(prover_instance_t*, uint64_t timeout_ns, const uint8_t** reply, uint32_t* reply_length, prover_error* error);

// Ends the instance's call, now running or next, with PROVER_CANCELLED.
PROVER_API void prover_cancel(prover_instance_t*);

// Ends the instance's threads and unmaps its memory and stacks. No call may be running.
PROVER_API void prover_close(prover_instance_t*);

// PROVER_STATE, and nothing is freed, while instances are open.
PROVER_API prover_status prover_destroy(prover_t*, prover_error* error);

PROVER_API void prover_stats(prover_t*, prover_statistics* out);

#ifdef __cplusplus
}
#endif
#endif
