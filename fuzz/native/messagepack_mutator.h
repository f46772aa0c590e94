// Mutates a MessagePack document so that it stays one, most of the time.
#ifndef FUZZ_MESSAGEPACK_MUTATOR_H
#define FUZZ_MESSAGEPACK_MUTATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// True when the whole of `document` is one MessagePack value.
bool messagepack_is_whole(const uint8_t* document, size_t length);

#endif
