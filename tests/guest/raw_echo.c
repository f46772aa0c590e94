// PID 1 that moves bytes over vsock and does nothing else: what the protocol and the back ends are measured against. One thread a connection.
//   port 5000  echo: messages, each behind its length (four bytes, big-endian), come back as they are
//   port 5001  sink: takes bytes to the end of the stream, then says how many (eight bytes, big-endian)
//   port 5002  source: asked for a total (eight bytes, big-endian) and the size of a write (four), it sends that many zeros
// A connection that breaks these rules is closed.
#define _GNU_SOURCE
#include <endian.h>
#include <linux/vm_sockets.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ECHO_PORT = 5000, SINK_PORT, SOURCE_PORT, LENGTH_BYTES = 4, FIRST_BUFFER = 64 * 1024, LARGEST_MESSAGE = 16 * 1024 * 1024 };

static int write_all(int fd, const char *from, size_t count) {
  while (count > 0) {
    ssize_t written = write(fd, from, count);
    if (written <= 0) return 0;
    from += written;
    count -= (size_t)written;
  }
  return 1;
}

static int read_all(int fd, void *to, size_t count) {
  size_t have = 0;
  while (have < count) {
    ssize_t received = read(fd, (char *)to + have, count - have);
    if (received <= 0) return 0;
    have += (size_t)received;
  }
  return 1;
}

// The bytes of the whole messages at the buffer's start; *wanted becomes the size of a buffer that holds the next one, or 0: too long.
static size_t whole_messages(const char *buffer, size_t have, size_t *wanted) {
  size_t whole = 0;
  *wanted = LENGTH_BYTES;
  while (have - whole >= LENGTH_BYTES) {
    uint32_t length;
    memcpy(&length, buffer + whole, sizeof length);
    length = be32toh(length);
    *wanted = length > LARGEST_MESSAGE ? 0 : LENGTH_BYTES + (size_t)length;
    if (*wanted == 0 || have - whole < *wanted) break;
    whole += *wanted;
    *wanted = LENGTH_BYTES;
  }
  return whole;
}

static void *echo(void *argument) {
  int fd = (int)(intptr_t)argument;
  size_t size = FIRST_BUFFER, have = 0, wanted = LENGTH_BYTES;
  char *buffer = malloc(size);
  while (buffer != NULL && wanted != 0) {
    ssize_t received = read(fd, buffer + have, size - have);
    if (received <= 0) break;
    have += (size_t)received;
    size_t whole = whole_messages(buffer, have, &wanted);
    if (!write_all(fd, buffer, whole)) break;
    memmove(buffer, buffer + whole, have -= whole);
    if (wanted > size) {
      char *larger = realloc(buffer, size = wanted);
      if (larger == NULL) break;
      buffer = larger;
    }
  }
  free(buffer);
  close(fd);
  return NULL;
}

static void *sink(void *argument) {
  int fd = (int)(intptr_t)argument;
  char *buffer = malloc(FIRST_BUFFER);
  uint64_t total = 0;
  ssize_t received = 0;
  while (buffer != NULL && (received = read(fd, buffer, FIRST_BUFFER)) > 0) total += (uint64_t)received;
  total = htobe64(total);
  if (received == 0) write_all(fd, (char *)&total, sizeof total);
  free(buffer);
  close(fd);
  return NULL;
}

static void *source(void *argument) {
  int fd = (int)(intptr_t)argument;
  struct __attribute__((packed)) {
    uint64_t total;
    uint32_t size;
  } order;
  if (read_all(fd, &order, sizeof order)) {
    uint64_t left = be64toh(order.total);
    uint32_t size = be32toh(order.size);
    char *buffer = size > 0 && size <= LARGEST_MESSAGE ? calloc(1, size) : NULL;
    while (buffer != NULL && left > 0) {
      size_t count = left < size ? (size_t)left : size;
      if (!write_all(fd, buffer, count)) break;
      left -= count;
    }
    free(buffer);
  }
  close(fd);
  return NULL;
}

struct service {
  unsigned port;
  void *(*serve)(void *);
};

static void *accept_on(void *argument) {
  const struct service *service = argument;
  struct sockaddr_vm any = {.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = service->port};
  // As large as the enclave's own: accepted sockets have it from the listener. The largest allowed first, or the size is cut to it.
  uint64_t window = 4 * 1024 * 1024;
  int listener = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(listener, AF_VSOCK, SO_VM_SOCKETS_BUFFER_MAX_SIZE, &window, sizeof window);
  setsockopt(listener, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &window, sizeof window);
  if (bind(listener, (struct sockaddr *)&any, sizeof any) != 0 || listen(listener, 4096) != 0) return NULL;
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 64 * 1024);
  pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    pthread_t thread;
    if (fd >= 0 && pthread_create(&thread, &small, service->serve, (void *)(intptr_t)fd) != 0) close(fd);
  }
}

static void heartbeat(void) {
  struct sockaddr_vm parent = {.svm_family = AF_VSOCK, .svm_cid = 3, .svm_port = 9000};
  int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char byte = (char)0xB7;
  if (connect(fd, (struct sockaddr *)&parent, sizeof parent) == 0 && write(fd, &byte, 1) == 1) (void)!read(fd, &byte, 1);
  close(fd);
}

int main(void) {
  static struct service services[] = {{ECHO_PORT, echo}, {SINK_PORT, sink}, {SOURCE_PORT, source}};
  pthread_t thread;
  (void)!write(STDOUT_FILENO, "[raw-echo] start\n", 17);
  pthread_create(&thread, NULL, accept_on, &services[1]);
  pthread_create(&thread, NULL, accept_on, &services[2]);
  heartbeat();
  accept_on(&services[0]);
}
