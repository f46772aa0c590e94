// Tests of what the builds of native/ share.
// node --test native/scripts/scripts.test.mjs
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { cacheRoot, completeDirectory, keyOf, prune } from './cache.mjs';
import { BuildError, jobCount, run } from './process.mjs';
import { Progress } from './progress.mjs';
import { describeOutputs, discardUnlessIntact, publish, writeManifest } from './publish.mjs';

let scratch;

before(() => { scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'native-scripts-test-')); });
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

describe('The cache', () => {
  test('A key depends on every part, and parts cannot run into each other', () => {
    const keys = [{ a: 'x', b: 'y' }, { a: 'x', b: 'z' }, { a: 'xy', b: '' }, { a: '', b: 'xy' }, { ax: '', b: 'y' }].map(keyOf);
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(keyOf({ a: 'x', b: 'y' }), keyOf({ b: 'y', a: 'x' }));
  });

  test('A folder whose making fails is not there afterwards', async () => {
    const target = path.join(scratch, 'folder');
    await assert.rejects(completeDirectory(target, async () => Promise.reject(new Error('no'))), /no/);
    assert.ok(!fs.existsSync(target));
    const fill = async (directory) => fs.writeFileSync(path.join(directory, 'file'), 'text');
    assert.equal(await completeDirectory(target, fill), false);
    assert.equal(await completeDirectory(target, fill), true);
    assert.deepEqual(fs.readdirSync(scratch).filter((name) => name.endsWith('.tmp')), []);
  });

  test('Of each kind the three newest folders stay, and all that are younger than an hour', () => {
    const root = fs.mkdtempSync(path.join(scratch, 'cache-'));
    const now = Date.now();
    const make = (name, hours) => {
      fs.mkdirSync(path.join(root, name));
      const time = new Date(now - hours * 3_600_000);
      fs.utimesSync(path.join(root, name), time, time);
    };
    for (let hours = 2; hours < 7; hours++) make(`objects-${hours}`, hours);
    for (let index = 0; index < 5; index++) make(`bb-${index}`, 0.5);
    prune(root, now);
    assert.deepEqual(fs.readdirSync(root).sort(), ['bb-0', 'bb-1', 'bb-2', 'bb-3', 'bb-4', 'objects-2', 'objects-3', 'objects-4']);
  });

  test('What an interrupted build has left goes after an hour, unless the build still runs', () => {
    const root = fs.mkdtempSync(path.join(scratch, 'cache-'));
    const now = Date.now();
    const noProcess = 2 ** 22 + 1; // above the largest pid_max
    for (const [name, hours] of [[`image-a.${noProcess}.tmp`, 2], [`image-b.${noProcess}.tmp`, 0.5], [`image-c.${process.pid}.tmp`, 2]]) {
      fs.mkdirSync(path.join(root, name));
      fs.utimesSync(path.join(root, name), new Date(now), new Date(now - hours * 3_600_000));
    }
    prune(root, now);
    assert.deepEqual(fs.readdirSync(root).sort(), [`image-b.${noProcess}.tmp`, `image-c.${process.pid}.tmp`]);
  });

  test('INIT_CACHE, then XDG_CACHE_HOME, says where it is', () => {
    assert.equal(cacheRoot('prover', { INIT_CACHE: '/i', XDG_CACHE_HOME: '/x' }), '/i/prover');
    assert.equal(cacheRoot('prover', { XDG_CACHE_HOME: '/x' }), '/x/init/prover');
    assert.equal(cacheRoot('prover', {}), path.join(os.homedir(), '.cache/init/prover'));
  });
});

describe('Programs', () => {
  test('The number of jobs comes from JOBS', () => {
    assert.equal(jobCount({ JOBS: '3' }), 3);
    assert.equal(jobCount({}), os.availableParallelism());
    for (const wrong of ['0', '-1', 'two', '1000', '1.5']) assert.throws(() => jobCount({ JOBS: wrong }), /not a number of jobs/);
  });

  test('A program gets the environment it is given and nothing else', async () => {
    assert.equal((await run('/usr/bin/env', [], { env: { ONLY: 'this' } })).toString(), 'ONLY=this\n');
  });

  test('The output arrives while the program runs, and whole at its end', async () => {
    const chunks = [];
    const output = await run('/bin/sh', ['-c', 'echo one; echo two'], { onOutput: (chunk) => chunks.push(chunk) });
    assert.equal(Buffer.concat(chunks).toString(), 'one\ntwo\n');
    assert.equal(output.toString(), 'one\ntwo\n');
  });

  test('A failure says the program, its exit code and what it wrote', async () => {
    await assert.rejects(run('/bin/sh', ['-c', 'echo why >&2; exit 3']), (error) =>
      error instanceof BuildError && /exit code 3/.test(error.message) && /why/.test(error.message));
    await assert.rejects(run('/no/such/program', []), /run \/no\/such\/program: .*ENOENT/);
  });

  test('A build that fails as expected shows error, hint and exit code, and no stack trace', () => {
    const script = `import { BuildError, runMain } from '${path.join(import.meta.dirname, 'process.mjs')}';
      await runMain('part', async () => { throw new BuildError('no source', 'get one', 3); });`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    assert.equal(status, 3);
    assert.equal(stderr, 'part: error: no source\npart: hint: get one\n');
  });
});

describe('Progress', () => {
  test('Each line begins with the component\'s name, and a long step shows once in ten seconds', async () => {
    const lines = [];
    const progress = new Progress('part', { quiet: false, write: (line) => lines.push(line) });
    assert.equal(await progress.step('step', async () => 5, (result) => `made ${result}`), 5);
    for (let index = 0; index < 3; index++) progress.longStep('long', performance.now(), 'half');
    assert.equal(lines.length, 2);
    assert.match(lines[0], /^part: step +\d+\.\d s  made 5\n$/);
    assert.match(lines[1], /^part: +long +\d+\.\d s  half\n$/);
  });
});

describe('Publishing', () => {
  /** A cached folder with a program in a folder, and its manifest. */
  function makeOutputs(name) {
    const directory = path.join(scratch, name);
    fs.mkdirSync(path.join(directory, 'bin'), { recursive: true });
    fs.writeFileSync(path.join(directory, 'bin/program'), 'content', { mode: 0o755 });
    writeManifest(directory, { outputs: describeOutputs(directory, ['bin/program']) });
    return directory;
  }

  test('Files keep their folders and modes, and unchanged ones their times', () => {
    const out = path.join(scratch, 'out');
    const directory = makeOutputs('published');
    const program = path.join(out, 'bin/program');
    assert.equal(publish(directory, out).outputs['bin/program'].bytes, 7);
    assert.equal(fs.statSync(program).mode & 0o777, 0o755);
    fs.utimesSync(program, 1, 1);
    publish(directory, out);
    assert.equal(fs.statSync(program).mtimeMs, 1000);
    fs.writeFileSync(program, 'altered');
    publish(directory, out);
    assert.equal(fs.readFileSync(program, 'utf8'), 'content');
  });

  test('A cached folder with an altered or missing file is discarded', () => {
    const intact = makeOutputs('intact');
    discardUnlessIntact(intact);
    assert.ok(fs.existsSync(intact));
    const altered = makeOutputs('altered');
    fs.writeFileSync(path.join(altered, 'bin/program'), 'contents');
    const missing = makeOutputs('missing');
    fs.rmSync(path.join(missing, 'bin/program'));
    for (const directory of [altered, missing]) {
      discardUnlessIntact(directory);
      assert.ok(!fs.existsSync(directory));
    }
  });
});
