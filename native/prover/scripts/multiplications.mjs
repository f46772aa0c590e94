// Finds the field multiplications that Barretenberg's compiler inlined, in wasm2c's C, and lets native code do them.
//
// For WebAssembly Barretenberg multiplies in limbs of 29 bits, 9 to an element, with Montgomery's R = 2^261 (its
// ecc/fields/field_impl_generic.hpp). An element in memory is four words of 64 bits. So each multiplication takes words
// apart, does 162 multiplications of limbs, and ends in a chain of eight sums, each with the carry (>> 29) of the one
// before; the limbs of the result are the low 29 bits of the first seven and all of the eighth.
//
// 1. Find: a sum at the end of a chain of eight is a candidate. What it depends on leads down to its operands: places
//    where four words are taken apart, or the limbs of a product found before.
// 2. Check: the candidate is evaluated, as the statements say, on edge cases and random operands, and must be
//    a * b / 2^261 for the base or the scalar field, or a * K / 2^261 for one K. Nothing is replaced on looks alone.
// 3. Replace: operands are noted where they come to be; a call of field_multiply.h's function stands where the first of
//    the eight sums is defined, and each of the sums' variables gets its limb of what the call gave. The old
//    statements stay: the C compiler sees that nothing uses them.
import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { readValues } from './value-graph.mjs';

const limbBits = 29n;
const limbMask = (1n << limbBits) - 1n;
const chainLength = 8;
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

const wordsOf = (value) => [0n, 64n, 128n, 192n].map((shift) => (value >> shift) & wordMask);
/** As a product's limbs are kept: seven of 29 bits, and the rest. */
const limbsOf = (value) => Array.from({ length: chainLength }, (_, limb) =>
  (limb < chainLength - 1 ? (value >> (limbBits * BigInt(limb))) & limbMask : value >> (limbBits * BigInt(limb))));
const valueOfLimbs = (limbs) => limbs.reduce((sum, limb, index) =>
  sum + ((index < chainLength - 1 ? limb & limbMask : limb) << (limbBits * BigInt(index))), 0n);

// ---- Finding

const isConstant = (graph, id, value) => graph.nodes[id].kind === 'constant' && (value === undefined || graph.nodes[id].value === value);

/** Sums whose low limb is taken (masked or shifted): the columns of a multiplication. */
function findColumns({ nodes }) {
  const columns = new Set();
  for (const { kind, left, right } of nodes) {
    if (kind !== '&' && kind !== '<<' && kind !== '>>') continue;
    for (const operand of [left, right]) if (nodes[operand].kind === '+') columns.add(operand);
  }
  return columns;
}

/** What is added up in a column, other columns counting as one summand. */
function summands({ nodes }, column, columns) {
  const found = [];
  const pending = [nodes[column].left, nodes[column].right];
  while (pending.length > 0) {
    const id = pending.pop();
    if (nodes[id].kind === '+' && !columns.has(id)) pending.push(nodes[id].left, nodes[id].right);
    else found.push(id);
  }
  return found;
}

/** The candidates: chains of eight columns, lowest first, in the order of the text. */
function findChains(values) {
  const { graph, definitions } = values;
  const columns = findColumns(graph);
  const carryFrom = new Map();
  const carries = new Set();
  for (const column of columns) {
    for (const id of summands(graph, column, columns)) {
      const { kind, left, right } = graph.nodes[id];
      if (kind === '>>' && isConstant(graph, right, limbBits) && columns.has(left)) {
        carryFrom.set(column, left);
        carries.add(left);
      }
    }
  }
  const chains = [];
  for (const last of columns) {
    if (carries.has(last)) continue;
    const chain = [last];
    while (chain.length < chainLength && carryFrom.has(chain[0])) chain.unshift(carryFrom.get(chain[0]));
    if (chain.length === chainLength) chains.push(chain);
  }
  const lineOf = (chain) => definitions.get(chain.at(-1))?.[0].line ?? 0;
  return chains.sort((a, b) => lineOf(a) - lineOf(b));
}

/** A shifted and perhaps masked node as { id, shift }, left shifts being positive. */
function shifted({ nodes }, id) {
  let node = nodes[id];
  if (node.kind === '&') {
    const [value, mask] = nodes[node.left].kind === 'constant' ? [node.right, node.left] : [node.left, node.right];
    if (nodes[mask].kind !== 'constant') return { id, shift: 0 };
    id = value;
    node = nodes[id];
  }
  if ((node.kind === '<<' || node.kind === '>>') && nodes[node.right].kind === 'constant') {
    const by = Number(nodes[node.right].value);
    return { id: node.left, shift: node.kind === '<<' ? by : -by };
  }
  return { id, shift: 0 };
}

// Limbs 2, 4 and 6 of an element straddle two words: the upper bits of one and the lower bits of the next.
const straddling = [{ down: 58, up: 6 }, { down: 52, up: 12 }, { down: 46, up: 18 }];

/** Operands of a chain: { words: [4 ids] } or { product: an earlier multiplication }. */
function findOperands(graph, chain, productOf) {
  let known = new Set();
  let wordOperands = [];
  let products = [];
  // The second round stops at the words that the first has found: what these are made of may hold other elements.
  for (let round = 0; round < 2; round++) {
    const pairs = straddling.map(() => new Map());
    const seen = new Set();
    const found = new Set();
    const pending = [...chain];
    while (pending.length > 0) {
      const id = pending.pop();
      if (seen.has(id) || known.has(id)) continue;
      seen.add(id);
      const node = graph.nodes[id];
      if (node.kind === 'constant' || node.kind === 'leaf') continue;
      if (productOf.has(id) && !chain.includes(id)) {
        found.add(productOf.get(id));
        continue;
      }
      if (node.kind === '|' && graph.nodes[node.left].kind !== '|' && graph.nodes[node.right].kind !== '|') {
        const parts = [shifted(graph, node.left), shifted(graph, node.right)];
        const index = straddling.findIndex(({ down, up }) => parts.some((p) => p.shift === -down) && parts.some((p) => p.shift === up));
        if (index >= 0) {
          const [low, high] = parts[0].shift === -straddling[index].down ? parts : [parts[1], parts[0]];
          pairs[index].set(high.id, low.id);
          continue;
        }
      }
      pending.push(node.left, node.right);
    }
    wordOperands = [];
    for (const [w3, w2] of pairs[2]) {
      const w1 = pairs[1].get(w2);
      const w0 = pairs[0].get(w1);
      if (w0 !== undefined) wordOperands.push([w0, w1, w2, w3]);
    }
    products = [...found].sort((a, b) => a.number - b.number);
    known = new Set(wordOperands.flat());
  }
  return [...wordOperands.map((words) => ({ words })), ...products.map((product) => ({ product }))];
}

// ---- Checking

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

function casesFor(operandCount, modulus) {
  const random = pseudorandomValues(`${operandCount} operands`);
  const next = () => random.next().value;
  const edges = edgeValues(modulus);
  const cases = operandCount === 1 ? edges.map((a) => [a]) : edges.flatMap((a) => edges.map((b) => [a, b]));
  for (let i = 0; i < randomCases; i++) cases.push(Array.from({ length: operandCount }, next));
  return cases;
}
const casesByKey = Object.fromEntries(Object.entries(fields).flatMap(([name, modulus]) =>
  [1, 2].map((count) => [`${name}${count}`, casesFor(count, modulus)])));

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

/** The largest result that code which computes with elements below 2p can take: field_multiply.h's are below it. */
const resultBound = (modulus) => 2n * modulus + (modulus >> 3n);

/**
 * What the chain computes: { field, constant }, constant being null for a product of two operands or a square, and
 * `leaf`, `unknown` when it is no multiplication that native code can do.
 */
function identify(graph, chain, operands) {
  for (const [field, modulus] of Object.entries(fields)) {
    const product = ([a, b = a]) => (a * b % modulus) * inverseOfR[field] % modulus;
    if (evaluate(graph, chain, operands, operands.map(() => 0n)) === null) return 'leaf';
    if (agrees(graph, chain, operands, field, product)) return { field, constant: null };
    if (operands.length === 1) {
      const sample = possible(graph, operands[0], 1n << 200n);
      const constant = evaluate(graph, chain, operands, [sample]) * R % modulus * inverse(sample, modulus) % modulus;
      const scaled = ([a]) => (a * constant % modulus) * inverseOfR[field] % modulus;
      if (agrees(graph, chain, operands, field, scaled)) return { field, constant };
    }
  }
  return 'unknown';
}

function agrees(graph, chain, operands, field, expected) {
  const modulus = fields[field];
  return casesByKey[`${field}${operands.length}`].every((values) => {
    const inputs = values.map((value, index) => possible(graph, operands[index], value));
    const result = evaluate(graph, chain, operands, inputs);
    return result % modulus === expected(inputs) && (inputs.some((input) => input >= 2n * modulus) || result < resultBound(modulus));
  });
}

/** The computation from operands to results as text, the same for every place that computes the same way. */
function formOf(graph, chain, operands) {
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
        const missing = [node.left, node.right].filter((operand) => !names.has(operand));
        if (missing.length > 0) {
          pending.push(...missing);
          continue;
        }
        names.set(id, `n${steps.length}`);
        // By id, operands of + and * come in the order in which the text first had them; by name, always in the same.
        const pair = [names.get(node.left), names.get(node.right)];
        if (node.kind !== '-' && node.kind !== '<<' && node.kind !== '>>') pair.sort();
        steps.push(`${pair[0]}${node.kind}${pair[1]}`);
      }
    }
    return names.get(root);
  };
  const results = chain.map(visit);
  const zeros = operands.map((operand) => operand.words?.map((id) => graph.knownZeros(id)).join());
  return createHash('sha256').update(`${steps.join(';')}=${results.join()} ${zeros.join(' ')}`).digest('hex');
}

// ---- Replacing

/** Limb q of a product whose words are `product<number>[0..3]`, in C. */
function limbExpression(product, limb) {
  const bit = Number(limbBits) * limb;
  const [at, shift] = [bit >> 6, bit & 63];
  if (limb === chainLength - 1) return `${product}[${at}] >> ${shift}`;
  const low = shift === 0 ? `${product}[${at}]` : `(${product}[${at}] >> ${shift})`;
  const value = 64 - shift < Number(limbBits) ? `(${low} | (${product}[${at + 1}] << ${64 - shift}))` : low;
  return `${value} & ${limbMask}`;
}

/** Reasons why a candidate stays as it is. */
export const leftReasons = {
  undefinedSum: 'a sum of the chain has no variable',
  operandCount: 'not one or two operands',
  leaf: 'depends on more than its operands',
  unknown: 'its values are not those of a multiplication',
  region: 'its sums are not in one straight piece of code',
};

export function newReport() {
  return {
    functions: 0, found: 0, replaced: 0, squares: 0, byConstant: 0, base: 0, scalar: 0,
    left: Object.fromEntries(Object.keys(leftReasons).map((reason) => [reason, 0])),
    forms: {}, // by hash: how often a computation occurs; each is checked once
  };
}

/** Lines of a function with its multiplications replaced; `checked` keeps results by form. */
export function replaceInFunction(lines, { report, checked }) {
  const stripped = lines.map((line) => line.trim());
  const values = readValues(stripped);
  const { graph, definitions, regions, isCopy } = values;
  const productOf = new Map();
  const edits = new Edits(graph, definitions);
  const found = [];

  for (const chain of findChains(values)) {
    report.found++;
    const leave = (reason) => { report.left[reason]++; };
    if (chain.some((id) => !definitions.has(id))) { leave('undefinedSum'); continue; }
    const operands = findOperands(graph, chain, productOf);
    if (operands.length < 1 || operands.length > 2) { leave('operandCount'); continue; }
    const form = formOf(graph, chain, operands);
    if (!checked.has(form)) checked.set(form, identify(graph, chain, operands));
    const identity = checked.get(form);
    if (typeof identity === 'string') { leave(identity); continue; }
    const call = Math.min(...chain.map((id) => definitions.get(id)[0].line));
    const computing = chain.flatMap((id) => definitions.get(id)).filter(({ line }) => !isCopy(line));
    if (computing.some(({ line }) => regions[line] !== regions[call])) { leave('region'); continue; }

    report.forms[form] = (report.forms[form] ?? 0) + 1;
    report.replaced++;
    report[identity.field]++;
    if (identity.constant !== null) report.byConstant++;
    else if (operands.length === 1) report.squares++;
    const multiplication = { number: found.length + 1, chain, name: `product${found.length + 1}` };
    found.push(multiplication);
    for (const id of chain) productOf.set(id, multiplication);
    edits.call(call, multiplication, identity, operands);
    for (const [limb, id] of chain.entries()) {
      for (const { line, variable } of definitions.get(id)) {
        if (!isCopy(line)) edits.result(line, `${variable} = ${limbExpression(multiplication.name, limb)};`);
      }
    }
  }
  if (found.length === 0) return lines;
  report.functions++;
  return edits.apply(lines, found);
}

class Edits {
  #calls = new Map();
  #results = new Map();
  #notes = new Map();
  #start = [];
  #noted = new Map();

  constructor(graph, definitions) {
    this.graph = graph;
    this.definitions = definitions;
  }

  #add(map, line, text) {
    if (!map.has(line)) map.set(line, []);
    if (!map.get(line).includes(text)) map.get(line).push(text);
  }

  /** The C variable that keeps a word from where it comes to be. */
  #note(id) {
    if (this.#noted.has(id)) return this.#noted.get(id);
    const name = `operand${this.#noted.size}`;
    this.#noted.set(id, name);
    const places = this.definitions.get(id) ?? [];
    for (const { line, variable } of places) this.#add(this.#notes, line, `${name} = ${variable};`);
    if (places.length === 0) {
      const node = this.graph.nodes[id];
      const text = node.kind === 'constant' ? `${node.value}ull` : node.name;
      if (!text) throw new Error('an operand that no line computes');
      this.#start.push(`${name} = ${text};`);
    }
    return name;
  }

  call(line, { name }, { field, constant }, operands) {
    const texts = operands.map((operand) => (operand.words ? operand.words.map((id) => this.#note(id)) : words(operand.product.name)));
    if (constant !== null) texts.push(wordsOf(constant).map((value) => `${value}ull`));
    if (texts.length === 1) texts.push(texts[0]);
    this.#add(this.#calls, line, `field_multiply_${field}(${name}, ${texts.map((four) => four.join(', ')).join(', ')});`);
  }

  result(line, text) {
    this.#add(this.#results, line, text);
  }

  apply(lines, found) {
    const declarations = [
      ...(this.#noted.size > 0 ? [`u64 ${[...this.#noted.values()].join(', ')};`] : []),
      ...found.map(({ name }) => `u64 ${name}[4];`),
      ...this.#start,
    ];
    // The first line is the opening of the function; a call comes before the results that use it, notes come last.
    return lines.flatMap((line, index) => {
      const added = [this.#calls, this.#results, this.#notes].flatMap((map) => map.get(index) ?? []);
      return [line, ...(index === 0 ? declarations : []), ...added.length > 0 ? [added.join(' ')] : []];
    });
  }
}

const words = (name) => [0, 1, 2, 3].map((index) => `${name}[${index}]`);

// ---- Files

/** A multiplication alone has 162 of these. */
const leastProducts = 100;

/** Edits all C files in `directory` in place; returns the report. */
export function replaceMultiplications(directory) {
  const report = newReport();
  const checked = new Map();
  for (const name of fs.readdirSync(directory).filter((entry) => /^bb_\d+\.c$/.test(entry)).sort()) {
    const file = path.join(directory, name);
    const before = report.replaced;
    const text = replaceInFile(fs.readFileSync(file, 'latin1'), { report, checked });
    if (report.replaced > before) fs.writeFileSync(file, text.replace('#include "bb-impl.h"\n', '#include "bb-impl.h"\n#include "field_multiply.h"\n'), 'latin1');
  }
  return report;
}

export function replaceInFile(text, context) {
  // A function starts in the first column with its signature, whose last line ends in `) {`, and ends with a `}` there.
  return text.replace(/^[\w ]+\(w2c_bb\* instance[^;{]*\) \{\n[^]*?^\}\n/gm, (body) => {
    if ((body.match(/ \*= /g) ?? []).length < leastProducts) return body;
    const opening = body.indexOf(') {\n') + ') {\n'.length;
    const lines = body.slice(opening - ' {\n'.length).split('\n');
    return body.slice(0, opening - ' {\n'.length) + replaceInFunction(lines, context).join('\n');
  });
}
