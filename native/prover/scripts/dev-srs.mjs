// The development SRS: powers of a tau that everybody knows. INSECURE, for tests and benchmarks alone.
//
// Barretenberg accepts an SRS only if its second point, tau*G1, and the SHA-256 of its G2 point are the ceremony's. And
// Chonk's verifier holds one commitment ready made, which depends on the SRS (translatorCommitment below).
// dev-srs.json holds the ceremony's constants and those that stand for them in the development build. This module
// computes the latter, so that a test can show where they come from.
//
// Run as a program, `node dev-srs.mjs "$(node ../build.mjs --print-bb)"`, it rewrites dev-srs.json.
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

// BN254 as in EIP-196 and EIP-197: E: y^2 = x^3 + 3 over Fq, its twist y^2 = x^3 + 3/(9+u) over Fq2 = Fq[u]/(u^2+1).
export const fieldModulus = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
export const groupOrder = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
export const tau = 0xfedcba98765432101234567890abcdefn;

const mod = (value) => {
  const rest = value % fieldModulus;
  return rest < 0n ? rest + fieldModulus : rest;
};

function power(base, exponent) {
  let result = 1n;
  for (; exponent > 0n; exponent >>= 1n, base = mod(base * base)) if (exponent & 1n) result = mod(result * base);
  return result;
}

const Fq = {
  add: (a, b) => mod(a + b),
  subtract: (a, b) => mod(a - b),
  multiply: (a, b) => mod(a * b),
  invert: (a) => power(a, fieldModulus - 2n),
  equal: (a, b) => a === b,
  small: (n) => BigInt(n),
};

const Fq2 = {
  add: (a, b) => ({ c0: mod(a.c0 + b.c0), c1: mod(a.c1 + b.c1) }),
  subtract: (a, b) => ({ c0: mod(a.c0 - b.c0), c1: mod(a.c1 - b.c1) }),
  multiply: (a, b) => ({ c0: mod(a.c0 * b.c0 - a.c1 * b.c1), c1: mod(a.c0 * b.c1 + a.c1 * b.c0) }),
  invert(a) {
    const inverseNorm = Fq.invert(mod(a.c0 * a.c0 + a.c1 * a.c1));
    return { c0: mod(a.c0 * inverseNorm), c1: mod(-a.c1 * inverseNorm) };
  },
  equal: (a, b) => a.c0 === b.c0 && a.c1 === b.c1,
  small: (n) => ({ c0: BigInt(n), c1: 0n }),
};

/** y^2 = x^3 + constant over a field; points are { x, y } or null for infinity. Variable time: nothing here is secret. */
function curve(field, constant, generator) {
  const slopeTo = (point, rise, run) => {
    const slope = field.multiply(rise, field.invert(run));
    return (other) => {
      const x = field.subtract(field.subtract(field.multiply(slope, slope), point.x), other.x);
      return { x, y: field.subtract(field.multiply(slope, field.subtract(point.x, x)), point.y) };
    };
  };
  const double = (p) => {
    if (!p || field.equal(p.y, field.small(0))) return null;
    const rise = field.multiply(field.small(3), field.multiply(p.x, p.x));
    return slopeTo(p, rise, field.add(p.y, p.y))(p);
  };
  const add = (p, q) => {
    if (!p || !q) return p ?? q;
    if (field.equal(p.x, q.x)) return field.equal(p.y, q.y) ? double(p) : null;
    return slopeTo(p, field.subtract(q.y, p.y), field.subtract(q.x, p.x))(q);
  };
  return {
    generator,
    multiply(point, scalar) {
      let result = null;
      for (; scalar > 0n; scalar >>= 1n, point = double(point)) if (scalar & 1n) result = add(result, point);
      return result;
    },
    contains({ x, y }) {
      return field.equal(field.multiply(y, y), field.add(field.multiply(field.multiply(x, x), x), constant));
    },
  };
}

export const G1 = curve(Fq, 3n, { x: 1n, y: 2n });
export const G2 = curve(Fq2, Fq2.multiply(Fq2.small(3), Fq2.invert({ c0: 9n, c1: 1n })), {
  x: {
    c0: 10857046999023057135944570762232829481370756359578518086990519993285655852781n,
    c1: 11559732032986387107991004021392285783925812861821192530917403151452391805634n,
  },
  y: {
    c0: 8495653923123431417604973247489272438418190587263600148770280649306958101930n,
    c1: 4082367875863433681332203403145435568316851327593401208105741076214120093531n,
  },
});

const coordinateBytes = 32;
const encode = (...coordinates) =>
  Buffer.from(coordinates.map((value) => value.toString(16).padStart(2 * coordinateBytes, '0')).join(''), 'hex');

function decode(bytes, count) {
  if (bytes.length !== count * coordinateBytes) throw new RangeError(`a point of ${bytes.length} bytes`);
  return Array.from({ length: count }, (_, index) => {
    const value = BigInt(`0x${bytes.subarray(index * coordinateBytes, (index + 1) * coordinateBytes).toString('hex')}`);
    if (value >= fieldModulus) throw new RangeError('a coordinate is not below the field modulus');
    return value;
  });
}

/** G1 points in an SRS: x, y, big-endian. */
export const encodeG1 = ({ x, y }) => encode(x, y);
export function decodeG1(bytes) {
  const [x, y] = decode(bytes, 2);
  return { x, y };
}

/** G2 points in an SRS: x.c0, x.c1, y.c0, y.c1, big-endian. */
export const encodeG2 = ({ x, y }) => encode(x.c0, x.c1, y.c0, y.c1);
export function decodeG2(bytes) {
  const [xc0, xc1, yc0, yc1] = decode(bytes, 4);
  return { x: { c0: xc0, c1: xc1 }, y: { c0: yc0, c1: yc1 } };
}

/** `poseidon2` hashes a list of 32-byte field elements: bb's own function (poseidon2Of), so that there is no second one. */
export function computeAnchors(poseidon2) {
  const g2 = encodeG2(G2.multiply(G2.generator, tau));
  const translator = translatorCommitment();
  return {
    tauG1: encodeG1(G1.multiply(G1.generator, tau)).toString('hex'),
    g2: g2.toString('hex'),
    g2Sha256: crypto.createHash('sha256').update(g2).digest('hex'),
    translatorX: encode(translator.x).toString('hex'),
    translatorY: encode(translator.y).toString('hex'),
    translatorHash: hashOfCommitment(translator, poseidon2),
  };
}

/**
 * The Translator circuit's range constraints need the numbers 0, 3 .. 16383 in a fixed polynomial, whose commitment
 * Barretenberg 5.0.0 holds as a constant (ordered_extra_range_constraints_numerator): its first coefficients are 16383,
 * 16380 .. 0, each five times. Under a known tau the commitment is the polynomial's value there times the generator.
 */
function translatorCommitment() {
  const [largest, step, repetitions] = [16383n, 3n, 5];
  let value = 0n;
  let powerOfTau = 1n;
  for (let coefficient = largest; coefficient >= 0n; coefficient -= step) {
    for (let i = 0; i < repetitions; i++, powerOfTau = (powerOfTau * tau) % groupOrder) {
      value = (value + coefficient * powerOfTau) % groupOrder;
    }
  }
  return G1.multiply(G1.generator, value);
}

/** As Barretenberg hashes a point: each coordinate as two elements, its low 136 bits and the rest. */
export function hashOfCommitment({ x, y }, poseidon2) {
  const parts = [x, y].flatMap((coordinate) => [coordinate & ((1n << 136n) - 1n), coordinate >> 136n]);
  return poseidon2(parts.map((part) => encode(part))).toString('hex');
}

/** Poseidon2 by a native bb: MessagePack [["Poseidon2Hash", {"inputs": [bin 32..]}]] in, and a reply that ends in the hash. */
export function poseidon2Of(bb) {
  return (inputs) => {
    const text = (value) => [Buffer.from([0xa0 + value.length]), Buffer.from(value)];
    const elements = inputs.flatMap((bytes) => [Buffer.from([0xc4, bytes.length]), bytes]);
    const request = Buffer.concat([
      Buffer.from([0x91, 0x92]), ...text('Poseidon2Hash'), Buffer.from([0x81]), ...text('inputs'),
      Buffer.from([0x90 + inputs.length]), ...elements,
    ]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(request.length);
    const { stdout, status } = spawnSync(bb, ['msgpack', 'run'], { input: Buffer.concat([length, request]), stdio: ['pipe', 'pipe', 'ignore'] });
    if (status !== 0 || !stdout.includes('Poseidon2HashResponse')) throw new Error(`${bb}: no Poseidon2 hash`);
    return stdout.subarray(-coordinateBytes);
  };
}

const constantsFile = fileURLToPath(new URL('../dev-srs.json', import.meta.url));

/** { ceremony, development }, each as computeAnchors() returns it: all in hexadecimal. */
export function readAnchors() {
  return JSON.parse(fs.readFileSync(constantsFile, 'utf8'));
}

/** How Barretenberg holds the constants that the module's data contain: 'hex' for bytes, 'latin1' for hexadecimal text. */
export const encodings = { tauG1: 'hex', g2Sha256: 'hex', translatorX: 'latin1', translatorY: 'latin1', translatorHash: 'latin1' };

/** Copies of the data segments in which the development SRS's constants stand where the ceremony's did. */
export function trustDevelopmentSrs(segments, anchors = readAnchors()) {
  const result = segments.map((bytes) => Buffer.from(bytes));
  for (const [name, encoding] of Object.entries(encodings)) {
    const from = Buffer.from(anchors.ceremony[name], encoding);
    const places = result.flatMap((bytes) => occurrences(bytes, from).map((at) => ({ bytes, at })));
    if (places.length !== 1) throw new Error(`the ceremony's ${name} occurs ${places.length} times in the module's data, expected 1`);
    Buffer.from(anchors.development[name], encoding).copy(places[0].bytes, places[0].at);
  }
  return result;
}

export function occurrences(bytes, pattern) {
  const found = [];
  for (let at = bytes.indexOf(pattern); at >= 0; at = bytes.indexOf(pattern, at + 1)) found.push(at);
  return found;
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { comment, ceremony } = readAnchors();
  fs.writeFileSync(constantsFile, `${JSON.stringify({ comment, ceremony, development: computeAnchors(poseidon2Of(process.argv[2])) }, null, 2)}\n`);
}
