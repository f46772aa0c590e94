// WebAssembly to C: rewrite, wasm2c, finish, and what native code takes over. Leaves a folder of C files and module.json, which says what was done.
import fs from 'node:fs';
import path from 'node:path';
import { contentsOf, keyOf } from '../../scripts/cache.mjs';
import { run } from '../../scripts/process.mjs';
import { replaceAdditions } from './additions.mjs';
import { finish } from './finish.mjs';
import { replaceMultiplications } from './multiplications.mjs';
import { replaceFunctions } from './replace.mjs';
import { specialiseFunctions } from './specialise.mjs';
import { rewrite } from './rewrite.mjs';
import { trustDevelopmentSrs } from './dev-srs.mjs';
import { parseModule, readPassiveData } from './wasm.mjs';

const outputFiles = 128; // small enough that one is compiled in at most a minute, and that two jobs end together

export async function translate({ wasm, wasm2c, replacedFunctions, directory }) {
  const rewritten = rewrite(wasm);
  const wasmFile = path.join(directory, 'rewritten.wasm');
  fs.writeFileSync(wasmFile, rewritten.bytes);

  // -n gives the prefix of every symbol: w2c_bb_.
  await run(process.execPath, [
    wasm2c, '--enable-threads', '-n', 'bb', `--num-outputs=${outputFiles}`, '-o', 'bb.c', 'rewritten.wasm',
  ], { cwd: directory });
  fs.rmSync(wasmFile);

  const module = parseModule(wasm);
  const segments = readPassiveData(module);
  finish(directory, {
    appended: rewritten.appended,
    segments,
    devSegments: trustDevelopmentSrs(segments),
  });
  const replaced = replaceFunctions(directory, module, replacedFunctions);
  const specialised = specialiseFunctions(directory, Object.values(replaced));
  const additions = replaceAdditions(directory);
  const multiplications = replaceMultiplications(directory);
  const summary = {
    rewrittenSites: rewritten.sites,
    appendedFunctions: rewritten.appended,
    replacedFunctions: replaced,
    specialised,
    additions,
    multiplications,
    // Of what the compiler sees: the data segments are assembled with the libraries.
    sourcesHash: keyOf(contentsOf(directory, fs.readdirSync(directory).filter((name) => /\.[ch]$/.test(name)))),
  };
  fs.writeFileSync(path.join(directory, 'module.json'), JSON.stringify(summary, null, 2));
}

export function readModuleSummary(directory) {
  return JSON.parse(fs.readFileSync(path.join(directory, 'module.json'), 'utf8'));
}
