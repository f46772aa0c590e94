#!/usr/bin/env node
// Builds Barretenberg as a native library: WebAssembly from npm, translated to C, compiled, with the host around it.
// BUILDING.md says what happens and why; scripts/ has a file for each step.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cacheRoot, completeDirectory, contentsOf, keyOf, prune, sha256 } from '../scripts/cache.mjs';
import { BuildError, jobCount, runMain } from '../scripts/process.mjs';
import { Progress } from '../scripts/progress.mjs';
import { describeOutputs, discardUnlessIntact, publish, writeManifest } from '../scripts/publish.mjs';
import { hostFlags, linkFlags, makeLibraries, variants } from './scripts/archive.mjs';
import { boundary, expectBoundary } from './scripts/boundary.mjs';
import {
  compileGenerated, generatedFlags, largestFrame, objectsDirectory, readSummary, writeSummary,
} from './scripts/compile.mjs';
import { inputPath, installPackages, readInput, readWasm } from './scripts/inputs.mjs';
import { writePatchedBb } from './scripts/patch-bb.mjs';
import { checkTools } from './scripts/tools.mjs';
import { readModuleSummary, translate } from './scripts/translate.mjs';

const proverDirectory = path.dirname(fileURLToPath(import.meta.url));
const defaultOut = path.resolve(proverDirectory, '../../out/native');
const pins = JSON.parse(fs.readFileSync(path.join(proverDirectory, 'pins.json'), 'utf8'));
const replacedFunctions = JSON.parse(fs.readFileSync(path.join(proverDirectory, 'arithmetic/functions.json'), 'utf8')).functions;
const usage = `usage: node native/prover/build.mjs [--out DIR] [--quiet]   build into DIR (default: out/native)
       node native/prover/build.mjs --print-bb              print the path of the native bb, as published
       node native/prover/build.mjs --print-bb-dev-srs      print the path of one that trusts the development SRS
       node native/prover/build.mjs --print-generated       print the folder of the generated C (bb.h)
environment: JOBS (default: all processors), INIT_CACHE (default: $XDG_CACHE_HOME/init or ~/.cache/init)
`;

async function build({ out, quiet }) {
  const progress = new Progress('prover', { quiet });
  const root = cacheRoot('prover');
  fs.mkdirSync(root, { recursive: true });

  const versions = await progress.step('tools', () => checkTools(pins), (found) => found.clang);
  const inputs = await progress.step('inputs', readInputs, (read) => `${read.installed ? 'npm ci; ' : ''}hashes as pinned`);
  const sources = await progress.step('translate', () => makeSources(root, inputs), describeCached);
  const objects = await makeObjects({ root, sources, versions, progress });
  const libraries = await progress.step('libraries', () => makeHostAndLibraries({ root, sources, objects, versions }), describeCached);
  const manifest = publish(libraries.directory, out);
  prune(root);

  for (const [name, { bytes }] of Object.entries(manifest.outputs)) progress.text(`${name}: ${megabytes(bytes)}`);
  const hit = sources.cached && objects.cached && libraries.cached;
  progress.text(`${path.relative(process.cwd(), out) || '.'}: done in ${progress.wallSeconds.toFixed(1)} s, cache ${hit ? 'hit' : 'miss'}`);
}

const describeCached = ({ cached, key }) => `${cached ? 'cached' : 'made'} ${key.slice(0, 12)}`;
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

async function readInputs() {
  const installed = await installPackages(proverDirectory);
  const wasm = readWasm(proverDirectory, pins.inputs.wasmGzip);
  readInput(proverDirectory, pins.inputs.wasm2c);
  readInput(proverDirectory, pins.inputs.nativeBb);
  return { installed, wasm };
}

function buildScripts() {
  return ['scripts', '../scripts'].flatMap((folder) => fs.readdirSync(path.join(proverDirectory, folder))
    .filter((name) => name.endsWith('.mjs') && !name.endsWith('.test.mjs'))
    .map((name) => `${folder}/${name}`));
}

/** The C files. Every script counts for the key: translating takes seconds, a stale translation could take days. */
async function makeSources(root, { wasm }) {
  const key = keyOf({
    ...contentsOf(proverDirectory, ['pins.json', 'dev-srs.json', 'arithmetic/functions.json', ...buildScripts()]),
    wasm: sha256(wasm),
    node: process.version.split('.')[0],
  });
  const directory = path.join(root, `sources-${key}`);
  const wasm2c = inputPath(proverDirectory, pins.inputs.wasm2c);
  const cached = await completeDirectory(directory, (temporary) => translate({ wasm, wasm2c, replacedFunctions, directory: temporary }));
  return { directory, key, cached };
}

/** The objects of the C files: the long part. Their key does not depend on how the C came about. */
async function makeObjects({ root, sources, versions, progress }) {
  const clang = pins.tools.clang.command;
  const { directory, key } = await objectsDirectory({
    root, clang, sources: sources.directory, clangVersion: versions.clang,
    sourcesHash: readModuleSummary(sources.directory).sourcesHash,
    headers: ['runtime/wasm-rt.h', 'arithmetic/field_multiply.h'].map((file) => path.join(proverDirectory, file)),
  });
  const cached = readSummary(directory) !== null;
  await progress.step('compile', async () => {
    if (!cached) await compileObjects({ sources: sources.directory, directory, clang, progress });
    return { cached, key };
  }, describeCached);
  return { directory, key, cached };
}

async function compileObjects({ sources, directory, clang, progress }) {
  const started = performance.now();
  const onProgress = ({ done, total, percent }) => progress.longStep('compile', started, `${done}/${total} files, ${percent} %`);
  const { total } = await compileGenerated({ sources, objects: directory, clang, jobs: jobCount(), onProgress });
  const seconds = Math.round((performance.now() - started) / 1000);
  writeSummary(directory, { files: total, lastRunSeconds: seconds, largestFrame: largestFrame(directory) });
}

/** The host around the objects. */
async function makeHostAndLibraries({ root, sources, objects, versions }) {
  const key = librariesKey({ sources, objects, versions });
  const directory = path.join(root, `libraries-${key}`);
  discardUnlessIntact(directory);
  const cached = await completeDirectory(directory, async (temporary) => {
    await expectBoundary(objects.directory, pins.tools.llvmNm.command);
    await makeLibraries({
      proverDirectory, sources: sources.directory, objects: objects.directory, directory: temporary,
      tools: pins.tools, jobs: jobCount(),
    });
    writeManifest(temporary, describe(temporary, { keys: { sources: sources.key, objects: objects.key, libraries: key }, sources, objects, versions }));
    if (librariesKey({ sources, objects, versions }) !== key) throw new BuildError('a source file changed while it was compiled', 'build again');
  });
  return { directory, key, cached };
}

function librariesKey({ sources, objects, versions }) {
  const hostFiles = ['host', 'include', 'runtime', 'arithmetic'].flatMap((folder) =>
    fs.readdirSync(path.join(proverDirectory, folder)).filter((name) => /\.[ch]$/.test(name)).map((name) => `${folder}/${name}`));
  return keyOf({
    ...contentsOf(proverDirectory, [...hostFiles, 'build.mjs', ...buildScripts()]),
    sources: sources.key, // for the data segments
    objects: objects.key,
    tools: JSON.stringify(versions),
  });
}

const outputNames = variants.flatMap(({ name }) => [`${name}.a`, `${name}.so`]);

function describe(directory, { keys, sources, objects, versions }) {
  return {
    inputs: pins.inputs,
    tools: versions,
    flags: { generated: generatedFlags, host: hostFlags, link: linkFlags },
    module: readModuleSummary(sources.directory),
    objects: readSummary(objects.directory),
    boundary,
    keys,
    outputs: describeOutputs(directory, outputNames),
  };
}

async function pathOfBb() {
  await installPackages(proverDirectory);
  readInput(proverDirectory, pins.inputs.nativeBb);
  return inputPath(proverDirectory, pins.inputs.nativeBb);
}

async function pathOfDevSrsBb() {
  await pathOfBb();
  const bb = readInput(proverDirectory, pins.inputs.nativeBb);
  const key = keyOf({ ...contentsOf(proverDirectory, ['dev-srs.json', 'scripts/dev-srs.mjs', 'scripts/patch-bb.mjs']), bb: sha256(bb) });
  const directory = path.join(cacheRoot('prover'), `bb-${key}`);
  await completeDirectory(directory, (temporary) => writePatchedBb(bb, path.join(temporary, 'bb-dev-srs')));
  return path.join(directory, 'bb-dev-srs');
}

async function pathOfGenerated() {
  const root = cacheRoot('prover');
  fs.mkdirSync(root, { recursive: true });
  return (await makeSources(root, await readInputs())).directory;
}

function parseCommandLine() {
  const options = {
    out: { type: 'string', default: defaultOut },
    quiet: { type: 'boolean', default: false },
    'print-bb': { type: 'boolean', default: false },
    'print-bb-dev-srs': { type: 'boolean', default: false },
    'print-generated': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new BuildError(error.message, 'see --help');
  }
}

async function main() {
  const options = parseCommandLine();
  if (options.help) process.stdout.write(usage);
  else if (options['print-bb']) process.stdout.write(`${await pathOfBb()}\n`);
  else if (options['print-bb-dev-srs']) process.stdout.write(`${await pathOfDevSrsBb()}\n`);
  else if (options['print-generated']) process.stdout.write(`${await pathOfGenerated()}\n`);
  else await build({ out: path.resolve(options.out), quiet: options.quiet });
}

await runMain('prover', main);
