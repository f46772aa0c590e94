// Barretenberg's Grumpkin reference string. It comes from hashing, not from a ceremony, so anyone can make the real one:
// point i is the first curve point among SHA-256(label | i | attempt), read as x (255 bits) and the parity of y (1 bit).
import { createHash } from 'node:crypto';

const P = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n; // coordinates: BN254's scalar field
const LABEL = 'BARRETENBERG_GRUMPKIN_IPA_CRS';
const TWO_ADICITY = 28;
const ODD_PART = (P - 1n) >> BigInt(TWO_ADICITY);

/** SHA-256 of the first 2^15 points of grumpkin_g1_v2.flat.dat, all that Chonk needs. */
export const FIRST_32768_SHA256 = '72b8cdad9da82b666987e5fe6f5a0804e3a9b5ba750aa5d451b514442fe157b2';

/** The first `count` points: x and y, 32 bytes each, big-endian. About 0.5 ms a point. */
export function grumpkinPoints(count) {
  const points = Buffer.alloc(64 * count);
  for (let i = 0; i < count; i++) {
    const { x, y } = pointAt(i);
    points.write(hex(x) + hex(y), 64 * i, 'hex');
  }
  return points;
}

function pointAt(index) {
  const counters = Buffer.alloc(16);
  counters.writeBigUInt64BE(BigInt(index), 0);
  for (let attempt = 0n; ; attempt++) {
    counters.writeBigUInt64BE(attempt, 8);
    const digest = createHash('sha256').update(LABEL).update(counters).digest();
    let compressed = 0n; // the digest's four words, least significant first, each big-endian
    for (let word = 3; word >= 0; word--) compressed = (compressed << 64n) | digest.readBigUInt64BE(8 * word);
    const x = compressed & ((1n << 255n) - 1n);
    if (x >= P) continue; // what version 2 of the file added: no x is reduced
    const y = squareRoot((x * x * x + P - 17n) % P);
    if (y !== null) return { x, y: (y & 1n) === compressed >> 255n ? y : P - y };
  }
}

// Tonelli and Shanks; null for a non-residue.
const rootOfUnity = power(5n, ODD_PART); // 5 is the field's smallest non-residue
function squareRoot(a) {
  const w = power(a, (ODD_PART - 1n) / 2n);
  let root = (a * w) % P;
  let rest = (root * w) % P;
  let factor = rootOfUnity;
  for (let order = TWO_ADICITY; rest !== 1n; ) {
    let k = 0;
    for (let t = rest; t !== 1n; k++) t = (t * t) % P;
    if (k === order) return null;
    let step = factor;
    for (let i = 0; i < order - k - 1; i++) step = (step * step) % P;
    order = k;
    factor = (step * step) % P;
    root = (root * step) % P;
    rest = (rest * factor) % P;
  }
  return root;
}

function power(base, exponent) {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % P;
    if (bit === '1') result = (result * base) % P;
  }
  return result;
}

const hex = (x) => x.toString(16).padStart(64, '0');
