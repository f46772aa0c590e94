#!/usr/bin/env node
// Builds the enclave's kernel from Debian's source package with the options of kernel.fragment. README.md says why.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cacheRoot, completeDirectory, prune } from '../scripts/cache.mjs';
import { BuildError, run, runMain } from '../scripts/process.mjs';
import { Progress } from '../scripts/progress.mjs';
import { discardUnlessIntact, publish } from '../scripts/publish.mjs';
import { keyOfImage, makeImage } from './scripts/image.mjs';
import { describeSource, missing } from './scripts/source.mjs';

const kernelDirectory = import.meta.dirname;
const defaultOut = path.resolve(kernelDirectory, '../../out/kernel');
const usage = `usage: node native/kernel/build.mjs [--out DIR] [--quiet]   build into DIR (default: out/kernel)
environment: JOBS (default: all processors), INIT_CACHE (default: $XDG_CACHE_HOME/init or ~/.cache/init)
`;

// gcc and bfd, as AWS builds its kernels: clang's with lld have been reported not to start on Nitro (MystenLabs/hashi 789).
const tools = [
  { command: 'gcc', debianPackage: 'gcc' }, { command: 'ld.bfd', debianPackage: 'binutils' },
  { command: 'make', debianPackage: 'make' }, { command: 'flex', debianPackage: 'flex' },
  { command: 'bison', debianPackage: 'bison' }, { command: 'bc', debianPackage: 'bc' },
  { command: 'patch', debianPackage: 'patch' }, { command: 'xz', debianPackage: 'xz-utils' },
];
const header = { file: '/usr/include/gelf.h', debianPackage: 'libelf-dev' };

async function build({ out, quiet }) {
  const progress = new Progress('kernel', { quiet });
  const root = cacheRoot('kernel');
  fs.mkdirSync(root, { recursive: true });

  const versions = await progress.step('tools', checkTools, ({ gcc }) => gcc);
  const source = await progress.step('source', describeSource, ({ package: name, version }) => `${name} ${version}`);
  const key = keyOfImage({ kernelDirectory, source, versions });
  const directory = path.join(root, `image-${key}`);
  discardUnlessIntact(directory);
  const cached = await completeDirectory(directory, async (temporary) => {
    await makeImage({ directory: temporary, kernelDirectory, about: { source, tools: versions, key }, progress });
    if (keyOfImage({ kernelDirectory, source, versions }) !== key) throw new BuildError('a source file changed while it was compiled', 'build again');
  });
  const manifest = publish(directory, out);
  prune(root);

  progress.text(`bzImage: Linux ${manifest.kernelVersion}, ${(manifest.outputs.bzImage.bytes / 1e6).toFixed(2)} MB, built in ${manifest.buildSeconds} s`);
  progress.text(`${path.relative(process.cwd(), out) || '.'}: done in ${progress.wallSeconds.toFixed(1)} s, cache ${cached ? 'hit' : 'miss'}`);
}

/** Returns the version line of each tool. */
async function checkTools() {
  if (!fs.existsSync(header.file)) throw missing(header.file, header.debianPackage);
  const versionOf = async ({ command, debianPackage }) => {
    const output = await run(command, ['--version']).catch(() => { throw missing(command, debianPackage); });
    return [command, output.toString('utf8').split('\n')[0]];
  };
  return Object.fromEntries(await Promise.all(tools.map(versionOf)));
}

function parseCommandLine() {
  const options = { out: { type: 'string', default: defaultOut }, quiet: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new BuildError(error.message, 'see --help');
  }
}

await runMain('kernel', async () => {
  const options = parseCommandLine();
  if (options.help) process.stdout.write(usage);
  else await build({ out: path.resolve(options.out), quiet: options.quiet });
});
