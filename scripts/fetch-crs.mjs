#!/usr/bin/env node
// The ceremony's points: fetches them from where bb does, or checks a folder that has them. Nothing that a pin does not cover
// is called good.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BuildError, runMain } from '../native/scripts/process.mjs';
import { Progress } from '../native/scripts/progress.mjs';
import { fetchG1, fetchG2 } from './crs/fetch.mjs';
import { checkFolder } from './crs/folder.mjs';
import { readPins } from './crs/pins.mjs';

const defaultSources = ['https://crs.aztec-cdn.foundation', 'https://crs.aztec-labs.com'];
const defaultPoints = 1 << 20;
const usage = `usage: scripts/fetch-crs.mjs --out DIR [--points N] [--source URL ..]   fetch N points (default: ${defaultPoints}) into DIR
       scripts/fetch-crs.mjs --check DIR [--unpinned allowed]           check the points in DIR
--source: folders of g1.dat and g2.dat on a server that serves ranges, tried in turn (default: ${defaultSources.join(', ')})
--timeout: seconds that one chunk may take (default: 120). An interrupted fetch goes on where it stopped.
--pins FILE: other pins than scripts/crs/pins.json, for tests.
`;

async function main() {
  const { values } = parseCommandLine();
  if (values.help) return process.stdout.write(usage);
  const progress = new Progress('crs', { quiet: values.quiet });
  const pins = readPins(values.pins);
  if (values.check !== undefined) return report(progress, checkFolder(values.check, pins, { unpinned: values.unpinned === 'allowed' }));
  if (values.out === undefined) throw new BuildError('neither --out nor --check', 'see --help', 2);

  const points = parsePoints(values.points, pins);
  const from = { out: values.out, sources: values.source ?? defaultSources, timeoutMs: values.timeout * 1000, pins };
  fs.mkdirSync(values.out, { recursive: true });
  await progress.step('g2', () => fetchG2(from));
  await progress.step('g1', () => fetchG1({ ...from, points, progress }));
  return report(progress, checkFolder(values.out, pins, { unpinned: false }));
}

function report(progress, { file, points, unpinned }) {
  const covered = unpinned === 0 ? 'all of them pinned' : `${unpinned} of them NOT covered by a pin`;
  progress.text(`${path.basename(file)}: ${points} points, ${covered}; init.crs_sha256=${sha256OfFile(file)}`);
}

function sha256OfFile(file) {
  const hash = crypto.createHash('sha256');
  const descriptor = fs.openSync(file);
  try {
    const block = Buffer.alloc(1 << 20);
    for (let read; (read = fs.readSync(descriptor, block)) > 0;) hash.update(block.subarray(0, read));
  } finally {
    fs.closeSync(descriptor);
  }
  return hash.digest('hex');
}

function parsePoints(text, { chunkPoints, g1Chunks }) {
  const points = Number(text);
  if (Number.isInteger(points) && points > 0 && points % chunkPoints === 0 && points / chunkPoints <= g1Chunks.length) return points;
  throw new BuildError(`--points ${text}: not a multiple of ${chunkPoints} up to ${chunkPoints * g1Chunks.length}`, 'a pin covers that many points at a time', 2);
}

function parseCommandLine() {
  const text = { type: 'string' };
  const options = {
    out: text, check: text, pins: text,
    points: { ...text, default: String(defaultPoints) }, unpinned: { ...text, default: 'refused' }, timeout: { ...text, default: '120' },
    source: { ...text, multiple: true }, quiet: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
  };
  try {
    const parsed = parseArgs({ options });
    if (!['allowed', 'refused'].includes(parsed.values.unpinned)) throw new Error(`--unpinned ${parsed.values.unpinned}: neither allowed nor refused`);
    if (!/^[1-9]\d{0,4}$/.test(parsed.values.timeout)) throw new Error(`--timeout ${parsed.values.timeout}: not a number of seconds`);
    return parsed;
  } catch (error) {
    throw new BuildError(error.message, 'see --help', 2);
  }
}

await runMain('crs', main);
