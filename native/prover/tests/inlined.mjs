// Field arithmetic as Barretenberg's compiler inlines it for WebAssembly, in wasm2c's C, for passes.test.mjs: functions of the words
// var_p0 to var_p7, two elements, that put four words into instance->out.

const limbBits = 29n;
const limbMask = (1n << limbBits) - 1n;
const wordMask = (1n << 64n) - 1n;
const wordsOf = (value) => [0n, 64n, 128n, 192n].map((shift) => (value >> shift) & wordMask);
const firstOperand = ['var_p0', 'var_p1', 'var_p2', 'var_p3'];
const secondOperand = ['var_p4', 'var_p5', 'var_p6', 'var_p7'];

/** The statements of a function, which keeps each value in a local variable of its own. */
class Statements {
  lines = [];
  #locals = 0;

  put(target, source) {
    this.lines.push(`  ${target} = ${typeof source === 'bigint' ? `${source}ull` : source};`);
  }

  keep(source) {
    this.put(`var_l${this.#locals}`, source);
    return `var_l${this.#locals++}`;
  }

  operation(left, operator, right) {
    this.put('var_j0', left);
    this.put('var_j1', right);
    this.lines.push(operator.length === 2 ? `  var_j0 ${operator}= (var_j1 & 63);` : `  var_j0 ${operator}= var_j1;`);
    return this.keep('var_j0');
  }

  compare(left, operator, right) {
    this.put('var_j0', left);
    this.put('var_j1', right);
    this.lines.push(`  var_i0 = var_j0 ${operator} var_j1;`, '  var_j0 = (u64)(var_i0);');
    return this.keep('var_j0');
  }

  /** The lowest 32 bits of a word, as a conversion of an integer has them. */
  narrowed(word) {
    this.lines.push(`  var_i0 = (u32)(${word});`, '  var_j0 = (u64)(var_i0);');
    return this.keep('var_j0');
  }

  function(name, out) {
    return [
      `void ${name}(w2c_bb* instance${Array.from({ length: 8 }, (_, i) => `, u64 var_p${i}`).join('')}) {`,
      `  u64 ${Array.from({ length: this.#locals }, (_, i) => `var_l${i} = 0`).join(', ')};`, '  FUNC_PROLOGUE;', '  u32 var_i0, var_i1;',
      '  u64 var_j0, var_j1, var_j2;', ...this.lines, ...out.map((word, i) => `  instance->out[${i}] = ${word};`), '}', '',
    ].join('\n');
  }
}

/** The limbs of four words, each as what is added up to it: limbs with bits of two words are one summand, or `apart` two. */
function limbsOfWords(statements, words, { apart = false, lowestMask = limbMask } = {}) {
  return Array.from({ length: 9 }, (_, limb) => {
    const [at, shift] = [(29 * limb) >> 6, BigInt((29 * limb) & 63)];
    const low = shift === 0n ? words[at] : statements.operation(words[at], '>>', shift);
    const mask = (value) => statements.operation(value, '&', limb === 0 ? lowestMask : limbMask);
    if (shift <= 35n || at === 3) return [mask(low)];
    const high = statements.operation(words[at + 1], '<<', 64n - shift);
    return apart ? [low, mask(high)] : [mask(statements.operation(low, '|', high))];
  });
}

const limbsOfConstant = (value) => Array.from({ length: 9 }, (_, limb) => [(value >> (limbBits * BigInt(limb))) & limbMask]);

function firstLimbs(statements, { doubled, small, constant }) {
  if (small) {
    const word = statements.narrowed(firstOperand[0]);
    return [[statements.operation(word, '&', limbMask)], [statements.operation(word, '>>', limbBits)], ...Array(7).fill([0n])];
  }
  if (!doubled) return limbsOfWords(statements, firstOperand, { apart: constant === 1n });
  const twice = firstOperand.map((word, index) => {
    const up = statements.operation(word, '<<', 1n);
    return index === 0 ? up : statements.operation(up, '|', statements.operation(firstOperand[index - 1], '>>', 63n));
  });
  return limbsOfWords(statements, twice, { lowestMask: limbMask - 1n });
}

/**
 * A multiplication: of two elements, or of the first with itself (`square`) or with `constant`. The first may be `doubled` before, or
 * its lowest 32 bits (`small`). `middle`: lines before the carries.
 */
export function multiplicationInC({ modulus, square = false, doubled = false, small = false, constant = null, middle = [], name = 'w2c_bb_f1' }) {
  const statements = new Statements();
  const a = firstLimbs(statements, { doubled, small, constant });
  const b = square ? a : constant === null ? limbsOfWords(statements, secondOperand) : limbsOfConstant(constant);
  const modulusLimbs = limbsOfConstant(modulus).flat();
  const negativeInverse = (limbMask + 1n) - inverseModPower(modulus, limbMask + 1n);
  const t = Array(17).fill(null);
  const addTo = (column, value) => { t[column] = t[column] === null ? value : statements.operation(t[column], '+', value); };
  const product = (left, right) => {
    if (left === 0n || right === 0n) return [];
    return [right === 1n ? left : statements.operation(left, '*', right)];
  };
  for (let i = 0; i < 9; i++) {
    for (let j = 0; j < 9; j++) for (const left of a[i]) for (const right of b[j]) for (const value of product(left, right)) addTo(i + j, value);
    const m = statements.operation(statements.operation(t[i], '*', negativeInverse), '&', limbMask);
    for (let j = 0; j < 9; j++) addTo(i + j, statements.operation(m, '*', modulusLimbs[j]));
    addTo(i + 1, statements.operation(t[i], '>>', limbBits));
  }
  statements.lines.push(...middle);
  for (let i = 10; i < 17; i++) addTo(i, statements.operation(t[i - 1], '>>', limbBits));
  const l = [9, 10, 11, 12, 13, 14, 15].map((column) => statements.operation(t[column], '&', limbMask)).concat(t[16]);
  const join = (...parts) => parts
    .map(([limb, shift]) => (shift === 0 ? limb : statements.operation(limb, shift > 0 ? '<<' : '>>', BigInt(Math.abs(shift)))))
    .reduce((sum, part) => statements.operation(sum, '|', part));
  return statements.function(name, [
    join([l[0], 0], [l[1], 29], [l[2], 58]), join([l[2], -6], [l[3], 23], [l[4], 52]),
    join([l[4], -12], [l[5], 17], [l[6], 46]), join([l[6], -18], [l[7], 11]),
  ]);
}

function inverseModPower(value, modulus) {
  let x = 1n;
  for (let i = 0; i < 7; i++) x = (x * (2n - value * x)) & (modulus - 1n);
  return ((x % modulus) + modulus) % modulus;
}

/**
 * A sum, less `modulus` where it is not below (kind 'add'), or a difference, plus `modulus` where it is negative ('subtract').
 * `sumMask` is applied to each word of the sum before it is reduced. `constant`: what is subtracted or added in truth. `middle`:
 * lines between the results.
 */
export function additionInC({ kind, modulus, constant = modulus, sumMask = null, middle = [], name }) {
  const statements = new Statements();
  const code = { statements, operands: [firstOperand, secondOperand], modulus: wordsOf(constant), sumMask, middle };
  return statements.function(name, kind === 'add' ? addThenReduce(code) : subtractThenAdd(code));
}

function addThenReduce({ statements, operands: [a, b], modulus, sumMask, middle }) {
  let carry = 0n;
  const whole = a.map((word, i) => {
    const plain = statements.operation(word, '+', b[i]);
    const first = statements.compare(plain, '<', word);
    const total = statements.operation(plain, '+', carry);
    carry = statements.operation(first, '+', statements.compare(total, '<', plain));
    return total;
  });
  const sum = sumMask === null ? whole : whole.map((word) => statements.operation(word, '&', sumMask));
  let borrow = 0n;
  const reduced = sum.map((word, i) => {
    const first = statements.compare(word, '<', modulus[i]);
    const plain = statements.operation(word, i === 0 ? '+' : '-', i === 0 ? (1n << 64n) - modulus[0] : modulus[i]);
    const second = statements.compare(plain, '<', borrow);
    const total = i === 0 ? plain : statements.operation(plain, '-', borrow);
    borrow = i === 0 ? first : statements.operation(first, '|', second);
    return total;
  });
  const isReduced = statements.compare(borrow, '==', 0n);
  const keeps = statements.operation(isReduced, '-', 1n);
  const takes = statements.operation(0n, '-', isReduced);
  return sum.map((word, i) => {
    if (i === 2) statements.lines.push(...middle);
    return statements.operation(statements.operation(word, '&', keeps), '|', statements.operation(reduced[i], '&', takes));
  });
}

function subtractThenAdd({ statements, operands: [a, b], modulus, middle }) {
  let borrow = 0n;
  const differences = a.map((word, i) => {
    const from = i === 0 ? word : statements.operation(word, '-', borrow);
    const wrapped = i === 0 ? 0n : statements.compare(from, '>', word);
    const below = statements.compare(from, '<', b[i]);
    borrow = i === 0 ? below : statements.operation(wrapped, '|', below);
    return statements.operation(from, '-', b[i]);
  });
  statements.put('var_j0', borrow);
  statements.lines.push('  var_i1 = !(var_j0);', '  var_i1 = !(var_i1);');
  let carry = 0n;
  return differences.map((word, i) => {
    if (i === 2) statements.lines.push(...middle);
    statements.put('var_j1', modulus[i]);
    statements.put('var_j2', 0n);
    statements.lines.push('  var_j1 = var_i1 ? var_j1 : var_j2;');
    const chosen = statements.keep('var_j1');
    const plain = statements.operation(chosen, '+', word);
    const total = statements.operation(plain, '+', carry);
    carry = statements.operation(statements.compare(plain, '<', chosen), '+', statements.compare(total, '<', plain));
    return total;
  });
}
