// The values that a function of wasm2c's C computes, as a graph: a node for each constant, each operation on 64-bit
// integers, and each value that comes from elsewhere (a leaf). Two nodes are the same node when they are the same
// operation on the same nodes, so a value is recognised whatever the variables that carried it were called.
//
// wasm2c writes one statement a line, of a few forms. A line of another form makes a leaf of what it assigns. Where
// control flow joins, every variable assigned on one of the ways becomes a leaf, so a node's value is always that of the
// variables which the graph says have it.

const mask64 = (1n << 64n) - 1n;

const operations = {
  '+': (a, b) => (a + b) & mask64,
  '-': (a, b) => (a - b) & mask64,
  '*': (a, b) => (a * b) & mask64,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => (a << (b & 63n)) & mask64,
  '>>': (a, b) => a >> (b & 63n),
  '<': (a, b) => (a < b ? 1n : 0n),
  '==': (a, b) => (a === b ? 1n : 0n),
  '?': (a, b, condition) => (condition === 0n ? b : a),
};
/** The ones below the lowest zero of a 64-bit number. */
const lowestOnes = (value) => (value & ~(value + 1n)) & mask64;
export const commutative = new Set(['+', '*', '&', '|', '^', '==']);

export class ValueGraph {
  nodes = [];
  #byKey = new Map();
  #zeros = [];

  #intern(key, node) {
    let id = this.#byKey.get(key);
    if (id === undefined) {
      id = this.nodes.push(node) - 1;
      this.#byKey.set(key, id);
    }
    return id;
  }

  constant(value) {
    return this.#intern(`c${value}`, { kind: 'constant', value });
  }

  /** `name` is the variable that has the value when the function starts, or null; `zeros`: bits known to be zero. */
  leaf(name = null, zeros = 0n) {
    return this.nodes.push({ kind: 'leaf', name, zeros }) - 1;
  }

  operation(operator, left, right) {
    const [a, b] = [this.nodes[left], this.nodes[right]];
    if (a.kind === 'constant' && b.kind === 'constant') return this.constant(operations[operator](a.value, b.value));
    if (commutative.has(operator) && left > right) [left, right] = [right, left];
    return this.#intern(`${operator} ${left} ${right}`, { kind: operator, left, right });
  }

  /** `left` where `condition` is not zero, else `right`. */
  select(condition, left, right) {
    return this.#intern(`? ${condition} ${left} ${right}`, { kind: '?', left, right, condition });
  }

  /** Bits of a node that are zero whatever its leaves are, as far as shifts, masks and low zeros of sums tell. */
  knownZeros(id) {
    if (this.#zeros[id] === undefined) this.#zeros[id] = this.#findZeros(id);
    return this.#zeros[id];
  }

  #findZeros(id) {
    const { kind, value, left, right, zeros: ofLeaf } = this.nodes[id];
    if (kind === 'constant') return mask64 ^ value;
    if (kind === 'leaf') return ofLeaf;
    if (kind === '+' || kind === '-') return lowestOnes(this.knownZeros(left) & this.knownZeros(right));
    if (kind === '&') return this.knownZeros(left) | this.knownZeros(right);
    if (kind === '|' || kind === '^' || kind === '?') return this.knownZeros(left) & this.knownZeros(right);
    if (kind === '<' || kind === '==') return mask64 ^ 1n;
    if ((kind === '<<' || kind === '>>') && this.nodes[right].kind === 'constant') {
      const by = this.nodes[right].value & 63n;
      const zeros = this.knownZeros(left);
      return kind === '<<' ? ((zeros << by) | ((1n << by) - 1n)) & mask64 : (zeros >> by) | (mask64 ^ (mask64 >> by));
    }
    return 0n;
  }

  /** Value of `root` when the nodes in `values` (a Map, which it extends) are known; null when it also depends on a leaf. */
  evaluate(root, values) {
    const pending = [root];
    while (pending.length > 0) {
      const id = pending.at(-1);
      if (values.has(id)) {
        pending.pop();
        continue;
      }
      const node = this.nodes[id];
      if (node.kind === 'leaf') return null;
      if (node.kind === 'constant') {
        values.set(id, node.value);
        continue;
      }
      const operands = node.condition === undefined ? [node.left, node.right] : [node.left, node.right, node.condition];
      const missing = operands.filter((operand) => !values.has(operand));
      if (missing.length > 0) pending.push(...missing);
      else values.set(id, operations[node.kind](...operands.map((operand) => values.get(operand))));
    }
    return values.get(root);
  }
}

const copyForm = /^(var_\w+) = (var_\w+);$/;
const constantForm = /^(var_[jp]\d+) = (\d+)ull;$/; // a parameter: scripts/specialise.mjs
const operationForm = /^(var_j\d+) ([+*&|^-])= (var_j\d+);$/;
const shiftForm = /^(var_j\d+) (<<|>>)= \((var_j\d+) & 63\);$/;
const comparisonForm = /^(var_i\d+) = (var_j\d+) (<|>|<=|>=|==|!=) (var_j\d+);$/;
const notForm = /^(var_i\d+) = !\((var_[ij]\d+)\);$/;
const truthForm = /^(var_i\d+) ([&|])= (var_i\d+);$/;
const wordForm = /^(var_j\d+) = \w+\[\d\] & (\d+)ull;$/; // scripts/additions.mjs
const selectionForm = /^(var_j\d+) = (var_i\d+) \? (var_j\d+) : (var_j\d+);$/;
const widenedForm = /^(var_j\d+) = \(u64\)\((var_[ilp]\d+)\);$/;
const assignmentForm = /^(var_\w+) (?:[-+*/%&|^]|<<|>>)?= /;
const localsForm = /^(?:u64|u32) var_l/;
const labelForm = /^(var_([BL])\d+):/;

/**
 * Reads a function, given as its lines from the one with its opening brace on, without blanks at their ends.
 * With `comparisons`, truth values and what they choose are nodes too, and else leaves.
 * Returns { graph, definitions, regions, isCopy }: `definitions` maps a node to the [{ line, variable }] that compute or
 * copy it, `regions` numbers the straight pieces of code, line by line.
 */
export function readValues(lines, { comparisons = false } = {}) {
  const graph = new ValueGraph();
  const definitions = new Map();
  const regions = new Array(lines.length).fill(0);
  const assigned = lines.map((line) => assignmentForm.exec(line)?.[1]);
  const jumps = jumpsTo(lines);
  let variables = new Map();
  let region = 0;
  const blocks = [];

  const valueOf = (variable) => {
    if (!variables.has(variable)) variables.set(variable, graph.leaf(variable));
    return variables.get(variable);
  };
  const define = (variable, node, line) => {
    variables.set(variable, node);
    if (!definitions.has(node)) definitions.set(node, []);
    definitions.get(node).push({ line, variable });
  };
  const forget = (from, to) => {
    for (let line = from; line < to; line++) if (assigned[line]) variables.set(assigned[line], graph.leaf());
  };

  for (let line = 1; line < lines.length; line++) {
    const text = lines[line];
    regions[line] = region;
    let match;
    if ((match = copyForm.exec(text))) {
      define(match[1], valueOf(match[2]), line);
    } else if ((match = constantForm.exec(text))) {
      variables.set(match[1], graph.constant(BigInt(match[2])));
    } else if ((match = operationForm.exec(text) ?? shiftForm.exec(text))) {
      define(match[1], graph.operation(match[2], valueOf(match[1]), valueOf(match[3])), line);
    } else if ((match = selectionForm.exec(text))) {
      const [condition, left, right] = match.slice(2).map(valueOf);
      const zeros = graph.knownZeros(left) & graph.knownZeros(right);
      define(match[1], comparisons ? graph.select(condition, left, right) : graph.leaf(null, zeros), line);
    } else if ((match = wordForm.exec(text))) {
      define(match[1], graph.leaf(null, mask64 ^ BigInt(match[2])), line);
    } else if (comparisons && (match = truthOf(text))) {
      define(match.variable, match.value(graph, valueOf), line);
    } else if ((match = widenedForm.exec(text))) {
      const value = valueOf(match[2]);
      const isTruth = comparisons && (graph.knownZeros(value) | 1n) === mask64;
      define(match[1], isTruth ? value : graph.leaf(null, mask64 ^ (mask64 >> 32n)), line);
    } else if ((match = labelForm.exec(text))) {
      regions[line] = ++region;
      // At a loop's head all that the loop assigns is unknown; at a block's end, all that was assigned since a jump to it.
      if (match[2] === 'L') forget(line, (jumps.last.get(match[1]) ?? line) + 1);
      else forget(jumps.first.get(match[1]) ?? line, line);
    } else if (localsForm.test(text)) {
      declareLocals(lines, line, variables, graph);
    } else if (text === '} else {') {
      region++;
      const { before, start } = blocks.pop();
      variables = new Map(before);
      blocks.push({ before: null, start });
    } else if (text.endsWith('{')) {
      region++;
      blocks.push({ before: new Map(variables), start: line });
    } else if (text === '}') {
      region++;
      if (blocks.length > 0) forget(blocks.pop().start, line);
    } else if (assigned[line]) {
      define(assigned[line], graph.leaf(), line);
    }
  }
  return { graph, definitions, regions, isCopy: (line) => copyForm.test(lines[line]) };
}

/** A statement that computes a truth value, as { variable, value }; null for others. */
function truthOf(text) {
  let match;
  if ((match = comparisonForm.exec(text))) {
    const [, variable, left, operator, right] = match;
    const swapped = operator === '>' || operator === '<=';
    const kind = operator.length === 2 && operator[1] === '=' && operator !== '<=' && operator !== '>=' ? '==' : '<';
    const negated = operator === '<=' || operator === '>=' || operator === '!=';
    return {
      variable,
      value: (graph, valueOf) => {
        const [a, b] = swapped ? [valueOf(right), valueOf(left)] : [valueOf(left), valueOf(right)];
        const truth = graph.operation(kind, a, b);
        return negated ? graph.operation('==', truth, graph.constant(0n)) : truth;
      },
    };
  }
  if ((match = notForm.exec(text))) {
    const [, variable, operand] = match;
    return { variable, value: (graph, valueOf) => graph.operation('==', valueOf(operand), graph.constant(0n)) };
  }
  if ((match = truthForm.exec(text))) {
    const [, variable, operator, operand] = match;
    return {
      variable,
      value: (graph, valueOf) => {
        const both = [valueOf(variable), valueOf(operand)];
        const areTruths = both.every((id) => (graph.knownZeros(id) | 1n) === mask64);
        return areTruths ? graph.operation(operator, ...both) : graph.leaf();
      },
    };
  }
  return null;
}

function jumpsTo(lines) {
  const jumps = { first: new Map(), last: new Map() };
  lines.forEach((text, line) => {
    for (const [, label] of text.matchAll(/goto (var_[BL]\d+);/g)) {
      jumps.last.set(label, line);
      if (!jumps.first.has(label)) jumps.first.set(label, line);
    }
  });
  return jumps;
}

/** `u64 var_l2 = 0, var_l3 = 0, ..`, over several lines: locals start as zero. */
function declareLocals(lines, start, variables, graph) {
  for (let line = start; ; line++) {
    for (const [, variable] of lines[line].matchAll(/(var_l\d+) = 0/g)) variables.set(variable, graph.constant(0n));
    if (lines[line].endsWith(';')) return;
  }
}
