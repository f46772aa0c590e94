// Reads WebAssembly modules: sections, the few of their contents that the build needs, and every instruction.
//
// Format: WebAssembly Core Specification 2.0, chapter 5 "Binary Format", and the threads proposal for opcode prefix 0xfe.
// What is not known here is refused with its offset in the file, never skipped.

export const SectionId = {
  custom: 0, type: 1, import: 2, function: 3, table: 4, memory: 5, global: 6,
  export: 7, start: 8, element: 9, code: 10, data: 11, dataCount: 12,
};

export const ValueType = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b, funcref: 0x70, externref: 0x6f };

export const Opcode = { unreachable: 0x00, nop: 0x01, end: 0x0b, call: 0x10, atomicPrefix: 0xfe };
export const AtomicOpcode = { notify: 0x00, wait32: 0x01, wait64: 0x02 };

const functionTypeTag = 0x60;
const externKind = { function: 0, table: 1, memory: 2, global: 3 };
const limitsFlags = { hasMaximum: 1, shared: 2, memory64: 4 };

export class WasmError extends Error {
  constructor(offset, problem) {
    super(`wasm offset 0x${offset.toString(16)}: ${problem}`);
    this.offset = offset;
  }
}

/** Encodes an unsigned integer below 2^32 as LEB128, in the fewest bytes. */
export function encodeU32(value) {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new RangeError(`not a u32: ${value}`);
  const bytes = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value > 0 ? low | 0x80 : low);
  } while (value > 0);
  return Buffer.from(bytes);
}

/** A position in a byte buffer; every read is checked against `end`. */
export class Cursor {
  constructor(bytes, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  fail(problem) {
    throw new WasmError(this.offset, problem);
  }

  byte() {
    if (this.offset >= this.end) this.fail('unexpected end');
    return this.bytes[this.offset++];
  }

  skip(length) {
    if (length > this.end - this.offset) this.fail('unexpected end');
    this.offset += length;
  }

  take(length) {
    const start = this.offset;
    this.skip(length);
    return this.bytes.subarray(start, this.offset);
  }

  u32() {
    let value = 0;
    for (let scale = 1, count = 0; count < 5; count++, scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > 0xffffffff) this.fail('LEB128 exceeds 32 bits');
        return value;
      }
    }
    return this.fail('LEB128 longer than 5 bytes');
  }

  /** Passes over a signed LEB128 of at most `bits` bits; its value is not needed. */
  skipSigned(bits) {
    for (let count = 0; count < Math.ceil(bits / 7); count++) if (this.byte() < 0x80) return;
    this.fail(`LEB128 longer than ${bits} bits`);
  }

  name() {
    return this.take(this.u32()).toString('utf8');
  }
}

/** Splits a module into its sections. Offsets are those in `bytes`. */
export function parseModule(bytes) {
  const cursor = new Cursor(bytes);
  if (!cursor.take(8).equals(Buffer.from('\0asm\x01\0\0\0', 'latin1'))) throw new WasmError(0, 'not a WebAssembly 1 module');
  const sections = [];
  while (cursor.offset < bytes.length) {
    const id = cursor.byte();
    const size = cursor.u32();
    const start = cursor.offset;
    sections.push({ id, start, payload: cursor.take(size) });
  }
  return { bytes, sections };
}

function sectionCursor(module, id) {
  const found = module.sections.filter((section) => section.id === id);
  if (found.length !== 1) throw new WasmError(0, `${found.length} sections with id ${id}, expected one`);
  const { start, payload } = found[0];
  return new Cursor(module.bytes, start, start + payload.length);
}

function expectEnd(cursor) {
  if (cursor.offset !== cursor.end) cursor.fail('bytes left over at the end');
}

/** The type section: [{ parameters: number[], results: number[] }]. */
export function readTypes(module) {
  const cursor = sectionCursor(module, SectionId.type);
  const types = Array.from({ length: cursor.u32() }, () => {
    if (cursor.byte() !== functionTypeTag) cursor.fail('not a function type');
    const parameters = [...cursor.take(cursor.u32())];
    const results = [...cursor.take(cursor.u32())];
    return { parameters, results };
  });
  expectEnd(cursor);
  return types;
}

/** The import section: [{ module, name, kind, limitsOffset? }]; limitsOffset is where a memory's limits flag stands. */
export function readImports(module) {
  const cursor = sectionCursor(module, SectionId.import);
  const imports = Array.from({ length: cursor.u32() }, () => {
    const entry = { module: cursor.name(), name: cursor.name() };
    switch (cursor.byte()) {
      case externKind.function:
        cursor.u32();
        return { ...entry, kind: 'function' };
      case externKind.table:
        cursor.byte();
        skipLimits(cursor);
        return { ...entry, kind: 'table' };
      case externKind.memory: {
        const limitsOffset = cursor.offset;
        skipLimits(cursor);
        return { ...entry, kind: 'memory', limitsOffset };
      }
      case externKind.global:
        cursor.skip(2);
        return { ...entry, kind: 'global' };
      default:
        return cursor.fail('unknown kind of import');
    }
  });
  expectEnd(cursor);
  return imports;
}

function skipLimits(cursor) {
  const flags = cursor.byte();
  if (flags & ~(limitsFlags.hasMaximum | limitsFlags.shared)) cursor.fail(`limits flags ${flags} unsupported`);
  cursor.u32();
  if (flags & limitsFlags.hasMaximum) cursor.u32();
}

export const sharedLimits = limitsFlags.hasMaximum | limitsFlags.shared;
export const unsharedLimits = limitsFlags.hasMaximum;

/** The function section: the type index of each function that the module defines. */
export function readFunctionTypes(module) {
  const cursor = sectionCursor(module, SectionId.function);
  const typeIndexes = Array.from({ length: cursor.u32() }, () => cursor.u32());
  expectEnd(cursor);
  return typeIndexes;
}

/** The data section: the bytes of each segment. Only passive segments (memory.init fills the memory) are supported. */
export function readPassiveData(module) {
  const cursor = sectionCursor(module, SectionId.data);
  const segments = Array.from({ length: cursor.u32() }, () => {
    if (cursor.u32() !== 1) cursor.fail('data segment is not passive');
    return cursor.take(cursor.u32());
  });
  expectEnd(cursor);
  return segments;
}

/** The code section's functions: [{ start, end }] where start is the first instruction, end the byte after the last. */
export function readBodies(module) {
  const cursor = sectionCursor(module, SectionId.code);
  const bodies = Array.from({ length: cursor.u32() }, () => {
    const size = cursor.u32();
    const end = cursor.offset + size;
    const locals = new Cursor(module.bytes, cursor.offset, end);
    for (let runs = locals.u32(); runs > 0; runs--) {
      locals.u32();
      locals.byte();
    }
    cursor.skip(size);
    return { start: locals.offset, end };
  });
  expectEnd(cursor);
  return bodies;
}

/**
 * Visits each instruction of a function body. `visit(opcode, offset, next, subOpcode)` gets the first byte, where the
 * instruction starts and where the next one does, and for prefixed instructions the second opcode.
 * Fails unless the blocks close exactly at the body's end.
 */
export function walkBody(bytes, { start, end }, visit) {
  const cursor = new Cursor(bytes, start, end);
  let depth = 1;
  while (depth > 0) {
    const offset = cursor.offset;
    const opcode = cursor.byte();
    const subOpcode = opcode >= 0xfc ? cursor.u32() : undefined;
    const immediates = immediatesOf(opcode, subOpcode);
    if (!immediates) throw new WasmError(offset, `unknown opcode ${describe(opcode, subOpcode)}`);
    immediates(cursor);
    if (immediates === immediate.block) depth++;
    if (opcode === Opcode.end) depth--;
    visit(opcode, offset, cursor.offset, subOpcode);
  }
  expectEnd(cursor);
}

function describe(opcode, subOpcode) {
  const hex = (value) => value.toString(16).padStart(2, '0');
  return subOpcode === undefined ? hex(opcode) : `${hex(opcode)} ${hex(subOpcode)}`;
}

/** Reads a memarg of the only memory: { align, offset }. Bit 6 of align would name another memory. */
export function readMemarg(cursor) {
  const align = cursor.u32();
  if (align >= 64) cursor.fail('more than one memory');
  return { align, offset: cursor.u32() };
}

// What follows an opcode. Each function moves the cursor over it.
const immediate = {
  none() {},
  byte: (cursor) => cursor.skip(1),
  index: (cursor) => cursor.u32(),
  twoIndexes(cursor) {
    cursor.u32();
    cursor.u32();
  },
  s32: (cursor) => cursor.skipSigned(32),
  s64: (cursor) => cursor.skipSigned(64),
  f32: (cursor) => cursor.skip(4),
  f64: (cursor) => cursor.skip(8),
  v128: (cursor) => cursor.skip(16),
  block: (cursor) => cursor.skipSigned(33),
  branchTable(cursor) {
    for (let labels = cursor.u32() + 1; labels > 0; labels--) cursor.u32();
  },
  types: (cursor) => cursor.skip(cursor.u32()),
  memarg: readMemarg,
  memargLane(cursor) {
    readMemarg(cursor);
    cursor.skip(1);
  },
};

/** Rows of [first opcode, last opcode, immediates]. A gap is an opcode that this reader refuses. */
const plainOpcodes = table([
  [0x00, 0x01, immediate.none], // unreachable, nop
  [0x02, 0x04, immediate.block], // block, loop, if
  [0x05, 0x05, immediate.none], // else
  [0x0b, 0x0b, immediate.none], // end
  [0x0c, 0x0d, immediate.index], // br, br_if
  [0x0e, 0x0e, immediate.branchTable],
  [0x0f, 0x0f, immediate.none], // return
  [0x10, 0x10, immediate.index], // call
  [0x11, 0x11, immediate.twoIndexes], // call_indirect
  [0x1a, 0x1b, immediate.none], // drop, select
  [0x1c, 0x1c, immediate.types], // select with types
  [0x20, 0x24, immediate.index], // local and global get, set, tee
  [0x25, 0x26, immediate.index], // table.get, table.set
  [0x28, 0x3e, immediate.memarg], // loads, stores
  [0x3f, 0x40, immediate.index], // memory.size, memory.grow
  [0x41, 0x41, immediate.s32],
  [0x42, 0x42, immediate.s64],
  [0x43, 0x43, immediate.f32],
  [0x44, 0x44, immediate.f64],
  [0x45, 0xc4, immediate.none], // comparisons, arithmetic, conversions, sign extension
  [0xd0, 0xd0, immediate.byte], // ref.null
  [0xd1, 0xd1, immediate.none], // ref.is_null
  [0xd2, 0xd2, immediate.index], // ref.func
]);

const miscOpcodes = table([
  [0, 7, immediate.none], // saturating truncation
  [8, 8, immediate.twoIndexes], // memory.init
  [9, 9, immediate.index], // data.drop
  [10, 10, immediate.twoIndexes], // memory.copy
  [11, 11, immediate.index], // memory.fill
  [12, 12, immediate.twoIndexes], // table.init
  [13, 13, immediate.index], // elem.drop
  [14, 14, immediate.twoIndexes], // table.copy
  [15, 17, immediate.index], // table.grow, table.size, table.fill
]);

const vectorOpcodes = table([
  [0, 11, immediate.memarg], // loads, store
  [12, 13, immediate.v128], // v128.const, i8x16.shuffle
  [14, 20, immediate.none], // swizzle, splats
  [21, 34, immediate.byte], // extract and replace lane
  [35, 83, immediate.none],
  [84, 91, immediate.memargLane],
  [92, 93, immediate.memarg], // load32_zero, load64_zero
  [94, 255, immediate.none],
]);
for (const reserved of [
  0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb, 0xc2, 0xc5, 0xc6, 0xcf, 0xd0, 0xd2, 0xd3, 0xd4, 0xe2, 0xee,
]) {
  vectorOpcodes[reserved] = undefined;
}

const atomicOpcodes = table([
  [0x00, 0x02, immediate.memarg], // notify, wait32, wait64
  [0x03, 0x03, immediate.byte], // fence
  [0x10, 0x4e, immediate.memarg], // loads, stores, read-modify-writes
]);

function table(rows) {
  const byOpcode = new Array(256);
  for (const [first, last, immediates] of rows) byOpcode.fill(immediates, first, last + 1);
  return byOpcode;
}

function immediatesOf(opcode, subOpcode) {
  switch (opcode) {
    case 0xfc: return miscOpcodes[subOpcode];
    case 0xfd: return vectorOpcodes[subOpcode];
    case 0xfe: return atomicOpcodes[subOpcode];
    default: return plainOpcodes[opcode];
  }
}
