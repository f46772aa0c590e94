// From the source package to the image: configured as the fragment says, compiled in an environment of its own.
import fs from 'node:fs';
import path from 'node:path';
import { contentsOf, keyOf } from '../../scripts/cache.mjs';
import { jobCount, run } from '../../scripts/process.mjs';
import { describeOutputs, writeManifest } from '../../scripts/publish.mjs';
import { expectGranted, parseConfig, parseFragment } from './config.mjs';
import { kernelVersion, knownSymbols, sourceTime, unpack } from './source.mjs';

/** What is kept of the tree, by the names it gets. */
const outputs = { bzImage: 'arch/x86/boot/bzImage', config: '.config', 'System.map': 'System.map' };

const fragmentName = 'kernel.fragment';

function patchNames(kernelDirectory) {
  return fs.readdirSync(path.join(kernelDirectory, 'patches')).sort().map((name) => `patches/${name}`);
}

function readWishes(kernelDirectory) {
  return parseFragment(fs.readFileSync(path.join(kernelDirectory, fragmentName), 'utf8'));
}

/**
 * A hash of what decides the image: the source, the patches, the options (not their comments), the scripts that unpack and
 * compile, and the compiler. The other scripts choose, check and publish.
 */
export function keyOfImage({ kernelDirectory, source, versions }) {
  return keyOf({
    ...contentsOf(kernelDirectory, ['scripts/image.mjs', 'scripts/source.mjs', ...patchNames(kernelDirectory)]),
    options: JSON.stringify(readWishes(kernelDirectory)),
    source: source.sha256,
    compiler: JSON.stringify([versions.gcc, versions['ld.bfd']]),
  });
}

/** Fills `directory` with the outputs and their manifest. `about` is what else the manifest is to say. */
export async function makeImage({ directory, kernelDirectory, about, progress }) {
  const wishes = readWishes(kernelDirectory);
  const patches = patchNames(kernelDirectory);
  const tree = await progress.step('unpack', () => unpack(directory, patches.map((name) => path.join(kernelDirectory, name))));
  const env = environment(sourceTime(tree));
  const config = await progress.step('configure', () => configure({ tree, fragment: path.join(kernelDirectory, fragmentName), wishes, env }), ({ size }) => `${wishes.length} wishes granted, ${size} options on`);
  const started = performance.now();
  const compiledFiles = await progress.step('compile', () => compile(tree, env, progress), (count) => `${count} files`);
  const buildSeconds = Math.round((performance.now() - started) / 1000);

  for (const [name, file] of Object.entries(outputs)) fs.copyFileSync(path.join(tree, file), path.join(directory, name));
  writeManifest(directory, {
    kernelVersion: await kernelVersion(tree, env),
    ...about, patches, optionsOn: config.size, compiledFiles, buildSeconds, jobs: jobCount(),
    outputs: describeOutputs(directory, Object.keys(outputs)),
  });
  fs.rmSync(tree, { recursive: true });
}

/**
 * The whole environment of the kernel's build: it would take flags, compilers and names from ours. What the image says of
 * its maker and its time of making is the same on every machine.
 */
export function environment(time) {
  return {
    PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC',
    ARCH: 'x86_64', LD: 'ld.bfd',
    KBUILD_BUILD_USER: 'init', KBUILD_BUILD_HOST: 'init', KBUILD_BUILD_VERSION: '1',
    KBUILD_BUILD_TIMESTAMP: time.toISOString(), SOURCE_DATE_EPOCH: String(time.getTime() / 1000),
  };
}

async function configure({ tree, fragment, wishes, env }) {
  await run('make', ['-s', '-C', tree, 'allnoconfig'], { env: { ...env, KCONFIG_ALLCONFIG: fragment } });
  const config = parseConfig(fs.readFileSync(path.join(tree, '.config'), 'utf8'));
  expectGranted(wishes, config, knownSymbols(tree));
  return config;
}

/** Returns how many files were compiled or assembled. */
async function compile(tree, env, progress) {
  const started = performance.now();
  let files = 0;
  let rest = '';
  const onOutput = (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    files += lines.filter((line) => /^ {2}(CC|AS) /.test(line)).length;
    progress.longStep('compile', started, `${files} files`);
  };
  await run('make', ['-C', tree, `-j${jobCount()}`, 'bzImage'], { env, onOutput });
  return files;
}
