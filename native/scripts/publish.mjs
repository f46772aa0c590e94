// A build's outputs: files under names that may have folders, and manifest.json, which describes them.
import fs from 'node:fs';
import path from 'node:path';
import { sha256, temporaryName } from './cache.mjs';

const manifestName = 'manifest.json';

/** { name: { bytes, sha256 } } of the named files. */
export function describeOutputs(directory, names) {
  return Object.fromEntries(names.map((name) => {
    const bytes = fs.readFileSync(path.join(directory, name));
    return [name, { bytes: bytes.length, sha256: sha256(bytes) }];
  }));
}

/** `manifest.outputs` is what describeOutputs returns. */
export function writeManifest(directory, manifest) {
  fs.writeFileSync(path.join(directory, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
}

export function readManifest(directory) {
  return JSON.parse(fs.readFileSync(path.join(directory, manifestName), 'utf8'));
}

/** Whether cached outputs still are what they were when they were made. */
export function isIntact(directory) {
  return Object.entries(readManifest(directory).outputs).every(([name, { sha256: expected }]) => {
    const file = path.join(directory, name);
    return fs.existsSync(file) && sha256(fs.readFileSync(file)) === expected;
  });
}

/** Deletes a cached folder that is damaged, so that it is made again. */
export function discardUnlessIntact(directory) {
  if (fs.existsSync(directory) && !isIntact(directory)) fs.rmSync(directory, { recursive: true });
}

/** Copies to `out` what differs there, so that an unchanged file keeps its time of modification. Returns the manifest. */
export function publish(directory, out) {
  const manifest = readManifest(directory);
  for (const name of [...Object.keys(manifest.outputs), manifestName]) copyIfDifferent(path.join(directory, name), path.join(out, name));
  return manifest;
}

function copyIfDifferent(source, target) {
  // lstat: a link to the same content is not the file.
  if (fs.lstatSync(target, { throwIfNoEntry: false })?.isFile() && fs.readFileSync(target).equals(fs.readFileSync(source))) return;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.copyFileSync(source, temporaryName(target));
  fs.renameSync(temporaryName(target), target);
}
