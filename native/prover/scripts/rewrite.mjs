// Makes the module one that wasm2c can translate, before translation.
//
//  - The memory import is declared unshared: the shared path of wasm2c is much slower. scripts/finish.mjs makes the
//    atomics of the unshared path real ones.
//  - memory.atomic.notify and memory.atomic.wait32, which wasm2c does not know, become calls of functions appended to
//    the module, one for each pair of instruction and static offset. The host defines them (atomics_glue.c).
import {
  AtomicOpcode, Cursor, Opcode, SectionId, ValueType, WasmError,
  encodeU32, parseModule, readBodies, readFunctionTypes, readImports, readMemarg, readTypes,
  sharedLimits, unsharedLimits, walkBody,
} from './wasm.mjs';

const { i32, i64 } = ValueType;
const kinds = {
  [AtomicOpcode.notify]: { name: 'notify', parameters: [i32, i32], results: [i32] },
  [AtomicOpcode.wait32]: { name: 'wait32', parameters: [i32, i32, i64], results: [i32] },
};
const naturalAlignment = 2; // log2 of 4 bytes; the threads proposal requires exactly this
const unreachableBody = Buffer.from([0x03, 0x00, Opcode.unreachable, Opcode.end]); // size, no locals, two instructions

/**
 * Returns { bytes, sites, appended }: the module rewritten, the number of instructions replaced, and the functions
 * appended as [{ index, kind: 'notify' | 'wait32', offset }], index being the one that calls use.
 */
export function rewrite(original) {
  const bytes = Buffer.from(original);
  const module = parseModule(bytes);
  const imports = readImports(module);
  unshareMemory(bytes, imports);

  const functionTypes = readFunctionTypes(module);
  const firstFree = imports.filter((entry) => entry.kind === 'function').length + functionTypes.length;
  const sites = findSites(module);
  const appended = distinctFunctions(sites, firstFree);
  for (const site of sites) replaceByCall(bytes, site, appended);

  const typeIndexes = appended.map((entry) => typeIndexOf(readTypes(module), entry.kind));
  return {
    bytes: serialize(module, functionTypes.concat(typeIndexes), appended.length),
    sites: sites.length,
    appended,
  };
}

function unshareMemory(bytes, imports) {
  const memories = imports.filter((entry) => entry.kind === 'memory');
  if (memories.length !== 1 || memories[0].module !== 'env' || memories[0].name !== 'memory') {
    throw new WasmError(0, 'expected one imported memory, env.memory');
  }
  const { limitsOffset } = memories[0];
  if (bytes[limitsOffset] !== sharedLimits) throw new WasmError(limitsOffset, 'env.memory is not shared');
  bytes[limitsOffset] = unsharedLimits;
}

function findSites(module) {
  const sites = [];
  for (const body of readBodies(module)) {
    walkBody(module.bytes, body, (opcode, start, end, subOpcode) => {
      if (opcode !== Opcode.atomicPrefix || subOpcode > AtomicOpcode.wait64) return;
      if (subOpcode === AtomicOpcode.wait64) throw new WasmError(start, 'memory.atomic.wait64 is not supported');
      const { align, offset } = readMemarg(new Cursor(module.bytes, start + 2, end));
      if (align !== naturalAlignment) throw new WasmError(start, `alignment 2^${align} on an atomic of 4 bytes`);
      sites.push({ start, end, kind: kinds[subOpcode].name, offset });
    });
  }
  return sites;
}

function distinctFunctions(sites, firstFree) {
  const appended = [];
  for (const { kind, offset } of sites) {
    if (!appended.some((entry) => entry.kind === kind && entry.offset === offset)) appended.push({ kind, offset });
  }
  appended.sort((a, b) => a.kind.localeCompare(b.kind, 'en') || a.offset - b.offset);
  return appended.map((entry, position) => ({ index: firstFree + position, ...entry }));
}

/** The call takes no more bytes than the instruction did; nops fill the rest, so that no size changes. */
function replaceByCall(bytes, site, appended) {
  const target = appended.find((entry) => entry.kind === site.kind && entry.offset === site.offset);
  const call = Buffer.concat([Buffer.from([Opcode.call]), encodeU32(target.index)]);
  if (call.length > site.end - site.start) throw new WasmError(site.start, `no room for a call of ${target.index}`);
  bytes.fill(Opcode.nop, site.start, site.end);
  call.copy(bytes, site.start);
}

function typeIndexOf(types, kind) {
  const { parameters, results } = Object.values(kinds).find((entry) => entry.name === kind);
  const same = (a, b) => a.length === b.length && a.every((value, position) => value === b[position]);
  const index = types.findIndex((type) => same(type.parameters, parameters) && same(type.results, results));
  if (index < 0) throw new WasmError(0, `the module has no function type for ${kind}`);
  return index;
}

function serialize(module, functionTypes, appendedCount) {
  const parts = [module.bytes.subarray(0, 8)];
  for (const { id, payload } of module.sections) {
    let content = payload;
    if (id === SectionId.function) content = Buffer.concat([functionTypes.length, ...functionTypes].map(encodeU32));
    if (id === SectionId.code) content = appendBodies(payload, appendedCount);
    parts.push(Buffer.from([id]), encodeU32(content.length), content);
  }
  return Buffer.concat(parts);
}

function appendBodies(payload, appendedCount) {
  const cursor = new Cursor(payload);
  const count = cursor.u32();
  return Buffer.concat([
    encodeU32(count + appendedCount),
    payload.subarray(cursor.offset),
    ...Array(appendedCount).fill(unreachableBody),
  ]);
}
