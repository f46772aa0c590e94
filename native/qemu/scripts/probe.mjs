// A QEMU that is there already.
import fs from 'node:fs';
import path from 'node:path';
import { run } from '../../scripts/process.mjs';

export const program = 'qemu-system-x86_64';

/** Whether the output of `-M help` lists the machine. */
export const hasMachine = (help) => /^nitro-enclave\s/m.test(help);

/** "10.0.13" of the output of --version. */
export const versionOf = (output) => /\bversion (\d+(?:\.\d+)+)/.exec(output)?.[1];

/** { file, version } of the first QEMU on the search path, if it has the machine; null otherwise. */
export async function findQemu(searchPath = process.env.PATH) {
  const file = searchPath.split(':').filter(Boolean).map((folder) => path.join(folder, program)).find(isExecutable);
  return file ? describeQemu(file) : null;
}

export async function describeQemu(file) {
  try {
    const help = (await run(file, ['-M', 'help'])).toString('utf8');
    const version = versionOf((await run(file, ['--version'])).toString('utf8'));
    return hasMachine(help) && version ? { file, version } : null;
  } catch {
    return null; // it does not run: as good as none
  }
}

function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
