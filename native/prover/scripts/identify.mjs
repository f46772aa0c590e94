// What the code around a candidate computes, read from the values that it gives: the multiplication in which field, if any.
import { createHash } from 'node:crypto';
import { commutative } from './value-graph.mjs';

export const limbBits = 29n;
export const limbMask = (1n << limbBits) - 1n;
export const chainLength = 8;
const R = 1n << 261n;
const word = 1n << 64n;
const wordMask = word - 1n;

/** BN254's two fields (EIP-196). */
export const fields = {
  base: 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n,
  scalar: 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n,
};

function power(base, exponent, modulus) {
  let result = 1n;
  for (base %= modulus; exponent > 0n; exponent >>= 1n, base = (base * base) % modulus) {
    if (exponent & 1n) result = (result * base) % modulus;
  }
  return result;
}
const inverse = (value, modulus) => power(value, modulus - 2n, modulus);
const inverseOfR = Object.fromEntries(Object.entries(fields).map(([name, modulus]) => [name, inverse(R, modulus)]));

export const wordsOf = (value) => [0n, 64n, 128n, 192n].map((shift) => (value >> shift) & wordMask);
/** As a product's limbs are kept: seven of 29 bits, and the rest. */
const limbsOf = (value) => Array.from({ length: chainLength }, (_, limb) =>
  (limb < chainLength - 1 ? (value >> (limbBits * BigInt(limb))) & limbMask : value >> (limbBits * BigInt(limb))));
const valueOfLimbs = (limbs) => limbs.reduce((sum, limb, index) =>
  sum + ((index < chainLength - 1 ? limb & limbMask : limb) << (limbBits * BigInt(index))), 0n);

// ---- What is tried

/** Operands to try: around every bound that code could care about, up to what four words hold. */
export function edgeValues(modulus) {
  return [
    0n, 1n, 2n, limbMask, limbMask + 1n, modulus - 1n, modulus, modulus + 1n, 2n * modulus - 1n, 2n * modulus,
    (1n << 254n) - 1n, 1n << 254n, (1n << 255n) - 1n, 1n << 255n, (1n << 256n) - 1n,
  ];
}

/** The same numbers in every build: SHA-256 in counter mode. */
export function* pseudorandomValues(label) {
  for (let counter = 0; ; counter++) {
    yield BigInt(`0x${createHash('sha256').update(`${label} ${counter}`).digest('hex')}`);
  }
}

const randomCases = 48;
const edges = [...new Set(Object.values(fields).flatMap(edgeValues))];

/** By number of operands: what they are, edge values with each other and random ones. */
const cases = [1, 2].map((operandCount) => {
  const random = pseudorandomValues(`${operandCount} operands`);
  const ofEdges = operandCount === 1 ? edges.map((a) => [a]) : edges.flatMap((a) => edges.map((b) => [a, b]));
  return [...ofEdges, ...Array.from({ length: randomCases }, () => Array.from({ length: operandCount }, () => random.next().value))];
});

/**
 * A value that an operand can have. When its words are those of 2 x, whose lowest bit is zero, the compiler has left that
 * bit out of the masks that take the words apart: the code is right for such words alone, and there are no others.
 */
function possible(graph, operand, value) {
  if (operand.product) return value;
  const zeros = operand.words.reduce((sum, id, index) => sum | (graph.knownZeros(id) << (64n * BigInt(index))), 0n);
  return value & ~zeros;
}

/** Sets the nodes of an operand to those of a value. */
function assign(values, operand, value) {
  const ids = operand.words ?? operand.product.chain;
  const parts = operand.words ? wordsOf(value) : limbsOf(value);
  ids.forEach((id, index) => values.set(id, parts[index]));
}

/** What the chain makes of operands; null when it depends on anything else. */
function evaluate(graph, chain, operands, inputs) {
  const values = new Map();
  operands.forEach((operand, index) => assign(values, operand, inputs[index]));
  const limbs = chain.map((id) => graph.evaluate(id, values));
  return limbs.includes(null) ? null : valueOfLimbs(limbs);
}

// ---- What it is

function greatestDivisor(numbers) {
  let divisor = 0n;
  for (let number of numbers) while (number !== 0n) [divisor, number] = [number, divisor % number];
  return divisor < 0n ? -divisor : divisor;
}

/**
 * In which of `fields` all these numbers are zero: read from the greatest number that divides them. It must be the modulus, times less
 * than any other modulus is; then some of them is not zero in any other field, whether we know of that field or not. Else
 * `unknown`; or `ambiguous` when nothing that was tried passed a modulus, as for small integers times a small constant: what
 * was computed is the same in every field, and results in the wrong one would be right only modulo its modulus.
 */
function fieldOfZeros(numbers) {
  const divisor = greatestDivisor(numbers);
  if (divisor === 0n) return 'ambiguous';
  const [field, modulus] = Object.entries(fields).find(([, candidate]) => divisor % candidate === 0n) ?? ['unknown'];
  return modulus === undefined || divisor / modulus < word ? field : 'ambiguous';
}

/**
 * What the chain computes: { field, constant, canonical }, `constant` being null for a product of two operands or a square. Or why it
 * is no multiplication that native code can do: `leaf`, `unknown`, `ambiguous`.
 *
 * The field is read from the values. For a product, result * R - a * b is zero in it; for one with a constant K, which is not known
 * before, result(a) * b - result(b) * a is, both being a * b * K / R.
 */
export function identify(graph, chain, operands) {
  const tried = [];
  for (const values of cases[operands.length - 1]) {
    const inputs = values.map((value, index) => possible(graph, operands[index], value));
    const result = evaluate(graph, chain, operands, inputs);
    if (result === null) return 'leaf';
    tried.push({ a: inputs[0], b: inputs.at(-1), result });
  }
  const ofProduct = fieldOfZeros(tried.map(({ a, b, result }) => result * R - a * b));
  if (Object.hasOwn(fields, ofProduct)) return confirmed(tried, { field: ofProduct, constant: null, canonical: false });
  if (operands.length === 2) return ofProduct;

  // Of neighbours, so that no number is in all of them.
  const field = fieldOfZeros(tried.slice(1).map(({ a, result }, before) => result * tried[before].a - tried[before].result * a));
  if (!Object.hasOwn(fields, field)) return field;
  const modulus = fields[field];
  const sample = tried.at(-1); // a random one
  const constant = sample.result * R % modulus * inverse(sample.a, modulus) % modulus;
  // By 1 elements leave Montgomery's form, for code that takes them for numbers: these are the least that there are.
  return confirmed(tried, { field, constant, canonical: constant === 1n });
}

/** The largest result that code which computes with elements below 2p can take: field_multiply.h's are below it. */
const resultBound = (modulus) => 2n * modulus + (modulus >> 3n);

/** `identity`, when it explains all results and these are not larger than they need to be. */
function confirmed(tried, identity) {
  const modulus = fields[identity.field];
  const limit = 2n * modulus;
  const isRight = ({ a, b, result }) =>
    result % modulus === a * (identity.constant ?? b) % modulus * inverseOfR[identity.field] % modulus
      && (a >= limit || b >= limit || result < resultBound(modulus));
  return tried.every(isRight) ? identity : 'unknown';
}

/** The computation from operands to results as text, the same for every place that computes the same way. */
export function formOf(graph, chain, operands) {
  const names = new Map();
  operands.forEach((operand, index) => (operand.words ?? operand.product.chain).forEach((id, part) =>
    names.set(id, `${operand.words ? 'w' : 'l'}${index}.${part}`)));
  const steps = [];
  const visit = (root) => {
    const pending = [root];
    while (pending.length > 0) {
      const id = pending.at(-1);
      const node = graph.nodes[id];
      if (names.has(id)) {
        pending.pop();
      } else if (node.kind === 'constant' || node.kind === 'leaf') {
        names.set(id, node.kind === 'leaf' ? '?' : `${node.value}`);
      } else {
        const operands = node.condition === undefined ? [node.left, node.right] : [node.left, node.right, node.condition];
        const missing = operands.filter((operand) => !names.has(operand));
        if (missing.length > 0) {
          pending.push(...missing);
          continue;
        }
        names.set(id, `n${steps.length}`);
        // By id, operands of + and * come in the order in which the text first had them; by name, always in the same.
        const parts = operands.map((operand) => names.get(operand));
        if (commutative.has(node.kind)) parts.sort();
        steps.push(parts.join(node.kind));
      }
    }
    return names.get(root);
  };
  const results = chain.map(visit);
  const zeros = operands.map((operand) => operand.words?.map((id) => graph.knownZeros(id)).join());
  return createHash('sha256').update(`${steps.join(';')}=${results.join()} ${zeros.join(' ')}`).digest('hex');
}

