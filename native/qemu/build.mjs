#!/usr/bin/env node
// Finds or builds a QEMU that has the machine nitro-enclave. README.md says why.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cacheRoot, completeDirectory, prune, temporaryName } from '../scripts/cache.mjs';
import { BuildError, run, runMain } from '../scripts/process.mjs';
import { Progress } from '../scripts/progress.mjs';
import { discardUnlessIntact, publish, writeManifest } from '../scripts/publish.mjs';
import { exitUnavailable } from './scripts/apt.mjs';
import { keyOfQemu, makeQemu } from './scripts/compile.mjs';
import { findQemu, program } from './scripts/probe.mjs';

const qemuDirectory = import.meta.dirname;
const defaultOut = path.resolve(qemuDirectory, '../../out/qemu');
const suite = 'trixie'; // QEMU 10.0; the machine is there since 9.2
const usage = `usage: node native/qemu/build.mjs [--out DIR] [--from-source] [--quiet]   into DIR (default: out/qemu)
       --from-source   build even if the QEMU on PATH has the machine
environment: JOBS (default: all processors), INIT_CACHE (default: $XDG_CACHE_HOME/init or ~/.cache/init)
exit code: ${exitUnavailable} if there is neither such a QEMU nor its source
`;

async function build({ out, quiet, fromSource }) {
  const progress = new Progress('qemu', { quiet });
  const found = fromSource ? null : await progress.step('PATH', () => findQemu(), (qemu) => qemu?.file ?? 'no QEMU with the machine nitro-enclave');
  if (found) return publishFound(found, out, progress);

  const root = cacheRoot('qemu');
  fs.mkdirSync(root, { recursive: true });
  const tools = { gcc: firstLine(await run('gcc', ['--version'])) };
  const key = keyOfQemu({ qemuDirectory, suite, tools });
  const directory = path.join(root, `qemu-${key}`);
  discardUnlessIntact(directory);
  const cached = await completeDirectory(directory, (temporary) => makeQemu({ directory: temporary, qemuDirectory, suite, about: { tools, key }, progress }));
  const manifest = publish(directory, out);
  prune(root);

  progress.text(`${program}: ${manifest.version}, ${(manifest.outputs[`bin/${program}`].bytes / 1e6).toFixed(1)} MB, built in ${manifest.buildSeconds} s`);
  progress.text(`${path.relative(process.cwd(), out) || '.'}: done in ${progress.wallSeconds.toFixed(1)} s, cache ${cached ? 'hit' : 'miss'}`);
}

/** The machine's own QEMU, as it is: a link, and no patches in the manifest. */
function publishFound({ file, version }, out, progress) {
  const link = path.join(out, 'bin', program);
  for (const folder of ['bin', 'share/qemu']) fs.mkdirSync(path.join(out, folder), { recursive: true });
  fs.rmSync(temporaryName(link), { force: true });
  fs.symlinkSync(file, temporaryName(link));
  fs.renameSync(temporaryName(link), link);
  writeManifest(out, { version, origin: file, patches: [], outputs: {} });
  progress.text(`${path.relative(process.cwd(), out) || '.'}: ${file}, version ${version}, as it is`);
}

const firstLine = (output) => output.toString('utf8').split('\n')[0];

function parseCommandLine() {
  const options = {
    out: { type: 'string', default: defaultOut },
    'from-source': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new BuildError(error.message, 'see --help');
  }
}

await runMain('qemu', async () => {
  const options = parseCommandLine();
  if (options.help) process.stdout.write(usage);
  else await build({ out: path.resolve(options.out), quiet: options.quiet, fromSource: options['from-source'] });
});
