// Makes the files of circuits/ and proof.msgpack again. See README.md.
//   node tests/chonk/regenerate.mjs <node_modules with noir_wasm, noir_js and msgpackr>
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { execFileSync, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(path.resolve(process.argv[2], 'any.js'));
const { Encoder, Decoder } = require('msgpackr');
const { compile, createFileManager } = require('@noir-lang/noir_wasm');
const { Noir } = require('@noir-lang/noir_js');

const fromRoot = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const srs = fromRoot('out/test/dev-srs'); // make test-inputs
const devBb = execFileSync(process.execPath, [fromRoot('native/prover/build.mjs'), '--print-bb-dev-srs']).toString().trim();
const CHAIN = ['app', 'kernel_init', 'kernel_tail', 'hiding'];

const folder = (name) => fileURLToPath(new URL(`circuits/${name}/`, import.meta.url));
const hex = (bytes) => '0x' + Buffer.from(bytes).toString('hex');

class Bb {
  #reply = Buffer.alloc(0);
  #waiting = null;

  constructor(program) {
    const environment = { ...process.env, CRS_PATH: srs, HARDWARE_CONCURRENCY: '2' };
    this.process = spawn(program, ['msgpack', 'run'], { env: environment, stdio: ['pipe', 'pipe', 'ignore'] });
    this.process.stdout.on('data', (chunk) => this.#receive(chunk));
    this.process.on('exit', (code, signal) => this.#waiting?.reject(new Error(`bb ended: ${code ?? signal}`)));
  }

  async call(name, fields) {
    const request = new Encoder({ useRecords: false }).pack([[name, fields]]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(request.length);
    this.process.stdin.write(Buffer.concat([length, request]));
    const reply = await new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
    const [replyName, content] = new Decoder({ useRecords: false }).unpack(reply);
    if (replyName !== `${name}Response`) throw new Error(`${name}: ${content.message}`);
    return content;
  }

  poseidon2 = async (inputs) => (await this.call('Poseidon2Hash', { inputs })).hash;

  end() {
    this.process.stdin.end();
  }

  #receive(chunk) {
    this.#reply = Buffer.concat([this.#reply, chunk]);
    if (this.#reply.length < 4 || this.#reply.length < 4 + this.#reply.readUInt32LE()) return;
    const reply = this.#reply.subarray(4);
    this.#reply = Buffer.alloc(0);
    this.#waiting.resolve(reply);
  }
}

async function compileCircuit(name) {
  const { program } = await compile(createFileManager(folder(name)));
  fs.writeFileSync(folder(name) + 'bytecode.gz', Buffer.from(program.bytecode, 'base64'));
  return { program, bytecode: zlib.gunzipSync(Buffer.from(program.bytecode, 'base64')) };
}

const bb = new Bb(devBb);
const circuits = {};
for (const name of CHAIN) {
  const circuit = (circuits[name] = await compileCircuit(name));
  const fields = { circuit: { name, bytecode: circuit.bytecode }, use_zk_flavor: name === 'hiding' };
  const vk = await bb.call('ChonkComputeVk', fields);
  circuit.vk = vk.bytes;
  circuit.asInput = { vk: vk.fields.map(hex), vk_hash: hex(await bb.poseidon2(vk.fields)) };
  fs.writeFileSync(folder(name) + 'vk', vk.bytes);
}

const keyOf = (name, as) => ({ [`${as}_vk`]: circuits[name].asInput.vk, [`${as}_vk_hash`]: circuits[name].asInput.vk_hash });
const inputs = {
  app: { x: 3 },
  kernel_init: { app_result: [3, 9], ...keyOf('app', 'app') },
  kernel_tail: { previous: [12, 1], ...keyOf('kernel_init', 'kernel') },
  hiding: { previous: [13, 1], ...keyOf('kernel_tail', 'kernel') },
};
await bb.call('ChonkStart', { num_circuits: CHAIN.length });
for (const name of CHAIN) {
  const { program, bytecode, vk } = circuits[name];
  const { witness } = await new Noir(program).execute(inputs[name]);
  fs.writeFileSync(folder(name) + 'witness.gz', witness);
  await bb.call('ChonkLoad', { circuit: { name, bytecode, verification_key: vk } });
  await bb.call('ChonkAccumulate', { witness: zlib.gunzipSync(witness) });
}
const { proof } = await bb.call('ChonkProve', {});
const { valid } = await bb.call('ChonkVerify', { proof, vk: circuits.hiding.vk });
bb.end();
if (!valid) throw new Error('the proof does not verify');
fs.writeFileSync(new URL('proof.msgpack', import.meta.url), new Encoder({ useRecords: false }).pack(proof));
console.log('verified');
