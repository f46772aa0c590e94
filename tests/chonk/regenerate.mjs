// Makes the files of circuits/ and proof.msgpack again. See README.md.
//   node regenerate.mjs <node_modules> <bb as published> <bb that trusts the development SRS> <development SRS> <scratch>
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { FIRST_32768_SHA256, grumpkinPoints } from './grumpkin.mjs';
import { CEREMONY, hashOfPoint, translatorConstants } from './translator.mjs';

const [modules, publishedBb, devBb, srs, scratch] = process.argv.slice(2).map((a) => path.resolve(a));
const require = createRequire(path.join(modules, 'any.js'));
const { Encoder, Decoder } = require('msgpackr');
const { compile, createFileManager } = require('@noir-lang/noir_wasm');
const { Noir } = require('@noir-lang/noir_js');

const TAU = 0xfedcba98765432101234567890abcdefn; // tests/DevSrs
const CHAIN = ['app', 'kernel_init', 'kernel_tail', 'hiding'];
const GRUMPKIN_POINTS = 1 << 15;
// Where this bb, and no other, builds its copies of the constants: the last two of 66 characters are in the instruction.
const BB_SHA256 = 'c3a4a1125d99953694ab6a7f09e368db5525c368b372e63c3eb7bda4cc5697d5';
const LAST_TWO_CHARACTERS_AT = { x: 0xa6d679, y: 0xa6da2f, hash: 0xa6d279 };

const folder = (name) => fileURLToPath(new URL(`circuits/${name}/`, import.meta.url));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
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

/** A copy of bb that trusts the development SRS for Chonk too. */
async function patchBb() {
  if (sha256(fs.readFileSync(publishedBb)) !== BB_SHA256) throw new Error('another bb: find its instructions again');
  const bb = new Bb(publishedBb);
  const ceremonyHash = await hashOfPoint(BigInt('0x' + CEREMONY.x), BigInt('0x' + CEREMONY.y), bb.poseidon2);
  if (ceremonyHash !== CEREMONY.hash) throw new Error('the hash of the ceremony\'s commitment is made in another way');
  const development = await translatorConstants(TAU, bb.poseidon2);
  bb.end();
  console.log('Translator, development SRS:', development);
  const bytes = fs.readFileSync(devBb);
  for (const [name, text] of Object.entries(CEREMONY)) {
    const at = bytes.indexOf(text);
    const last = LAST_TWO_CHARACTERS_AT[name];
    const found = bytes.toString('latin1', last, last + 2);
    if (at < 0 || bytes.indexOf(text, at + 1) >= 0 || found !== text.slice(62)) throw new Error(`${name}: not as expected`);
    bytes.write(development[name], at, 'latin1');
    bytes.write(development[name].slice(62), last, 'latin1');
  }
  const program = path.join(scratch, 'bb-chonk');
  fs.writeFileSync(program, bytes, { mode: 0o755 });
  return program;
}

async function compileCircuit(name) {
  const { program } = await compile(createFileManager(folder(name)));
  fs.writeFileSync(folder(name) + 'bytecode.gz', Buffer.from(program.bytecode, 'base64'));
  return { program, bytecode: zlib.gunzipSync(Buffer.from(program.bytecode, 'base64')) };
}

fs.mkdirSync(scratch, { recursive: true });
const grumpkin = grumpkinPoints(GRUMPKIN_POINTS);
if (sha256(grumpkin) !== FIRST_32768_SHA256) throw new Error('Grumpkin points differ from Barretenberg\'s');
fs.writeFileSync(path.join(scratch, 'grumpkin_g1_v2.flat.dat'), grumpkin);

const bb = new Bb(await patchBb());
await bb.call('SrsInitGrumpkinSrs', { points_buf: grumpkin, num_points: GRUMPKIN_POINTS });
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
