// PID 1 as it must not be: for each connection on vsock port 5000 it writes a line to the console through a blocking
// descriptor, then echoes one byte. With a serial port that nobody drains it stops answering, which shows that the tests of
// an undrained console can fail.
#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

static void heartbeat(void) {
  struct sockaddr_vm parent = {.svm_family = AF_VSOCK, .svm_cid = 3, .svm_port = 9000};
  int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char byte = (char)0xB7;
  if (connect(fd, (struct sockaddr *)&parent, sizeof parent) == 0 && write(fd, &byte, 1) == 1) (void)!read(fd, &byte, 1);
  close(fd);
}

int main(void) {
  mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
  int console = open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC);
  struct sockaddr_vm any = {.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = 5000};
  int listener = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bind(listener, (struct sockaddr *)&any, sizeof any);
  listen(listener, 128);
  heartbeat();
  for (unsigned long served = 0;; served++) {
    int fd = accept(listener, NULL, NULL);
    char line[128], byte;
    int length = snprintf(line, sizeof line, "[naive] request %lu: a line that nobody reads, as a server that logs to its console writes\n", served);
    (void)!write(console, line, (size_t)length);
    if (read(fd, &byte, 1) == 1) (void)!write(fd, &byte, 1);
    close(fd);
  }
}
