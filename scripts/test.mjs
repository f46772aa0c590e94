#!/usr/bin/env node
// Runs all tests that CI runs, one suite after the other, and ends with `N passed, N failed, N skipped`.
// usage: scripts/test.mjs [suite ..]; without names, all of them.
import fs from 'node:fs';
import path from 'node:path';
import { dotnetTests, execute, failure, root } from './dotnet-tests.mjs';

const results = path.join(root, 'out/test/results');

const inNative = ['scripts/scripts', 'scripts/components', 'prover/build', 'prover/arithmetic', 'prover/passes', 'prover/tests/differential', 'kernel/build', 'qemu/build'].map((name) => `native/${name}`);
const buildTests = [...inNative, 'scripts/crs/crs', 'scripts/dockerfile', 'scripts/campaign/figures', 'scripts/guards/guards'].map((name) => `${name}.test.mjs`);

// The order is from fast to slow, so that a simple mistake shows early.
const suites = [
  { name: 'build', run: () => nodeTests(buildTests) },
  { name: 'host', run: hostTests },
  { name: 'instructions', run: () => nodeTests(['native/prover/tests/instructions.test.mjs']) },
  { name: 'fuzz', run: fuzzTests },
  { name: 'format', run: formatTest },
  { name: 'review', run: reviewTest },
  ...[
    'Architecture', 'Fuzz', 'Wire', 'Linux', 'Nsm', 'Sealing', 'Eif', 'Attestation', 'Client', 'Simulator', 'Init', 'Parent', 'System',
    'Prover', 'Prover.Production', 'Prover.DevSrs', 'Campaign',
  ].map((name) => ({ name, run: () => dotnetTests(`tests/${name}.Tests`, { results }) })),
];

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!suites.some((suite) => suite.name === name)) {
    console.error(`test: error: no suite ${name}; there are ${suites.map((suite) => suite.name).join(', ')}`);
    process.exit(2);
  }
}

fs.mkdirSync(results, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = []; // what failed and why: said again at the end, where whoever sees only the end finds it
for (const suite of suites.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const started = performance.now();
  console.log(`test: ${suite.name} ..`);
  const counts = await suite.run();
  for (const key of Object.keys(total)) total[key] += counts[key];
  failures.push(...counts.failures ?? []);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`test: ${suite.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${seconds} s)`);
}
for (const reason of failures) console.log(`test: failed: ${reason}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);

async function nodeTests(files) {
  const { code, output } = await execute(process.execPath, ['--test', '--test-reporter=tap', ...files]);
  const count = (label) => Number(new RegExp(`^# ${label} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  if (failed || code !== 0) process.stdout.write(output);
  for (const [, said] of output.matchAll(/^# (small, .*)$/gm)) console.log(`test: ${said}`);
  failures.push(...[...output.matchAll(/^ *not ok \d+ - (.*)$/gm)].map(([, name]) => name));
  return { passed: count('pass'), failed: code !== 0 ? Math.max(1, failed) : failed, skipped: count('skipped') };
}

// The host's own tests, linked with the library that is shipped.
async function hostTests() {
  const prover = 'native/prover';
  const generated = (await require(process.execPath, [`${prover}/build.mjs`, '--print-generated'])).trim();
  const program = 'out/test/host_test';
  await require('clang-19', [
    '-g', '-O1', '-Wall', '-Wextra', '-Werror', '-march=x86-64-v3', `-I${prover}/include`, `-I${prover}/runtime`, `-I${prover}/host`, `-I${prover}/arithmetic`, '-madx',
    `-isystem${generated}`, `${prover}/tests/host_test.c`, 'out/native/libprover.a', '-lm', '-pthread', '-fuse-ld=lld', '-o', program,
  ]);
  const { code, output } = await execute(program, [], { live: true });
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  return passed === undefined ? failure(`${program} ended with ${code}`) : { passed: Number(passed), failed: Number(failed), skipped: 0 };
}

// The committed corpora of the fuzz targets in C, under the sanitizers; those in C# are Fuzz.Tests.
async function fuzzTests() {
  const { code, output } = await execute(process.execPath, ['fuzz/fuzz.mjs', 'test'], { live: true });
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  if (passed === undefined) return failure(`fuzz/fuzz.mjs ended with ${code}`);
  if (code !== 0) failures.push(`fuzz/fuzz.mjs ended with ${code}`);
  return { passed: Number(passed), failed: code === 0 ? 0 : Math.max(1, Number(failed)), skipped: 0 };
}

async function formatTest() {
  const { code, output } = await execute('dotnet', ['format', 'Init.sln', '--verify-no-changes', '-v', 'quiet']);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : failure(`dotnet format would change something:\n${output}`);
}

// The generated pages of docs/review say what is built here.
async function reviewTest() {
  const { code, output } = await execute(process.execPath, ['scripts/review.mjs', '--check'], { live: true });
  const count = (word) => [...output.matchAll(new RegExp(`^review: ${word} `, 'gm'))].length;
  failures.push(...[...output.matchAll(/^review: stale +(.*)$/gm)].map(([, page]) => `stale: ${page}`));
  return code === 0 || count('stale') > 0 ? { passed: count('same'), failed: count('stale'), skipped: count('skipped') } : failure(`scripts/review.mjs ended with ${code}:\n${output}`);
}

async function require(command, arguments_) {
  const { code, output } = await execute(command, arguments_);
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${output}`);
  return output;
}
