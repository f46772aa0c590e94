// Compiles the generated C, the long part: about 128 files, largest first, each into an object that later runs keep.
import fs from 'node:fs';
import path from 'node:path';
import { keyOf, moveUnlessThere, temporaryName, touch, writeAtomically } from '../../scripts/cache.mjs';
import { run } from '../../scripts/process.mjs';

/** No frame may step over a stack's guard area, nor over host/threads.c's reserve: bytes. */
const frameLimit = 262144;

// wasm2c's code relies on IEEE 754 to the letter (no contraction) and reads memory under several types (no strict
// aliasing). It neither unwinds nor asserts. -Wno-everything must come before the one warning that is wanted.
export const generatedFlags = [
  '-std=gnu17', '-O2', '-march=x86-64-v3', '-ffp-contract=off', '-fno-strict-aliasing', '-fPIC',
  '-fno-asynchronous-unwind-tables', '-fno-unwind-tables', '-DNDEBUG',
  '-Wno-everything', `-Wframe-larger-than=${frameLimit}`, '-Werror=frame-larger-than',
];

/**
 * The folder for the objects of `sources` compiled against `headers` (files), created if need be. Its name depends on
 * what the compiler sees and not on comments: the preprocessed header (macros included, so the C library's and simde's
 * too), the C files, the flags and the compiler's version.
 */
export async function objectsDirectory({ root, sources, sourcesHash, headers, clang, clangVersion }) {
  const temporary = temporaryName(path.join(root, 'objects'));
  fs.rmSync(temporary, { recursive: true, force: true });
  fs.mkdirSync(temporary, { recursive: true });
  for (const header of headers) fs.copyFileSync(header, path.join(temporary, path.basename(header)));
  try {
    const arguments_ = [...generatedFlags, `-I${temporary}`, '-E', '-dD', '-P', '-include', 'field_multiply.h', 'bb-impl.h'];
    const preprocessed = await run(clang, arguments_, { cwd: sources });
    const key = keyOf({ sourcesHash, preprocessed, flags: JSON.stringify(generatedFlags), clangVersion });
    const directory = path.join(root, `objects-${key}`);
    moveUnlessThere(temporary, directory);
    touch(directory);
    return { directory, key };
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

/** Files of `sources` to compile, largest first: the last job to start is then a short one. */
function filesToCompile(sources) {
  return fs.readdirSync(sources)
    .filter((name) => name.endsWith('.c'))
    .map((name) => ({ name, size: fs.statSync(path.join(sources, name)).size }))
    .sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
}

export const objectName = (source) => source.replace(/\.c$/, '.o');

/**
 * Compiles what has no object yet. `onProgress({ done, total, percent })` is called after each file, percent being the
 * share of the bytes. Returns how many files there are and how many it compiled.
 */
export async function compileGenerated({ sources, objects, clang, jobs, onProgress }) {
  const files = filesToCompile(sources);
  const waiting = files.filter(({ name }) => !fs.existsSync(path.join(objects, objectName(name))));
  const compiled = waiting.length;
  const bytes = (list) => list.reduce((sum, { size }) => sum + size, 0);
  let bytesToDo = bytes(waiting);
  let done = files.length - compiled;

  const worker = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      await compileOne({ sources, objects, clang, name: file.name });
      bytesToDo -= file.size;
      onProgress({ done: ++done, total: files.length, percent: Math.floor(100 * (1 - bytesToDo / bytes(files))) });
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, worker));
  } catch (error) {
    waiting.length = 0; // let the other jobs end with the file that they are at
    throw error;
  }
  removeLeftovers(objects);
  return { total: files.length, compiled };
}

async function compileOne({ sources, objects, clang, name }) {
  const object = path.join(objects, objectName(name));
  const temporary = temporaryName(object);
  const stackUsage = temporary.replace(/\.tmp$/, '.su'); // where clang puts it
  await run(clang, [
    ...generatedFlags, '-fstack-usage', `-ffile-prefix-map=${objects}=runtime`, `-I${objects}`, '-I.',
    '-o', temporary, '-c', name,
  ], { cwd: sources });
  if (fs.existsSync(stackUsage)) fs.renameSync(stackUsage, object.replace(/\.o$/, '.su'));
  fs.renameSync(temporary, object);
}

/** Half-written files of builds that were interrupted: `bb_1.o.<pid>.tmp` and `bb_1.o.<pid>.su`. */
function removeLeftovers(objects) {
  for (const name of fs.readdirSync(objects)) {
    if (/\.o\.\d+\.(tmp|su)$/.test(name)) fs.rmSync(path.join(objects, name), { force: true });
  }
}

/** The largest stack frame of all generated functions, from clang's .su files: "file:line:function<TAB>bytes<TAB>kind". */
export function largestFrame(objects) {
  let largest = { bytes: 0, function: '' };
  for (const file of fs.readdirSync(objects).filter((name) => name.endsWith('.su'))) {
    for (const line of fs.readFileSync(path.join(objects, file), 'utf8').split('\n')) {
      const [place, bytes] = line.split('\t');
      if (Number(bytes) > largest.bytes) largest = { bytes: Number(bytes), function: place.split(':').at(-1) };
    }
  }
  return largest;
}

const summaryName = 'summary.json';

/** What is worth knowing of a complete set of objects; null while it is incomplete. */
export function readSummary(objects) {
  const file = path.join(objects, summaryName);
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
}

export function writeSummary(objects, summary) {
  writeAtomically(path.join(objects, summaryName), JSON.stringify(summary, null, 2));
}
