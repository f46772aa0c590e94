// libFuzzer's custom mutator and crossover for MessagePack (github.com/msgpack, spec.md): one value inside a document is changed,
// or put in another's place; what stands around it stays well-formed. A value's bytes stand in one place and no container says how
// many bytes it has, so only an array that loses or gains an element needs another head.
#include "messagepack_mutator.h"

#include "bytes.h"

size_t LLVMFuzzerMutate(uint8_t* data, size_t length, size_t capacity);
size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t length, size_t capacity, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t* a, size_t a_length, const uint8_t* b, size_t b_length, uint8_t* out, size_t capacity, unsigned seed);

enum { MAX_VALUES = 4096, MAX_DEPTH = 64, MAX_HEAD = 9, ELEMENT_BYTES = 32 };

typedef enum kind { NOTHING, INTEGER, OTHER, TEXT, BINARY, ARRAY, MAP } kind;

typedef struct value {
  kind kind;
  uint32_t at, body, end; // the head's first byte, the first behind it, the first behind all
  uint32_t count;         // elements of an array, pairs of a map
} value;

typedef struct document {
  const uint8_t* bytes;
  uint32_t length;
  uint32_t count;
  value values[MAX_VALUES];
} document;

// ---- Reading

static uint64_t big_endian(const uint8_t* bytes, unsigned width) {
  uint64_t number = 0;
  while (width-- > 0) number = number << 8 | *bytes++;
  return number;
}

static value sized(const document* d, uint32_t at, kind kind, unsigned width) {
  value v = { .kind = NOTHING, .at = at };
  if (at + 1 + width > d->length) return v;
  uint64_t size = big_endian(d->bytes + at + 1, width);
  v.body = at + 1 + width;
  v.kind = kind;
  v.count = (uint32_t)size;
  v.end = v.body;
  if (kind != ARRAY && kind != MAP) {
    if (size > d->length - v.body) v.kind = NOTHING;
    else v.end = v.body + (uint32_t)size;
  }
  return v;
}

static value plain(const document* d, uint32_t at, kind kind, uint32_t body_bytes) {
  if (body_bytes > d->length - at - 1) return (value){ .kind = NOTHING, .at = at };
  return (value){ .kind = kind, .at = at, .body = at + 1, .end = at + 1 + body_bytes };
}

static value read_head(const document* d, uint32_t at) {
  if (at >= d->length) return (value){ .kind = NOTHING, .at = at };
  uint8_t first = d->bytes[at];
  if (first <= 0x7f || first >= 0xe0) return plain(d, at, INTEGER, 0);
  if (first <= 0x8f) return (value){ .kind = MAP, .at = at, .body = at + 1, .end = at + 1, .count = first & 0xf };
  if (first <= 0x9f) return (value){ .kind = ARRAY, .at = at, .body = at + 1, .end = at + 1, .count = first & 0xf };
  if (first <= 0xbf) return plain(d, at, TEXT, first & 0x1f);
  if (first <= 0xc3) return plain(d, at, OTHER, 0); // nil, never used, false, true
  if (first <= 0xc6) return sized(d, at, BINARY, 1u << (first - 0xc4));
  if (first <= 0xc9) return (value){ .kind = NOTHING, .at = at }; // extensions
  if (first <= 0xcb) return plain(d, at, OTHER, first == 0xca ? 4 : 8);
  if (first <= 0xd3) return plain(d, at, INTEGER, 1u << ((first - 0xcc) & 3));
  if (first <= 0xd8) return (value){ .kind = NOTHING, .at = at };
  if (first <= 0xdb) return sized(d, at, TEXT, 1u << (first - 0xd9));
  return sized(d, at, first <= 0xdd ? ARRAY : MAP, first & 1 ? 4 : 2);
}

// Notes the value at `at` and all inside it. The end of it, or 0.
static uint32_t note(document* d, uint32_t at, unsigned depth) {
  value v = read_head(d, at);
  if (v.kind == NOTHING || d->count == MAX_VALUES || depth == MAX_DEPTH) return 0;
  uint32_t index = d->count++;
  uint64_t inside = v.kind == MAP ? 2ull * v.count : v.kind == ARRAY ? v.count : 0;
  for (; inside > 0; inside--) {
    v.end = note(d, v.end, depth + 1);
    if (v.end == 0) return 0;
  }
  d->values[index] = v;
  return v.end;
}

static bool read(document* d, const uint8_t* bytes, size_t length) {
  d->bytes = bytes;
  d->length = (uint32_t)length;
  d->count = 0;
  return length > 0 && note(d, 0, 0) == length;
}

bool messagepack_is_whole(const uint8_t* bytes, size_t length) {
  // Without an array of what is in it: a reply may have any number of values.
  document d = { .bytes = bytes, .length = (uint32_t)length };
  uint64_t left = 1;
  uint32_t at = 0;
  for (; left > 0; left--) {
    value v = read_head(&d, at);
    if (v.kind == NOTHING) return false;
    left += v.kind == MAP ? 2ull * v.count : v.kind == ARRAY ? v.count : 0;
    at = v.end;
  }
  return at == length;
}

// ---- Writing

static size_t write_head(uint8_t* to, kind kind, uint32_t size) {
  if (kind == ARRAY || kind == MAP) {
    to[0] = kind == ARRAY ? 0xdd : 0xdf;
  } else {
    to[0] = kind == TEXT ? 0xdb : 0xc6;
  }
  for (int i = 0; i < 4; i++) to[1 + i] = (uint8_t)(size >> (24 - 8 * i));
  return 5;
}

// Puts `with` in the place of the bytes from `at` to `end`. The new length; the old one where there is no room.
static size_t replace(uint8_t* data, size_t length, size_t capacity, uint32_t at, uint32_t end, const uint8_t* with, size_t with_bytes) {
  size_t changed = length - (end - at) + with_bytes;
  if (changed > capacity) return length;
  memmove(data + at + with_bytes, data + end, length - end);
  memcpy(data + at, with, with_bytes);
  return changed;
}

// ---- Changes

static size_t change_string(uint8_t* data, size_t length, size_t capacity, const value* v, uint64_t* random) {
  uint32_t old = v->end - v->body, room = old + 64;
  uint8_t* text = malloc(MAX_HEAD + room);
  size_t head = write_head(text, v->kind, old), now = old;
  memcpy(text + head, data + v->body, old);
  if (old == ELEMENT_BYTES && next_random(random) % 2 == 0) {
    // A field's element: the two moduli of BN254, one less, nothing, everything, one.
    static const char edges[][ELEMENT_BYTES + 1] = {
      "\x30\x64\x4e\x72\xe1\x31\xa0\x29\xb8\x50\x45\xb6\x81\x81\x58\x5d\x28\x33\xe8\x48\x79\xb9\x70\x91\x43\xe1\xf5\x93\xf0\x00\x00\x01",
      "\x30\x64\x4e\x72\xe1\x31\xa0\x29\xb8\x50\x45\xb6\x81\x81\x58\x5d\x97\x81\x6a\x91\x68\x71\xca\x8d\x3c\x20\x8c\x16\xd8\x7c\xfd\x47",
      "\x30\x64\x4e\x72\xe1\x31\xa0\x29\xb8\x50\x45\xb6\x81\x81\x58\x5d\x28\x33\xe8\x48\x79\xb9\x70\x91\x43\xe1\xf5\x93\xf0\x00\x00\x00",
      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
      "", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1",
    };
    memcpy(text + head, edges[next_random(random) % (sizeof edges / sizeof *edges)], ELEMENT_BYTES);
  } else {
    now = LLVMFuzzerMutate(text + head, old, room);
    write_head(text, v->kind, (uint32_t)now);
  }
  length = replace(data, length, capacity, v->at, v->end, text, head + now);
  free(text);
  return length;
}

static size_t change_number(uint8_t* data, size_t length, size_t capacity, const value* v, uint64_t* random) {
  uint64_t number = (1ull << (next_random(random) % 64)) + next_random(random) % 3 - 1;
  uint8_t text[MAX_HEAD] = { next_random(random) % 4 == 0 ? 0xd3 : 0xcf };
  for (int i = 0; i < 8; i++) text[1 + i] = (uint8_t)(number >> (56 - 8 * i));
  return replace(data, length, capacity, v->at, v->end, text, sizeof text);
}

// An element more, a copy of the first, or one less: of pairs, in a map.
static size_t change_count(const document* d, uint8_t* data, size_t length, size_t capacity, const value* v, uint64_t* random) {
  const value* first = v + 1; // noted in order: what is inside follows
  const value* last = first;
  if (v->count == 0) return length;
  if (v->kind == MAP)
    while (last < d->values + d->count && last->at < first->end) last++;
  if (last >= d->values + d->count) return length;
  uint32_t from = first->at, to = last->end;
  bool grows = next_random(random) % 2 == 0;
  uint8_t* changed = malloc(MAX_HEAD + 2 * (size_t)(v->end - v->body));
  size_t at = write_head(changed, v->kind, grows ? v->count + 1 : v->count - 1);
  if (grows) {
    memcpy(changed + at, data + from, to - from);
    at += to - from;
  }
  uint32_t rest = grows ? from : to;
  memcpy(changed + at, data + rest, v->end - rest);
  at += v->end - rest;
  length = replace(data, length, capacity, v->at, v->end, changed, at);
  free(changed);
  return length;
}

static size_t put_another(const document* d, uint8_t* data, size_t length, size_t capacity, const value* v, uint64_t* random) {
  const value* other = &d->values[next_random(random) % d->count];
  size_t bytes = other->end - other->at;
  uint8_t* copy = malloc(bytes);
  memcpy(copy, data + other->at, bytes);
  length = replace(data, length, capacity, v->at, v->end, copy, bytes);
  free(copy);
  return length;
}

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t length, size_t capacity, unsigned seed) {
  static document d;
  uint64_t random = seed;
  if (next_random(&random) % 16 == 0 || !read(&d, data, length)) return LLVMFuzzerMutate(data, length, capacity);
  const value* v = &d.values[next_random(&random) % d.count];
  if (next_random(&random) % 8 == 0) return put_another(&d, data, length, capacity, v, &random);
  switch (v->kind) {
    case INTEGER: return change_number(data, length, capacity, v, &random);
    case TEXT:
    case BINARY: return change_string(data, length, capacity, v, &random);
    case ARRAY:
    case MAP: return change_count(&d, data, length, capacity, v, &random);
    default: {
      uint8_t simple = 0xc0 | (uint8_t)(next_random(&random) % 4);
      return replace(data, length, capacity, v->at, v->end, &simple, 1);
    }
  }
}

// One document with a value of another in the place of one of its own, of the same kind where there is one.
size_t LLVMFuzzerCustomCrossOver(const uint8_t* a, size_t a_length, const uint8_t* b, size_t b_length, uint8_t* out, size_t capacity, unsigned seed) {
  static document mine, theirs;
  uint64_t random = seed;
  if (a_length > capacity || !read(&mine, a, a_length) || !read(&theirs, b, b_length)) return 0;
  const value *v = &mine.values[next_random(&random) % mine.count], *w = NULL;
  for (int tries = 0; tries < 16 && (w == NULL || w->kind != v->kind); tries++) w = &theirs.values[next_random(&random) % theirs.count];
  memcpy(out, a, a_length);
  return replace(out, a_length, capacity, v->at, v->end, b + w->at, w->end - w->at);
}
