// A PID 1 that starts the enclave's binary (/enclave-init), in one of the ways that tests need:
//   CHILD       as nitro-cli's init does: mounts, sends the heartbeat, runs it as a child and reaps
//   STORM       as CHILD, and sends a signal to every thread of the child without pause
// Or mounts, does one thing, and becomes the enclave's binary:
//   WRONG_RNG   puts another generator's name over rng_current
//   FULL_TTY    writes to the console until it takes no more
//   NO_STREAMS  closes descriptors 0 to 2
//   FEW_FILES   lets the machine have so many open files
// Or mounts nothing, and becomes it:
//   NO_FOLDERS  without the folders that boot mounts on
//   NO_FOLDER   the same, with a file where /proc would be
#include <dirent.h>
#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char *const arguments[] = {"/enclave-init", "nomodules", NULL};
static char *const environment[] = {"TERM=linux", NULL};

#if !defined(NO_FOLDERS) && !defined(NO_FOLDER)
static void mount_all(void) {
  mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
  mkdir("/proc", 0755);
  mkdir("/sys", 0755);
  mount("proc", "/proc", "proc", 0, NULL);
  mount("sysfs", "/sys", "sysfs", 0, NULL);
}
#endif

#if defined(CHILD) || defined(STORM)
static void heartbeat(void) {
  struct sockaddr_vm parent = {.svm_family = AF_VSOCK, .svm_cid = 3, .svm_port = 9000};
  int heartbeat = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char byte = (char)0xB7;
  if (connect(heartbeat, (struct sockaddr *)&parent, sizeof parent) == 0 && write(heartbeat, &byte, 1) == 1) (void)!read(heartbeat, &byte, 1);
  close(heartbeat);
}
#endif

#if defined(STORM)
// The signal by which .NET asks a thread to stop for a collection: its handler does nothing for one that another process has sent. It comes
// to threads once they have the handler, which is after a second.
static void storm(pid_t child) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task", child);
  for (sleep(1); waitpid(child, NULL, WNOHANG) != child; usleep(500)) {
    DIR *threads = opendir(path);
    if (threads == NULL) continue;
    for (struct dirent *thread; (thread = readdir(threads)) != NULL;)
      if (atoi(thread->d_name) > 0) syscall(SYS_tgkill, child, atoi(thread->d_name), 34);
    closedir(threads);
  }
}
#endif

int main(void) {
#if defined(NO_FOLDERS) || defined(NO_FOLDER)
  rmdir("/dev");
  rmdir("/proc");
  rmdir("/sys");
#if defined(NO_FOLDER)
  close(open("/proc", O_CREAT | O_WRONLY | O_CLOEXEC, 0444));
#endif
#else
  mount_all();
#endif
#if defined(WRONG_RNG)
  int fd = open("/rng_current", O_CREAT | O_WRONLY, 0444);
  (void)!write(fd, "virtio_rng.0\n", 13);
  close(fd);
  mount("/rng_current", "/sys/class/misc/hw_random/rng_current", NULL, MS_BIND, NULL);
#elif defined(FULL_TTY)
  int console = open("/dev/console", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  for (int refusals = 0; refusals < 50;) {
    if (write(console, "x", 1) == 1) {
      refusals = 0;
    } else {
      refusals++;
      usleep(10000);
    }
  }
#elif defined(NO_STREAMS)
  for (int number = 0; number <= 2; number++) close(number);
#elif defined(FEW_FILES)
  FILE *most = fopen("/proc/sys/fs/file-max", "we");
  fprintf(most, "%d", FEW_FILES);
  fclose(most);
#elif defined(CHILD) || defined(STORM)
  heartbeat();
  pid_t child = fork();
  if (child == 0) {
    execve(arguments[0], arguments, environment);
    _exit(127);
  }
#if defined(STORM)
  storm(child);
#else
  while (wait(NULL) != child) {
  }
#endif
  reboot(RB_AUTOBOOT);
#elif !defined(NO_FOLDERS) && !defined(NO_FOLDER)
#error "which way?"
#endif
  execve(arguments[0], arguments, environment);
  reboot(RB_AUTOBOOT);
}
