// Tests of the passes that find field arithmetic which Barretenberg's compiler inlined: what they make of it computes the same, and what
// could be anything else stays as it is.
// node --test native/prover/passes.test.mjs
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { newAdditionsReport, replaceAdditionsInFunction } from './scripts/additions.mjs';
import { arithmeticFlags } from './scripts/archive.mjs';
import { editFunctions } from './scripts/edits.mjs';
import { edgeValues, fields } from './scripts/identify.mjs';
import { newReport, replaceInFile } from './scripts/multiplications.mjs';
import { addCopies, redirectCalls } from './scripts/specialise.mjs';
import { additionInC, multiplicationInC } from './tests/inlined.mjs';

const proverDirectory = path.dirname(fileURLToPath(import.meta.url));
const pins = JSON.parse(fs.readFileSync(path.join(proverDirectory, 'pins.json'), 'utf8'));
const clang = pins.tools.clang.command;
const p = fields.base;
const R = 1n << 261n;

/** The other fields that Barretenberg computes in, for ecdsa (SEC 2); Grumpkin's are BN254's, the other way round. */
const otherFields = {
  'secp256k1 base': (1n << 256n) - (1n << 32n) - 977n,
  'secp256k1 scalar': 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  'secp256r1 base': (1n << 256n) - (1n << 224n) + (1n << 192n) + (1n << 96n) - 1n,
  'secp256r1 scalar': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
};

const words = [0, 8, 16, 24];
const write = (buffer, at, value) =>
  words.forEach((offset) => buffer.writeBigUInt64LE((value >> BigInt(8 * offset)) & 0xffff_ffff_ffff_ffffn, at + offset));
const read = (buffer, at) => words.reduce((sum, offset) => sum | (buffer.readBigUInt64LE(at + offset) << BigInt(8 * offset)), 0n);
function bytesOfNumbers(values) {
  const buffer = Buffer.alloc(32 * values.length);
  values.forEach((value, index) => write(buffer, 32 * index, value));
  return buffer;
}
const random256 = () => BigInt(`0x${crypto.randomBytes(32).toString('hex')}`);

function power(base, exponent, modulus) {
  let result = 1n;
  for (; exponent > 0n; exponent >>= 1n, base = base * base % modulus) if (exponent & 1n) result = result * base % modulus;
  return result;
}
const overR = (value, modulus) => value * power(R % modulus, modulus - 2n, modulus) % modulus;

let scratch;
before(() => { scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'prover-passes-test-')); });
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** What functions, given as { name, text }, give for pairs of numbers: results[pair][function]. */
function runFunctions(functions, pairs) {
  const [{ name: first }] = functions;
  const source = path.join(scratch, `${first}.c`);
  fs.writeFileSync(source, `#include <stdint.h>
#include <stdio.h>
typedef uint64_t u64;
typedef uint32_t u32;
typedef struct { u64 out[4]; } w2c_bb;
#define FUNC_PROLOGUE
#include "field_multiply.h"
${functions.map(({ text }) => text).join('')}
static void (*const functions[])(w2c_bb*, u64, u64, u64, u64, u64, u64, u64, u64) = { ${functions.map(({ name }) => name).join(', ')} };
int main(void) {
  u64 a[8];
  while (fread(a, 1, 64, stdin) == 64) {
    for (int i = 0; i < ${functions.length}; i++) {
      w2c_bb b;
      functions[i](&b, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
      fwrite(b.out, 1, 32, stdout);
    }
  }
}
`);
  const program = path.join(scratch, first);
  execFileSync(clang, [
    ...arithmeticFlags('pass').filter((flag) => !flag.startsWith('-W')), '-w', '-Iarithmetic', source,
    'arithmetic/field.c', 'arithmetic/multiply.c', 'host/cpu.c', '-Iinclude', '-o', program,
  ], { cwd: proverDirectory });
  const output = execFileSync(program, [], { input: bytesOfNumbers(pairs.flat()), maxBuffer: 1 << 30 });
  assert.equal(output.length, 32 * functions.length * pairs.length);
  return pairs.map((_, pair) => functions.map((_, index) => read(output, 32 * (pair * functions.length + index))));
}

const edgePairs = (edges) => edges.flatMap((a) => edges.map((b) => [a, b]));
const randomPairs = (count, bits = 256n) => Array.from({ length: count }, () => [random256() >> (256n - bits), random256() >> (256n - bits)]);

describe('The pass over inlined multiplications', () => {
  const pass = (text) => {
    const report = newReport();
    return { text: replaceInFile(text, { report, checked: new Map() }), report };
  };
  const beforeAndAfter = (kinds, label) => kinds.flatMap((kind, i) => {
    const [text, name] = [multiplicationInC({ ...kind, name: `before_${label}${i}` }), `after_${label}${i}`];
    return [{ name: `before_${label}${i}`, text }, { name, ...pass(multiplicationInC({ ...kind, name })) }];
  });

  test('It finds products and squares in both fields, and of doubled operands, and what it makes of them computes the same', () => {
    const kinds = [{ modulus: p }, { modulus: p, square: true }, { modulus: fields.scalar }, { modulus: fields.scalar, square: true }, { modulus: p, doubled: true }];
    const functions = beforeAndAfter(kinds, 'product');
    kinds.forEach(({ modulus, square }, i) => {
      const { report } = functions[2 * i + 1];
      assert.equal(report.replaced, 1);
      assert.equal(report.squares, square ? 1 : 0);
      assert.equal(report.scalar, modulus === fields.scalar ? 1 : 0);
    });
    const pairs = [...edgePairs(edgeValues(p).filter((value) => value < 1n << 255n)), ...randomPairs(1000, 254n)];
    for (const results of runFunctions(functions, pairs)) {
      kinds.forEach(({ modulus }, i) => assert.equal(results[2 * i] % modulus, results[2 * i + 1] % modulus));
    }
  });

  test('Products with a constant, and of 32-bit integers with one, are found in both fields and computed the same', () => {
    const kinds = Object.values(fields).flatMap((modulus) => {
      const constant = R * R % modulus;
      return [{ modulus, constant }, { modulus, constant, small: true }];
    });
    const functions = beforeAndAfter(kinds, 'constant');
    kinds.forEach((_, i) => assert.equal(functions[2 * i + 1].report.byConstant, 1));
    const pairs = [...edgePairs([...edgeValues(p), 0xffff_ffffn, 0x8000_0000n]), ...randomPairs(1000)];
    for (const results of runFunctions(functions, pairs)) {
      kinds.forEach(({ modulus }, i) => assert.equal(results[2 * i] % modulus, results[2 * i + 1] % modulus));
    }
  });

  test('Products by 1, which take an element out of Montgomery\'s form, are canonical', () => {
    const kinds = Object.values(fields).map((modulus) => ({ modulus, constant: 1n }));
    const functions = beforeAndAfter(kinds, 'one');
    kinds.forEach((_, i) => assert.equal(functions[2 * i + 1].report.byConstant, 1));
    const pairs = [...edgeValues(p).map((a) => [a, 0n]), ...randomPairs(3000)];
    runFunctions(functions, pairs).forEach((results, pair) => kinds.forEach(({ modulus }, i) => {
      assert.equal(results[2 * i + 1], overR(pairs[pair][0], modulus));
      assert.equal(results[2 * i] % modulus, results[2 * i + 1]); // a multiple of p that is not 0 gave p
    }));
  });

  test('Code that multiplies in another field, or has one constant wrong, stays as it is', () => {
    const right = multiplicationInC({ modulus: p });
    const wrong = right.replace(/ = 410844487ull;/, ' = 410844486ull;'); // p's lowest limb, once
    assert.notEqual(wrong, right);
    for (const text of [wrong, ...Object.values(otherFields).map((modulus) => multiplicationInC({ modulus }))]) {
      const result = pass(text);
      assert.ok(result.text === text);
      assert.equal(result.report.found, 1);
      assert.equal(result.report.left.unknown, 1);
    }
  });

  for (const [name, modulus] of Object.entries(otherFields)) {
    test(`Integers that become elements in the field ${name}, and products by 1 there, stay as they are`, () => {
      for (const kind of [{ small: true, constant: R * R % modulus }, { small: true, constant: R % modulus }, { constant: R * R % modulus }, { constant: 1n }, { small: true, constant: 1n }]) {
        const text = multiplicationInC({ modulus, ...kind });
        const result = pass(text);
        assert.ok(result.text === text);
        assert.equal(result.report.found, 1);
      }
    });
  }

  test('What would be the same product with any modulus stays as it is: the values do not say which it is', () => {
    for (const modulus of [...Object.values(fields), ...Object.values(otherFields)]) {
      const constant = 7n * R % modulus; // times 7
      const text = multiplicationInC({ modulus, small: true, constant });
      const result = pass(text);
      assert.ok(result.text === text);
      assert.equal(result.report.left.ambiguous, 1);
    }
  });

  test('Sums on two ways of a branch stay as they are', () => {
    // The first of the eight sums comes before the branch, the others after it.
    const split = pass(multiplicationInC({ modulus: p, middle: ['  if (var_j0) {', '  var_j0 = var_j1;', '  }'] }));
    assert.equal(split.report.left.region, 1);
    assert.equal(split.report.replaced, 0);
  });
});

describe('The pass over inlined additions', () => {
  const pass = (text) => {
    const report = newAdditionsReport();
    return { text: editFunctions(text, (_, lines) => replaceAdditionsInFunction(lines, report)), report };
  };

  test('It finds sums and differences in both fields, and what it makes of them gives the same words for any words', () => {
    const kinds = ['add', 'subtract'].flatMap((kind) => Object.values(fields).flatMap((p) => [p, 2n * p].map((modulus) => ({ kind, modulus }))));
    const functions = kinds.flatMap((kind, i) => [
      { name: `before_sum${i}`, text: additionInC({ ...kind, name: `before_sum${i}` }) },
      { name: `after_sum${i}`, ...pass(additionInC({ ...kind, name: `after_sum${i}` })) },
    ]);
    kinds.forEach(({ kind }, i) => assert.deepEqual(functions[2 * i + 1].report, { ...newAdditionsReport(), functions: 1, [kind]: 1 }));
    const pairs = [...edgePairs(edgeValues(2n * p)), ...randomPairs(1000)];
    for (const modulus of new Set(kinds.map((kind) => kind.modulus))) for (const by of [-1n, 0n, 1n]) pairs.push([modulus + by, 0n], [0n, modulus + by]);
    runFunctions(functions, pairs).forEach((results, pair) => kinds.forEach(({ kind, modulus }, i) => {
      const [a, b] = pairs[pair];
      const sum = kind === 'add' ? (a + b) % (1n << 256n) : a - b;
      const expected = kind === 'add' ? (sum < modulus ? sum : sum - modulus) : (sum < 0n ? sum + modulus : sum) & ((1n << 256n) - 1n);
      assert.equal(results[2 * i], expected);
      assert.equal(results[2 * i + 1], expected);
    }));
  });

  test('A sum that is reduced by anything else stays as it is, and so does one on two ways of a branch', () => {
    for (const kind of ['add', 'subtract']) {
      const other = additionInC({ kind, modulus: 2n * p, constant: 2n * p + (1n << 64n), name: 'other' });
      assert.ok(pass(other).text === other);
      const split = additionInC({ kind, modulus: 2n * p, middle: ['  if (var_j0) {', '  var_l0 = var_j1;', '  }'], name: 'split' });
      const { report } = pass(split);
      assert.equal(report.add + report.subtract, 0);
    }
  });

  test('A number that is never large enough to be reduced stays as it is: its values do not say by what', () => {
    for (const [sumMask, replaced] of [[0xffff_ffffn, 0], [0xffff_ffff_ffff_fff0n, 1]]) {
      const text = additionInC({ kind: 'add', modulus: 2n * p, sumMask, name: 'masked' });
      const result = pass(text);
      assert.equal(result.text === text, replaced === 0);
      assert.deepEqual([result.report.reduce, result.report.left], [replaced, 1 - replaced]);
    }
  });

  for (const [name, modulus] of Object.entries(otherFields)) {
    test(`Sums and differences in the field ${name} stay as they are`, () => {
      for (const kind of ['add', 'subtract']) {
        for (const sumMask of [null, 0xffff_ffffn]) {
          const text = additionInC({ kind, modulus, sumMask, name: 'other' });
          assert.ok(pass(text).text === text);
        }
      }
    });
  }
});

describe('Functions that get a field\'s constants', () => {
  const constants = Array.from({ length: 9 }, (_, i) => BigInt(100 + i));
  const call = (last, value = constants) => [
    '  var_i0 = var_p0;', ...value.map((constant, i) => `  var_j${i + 1} = ${constant}ull;`), `  var_i10 = ${last}u;`,
    `  w2c_bb_f7(instance, var_i0, ${value.map((_, i) => `var_j${i + 1}`).join(', ')}, var_i10);`,
  ].join('\n');

  test('Calls with the same constants share a copy, others have their own; a call of a native function stays', () => {
    const copies = new Map();
    const { text, calls } = redirectCalls([call(1), call(2), call(3, constants.map((value) => value + 1n))].join('\n'), copies);
    assert.equal(calls, 3);
    assert.deepEqual(text.match(/w2c_bb_f7_\d/g), ['w2c_bb_f7_0', 'w2c_bb_f7_0', 'w2c_bb_f7_1']);
    assert.equal(redirectCalls(call(1), new Map(), [7]).calls, 0);
  });

  test('A call with a value that is not a constant, or that is assigned on one way only, keeps it as an argument', () => {
    const copies = new Map();
    redirectCalls(call(1).replace('  var_j4 = 103ull;', '  var_j4 = var_l2;'), copies);
    assert.equal(copies.get('7').values().next().value.constants[4], null);
    const { calls } = redirectCalls(call(1).replace('  var_j9', '  var_B3:;\n  var_j9'), new Map());
    assert.equal(calls, 0);
  });

  test('A copy starts by setting its parameters', () => {
    const copies = new Map();
    redirectCalls(call(1), copies);
    const definition = 'void w2c_bb_f7(w2c_bb* instance, u32 var_p0, u64 var_p1,\n    u64 var_p2) {\n  FUNC_PROLOGUE;\n}\n';
    const { text } = addCopies(definition, copies, new Set());
    assert.ok(text.startsWith(definition));
    assert.match(text, /void w2c_bb_f7_0\(w2c_bb\* instance, u32 var_p0, u64 var_p1,\n {4}u64 var_p2\) \{\n {2}var_p1 = 100ull;\n {2}var_p2 = 101ull;\n/);
  });
});
