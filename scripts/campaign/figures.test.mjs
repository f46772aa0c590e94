import assert from 'node:assert/strict';
import test from 'node:test';
import { failureModes, figuresPage, marker, ofMode, shortName } from './figures.mjs';

const page = `# R\n\n| # | failure mode | promised | tested by |\n|---|---|---|---|\n| 1 | A | it holds | \`T.One\`, \`T.Two\` |\n| 2 | B | too | \`U.Three\` |\n\n## Last\n\n${marker}\nstale\n`;
const tests = [
  { name: 'Init.X.T.One', outcome: 'Passed', seconds: 1.5 },
  { name: 'Init.X.T.Two(text: "a.b(c)")', outcome: 'Passed', seconds: 2 },
  { name: 'Init.X.T.Two(text: "d")', outcome: 'Failed', seconds: 1 },
  { name: 'Init.X.U.Three', outcome: 'NotExecuted', seconds: 0 },
];

test('a row is a mode and its tests', () => assert.deepEqual(failureModes(page), [
  { number: 1, name: 'A', tests: ['T.One', 'T.Two'] }, { number: 2, name: 'B', tests: ['U.Three'] },
]));

test('the cases of a theory are counted one by one and a skipped test is not a passed one', () => {
  const [first, second] = failureModes(page).map((mode) => ofMode(mode, tests, [{ mode: 1, text: '7 of 7' }, { mode: 2, text: '' }, { load: 'x', text: 'y' }]));
  assert.deepEqual(first, { number: 1, name: 'A', passed: 2, failed: 1, skipped: 0, seconds: 4.5, figures: ['7 of 7'] });
  assert.equal(second.passed, 0);
  assert.equal(second.skipped, 1);
});

test('a name in a test\'s arguments is not its name', () => assert.equal(shortName('Init.A.Tests.B.C(x: "D.E")'), 'B.C'));

test('the figures replace what was behind the marker and nothing before it', () => {
  const modes = failureModes(page).map((mode) => ofMode(mode, tests, []));
  const results = { date: 'd', commit: 'c', form: 'long', lengths: {}, seed: '1', minutes: 2, passed: 1, failed: 0, skipped: 0, machine: 'm', loads: [{ load: 'x', text: 'y' }], modes };
  const written = figuresPage(page, results);
  assert.ok(written.startsWith(page.slice(0, page.indexOf(marker) + marker.length)));
  assert.ok(!written.includes('stale'));
  assert.match(written, /^\| x \| y \|$/m);
  assert.match(written, /^\| 1 \| A \| 2 passed, 1 failed \| 4\.5 \| {2}\|$/m);
  assert.equal(figuresPage(written, results), written);
  assert.deepEqual(failureModes(written), failureModes(page));
});
