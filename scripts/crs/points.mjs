// One chunk of BN254 points as bn254_g1.dat has them, 64 bytes each (x, y, big-endian), against the SHA-256 of their compressed form.
//
// The compressed form, bb's, is x with y's lowest bit in its highest. A hash of it pins x and that bit; that y is less than p and
// on the curve leaves one y. So the pin covers every byte, without a square root for each point.
import crypto from 'node:crypto';

export const pointBytes = 64;
const coordinateBytes = 32;
const p = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;

/** Why the chunk is not the one that `sha256` pins, or undefined. */
export function faultOf(chunk, sha256) {
  if (crypto.createHash('sha256').update(compress(chunk)).digest('hex') !== sha256) return 'its SHA-256 is not the pinned one';
  for (let offset = 0; offset < chunk.length; offset += pointBytes) {
    if (!isOnCurve(chunk, offset)) return `point ${offset / pointBytes} of it is not on the curve`;
  }
  return undefined;
}

export function compress(chunk) {
  const compressed = Buffer.alloc(chunk.length / 2);
  for (let from = 0, to = 0; from < chunk.length; from += pointBytes, to += coordinateBytes) {
    chunk.copy(compressed, to, from, from + coordinateBytes);
    compressed[to] |= (chunk[from + pointBytes - 1] & 1) << 7;
  }
  return compressed;
}

function isOnCurve(chunk, offset) {
  const x = coordinate(chunk, offset);
  const y = coordinate(chunk, offset + coordinateBytes);
  return x < p && y < p && (y * y - x * x * x - 3n) % p === 0n;
}

function coordinate(bytes, offset) {
  return BigInt(`0x${bytes.toString('hex', offset, offset + coordinateBytes)}`);
}
