// Changes to functions of wasm2c's C.
import { wordsOf } from './identify.mjs';

/** Changes to a function's lines. Variables for noted operands are called `prefix` and a number. */
export class Edits {
  #before = new Map();
  #instead = new Map();
  #calls = new Map();
  #results = new Map();
  #notes = new Map();
  #start = [];
  #noted = new Map();

  constructor(graph, definitions, prefix = 'operand') {
    this.graph = graph;
    this.definitions = definitions;
    this.prefix = prefix;
  }

  #add(map, line, text) {
    if (!map.has(line)) map.set(line, []);
    if (!map.get(line).includes(text)) map.get(line).push(text);
  }

  /** The C variable that keeps a word from where it comes to be. */
  note(id) {
    if (this.#noted.has(id)) return this.#noted.get(id);
    const name = `${this.prefix}${this.#noted.size}`;
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

  call(line, { name }, { field, constant, canonical }, operands) {
    const texts = operands.map((operand) => (operand.words ? operand.words.map((id) => this.note(id)) : words(operand.product.name)));
    if (constant !== null) texts.push(wordsOf(constant).map((value) => `${value}ull`));
    if (texts.length === 1) texts.push(texts[0]);
    this.#add(this.#calls, line, `field_multiply_${field}(${name}, ${texts.map((four) => four.join(', ')).join(', ')});`);
    if (canonical) this.#add(this.#calls, line, `field_reduce_once_${field}(${name}, ${words(name).join(', ')});`);
  }

  result(line, text) {
    this.#add(this.#results, line, text);
  }

  before(line, text) {
    this.#add(this.#before, line, text);
  }

  instead(line, text) {
    this.#instead.set(line, text);
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
      return [
        ...this.#before.get(index) ?? [], this.#instead.get(index) ?? line, ...(index === 0 ? declarations : []),
        ...added.length > 0 ? [added.join(' ')] : [],
      ];
    });
  }
}

const words = (name) => [0, 1, 2, 3].map((index) => `${name}[${index}]`);

/** `edit` gets a function's text, and its lines from the one with its opening brace on, and returns such lines. */
export function editFunctions(text, edit) {
  // A function starts in the first column with its signature, whose last line ends in `) {`, and ends with a `}` there.
  return text.replace(/^[\w ]+\(w2c_bb\* instance[^;{]*\) \{\n[^]*?^\}\n/gm, (body) => {
    const start = body.indexOf(') {\n') + ') {\n'.length - ' {\n'.length;
    return body.slice(0, start) + edit(body, body.slice(start).split('\n')).join('\n');
  });
}

export function includeFieldHeader(text) {
  const include = '#include "field_multiply.h"\n';
  return text.includes(include) ? text : text.replace('#include "bb-impl.h"\n', `#include "bb-impl.h"\n${include}`);
}
