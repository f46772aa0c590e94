// Prover threads: sandboxed code runs on these and nowhere else. Each has its own mapping with guards, so that an
// exhausted stack is a fault with a name and nothing of a request survives on a stack.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "internal.h"

static uint64_t round_up(uint64_t n, uint64_t unit) {
  return (n + unit - 1) / unit * unit;
}

static prover_thread_t* map_thread(uint64_t stack_bytes) {
  const uint64_t page = 4096;
  uint64_t stack = round_up(stack_bytes, page);
  uint64_t control = round_up(sizeof(prover_thread_t), page);
  uint64_t usable = PROVER_SIGNAL_STACK_BYTES + PROVER_STACK_GUARD_BYTES + stack + control;
  uint64_t total = page + usable;
  uint8_t* mapping = mmap(NULL, total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) return NULL;
  uint8_t* signal_stack = mapping + page;
  uint8_t* guard = signal_stack + PROVER_SIGNAL_STACK_BYTES;
  uint8_t* low = guard + PROVER_STACK_GUARD_BYTES;
  if (mprotect(signal_stack, PROVER_SIGNAL_STACK_BYTES, PROT_READ | PROT_WRITE) != 0 ||
      mprotect(low, stack + control, PROT_READ | PROT_WRITE) != 0) {
    munmap(mapping, total);
    return NULL;
  }
  madvise(mapping, total, MADV_DONTDUMP);
  prover_thread_t* self = (prover_thread_t*)(low + stack);
  self->mapping = mapping;
  self->mapping_bytes = total;
  self->signal_stack = signal_stack;
  self->stack_guard = guard;
  self->stack = low;
  return self;
}

uint8_t* prover_thread_scratch(prover_thread_t* self, size_t bytes) {
  if (bytes <= self->scratch_bytes) return self->scratch;
  prover_enter_host(self);
  if (self->scratch != NULL) munmap(self->scratch, self->scratch_bytes);
  self->scratch = NULL;
  self->scratch_bytes = 0;
  void* mapping = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping != MAP_FAILED) {
    madvise(mapping, bytes, MADV_DONTDUMP);
    madvise(mapping, bytes, MADV_HUGEPAGE);
    self->scratch = mapping;
    self->scratch_bytes = bytes;
  }
  prover_leave_host(self);
  return self->scratch;
}

static void prepare(prover_thread_t* self) {
  prover_instance_t* instance = self->instance;
  w2c_bb* w2c = &self->module->w2c;
  wasm2c_bb_instantiate(w2c, &instance->env, &instance->wasi, &instance->preview1);
}

// Instantiation runs the module's start function, so it happens here, contained, and not in prover_open.
static void prepare_main(prover_thread_t* self) {
  prover_instance_t* instance = self->instance;
  if (instance->instantiated) return;
  prepare(self);
  if (!instance->is_base) {
    // The start function sees initialised memory and skips what sets these; they are the base's, at rest.
    self->module->w2c.w2c_g0 = instance->prover->snapshot_g0;
    self->module->w2c.w2c_g1 = instance->prover->snapshot_g1;
  }
  instance->instantiated = true;
}

static void run_body(prover_thread_t* self) {
  stack_t signal_stack = { .ss_sp = self->signal_stack, .ss_size = PROVER_SIGNAL_STACK_BYTES };
  sigaltstack(&signal_stack, NULL);
  prover_current = self;
  if (sigsetjmp(self->unwind, 1) == 0) {
    prover_leave_host(self);
    if (self->module == &self->own_module) prepare(self);
    else prepare_main(self);
    self->body(self);
  }
  self->in_host = 1;
}

static void* thread_main(void* argument) {
  prover_thread_t* self = argument;
  prover_instance_t* instance = self->instance;
  run_body(self);
  // By the body's end or by an unwinding.
  pthread_mutex_lock(&instance->lock);
  prover_current = NULL;
  if (self->failure == PROVER_STACK) prover_fail(instance, PROVER_STACK, "stack of a prover thread exhausted");
  else if (self->failure != PROVER_OK) prover_fail(instance, self->failure, self->message);
  if (self->module == &instance->main_module) instance->call_done = true;
  self->finished = true;
  pthread_cond_broadcast(&instance->changed);
  pthread_mutex_unlock(&instance->lock);
  return NULL;
}

// Signals that are somebody else's business stay off prover threads; the ones that we handle get through.
static void prover_signal_mask(sigset_t* mask) {
  sigfillset(mask);
  const int through[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, PROVER_END_SIGNAL };
  for (size_t i = 0; i < sizeof through / sizeof *through; i++) sigdelset(mask, through[i]);
}

static int create_pthread(prover_thread_t* self) {
  pthread_attr_t attributes;
  sigset_t mask;
  int error = pthread_attr_init(&attributes);
  if (error != 0) return error;
  prover_signal_mask(&mask);
  error = pthread_attr_setstack(&attributes, self->stack, (size_t)((uint8_t*)self - self->stack));
  if (error == 0) error = pthread_attr_setsigmask_np(&attributes, &mask);
  if (error == 0) error = pthread_create(&self->pthread, &attributes, thread_main, self);
  pthread_attr_destroy(&attributes);
  return error;
}

prover_status prover_thread_start(prover_instance_t* instance, thread_body* body, uint32_t spawn_id, uint32_t argument) {
  if (atomic_load(&instance->failure) != PROVER_OK) return (prover_status)atomic_load(&instance->failure);
  uint32_t slot = 0;
  while (slot < instance->prover->config.threads && instance->threads[slot] != NULL) slot++;
  if (slot == instance->prover->config.threads) return PROVER_RESOURCE;
  prover_thread_t* self = map_thread(instance->prover->config.stack_bytes);
  if (self == NULL) return PROVER_RESOURCE;
  self->instance = instance;
  self->body = body;
  self->in_host = 1;
  self->spawn_id = spawn_id;
  self->argument = argument;
  self->module = spawn_id == 0 ? &instance->main_module : &self->own_module;
  if (create_pthread(self) != 0) {
    munmap(self->mapping, self->mapping_bytes);
    return PROVER_RESOURCE;
  }
  instance->threads[slot] = self;
  return PROVER_OK;
}

void prover_fail(prover_instance_t* instance, prover_status status, const char* message) {
  if (atomic_load(&instance->failure) != PROVER_OK) return;
  snprintf(instance->message, sizeof instance->message, "%s", message);
  atomic_store(&instance->failure, (int)status);
  pthread_cond_broadcast(&instance->changed);
}

void prover_reap_threads(prover_instance_t* instance) {
  for (uint32_t i = 0; i < PROVER_MAX_THREADS; i++) {
    prover_thread_t* thread = instance->threads[i];
    if (thread == NULL || !thread->finished) continue;
    pthread_join(thread->pthread, NULL);
    if (thread->scratch != NULL) munmap(thread->scratch, thread->scratch_bytes);
    munmap(thread->mapping, thread->mapping_bytes);
    instance->threads[i] = NULL;
  }
}

uint32_t prover_thread_count(const prover_instance_t* instance) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < PROVER_MAX_THREADS; i++) count += instance->threads[i] != NULL;
  return count;
}

static bool any_running(const prover_instance_t* instance) {
  for (uint32_t i = 0; i < PROVER_MAX_THREADS; i++)
    if (instance->threads[i] != NULL && !instance->threads[i]->finished) return true;
  return false;
}

static void signal_threads(const prover_instance_t* instance) {
  for (uint32_t i = 0; i < PROVER_MAX_THREADS; i++)
    if (instance->threads[i] != NULL && !instance->threads[i]->finished) pthread_kill(instance->threads[i]->pthread, PROVER_END_SIGNAL);
}

// The failure is set, so a thread unwinds wherever it is: in generated code or a wait by the signal, in host code
// when it leaves it, before its start when it begins. The repetition only guards against a signal lost to a bug.
void prover_end_threads(prover_instance_t* instance) {
  while (any_running(instance)) {
    signal_threads(instance);
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += 10 * 1000 * 1000;
    if (until.tv_nsec >= 1000000000) { until.tv_sec++; until.tv_nsec -= 1000000000; }
    pthread_cond_timedwait(&instance->changed, &instance->lock, &until);
  }
  prover_reap_threads(instance);
}
