// A folder with bn254_g1.dat and bn254_g2.dat, as bb keeps them in ~/.bb-crs.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { BuildError } from '../../native/scripts/process.mjs';
import { faultOf, pointBytes } from './points.mjs';

export const g1Name = 'bn254_g1.dat';
export const g2Name = 'bn254_g2.dat';

/**
 * Checks both files against the pins. A last part of a chunk has no pin: that is a failure unless `unpinned`. Returns the file of
 * the points, how many there are, and how many no pin covers.
 */
export function checkFolder(folder, pins, { unpinned }) {
  checkG2(read(path.join(folder, g2Name)), path.join(folder, g2Name), pins);
  const file = path.join(folder, g1Name);
  const g1 = read(file);
  if (g1.length === 0 || g1.length % pointBytes !== 0) throw new BuildError(`check ${file}: ${g1.length} bytes are not a number of points`);

  const chunkBytes = pins.chunkPoints * pointBytes;
  const whole = Math.min(Math.floor(g1.length / chunkBytes), pins.g1Chunks.length);
  for (let chunk = 0; chunk < whole; chunk++) {
    const fault = faultOf(g1.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes), pins.g1Chunks[chunk]);
    if (fault) throw new BuildError(`check ${file}: chunk ${chunk}: ${fault}`, 'these are not the ceremony\'s points');
  }
  const points = g1.length / pointBytes;
  const uncovered = points - whole * pins.chunkPoints;
  if (uncovered > 0 && !unpinned) {
    throw new BuildError(`check ${file}: ${uncovered} of ${points} points have no pin`, `a multiple of ${pins.chunkPoints} points has; or --unpinned allowed, to take the folder's word`);
  }
  return { file, points, unpinned: uncovered };
}

export function checkG2(bytes, name, pins) {
  if (crypto.createHash('sha256').update(bytes).digest('hex') !== pins.g2) throw new BuildError(`check ${name}: its SHA-256 is not the pinned one`);
}

function read(file) {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new BuildError(`read ${file}: ${error.code}`, `a folder with ${g1Name} and ${g2Name} is needed`);
  }
}
