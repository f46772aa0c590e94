// A PID 1 that starts the enclave's binary (/enclave-init), in one of the ways that tests need:
//   CHILD      as nitro-cli's init does: mounts, sends the heartbeat, runs it as a child and reaps
//   WRONG_RNG  mounts, puts another generator's name over rng_current, and becomes the enclave's binary
#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *const arguments[] = {"/enclave-init", "nomodules", NULL};
static char *const environment[] = {"TERM=linux", NULL};

int main(void) {
  mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
  mkdir("/proc", 0755);
  mkdir("/sys", 0755);
  mount("proc", "/proc", "proc", 0, NULL);
  mount("sysfs", "/sys", "sysfs", 0, NULL);
#if defined(WRONG_RNG)
  int fd = open("/rng_current", O_CREAT | O_WRONLY, 0444);
  (void)!write(fd, "virtio_rng.0\n", 13);
  close(fd);
  mount("/rng_current", "/sys/class/misc/hw_random/rng_current", NULL, MS_BIND, NULL);
  execve(arguments[0], arguments, environment);
#elif defined(CHILD)
  struct sockaddr_vm parent = {.svm_family = AF_VSOCK, .svm_cid = 3, .svm_port = 9000};
  int heartbeat = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char byte = (char)0xB7;
  if (connect(heartbeat, (struct sockaddr *)&parent, sizeof parent) == 0 && write(heartbeat, &byte, 1) == 1) (void)!read(heartbeat, &byte, 1);
  close(heartbeat);
  pid_t child = fork();
  if (child == 0) {
    execve(arguments[0], arguments, environment);
    _exit(127);
  }
  while (wait(NULL) != child) {
  }
#else
#error "-DCHILD or -DWRONG_RNG"
#endif
  reboot(RB_AUTOBOOT);
}
