// Called by src/Linux/Privileges.cs, in this order, on one thread.
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stdint.h>

// The calling thread gives up every capability that is not in `keep` (a bit each), for good; others do when they are told. 0 or errno.
int early_keep_capabilities(uint64_t keep);

// Has another thread of this process do the same. A thread that is gone is no matter.
void early_tell_thread(int thread);

// All have done it: nothing listens to the signal any more.
void early_capabilities_given_up(void);

#endif
