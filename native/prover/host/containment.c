// What keeps a failure of the sandboxed code inside its instance: traps, faults and the end signal all return to the
// top of the prover thread that they happen on (threads.c), which records them and ends.
//
// Unwinding by siglongjmp is sound here because generated code owns nothing: no lock, no descriptor, no allocation
// outside its instance. Host code does, and is never unwound: it runs with `in_host` set.
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

_Thread_local prover_thread_t* prover_current;

static pthread_once_t installed = PTHREAD_ONCE_INIT;
static prover_status install_status;
static struct sigaction previous_segv, previous_bus, previous_end;

// in_host is set where this lands, not here: until then a fault for want of stack, or the end signal, simply unwinds again.
static _Noreturn void unwind_now(prover_thread_t* self) {
  siglongjmp(self->unwind, 1);
}

// Without a message, which would take stack; threads.c has it.
static _Noreturn void out_of_stack(prover_thread_t* self) {
  self->failure = PROVER_STACK;
  unwind_now(self);
}

void prover_unwind(prover_thread_t* self, prover_status status, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(self->message, sizeof self->message, format, arguments);
  va_end(arguments);
  self->failure = status;
  unwind_now(self);
}

// Host code that must not be unwound must not run out of stack either, however little the module has left it.
void prover_enter_host(prover_thread_t* self) {
  uint64_t left = (uint64_t)((uint8_t*)__builtin_frame_address(0) - self->stack);
  if (left < PROVER_HOST_STACK_BYTES) out_of_stack(self);
  self->in_host = 1;
  atomic_signal_fence(memory_order_seq_cst);
}

// An end signal that came while in_host was set did nothing, so the failure is looked at again after clearing it.
void prover_leave_host(prover_thread_t* self) {
  self->in_host = 0;
  atomic_signal_fence(memory_order_seq_cst);
  if (atomic_load(&self->instance->failure) != PROVER_OK) unwind_now(self);
}

static const char* trap_name(wasm_rt_trap_t trap) {
  switch (trap) {
    case WASM_RT_TRAP_OOB: return "out of bounds";
    case WASM_RT_TRAP_INT_OVERFLOW: return "integer overflow";
    case WASM_RT_TRAP_DIV_BY_ZERO: return "division by zero";
    case WASM_RT_TRAP_INVALID_CONVERSION: return "invalid conversion to integer";
    case WASM_RT_TRAP_UNREACHABLE: return "unreachable";
    case WASM_RT_TRAP_CALL_INDIRECT: return "bad indirect call";
    case WASM_RT_TRAP_UNALIGNED: return "unaligned atomic";
    case WASM_RT_TRAP_EXHAUSTION: return "stack depth";
    case WASM_RT_TRAP_NONE: break;
  }
  return "unknown";
}

void wasm_rt_trap(wasm_rt_trap_t trap) {
  prover_unwind(prover_current, PROVER_TRAPPED, "wasm trap: %s", trap_name(trap));
}

// Hands a fault that is not ours to the handler that was there before: .NET's turns some into exceptions.
static void forward(const struct sigaction* previous, int signal_number, siginfo_t* info, void* context) {
  if (previous->sa_flags & SA_SIGINFO) {
    previous->sa_sigaction(signal_number, info, context);
  } else if (previous->sa_handler != SIG_DFL && previous->sa_handler != SIG_IGN) {
    previous->sa_handler(signal_number);
  } else if (info->si_code <= 0 && previous->sa_handler == SIG_IGN) {
    return; // sent by a process, and ignored before us
  } else {
    // The default: die of it. A fault happens again on return; a signal that was sent must be raised again.
    signal(signal_number, SIG_DFL);
    if (info->si_code <= 0) raise(signal_number);
  }
}

static bool within(const uint8_t* address, const uint8_t* start, uint64_t length) {
  return (uintptr_t)address - (uintptr_t)start < length;
}

static void on_fault(int signal_number, siginfo_t* info, void* context) {
  prover_thread_t* self = prover_current;
  bool from_kernel = info->si_code > 0;
  if (self != NULL && from_kernel && !self->in_host) {
    const uint8_t* address = info->si_addr;
    const uint8_t* memory = self->instance->memory.data;
    if (within(address, memory, PROVER_RESERVATION_BYTES))
      prover_unwind(self, PROVER_FAULT, "access outside the linear memory at 0x%llx", (unsigned long long)(address - memory));
    if (within(address, self->stack_guard, PROVER_STACK_GUARD_BYTES)) out_of_stack(self);
  }
  forward(signal_number == SIGBUS ? &previous_bus : &previous_segv, signal_number, info, context);
}

static void on_end_signal(int signal_number, siginfo_t* info, void* context) {
  prover_thread_t* self = prover_current;
  if (self == NULL) {
    if (previous_end.sa_handler != SIG_DFL) forward(&previous_end, signal_number, info, context);
    return; // SIGURG's default is to be ignored
  }
  if (!self->in_host && atomic_load(&self->instance->failure) != PROVER_OK) unwind_now(self);
}

static bool install(int signal_number, void (*handler)(int, siginfo_t*, void*), struct sigaction* previous) {
  if (sigaction(signal_number, NULL, previous) != 0) return false;
  struct sigaction action = { .sa_flags = previous->sa_flags | SA_SIGINFO | SA_ONSTACK, .sa_mask = previous->sa_mask };
  action.sa_flags &= ~(int)SA_RESETHAND;
  action.sa_sigaction = handler;
  return sigaction(signal_number, &action, NULL) == 0;
}

static void install_all(void) {
  bool ok = install(SIGSEGV, on_fault, &previous_segv) && install(SIGBUS, on_fault, &previous_bus) &&
            install(PROVER_END_SIGNAL, on_end_signal, &previous_end);
  install_status = ok ? PROVER_OK : PROVER_RESOURCE;
}

prover_status prover_install_handlers(void) {
  pthread_once(&installed, install_all);
  return install_status;
}
