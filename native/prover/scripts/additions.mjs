// Finds the additions and subtractions of elements that Barretenberg's compiler inlined, in wasm2c's C, and lets
// field_multiply.h's do them: WebAssembly has no carry, so each is some fifty instructions where a CPU with one needs fifteen.
//
// An element has four words and is below 2 p (arithmetic/field.h). So a sum s has 2 p subtracted where it is not below 2 p, and a
// difference has 2 p added where it is negative; some sums have p subtracted instead.
//
// 1. Find: the words of a sum are (s_i & m) | (d_i & ~m), all with the same m; those of a difference have c ? M_i : 0 as a
//    summand, M_i being a word of 2 p or p and all having the same c.
// 2. Check: evaluated as the statements say, on edge cases and random words, they must be what field_multiply.h says of every
//    eight words there are, to the bit. Of some words the modulus must have been subtracted or added: else it could be any.
// 3. Replace: operands are noted where they come to be; a call stands before the first of the four words is defined, and each is
//    defined as a word of what the call gave.
//
// This comes before multiplications.mjs. A word keeps what is known of its zeros, which that pass asks for: ".. & constant".
import fs from 'node:fs';
import path from 'node:path';
import { Edits, editFunctions, includeFieldHeader } from './edits.mjs';
import { edgeValues, fields, formOf, pseudorandomValues, wordsOf } from './identify.mjs';
import { readValues } from './value-graph.mjs';

const word = 1n << 64n;
const words = 1n << 256n;
const truth = 1n;
const valueOfWords = (parts) => parts.reduce((sum, part, index) => sum | (part << (64n * BigInt(index))), 0n);

/** What is subtracted or added: the name that field_multiply.h has for it, and its value. */
const moduli = Object.entries(fields).flatMap(([field, p]) => [
  { field, name: `twice_${field}`, value: 2n * p }, { field, name: `once_${field}`, value: p },
]);

const kinds = {
  reduce: (a, _, m) => (a < m ? a : a - m),
  add: (a, b, m) => kinds.reduce((a + b) % words, 0n, m),
  subtract: (a, b, m) => (a < b ? a - b + words + m : a - b) % words,
};

const random = pseudorandomValues('additions');
const randomWords = Array.from({ length: 64 }, () => random.next().value);

/** Pairs to try: edges with each other, random words, and random pairs whose difference or sum is near an edge. */
const pairsFor = new Map(moduli.map(({ name, value }) => {
  const edges = [...edgeValues(value), ...[0n, 64n, 128n, 192n].flatMap((bit) => [(1n << bit) - 1n, 1n << bit, value - (1n << bit)])];
  const near = randomWords.flatMap((a) => [0n, 1n, value - 1n, value, value + 1n].flatMap((by) => [[a, (a + by) % words], [a, (by - a + words) % words]]));
  const pairs = randomWords.map((a, index) => [a, randomWords[(index + 1) % randomWords.length]]);
  return [name, [...pairs, ...edges.flatMap((a) => edges.map((b) => [a, b])), ...near]];
}));

// ---- Finding

const isConstant = (graph, id, value) => graph.nodes[id].kind === 'constant' && graph.nodes[id].value === value;
const isTruth = (graph, id) => (graph.knownZeros(id) | truth) === word - 1n;

/** What a node adds up, as { plus, minus }, truth values aside and without looking behind what `stop` says. */
function flatten(graph, root, stop = () => false) {
  const plus = [];
  const minus = [];
  const visit = (id, sign) => {
    const { kind, left, right } = graph.nodes[id];
    if (isTruth(graph, id) && kind !== 'constant') return;
    if ((kind === '+' || kind === '-') && !stop(id)) {
      visit(left, sign);
      visit(right, kind === '+' ? sign : -sign);
    } else if (!isConstant(graph, id, 0n)) {
      (sign > 0 ? plus : minus).push(id);
    }
  };
  visit(root, 1);
  return { plus, minus };
}

/** Sums that are reduced, by their mask: { kind, outputs, sums } with the lowest word known by its constant. */
function findReductions(graph) {
  const byTruth = new Map();
  graph.nodes.forEach((node, id) => {
    if (node.kind !== '|') return;
    const halves = [node.left, node.right].map((half) => maskedHalf(graph, half));
    const [kept, reduced] = halves[0]?.keeps ? halves : [halves[1], halves[0]];
    if (!kept?.keeps || !reduced || reduced.keeps || kept.truth !== reduced.truth) return;
    if (!byTruth.has(kept.truth)) byTruth.set(kept.truth, []);
    byTruth.get(kept.truth).push({ id, sum: kept.value, reduced: reduced.value });
  });
  return [...byTruth.values()].filter((four) => four.length === 4);
}

/** `value & (c - 1)` or `value & (0 - c)`, c being a truth value. */
function maskedHalf(graph, id) {
  const node = graph.nodes[id];
  if (node.kind !== '&') return null;
  for (const [mask, value] of [[node.left, node.right], [node.right, node.left]]) {
    const { kind, left, right } = graph.nodes[mask];
    if (kind === '-' && isConstant(graph, right, 1n)) return { keeps: true, truth: left, value };
    if (kind === '-' && isConstant(graph, left, 0n)) return { keeps: false, truth: right, value };
    if (kind === '+' && [left, right].some((side) => isConstant(graph, side, word - 1n))) {
      return { keeps: true, truth: isConstant(graph, left, word - 1n) ? right : left, value };
    }
  }
  return null;
}

const permutations = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]];

/** The words of a reduced sum in order, or null: { modulus, outputs, sums }. */
function orderWords(graph, four) {
  for (const modulus of moduli) {
    const [lowest] = wordsOf(modulus.value);
    const first = four.find(({ sum, reduced }) => {
      const { kind, left, right } = graph.nodes[reduced];
      return (kind === '+' && [left, right].includes(sum) && [left, right].some((side) => isConstant(graph, side, word - lowest)))
        || (kind === '-' && left === sum && isConstant(graph, right, lowest));
    });
    if (!first) continue;
    const others = four.filter((entry) => entry !== first);
    for (const order of permutations) {
      const entries = [first, ...order.map((position) => others[position - 1])];
      const found = { kind: 'reduce', modulus, outputs: entries.map(({ id }) => id), operands: [entries.map(({ sum }) => sum)] };
      if (agrees(graph, found)) return found;
    }
  }
  return null;
}

/** The same as a sum of two elements where its words are such sums. */
function asAddition(graph, reduction) {
  const pairs = reduction.operands[0].map((sum) => {
    const { plus, minus } = flatten(graph, sum);
    return plus.length === 2 && minus.length === 0 ? plus : null;
  });
  if (pairs.includes(null)) return reduction;
  const addition = { ...reduction, kind: 'add', operands: [pairs.map(([a]) => a), pairs.map(([, b]) => b)] };
  return agrees(graph, addition) ? addition : reduction;
}

/** Differences, by the truth value that says whether they are negative. */
function findSubtractions(graph) {
  const users = new Map();
  graph.nodes.forEach(({ kind, left, right }, id) => {
    if (kind !== '+') return;
    for (const side of [left, right]) users.set(side, [...users.get(side) ?? [], id]);
  });
  const byTruth = new Map();
  graph.nodes.forEach((node, id) => {
    if (node.kind !== '?' || !isConstant(graph, node.right, 0n) || graph.nodes[node.left].kind !== 'constant') return;
    if (!byTruth.has(node.condition)) byTruth.set(node.condition, []);
    byTruth.get(node.condition).push({ id, value: graph.nodes[node.left].value });
  });
  const found = [];
  for (const selections of byTruth.values()) {
    const modulus = moduli.find(({ value }) => wordsOf(value).every((part) => selections.some((selection) => selection.value === part)));
    if (!modulus) continue;
    const chosen = wordsOf(modulus.value).map((part) => selections.find((selection) => selection.value === part).id);
    found.push(...differencesWith(graph, users, modulus, chosen));
  }
  return found;
}

function differencesWith(graph, users, modulus, chosen) {
  const outputs = chosen.map((id) => topmostSum(graph, users, id));
  const operands = outputs.map((id, position) => {
    const { plus, minus } = flatten(graph, id, (inner) => inner === chosen[position]);
    const rest = plus.filter((summand) => summand !== chosen[position]);
    return rest.length <= 1 && minus.length <= 1 ? [rest[0] ?? graph.constant(0n), minus[0] ?? graph.constant(0n)] : null;
  });
  if (operands.includes(null)) return [];
  const found = { kind: 'subtract', modulus, outputs, operands: [operands.map(([a]) => a), operands.map(([, b]) => b)] };
  return agrees(graph, found) ? [found] : [];
}

/** From c ? M_i : 0 up: sums with a difference and with carries. */
function topmostSum(graph, users, id) {
  for (let current = id; ;) {
    const next = (users.get(current) ?? []).find((user) => {
      const { left, right } = graph.nodes[user];
      const other = left === current ? right : left;
      const { plus, minus } = flatten(graph, other);
      const isCarry = plus.length === 0 && minus.length === 0;
      return isCarry || (current === id || !hasDifference(graph, current, id)) && plus.length <= 1 && minus.length <= 1;
    });
    if (next === undefined) return current;
    current = next;
  }
}

const hasDifference = (graph, root, selection) => {
  const { plus, minus } = flatten(graph, root, (inner) => inner === selection);
  return plus.some((id) => id !== selection) || minus.length > 0;
};

// ---- Checking

/** By form, modulus and kind: what has been checked already. */
const checked = new Map();

function agrees(graph, candidate) {
  const { kind, modulus, outputs, operands } = candidate;
  const inputs = operands.flat();
  if (new Set(outputs).size !== 4 || outputs.some((id) => inputs.includes(id))) return false;
  const form = `${kind} ${modulus.name} ${formOf(graph, outputs, operands.map((four) => ({ words: four })))}`;
  if (!checked.has(form)) checked.set(form, evaluatesTo(graph, candidate));
  return checked.get(form);
}

function evaluatesTo(graph, { kind, modulus, outputs, operands }) {
  const zeros = operands.map((four) => valueOfWords(four.map((id) => graph.knownZeros(id))));
  const constants = operands.map((four) => valueOfWords(four.map((id) => (graph.nodes[id].kind === 'constant' ? graph.nodes[id].value : 0n))));
  let passed = false;
  const isRight = pairsFor.get(modulus.name).every((pair) => {
    const given = new Map();
    operands.forEach((four, index) => wordsOf((pair[index] & ~zeros[index]) | constants[index]).forEach((part, position) => {
      if (!given.has(four[position])) given.set(four[position], part);
    }));
    const [a, b = 0n] = operands.map((four) => valueOfWords(four.map((id) => given.get(id))));
    const result = outputs.map((id) => graph.evaluate(id, given));
    const expected = kinds[kind](a, b, modulus.value);
    passed ||= expected !== kinds[kind](a, b, 0n);
    return !result.includes(null) && valueOfWords(result) === expected;
  });
  // The same to the bit, with the modulus and without: so it is this one, no other.
  return isRight && passed;
}

// ---- Replacing

export const newAdditionsReport = () => ({ functions: 0, add: 0, subtract: 0, reduce: 0, left: 0 });

/** Lines of a function with its additions and subtractions replaced. */
export function replaceAdditionsInFunction(lines, report) {
  const values = readValues(lines.map((line) => line.trim()), { comparisons: true });
  const { graph } = values;
  const reductions = findReductions(graph);
  const ordered = reductions.map((four) => orderWords(graph, four)).filter(Boolean);
  const candidates = [...ordered.map((reduction) => asAddition(graph, reduction)), ...findSubtractions(graph)];
  report.left += reductions.length - ordered.length;
  const edits = new Edits(graph, values.definitions, 'term');
  const found = [];
  for (const candidate of candidates) {
    const name = `sum${found.length + 1}`;
    if (replaceOne(values, edits, candidate, name)) {
      report[candidate.kind]++;
      found.push({ name });
    } else {
      report.left++;
    }
  }
  if (found.length === 0) return lines;
  report.functions++;
  return edits.apply(lines, found);
}

function replaceOne({ graph, definitions, regions, isCopy }, edits, { kind, modulus, outputs, operands }, name) {
  const known = (id) => definitions.has(id) || graph.nodes[id].kind === 'constant' || graph.nodes[id].name;
  if (!operands.flat().every(known) || !outputs.every((id) => definitions.has(id))) return false;
  const computing = outputs.flatMap((id) => definitions.get(id)).filter(({ line }) => !isCopy(line));
  const call = Math.min(...computing.map(({ line }) => line));
  const comeBefore = operands.flat().every((id) => !definitions.has(id) || definitions.get(id)[0].line < call);
  if (!comeBefore || computing.some(({ line }) => regions[line] !== regions[call])) return false;
  edits.before(call, `field_${kind}_${modulus.name}(${name}, ${operands.map((four) => four.map((id) => edits.note(id)).join(', ')).join(', ')});`);
  outputs.forEach((id, position) => {
    const mask = (word - 1n) ^ graph.knownZeros(id);
    for (const { line, variable } of definitions.get(id)) {
      if (!isCopy(line)) edits.instead(line, `${variable} = ${name}[${position}]${mask === word - 1n ? '' : ` & ${mask}ull`};`);
    }
  });
  return true;
}

// ---- Files

/** One of these is in every function that this could change: words of what is added or subtracted, or what adding them to is. */
const signs = moduli.flatMap(({ value }) => [wordsOf(value)[0], word - wordsOf(value)[0]]).map((constant) => ` = ${constant}ull;`);

/** Edits all C files in `directory` in place; returns the report. */
export function replaceAdditions(directory) {
  const report = newAdditionsReport();
  for (const name of fs.readdirSync(directory).filter((entry) => /^bb_\d+\.c$/.test(entry)).sort()) {
    const file = path.join(directory, name);
    const before = fs.readFileSync(file, 'latin1');
    const after = editFunctions(before, (body, lines) =>
      (signs.some((sign) => body.includes(sign)) ? replaceAdditionsInFunction(lines, report) : lines));
    if (after !== before) fs.writeFileSync(file, includeFieldHeader(after), 'latin1');
  }
  return report;
}
