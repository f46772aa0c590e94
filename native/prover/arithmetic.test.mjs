// Tests of native arithmetic against an independent model in big integers, and of the fingerprints. ARITHMETIC_CASES sets how many
// random multiplications (default 250,000 for each field and way). Times of the MSM (tests/msm_bench.c):
// MSM_BENCH='4 16 0.3' node --test --test-name-pattern=benchmark native/prover/arithmetic.test.mjs
// node --test native/prover/arithmetic.test.mjs
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BuildError } from '../scripts/process.mjs';
import { arithmeticFlags } from './scripts/archive.mjs';
import { findFunctions } from './scripts/fingerprints.mjs';
import { inputPath, installPackages, readWasm } from './scripts/inputs.mjs';
import { edgeValues, fields } from './scripts/identify.mjs';
import { parseModule } from './scripts/wasm.mjs';

const proverDirectory = path.dirname(fileURLToPath(import.meta.url));
const pins = JSON.parse(fs.readFileSync(path.join(proverDirectory, 'pins.json'), 'utf8'));
const clang = pins.tools.clang.command;
const randomCases = Number(process.env.ARITHMETIC_CASES ?? 250_000);

// ---- The model: BN254's G1 in big integers, and elements as they lie in memory.

const p = fields.base;
const order = fields.scalar;
const R = 1n << 261n;
const mod = (value, m = p) => ((value % m) + m) % m;

function power(base, exponent, m) {
  let result = 1n;
  for (base = mod(base, m); exponent > 0n; exponent >>= 1n, base = (base * base) % m) if (exponent & 1n) result = (result * base) % m;
  return result;
}
const inverse = (value, m = p) => power(value, m - 2n, m);
const intoMemory = (value) => mod(value * R);
const outOfMemory = (value) => mod(value * inverse(R));

const infinity = null;
const G = { x: 1n, y: 2n };
const negate = (point) => (point === infinity ? infinity : { x: point.x, y: mod(-point.y) });
function add(a, b) {
  if (a === infinity) return b;
  if (b === infinity) return a;
  if (a.x === b.x && a.y !== b.y) return infinity;
  const slope = a.x === b.x ? mod(3n * a.x * a.x * inverse(2n * a.y)) : mod((b.y - a.y) * inverse(mod(b.x - a.x)));
  const x = mod(slope * slope - a.x - b.x);
  return { x, y: mod(slope * (a.x - x) - a.y) };
}
function times(scalar, point) {
  let result = infinity;
  for (; scalar > 0n; scalar >>= 1n, point = add(point, point)) if (scalar & 1n) result = add(result, point);
  return result;
}
/** `count` points whose logarithms are known: step, 2 step, 3 step, .. */
function ladder(count, step = 0x1234567890abcdef1234567890abcdefn) {
  const first = times(step, G);
  const points = [];
  for (let i = 0; i < count; i++) points.push({ ...(i === 0 ? first : add(points[i - 1], first)), log: mod(step * BigInt(i + 1), order) });
  return points;
}

// ---- Bytes

const words = [0, 8, 16, 24];
function write(buffer, at, value) {
  for (const offset of words) buffer.writeBigUInt64LE((value >> BigInt(8 * offset)) & 0xffff_ffff_ffff_ffffn, at + offset);
}
const read = (buffer, at) => words.reduce((sum, offset) => sum | (buffer.readBigUInt64LE(at + offset) << BigInt(8 * offset)), 0n);
function bytesOfNumbers(values) {
  const buffer = Buffer.alloc(32 * values.length);
  values.forEach((value, index) => write(buffer, 32 * index, value));
  return buffer;
}
const bytesOfPoint = (point) => bytesOfNumbers(point === infinity ? [1n << 255n, 0n] : [intoMemory(point.x), intoMemory(point.y)]);
const u32 = (...values) => Buffer.from(Uint32Array.from(values).buffer);
const random256 = () => BigInt(`0x${crypto.randomBytes(32).toString('hex')}`);

// ---- The program

const ways = ['avx2', 'avx512f', 'ifma'];
let scratch;
let tool;
let benchmark;
let emulating;
let has;

before(async () => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'prover-arithmetic-test-'));
  tool = path.join(scratch, 'arithmetic_tool');
  const compile = (flags, source, object) => {
    execFileSync(clang, [...flags, '-Iarithmetic', '-c', source, '-o', path.join(scratch, object)], { cwd: proverDirectory, stdio: 'inherit' });
    return path.join(scratch, object);
  };
  const sources = fs.readdirSync(path.join(proverDirectory, 'arithmetic')).filter((name) => name.endsWith('.c'));
  const objects = sources.map((name) => compile(arithmeticFlags(name), `arithmetic/${name}`, `${name}.o`));
  const common = [compile(arithmeticFlags('tool'), 'tests/arithmetic_tool.c', 'tool.o'), compile(['-O2', '-Iinclude'], 'host/cpu.c', 'cpu.o')];
  execFileSync(clang, [...objects, ...common, '-o', tool]);
  benchmark = path.join(scratch, 'msm_bench');
  execFileSync(clang, [...objects, compile(arithmeticFlags('bench'), 'tests/msm_bench.c', 'bench.o'), common[1], '-o', benchmark]);
  const [adx, vectors] = execFileSync(tool, ['features'], { encoding: 'utf8' }).trim().split(' ');
  has = { adx: adx === '1', vectors: ways.indexOf(vectors) };
  emulating = `${tool}_emulated_ifma`;
  const emulated = sources.filter((name) => name.endsWith('_ifma.c')).map((name) => compile(
    [...arithmeticFlags('batch_add_avx512f.c'), '-include', 'stdbool.h', '-include', 'tests/ifma_emulated.h'],
    `arithmetic/${name}`, `emulated_${name}.o`));
  const others = objects.filter((object) => !object.endsWith('_ifma.c.o'));
  execFileSync(clang, [...others, ...emulated, ...common, '-o', emulating]);
});
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** Where the CPU has AVX-512 without IFMA, IFMA's two instructions are emulated: all else is the code that is shipped. */
const run = (args, input) =>
  execFileSync(args[1] === 'ifma' && has.vectors === 1 ? emulating : tool, args, { input, maxBuffer: 1 << 30 });
/** Which ways of adding points can be tested here. */
const vectorWays = () => (has.vectors === 0 ? ways.slice(0, 1) : ways);

// ---- Multiplication

describe('Multiplication', () => {
  for (const [field, modulus] of Object.entries(fields)) {
    for (const way of ['adx', 'portable']) {
      test(`In the ${field} field, ${way}: edge cases and random ones are a b / 2^261, below 1.17 times the modulus`, (t) => {
        if (way === 'adx' && !has.adx) return t.skip('this CPU has no ADX');
        const limit = 0x9f37631a3d9cbfacn << 192n; // where an operand is reduced first
        const edges = [...edgeValues(modulus), limit - 1n, limit, limit + 1n, (1n << 256n) - modulus, (1n << 256n) - 2n * modulus - 1n, (1n << 256n) - 2n * modulus];
        const pairs = edges.flatMap((a) => edges.map((b) => [a, b]));
        const random = crypto.randomBytes(64 * randomCases);
        const input = Buffer.concat([bytesOfNumbers(pairs.flat()), random]);
        const output = run(['multiply', field, way], input);
        assert.equal(output.length, input.length / 2);
        const inverseOfR = inverse(R, modulus);
        const bound = (a, b) => modulus * (a < 2n * modulus && b < 2n * modulus ? 112n : 117n) / 100n;
        for (let i = 0; i < input.length / 64; i++) {
          const [a, b, product] = [read(input, 64 * i), read(input, 64 * i + 32), read(output, 32 * i)];
          if (product % modulus !== a * b % modulus * inverseOfR % modulus || product >= bound(a, b)) {
            assert.fail(`${a.toString(16)} * ${b.toString(16)} gave ${product.toString(16)}`);
          }
        }
      });
    }
  }
});

// ---- Rows

describe('Rows of elements, several at a time', () => {
  const sizes = [...Array(20).keys(), 31, 32, 33, 100, 4000];
  const elementsFor = (modulus, count, limit) => {
    const edges = edgeValues(modulus).filter((value) => value < limit);
    return Array.from({ length: count }, (_, i) => (i % 3 === 0 ? edges[crypto.randomInt(edges.length)] : random256() % limit));
  };
  const untouched = Buffer.alloc(32, 0xa5);

  for (const [field, modulus] of Object.entries(fields)) {
    const product = (a, b) => a * b % modulus * inverse(R, modulus) % modulus;

    for (const how of ['multiply', 'scale']) {
      test(`${how} in the ${field} field: any words, every size; results below 1.17 times the modulus, and nothing else written`, () => {
        for (const way of vectorWays()) {
          for (const size of sizes) {
            const to = elementsFor(modulus, size, 1n << 256n);
            const others = elementsFor(modulus, how === 'multiply' ? size : 1, 1n << 256n);
            const output = run(['rows', way, how, field], Buffer.concat([u32(size), bytesOfNumbers(to), bytesOfNumbers(others)]));
            to.forEach((a, i) => {
              const result = read(output, 32 * i);
              assert.equal(result % modulus, product(a, others[how === 'multiply' ? i : 0]), `${way}: ${size}: ${i}`);
              assert.ok(result < modulus * 117n / 100n);
            });
            assert.deepEqual(output.subarray(32 * size), untouched);
          }
        }
      });
    }
  }

  test('fold: elements below 2 r, every size, odd ones too, in place and apart', () => {
    const product = (a, b) => a * b % order * inverse(R, order) % order;
    for (const way of vectorWays()) {
      for (const size of sizes) {
        const from = elementsFor(order, size, 2n * order);
        const [by] = elementsFor(order, 1, 2n * order);
        const output = run(['rows', way, 'fold', 'scalar'], Buffer.concat([u32(size), bytesOfNumbers(from), bytesOfNumbers([by])]));
        const half = Math.ceil(size / 2);
        for (let i = 0; i < half; i++) {
          const [a, b] = [from[2 * i], from[2 * i + 1] ?? 0n];
          const result = read(output, 32 * i);
          assert.equal(result % order, mod(a + product(mod(b - a, order), by), order), `${way}: ${size}: ${i}`);
          assert.ok(result < 2n * order);
        }
        assert.deepEqual(output.subarray(32 * half, 32 * half + 32), untouched);
        assert.deepEqual(output.subarray(32 * half + 32), output.subarray(0, 32 * half));
      }
    }
  });
});

// ---- Batches

/** pairs: [a, b, out], a and b negated by -1 - place. */
function batchInput(points, pairs) {
  const place = (at) => (at < 0 ? 0x8000_0000 + (-1 - at) : at);
  return Buffer.concat([u32(points.length, pairs.length), ...points.map(bytesOfPoint), ...pairs.map(([a, b, out]) => u32(place(a), place(b), out))]);
}
function checkBatch(way, points, pairs) {
  const output = run(['batch', way], batchInput(points, pairs));
  const at = (place) => (place < 0 ? negate(points[-1 - place]) : points[place]);
  const expected = [...points];
  for (const [a, b, out] of pairs) expected[out] = add(at(a), at(b));
  expected.forEach((point, index) =>
    assert.deepEqual(output.subarray(4 + 64 * index, 68 + 64 * index), bytesOfPoint(point), `${way}: point ${index}`));
  assert.equal(output.readUInt32LE(0), expected.filter((point) => point === infinity).length);
}

describe('Batches of additions', () => {
  const points = ladder(600, 0xfedcba9876543210fedcba9876543211n);

  test('Every size up to three strides of sixteen, and some larger, give the sums', () => {
    for (const way of vectorWays()) {
      for (const size of [...Array(49).keys()].slice(1).concat([63, 64, 65, 200])) {
        checkBatch(way, points, Array.from({ length: size }, (_, i) => [i, 599 - i, 200 + i]));
      }
    }
  });

  test('Either point is negated where its place says so, in any lane', () => {
    for (const way of vectorWays()) {
      for (const size of [1, 4, 8, 37]) {
        checkBatch(way, points, Array.from({ length: size }, (_, i) => [i & 1 ? -1 - i : i, i & 2 ? i - 600 : 599 - i, 200 + i]));
      }
    }
  });

  test('A sum may go where one of its points was', () => {
    for (const way of vectorWays()) checkBatch(way, points, Array.from({ length: 40 }, (_, i) => [i, 599 - i, i % 3 ? i : 599 - i]));
  });

  test('Equal points are doubled and opposite ones give the neutral element, in any lane, alone and beside others', () => {
    const pairs = Array.from({ length: 16 }, (_, i) => [i, 16 + i, 32 + i]);
    for (const way of vectorWays()) {
      for (let lane = 0; lane < 16; lane++) {
        for (const change of [(point) => ({ ...point }), negate]) {
          const some = points.slice(0, 48);
          some[16 + lane] = change(some[lane]);
          checkBatch(way, some, pairs);
        }
      }
      const twice = points.slice(0, 9).flatMap((point) => [point, { ...point }]);
      checkBatch(way, twice, Array.from({ length: 9 }, (_, i) => [2 * i, 2 * i + 1, 2 * i]));
      checkBatch(way, twice, Array.from({ length: 9 }, (_, i) => [2 * i, -2 - 2 * i, 2 * i]));
    }
  });

  test('A point off the curve with y = 0 is its own opposite', () => {
    for (const way of vectorWays()) {
      const some = points.slice(0, 20).map((point) => ({ ...point }));
      some[3] = some[13] = { x: 5n, y: 0n };
      const output = run(['batch', way], batchInput(some, Array.from({ length: 10 }, (_, i) => [i, 10 + i, i])));
      assert.equal(output.readUInt32LE(0), 1);
      assert.deepEqual(output.subarray(4 + 64 * 3, 4 + 64 * 4), bytesOfPoint(infinity));
    }
  });

  test('Coordinates near the modulus, and with extreme limbs, are added rightly', () => {
    // Off the curve: the formulas do not need it. Every mix of the smallest and the largest coordinates there are, in memory and
    // in the form that IFMA's way keeps them in.
    const extremes = [0n, 1n, 2n, p - 1n, p - 2n, (1n << 29n) - 1n, (1n << 52n) - 1n, (1n << 253n) - 1n].flatMap(
      (value) => [mod(value * inverse(R)), mod(value * inverse(1n << 260n))]);
    const some = extremes.flatMap((x) => extremes.filter((y) => y !== 0n).map((y) => ({ x, y })));
    for (const way of vectorWays()) {
      for (let shift = 23; shift < some.length; shift += 29) {
        const both = [...some, ...some.map((_, i) => some[(i + shift) % some.length])];
        const pairs = some.map((_, i) => [i, some.length + i, i]).filter(([a, b]) => both[a].x !== both[b].x);
        checkBatch(way, both, pairs);
      }
    }
  });
});

describe('Forms of points', () => {
  test('What a way takes it gives back, canonical, whatever the words were; and turned, on the curve, by a cube root of 1', () => {
    const edges = [...edgeValues(p), ...Array.from({ length: 300 }, random256)].map((value) => value & ((1n << 255n) - 1n));
    const input = Buffer.concat([u32(edges.length), ...edges.map((x, i) => bytesOfNumbers([x, edges[(7 * i) % edges.length]]))]);
    const root = 0x59e26bcea0d48bacd4f263f1acdb5c4f5763473177fffffen;
    assert.equal(root * root * root % p, 1n);
    for (const way of vectorWays()) {
      const output = run(['forms', way], input);
      edges.forEach((x, i) => {
        const y = edges[(7 * i) % edges.length] % p;
        assert.deepEqual(output.subarray(64 * i, 64 * i + 64), bytesOfNumbers([x % p, y]), `${way}: ${x.toString(16)}`);
        assert.deepEqual(output.subarray(64 * (edges.length + i)).subarray(0, 64), bytesOfNumbers([x * root % p, y]));
      });
    }
  });

  test('A scalar and its two halves, below 2^127, are the same multiple', () => {
    const t = 0xb3c4d79d41a917585bfc41088d8daaa78b17ea66b99c90ddn;
    assert.deepEqual(times(t, G), { x: 0x59e26bcea0d48bacd4f263f1acdb5c4f5763473177fffffen, y: 2n });
    const scalars = [...edgeValues(order), order, (1n << 254n) - 1n, 1n << 253n].filter((value) => value < 1n << 254n);
    for (let bit = 0n; bit < 254n; bit++) scalars.push(1n << bit, (order - (1n << bit)) % order);
    while (scalars.length < 5000) scalars.push(random256() >> 2n);
    const output = run(['split'], bytesOfNumbers(scalars));
    const half = (at) => {
      const twice = output.readBigUInt64LE(at) | output.readBigUInt64LE(at + 8) << 64n;
      const value = (twice & ((1n << 127n) - 1n)) >> 1n;
      return twice >> 127n ? -value : value;
    };
    scalars.forEach((scalar, i) => assert.equal(mod(half(32 * i) + half(32 * i + 16) * t, order), scalar % order, scalar.toString(16)));
    // Short ones stay short, also those that are short negative numbers.
    assert.deepEqual([half(32 * scalars.indexOf(1n << 20n)), half(32 * scalars.indexOf(1n << 20n) + 16)], [1n << 20n, 0n]);
    assert.deepEqual([half(32 * scalars.indexOf(order - (1n << 20n))), half(32 * scalars.indexOf(order - (1n << 20n)) + 16)], [-(1n << 20n), 0n]);
  });
});

// ---- Multi-scalar multiplication

/** terms: [{ point, scalar }]; points have a known logarithm, so the expected result is one multiplication. */
function msm(way, terms, { points = terms.map((term) => term.point), indices = terms.map((_, i) => i) } = {}) {
  const scalars = terms.map((term) => term.scalar);
  const input = Buffer.concat([u32(points.length, indices.length), ...points.map(bytesOfPoint), bytesOfNumbers(scalars), u32(...indices)]);
  return pointOf(run(['msm', way], input));
}
function pointOf(output) {
  if (output[0] === 1) return infinity;
  const [x, y, z] = [1, 33, 65].map((at) => outOfMemory(read(output, at)));
  assert.ok([1, 33, 65].every((at) => read(output, at) < 2n * p));
  const over = inverse(z);
  return { x: mod(x * over * over), y: mod(y * over * over * over) };
}
const logOf = (terms) => terms.reduce((sum, { point, scalar }) => sum + (point === infinity ? 0n : point.log * scalar), 0n) % order;
function checkMsm(terms, what) {
  const expected = times(logOf(terms), G);
  for (const way of vectorWays()) assert.deepEqual(msm(way, terms), expected, `${way}: ${what}`);
}
const randomScalar = () => random256() % order;

describe('Multi-scalar multiplication', () => {
  const points = ladder(9000);
  const withScalars = (count, scalarOf) => points.slice(0, count).map((point, i) => ({ point, scalar: scalarOf(i) }));

  test('Sizes from one point on, around every power of two, and beyond one group of 8,192', () => {
    for (const size of [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 95, 96, 97, 127, 129, 255, 257, 511, 513, 1025, 2047, 4097, 8191, 8192, 8193, 9000]) {
      checkMsm(withScalars(size, randomScalar), `${size} points`);
    }
  });

  test('More points than are split, and more than one sum takes', () => {
    for (const count of [16_384, 16_385, 40_000, (1 << 18) + 300]) {
      const scalars = crypto.randomBytes(32 * count);
      let log = 0n;
      for (let i = 0; i < count; i++) {
        scalars[32 * i + 31] &= 0x1f;
        if (i % 5 === 0) scalars.fill(0, 32 * i + 3, 32 * i + 32);
        log += read(scalars, 32 * i) * points[i % 9000].log;
      }
      const bytes = points.map(bytesOfPoint);
      const input = Buffer.concat([
        u32(count, count), ...Array.from({ length: count }, (_, i) => bytes[i % 9000]), scalars, Buffer.from(Uint32Array.from({ length: count }, (_, i) => i).buffer)]);
      for (const way of vectorWays()) assert.deepEqual(pointOf(run(['msm', way], input)), times(log % order, G), `${way}: ${count}`);
    }
  });

  test('Zero scalars, all and some; and no point but neutral elements', () => {
    checkMsm(withScalars(300, () => 0n), 'all zero');
    checkMsm(withScalars(300, (i) => (i % 3 === 0 ? 0n : randomScalar())), 'some zero');
    checkMsm(withScalars(300, randomScalar).map((term) => ({ ...term, point: infinity })), 'all neutral');
    checkMsm(withScalars(300, randomScalar).map((term, i) => (i % 7 === 0 ? { ...term, point: infinity } : term)), 'some neutral');
  });

  test('All scalars equal: one bucket a window', () => {
    for (const scalar of [1n, 2n, order - 1n, 1n << 253n, randomScalar()]) checkMsm(withScalars(8500, () => scalar), `${scalar.toString(16)}`);
  });

  test('Scalars with long runs of ones, zeros and single bits: every carry between digits', () => {
    const scalars = [1n, order - 1n, order - 2n, (1n << 253n) - 1n, 1n << 253n];
    for (let bit = 0n; bit < 253n; bit++) scalars.push(1n << bit, (1n << bit) - 1n, order - (1n << bit));
    checkMsm(withScalars(scalars.length, (i) => scalars[i]), 'edges together');
    for (const scalar of scalars.slice(0, 80)) checkMsm([{ point: points[0], scalar }], `alone: ${scalar.toString(16)}`);
  });

  test('Small scalars: few buckets are filled, and most windows are empty', () => {
    for (const limit of [2n, 3n, 16n, 100n, 5000n]) checkMsm(withScalars(2000, (i) => BigInt(i * i) % limit), `below ${limit}`);
    checkMsm(withScalars(2000, (i) => (i < 3 ? BigInt([1, 2000, 4000][i]) : 0n)), 'far apart');
  });

  test('Equal points, with equal and with different scalars', () => {
    const same = (count, scalarOf) => Array.from({ length: count }, (_, i) => ({ point: points[0], scalar: scalarOf(i) }));
    checkMsm(same(700, () => 77n), 'one point, one scalar');
    checkMsm(same(700, randomScalar), 'one point');
    checkMsm(withScalars(700, () => 9n).map((term, i) => ({ ...term, point: points[i >> 1] })), 'each point twice');
  });

  test('Opposite points: buckets, runs and whole sums that vanish', () => {
    const opposite = ({ log, ...point }) => ({ ...negate(point), log: order - log });
    const pairs = (count, scalarOf) => withScalars(count, scalarOf).flatMap((term) => [term, { ...term, point: opposite(term.point) }]);
    checkMsm(pairs(400, () => 5n), 'in one bucket');
    checkMsm(pairs(400, randomScalar), 'in many');
    checkMsm(withScalars(401, () => 5n).map((term, i) => (i % 2 ? { ...term, point: opposite(points[i - 1]) } : term)), 'one is left');
    checkMsm([{ point: points[0], scalar: 3n }, { point: opposite(points[0]), scalar: 3n }], 'two terms');
    checkMsm(withScalars(600, (i) => (i % 2 ? order - 5n : 5n)).map((term, i) => ({ ...term, point: points[i >> 1] })), 'by scalars');
  });

  test('Coordinates and points that are not canonical are the points they stand for', () => {
    const terms = withScalars(200, () => 3n);
    for (const way of vectorWays()) {
      const loose = terms.map(({ point }) => bytesOfNumbers([intoMemory(point.x) + p, intoMemory(point.y) + p]));
      const input = Buffer.concat([u32(200, 200), ...loose, bytesOfNumbers(terms.map((term) => term.scalar)), u32(...terms.keys())]);
      const canonical = Buffer.concat([u32(200, 200), ...terms.map(({ point }) => bytesOfPoint(point)), input.subarray(8 + 200 * 64)]);
      assert.deepEqual(run(['msm', way], input), run(['msm', way], canonical));
    }
  });

  test('In the benchmark all ways agree, for every shape of scalars', (t) => {
    t.diagnostic(execFileSync(benchmark, (process.env.MSM_BENCH ?? '1 9 0').split(' '), { encoding: 'utf8' }));
  });

  test('Neutral elements in more buckets than a group has room for', () => {
    const count = 1 << 18; // the most of one sum: its digits have 15 bits, and 16,384 buckets
    const finite = withScalars(5, randomScalar);
    const neutral = Buffer.alloc(64 * count);
    const scalars = crypto.randomBytes(32 * count);
    for (let i = 0; i < count; i++) {
      neutral[64 * i + 31] = 0x80;
      scalars[32 * i + 31] &= 0x1f;
    }
    finite.forEach(({ point, scalar }, i) => {
      const at = i * 50_000 + 7;
      bytesOfPoint(point).copy(neutral, 64 * at);
      bytesOfNumbers([scalar]).copy(scalars, 32 * at);
    });
    const indices = Buffer.from(Uint32Array.from({ length: count }, (_, i) => i).buffer);
    const expected = msm('avx2', finite);
    for (const way of vectorWays()) {
      const output = run(['msm', way], Buffer.concat([u32(count, count), neutral, scalars, indices]));
      const [x, y, z] = [1, 33, 65].map((at) => outOfMemory(read(output, at)));
      const over = inverse(z);
      assert.deepEqual({ x: mod(x * over * over), y: mod(y * over * over * over) }, expected, way);
    }
  });

  test('Indices choose terms, in any order', () => {
    const terms = withScalars(500, randomScalar);
    const chosen = [...terms.keys()].filter((i) => i % 3 !== 1).reverse();
    const expected = times(logOf(chosen.map((i) => terms[i])), G);
    for (const way of vectorWays()) assert.deepEqual(msm(way, terms, { indices: chosen }), expected);
  });

  test('Random bytes as points and scalars do no harm', () => {
    for (const way of vectorWays()) {
      const count = 3000;
      const input = Buffer.concat([u32(count, count), crypto.randomBytes(96 * count), crypto.randomBytes(4 * count).map((byte, i) => (i % 4 < 1 ? byte : 0))]);
      run(['msm', way], input);
    }
  });
});

// ---- The passes over the module

describe('Functions by fingerprint', () => {
  let module;
  before(async () => {
    await installPackages(proverDirectory);
    module = parseModule(readWasm(proverDirectory, pins.inputs.wasmGzip));
  });

  test('Each is found once', () => {
    const { functions } = JSON.parse(fs.readFileSync(path.join(proverDirectory, 'arithmetic/functions.json'), 'utf8'));
    assert.ok(Object.values(findFunctions(module, functions)).every(Number.isInteger));
  });

  test('A fingerprint that no function has stops the build', () => {
    assert.throws(() => findFunctions(module, { nothing: '0'.repeat(64) }), BuildError);
  });
});
