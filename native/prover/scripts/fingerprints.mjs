// Finds functions of the module by what they do, not by their number, which the next version changes.
//
// A fingerprint is the SHA-256 of a function's type and of its instructions without what they point at: no function,
// global or type numbers, no offsets, no constants. So it says what kind of code stands there; that it is the code meant
// is what the differential tests are for, and pins.json's hash of the whole module.
import { createHash } from 'node:crypto';
import { readBodies, readFunctionTypes, readImports, readTypes, walkBody } from './wasm.mjs';
import { BuildError } from '../../scripts/process.mjs';

/** [{ index, fingerprint }] of all functions that have a body. */
export function fingerprintsOf(module) {
  const imported = readImports(module).filter((entry) => entry.kind === 'function').length;
  const types = readTypes(module);
  const typeOf = readFunctionTypes(module);
  return readBodies(module).map((body, position) => {
    const hash = createHash('sha256').update(JSON.stringify(types[typeOf[position]]));
    walkBody(module.bytes, body, (opcode, start, end, subOpcode) => hash.update(`;${opcode}.${subOpcode ?? ''}`));
    return { index: imported + position, fingerprint: hash.digest('hex') };
  });
}

/** The index of each function in `wanted`, a map from name to fingerprint; each must occur exactly once. */
export function findFunctions(module, wanted) {
  const all = fingerprintsOf(module);
  return Object.fromEntries(Object.entries(wanted).map(([name, fingerprint]) => {
    const found = all.filter((entry) => entry.fingerprint === fingerprint);
    if (found.length !== 1) {
      throw new BuildError(
        `${found.length} functions of the module have the fingerprint of ${name}`,
        'arithmetic/functions.json has a function\'s fingerprint; BUILDING.md, "Moving to another Barretenberg"',
      );
    }
    return [name, found[0].index];
  }));
}
