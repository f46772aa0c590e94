// A copy of the native `bb` that trusts the development SRS: for tests and benchmarks that compare with it.
import crypto from 'node:crypto';
import fs from 'node:fs';
import { occurrences, readAnchors } from './dev-srs.mjs';
import { BuildError } from '../../scripts/process.mjs';

const coordinateBytes = 32;

// The Translator's constants are text in bb: "0x" and 64 digits. Its initializer copies 64 characters from the data and
// has the last two as an immediate in the code, at these offsets in this bb and no other.
const immediates = {
  bbSha256: 'c3a4a1125d99953694ab6a7f09e368db5525c368b372e63c3eb7bda4cc5697d5',
  at: { translatorX: 0xa6d679, translatorY: 0xa6da2f, translatorHash: 0xa6d279 },
};
const immediateCharacters = 2;

/** Returns `bb` with each of the ceremony's constants replaced. */
export function patchBb(bb, anchors = readAnchors()) {
  const patched = Buffer.from(bb);
  replaceSrs(patched, anchors);
  replaceTranslator(patched, anchors, crypto.createHash('sha256').update(bb).digest('hex'));
  return patched;
}

/** The compiler laid out x and y of tau*G1 apart. */
function replaceSrs(patched, { ceremony, development }) {
  const replacements = {
    'tau*G1, x': [firstCoordinate(ceremony), firstCoordinate(development)],
    'tau*G1, y': [secondCoordinate(ceremony), secondCoordinate(development)],
    'G2 point': [bytesOf(ceremony.g2), bytesOf(development.g2)],
    'SHA-256 of the G2 point': [bytesOf(ceremony.g2Sha256), bytesOf(development.g2Sha256)],
  };
  for (const [what, [from, to]] of Object.entries(replacements)) {
    const places = occurrences(patched, from);
    if (places.length === 0) throw new BuildError(`native bb: the ceremony's ${what} not found`);
    for (const at of places) to.copy(patched, at);
  }
}

function replaceTranslator(patched, { ceremony, development }, bbSha256) {
  if (bbSha256 !== immediates.bbSha256) {
    throw new BuildError(`native bb: SHA-256 ${bbSha256}, but the Translator's constants were located in ${immediates.bbSha256}`,
      'find the three immediates again (scripts/patch-bb.mjs)');
  }
  for (const [name, at] of Object.entries(immediates.at)) {
    const [from, to] = [ceremony, development].map((constants) => Buffer.from(constants[name], 'latin1'));
    const [fromEnd, toEnd] = [from, to].map((text) => text.subarray(-immediateCharacters));
    const places = occurrences(patched, from);
    if (places.length !== 1) throw new BuildError(`native bb: ${name} occurs ${places.length} times, expected 1`);
    if (!patched.subarray(at, at + immediateCharacters).equals(fromEnd)) throw new BuildError(`native bb: no end of ${name} at ${at}`);
    to.copy(patched, places[0]);
    toEnd.copy(patched, at);
  }
}

const bytesOf = (hexadecimal) => Buffer.from(hexadecimal, 'hex');
const firstCoordinate = ({ tauG1 }) => bytesOf(tauG1).subarray(0, coordinateBytes);
const secondCoordinate = ({ tauG1 }) => bytesOf(tauG1).subarray(coordinateBytes);

export function writePatchedBb(bb, file) {
  fs.writeFileSync(file, patchBb(bb), { mode: 0o755 });
}
