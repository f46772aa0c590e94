// The build's inputs: npm packages from the lock file, each used file checked against pins.json.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { sha256 } from '../../scripts/cache.mjs';
import { BuildError, run } from '../../scripts/process.mjs';

/** Runs npm when node_modules is missing or older than the lock file. No package's install script runs. */
export async function installPackages(proverDirectory) {
  const modified = (name) => fs.statSync(path.join(proverDirectory, name), { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
  // npm writes node_modules/.package-lock.json when it has finished.
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return false;
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: proverDirectory });
  return true;
}

export function inputPath(proverDirectory, { package: packageName, file }) {
  return path.join(proverDirectory, 'node_modules', packageName, file);
}

/** Reads an input and returns its bytes if they are the pinned ones. */
export function readInput(proverDirectory, pin) {
  const file = inputPath(proverDirectory, pin);
  if (!fs.existsSync(file)) throw new BuildError(`${file} is not there`, 'run npm ci in native/prover');
  const bytes = fs.readFileSync(file);
  expectSha256(bytes, pin.sha256, file);
  return bytes;
}

/** Barretenberg's WebAssembly module. */
export function readWasm(proverDirectory, pin) {
  const bytes = zlib.gunzipSync(readInput(proverDirectory, pin));
  expectSha256(bytes, pin.gunzippedSha256, `${inputPath(proverDirectory, pin)}, gunzipped`);
  return bytes;
}

export function expectSha256(bytes, expected, what) {
  const found = sha256(bytes);
  if (found !== expected) {
    throw new BuildError(
      `${what}: SHA-256 differs from pins.json\n  expected ${expected}\n  found    ${found}`,
      'delete native/prover/node_modules and build again; if it stays, the package is not the one this project was reviewed with',
    );
  }
}
