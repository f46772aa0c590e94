#!/usr/bin/env node
// Takes guards away one at a time, and says whether the test that is there for each notices. guards/table.mjs has them.
//
// A copy of the source in out/guards gets a switch around each guard and is built once. Then each guard's test runs twice: with the guard, where
// it has to pass, and without, where it has to fail; not to end is neither. Not in CI, where a test checks that the table is right: it takes a
// quarter of an hour. `make test` first: the copy uses what that has built.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { guards, switched } from './guards/table.mjs';

const root = path.join(import.meta.dirname, '..');
const copy = path.join(root, 'out/guards');
const log = path.join(copy, 'out/tests.log');
const vectors = process.env.INIT_VECTORS ?? path.join(root, '../shared/vectors');
const usage = 'usage: scripts/guards.mjs [NAME ..]   all guards, or those whose name has a NAME in it\n';
const build = ['-nodeReuse:false', '-v', 'quiet', '--nologo', '-p:TreatWarningsAsErrors=false', '-p:RunAnalyzers=false', '-p:EnforceCodeStyleInBuild=false'];
const mostSeconds = '180'; // a test without its guard may wait for ever

function execute(command, parameters, environment = {}) {
  return spawnSync(command, parameters, { cwd: copy, encoding: 'utf8', env: { ...process.env, ...environment }, maxBuffer: 1 << 28 });
}

function must(command, parameters) {
  const { status, stdout, stderr } = execute(command, parameters);
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
}

/** The tracked files and those to be, with what was built before beside them; what is built here stays here. */
function makeCopy() {
  fs.rmSync(copy, { recursive: true, force: true });
  const files = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 }).stdout.split('\0');
  for (const file of files.filter((name) => name && fs.existsSync(path.join(root, name)))) fs.cpSync(path.join(root, file), path.join(copy, file));
  fs.mkdirSync(path.join(copy, 'out/test'), { recursive: true });
  for (const name of fs.readdirSync(path.join(root, 'out')).filter((name) => !['guards', 'test'].includes(name))) fs.symlinkSync(path.join(root, 'out', name), path.join(copy, 'out', name));
}

function takeIn(chosen) {
  for (const guard of chosen) {
    const file = path.join(copy, guard.file);
    const text = fs.readFileSync(file, 'utf8');
    if (text.split(guard.text).length !== 2) throw new Error(`${guard.name}: ${guard.file} does not have "${guard.text}" once`);
    fs.writeFileSync(file, text.replace(guard.text, () => switched(guard, guards.indexOf(guard))));
  }
}

/** How a guard's test ends: 'passes', 'fails', or 'does not end' and 'is not there', which are no answers. */
function verdict({ project, test }, environment) {
  const dll = `tests/${project}.Tests/bin/Release/net10.0/Init.${project}.Tests.dll`;
  const parameters = ['-k', '5', mostSeconds, 'dotnet', 'test', dll, '--nologo', '--filter', `FullyQualifiedName~${test}`];
  const { stdout, stderr } = execute('timeout', parameters, { INIT_VECTORS: vectors, ...environment });
  fs.appendFileSync(log, stdout + stderr);
  const counts = /(Passed|Failed)! +- Failed: +(\d+), Passed: +(\d+)/.exec(stdout);
  if (!counts) return /No test matches/.test(stdout + stderr) ? 'is not there' : 'does not end';
  return counts[1] === 'Failed' ? 'fails' : Number(counts[3]) > 0 ? 'passes' : 'is not there';
}

function main() {
  const names = process.argv.slice(2);
  if (names.some((name) => name.startsWith('-'))) return process.stderr.write(usage), 2;
  const chosen = guards.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
  console.log(`guards: ${chosen.length} switches into a copy of the source in out/guards, then building it, which takes minutes`);
  makeCopy();
  takeIn(chosen);
  for (const project of new Set(chosen.map(({ project }) => project))) must('dotnet', ['build', `tests/${project}.Tests`, '-c', 'Release', ...build]);
  if (chosen.some(({ process }) => process)) must('dotnet', ['publish', 'tests/InitProcess', '-o', 'out/test/bin', ...build]);
  let unnoticed = 0;
  for (const guard of chosen) {
    const [kept, taken] = [verdict(guard, {}), verdict(guard, { INIT_GUARD: `${guards.indexOf(guard)}` })];
    const isNoticed = kept === 'passes' && taken === 'fails';
    unnoticed += isNoticed ? 0 : 1;
    console.log(`guards: ${isNoticed ? 'noticed' : 'NOT NOTICED'}: ${guard.name}: ${guard.test} ${kept} with it, ${taken} without`);
  }

  console.log(`${chosen.length - unnoticed} passed, ${unnoticed} failed; what the tests printed: out/guards/out/tests.log`);
  return unnoticed === 0 ? 0 : 1;
}

process.exitCode = main();
