// What was run, added up over all runs: fuzz/results.json. How much it reaches, as last measured: fuzz/coverage.json. Both for people: fuzz/RESULTS.md.
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { targets } from './targets.mjs';

const folder = path.join(import.meta.dirname, '..');
const runsFile = path.join(folder, 'results.json');
const coverageFile = path.join(folder, 'coverage.json');

function read(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
}

function write(file, content) {
  fs.writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  writeTable(read(runsFile), read(coverageFile));
}

/** How much CPU time a target has had in all its runs. */
export function cpuSecondsOf(name) {
  return read(runsFile)[name]?.cpuSeconds ?? 0;
}

/** What a target's corpora reach: { reached, total }. */
export function addCoverage(name, { reached, total }) {
  write(coverageFile, { ...read(coverageFile), [name]: { reached, total, at: commit() } });
}

/** Adds a run: { cpuSeconds, executions, features, findings }. */
export function addRun(name, run) {
  const results = read(runsFile);
  const before = results[name] ?? { since: commit(), cpuSeconds: 0, executions: 0, runs: 0, findings: 0 };
  results[name] = {
    ...before,
    until: commit(),
    cpuSeconds: Math.round(before.cpuSeconds + run.cpuSeconds),
    executions: before.executions + run.executions,
    runs: before.runs + 1,
    findings: before.findings + run.findings,
    features: run.features ?? before.features,
  };
  write(runsFile, results);
}

/** The newest commit of main that is in what was run. */
function commit() {
  const base = execFileSync('git', ['merge-base', 'HEAD', 'main'], { cwd: folder }).toString().trim();
  return execFileSync('git', ['rev-parse', '--short', base], { cwd: folder }).toString().trim();
}

function writeTable(results, coverage) {
  const number = (value) => value.toLocaleString('en-US');
  const rows = targets.map(({ name, isNative }) => {
    const r = results[name] ?? { cpuSeconds: 0, executions: 0, findings: 0 };
    const c = coverage[name];
    const corpus = fs.existsSync(path.join(folder, 'corpus', name)) ? fs.readdirSync(path.join(folder, 'corpus', name)).length : 0;
    const covered = c ? `${number(c.reached)} of ${number(c.total)} | ${((100 * c.reached) / c.total).toFixed(0)} %` : '- | -';
    const commits = r.since ? `${r.since}..${r.until}` : '-';
    return `| ${name} | ${isNative ? 'C' : 'C#'} | ${(r.cpuSeconds / 60).toFixed(1)} | ${number(r.executions)} | ${covered} | ${number(r.features ?? 0)} | ${corpus} | ${r.findings} | ${commits} |`;
  });
  const total = Object.values(results).reduce((sum, r) => ({ cpu: sum.cpu + r.cpuSeconds, executions: sum.executions + r.executions }), { cpu: 0, executions: 0 });
  fs.writeFileSync(path.join(folder, 'RESULTS.md'), `# What the fuzzers have run

Written by \`make fuzz\`, which adds each run to the ones before; [README.md](README.md) says what each target is and what must hold.
${(total.cpu / 60).toFixed(0)} CPU minutes and ${number(total.executions)} executions in all. Commits are those at the first and the last run.

- **reached**: by all that is in the corpora, committed and working, when it was last measured. In C, edges of all that is instrumented for
  the target: the files it is about, and its own code and oracle, which are more in some than what they test; the module's generated code
  is not instrumented. The branches that the sanitizers add count too, and those that report are never taken, so that all is out of
  reach. In C#, blocks of the types that the target is about (\`managed/Subjects.cs\`), and of nothing else: encoders and
  \`ToString\` in such a type count, though no input from outside leads there. A block is the beginning of a method, where a branch
  goes, or a handler. \`node fuzz/fuzz.mjs coverage\` measures it; it is no aim, and what stays unreached is to be looked at by name.
- **features**: what libFuzzer tells apart: edges with how often they were taken and, in \`host\` and \`bbapi\`, ways in which requests end.
- **findings**: inputs for which something did not hold while fuzzing, false alarms included. What came of them: README.md.

| target | in | CPU minutes | executions | reached | | features | corpus files | findings | commits |
|---|---|---:|---:|---:|---:|---:|---:|---:|---|
${rows.join('\n')}
`);
}
