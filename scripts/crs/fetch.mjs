// Fetches the points a chunk at a time, by HTTP byte range. A chunk is kept once it is the pinned one, so that an interrupted
// fetch goes on behind the last of them. The server is trusted with nothing: not the length, not the range, not another address.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BuildError } from '../../native/scripts/process.mjs';
import { checkG2, g1Name, g2Name } from './folder.mjs';
import { faultOf, pointBytes } from './points.mjs';

const g2Bytes = 128;
const rounds = 3;
const pauseMs = 1000;

export async function fetchG2({ out, sources, timeoutMs, pins }) {
  const file = path.join(out, g2Name);
  if (fs.existsSync(file)) return checkG2(fs.readFileSync(file), file, pins);
  const bytes = await fetchChecked({ sources, timeoutMs, name: 'g2.dat', offset: 0, length: g2Bytes }, (received) => checkG2(received, 'g2.dat', pins));
  return fs.writeFileSync(file, bytes);
}

export async function fetchG1({ out, points, sources, timeoutMs, pins, progress }) {
  const file = path.join(out, g1Name);
  const part = `${file}.part`;
  const chunkBytes = pins.chunkPoints * pointBytes;
  if (fs.existsSync(file)) {
    if (fs.statSync(file).size === points * pointBytes) return; // the caller checks what is there
    throw new BuildError(`fetch ${file}: it is there with ${fs.statSync(file).size / pointBytes} points`, 'remove it, or choose another folder');
  }
  const descriptor = fs.openSync(part, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o644);
  try {
    const count = points / pins.chunkPoints;
    const started = performance.now();
    for (let chunk = goodChunks(descriptor, chunkBytes, count, pins); chunk < count; chunk++) {
      const check = (received) => {
        const fault = faultOf(received, pins.g1Chunks[chunk]);
        if (fault) throw new BuildError(`chunk ${chunk}: ${fault}`);
      };
      const bytes = await fetchChecked({ sources, timeoutMs, name: 'g1.dat', offset: chunk * chunkBytes, length: chunkBytes }, check);
      fs.writeSync(descriptor, bytes, 0, bytes.length, chunk * chunkBytes);
      progress.longStep('g1', started, `${chunk + 1} of ${count} chunks`);
    }
    fs.ftruncateSync(descriptor, points * pointBytes);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  fs.renameSync(part, file);
}

/** How many chunks at the beginning of a file that was left unfinished are good. */
function goodChunks(descriptor, chunkBytes, count, pins) {
  const bytes = Buffer.alloc(chunkBytes);
  for (let chunk = 0; chunk < count; chunk++) {
    const read = fs.readSync(descriptor, bytes, 0, chunkBytes, chunk * chunkBytes);
    if (read < chunkBytes || faultOf(bytes, pins.g1Chunks[chunk])) return chunk;
  }
  return count;
}

/** Asks each source in turn, a few times, until one gives what `check` does not throw at. */
async function fetchChecked({ sources, timeoutMs, name, offset, length }, check) {
  const faults = [];
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await sleep(pauseMs * round);
    for (const source of sources) {
      const url = `${source.replace(/\/$/, '')}/${name}`;
      try {
        const bytes = await fetchRange(url, offset, length, timeoutMs);
        check(bytes);
        return bytes;
      } catch (error) {
        faults.push(`fetch ${url} from ${offset}: ${error.cause?.code ?? error.message}`);
      }
    }
  }
  throw new BuildError([...new Set(faults)].join('\n'), 'points from elsewhere can be checked: scripts/fetch-crs.mjs --check DIR');
}

async function fetchRange(url, offset, length, timeoutMs) {
  const range = `${offset}-${offset + length - 1}`;
  const response = await fetch(url, {
    headers: { range: `bytes=${range}`, 'accept-encoding': 'identity' },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  try {
    if (response.status !== 206) throw new BuildError(`status ${response.status} instead of 206 (a part)`);
    const given = response.headers.get('content-range') ?? 'no range';
    if (!given.startsWith(`bytes ${range}/`)) throw new BuildError(`${given} instead of bytes ${range}`);
    return await readExactly(response.body, length);
  } finally {
    await response.body?.cancel().catch(() => {}); // the rest of a body that nobody asked for
  }
}

async function readExactly(body, length) {
  const bytes = Buffer.alloc(length);
  let received = 0;
  for await (const piece of body) {
    if (received + piece.length > length) throw new BuildError(`more than ${length} bytes`);
    bytes.set(piece, received);
    received += piece.length;
  }
  if (received !== length) throw new BuildError(`${received} of ${length} bytes`);
  return bytes;
}
