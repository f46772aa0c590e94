#!/usr/bin/env node
// Coverage-guided fuzzing, a bounded time for each target. README.md says what the targets are.
import fs from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { BuildError, jobCount, run, runMain } from '../native/scripts/process.mjs';
import { buildManaged } from './scripts/build-managed.mjs';
import { buildNative } from './scripts/build-native.mjs';
import { keepSome } from './scripts/keep.mjs';
import { coverageOf } from './scripts/coverage.mjs';
import { addCoverage, addRun, cpuSecondsOf } from './scripts/results.mjs';
import { targets } from './scripts/targets.mjs';

const root = path.join(import.meta.dirname, '..');
const out = path.join(root, 'out/fuzz');
const usage = `usage: node fuzz/fuzz.mjs            build, then run each target for FUZZ_SECONDS (60)
       node fuzz/fuzz.mjs run        without building first
       node fuzz/fuzz.mjs until      without building, rounds on every core until each target has had FUZZ_CPU_MINUTES (30) in all its runs
       node fuzz/fuzz.mjs build [native|managed]
       node fuzz/fuzz.mjs keep       put what a target found into fuzz/corpus, minimised
       node fuzz/fuzz.mjs coverage   how much of its code each target's corpora reach: into RESULTS.md, and by type into out/fuzz/coverage
       node fuzz/fuzz.mjs test       builds the targets in C and gives each the inputs in fuzz/corpus, once
environment: FUZZ_TARGET (one target, or several with commas), FUZZ_SECONDS (60; of until's rounds 300), FUZZ_CPU_MINUTES
`;

/** Less would be spent on reading the corpus. */
const SHORTEST_ROUND_SECONDS = 60;

const folders = (name) => ({
  committed: path.join(root, 'fuzz/corpus', name),
  working: path.join(out, 'corpus', name),
  findings: path.join(out, 'findings'),
});

function programOf(target) {
  return target.isNative
    ? { command: path.join(out, 'native', target.name), arguments: [] }
    : { command: path.join(out, 'managed/Init.Fuzz'), arguments: [`--target=${target.name}`] };
}

const environment = {
  ...process.env,
  FUZZ_BBAPI_SETUP: path.join(root, 'fuzz/corpus/bbapi-setup.bin'), // the request that loads a reference string
  // A stack of its own for each variable would cost each of the sandbox's threads megabytes; instances' memory is no leak. At the end of a
  // thread the sanitizer unmaps whatever signal stack that has, even the host's, which the host then unmaps a second time.
  ASAN_OPTIONS: 'detect_stack_use_after_return=0:detect_leaks=0:allocator_may_return_null=1:use_sigaltstack=0',
  UBSAN_OPTIONS: 'print_stacktrace=1',
  DOTNET_TieredCompilation: '1',
};

/** Runs libFuzzer; says what it printed and what it cost. */
function libFuzzer(target, flags, { live = false } = {}) {
  const program = programOf(target);
  const all = [...program.arguments, `-max_len=${target.maxBytes}`, `-timeout=${target.timeoutSeconds}`, '-rss_limit_mb=4096', ...target.flags ?? [], ...flags];
  return new Promise((resolve, reject) => {
    // bash's own clock: node does not say what a child's CPU time was.
    const child = spawn('bash', ['-c', 'TIMEFORMAT="cpu %U %S"; time "$0" "$@"', program.command, ...all], { cwd: root, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
      if (live) process.stderr.write(chunk);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const [, user, system] = /^cpu ([\d.]+) ([\d.]+)$/m.exec(output) ?? [, 0, 0];
      resolve({ code, output, cpuSeconds: Number(user) + Number(system) });
    });
  });
}

function last(expression, text) {
  const found = [...text.matchAll(expression)].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}

async function fuzz(target, seconds) {
  const { committed, working, findings } = folders(target.name);
  for (const folder of [committed, working, findings]) fs.mkdirSync(folder, { recursive: true });
  const flags = [`-max_total_time=${seconds}`, '-print_final_stats=1', `-artifact_prefix=${findings}/${target.name}-`, working, committed];
  const { code, output, cpuSeconds } = await libFuzzer(target, flags);
  const executions = last(/^stat::number_of_executed_units:\s*(\d+)/gm, output) ?? last(/^#(\d+)/gm, output) ?? 0;
  const features = last(/\bft: (\d+)/g, output);
  addRun(target.name, { cpuSeconds, executions, features, findings: code === 0 ? 0 : 1 });
  console.log(`fuzz: ${target.name}: ${executions} executions, ${cpuSeconds.toFixed(0)} CPU seconds, ${features ?? '-'} features`);
  if (code === 0) return true;
  fs.writeFileSync(path.join(findings, `${target.name}.log`), output);
  console.error(`fuzz: error: ${target.name}: something does not hold; the input is in out/fuzz/findings, what was said in ${target.name}.log`);
  return false;
}

/** Gives a target what it has found and what is committed, once each, and says how much of its code that reaches. */
async function cover(target) {
  const { committed, working } = folders(target.name);
  const inputs = [working, committed].filter((folder) => fs.existsSync(folder));
  const covered = await coverageOf(target, inputs, { libFuzzer, blocksProgram: path.join(out, 'managed-blocks/Init.Fuzz'), folder: path.join(out, 'coverage') });
  addCoverage(target.name, covered);
  console.log(`fuzz: ${target.name}: ${covered.reached} of ${covered.total} ${target.isNative ? 'edges' : 'blocks'} reached`);
}

async function build(what) {
  if (what !== 'managed') {
    console.log('fuzz: out/fuzz/native: msm, host, bbapi, .. (clang, sanitizers)');
    await buildNative(path.join(out, 'native'));
  }
  if (what !== 'native') {
    console.log('fuzz: out/fuzz/managed: Init.Fuzz, rooms instrumented');
    await buildManaged(path.join(out, 'managed'));
  }
}

async function runAll(chosen, seconds) {
  const broken = [];
  for (const target of chosen) {
    if (await fuzz(target, seconds)) await cover(target);
    else broken.push(target.name);
  }
  if (broken.length) throw new BuildError(`${broken.join(', ')}: findings`);
}

/** Rounds on every core, each of another target, in their order, until each has had its CPU time; one with a finding has no more. */
async function runUntil(chosen, cpuSeconds, roundSeconds) {
  const running = new Set();
  const broken = new Set();
  const left = (target) => Math.ceil(cpuSeconds - cpuSecondsOf(target.name));
  const next = () => chosen.find((target) => left(target) > 0 && !running.has(target) && !broken.has(target));
  const worker = async () => {
    for (let target = next(); target; target = next()) {
      running.add(target);
      console.log(`fuzz: ${target.name} .. (${Math.ceil(left(target) / 60)} of ${cpuSeconds / 60} CPU minutes to go)`);
      if (!await fuzz(target, Math.min(roundSeconds, Math.max(SHORTEST_ROUND_SECONDS, left(target))))) broken.add(target);
      else if (left(target) <= 0) await cover(target);
      running.delete(target);
    }
  };
  await Promise.all(Array.from({ length: jobCount() }, worker));
  if (broken.size) throw new BuildError(`${[...broken].map(({ name }) => name).join(', ')}: findings`);
}

/** Each committed input of the targets in C, once, under the sanitizers. */
async function replay(chosen) {
  const counts = { passed: 0, failed: 0 };
  for (const target of chosen.filter(({ isNative }) => isNative)) {
    const { committed } = folders(target.name);
    const files = fs.readdirSync(committed).map((name) => path.join(committed, name));
    const { code, output } = await libFuzzer(target, files);
    const ran = (output.match(/^Executed /gm) ?? []).length;
    const isRight = code === 0 && ran === files.length && files.length > 0;
    counts[isRight ? 'passed' : 'failed'] += 1;
    console.log(`fuzz: ${target.name}: ${ran} of ${files.length} inputs`);
    if (!isRight) console.error(output);
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  if (counts.failed) throw new BuildError('replay: something does not hold');
}

function positive(name, otherwise) {
  const value = Number(process.env[name] ?? otherwise);
  if (!(value > 0)) throw new BuildError(`${name}=${process.env[name]}: not a number above 0`);
  return value;
}

async function main() {
  const [verb = 'all', what] = process.argv.slice(2);
  const names = process.env.FUZZ_TARGET?.split(',') ?? targets.map(({ name }) => name);
  const chosen = names.map((name) => targets.find((target) => target.name === name));
  if (chosen.includes(undefined)) throw new BuildError(`FUZZ_TARGET=${process.env.FUZZ_TARGET}: there are ${targets.map(({ name }) => name).join(', ')}`);
  const seconds = positive('FUZZ_SECONDS', verb === 'until' ? 300 : 60);
  if (verb === 'all') await build().then(() => runAll(chosen, seconds));
  else if (verb === 'run') await runAll(chosen, seconds);
  else if (verb === 'until') await runUntil(chosen, 60 * positive('FUZZ_CPU_MINUTES', 30), seconds);
  else if (verb === 'build') await build(what);
  else if (verb === 'keep') for (const target of chosen) await keepSome(target, folders(target.name), libFuzzer);
  else if (verb === 'coverage') for (const target of chosen) await cover(target);
  else if (verb === 'test') await build('native').then(() => replay(chosen));
  else process.stdout.write(usage);
}

await runMain('fuzz', main);
