// The ABI: provers, instances, calls.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

static prover_status report(prover_error* error, prover_status status, const char* message) {
  if (error != NULL) {
    error->status = (int32_t)status;
    snprintf(error->message, sizeof error->message, "%s", message);
  }
  return status;
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// ---- instances

static void* map_zeroed(size_t bytes) {
  void* at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return at == MAP_FAILED ? NULL : at;
}

static prover_instance_t* new_instance(prover_t* prover, bool is_base) {
  prover_instance_t* instance = map_zeroed(sizeof *instance);
  if (instance == NULL) return NULL;
  instance->prover = prover;
  instance->is_base = is_base;
  instance->memory_limit_bytes = prover->config.memory_limit_bytes;
  instance->next_thread_id = prover->deferred_count;
  instance->env.instance = instance->wasi.instance = instance->preview1.instance = instance;
  pthread_mutex_init(&instance->lock, NULL);
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&instance->changed, &monotonic);
  pthread_condattr_destroy(&monotonic);
  return instance;
}

static void free_instance(prover_instance_t* instance) {
  prover_memory_release(instance);
  pthread_cond_destroy(&instance->changed);
  pthread_mutex_destroy(&instance->lock);
  munmap(instance, sizeof *instance);
}

static void count_end(prover_instance_t* instance) {
  prover_t* prover = instance->prover;
  int failure = atomic_load(&instance->failure);
  pthread_mutex_lock(&prover->lock);
  if (failure != PROVER_OK) prover->statistics.failed[failure]++;
  if (instance->memory.size > prover->statistics.peak_memory_bytes) prover->statistics.peak_memory_bytes = instance->memory.size;
  pthread_mutex_unlock(&prover->lock);
}

static void count_threads(prover_instance_t* instance, uint32_t before) {
  uint32_t after = prover_thread_count(instance);
  pthread_mutex_lock(&instance->prover->lock);
  instance->prover->statistics.live_threads += (uint64_t)after - before;
  pthread_mutex_unlock(&instance->prover->lock);
}

// Waits, with the lock held, until the call is done, the instance has failed or the deadline is over.
static void wait_for_call(prover_instance_t* instance, uint64_t timeout_ns) {
  uint64_t end = now_ns() + timeout_ns;
  struct timespec until = { .tv_sec = (time_t)(end / 1000000000u), .tv_nsec = (long)(end % 1000000000u) };
  while (!instance->call_done && atomic_load(&instance->failure) == PROVER_OK) {
    if (timeout_ns == 0) {
      pthread_cond_wait(&instance->changed, &instance->lock);
    } else if (pthread_cond_timedwait(&instance->changed, &instance->lock, &until) == ETIMEDOUT) {
      char message[80];
      snprintf(message, sizeof message, "deadline of %llu ms expired", (unsigned long long)(timeout_ns / 1000000u));
      if (!instance->call_done) prover_fail(instance, PROVER_DEADLINE, message);
    }
  }
}

static prover_status start_deferred(prover_instance_t* instance) {
  const prover_t* prover = instance->prover;
  prover_status status = PROVER_OK;
  if (instance->started || instance->is_base) return PROVER_OK;
  instance->started = true;
  for (uint32_t i = 0; i < prover->deferred_count && status == PROVER_OK; i++)
    status = prover_thread_start(instance, prover_spawned_body, prover->deferred[i].spawn_id, prover->deferred[i].argument);
  return status;
}

prover_status prover_run(prover_instance_t* instance, thread_body* body, uint32_t argument, uint64_t timeout_ns, prover_error* error) {
  pthread_mutex_lock(&instance->lock);
  if (instance->busy) {
    pthread_mutex_unlock(&instance->lock);
    return report(error, PROVER_STATE, "the instance is busy with another call");
  }
  instance->busy = true;
  instance->call_done = false;
  uint32_t threads_before = prover_thread_count(instance);
  prover_status started = start_deferred(instance);
  if (started == PROVER_OK) started = prover_thread_start(instance, body, 0, argument);
  if (started == PROVER_OK) wait_for_call(instance, timeout_ns);
  else if (atomic_load(&instance->failure) == PROVER_OK) prover_fail(instance, started, "no thread for the call");
  prover_status status = (prover_status)atomic_load(&instance->failure);
  if (status != PROVER_OK) {
    prover_end_threads(instance);
    if (instance->memory.data != NULL) count_end(instance);
    prover_memory_release(instance);
    instance->request = instance->reply = 0;
  } else {
    prover_reap_threads(instance);
  }
  count_threads(instance, threads_before);
  report(error, status, instance->message);
  instance->busy = false;
  pthread_mutex_unlock(&instance->lock);
  return status;
}

// ---- provers

static void initialize_body(prover_thread_t* self) {
  w2c_bb_0x5Finitialize(&self->module->w2c);
}

static const char* invalid(const prover_config* config) {
  if (config->threads < 1 || config->threads > PROVER_MAX_THREADS) return "threads: 1 to 64";
  if (config->stack_bytes < 64 * KIB || config->stack_bytes > GIB) return "stack_bytes: 64 KiB to 1 GiB";
  if (config->memory_limit_bytes < 4 * MIB || config->memory_limit_bytes > 4 * GIB) return "memory_limit_bytes: 4 MiB to 4 GiB";
  if (config->without > (PROVER_FEATURE_ADX | PROVER_FEATURE_AVX512 | PROVER_FEATURE_IFMA)) return "without: unknown features";
  return NULL;
}

static void free_prover(prover_t* prover) {
  if (prover->base != NULL) free_instance(prover->base);
  if (prover->snapshot_fd >= 0) close(prover->snapshot_fd);
  pthread_mutex_destroy(&prover->lock);
  munmap(prover, sizeof *prover);
}

prover_status prover_create(const prover_config* config, prover_t** out, prover_error* error) {
  if (config == NULL || out == NULL) return report(error, PROVER_ARGUMENT, "null argument");
  *out = NULL;
  const char* missing = prover_missing_cpu_feature();
  if (missing != NULL) {
    char message[120];
    snprintf(message, sizeof message, "this CPU lacks %s; the prover needs x86-64-v3 (AVX2, BMI2, FMA)", missing);
    return report(error, PROVER_CPU, message);
  }
  const char* wrong = invalid(config);
  if (wrong != NULL) return report(error, PROVER_ARGUMENT, wrong);
  prover_find_cpu_features(config->without);
  if (prover_install_handlers() != PROVER_OK) return report(error, PROVER_RESOURCE, "sigaction refused");

  prover_t* prover = map_zeroed(sizeof *prover);
  if (prover == NULL) return report(error, PROVER_RESOURCE, "mmap refused");
  prover->config = *config;
  prover->snapshot_fd = -1;
  pthread_mutex_init(&prover->lock, NULL);
  prover->base = new_instance(prover, true);
  if (prover->base == NULL || prover_memory_reserve(prover->base, PROVER_INITIAL_PAGES) != PROVER_OK) {
    free_prover(prover);
    return report(error, PROVER_RESOURCE, "mmap refused the linear memory's reservation");
  }
  prover_status status = prover_run(prover->base, initialize_body, 0, 0, error);
  if (status != PROVER_OK) {
    free_prover(prover);
    return status;
  }
  *out = prover;
  return PROVER_OK;
}

prover_instance_t* prover_base(prover_t* prover) {
  return prover == NULL ? NULL : prover->base;
}

// Loading the CRS leaves copies of it in freed memory, which the snapshot would store. Takes what is free, large blocks
// first and each size until the memory grows for it, clears it and gives it back: cleared pages are not stored. Large
// blocks, because the allocator's header of each stays behind and makes the cleared memory two runs.
static void scrub_body(prover_thread_t* self) {
  enum { SMALLEST_BYTES = 1 << 20, MAX_BLOCKS = 1024 };
  w2c_bb* w2c = &self->module->w2c;
  const wasm_rt_memory_t* memory = &self->instance->memory;
  uint32_t blocks[MAX_BLOCKS], count = 0;
  for (uint32_t bytes = self->argument / 4; bytes >= SMALLEST_BYTES; bytes /= 4) {
    for (uint64_t pages = memory->pages; count < MAX_BLOCKS && memory->pages == pages;) {
      uint32_t block = w2c_bb_bbmalloc(w2c, bytes);
      if (block == 0 || !prover_memory_holds(self->instance, block, bytes)) break;
      memset(memory->data + block, 0, bytes);
      blocks[count++] = block;
    }
  }
  while (count > 0) w2c_bb_bbfree(w2c, blocks[--count]);
}

prover_status prover_freeze(prover_t* prover, prover_error* error) {
  if (prover == NULL) return report(error, PROVER_ARGUMENT, "null argument");
  prover_instance_t* base = prover->base;
  if (base == NULL) return report(error, PROVER_STATE, "already frozen");
  pthread_mutex_lock(&base->lock);
  prover_status status = (prover_status)atomic_load(&base->failure);
  bool busy = base->busy;
  pthread_mutex_unlock(&base->lock);
  if (status != PROVER_OK) return report(error, status, base->message);
  if (busy) return report(error, PROVER_STATE, "the base instance is busy");
  status = prover_run(base, scrub_body, prover->largest_request_bytes, 0, error);
  if (status != PROVER_OK) return status;
  status = prover_memory_store(prover, base);
  if (status != PROVER_OK) return report(error, status, "memfd for the snapshot refused");
  prover->snapshot_g0 = base->main_module.w2c.w2c_g0;
  prover->snapshot_g1 = base->main_module.w2c.w2c_g1;
  free_instance(base);
  prover->base = NULL;
  return report(error, PROVER_OK, "");
}

prover_status prover_open(prover_t* prover, prover_instance_t** out, prover_error* error) {
  if (prover == NULL || out == NULL) return report(error, PROVER_ARGUMENT, "null argument");
  *out = NULL;
  if (prover->base != NULL) return report(error, PROVER_STATE, "not frozen yet");
  uint64_t start = now_ns();
  prover_instance_t* instance = new_instance(prover, false);
  if (instance == NULL) return report(error, PROVER_RESOURCE, "mmap refused");
  if (prover_memory_map_snapshot(prover, instance) != PROVER_OK) {
    free_instance(instance);
    return report(error, PROVER_RESOURCE, "mmap refused the linear memory's reservation");
  }
  pthread_mutex_lock(&prover->lock);
  prover->statistics.opened++;
  prover->statistics.live_instances++;
  prover->statistics.last_open_ns = now_ns() - start;
  pthread_mutex_unlock(&prover->lock);
  *out = instance;
  return report(error, PROVER_OK, "");
}

void prover_limit_memory(prover_instance_t* instance, uint64_t bytes) {
  if (instance == NULL) return;
  uint64_t most = instance->prover->config.memory_limit_bytes, stored = instance->prover->statistics.snapshot_bytes;
  pthread_mutex_lock(&instance->lock);
  instance->memory_limit_bytes = stored < most && bytes < most - stored ? stored + bytes : most;
  pthread_mutex_unlock(&instance->lock);
}

void prover_close(prover_instance_t* instance) {
  if (instance == NULL) return;
  prover_t* prover = instance->prover;
  pthread_mutex_lock(&instance->lock);
  uint32_t threads_before = prover_thread_count(instance);
  if (instance->memory.data != NULL) count_end(instance);
  prover_fail(instance, PROVER_CANCELLED, "closed");
  prover_end_threads(instance);
  count_threads(instance, threads_before);
  pthread_mutex_unlock(&instance->lock);
  free_instance(instance);
  pthread_mutex_lock(&prover->lock);
  prover->statistics.live_instances--;
  pthread_mutex_unlock(&prover->lock);
}

prover_status prover_destroy(prover_t* prover, prover_error* error) {
  if (prover == NULL) return report(error, PROVER_ARGUMENT, "null argument");
  pthread_mutex_lock(&prover->lock);
  uint64_t live = prover->statistics.live_instances;
  pthread_mutex_unlock(&prover->lock);
  if (live != 0) return report(error, PROVER_STATE, "instances are still open");
  free_prover(prover);
  return report(error, PROVER_OK, "");
}

void prover_stats(prover_t* prover, prover_statistics* out) {
  if (prover == NULL || out == NULL) return;
  pthread_mutex_lock(&prover->lock);
  *out = prover->statistics;
  pthread_mutex_unlock(&prover->lock);
  out->dropped_log_lines = atomic_load(&prover->dropped_log_lines);
  out->srs_kind = prover_srs_kind;
}

// ---- requests

// bbapi(request, length, &reply, &reply_length): the two result words follow each other.
enum { REPLY_CELL_BYTES = 8 };

static void request_body(prover_thread_t* self) {
  prover_instance_t* instance = self->instance;
  w2c_bb* w2c = &self->module->w2c;
  if (instance->reply != 0) w2c_bb_bbfree(w2c, instance->reply);
  if (instance->request != 0) w2c_bb_bbfree(w2c, instance->request);
  instance->reply = instance->request = 0;
  if (instance->reply_cell == 0) instance->reply_cell = w2c_bb_bbmalloc(w2c, REPLY_CELL_BYTES);
  instance->request_length = self->argument;
  instance->request = w2c_bb_bbmalloc(w2c, self->argument);
}

prover_status prover_request(prover_instance_t* instance, uint32_t length, uint64_t timeout_ns, uint8_t** bytes, prover_error* error) {
  if (instance == NULL || bytes == NULL || length == 0) return report(error, PROVER_ARGUMENT, "null argument or empty request");
  *bytes = NULL;
  prover_status status = prover_run(instance, request_body, length, timeout_ns, error);
  if (status != PROVER_OK) return status;
  // The addresses come from inside the sandbox.
  if (instance->request == 0 || !prover_memory_holds(instance, instance->request, length) ||
      !prover_memory_holds(instance, instance->reply_cell, REPLY_CELL_BYTES))
    return report(error, PROVER_REPLY, "bbmalloc gave no memory inside the instance");
  *bytes = instance->memory.data + instance->request;
  return PROVER_OK;
}

static void call_body(prover_thread_t* self) {
  prover_instance_t* instance = self->instance;
  u32 cell = instance->reply_cell;
  memset(instance->memory.data + cell, 0, REPLY_CELL_BYTES);
  w2c_bb_bbapi(&self->module->w2c, instance->request, instance->request_length, cell, cell + 4);
  if (instance->is_base) {
    // The request is the CRS: cleared pages need not be stored in the snapshot.
    if (instance->request_length > instance->prover->largest_request_bytes) instance->prover->largest_request_bytes = instance->request_length;
    memset(instance->memory.data + instance->request, 0, instance->request_length);
  }
  w2c_bb_bbfree(&self->module->w2c, instance->request);
  instance->request = 0;
  memcpy(&instance->reply, instance->memory.data + cell, 4);
  memcpy(&instance->reply_length, instance->memory.data + cell + 4, 4);
}

prover_status prover_call(prover_instance_t* instance, uint64_t timeout_ns, const uint8_t** reply, uint32_t* reply_length, prover_error* error) {
  if (instance == NULL || reply == NULL || reply_length == NULL) return report(error, PROVER_ARGUMENT, "null argument");
  *reply = NULL;
  *reply_length = 0;
  if (instance->request == 0 && atomic_load(&instance->failure) == PROVER_OK) return report(error, PROVER_STATE, "no request");
  prover_status status = prover_run(instance, call_body, 0, timeout_ns, error);
  if (status != PROVER_OK) return status;
  if (instance->reply == 0 || !prover_memory_holds(instance, instance->reply, instance->reply_length))
    return report(error, PROVER_REPLY, "the reply lies outside the instance's memory");
  *reply = instance->memory.data + instance->reply;
  *reply_length = instance->reply_length;
  return PROVER_OK;
}

void prover_cancel(prover_instance_t* instance) {
  if (instance == NULL) return;
  pthread_mutex_lock(&instance->lock);
  prover_fail(instance, PROVER_CANCELLED, "cancelled");
  pthread_mutex_unlock(&instance->lock);
}
