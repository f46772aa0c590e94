// Gives functions that got a field's constants as arguments copies of their own in which they are constants.
//
// The module's optimiser merges functions that differ in constants alone: what was written for both of BN254's fields is one
// function that gets a modulus in pieces, and the multiplications in it cannot be recognised without knowing which. Every call
// of such a function has constants for these arguments, though. So for each set of them there is a copy, w2c_bb_f<N>_<i>, which
// starts by setting its parameters to them, and the calls with that set call the copy. The function itself stays.
import fs from 'node:fs';
import path from 'node:path';
import { UnexpectedCode } from './finish.mjs';

/** A modulus in limbs of 29 bits and what goes with it are more than any other function gets. */
const leastConstants = 8;

const callForm = /^(\s+(?:var_\w+ = )?)w2c_bb_f(\d+)\(instance((?:, var_[ij]\d+)*)\);$/;
const constantForm = /^\s+(var_j\d+) = (\d+ull);$/;
const otherAssignmentForm = /^\s+var_[ijfdo]\d+ (?:\S+)?= /;
const definitionForm = /^[\w ]+ w2c_bb_f(\d+)\(w2c_bb\* instance[^;{]*\) \{\n[^]*?^\}\n/gm;

/** Edits the C files and bb-impl.h in `directory`, but for the functions in `replaced`; returns { functions, copies, calls }. */
export function specialiseFunctions(directory, replaced) {
  const names = fs.readdirSync(directory).filter((entry) => /^bb_\d+\.c$/.test(entry)).sort();
  const copies = new Map(); // by function: a map from constants, as text, to { name, assignments }
  let calls = 0;
  for (const name of names) calls += edit(directory, name, (text) => redirectCalls(text, copies, replaced));
  const made = new Set();
  for (const name of names) edit(directory, name, (text) => addCopies(text, copies, made));
  const missing = [...copies.keys()].filter((index) => !made.has(index));
  if (missing.length > 0) throw new UnexpectedCode(`wasm2c's output: no definition of f${missing.join(', f')}`);
  edit(directory, 'bb-impl.h', (text) => ({ text: addDeclarations(text, copies), calls: 0 }));
  return { functions: copies.size, copies: [...copies.values()].reduce((sum, { size }) => sum + size, 0), calls };
}

function edit(directory, name, change) {
  const file = path.join(directory, name);
  const before = fs.readFileSync(file, 'latin1');
  const { text, calls } = change(before);
  if (text !== before) fs.writeFileSync(file, text, 'latin1');
  return calls;
}

/** Calls with constants for at least `leastConstants` 64-bit arguments. */
export function redirectCalls(text, copies, replaced = []) {
  const lines = text.split('\n');
  let calls = 0;
  lines.forEach((line, at) => {
    const [, start, index, list] = callForm.exec(line) ?? [];
    if (index === undefined || replaced.includes(Number(index))) return;
    const variables = list.split(', ').slice(1);
    const known = constantsBefore(lines, at);
    const constants = variables.map((variable) => known.get(variable) ?? null);
    if (constants.filter((value) => value !== null).length < leastConstants) return;
    lines[at] = `${start}${copyFor(copies, index, constants)}(instance${list});`;
    calls++;
  });
  return { text: lines.join('\n'), calls };
}

/** Variables that the straight piece of code before a line leaves with a constant. */
function constantsBefore(lines, at) {
  const known = new Map();
  const seen = new Set();
  for (let line = at - 1; line >= 0; line--) {
    const [, variable, value] = constantForm.exec(lines[line]) ?? [];
    const assigned = variable ?? (otherAssignmentForm.test(lines[line]) ? /var_\w+/.exec(lines[line])[0] : undefined);
    if (assigned === undefined) break;
    if (variable !== undefined && !seen.has(variable)) known.set(variable, value);
    seen.add(assigned);
  }
  return known;
}

function copyFor(copies, index, constants) {
  if (!copies.has(index)) copies.set(index, new Map());
  const ofFunction = copies.get(index);
  const key = constants.join();
  if (!ofFunction.has(key)) ofFunction.set(key, { name: `w2c_bb_f${index}_${ofFunction.size}`, constants });
  return ofFunction.get(key).name;
}

/** Behind each function of `copies` that is defined in this file, its copies. */
export function addCopies(text, copies, made) {
  const changed = text.replace(definitionForm, (definition, index) => {
    if (!copies.has(index)) return definition;
    made.add(index);
    return [definition, ...[...copies.get(index).values()].map((copy) => copyOf(definition, index, copy))].join('\n');
  });
  return { text: changed, calls: 0 };
}

function copyOf(definition, index, { name, constants }) {
  const assignments = constants.flatMap((value, position) => (value === null ? [] : [`  var_p${position} = ${value};\n`]));
  const opening = definition.indexOf(') {\n') + ') {\n'.length;
  return definition.slice(0, opening).replace(`w2c_bb_f${index}(`, `${name}(`) + assignments.join('') + definition.slice(opening);
}

function addDeclarations(header, copies) {
  return [...copies].reduce((text, [index, ofFunction]) => {
    const declaration = new RegExp(`^.* w2c_bb_f${index}\\(w2c_bb\\*[^;]*\\);\\n`, 'm');
    if (!declaration.test(text)) throw new UnexpectedCode(`bb-impl.h: no declaration of f${index}`);
    return text.replace(declaration, (line) =>
      [line, ...[...ofFunction.values()].map(({ name }) => line.replace(`w2c_bb_f${index}(`, `${name}(`))].join(''));
  }, header);
}
