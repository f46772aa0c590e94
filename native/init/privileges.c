// Capabilities, bounding set and securebits belong to a thread, not to the process: each thread has to give up its own. The caller asks
// for its own, then has each other thread interrupted by a signal, whose handler does the same.
#define _GNU_SOURCE
#include "privileges.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CAPABILITIES = 64 };

// What a root user would get without asking, switched off for good. KEEP_CAPS is locked as it is: off.
static const unsigned long securebits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED |
                                        SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;

static _Atomic uint64_t kept;

// A thread may be told again before it has come to it. Then the second time makes no call: all have given up what they should by then,
// so the filter of system calls may be there already. capset is the last call of the first time, and what the caller looks for.
static _Thread_local volatile sig_atomic_t has_given_up;

// Async-signal-safe: system calls alone. What needs CAP_SETPCAP comes first; a thread without it has nothing to lose there.
static int give_up(void) {
  uint64_t keep = atomic_load(&kept);
  for (int capability = 0; capability < CAPABILITIES; capability++)
    if ((keep >> capability & 1) == 0) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  prctl(PR_SET_SECUREBITS, securebits, 0, 0, 0);
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);

  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
  if (syscall(SYS_capget, &header, data) != 0) return errno;
  for (int half = 0; half < _LINUX_CAPABILITY_U32S_3; half++) {
    data[half].permitted &= (uint32_t)(keep >> (32 * half));
    data[half].effective = data[half].permitted;
    data[half].inheritable = 0;
  }
  if (syscall(SYS_capset, &header, data) != 0) return errno;
  has_given_up = 1;
  return 0;
}

static void on_request(int signal) {
  (void)signal;
  int interrupted = errno;
  if (!has_given_up) give_up(); // whether it has, the caller reads in /proc
  errno = interrupted;
}

int early_keep_capabilities(uint64_t keep) {
  atomic_store(&kept, keep);
  struct sigaction action = {.sa_handler = on_request, .sa_flags = SA_RESTART};
  sigfillset(&action.sa_mask);
  if (sigaction(SIGRTMAX, &action, NULL) != 0) return errno;
  return give_up();
}

void early_tell_thread(int thread) { syscall(SYS_tgkill, getpid(), thread, SIGRTMAX); }

void early_capabilities_given_up(void) {
  struct sigaction ignored = {.sa_handler = SIG_IGN};
  sigaction(SIGRTMAX, &ignored, NULL);
}
