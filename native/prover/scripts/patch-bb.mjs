// A copy of the native `bb` that trusts the development SRS: for tests and benchmarks that compare with it.
import fs from 'node:fs';
import { occurrences, readAnchors } from './dev-srs.mjs';
import { BuildError } from './process.mjs';

const coordinateBytes = 32;

/** Returns `bb` with each of the ceremony's constants replaced. The compiler laid out x and y of tau*G1 apart. */
export function patchBb(bb, { ceremony, development } = readAnchors()) {
  const replacements = {
    'tau*G1, x': [firstCoordinate(ceremony), firstCoordinate(development)],
    'tau*G1, y': [secondCoordinate(ceremony), secondCoordinate(development)],
    'G2 point': [bytesOf(ceremony.g2), bytesOf(development.g2)],
    'SHA-256 of the G2 point': [bytesOf(ceremony.g2Sha256), bytesOf(development.g2Sha256)],
  };
  const patched = Buffer.from(bb);
  for (const [what, [from, to]] of Object.entries(replacements)) {
    const places = occurrences(patched, from);
    if (places.length === 0) throw new BuildError(`native bb: the ceremony's ${what} not found`);
    for (const at of places) to.copy(patched, at);
  }
  return patched;
}

const bytesOf = (hexadecimal) => Buffer.from(hexadecimal, 'hex');
const firstCoordinate = ({ tauG1 }) => bytesOf(tauG1).subarray(0, coordinateBytes);
const secondCoordinate = ({ tauG1 }) => bytesOf(tauG1).subarray(coordinateBytes);

export function writePatchedBb(bb, file) {
  fs.writeFileSync(file, patchBb(bb), { mode: 0o755 });
}
