// A PID 1 that does what the one that nitro-cli puts into an image does (aws-nitro-enclaves-sdk-bootstrap, init/init.c), in its
// order: /dev, the console as descriptors 0 to 2, the heartbeat; then /rootfs as root, with mounts of its own, and there /cmd as
// its child, in a session of its own, with /env as its environment. It also mounts devpts and every control group, and ends where
// it cannot: our kernel has neither, which is why that init and our kernel are no pair.
#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINES 8

static void send_heartbeat(void) {
  struct sockaddr_vm parent = {.svm_family = AF_VSOCK, .svm_cid = 3, .svm_port = 9000};
  int heartbeat = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char byte = (char)0xB7;
  if (connect(heartbeat, (struct sockaddr *)&parent, sizeof parent) == 0 && write(heartbeat, &byte, 1) == 1) (void)!read(heartbeat, &byte, 1);
  close(heartbeat);
}

// A file of lines, each one string of a list.
static void take_lines(const char *path, char *text, size_t size, char *lines[LINES + 1]) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = read(fd, text, size - 1);
  close(fd);
  unlink(path);
  text[length < 0 ? 0 : length] = 0;
  int count = 0;
  for (char *line = strtok(text, "\n"); line != NULL && count < LINES; line = strtok(NULL, "\n")) lines[count++] = line;
  lines[count] = NULL;
}

static void mount_in_rootfs(void) {
  static const char *const folders[] = {"dev", "proc", "run", "sys", "tmp", "var"}; // nitro-cli puts them into its ramdisk
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) mkdir(folders[i], 0755);
  const unsigned long flags = MS_NODEV | MS_NOSUID | MS_NOEXEC;
  mount("dev", "/dev", "devtmpfs", MS_NOSUID | MS_NOEXEC, NULL);
  mount("proc", "/proc", "proc", flags, NULL);
  mount("tmpfs", "/run", "tmpfs", flags, "mode=0755");
  mount("tmpfs", "/tmp", "tmpfs", flags, NULL);
  mkdir("/dev/shm", 0755);
  mount("shm", "/dev/shm", "tmpfs", flags, NULL);
  mount("sysfs", "/sys", "sysfs", flags, NULL);
}

int main(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  mount("dev", "/dev", "devtmpfs", MS_NOSUID | MS_NOEXEC, NULL);
  if (!freopen("/dev/console", "r", stdin) || !freopen("/dev/console", "w", stdout) || !freopen("/dev/console", "w", stderr)) return 1;
  send_heartbeat();

  static char command_text[256], environment_text[256];
  char *command[LINES + 1], *environment[LINES + 1];
  take_lines("/cmd", command_text, sizeof command_text, command);
  take_lines("/env", environment_text, sizeof environment_text, environment);
  if (chdir("/rootfs") != 0 || chroot("/rootfs") != 0) return 1;
  mount_in_rootfs();
  pid_t child = fork();
  if (child == 0) {
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    setsid();
    execve(command[0], command, environment);
    _exit(127);
  }
  while (wait(NULL) != child) {
  }
  reboot(RB_AUTOBOOT);
}
