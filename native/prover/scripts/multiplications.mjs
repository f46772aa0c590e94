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
//    a * b / 2^261 for the base or the scalar field, or a * K / 2^261 for one K, and for no other field (identify.mjs).
//    Nothing is replaced on looks alone.
// 3. Replace: operands are noted where they come to be; a call of field_multiply.h's function stands where the first of
//    the eight sums is defined, and each of the sums' variables gets its limb of what the call gave. The old
//    statements stay: the C compiler sees that nothing uses them.
import fs from 'node:fs';
import path from 'node:path';
import { Edits, editFunctions, includeFieldHeader } from './edits.mjs';
import { chainLength, formOf, identify, limbBits, limbMask } from './identify.mjs';
import { readValues } from './value-graph.mjs';

const word = 1n << 64n;

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
  const operands = [...wordOperands.map((words) => ({ words })), ...products.map((product) => ({ product }))];
  return operands.length > 0 ? operands : findLoneOperand(graph, chain);
}

/**
 * What is multiplied by a constant alone. By 1, the parts of a straddling limb are summands of their own; a small integer is
 * a word with zeros in its upper half.
 */
function findLoneOperand(graph, chain) {
  const byShift = new Map([...straddling.flatMap(({ down, up }) => [-down, up])].map((shift) => [shift, new Set()]));
  const leaves = new Set();
  const seen = new Set();
  const pending = [...chain];
  while (pending.length > 0) {
    const id = pending.pop();
    if (seen.has(id)) continue;
    seen.add(id);
    const { kind, left, right } = graph.nodes[id];
    if (kind === 'leaf') leaves.add(id);
    if (kind === 'leaf' || kind === 'constant') continue;
    const part = shifted(graph, id);
    byShift.get(part.shift)?.add(part.id);
    pending.push(left, right);
  }
  if ([...byShift.values()].every(({ size }) => size === 1)) {
    const [w0, w1, w1Again, w2, w2Again, w3] = [...byShift.values()].map(([id]) => id);
    return w1 === w1Again && w2 === w2Again ? [{ words: [w0, w1, w2, w3] }] : [];
  }
  const [leaf] = leaves;
  const zero = graph.constant(0n);
  return leaves.size === 1 && graph.knownZeros(leaf) >> 32n === word / (1n << 32n) - 1n ? [{ words: [leaf, zero, zero, zero] }] : [];
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
  ambiguous: 'its values would be the same in other fields',
  region: 'its sums are not in one straight piece of code',
};

export function newReport() {
  return {
    functions: 0, found: 0, replaced: 0, squares: 0, byConstant: 0, canonical: 0, base: 0, scalar: 0,
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
    if (identity.canonical) report.canonical++;
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

// ---- Files

/** A multiplication alone has 162 of these, one by 1 has 82, and Karatsuba's trick saves some. */
const leastProducts = 80;

/** Edits all C files in `directory` in place; returns the report. */
export function replaceMultiplications(directory) {
  const report = newReport();
  const checked = new Map();
  for (const name of fs.readdirSync(directory).filter((entry) => /^bb_\d+\.c$/.test(entry)).sort()) {
    const file = path.join(directory, name);
    const before = report.replaced;
    const text = replaceInFile(fs.readFileSync(file, 'latin1'), { report, checked });
    if (report.replaced > before) fs.writeFileSync(file, includeFieldHeader(text), 'latin1');
  }
  return report;
}

export function replaceInFile(text, context) {
  return editFunctions(text, (body, lines) =>
    ((body.match(/ \*= /g) ?? []).length < leastProducts ? lines : replaceInFunction(lines, context)));
}
