#!/usr/bin/env node
// Counts the instructions of one proof of tests/circuits/small on one thread, ours and native bb's, with valgrind's callgrind, and
// compares their ratio with the one in instructions.json: times on a shared machine vary by tens of percent, these counts by 0.02.
// Ours is the path of BMI2 and ADX: valgrind has no AVX-512. A proof's instructions are those of a process that
// gets the reference string and proves, less those of one that gets the reference string and does nothing.
//
//   node native/prover/tests/instructions.mjs              fails when the ratio is more than 5 % above the accepted one
//   node native/prover/tests/instructions.mjs --accept     measures and accepts what comes out: commit instructions.json
//
// Needs `make native test-inputs` and Debian's valgrind.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import { BuildError, runMain } from '../../scripts/process.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const proverDirectory = path.dirname(here);
const root = path.resolve(proverDirectory, '../..');
const baselinePath = path.join(here, 'instructions.json');
const tolerance = 0.05;
// More than the 2^12 of the circuit needs, and few enough that reading them is not what is counted.
const srsPoints = 8193;

/** What a run found, beside what was accepted. */
export function compare(accepted, found) {
  const change = found.ratio / accepted.ratio - 1;
  const percent = `${change < 0 ? '' : '+'}${(100 * change).toFixed(2)} %`;
  const line = `small, 1 thread, ADX: ${million(found.ours)} million instructions, native bb ${million(found.native)}: ratio ${found.ratio.toFixed(4)}, ` +
    `accepted ${accepted.ratio.toFixed(4)} (${million(accepted.ours)} to ${million(accepted.native)}), ${percent}`;
  return { regressed: change > tolerance, line };
}

/** The same as an error, which says what to do. */
export function requireNoRegression(accepted, found) {
  const { regressed, line } = compare(accepted, found);
  if (!regressed) return line;
  throw new BuildError(
    `proving takes more instructions than accepted, beyond ${100 * tolerance} %\n  ${line}\n` +
      '  where that is meant: node native/prover/tests/instructions.mjs --accept, and commit instructions.json with the reason',
  );
}

const million = (count) => (count / 1e6).toFixed(1);

export const readAccepted = () => JSON.parse(fs.readFileSync(baselinePath, 'utf8'));

/** Counts. `library` is the archive that trusts the development SRS. */
export async function measure({ library = path.join(root, 'out/native/libprover-dev-srs.a'), srs = path.join(root, 'out/test/dev-srs') } = {}) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'prover-instructions-'));
  try {
    const ours = [compileDriver(library, scratch), 'adx'];
    const native = [print('--print-bb-dev-srs'), 'msgpack', 'run'];
    const inputs = writeInputs({ scratch, srs, ours });
    const environment = { ...process.env, HARDWARE_CONCURRENCY: '1', CRS_PATH: srs };
    const difference = async (command) => {
      const idle = await count(command, inputs.idle, environment, 'Blake2sResponse');
      return await count(command, inputs.prove, environment, 'CircuitProveResponse') - idle;
    };
    const [oursCount, nativeCount] = await Promise.all([difference(ours), difference(native)]);
    return { ours: oursCount, native: nativeCount, ratio: Number((oursCount / nativeCount).toFixed(4)) };
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
}

const print = (what) => execFileSync(process.execPath, [path.join(proverDirectory, 'build.mjs'), what], { encoding: 'utf8' }).trim();

function compileDriver(library, scratch) {
  const { clang } = JSON.parse(fs.readFileSync(path.join(proverDirectory, 'pins.json'), 'utf8')).tools;
  const program = path.join(scratch, 'framed_prover');
  execFileSync(clang.command, [
    '-O2', '-Wall', '-Wextra', '-Werror', '-march=x86-64-v3', '-Iinclude', '-Iarithmetic', 'tests/framed_prover.c', library,
    '-lm', '-pthread', '-fuse-ld=lld', '-o', program,
  ], { cwd: proverDirectory, stdio: ['ignore', 'inherit', 'inherit'] });
  return program;
}

/** Files of requests: the reference string and the smallest command there is; the reference string and a proof. */
function writeInputs({ scratch, srs, ours }) {
  const { Encoder, Decoder } = createRequire(path.join(proverDirectory, 'package.json'))('msgpackr'); // bb.js needs it too
  const frame = (name, fields) => {
    const request = new Encoder({ useRecords: false }).pack([[name, fields]]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(request.length);
    return Buffer.concat([length, request]);
  };
  const write = (name, ...frames) => {
    const file = path.join(scratch, name);
    fs.writeFileSync(file, Buffer.concat(frames));
    return file;
  };
  const folder = path.join(root, 'tests/circuits/small');
  const { bytecode: base64 } = JSON.parse(fs.readFileSync(path.join(folder, 'prog.json'), 'utf8'));
  const bytecode = zlib.gunzipSync(Buffer.from(base64, 'base64'));
  const witness = zlib.gunzipSync(fs.readFileSync(path.join(folder, 'witness.gz')));
  const settings = { ipa_accumulation: false, oracle_hash_type: 'poseidon2', disable_zk: false, optimized_solidity_verifier: false };
  const load = frame('SrsInitSrs', {
    points_buf: fs.readFileSync(path.join(srs, 'bn254_g1.dat')).subarray(0, 64 * srsPoints), num_points: srsPoints,
    g2_point: fs.readFileSync(path.join(srs, 'bn254_g2.dat')),
  });
  const computeKey = write('key', load, frame('CircuitComputeVk', { circuit: { name: 'small', bytecode }, settings }));
  const replies = execFileSync(ours[0], ours.slice(1), { input: fs.readFileSync(computeKey), maxBuffer: 1 << 24 });
  const [, { bytes: key }] = new Decoder({ useRecords: false }).unpack(replies.subarray(8 + replies.readUInt32LE(0)));
  return {
    idle: write('idle', load, frame('Blake2s', { data: Buffer.alloc(0) })),
    prove: write('prove', load, frame('CircuitProve', { circuit: { name: 'small', bytecode, verification_key: key }, witness, settings })),
  };
}

/** Instructions of a program's whole run, whose replies have to contain a name. */
function count([program, ...args], input, environment, expected) {
  return new Promise((resolve, reject) => {
    const requests = fs.openSync(input, 'r');
    const child = spawn('valgrind', ['--tool=callgrind', '--callgrind-out-file=/dev/null', program, ...args], {
      env: environment, stdio: [requests, 'pipe', 'pipe'],
    });
    fs.closeSync(requests);
    const replies = [];
    let said = '';
    child.stdout.on('data', (chunk) => replies.push(chunk));
    child.stderr.on('data', (chunk) => { said += chunk; });
    child.on('error', (error) => reject(new BuildError(`valgrind: ${error.message}`, 'scripts/setup.sh installs it')));
    child.on('close', (code) => {
      const collected = /Collected : (\d+)/.exec(said)?.[1];
      const answered = Buffer.concat(replies).includes(expected);
      if (code === 0 && collected !== undefined && answered) resolve(Number(collected));
      else reject(new BuildError(`valgrind ${program}: exit code ${code}, ${answered ? '' : 'no '}${expected}\n${said.slice(-2000)}`));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain('instructions', async () => {
    const found = await measure();
    if (process.argv.includes('--accept')) {
      const before = fs.existsSync(baselinePath) ? readAccepted() : found;
      fs.writeFileSync(baselinePath, `${JSON.stringify(found, null, 2)}\n`);
      console.log(`instructions: accepted: ${compare(before, found).line}`);
    } else {
      console.log(`instructions: ${requireNoRegression(readAccepted(), found)}`);
    }
  });
}
