// Called by src/Linux/LastResort.cs. All are safe at any time and on any thread.
#ifndef EARLY_H
#define EARLY_H

#include <stdint.h>

// From now on a fatal signal in PID 1 ends the machine: a line, a record to vsock port 9001 of `cid` (0: to nobody), reboot(2).
// Before, and in any other process, its default action is taken.
void early_arm(uint32_t cid);

// Where the line of a fatal signal goes; -1 for nowhere. The descriptor must not block.
void early_set_console(int fd);

// Where the executable was loaded.
const void *early_image_base(void);

#endif
