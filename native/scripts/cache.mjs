// Build results outside the checkout, each in a folder named after a hash of everything that went into it.
//
// A folder under its final name is complete (it was renamed there), except that of the prover's objects, which fills up
// file by file so that an interrupted build goes on where it stopped; a file under its final name is complete in any case.
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export function cacheRoot(component, environment = process.env) {
  const base = environment.INIT_CACHE || path.join(environment.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'init');
  return path.resolve(base, component);
}

export const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');

const keyDigits = 32;

/** Hashes named parts, each a string or bytes. Lengths are hashed too, so that parts cannot run into each other. */
export function keyOf(parts) {
  const hash = crypto.createHash('sha256');
  for (const [name, content] of Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const bytes = Buffer.from(content);
    hash.update(`${name.length}:${name}${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex').slice(0, keyDigits);
}

/** The contents of the given files by their path relative to `base`, for keyOf. */
export function contentsOf(base, files) {
  return Object.fromEntries(files.map((file) => [file, fs.readFileSync(path.join(base, file))]));
}

export function temporaryName(target) {
  return `${target}.${process.pid}.tmp`;
}

/** Makes the folder `target` with `fill(directory)` unless it is there; returns whether it was. */
export async function completeDirectory(target, fill) {
  if (fs.existsSync(target)) {
    touch(target);
    return true;
  }
  const temporary = temporaryName(target);
  fs.rmSync(temporary, { recursive: true, force: true });
  fs.mkdirSync(temporary, { recursive: true });
  try {
    await fill(temporary);
    moveUnlessThere(temporary, target);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
  return false;
}

/** Another build of the same key may have been faster; its result is as good. */
export function moveUnlessThere(temporary, target) {
  try {
    fs.renameSync(temporary, target);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
}

export function writeAtomically(file, content) {
  fs.writeFileSync(temporaryName(file), content);
  fs.renameSync(temporaryName(file), file);
}

/** Marks a folder as used now, for prune(). */
export function touch(directory) {
  const now = new Date();
  fs.utimesSync(directory, now, now);
}

const keptOfEachKind = 3;
const keptForMs = 60 * 60 * 1000; // a folder this young may be in use by a build that runs now

/**
 * Deletes the folders that have not been used for longest, and what interrupted builds have left. Kinds are told apart by
 * the name's part before the '-'.
 */
export function prune(root, now = Date.now()) {
  const used = (name) => fs.statSync(path.join(root, name), { throwIfNoEntry: false })?.mtimeMs; // undefined: gone meanwhile
  const folders = fs.readdirSync(root).map((name) => ({ name, used: used(name) })).filter((folder) => folder.used);
  const unused = folders.filter(({ name, used: time }) => now - time > keptForMs && !isBeingMade(name));
  for (const kind of new Set(folders.map(kindOf))) {
    const kept = folders.filter((folder) => kindOf(folder) === kind).sort((a, b) => b.used - a.used).slice(0, keptOf(kind));
    for (const folder of unused) {
      if (kindOf(folder) === kind && !kept.includes(folder)) fs.rmSync(path.join(root, folder.name), { recursive: true, force: true });
    }
  }
}

const kindOf = ({ name }) => (name.endsWith('.tmp') ? 'tmp' : name.split('-')[0]);
const keptOf = (kind) => (kind === 'tmp' ? 0 : keptOfEachKind);

/** Whether the name is temporaryName()'s of a process that runs. */
function isBeingMade(name) {
  const [, pid] = /\.(\d+)\.tmp$/.exec(name) ?? [];
  return pid !== undefined && fs.existsSync(`/proc/${pid}`);
}
