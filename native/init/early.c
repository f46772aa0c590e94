// What must happen before the .NET runtime starts its first thread, and what is left when the runtime itself fails.
//
// The constructor runs before the runtime's own initialisation:
//  - SIGTERM, SIGINT and SIGCHLD are blocked. Every thread inherits that, so signalfd(2) gets them whichever thread they are
//    directed at; a runtime thread that did not block them would take a signal and, as PID 1's default action, drop it.
//  - Fatal signals get a last resort. The runtime and the prover install their own SIGSEGV and SIGFPE handlers later and hand on
//    what is not theirs; abort() comes here directly. A fault in PID 1 would otherwise be a kernel panic without a word.
//
// In the handler only async-signal-safe functions are called (signal-safety(7)), and nothing waits for longer than a second.
#define _GNU_SOURCE
#include "early.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  REPORT_PORT = 9001,
  REPORT_WAIT_MS = 1000,
  STACK_BYTES = 16384,
};

static const int fatal_signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGSYS, SIGTRAP};

static _Atomic int console = -1;
static _Atomic int armed = 0;
static _Atomic unsigned reported_to = 0;
static _Atomic int entered = 0;

static const char *name_of(int signal) {
  switch (signal) {
    case SIGABRT: return "SIGABRT";
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGILL: return "SIGILL";
    case SIGFPE: return "SIGFPE";
    case SIGSYS: return "SIGSYS";
    default: return "SIGTRAP";
  }
}

static size_t append(char *text, size_t length, const char *part) {
  size_t bytes = strlen(part);
  memcpy(text + length, part, bytes);
  return length + bytes;
}

// The record of docs/failures.md: {1: "fatal", 2: <signal's name>}. Deterministic CBOR; both texts are shorter than 24 bytes.
static size_t encode_report(char *record, const char *signal_name) {
  size_t length = append(record, 0, "\xA2\x01\x65" "fatal\x02");
  record[length++] = (char)(0x60 + strlen(signal_name));
  return append(record, length, signal_name);
}

static void report(unsigned cid, const char *signal_name) {
  struct sockaddr_vm parent = {.svm_family = AF_VSOCK, .svm_cid = cid, .svm_port = REPORT_PORT};
  char record[32];
  size_t length = encode_report(record, signal_name);
  int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return;
  if (connect(fd, (struct sockaddr *)&parent, sizeof parent) < 0) {
    struct pollfd connected = {.fd = fd, .events = POLLOUT};
    if (errno != EINPROGRESS || poll(&connected, 1, REPORT_WAIT_MS) != 1) return;
  }
  (void)!write(fd, record, length);
  // The packet is handed to the device by write; closing or ending the machine does not take it back.
}

static void last_resort(int signal) {
  if (getpid() != 1 || !atomic_load(&armed)) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigaction(signal, &standard, NULL);
    raise(signal);
    // Delivered when this handler returns, and with the mask restored.
    return;
  }
  // A fault in here, or another thread's, finds the machine about to end.
  if (atomic_exchange(&entered, 1) == 0) {
    const char *signal_name = name_of(signal);
    char line[64];
    size_t length = append(line, 0, "[init] fatal: ");
    length = append(line, length, signal_name);
    length = append(line, length, "\n");
    int fd = atomic_load(&console);
    if (fd >= 0) (void)!write(fd, line, length);
    unsigned cid = atomic_load(&reported_to);
    if (cid != 0) report(cid, signal_name);
  }
  reboot(RB_AUTOBOOT);
  for (;;) pause();
}

__attribute__((constructor)) static void before_the_runtime(void) {
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGINT);
  sigaddset(&blocked, SIGCHLD);
  sigprocmask(SIG_BLOCK, &blocked, NULL);

  // The main thread's signal stack until the runtime gives each thread one of its own.
  static char stack[STACK_BYTES] __attribute__((aligned(16)));
  stack_t signal_stack = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&signal_stack, NULL);
  struct sigaction action = {.sa_handler = last_resort, .sa_flags = SA_ONSTACK};
  sigfillset(&action.sa_mask);
  for (size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; i++) sigaction(fatal_signals[i], &action, NULL);
}

void early_arm(uint32_t cid) {
  atomic_store(&reported_to, cid);
  atomic_store(&armed, 1);
}

void early_set_console(int fd) { atomic_store(&console, fd); }
