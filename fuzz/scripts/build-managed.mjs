// Builds fuzz/managed and instruments the rooms in two copies of it: SharpFuzz writes into the assemblies. One is fuzzed. In the other, which
// is slow, every block also says that it was reached: it tells how much of the code a corpus covers.
import fs from 'node:fs';
import path from 'node:path';
import { run } from '../../native/scripts/process.mjs';
import { buildDriver } from './build-native.mjs';

const root = path.join(import.meta.dirname, '../..');
const rooms = ['Init.Wire', 'Init.Nsm', 'Init.Sealing', 'Init.Prover', 'Init.Attestation', 'Init.Client', 'Init.Eif', 'init'];

/** Leaves the instrumented Init.Fuzz in `out`, and the other in `out`-blocks. */
export async function buildManaged(out) {
  const built = `${out}-plain`;
  await run('dotnet', ['build', 'fuzz/managed', '-c', 'Release', '-nodeReuse:false', '-v', 'quiet', '--nologo', '-o', built], { cwd: root });
  await run('dotnet', ['tool', 'restore', '-v', 'q'], { cwd: root });
  await instrument(built, out, {});
  await instrument(built, `${out}-blocks`, { SHARPFUZZ_ENABLE_ON_BRANCH_CALLBACK: '1' });
  await buildDriver(path.join(out, 'libfuzzer.so'));
}

async function instrument(built, out, environment) {
  fs.rmSync(out, { recursive: true, force: true });
  fs.cpSync(built, out, { recursive: true });
  for (const room of rooms) await run('dotnet', ['sharpfuzz', path.join(out, `${room}.dll`)], { cwd: root, env: { ...process.env, ...environment } });
}
