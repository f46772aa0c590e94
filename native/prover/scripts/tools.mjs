// Checks that the Debian packages are there. Installing them is the work of the setup at the repository's top.
import fs from 'node:fs';
import { BuildError, run } from '../../scripts/process.mjs';

/** Returns the version line of each tool: { clang, lld, .. }. */
export async function checkTools({ tools, headers }) {
  for (const { file, debianPackage } of Object.values(headers)) {
    if (!fs.existsSync(file)) throw missing(file, debianPackage);
  }
  const versions = await Promise.all(Object.entries(tools).map(async ([name, tool]) => [name, await versionOf(tool)]));
  return Object.fromEntries(versions);
}

async function versionOf({ command, debianPackage, major }) {
  const output = await run(command, ['--version']).catch(() => {
    throw missing(command, debianPackage);
  });
  // "Debian clang version 19.1.7 (..)", "Debian LLD 19.1.7 (..)", and for the llvm tools on their second line
  // "  Debian LLVM version 19.1.7".
  const line = output.toString('utf8').split('\n').find((text) => /\b\d+\.\d+\.\d+/.test(text))?.trim() ?? '';
  const found = /\b(\d+)\.\d+\.\d+/.exec(line)?.[1];
  if (Number(found) !== major) throw new BuildError(`${command}: expected version ${major}, found "${line}"`);
  return line;
}

function missing(what, debianPackage) {
  return new BuildError(`${what} is not there`, `install the Debian package ${debianPackage}: apt-get install ${debianPackage}`);
}
