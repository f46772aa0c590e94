// The part of wasm2c's runtime interface that the translated Barretenberg uses, written for this host.
//
// This header is the sandbox's boundary: what the generated code may touch is declared here and in prover's imports
// (host/imports.c), and nothing else is linked against it. Interface: WABT's wasm2c, as emitted by npm wabt 1.0.39.
//
// Invariants that make the generated code safe:
//  - a linear memory is the start of a reservation of PROVER_RESERVATION bytes, so that any 32-bit address plus any
//    32-bit offset plus the widest access (16 bytes) stays inside it; pages that the module has not grown into are
//    PROT_NONE, so MEMCHECK needs no code and an access out of bounds is a SIGSEGV inside the reservation;
//  - wasm_rt_trap never returns;
//  - one translation unit's frame is smaller than the stack guard (build.mjs compiles with a frame limit).
#ifndef PROVER_WASM_RT_H
#define PROVER_WASM_RT_H

// Everything declared below, the generated code included, is private to the library.
#pragma GCC visibility push(hidden)

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define wasm_rt_memcpy __builtin_memcpy

// No segue (heap base in %gs), no depth counter (guard pages instead), bounds by guard pages.
#define WASM_RT_USE_SEGUE 0
#define WASM_RT_STACK_DEPTH_COUNT 0
#define WASM_RT_MEMCHECK_GUARD_PAGES 1
#define WASM_RT_SANITY_CHECKS 0
#define WASM_RT_C11_AVAILABLE 1
#define wasm_rt_is_initialized() 1

#define WASM_RT_PAGE_SIZE 65536u

typedef enum {
  WASM_RT_TRAP_NONE,
  WASM_RT_TRAP_OOB,
  WASM_RT_TRAP_INT_OVERFLOW,
  WASM_RT_TRAP_DIV_BY_ZERO,
  WASM_RT_TRAP_INVALID_CONVERSION,
  WASM_RT_TRAP_UNREACHABLE,
  WASM_RT_TRAP_CALL_INDIRECT,
  WASM_RT_TRAP_UNALIGNED,
  WASM_RT_TRAP_EXHAUSTION,
} wasm_rt_trap_t;

// Ends the calling thread's instance; host/containment.c.
_Noreturn void wasm_rt_trap(wasm_rt_trap_t);

typedef enum { WASM_RT_I32, WASM_RT_I64, WASM_RT_F32, WASM_RT_F64, WASM_RT_V128, WASM_RT_FUNCREF, WASM_RT_EXTERNREF } wasm_rt_type_t;

typedef void (*wasm_rt_function_ptr_t)(void);
typedef const char* wasm_rt_func_type_t;
typedef struct { void (*fn)(void**, void*, void*); } wasm_rt_tailcallee_t;

typedef struct {
  wasm_rt_func_type_t func_type;
  wasm_rt_function_ptr_t func;
  wasm_rt_tailcallee_t func_tailcallee;
  void* module_instance;
} wasm_rt_funcref_t;
typedef void* wasm_rt_externref_t;

static const wasm_rt_funcref_t wasm_rt_funcref_null_value __attribute__((unused));
static const wasm_rt_externref_t wasm_rt_externref_null_value __attribute__((unused));

typedef struct { wasm_rt_funcref_t* data; uint32_t max_size, size; } wasm_rt_funcref_table_t;
typedef struct { wasm_rt_externref_t* data; uint32_t max_size, size; } wasm_rt_externref_table_t;

// data: start of the reservation. size: bytes grown into so far, read by the generated bulk-memory checks and by
// memory.size (pages); written under the instance's lock by wasm_rt_grow_memory alone.
typedef struct {
  uint8_t* data;
  uint64_t pages;
  uint64_t size;
  struct prover_instance* owner;
} wasm_rt_memory_t;
// Named by the generated header; no shared memory is ever made (the module's is unshared by scripts/rewrite.mjs).
typedef wasm_rt_memory_t wasm_rt_shared_memory_t;

// Pages before the growth, or (u64)-1. Growth past the instance's cap ends the instance.
uint64_t wasm_rt_grow_memory(wasm_rt_memory_t*, uint64_t delta_pages);
void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t*, uint32_t elements, uint32_t max_elements);
void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t*);

#endif
