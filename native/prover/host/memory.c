// Linear memory: a full reservation, growth by mprotect, the snapshot and its copy-on-write mappings.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

#define OS_PAGE 4096u
// Shorter runs of zero pages are stored: an extent costs a mapping in every instance.
#define MIN_HOLE_BYTES (256 * KIB)

static uint64_t size_now(const wasm_rt_memory_t* memory) {
  return __atomic_load_n(&memory->size, __ATOMIC_ACQUIRE);
}

static void set_pages(wasm_rt_memory_t* memory, uint64_t pages) {
  __atomic_store_n(&memory->size, pages * WASM_RT_PAGE_SIZE, __ATOMIC_RELEASE);
  __atomic_store_n(&memory->pages, pages, __ATOMIC_RELEASE);
}

bool prover_memory_holds(const prover_instance_t* instance, uint64_t address, uint64_t length) {
  uint64_t size = size_now(&instance->memory);
  return address <= size && length <= size - address;
}

prover_status prover_memory_reserve(prover_instance_t* instance, uint64_t pages) {
  wasm_rt_memory_t* memory = &instance->memory;
  void* data = mmap(NULL, PROVER_RESERVATION_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data == MAP_FAILED) return PROVER_RESOURCE;
  memory->data = data;
  memory->owner = instance;
  // Secrets stay out of core dumps. Fails only for mappings that do not exist.
  madvise(data, PROVER_RESERVATION_BYTES, MADV_DONTDUMP);
  // docs/decisions/0007: a third of the faults, no more memory. A kernel without huge pages refuses, and nothing is lost.
  madvise(data, PROVER_RESERVATION_BYTES, MADV_HUGEPAGE);
  if (mprotect(data, pages * WASM_RT_PAGE_SIZE, PROT_READ | PROT_WRITE) != 0) {
    prover_memory_release(instance);
    return PROVER_RESOURCE;
  }
  set_pages(memory, pages);
  return PROVER_OK;
}

void prover_memory_release(prover_instance_t* instance) {
  wasm_rt_memory_t* memory = &instance->memory;
  if (memory->data == NULL) return;
  munmap(memory->data, PROVER_RESERVATION_BYTES);
  memory->data = NULL;
  set_pages(memory, 0);
}

uint64_t wasm_rt_grow_memory(wasm_rt_memory_t* memory, uint64_t delta_pages) {
  prover_thread_t* self = prover_current;
  prover_instance_t* instance = memory->owner;
  prover_enter_host(self);
  pthread_mutex_lock(&instance->lock);
  uint64_t before = memory->pages;
  uint64_t after = before + (uint32_t)delta_pages;
  uint64_t limit = instance->memory_limit_bytes / WASM_RT_PAGE_SIZE;
  bool allowed = after <= limit;
  bool granted = allowed && mprotect(memory->data + before * WASM_RT_PAGE_SIZE, (after - before) * WASM_RT_PAGE_SIZE, PROT_READ | PROT_WRITE) == 0;
  if (granted) set_pages(memory, after);
  pthread_mutex_unlock(&instance->lock);
  if (!allowed)
    prover_unwind(self, PROVER_MEMORY, "linear memory of %llu MiB would exceed the limit of %llu MiB",
                  (unsigned long long)(after * WASM_RT_PAGE_SIZE / MIB), (unsigned long long)(limit * WASM_RT_PAGE_SIZE / MIB));
  if (!granted) prover_unwind(self, PROVER_RESOURCE, "mprotect: the kernel refused %llu more pages", (unsigned long long)delta_pages);
  prover_leave_host(self);
  return before;
}

static bool is_zero(const uint8_t* page) {
  static const uint8_t zeros[OS_PAGE];
  return memcmp(page, zeros, OS_PAGE) == 0;
}

static bool write_all(int fd, const uint8_t* bytes, uint64_t length) {
  while (length > 0) {
    ssize_t n = write(fd, bytes, length < GIB ? length : GIB);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes += n;
    length -= (uint64_t)n;
  }
  return true;
}

static bool store_extent(prover_t* prover, const uint8_t* data, uint64_t start, uint64_t end, uint64_t* offset) {
  if (!write_all(prover->snapshot_fd, data + start, end - start)) return false;
  prover->extents[prover->extent_count++] = (extent_t){ .address = start, .length = end - start, .file_offset = *offset };
  *offset += end - start;
  return true;
}

static bool store_all(prover_t* prover, const wasm_rt_memory_t* memory) {
  uint64_t offset = 0, start = 0, end = 0; // the pending run is [start, end)
  for (uint64_t at = 0; at < memory->size; at += OS_PAGE) {
    if (is_zero(memory->data + at)) continue;
    bool worth_splitting = at - end >= MIN_HOLE_BYTES && prover->extent_count < PROVER_MAX_EXTENTS - 1;
    if (end > start && worth_splitting) {
      if (!store_extent(prover, memory->data, start, end, &offset)) return false;
      start = at;
    } else if (end == start) {
      start = at;
    }
    end = at + OS_PAGE;
  }
  if (end > start && !store_extent(prover, memory->data, start, end, &offset)) return false;
  prover->statistics.snapshot_bytes = offset;
  return fcntl(prover->snapshot_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0;
}

// Runs of non-zero pages go into a sealed memfd; long runs of zero pages stay anonymous memory in each instance, since
// reading a hole of a memfd would allocate it.
prover_status prover_memory_store(prover_t* prover, const prover_instance_t* instance) {
  prover->snapshot_fd = memfd_create("prover-snapshot", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (prover->snapshot_fd < 0) return PROVER_RESOURCE;
  if (!store_all(prover, &instance->memory)) {
    close(prover->snapshot_fd);
    prover->snapshot_fd = -1;
    prover->extent_count = 0;
    return PROVER_RESOURCE;
  }
  prover->snapshot_pages = instance->memory.pages;
  prover->statistics.snapshot_memory_bytes = instance->memory.size;
  return PROVER_OK;
}

prover_status prover_memory_map_snapshot(const prover_t* prover, prover_instance_t* instance) {
  prover_status status = prover_memory_reserve(instance, prover->snapshot_pages);
  if (status != PROVER_OK) return status;
  for (uint32_t i = 0; i < prover->extent_count; i++) {
    const extent_t* extent = &prover->extents[i];
    void* at = instance->memory.data + extent->address;
    if (mmap(at, extent->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, prover->snapshot_fd, (off_t)extent->file_offset) == MAP_FAILED) {
      prover_memory_release(instance);
      return PROVER_RESOURCE;
    }
    madvise(at, extent->length, MADV_DONTDUMP);
  }
  return PROVER_OK;
}
