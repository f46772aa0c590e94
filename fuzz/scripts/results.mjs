// What was run, added up over all runs: fuzz/results.json, and fuzz/RESULTS.md for people.
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { targets } from './targets.mjs';

const folder = path.join(import.meta.dirname, '..');
const file = path.join(folder, 'results.json');

export function readResults() {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
}

/** Adds a run: { cpuSeconds, executions, covered, features, findings }. */
export function addRun(name, run) {
  const results = readResults();
  const before = results[name] ?? { since: commit(), cpuSeconds: 0, executions: 0, runs: 0, findings: 0 };
  results[name] = {
    ...before,
    until: commit(),
    cpuSeconds: Math.round(before.cpuSeconds + run.cpuSeconds),
    executions: before.executions + run.executions,
    runs: before.runs + 1,
    findings: before.findings + run.findings,
    covered: run.covered ?? before.covered,
    features: run.features ?? before.features,
  };
  fs.writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  writeTable(results);
}

/** The newest commit of main that is in what was run. */
function commit() {
  const base = execFileSync('git', ['merge-base', 'HEAD', 'main'], { cwd: folder }).toString().trim();
  return execFileSync('git', ['rev-parse', '--short', base], { cwd: folder }).toString().trim();
}

function writeTable(results) {
  const number = (value) => value.toLocaleString('en-US');
  const rows = targets.map(({ name, isNative }) => {
    const r = results[name];
    const corpus = fs.existsSync(path.join(folder, 'corpus', name)) ? fs.readdirSync(path.join(folder, 'corpus', name)).length : 0;
    if (!r) return `| ${name} | ${isNative ? 'C' : 'C#'} | 0 | 0 | - | - | ${corpus} | 0 | - |`;
    const covered = r.covered === undefined ? '-' : number(r.covered);
    return `| ${name} | ${isNative ? 'C' : 'C#'} | ${(r.cpuSeconds / 60).toFixed(1)} | ${number(r.executions)} | ${covered} | ${number(r.features ?? 0)} | ${corpus} | ${r.findings} | ${r.since}..${r.until} |`;
  });
  const total = Object.values(results).reduce((sum, r) => ({ cpu: sum.cpu + r.cpuSeconds, executions: sum.executions + r.executions }), { cpu: 0, executions: 0 });
  fs.writeFileSync(path.join(folder, 'RESULTS.md'), `# What the fuzzers have run

Written by \`make fuzz\`, which adds each run to the ones before; [README.md](README.md) says what each target is and what must hold.
${(total.cpu / 60).toFixed(0)} CPU minutes and ${number(total.executions)} executions in all. Commits are those at the first and the last run.

- **edges**: in C, edges of the instrumented code that were reached (the module's generated code is not instrumented). In C#, edges of all
  instrumented rooms that the whole corpus reaches.
- **features**: what libFuzzer tells apart: edges with how often they were taken and, in \`host\` and \`bbapi\`, ways in which requests end.
- **findings**: inputs for which something did not hold while fuzzing, false alarms included. What came of them: README.md.

| target | in | CPU minutes | executions | edges | features | corpus files | findings | commits |
|---|---|---:|---:|---:|---:|---:|---:|---|
${rows.join('\n')}
`);
}
