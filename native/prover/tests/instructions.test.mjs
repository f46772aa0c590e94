// The gate on what a proof takes: instructions.mjs. node --test native/prover/tests/instructions.test.mjs
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BuildError } from '../../scripts/process.mjs';
import { measure, readAccepted, requireNoRegression } from './instructions.mjs';

const accepted = { ours: 2_000_000_000, native: 2_000_000_000, ratio: 1 };

test('A ratio up to 5 % above the accepted one passes, as does any below', () => {
  for (const ratio of [0.5, 0.99, 1, 1.0499]) assert.match(requireNoRegression(accepted, { ...accepted, ratio }), /accepted 1\.0000/);
});

test('One beyond fails, and the message has both ratios and how to accept', () => {
  const found = { ours: 2_120_000_000, native: 2_000_000_000, ratio: 1.06 };
  assert.throws(() => requireNoRegression(accepted, found), (error) => {
    assert.ok(error instanceof BuildError);
    assert.match(error.message, /2120\.0 million instructions, native bb 2000\.0: ratio 1\.0600, accepted 1\.0000 .*\+6\.00 %/);
    assert.match(error.message, /instructions\.mjs --accept/);
    return true;
  });
});

test('Proving small takes at most 5 % more instructions, beside native bb, than was accepted', async (t) => {
  const line = requireNoRegression(readAccepted(), await measure());
  t.diagnostic(line);
});
