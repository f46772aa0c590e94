// Tests of the ceremony's points: what is fetched from a server that lies, what a folder may hold, and whose pins they are.
// node --test scripts/crs/crs.test.mjs
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readPins } from './pins.mjs';
import { compress } from './points.mjs';

const root = path.join(import.meta.dirname, '../..');
const vectors = path.join(process.env.INIT_VECTORS ?? path.join(root, '../shared/vectors'), 'crs');
const bb = path.join(root, 'native/prover/node_modules/@aztec/bb.js/build/amd64-linux/bb');
const pointBytes = 64;
const chunkPoints = 16;
const chunkBytes = chunkPoints * pointBytes;
const chunks = 4;
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');

let directory;
let pinsFile;
let folders = 0;
const folder = () => {
  const made = path.join(directory, String(folders++));
  fs.mkdirSync(made);
  return made;
};
after(() => fs.rmSync(directory, { recursive: true }));

const g1 = somePoints(chunks * chunkPoints);
const g2 = crypto.createHash('shake256', { outputLength: 128 }).update('g2').digest();
const pins = {
  chunkPoints,
  g2: sha256(g2),
  g1Chunks: Array.from({ length: chunks }, (_, chunk) => sha256(compress(g1.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes)))),
};
before(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'init-crs-'));
  pinsFile = path.join(directory, 'pins.json');
  fs.writeFileSync(pinsFile, JSON.stringify(pins));
});

describe('The pins', () => {
  test('They are the ones of bb 5.0.0, in its own order', { skip: fs.existsSync(bb) ? false : 'skipped: no bb: make native' }, () => {
    const { g1Chunks, g2: pinOfG2, chunkPoints: points } = readPins();
    const binary = fs.readFileSync(bb);
    assert.equal(points, 131_072);
    assert.equal(g1Chunks.length, 128);
    assert.ok(binary.includes(Buffer.from(g1Chunks.join(''), 'hex')));
    assert.ok(binary.includes(Buffer.from(pinOfG2, 'hex')));
  });

  test('The compressed form is the one that bb unpacks', { skip: missing(bb) || missing(path.join(vectors, 'bn254_g1.dat')) }, () => {
    const crs = folder();
    const ceremony = fs.readFileSync(path.join(vectors, 'bn254_g1.dat'));
    fs.writeFileSync(path.join(crs, 'bn254_g1_compressed.dat'), compress(ceremony));
    fs.copyFileSync(path.join(vectors, 'bn254_g2.dat'), path.join(crs, 'bn254_g2.dat'));
    const tiny = path.join(root, 'tests/circuits/tiny');
    const { status, stderr } = spawnSync(bb, [
      'prove', '-b', path.join(tiny, 'prog.json'), '-w', path.join(tiny, 'witness.gz'), '-o', crs, '--write_vk',
    ], { env: { ...process.env, CRS_PATH: crs }, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const unpacked = fs.readFileSync(path.join(crs, 'bn254_g1.dat'));
    assert.ok(unpacked.length >= 2 * pointBytes);
    assert.ok(unpacked.equals(ceremony.subarray(0, unpacked.length)));
  });

  test('The ceremony\'s G2 point is the pinned one', { skip: missing(path.join(vectors, 'bn254_g2.dat')) }, () => {
    assert.equal(sha256(fs.readFileSync(path.join(vectors, 'bn254_g2.dat'))), readPins().g2);
  });
});

describe('A folder', { concurrency: true }, () => {
  test('Its points are good when every chunk is the pinned one', async () => {
    assert.match(await expectOk('--check', crsOf(g1)), new RegExp(`${chunks * chunkPoints} points, all of them pinned; init\\.crs_sha256=${sha256(g1)}`));
  });

  test('One wrong byte in x is found', async () => {
    await expectFailure(/chunk 2: its SHA-256 is not the pinned one/, '--check', crsOf(changed(g1, 2 * chunkBytes + 5)));
  });

  test('Another y with the same lowest bit has the pinned hash, and is found all the same', async () => {
    const wrong = changed(g1, chunkBytes + 40);
    assert.equal(sha256(compress(wrong.subarray(chunkBytes, 2 * chunkBytes))), pins.g1Chunks[1]);
    await expectFailure(/chunk 1: point 0 of it is not on the curve/, '--check', crsOf(wrong));
  });

  test('The other root, and coordinates beyond the modulus, are found', async () => {
    const p = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;
    const point = Buffer.from(g1.subarray(0, pointBytes));
    const y = BigInt(`0x${point.toString('hex', 32)}`);
    const withY = (value) => Buffer.concat([point.subarray(0, 32), Buffer.from(value.toString(16).padStart(64, '0'), 'hex'), g1.subarray(pointBytes)]);
    await expectFailure(/chunk 0: its SHA-256/, '--check', crsOf(withY(p - y)));
    await expectFailure(/chunk 0: point 0 of it is not on the curve/, '--check', crsOf(withY(y + 2n * p)));
  });

  test('Points that no pin covers are refused, unless they are allowed and said', async () => {
    const more = crsOf(g1.subarray(0, chunkBytes + 3 * pointBytes));
    await expectFailure(/3 of 19 points have no pin/, '--check', more);
    assert.match(await expectOk('--check', more, '--unpinned', 'allowed'), /19 points, 3 of them NOT covered by a pin/);
  });

  test('Another G2 point, half a point, no points and no folder are refused', async () => {
    await expectFailure(/bn254_g2\.dat: its SHA-256 is not the pinned one/, '--check', crsOf(g1, changed(g2, 0)));
    await expectFailure(/1023 bytes are not a number of points/, '--check', crsOf(g1.subarray(0, chunkBytes - 1)));
    await expectFailure(/0 bytes are not a number of points/, '--check', crsOf(Buffer.alloc(0)));
    await expectFailure(/read .*bn254_g2\.dat: ENOENT/, '--check', path.join(directory, 'none'));
  });
});

describe('A fetch', { concurrency: true }, () => {
  test('It asks for one range after the other and leaves both files', async () => {
    const server = await serve();
    const out = folder();
    assert.match(await fetchCrs(out, [server]), /64 points, all of them pinned/);
    assert.deepEqual(server.ranges, ['g2.dat 0-127', 'g1.dat 0-1023', 'g1.dat 1024-2047', 'g1.dat 2048-3071', 'g1.dat 3072-4095']);
    assert.deepEqual(fs.readdirSync(out).sort(), ['bn254_g1.dat', 'bn254_g2.dat']);
    assert.ok(fs.readFileSync(path.join(out, 'bn254_g1.dat')).equals(g1));
  });

  test('Fewer points are asked for when fewer are wanted', async () => {
    const server = await serve();
    const out = folder();
    await fetchCrs(out, [server], '--points', String(2 * chunkPoints));
    assert.ok(fs.readFileSync(path.join(out, 'bn254_g1.dat')).equals(g1.subarray(0, 2 * chunkBytes)));
  });

  const lies = {
    'answers with fewer bytes': [(response, part) => response.end(part.subarray(1)), /1023 of 1024 bytes/],
    'answers with more bytes': [(response, part) => { response.write(part); response.end('x'); }, /more than 1024 bytes/],
    'breaks off': [(response, part) => { response.write(part.subarray(0, 100)); setTimeout(() => response.destroy(), 50); }, /terminated|UND_ERR_SOCKET|ECONNRESET/],
    'answers with other bytes': [(response, part) => response.end(changed(part, 7)), /chunk 1: its SHA-256 is not the pinned one/],
    'says nothing': [() => {}, /timeout/],
  };
  for (const [lie, [body, expected]] of Object.entries(lies)) {
    test(`A server that ${lie} is refused, and leaves no file`, async () => {
      const server = await serve({ lie: (response, part, range) => { response.writeHead(206, range); body(response, part); } });
      await expectNothingFrom(server, expected);
    });
  }

  test('A server that ignores the range is refused, and leaves no file', async () => {
    await expectNothingFrom(await serve({ lie: (response) => { response.writeHead(200); response.end(g1); } }), /status 200 instead of 206/);
  });

  test('A server that gives another range is refused, and leaves no file', async () => {
    const server = await serve({ lie: (response, part) => { response.writeHead(206, { 'content-range': `bytes 0-1023/${g1.length}` }); response.end(part); } });
    await expectNothingFrom(server, /bytes 0-1023\/4096 instead of bytes 1024-2047/);
  });

  test('A redirection is refused, and not followed', async () => {
    const honest = await serve();
    const server = await serve({ lie: (response) => { response.writeHead(302, { location: `${honest.url}/g1.dat` }); response.end(); } });
    await expectNothingFrom(server, /status 302 instead of 206/);
    assert.deepEqual(honest.ranges, []);
  });

  test('What one server does not give the next one is asked for', async () => {
    const liar = await serve({ lie: (response, part, range) => { response.writeHead(206, range); response.end(changed(part, 0)); } });
    const honest = await serve();
    const out = folder();
    await fetchCrs(out, [liar, honest]);
    assert.deepEqual(honest.ranges, ['g1.dat 1024-2047']);
    assert.ok(fs.readFileSync(path.join(out, 'bn254_g1.dat')).equals(g1));
  });

  test('An interrupted one goes on behind its last good chunk', async () => {
    const out = folder();
    const part = path.join(out, 'bn254_g1.dat.part');
    fs.writeFileSync(part, Buffer.concat([g1.subarray(0, chunkBytes), changed(g1.subarray(chunkBytes, 2 * chunkBytes), 3), g1.subarray(2 * chunkBytes, 2 * chunkBytes + 9)]));
    const server = await serve();
    await fetchCrs(out, [server]);
    assert.deepEqual(server.ranges.slice(1), ['g1.dat 1024-2047', 'g1.dat 2048-3071', 'g1.dat 3072-4095']);
    assert.ok(fs.readFileSync(path.join(out, 'bn254_g1.dat')).equals(g1));
    assert.ok(!fs.existsSync(part));
  });

  test('A folder that is complete is checked and asked of nobody', async () => {
    const server = await serve();
    await fetchCrs(crsOf(g1), [server]);
    assert.deepEqual(server.ranges, []);
    const server2 = await serve();
    await expectFailure(/chunk 0: its SHA-256 is not the pinned one/, '--out', crsOf(changed(g1, 1)), '--points', String(chunks * chunkPoints), '--source', server2.url);
    await expectFailure(/it is there with 16 points/, '--out', crsOf(g1.subarray(0, chunkBytes)), '--points', String(chunks * chunkPoints), '--source', server2.url);
  });

  test('A number of points that pins do not cover whole is refused before anything is asked', async () => {
    for (const points of ['0', '15', '17', '80', '-16', '1e99', 'x', '']) {
      const result = await run('--out', folder(), `--points=${points}`, '--source', 'http://127.0.0.1:1');
      assert.equal(result.code, 2, points);
      assert.match(result.stderr, /not a multiple of 16 up to 64/, points);
    }
  });
});

function crsOf(points, pointOfG2 = g2) {
  const made = folder();
  fs.writeFileSync(path.join(made, 'bn254_g1.dat'), points);
  fs.writeFileSync(path.join(made, 'bn254_g2.dat'), pointOfG2);
  return made;
}

function missing(file) {
  return fs.existsSync(file) ? false : `skipped: no ${path.basename(file)}`;
}

function changed(bytes, offset) {
  const copy = Buffer.from(bytes);
  copy[offset] ^= 1;
  return copy;
}

/** Multiples of (1, 2), as bn254_g1.dat has points. */
function somePoints(count) {
  const p = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;
  const mod = (value) => ((value % p) + p) % p;
  const inverse = (value) => {
    let [a, b, x, y] = [mod(value), p, 1n, 0n];
    while (a > 1n) [a, b, x, y] = [b % a, a, y - (b / a) * x, x];
    return a === 1n ? mod(x) : mod(y);
  };
  let [x, y] = [1n, 2n];
  const points = [[x, y]];
  while (points.length < count) {
    const slope = points.length === 1 ? 3n * x * x * inverse(2n * y) : (y - 2n) * inverse(x - 1n);
    const nextX = mod(slope * slope - x - 1n);
    [x, y] = [nextX, mod(slope * (1n - nextX) - 2n)];
    points.push([x, y]);
  }
  return Buffer.from(points.flat().map((value) => value.toString(16).padStart(64, '0')).join(''), 'hex');
}

/** A server of g1.dat and g2.dat; `lie(response, part, headers)` answers for the second chunk of g1.dat. */
async function serve({ lie } = {}) {
  const ranges = [];
  const server = http.createServer((request, response) => {
    const name = request.url.slice(1);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range).map(Number);
    const file = { 'g1.dat': g1, 'g2.dat': g2 }[name];
    ranges.push(`${name} ${first}-${last}`);
    const part = file.subarray(first, last + 1);
    const headers = { 'content-range': `bytes ${first}-${last}/${file.length}` };
    if (lie && name === 'g1.dat' && first === chunkBytes) return lie(response, part, headers);
    response.writeHead(206, headers);
    return response.end(part);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => { server.closeAllConnections(); server.close(); });
  return { url: `http://127.0.0.1:${server.address().port}`, ranges };
}

async function expectNothingFrom(server, expected) {
  const out = folder();
  await expectFailure(expected, '--out', out, '--points', String(chunks * chunkPoints), '--source', server.url, '--timeout', '1');
  assert.ok(!fs.existsSync(path.join(out, 'bn254_g1.dat')));
}

function fetchCrs(out, servers, ...more) {
  return expectOk('--out', out, '--points', String(chunks * chunkPoints), ...servers.flatMap(({ url }) => ['--source', url]), ...more);
}

async function expectOk(...args) {
  const { code, stdout, stderr } = await run(...args);
  assert.equal(code, 0, stderr);
  return stdout;
}

async function expectFailure(message, ...args) {
  const { code, stdout, stderr } = await run(...args);
  assert.equal(code, 1, stdout);
  assert.match(stderr, message);
  assert.doesNotMatch(stderr, /\n +at /); // an expected failure, not a stack trace
}

async function run(...args) {
  const child = spawn(process.execPath, [path.join(root, 'scripts/fetch-crs.mjs'), '--pins', pinsFile, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const collect = async (stream) => Buffer.concat(await stream.toArray()).toString('utf8');
  const [stdout, stderr, [code]] = await Promise.all([collect(child.stdout), collect(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}
