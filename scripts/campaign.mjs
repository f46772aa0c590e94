#!/usr/bin/env node
// The fault campaign: every test of a failure mode (docs/reliability.md), then the loads of tests/Campaign.Tests. Ends with `N passed, N failed`.
// usage: scripts/campaign.mjs short|long|nightly. CAMPAIGN_SEED and the lengths below may be set from outside.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { failureModes, figuresPage, ofMode } from './campaign/figures.mjs';
import { dotnetTests, root } from './dotnet-tests.mjs';

const forms = {
  short: {},
  long: { CAMPAIGN_SOAK_S: '1800', CAMPAIGN_GUEST_SOAK_S: '1800', CAMPAIGN_CONSOLE_S: '600', CAMPAIGN_GUEST_CONNECTS: '10000' },
};
forms.nightly = { ...forms.long, CAMPAIGN_CONSOLE_S: '3600' };

const form = process.argv[2];
if (!Object.hasOwn(forms, form)) {
  console.error('campaign: error: usage: scripts/campaign.mjs short|long|nightly');
  process.exit(2);
}

const folder = path.join(root, 'out/campaign');
const document = path.join(root, 'docs/reliability.md');
const figures = path.join(folder, 'figures.jsonl');
const progress = path.join(folder, 'progress.log');
fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync(figures, '');
fs.writeFileSync(progress, '');
const seed = process.env.CAMPAIGN_SEED ?? String(Date.now() % 2 ** 31);
const environment = { ...forms[form], ...fromOutside(), CAMPAIGN_SEED: seed, CAMPAIGN_FIGURES: figures, CAMPAIGN_PROGRESS: progress };

console.log(`campaign: ${form}, seed ${seed}; leaves out/campaign/`);
const started = Date.now();
const watching = setInterval(showProgress, 500);
let shownBytes = 0;
const total = { passed: 0, failed: 0, skipped: 0 };
const tests = [];
const failures = [];
for (const suite of suites()) {
  console.log(`campaign: ${suite} ..`);
  const filter = suite === 'Campaign' ? undefined : 'Category=FailureMode';
  const counts = await dotnetTests(`tests/${suite}.Tests`, { filter, environment, results: path.join(folder, 'results') });
  showProgress();
  for (const key of Object.keys(total)) total[key] += counts[key];
  tests.push(...counts.tests);
  failures.push(...counts.failures);
  console.log(`campaign: ${suite}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
}

clearInterval(watching);
const results = resultsOf();
fs.writeFileSync(path.join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
if (form !== 'short' && total.failed === 0) {
  fs.writeFileSync(document, figuresPage(fs.readFileSync(document, 'utf8'), results));
  console.log('campaign: the figures are in docs/reliability.md');
}

for (const { name, said } of tests.filter(({ outcome }) => outcome === 'NotExecuted')) console.log(`campaign: ${name}: ${said}`);
for (const reason of failures) console.log(`campaign: failed: ${reason}`);
const untested = results.modes.filter(({ passed }) => passed === 0).map(({ number }) => number);
if (untested.length) console.log(`campaign: nothing was tested of the modes ${untested.join(', ')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);

// Projects that have a test of a failure mode, in the order of their names; the load last, which takes longest.
function suites() {
  const names = fs.readdirSync(path.join(root, 'tests')).filter((name) => name.endsWith('.Tests') && name !== 'Architecture.Tests');
  const tagged = names.filter((name) => sources(path.join(root, 'tests', name)).some((file) => fs.readFileSync(file, 'utf8').includes('[FailureMode(')));
  const others = tagged.map((name) => name.slice(0, -'.Tests'.length)).filter((name) => name !== 'Campaign');
  return [...others.sort(), 'Campaign'];
}

function sources(directory) {
  return fs.readdirSync(directory, { recursive: true }).filter((name) => name.endsWith('Tests.cs') && !/(^|\/)(bin|obj)\//.test(name)).map((name) => path.join(directory, name));
}

function fromOutside() {
  return Object.fromEntries(Object.keys(forms.long).filter((name) => process.env[name]).map((name) => [name, process.env[name]]));
}

// What tests say while they run: their own output is shown when they are done.
function showProgress() {
  const text = fs.readFileSync(progress, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  for (const line of text.slice(shownBytes, end).split('\n').slice(0, -1)) console.log(`campaign:   ${line}`);
  shownBytes = Math.max(shownBytes, end);
}

function resultsOf() {
  const said = fs.readFileSync(figures, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  return {
    form,
    seed,
    date: new Date(started).toISOString().slice(0, 10),
    minutes: Math.round((Date.now() - started) / 60_000),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    machine: `${os.cpus()[0].model.trim()}, ${os.cpus().length} processors, ${Math.round(os.totalmem() / 2 ** 30)} GiB, load ${os.loadavg()[1].toFixed(1)}`,
    lengths: Object.fromEntries(Object.entries(environment).filter(([name]) => Object.hasOwn(forms.long, name))),
    ...total,
    loads: said.filter(({ load }) => load),
    modes: failureModes(fs.readFileSync(document, 'utf8')).map((mode) => ofMode(mode, tests, said)),
  };
}
