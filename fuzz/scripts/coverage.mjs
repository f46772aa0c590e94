// How much of the code that a target is about its inputs reach, as a part of the whole.
import fs from 'node:fs';
import path from 'node:path';
import { BuildError, run } from '../../native/scripts/process.mjs';

/**
 * In C: edges of what was instrumented for the target, its own code with it. In C#: blocks of the types in managed/Subjects.cs, which
 * are also written one by one into `folder`, so that what nothing reaches can be looked at.
 */
export async function coverageOf(target, inputs, { libFuzzer, blocksProgram, folder }) {
  fs.mkdirSync(folder, { recursive: true });
  return target.isNative ? edges(target, inputs, libFuzzer, folder) : blocks(target, inputs, blocksProgram, folder);
}

async function edges(target, inputs, libFuzzer, folder) {
  const { code, output } = await libFuzzer(target, ['-runs=0', `-artifact_prefix=${folder}/`, ...inputs]); // where it would leave inputs that are slow
  const reached = [...output.matchAll(/\bcov: (\d+)/g)].at(-1)?.[1];
  const total = /INFO: Loaded \d+ modules\s+\((\d+) inline 8-bit counters\)/.exec(output)?.[1];
  if (code !== 0 || !reached || !total) throw new BuildError(`${target.name}: no coverage: ended with ${code}\n${output}`);
  return { reached: Number(reached), total: Number(total) };
}

async function blocks(target, inputs, program, folder) {
  const table = (await run(program, ['--blocks', target.name, ...inputs])).toString();
  fs.writeFileSync(path.join(folder, target.name), table);
  const rows = table.trim().split('\n').map((row) => row.split(' ').map(Number));
  return { reached: rows.reduce((sum, [reached]) => sum + reached, 0), total: rows.reduce((sum, [, total]) => sum + total, 0) };
}
