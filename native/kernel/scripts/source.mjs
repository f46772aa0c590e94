// The source: a Debian package that holds one archive, unpacked and patched.
import fs from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../scripts/cache.mjs';
import { BuildError, run } from '../../scripts/process.mjs';
import { definedSymbols } from './config.mjs';

export const sourcePackage = 'linux-source-6.12';
const archive = `/usr/src/${sourcePackage}.tar.xz`;

/** { package, version, sha256 } of the installed archive. */
export async function describeSource() {
  if (!fs.existsSync(archive)) throw missing(archive, sourcePackage);
  const version = await run('dpkg-query', ['-W', '-f', '${Version}', sourcePackage]);
  return { package: sourcePackage, version: version.toString('utf8'), sha256: sha256(fs.readFileSync(archive)) };
}

/** What is not unpacked: half of the files. In tar's patterns `*` matches `/` too; Kconfig files are needed everywhere. */
const leftOut = [
  'Documentation/*/*', 'tools/testing/*', 'arch/[!x]*/*.[chS]', 'arch/[!x]*/*.dts*', 'arch/xtensa/*.[chS]',
  ...['sound', 'drivers/gpu', 'drivers/media', 'drivers/staging', 'drivers/infiniband'].map((folder) => `${folder}/*.[ch]`),
];

/** Unpacks and patches the source into `directory`, and returns the tree's folder. */
export async function unpack(directory, patches) {
  await run('tar', ['-xf', archive, '-C', directory, '--no-same-owner', ...leftOut.map((pattern) => `--exclude=${sourcePackage}/${pattern}`)]);
  const tree = path.join(directory, sourcePackage);
  // Fuzz 0: what surrounds a change is what the change was reviewed with.
  for (const patch of patches) await run('patch', ['-d', tree, '-p1', '--fuzz=0', '--forward', '--batch', '-i', patch]);
  return tree;
}

/** When Debian made the source, or this version of it. */
export function sourceTime(tree) {
  return fs.statSync(path.join(tree, 'Makefile')).mtime;
}

export async function kernelVersion(tree, env) {
  return (await run('make', ['-s', '-C', tree, 'kernelversion'], { env })).toString('utf8').trim();
}

/** Every option that exists for x86. */
export function knownSymbols(tree) {
  const isKconfig = (name) => path.basename(name).startsWith('Kconfig') && !/^(arch\/(?!x86\/|Kconfig)|scripts\/|tools\/)/.test(name);
  const files = fs.readdirSync(tree, { recursive: true }).filter(isKconfig);
  return new Set(files.flatMap((name) => definedSymbols(fs.readFileSync(path.join(tree, name), 'utf8'))));
}

export function missing(what, debianPackage) {
  return new BuildError(`${what} is not there`, `install the Debian package ${debianPackage}: apt-get install ${debianPackage}`);
}
