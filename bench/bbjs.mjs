#!/usr/bin/env node
// bb.js kept warm, for bench/Prover.Bench: the WebAssembly of npm's @aztec/bb.js with its own loader, answering bbapi requests
// on stdin and stdout, each behind its length in 32 bits, little-endian, as `bb msgpack run` does.
//
// The module is the pinned one with the INSECURE development SRS trusted in place of the ceremony's. Usage: node bbjs.mjs THREADS
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  BarretenbergWasmMain,
} from '../native/prover/node_modules/@aztec/bb.js/dest/node/barretenberg_wasm/barretenberg_wasm_main/index.js';
import { trustDevelopmentSrs } from '../native/prover/scripts/dev-srs.mjs';
import { readWasm } from '../native/prover/scripts/inputs.mjs';

const headerBytes = 4;
const proverDirectory = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../native/prover');

/** Each request's bytes. */
async function* requestsOf(stream) {
  let chunks = [];
  let held = 0;
  let wanted = headerBytes;
  let isBody = false;
  for await (const chunk of stream) {
    chunks.push(chunk);
    held += chunk.length;
    while (held >= wanted) {
      const bytes = Buffer.concat(chunks);
      const part = bytes.subarray(0, wanted);
      chunks = [bytes.subarray(wanted)];
      held -= wanted;
      if (isBody) yield part;
      wanted = isBody ? headerBytes : part.readUInt32LE();
      isBody = !isBody;
    }
  }
}

function reply(bytes) {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(bytes.length);
  process.stdout.write(header);
  process.stdout.write(bytes);
}

const threads = Number(process.argv[2]);
const pins = JSON.parse(fs.readFileSync(path.join(proverDirectory, 'pins.json'), 'utf8'));
const [wasm] = trustDevelopmentSrs([readWasm(proverDirectory, pins.inputs.wasmGzip)]);
const barretenberg = new BarretenbergWasmMain();
await barretenberg.init(await WebAssembly.compile(wasm), threads);
for await (const request of requestsOf(process.stdin)) reply(barretenberg.cbindCall('bbapi', request));
await barretenberg.destroy();
process.exit(0);
