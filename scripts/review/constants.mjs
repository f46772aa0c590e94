// Values of named constants, read from the source, so that a page cannot say another number than the code.
import fs from 'node:fs';
import path from 'node:path';

const declaration = /(?:const|static readonly) (?:u?int|u?long|double|TimeSpan) (\w+) = ([^;]+);/g;

/** `constant('Wire/WireLimits.MaxNonceBytes')`: of src/Wire/WireLimits.cs, evaluated; a constant that is not there is an error. */
export function constants(root) {
  const files = new Map();
  const read = (file) => {
    if (!files.has(file)) {
      const text = fs.readFileSync(path.join(root, 'src', `${file}.cs`), 'utf8');
      files.set(file, new Map([...text.matchAll(declaration)].map(([, name, value]) => [name, value.trim()])));
    }
    return files.get(file);
  };
  const constant = (reference) => {
    const [, file, name] = /^(.*)\.(\w+)$/.exec(reference);
    const expression = read(file).get(name);
    if (expression === undefined) throw new Error(`src/${file}.cs has no constant ${name}`);
    return evaluate(expression, (other) => constant(`${file}.${other}`), reference);
  };
  return constant;
}

function evaluate(expression, named, reference) {
  const span = /^TimeSpan\.From(Milliseconds|Seconds|Minutes)\((\d+)\)$/.exec(expression);
  if (span) return Number(span[2]) * { Milliseconds: 1, Seconds: 1000, Minutes: 60_000 }[span[1]];
  const arithmetic = expression
    .replace(/\b[A-Z]\w+\b/g, (name) => String(named(name)))
    .replace(/(?<=\d)_(?=\d)/g, '')
    .replace(/(?<=\d)(?:UL|L|u|U)\b/g, '');
  if (!/^(?:0x[\da-f]+|[\d\s+*()<-]|\.)+$/i.test(arithmetic)) throw new Error(`${reference} is "${expression}", which is no arithmetic`);
  return Number(new Function(`return ${arithmetic}`)());
}
