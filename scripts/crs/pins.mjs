// What the points must be. The pins are bb 5.0.0's own; crs.test.mjs finds them in the pinned bb.
import fs from 'node:fs';
import path from 'node:path';

export const pinsFile = path.join(import.meta.dirname, 'pins.json');

/** { chunkPoints, g1Chunks: [SHA-256 of each chunk's compressed points], g2: SHA-256 of bn254_g2.dat } */
export function readPins(file = pinsFile) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
