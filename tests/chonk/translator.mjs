// The one commitment that Barretenberg's verifier of Chonk holds ready made (to the Translator's extra range constraint
// numerator) and its hash depend on the reference string. Under the INSECURE development SRS both are others: a prover or
// verifier that trusts that SRS needs them replaced. They stand as hexadecimal text in bb and in the wasm.
const Q = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n; // BN254's coordinates
const R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n; // BN254's scalars

/** Under the Ignition ceremony, as published in 5.0.0. */
export const CEREMONY = {
  x: '1ddbff0e1f0999f88ffa959e9505e5f489b57d6a7937c17a4d69fc871d5e9221',
  y: '14149055853422bf016065386e8ea0ffb9425b454048e1cd14cfdca457aa7e17',
  hash: '281228e56fbfb62a424c94bda780104c9b5e758b8a02f148ce5e98c2867fdfc1',
};

/** Under a known tau. `poseidon2` hashes a list of 32-byte field elements and returns 32 bytes. */
export async function translatorConstants(tau, poseidon2) {
  // 16383, 16380 .. 0, each five times, are the polynomial's first coefficients.
  let value = 0n;
  let powerOfTau = 1n;
  for (let step = 16383n; step >= 0n; step -= 3n) {
    for (let i = 0; i < 5; i++) {
      value = (value + step * powerOfTau) % R;
      powerOfTau = (powerOfTau * tau) % R;
    }
  }
  const { x, y } = multiplyGenerator(value);
  return { x: hex(x), y: hex(y), hash: await hashOfPoint(x, y, poseidon2) };
}

/** Each coordinate is hashed as its low 136 bits and the rest. */
export async function hashOfPoint(x, y, poseidon2) {
  const parts = [x, y].flatMap((c) => [c & ((1n << 136n) - 1n), c >> 136n]);
  return Buffer.from(await poseidon2(parts.map((part) => Buffer.from(hex(part), 'hex')))).toString('hex');
}

function multiplyGenerator(scalar) {
  let result = null;
  for (const bit of scalar.toString(2)) {
    result = result && add(result, result);
    if (bit === '1') result = result ? add(result, { x: 1n, y: 2n }) : { x: 1n, y: 2n };
  }
  return result;
}

function add(a, b) {
  const same = a.x === b.x; // never opposite points here
  const slope = same ? divide(3n * a.x * a.x, 2n * a.y) : divide(b.y - a.y, b.x - a.x);
  const x = mod(slope * slope - a.x - b.x);
  return { x, y: mod(slope * (a.x - x) - a.y) };
}

function divide(a, b) {
  let [r0, r1, t0, t1] = [Q, mod(b), 0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1, t0, t1] = [r1, r0 - q * r1, t1, t0 - q * t1];
  }
  return mod(a * t0);
}

const mod = (a) => ((a % Q) + Q) % Q;
const hex = (x) => x.toString(16).padStart(64, '0');
