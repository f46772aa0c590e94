// Tests of the build pipeline: its pure parts, and each guard against inputs or tools that are not the expected ones.
// node --test native/prover/build.test.mjs
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import { sha256 } from '../scripts/cache.mjs';
import { arithmeticFlags, exportedFunctions, hostFlags } from './scripts/archive.mjs';
import { boundary, expectSame } from './scripts/boundary.mjs';
import { compileGenerated, generatedFlags, largestFrame } from './scripts/compile.mjs';
import {
  G1, G2, computeAnchors, decodeG1, decodeG2, encodeG1, encodeG2, encodings, groupOrder, hashOfCommitment, occurrences,
  poseidon2Of, readAnchors, trustDevelopmentSrs,
} from './scripts/dev-srs.mjs';
import { UnexpectedCode, accessThroughCopy, glueSource, leaveUnusedReads, makeAtomicsReal, memoryAtomics, replaceOnce, segmentArray } from './scripts/finish.mjs';
import { inputPath, installPackages, readInput, readWasm } from './scripts/inputs.mjs';
import { patchBb } from './scripts/patch-bb.mjs';
import { rewrite } from './scripts/rewrite.mjs';
import { checkTools } from './scripts/tools.mjs';
import {
  Cursor, WasmError, encodeU32, parseModule, readBodies, readFunctionTypes, readImports, readPassiveData, walkBody,
} from './scripts/wasm.mjs';

const proverDirectory = path.dirname(fileURLToPath(import.meta.url));
const readJson = (name) => JSON.parse(fs.readFileSync(path.join(proverDirectory, name), 'utf8'));
const pins = readJson('pins.json');
const clang = pins.tools.clang.command;
const vectors = process.env.INIT_VECTORS ?? path.resolve(proverDirectory, '../../../shared/vectors');

let scratch;
let wasm;

before(async () => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'prover-build-test-'));
  await installPackages(proverDirectory);
  wasm = readWasm(proverDirectory, pins.inputs.wasmGzip);
});
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** A module from sections given as [id, payload bytes]. */
function moduleOf(...sections) {
  const parts = sections.flatMap(([id, payload]) => [Buffer.from([id]), encodeU32(payload.length), Buffer.from(payload)]);
  return Buffer.concat([Buffer.from('\0asm\x01\0\0\0', 'latin1'), ...parts]);
}

/** A module with env.memory (shared, 1 to 1 pages) and one function () -> () of the given instructions. */
function moduleWith(instructions, { limits = 3, memory = 'memory' } = {}) {
  const name = (text) => [text.length, ...Buffer.from(text)];
  const body = [0, ...instructions];
  return moduleOf(
    [1, [3, 0x60, 0, 0, 0x60, 2, 0x7f, 0x7f, 1, 0x7f, 0x60, 3, 0x7f, 0x7f, 0x7e, 1, 0x7f]],
    [2, [1, ...name('env'), ...name(memory), 2, limits, 1, 1]],
    [3, [1, 0]],
    [10, [1, body.length, ...body]],
  );
}

describe('WebAssembly', () => {
  test('An unsigned LEB128 survives the round trip in the fewest bytes', () => {
    for (const value of [0, 1, 127, 128, 255, 16383, 16384, 2313532, 2 ** 31, 2 ** 32 - 1]) {
      const bytes = encodeU32(value);
      assert.equal(new Cursor(bytes).u32(), value);
      assert.equal(bytes.length, Math.max(1, Math.ceil(value.toString(2).length / 7)));
    }
  });

  test('A LEB128 of more than 32 bits, and one that does not end, are refused', () => {
    assert.throws(() => new Cursor(Buffer.from('ffffffff1f', 'hex')).u32(), WasmError);
    assert.throws(() => new Cursor(Buffer.from('808080808000', 'hex')).u32(), WasmError);
    assert.throws(() => new Cursor(Buffer.from('80', 'hex')).u32(), WasmError);
    assert.throws(() => encodeU32(2 ** 32), RangeError);
  });

  test('The walk reaches exactly the end of every function of the real module', () => {
    const module = parseModule(wasm);
    const bodies = readBodies(module);
    assert.equal(bodies.length, 7590);
    for (const body of bodies) {
      let reached = body.start;
      walkBody(wasm, body, (opcode, start, next) => {
        assert.equal(start, reached);
        reached = next;
      });
      assert.equal(reached, body.end);
    }
  });

  test('An unknown opcode is refused with its offset', () => {
    for (const opcode of [[0x06], [0x27], [0xc5], [0xff, 0x00], [0xfc, 0x12], [0xfd, 0x9a, 0x01], [0xfd, 0x80, 0x02], [0xfe, 0x04]]) {
      const bytes = Buffer.from([0x01, ...opcode, 0x0b]);
      assert.throws(() => walkBody(bytes, { start: 0, end: bytes.length }, () => {}), (error) => error instanceof WasmError && error.offset === 1);
    }
  });

  test('A body that ends too early or too late is refused', () => {
    const walk = (hexadecimal) => {
      const bytes = Buffer.from(hexadecimal, 'hex');
      walkBody(bytes, { start: 0, end: bytes.length }, () => {});
    };
    walk('02400b0b'); // block, end, end
    assert.throws(() => walk('02400b'), WasmError);
    assert.throws(() => walk('0b01'), WasmError);
    assert.throws(() => walk('41'), WasmError);
  });
});

describe('The rewritten module', () => {
  test('has 26 calls where there were waits and notifies, and nothing else is changed', () => {
    const { bytes, sites, appended } = rewrite(wasm);
    assert.equal(sites, 26);
    assert.deepEqual(appended, [
      { index: 7597, kind: 'notify', offset: 0 },
      { index: 7598, kind: 'notify', offset: 2313532 },
      { index: 7599, kind: 'wait32', offset: 0 },
    ]);
    const [before, after] = [parseModule(wasm), parseModule(bytes)];
    const [bodiesBefore, bodiesAfter] = [readBodies(before), readBodies(after)];
    let different = 0;
    bodiesBefore.forEach((body, index) => {
      const other = bodiesAfter[index];
      assert.equal(other.end - other.start, body.end - body.start);
      const instructions = (source, range) => {
        const found = [];
        walkBody(source, range, (opcode, start, next) => opcode !== 0x01 && found.push(source.toString('hex', start, next)));
        return found;
      };
      const [left, right] = [instructions(wasm, body), instructions(bytes, other)];
      assert.equal(left.length, right.length);
      left.forEach((instruction, at) => {
        if (instruction === right[at]) return;
        assert.match(instruction, /^fe0[01]02/);
        assert.match(right[at], /^10/);
        different++;
      });
    });
    assert.equal(different, 26);
    for (const { id, payload } of before.sections) {
      if ([0, 2, 3, 10].includes(id)) continue;
      assert.ok(after.sections.find((section) => section.id === id).payload.equals(payload), `section ${id}`);
    }
  });

  test('is valid, and its memory is not shared', () => {
    const { bytes } = rewrite(wasm);
    assert.ok(WebAssembly.validate(bytes));
    const flag = (module) => module.bytes[readImports(module).find((entry) => entry.kind === 'memory').limitsOffset];
    assert.equal(flag(parseModule(wasm)), 3);
    assert.equal(flag(parseModule(bytes)), 1);
    assert.equal(readFunctionTypes(parseModule(bytes)).length, 7593);
  });

  test('does not come about from a module with wait64', () => {
    const wait64 = [0x41, 0, 0x42, 0, 0x42, 0, 0xfe, 0x02, 3, 0, 0x1a, 0x0b];
    assert.throws(() => rewrite(moduleWith(wait64)), /wait64 is not supported/);
  });

  test('does not come about from a module whose memory is named otherwise or is not shared', () => {
    const notify = [0x41, 0, 0x41, 0, 0xfe, 0x00, 2, 0, 0x1a, 0x0b];
    assert.equal(rewrite(moduleWith(notify)).sites, 1);
    assert.throws(() => rewrite(moduleWith(notify, { memory: 'memorx' })), /expected one imported memory, env\.memory/);
    assert.throws(() => rewrite(moduleWith(notify, { limits: 1 })), /env\.memory is not shared/);
  });

  test('does not come about from an atomic with another alignment than 4', () => {
    assert.throws(() => rewrite(moduleWith([0x41, 0, 0x41, 0, 0xfe, 0x00, 1, 0, 0x1a, 0x0b])), /alignment/);
  });
});

describe('Inputs', () => {
  /** A prover directory with one package file, `content` gzipped, and the pin that fits it. */
  function packageWith(content) {
    const directory = fs.mkdtempSync(path.join(scratch, 'inputs-'));
    const zipped = zlib.gzipSync(content);
    const pin = { package: 'p', file: 'module.wasm.gz', sha256: sha256(zipped), gunzippedSha256: sha256(content) };
    fs.mkdirSync(path.dirname(inputPath(directory, pin)), { recursive: true });
    fs.writeFileSync(inputPath(directory, pin), zipped);
    return { directory, pin };
  }
  const flip = (bytes, at) => Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)));

  test('A file with a flipped byte is refused, with both hashes and its path', () => {
    const { directory, pin } = packageWith(Buffer.from('content'));
    assert.equal(readWasm(directory, pin).toString(), 'content');
    const file = inputPath(directory, pin);
    const altered = flip(fs.readFileSync(file), 12);
    fs.writeFileSync(file, altered);
    assert.throws(() => readWasm(directory, pin), ({ message }) =>
      message.includes(pin.sha256) && message.includes(sha256(altered)) && message.includes(file));
  });

  test('A module with a flipped byte is refused although its archive is the pinned one', () => {
    const { directory, pin } = packageWith(Buffer.from('content'));
    const expected = sha256(flip(Buffer.from('content'), 3));
    assert.throws(() => readWasm(directory, { ...pin, gunzippedSha256: expected }), ({ message }) =>
      message.includes(expected) && message.includes(pin.gunzippedSha256));
  });

  test('A missing file is refused with a hint', () => {
    const { directory, pin } = packageWith(Buffer.from('content'));
    assert.throws(() => readInput(directory, { ...pin, file: 'other' }), ({ hint }) => hint.includes('npm ci'));
  });

  test('pins.json, package.json and the lock file name the same versions, and the lock file no registry', () => {
    const locked = readJson('package-lock.json').packages;
    for (const { package: name, version } of Object.values(pins.inputs)) {
      assert.equal(readJson('package.json').dependencies[name], version);
      assert.equal(locked[`node_modules/${name}`].version, version);
    }
    for (const [name, entry] of Object.entries(locked).filter(([name]) => name !== '')) {
      assert.equal(entry.resolved, undefined, name);
      assert.match(entry.integrity, /^sha512-/, name);
    }
  });
});

describe('The development SRS', () => {
  const anchors = readAnchors();
  const bytesOf = (hexadecimal) => Buffer.from(hexadecimal, 'hex');

  const poseidon2 = poseidon2Of(inputPath(proverDirectory, pins.inputs.nativeBb));
  const translatorOf = ({ translatorX, translatorY }) => decodeG1(bytesOf(translatorX + translatorY));

  test('has the constants that its tau gives', () => {
    assert.deepEqual(anchors.development, computeAnchors(poseidon2));
  });

  test('and the ceremony have a Translator commitment on the curve, and its hash', () => {
    for (const constants of [anchors.ceremony, anchors.development]) {
      const commitment = translatorOf(constants);
      assert.ok(G1.contains(commitment));
      assert.equal(hashOfCommitment(commitment, poseidon2), constants.translatorHash);
    }
  });

  test('and the ceremony have points on the curves, of the right order', () => {
    for (const { tauG1, g2, g2Sha256 } of [anchors.ceremony, anchors.development]) {
      const [first, second] = [decodeG1(bytesOf(tauG1)), decodeG2(bytesOf(g2))];
      assert.ok(G1.contains(first));
      assert.ok(G2.contains(second));
      assert.equal(G1.multiply(first, groupOrder), null);
      assert.equal(G2.multiply(second, groupOrder), null);
      assert.equal(encodeG1(first).toString('hex'), tauG1);
      assert.equal(encodeG2(second).toString('hex'), g2);
      assert.equal(sha256(bytesOf(g2)), g2Sha256);
    }
    assert.ok(!G1.contains({ x: 1n, y: 3n }));
  });

  test('The ceremony\'s points parse with the same code', { skip: !fs.existsSync(path.join(vectors, 'crs')) && 'no vectors' }, () => {
    const g1 = fs.readFileSync(path.join(vectors, 'crs/bn254_g1.dat'));
    const g2 = fs.readFileSync(path.join(vectors, 'crs/bn254_g2.dat'));
    for (let at = 0; at < g1.length; at += 64) assert.ok(G1.contains(decodeG1(g1.subarray(at, at + 64))), `point ${at / 64}`);
    assert.deepEqual(decodeG1(g1.subarray(0, 64)), G1.generator);
    assert.equal(g1.toString('hex', 64, 128), anchors.ceremony.tauG1);
    assert.equal(g2.toString('hex'), anchors.ceremony.g2);
  });

  test('replaces each anchor, which occurs once, in the module\'s data', () => {
    const segments = readPassiveData(parseModule(wasm));
    const development = trustDevelopmentSrs(segments);
    for (const [name, encoding] of Object.entries(encodings)) {
      const inOne = (bytes, kind) => occurrences(bytes, Buffer.from(anchors[kind][name], encoding)).length;
      const count = (all, kind) => all.reduce((sum, bytes) => sum + inOne(bytes, kind), 0);
      assert.deepEqual([count(segments, 'ceremony'), count(development, 'ceremony'), count(development, 'development')], [1, 0, 1]);
    }
    const differing = segments.flatMap((bytes, index) => [...bytes].filter((byte, at) => byte !== development[index][at]));
    assert.ok(differing.length <= 64 + 32 + 3 * 64); // the number in BUILDING.md
  });

  test('does not replace an anchor that is absent or there twice', () => {
    const each = Object.entries(encodings).map(([name, encoding]) => Buffer.from(anchors.ceremony[name], encoding));
    assert.equal(trustDevelopmentSrs([Buffer.concat(each)]).length, 1);
    for (const [index, bytes] of each.entries()) {
      assert.throws(() => trustDevelopmentSrs([...each, bytes]), /occurs 2 times/);
      assert.throws(() => trustDevelopmentSrs(each.with(index, bytes.subarray(1))), /occurs 0 times/);
    }
  });

  test('The patched native bb has none of the ceremony\'s constants', () => {
    const bb = readInput(proverDirectory, pins.inputs.nativeBb);
    const patched = patchBb(bb);
    assert.equal(patched.length, bb.length);
    assert.equal(occurrences(patched, bytesOf(anchors.ceremony.g2)).length, 0);
    assert.equal(occurrences(patched, bytesOf(anchors.ceremony.g2Sha256)).length, 0);
    for (const name of ['translatorX', 'translatorY', 'translatorHash']) {
      const endsOf = (bytes) => occurrences(bytes, Buffer.from(anchors.ceremony[name], 'latin1')).length;
      assert.deepEqual([endsOf(bb), endsOf(patched)], [1, 0]);
    }
    assert.equal(patched.filter((byte, at) => byte !== bb[at]).length <= 2 * (64 + 128 + 32) + 3 * (64 + 2), true);
    assert.throws(() => patchBb(Buffer.alloc(1000)), /not found/);
    assert.throws(() => patchBb(Buffer.concat([bb, Buffer.alloc(1)])), /were located in/);
  });
});

describe('The finished C', () => {
  const macroOf = ({ macro, signature, plain }) => [macro, `  ${signature}`, ...plain, '}', 'DEF_MEM_CHECKS(name)'].join('   \\\n');
  const plainHeader = memoryAtomics.map(macroOf).join('\n\n');

  test('has no plain access left in an atomic', () => {
    const header = makeAtomicsReal(plainHeader);
    assert.ok(!header.includes('memcpy'));
    assert.equal(header.match(/__atomic_/g).length, memoryAtomics.length);
  });

  test('does not come about from another header than the expected one', () => {
    for (const { macro } of memoryAtomics) {
      assert.throws(() => makeAtomicsReal(plainHeader.replace(macro, `${macro}x`)), UnexpectedCode);
    }
    assert.throws(() => makeAtomicsReal(plainHeader.replace('ret = ret op wrapped', 'ret = wrapped')), /RMW.*differs/);
    assert.throws(() => makeAtomicsReal(plainHeader + plainHeader), UnexpectedCode);
    assert.throws(() => makeAtomicsReal(makeAtomicsReal(plainHeader)), UnexpectedCode);
  });

  test('has atomics that return what they read, in each width', () => {
    const source = path.join(scratch, 'atomics.c');
    fs.writeFileSync(source, `#include <stdbool.h>
#include <stdint.h>
typedef uint8_t u8; typedef uint16_t u16; typedef uint32_t u32; typedef uint64_t u64;
typedef struct { u8* data; } wasm_rt_memory_t;
#define MEM_ADDR(mem, addr, n) &((mem)->data[addr])
#define ATOMIC_ALIGNMENT_CHECK(addr, t1)
#define DEF_MEM_CHECKS(name)
${makeAtomicsReal(plainHeader)}
DEFINE_ATOMIC_LOAD(load16, u16, u32, u32, (void))
DEFINE_ATOMIC_STORE(store8, u8, u32)
DEFINE_ATOMIC_RMW(add32, fetch_add, +, u32, u32)
DEFINE_ATOMIC_XCHG(swap64, exchange, u64, u64)
DEFINE_ATOMIC_CMP_XCHG(cas8, u32, u8)
DEFINE_ATOMIC_CMP_XCHG(cas64, u64, u64)
int main(void) {
  static _Alignas(8) u8 bytes[8] = {0xff, 0xff, 0xff, 0xff};
  wasm_rt_memory_t memory = {bytes}, *m = &memory;
  if (add32_unchecked(m, 0, 2) != 0xffffffff) return 1;
  if (load16_unchecked(m, 0) != 1) return 2;
  store8_unchecked(m, 1, 0x1ff);
  if (load16_unchecked(m, 0) != 0xff01) return 3;
  if (cas8_unchecked(m, 0, 9, 7) != 1 || bytes[0] != 1) return 4;      // fails: what it read, nothing stored
  if (cas8_unchecked(m, 0, 0xf01, 0xf07) != 1 || bytes[0] != 7) return 5; // both operands are wrapped
  if (swap64_unchecked(m, 0, 5) != 0xff07) return 6;
  if (cas64_unchecked(m, 0, 5, ~0ull) != 5 || bytes[7] != 0xff) return 7;
  return 0;
}
`);
    execFileSync(clang, ['-std=gnu17', '-O2', '-o', path.join(scratch, 'atomics'), source]);
    assert.equal(spawnSync(path.join(scratch, 'atomics')).status, 0);
  });

  test('Reads that nothing uses need not happen, and a macro of another text is refused', () => {
    const header = '#define FORCE_READ_INT(var) __asm__("" ::"r"(var));\n#define SIMD_FORCE_READ(var) __asm__("" ::"x"(var));\n';
    assert.equal(leaveUnusedReads(header), '#define FORCE_READ_INT(var)\n#define SIMD_FORCE_READ(var)\n');
    assert.throws(() => leaveUnusedReads(header.replace('"r"', '"m"')), UnexpectedCode);
  });

  test('loads and stores through the copy of where the memory starts, and bulk and atomic accesses through the memory itself', () => {
    const access = (name, memory) => `  ${name}(${memory}, (u64)(var_i0) + 8u);`;
    for (const name of ['i32_load_default32', 'i64_store_default32', 'i32_load8_u_default32', 'f64_load_default32', 'v128_store_default32']) {
      assert.equal(accessThroughCopy(access(name, 'instance->w2c_env_memory')), access(name, '&memory'));
    }
    for (const name of ['memory_copy', 'memory_fill', 'i32_atomic_load_default32', 'i64_atomic_rmw_add_default32', 'wasm_rt_grow_memory']) {
      assert.equal(accessThroughCopy(access(name, 'instance->w2c_env_memory')), access(name, 'instance->w2c_env_memory'));
    }
  });

  test('calls the host for waits and notifies', () => {
    const source = glueSource([{ index: 8, kind: 'notify', offset: 12 }, { index: 9, kind: 'wait32', offset: 0 }]);
    assert.ok(source.includes('u32 w2c_bb_f8(w2c_bb* instance, u32 var_p0, u32 var_p1) {\n  return prover_notify(instance, var_p0, 12u, var_p1);'));
    assert.ok(source.includes('u64 var_p2) {\n  return prover_wait32(instance, var_p0, 0u, var_p1, var_p2);'));
  });

  test('lacks exactly the data segment that it should lack', () => {
    const text = `a\n${segmentArray(1, Buffer.from('0102030405060708090a0b0c0d', 'hex'))}b`;
    assert.equal(text, 'a\n\nconst u8 data_segment_data_w2c_bb_d1[] = {\n  '
      + '0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, \n  0x0d, \n};\nb');
    assert.throws(() => replaceOnce(text, segmentArray(1, Buffer.from('01', 'hex')), '', 'segment'), UnexpectedCode);
    assert.throws(() => replaceOnce('xx', 'x', '', 'x'), /more than once/);
  });
});

describe('Compilation', () => {
  function sourcesOf(files) {
    const directory = fs.mkdtempSync(path.join(scratch, 'sources-'));
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(directory, name), text);
    return { sources: directory, objects: fs.mkdtempSync(path.join(scratch, 'objects-')), clang, jobs: 2, onProgress() {} };
  }

  test('keeps the objects that it has when it stops, and goes on from there', async () => {
    const options = sourcesOf({ 'a.c': 'int a(void) { return 1; } // the larger one', 'b.c': 'int b(void) {', 'c.c': 'int c;' });
    await assert.rejects(compileGenerated({ ...options, jobs: 1 }), /b\.c/);
    assert.ok(fs.existsSync(path.join(options.objects, 'a.o')));
    assert.ok(!fs.existsSync(path.join(options.objects, 'b.o')));
    fs.writeFileSync(path.join(options.sources, 'b.c'), 'int b(void) { return 2; }');
    const { total, compiled } = await compileGenerated(options);
    assert.equal(total, 3);
    assert.ok(compiled < 3);
    assert.deepEqual(fs.readdirSync(options.objects).filter((name) => name.includes('tmp')), []);
  });

  test('refuses a stack frame beyond the limit', async () => {
    const frame = (bytes) => ({ 'a.c': `void g(char*); void f(void) { char b[${bytes}]; g(b); }` });
    const fits = sourcesOf(frame(200_000));
    await compileGenerated(fits);
    const { bytes, function: name } = largestFrame(fits.objects);
    assert.ok(bytes >= 200_000 && name === 'f');
    await assert.rejects(compileGenerated(sourcesOf(frame(300_000))), /stack frame size/);
  });

  test('compiles the host, which checks the CPU, for any x86-64', () => {
    assert.ok(hostFlags.includes('-march=x86-64'));
    assert.ok(generatedFlags.includes('-march=x86-64-v3'));
  });
});

describe('The sandbox\'s boundary', () => {
  test('A symbol more or less than listed is refused by name', () => {
    expectSame(boundary);
    assert.equal(boundary.length, 26); // the number in BUILDING.md
    assert.throws(() => expectSame([...boundary, 'system']), /not listed: system/);
    assert.throws(() => expectSame(boundary.slice(1)), ({ message }) => message.includes(`not used: ${boundary[0]}`));
  });

  test('The exported functions are those that the header marks', () => {
    const header = 'PROVER_API int a(void);\n#define PROVER_API x\nint b(void);\nPROVER_API prover_instance_t*\nc_2(int);\n';
    assert.deepEqual(exportedFunctions(header), ['a', 'c_2']);
  });
});

describe('Flags', () => {
  test('Host and arithmetic are compiled with checks of arrays on the stack and of what the C library writes', () => {
    const source = path.join(scratch, 'probe.c');
    fs.writeFileSync(source, `#include <string.h>
void use(char*);
void probe(const char* from, size_t count);
void probe(const char* from, size_t count) { char room[16]; memcpy(room, from, count); use(room); }
`);
    for (const flags of [hostFlags, ...['msm.c', 'rows_avx512f.c', 'rows_ifma.c'].map(arithmeticFlags)]) {
      execFileSync(clang, [...flags, '-c', source, '-o', path.join(scratch, 'probe.o')]);
      const symbols = execFileSync(pins.tools.llvmNm.command, ['--undefined-only', path.join(scratch, 'probe.o')], { encoding: 'utf8' });
      assert.match(symbols, /\b__stack_chk_fail\b/);
      assert.match(symbols, /\b__memcpy_chk\b/);
    }
  });
});

describe('Tools', () => {
  const { clang: tool } = pins.tools;

  test('A missing program or header is refused with its Debian package', async () => {
    const hintsAt = (name) => ({ hint }) => hint.includes(name);
    await assert.rejects(checkTools({ tools: { t: { ...tool, command: 'no-such-clang' } }, headers: {} }), hintsAt('clang-19'));
    await assert.rejects(checkTools({ tools: {}, headers: { h: { file: '/no/such.h', debianPackage: 'p-dev' } } }), hintsAt('p-dev'));
  });

  test('Another major version is refused', async () => {
    await assert.rejects(checkTools({ tools: { t: { ...tool, major: 20 } }, headers: {} }), /expected version 20, found/);
  });
});
