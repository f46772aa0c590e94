// Finishes wasm2c's C: real atomics, cheaper accesses, the host's wait and notify, data segments as binary files.
//
// Every change names the exact text that it expects and fails when wasm2c wrote anything else.
import fs from 'node:fs';
import path from 'node:path';

export class UnexpectedCode extends Error {}

/**
 * Edits the C files in `directory` in place and adds atomics_glue.c, data.S, data_dev.S, dN.bin and dN_dev.bin.
 * `appended` is what rewrite() returned, `segments` the module's data, `devSegments` the same for the development SRS.
 */
export function finish(directory, { appended, segments, devSegments }) {
  editFile(directory, 'bb-impl.h', makeAtomicsReal);
  editFile(directory, 'bb-impl.h', leaveUnusedReads);
  keepMemoryAtHand(directory);
  const definingFile = removeDefinitions(directory, appended);
  editFile(directory, 'bb_0.c', (text) => segments.reduce((rest, bytes, index) => removeSegment(rest, index, bytes), text));
  fs.writeFileSync(path.join(directory, 'atomics_glue.c'), glueSource(appended));
  writeSegments(directory, 'data.S', segments, '');
  writeSegments(directory, 'data_dev.S', devSegments, '_dev');
  return { definingFile };
}

function editFile(directory, name, edit) {
  const file = path.join(directory, name);
  fs.writeFileSync(file, edit(fs.readFileSync(file, 'latin1')), 'latin1');
}

/** Replaces `expected` by `replacement`; it must occur exactly once. */
export function replaceOnce(text, expected, replacement, what) {
  const at = text.indexOf(expected);
  if (at < 0) throw new UnexpectedCode(`wasm2c's output: ${what} not found as expected`);
  if (text.indexOf(expected, at + 1) >= 0) throw new UnexpectedCode(`wasm2c's output: ${what} found more than once`);
  return text.slice(0, at) + replacement + text.slice(at + expected.length);
}

// ---- (a) Atomics ----
// The memory is declared unshared, and wasm2c's atomics on an unshared memory are plain accesses (its compare-exchange
// does not even return the value it read). Threads do share this memory, so each becomes the sequentially consistent
// builtin. Aligned accesses only (ATOMIC_ALIGNMENT_CHECK; the memory's start is page aligned), hence lock-free.

export const memoryAtomics = [
  {
    macro: '#define DEFINE_ATOMIC_LOAD(name, t1, t2, t3, force_read)',
    signature: 'static inline t3 name##_unchecked(wasm_rt_memory_t* mem, u64 addr) {',
    plain: [
      'ATOMIC_ALIGNMENT_CHECK(addr, t1);',
      't1 result;',
      'wasm_rt_memcpy(&result, MEM_ADDR(mem, addr, sizeof(t1)), sizeof(t1));',
      'force_read(result);',
      'return (t3)(t2)result;',
    ],
    atomic: [
      'ATOMIC_ALIGNMENT_CHECK(addr, t1);',
      't1 result = __atomic_load_n((t1*)MEM_ADDR(mem, addr, sizeof(t1)), __ATOMIC_SEQ_CST);',
      'force_read(result);',
      'return (t3)(t2)result;',
    ],
  },
  {
    macro: '#define DEFINE_ATOMIC_STORE(name, t1, t2)',
    signature: 'static inline void name##_unchecked(wasm_rt_memory_t* mem, u64 addr, t2 value) {',
    plain: [
      'ATOMIC_ALIGNMENT_CHECK(addr, t1);',
      't1 wrapped = (t1)value;',
      'wasm_rt_memcpy(MEM_ADDR(mem, addr, sizeof(t1)), &wrapped, sizeof(t1));',
    ],
    atomic: [
      'ATOMIC_ALIGNMENT_CHECK(addr, t1);',
      '__atomic_store_n((t1*)MEM_ADDR(mem, addr, sizeof(t1)), (t1)value, __ATOMIC_SEQ_CST);',
    ],
  },
  {
    macro: '#define DEFINE_ATOMIC_RMW(name, opname, op, t1, t2)',
    signature: 'static inline t2 name##_unchecked(wasm_rt_memory_t* mem, u64 addr, t2 value) {',
    plain: [
      'ATOMIC_ALIGNMENT_CHECK(addr, t1);',
      't1 wrapped = (t1)value;',
      't1 ret;',
      'wasm_rt_memcpy(&ret, MEM_ADDR(mem, addr, sizeof(t1)), sizeof(t1));',
      'ret = ret op wrapped;',
      'wasm_rt_memcpy(MEM_ADDR(mem, addr, sizeof(t1)), &ret, sizeof(t1));',
      'return (t2)ret;',
    ],
    atomic: [
      'ATOMIC_ALIGNMENT_CHECK(addr, t1);',
      'return (t2)__atomic_##opname((t1*)MEM_ADDR(mem, addr, sizeof(t1)), (t1)value, __ATOMIC_SEQ_CST);',
    ],
  },
  {
    macro: '#define DEFINE_ATOMIC_XCHG(name, opname, t1, t2)',
    signature: 'static inline t2 name##_unchecked(wasm_rt_memory_t* mem, u64 addr, t2 value) {',
    plain: [
      'ATOMIC_ALIGNMENT_CHECK(addr, t1);',
      't1 wrapped = (t1)value;',
      't1 ret;',
      'wasm_rt_memcpy(&ret, MEM_ADDR(mem, addr, sizeof(t1)), sizeof(t1));',
      'wasm_rt_memcpy(MEM_ADDR(mem, addr, sizeof(t1)), &wrapped, sizeof(t1));',
      'return (t2)ret;',
    ],
    atomic: [
      'ATOMIC_ALIGNMENT_CHECK(addr, t1);',
      'return (t2)__atomic_exchange_n((t1*)MEM_ADDR(mem, addr, sizeof(t1)), (t1)value, __ATOMIC_SEQ_CST);',
    ],
  },
  {
    macro: '#define DEFINE_ATOMIC_CMP_XCHG(name, t1, t2)',
    signature: 'static inline t1 name##_unchecked(wasm_rt_memory_t* mem, u64 addr, t1 expected, t1 replacement) {',
    plain: [
      'ATOMIC_ALIGNMENT_CHECK(addr, t2);',
      't2 expected_wrapped = (t2)expected;',
      't2 replacement_wrapped = (t2)replacement;',
      't2 ret;',
      'wasm_rt_memcpy(&ret, MEM_ADDR(mem, addr, sizeof(t2)), sizeof(t2));',
      'if (ret == expected_wrapped) {',
      'wasm_rt_memcpy(MEM_ADDR(mem, addr, sizeof(t2)), &replacement_wrapped, sizeof(t2));',
      '}',
      'return (t1)expected_wrapped;',
    ],
    // `expected` is wrapped to the width of the access before it is compared (WebAssembly/threads issue 195). When the
    // comparison fails the builtin leaves what it read in `seen`; when it succeeds, that is what `seen` was.
    atomic: [
      'ATOMIC_ALIGNMENT_CHECK(addr, t2);',
      't2 seen = (t2)expected;',
      '__atomic_compare_exchange_n((t2*)MEM_ADDR(mem, addr, sizeof(t2)), &seen, (t2)replacement, false, '
        + '__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);',
      'return (t1)seen;',
    ],
  },
];

/** Line breaks inside a macro are layout only, so texts are compared with each run of blanks and `\` as one space. */
function withoutLayout(text) {
  return text.replace(/(?:\s|\\\n)+/g, ' ').trim();
}

export function makeAtomicsReal(header) {
  let result = header;
  for (const { macro, signature, plain, atomic } of memoryAtomics) {
    const start = result.indexOf(macro);
    if (start < 0 || result.indexOf(macro, start + 1) >= 0) throw new UnexpectedCode(`bb-impl.h: expected one "${macro}"`);
    const end = result.indexOf('DEF_MEM_CHECKS', start);
    const expected = withoutLayout([macro, signature, ...plain, '}'].join(' '));
    if (withoutLayout(result.slice(start, end)) !== expected) throw new UnexpectedCode(`bb-impl.h: "${macro}" differs`);
    const lines = [macro, `  ${signature}`, ...atomic.map((line) => `    ${line}`), '  }', '  '];
    result = result.slice(0, start) + lines.join(' \\\n') + result.slice(end);
  }
  return result;
}

// ---- (b) Reads that nothing uses ----
// wasm2c makes every read happen, used or not, since WebAssembly wants a trap when it is out of bounds: an empty asm
// statement for each load, which also keeps the compiler from reading straight into an instruction. Without it a read whose
// value nobody uses may go, and its trap with it. That is no hole: a read that does not happen tells nobody anything, one
// that happens still ends in the reservation's inaccessible pages, and stores, traps and calls stay as they are.

const forcedReads = ['FORCE_READ_INT(var) __asm__("" ::"r"(var));', 'SIMD_FORCE_READ(var) __asm__("" ::"x"(var));'];

export function leaveUnusedReads(header) {
  return forcedReads.reduce((text, macro) =>
    replaceOnce(text, `#define ${macro}\n`, `#define ${macro.slice(0, macro.indexOf(' '))}\n`, macro), header);
}

// ---- (c) Where the memory starts ----
// It never moves (runtime/wasm-rt.h). The C compiler cannot know: each store could have changed it, so each access would read it
// again, through two pointers. Each function reads it once, into a variable whose other fields nothing uses.

const emptyPrologue = '#else\n#define FUNC_PROLOGUE\n';
const prologue = 'wasm_rt_memory_t memory __attribute__((unused)) = { .data = instance->w2c_env_memory->data };';

export const accessThroughCopy = (text) => text.replace(/\b([ifv]\d+_(?:load|store)\w*\()instance->w2c_env_memory, /g, '$1&memory, ');

function keepMemoryAtHand(directory) {
  editFile(directory, 'bb-impl.h', (text) =>
    replaceOnce(text, emptyPrologue, emptyPrologue.replace('PROLOGUE\n', `PROLOGUE ${prologue}\n`), 'the empty prologue'));
  for (const name of fs.readdirSync(directory).filter((entry) => /^bb_\d+\.c$/.test(entry))) editFile(directory, name, accessThroughCopy);
}

// ---- (d) Wait and notify ----

const glueFunctions = {
  notify: {
    parameters: ['u32', 'u32'],
    call: (offset) => `prover_notify(instance, var_p0, ${offset}u, var_p1)`,
  },
  wait32: {
    parameters: ['u32', 'u32', 'u64'],
    call: (offset) => `prover_wait32(instance, var_p0, ${offset}u, var_p1, var_p2)`,
  },
};

function signature({ index, kind }) {
  const parameters = glueFunctions[kind].parameters.map((type, position) => `, ${type} var_p${position}`);
  return `u32 w2c_bb_f${index}(w2c_bb* instance${parameters.join('')})`;
}

/** wasm2c's translation of an appended function, whose body is `unreachable`. */
function generatedDefinition(entry) {
  return `\n${signature(entry)} {\n  FUNC_PROLOGUE;\n  u32 var_i0;\n  UNREACHABLE;\n  FUNC_EPILOGUE;\n  return var_i0;\n}\n`;
}

/** All appended functions are the module's last ones, so one of the files has them all. Returns its name. */
function removeDefinitions(directory, appended) {
  const generated = fs.readdirSync(directory).filter((name) => /^bb_\d+\.c$/.test(name));
  const name = generated.find((candidate) =>
    fs.readFileSync(path.join(directory, candidate), 'latin1').includes(`\n${signature(appended[0])} {`));
  if (!name) throw new UnexpectedCode(`wasm2c's output: no file defines f${appended[0].index}`);
  editFile(directory, name, (text) => appended.reduce(
    (rest, entry) => replaceOnce(rest, generatedDefinition(entry), '', `definition of f${entry.index}`), text));
  return name;
}

export function glueSource(appended) {
  const definitions = appended.map((entry) =>
    `${signature(entry)} {\n  return ${glueFunctions[entry.kind].call(entry.offset)};\n}\n`);
  return `// Generated by scripts/finish.mjs: memory.atomic.wait32 and .notify, by static offset, as calls into the host.
#include "bb-impl.h"

// The effective address is address + offset in 33 bits. Both trap when it is unaligned or out of bounds.
// Result: 0 woken, 1 the memory did not hold \`expected\`, 2 timed out. A negative timeout is none.
u32 prover_wait32(w2c_bb* instance, u32 address, u32 offset, u32 expected, u64 timeout_ns);
// Result: how many were woken.
u32 prover_notify(w2c_bb* instance, u32 address, u32 offset, u32 count);

${definitions.join('\n')}`;
}

// ---- (e) Data segments ----

const bytesPerLine = 12;

/** wasm2c's array for a segment, as text. Comparing it proves that the segment's bytes are the module's. */
export function segmentArray(index, bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += bytesPerLine) {
    const line = bytes.subarray(at, at + bytesPerLine);
    text += line.toString('hex').replace(/../g, '0x$&, ');
    if (line.length === bytesPerLine) text += '\n  ';
  }
  return `\nconst u8 ${segmentSymbol(index)}[] = {\n  ${text}\n};\n`;
}

function removeSegment(text, index, bytes) {
  return replaceOnce(text, segmentArray(index, bytes), '', `data segment ${index}`);
}

function segmentSymbol(index) {
  return `data_segment_data_w2c_bb_d${index}`;
}

function writeSegments(directory, sourceName, segments, suffix) {
  segments.forEach((bytes, index) => fs.writeFileSync(path.join(directory, `d${index}${suffix}.bin`), bytes));
  const definitions = segments.map((bytes, index) => segmentSource(segmentSymbol(index), `d${index}${suffix}.bin`));
  fs.writeFileSync(path.join(directory, sourceName), `// Generated by scripts/finish.mjs: the module's data segments.
  .section .rodata
${definitions.join('')}  .section .note.GNU-stack, "", @progbits
`);
}

function segmentSource(symbol, file) {
  return `
  .balign 64
  .globl ${symbol}
  .hidden ${symbol}
  .type ${symbol}, @object
${symbol}:
  .incbin "${file}"
  .size ${symbol}, . - ${symbol}

`;
}
