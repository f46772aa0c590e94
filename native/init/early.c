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

// What is said of a signal: its name, and for a call that the filter of system calls does not let through, which one.
// CBOR's short texts end at 23 bytes; "SIGSYS, call 4294967295" has as many.
enum { TEXT_BYTES = 24, MAX_DIGITS = 10, SECCOMP_CODE = 1 /* SYS_SECCOMP, which <signal.h> does not name */ };

static size_t append(char *text, size_t length, const char *part) {
  size_t bytes = strlen(part);
  memcpy(text + length, part, bytes);
  return length + bytes;
}

static void describe(char *text, int signal, const siginfo_t *info) {
  size_t length = append(text, 0, name_of(signal));
  if (signal == SIGSYS && info->si_code == SECCOMP_CODE) {
    char digits[MAX_DIGITS];
    size_t count = 0;
    unsigned number = (unsigned)info->si_syscall;
    do digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    length = append(text, length, ", call ");
    while (count > 0) text[length++] = digits[--count];
  }
  text[length] = 0;
}

// The record of docs/boot.md: {1: "fatal", 2: <what describe() says>}. Deterministic CBOR; both texts are shorter than 24 bytes.
static size_t encode_report(char *record, const char *text) {
  size_t length = append(record, 0, "\xA2\x01\x65" "fatal\x02");
  record[length++] = (char)(0x60 + strlen(text));
  return append(record, length, text);
}

static void report(unsigned cid, const char *text) {
  struct sockaddr_vm parent = {.svm_family = AF_VSOCK, .svm_cid = cid, .svm_port = REPORT_PORT};
  char record[40];
  size_t length = encode_report(record, text);
  int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return;
  if (connect(fd, (struct sockaddr *)&parent, sizeof parent) < 0) {
    struct pollfd connected = {.fd = fd, .events = POLLOUT};
    if (errno != EINPROGRESS || poll(&connected, 1, REPORT_WAIT_MS) != 1) return;
  }
  (void)!write(fd, record, length);
  // The packet is handed to the device by write; closing or ending the machine does not take it back.
}

static void last_resort(int signal, siginfo_t *info, void *context) {
  (void)context;
  if (getpid() != 1 || !atomic_load(&armed)) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigaction(signal, &standard, NULL);
    raise(signal);
    // Delivered when this handler returns, and with the mask restored.
    return;
  }
  // A fault in here, or another thread's, finds the machine about to end.
  if (atomic_exchange(&entered, 1) == 0) {
    char text[TEXT_BYTES];
    describe(text, signal, info);
    char line[64];
    size_t length = append(line, 0, "[init] fatal: ");
    length = append(line, length, text);
    length = append(line, length, "\n");
    int fd = atomic_load(&console);
    if (fd >= 0) (void)!write(fd, line, length);
    unsigned cid = atomic_load(&reported_to);
    if (cid != 0) report(cid, text);
  }
  reboot(RB_AUTOBOOT);
  for (;;) pause();
}

// Where the ramdisk has no /dev/console, PID 1 begins without standard streams: what the runtime opens for itself would have their numbers,
// and be lost when they become /dev/null.
static void take_standard_streams(void) {
  int fd;
  do fd = open("/", O_PATH);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
}

__attribute__((constructor)) static void before_the_runtime(void) {
  take_standard_streams();
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
  struct sigaction action = {.sa_sigaction = last_resort, .sa_flags = SA_ONSTACK | SA_SIGINFO};
  sigfillset(&action.sa_mask);
  for (size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; i++) sigaction(fatal_signals[i], &action, NULL);
}

void early_arm(uint32_t cid) {
  atomic_store(&reported_to, cid);
  atomic_store(&armed, 1);
}

void early_set_console(int fd) { atomic_store(&console, fd); }

// The linker's: the first byte of the executable in memory.
extern const char __ehdr_start[];

const void *early_image_base(void) { return __ehdr_start; }
