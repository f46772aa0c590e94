// Builds fuzz/managed and instruments the rooms in a copy of it: SharpFuzz writes into the assemblies.
import fs from 'node:fs';
import path from 'node:path';
import { run } from '../../native/scripts/process.mjs';
import { buildDriver } from './build-native.mjs';

const root = path.join(import.meta.dirname, '../..');
const rooms = ['Init.Wire', 'Init.Nsm', 'Init.Sealing', 'Init.Prover', 'Init.Attestation', 'Init.Client', 'Init.Eif', 'init'];

/** Leaves the instrumented Init.Fuzz in `out`. */
export async function buildManaged(out) {
  const built = `${out}-plain`;
  await run('dotnet', ['build', 'fuzz/managed', '-c', 'Release', '-nodeReuse:false', '-v', 'quiet', '--nologo', '-o', built], { cwd: root });
  await run('dotnet', ['tool', 'restore', '-v', 'q'], { cwd: root });
  fs.rmSync(out, { recursive: true, force: true });
  fs.cpSync(built, out, { recursive: true });
  for (const room of rooms) await run('dotnet', ['sharpfuzz', path.join(out, `${room}.dll`)], { cwd: root });
  await buildDriver(path.join(out, 'libfuzzer.so'));
}
