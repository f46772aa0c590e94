// The program's segments, read from its ELF header, and what the process adds to them.
import fs from 'node:fs';
import path from 'node:path';
import { builtFrom, builtOtherwise, readManifest } from './image.mjs';
import { head, number, table } from './markdown.mjs';

const types = { 1: 'LOAD', 2: 'DYNAMIC', 3: 'INTERP', 7: 'TLS', 0x6474e550: 'GNU_EH_FRAME', 0x6474e551: 'GNU_STACK', 0x6474e552: 'GNU_RELRO' };
const shown = new Set(['LOAD', 'INTERP', 'GNU_STACK', 'GNU_RELRO']);

/** Program headers of a 64-bit ELF file (elf(5)): type, permissions, address, sizes. */
function segments(bytes) {
  const [offset, size, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  return Array.from({ length: count }, (_, i) => {
    const at = offset + i * size;
    const flags = bytes.readUInt32LE(at + 4);
    return {
      type: types[bytes.readUInt32LE(at)], flags: `${flags & 4 ? 'r' : '-'}${flags & 2 ? 'w' : '-'}${flags & 1 ? 'x' : '-'}`,
      address: bytes.readBigUInt64LE(at + 16), fileBytes: bytes.readBigUInt64LE(at + 32), memoryBytes: bytes.readBigUInt64LE(at + 40),
    };
  }).filter(({ type }) => shown.has(type));
}

const process = [
  ['managed heap', 'rw-', 'half of the memory at most (`System.GC.HeapHardLimitPercent`, native/init/Init.targets)', 'objects of the server; blocks for requests are cleared when they come back'],
  ['stacks', 'rw-', 'one a thread, 1.5 MiB of the runtime\'s, with a guard', ''],
  ['messages', 'rw-', 'a part of what is available, `init.in_flight_mib` at most', 'unmapped after the request'],
  ['the prover\'s snapshot', 'r--', 'a sealed memfd: the reference string and an initialised module, nothing of a request', 'mapped copy-on-write by each instance'],
  ['an instance of the prover', 'rw- as far as it has grown, else ---', '8 GiB and a page of addresses; what its call has reserved of memory', 'unmapped after the request'],
  ['a prover thread', 'rw-, with guards ---', '64 MiB of addresses for its stack, a signal stack, a guard of 1 MiB', 'unmapped with the instance'],
];

export function memoryPage(root) {
  const manifest = readManifest(root);
  const rows = segments(fs.readFileSync(path.join(root, 'out/bin/init'))).map((segment) => [
    segment.type, segment.flags, `0x${segment.address.toString(16)}`, number(segment.fileBytes), number(segment.memoryBytes),
  ]);
  const text = head('Memory map', 'the header of `out/bin/init`', 'make binaries && readelf -lW out/bin/init') +
    'A static, position-independent executable: no interpreter, no library, addresses chosen at random by the kernel. Nothing is writable and executable, and ' +
    'nothing becomes executable after the program has been loaded ([docs/boot.md](../boot.md), stage `hardening`).\n\n## The file\'s segments\n\n' +
    table(['segment', 'permissions', 'address', 'bytes in the file', 'bytes in memory'], rows) +
    '## What the process adds\n\n' + table(['mapping', 'permissions', 'how much', 'life'], process) +
    `How the prover's memory is laid out: [docs/prover.md](../prover.md).\n\n${builtFrom(manifest)}\n`;
  return { name: 'memory.md', text, builtOtherwise: builtOtherwise(manifest) };
}
