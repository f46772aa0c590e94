// Native arithmetic beside GMP: differential.c, with a million cases, and once more with the sanitizers, which see an access beside
// an array. DIFFERENTIAL_SCALE makes both longer (default 1, some seconds), DIFFERENTIAL_SEED repeats a run.
// node --test native/prover/tests/differential.test.mjs
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { arithmeticFlags } from '../scripts/archive.mjs';

const proverDirectory = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const pins = JSON.parse(fs.readFileSync(path.join(proverDirectory, 'pins.json'), 'utf8'));
const scale = Number(process.env.DIFFERENTIAL_SCALE ?? 1);
const seed = process.env.DIFFERENTIAL_SEED ?? String(crypto.randomInt(1 << 30));
// Where the CPU has AVX-512 without IFMA, IFMA's two instructions are emulated: all else is the code that is shipped.
const flags = fs.readFileSync('/proc/cpuinfo', 'utf8').match(/^flags.*$/m)[0].split(' ');
const emulates = flags.includes('avx512f') && !flags.includes('avx512ifma');
let scratch;

before(() => { scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'prover-differential-')); });
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const run = (command, args, options) => promisify(execFile)(command, args, { cwd: proverDirectory, ...options });

async function build(name, more) {
  const folder = path.join(scratch, name);
  fs.mkdirSync(folder);
  const compile = async (source, own) => {
    const object = path.join(folder, `${path.basename(source)}.o`);
    await run(pins.tools.clang.command, [...own, '-Iarithmetic', '-Iinclude', '-c', source, '-o', object]);
    return object;
  };
  const emulation = ['-include', 'stdbool.h', '-include', 'tests/ifma_emulated.h'];
  const sources = fs.readdirSync(path.join(proverDirectory, 'arithmetic')).filter((file) => file.endsWith('.c'));
  const objects = await Promise.all(sources.map((file) =>
    compile(`arithmetic/${file}`, [...arithmeticFlags(file), ...more, ...(emulates && file.endsWith('_ifma.c') ? emulation : [])])));
  objects.push(await compile('host/cpu.c', ['-O2']));
  objects.push(await compile('tests/differential.c', [...arithmeticFlags('tests'), ...more, ...(emulates ? ['-DEMULATED_IFMA'] : [])]));
  const program = path.join(folder, 'differential');
  await run(pins.tools.clang.command, [...more, ...objects, '-lgmp', '-o', program]);
  return program;
}

async function check(t, program, { multiplications, additions, terms }) {
  const counts = [multiplications, additions, terms].map((count) => String(Math.round(count * scale)));
  const { stdout } = await run(program, [seed, ...counts], { env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } })
    .catch((error) => assert.fail(`seed ${seed}: ${error.stdout}${error.stderr}`));
  for (const line of stdout.trim().split('\n')) t.diagnostic(line);
  assert.match(stdout, /^bmi2: .*as GMP has them$/m);
}

test('A million products in each field, and sums of points of every shape, are what GMP has', async (t) =>
  check(t, await build('plain', []), { multiplications: 1_000_000, additions: 100_000, terms: 300_000 }));

test('The same code with checks of every address, index and shift finds nothing', async (t) => {
  const sanitizers = ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer', '-Wno-frame-larger-than'];
  await check(t, await build('sanitized', sanitizers), { multiplications: 50_000, additions: 5_000, terms: 20_000 });
});
