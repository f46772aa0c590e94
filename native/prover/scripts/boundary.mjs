// What the generated code can reach outside itself. This list is the sandbox's boundary, and the build fails when the
// objects need one symbol more or less than it.
import fs from 'node:fs';
import { BuildError, run } from '../../scripts/process.mjs';

export const boundary = [
  // The C library's, called by the compiler for copies whose bounds the generated code has checked.
  'memcpy', 'memmove', 'memset',
  // The module's imports; host/imports.c, host/threads.c.
  'w2c_env_env_hardware_concurrency', 'w2c_env_logstr', 'w2c_env_memory', 'w2c_env_throw_or_abort_impl',
  'w2c_wasi__snapshot__preview1_clock_time_get', 'w2c_wasi__snapshot__preview1_proc_exit',
  'w2c_wasi__snapshot__preview1_random_get', 'w2c_wasi_thread0x2Dspawn',
  // The module's data, read only; data.S or data_dev.S.
  'data_segment_data_w2c_bb_d0', 'data_segment_data_w2c_bb_d1', 'data_segment_data_w2c_bb_d2',
  // Wait and notify; atomics_glue.c.
  'prover_notify', 'prover_wait32',
  // arithmetic/: what takes numbers alone, and what works on the linear memory.
  'prover_multiply_base', 'prover_multiply_scalar',
  'prover_native_fold', 'prover_native_msm', 'prover_native_multiply_vectors', 'prover_native_scale_vector',
  // runtime/wasm-rt.h.
  'wasm_rt_allocate_funcref_table', 'wasm_rt_free_funcref_table', 'wasm_rt_grow_memory', 'wasm_rt_trap',
].sort();

/** Lists what the objects in `directory` leave undefined, and fails unless that is `boundary`. */
export async function expectBoundary(directory, nm) {
  const objects = fs.readdirSync(directory).filter((name) => name.endsWith('.o')).sort();
  const symbolsOf = async (selection) => {
    const output = await run(nm, [selection, '--format=just-symbols', '--quiet', ...objects], { cwd: directory });
    return new Set(output.toString('latin1').split('\n').filter((line) => /^\w+$/.test(line)));
  };
  const defined = await symbolsOf('--defined-only');
  const undefined_ = await symbolsOf('--undefined-only');
  expectSame([...undefined_].filter((symbol) => !defined.has(symbol)).sort());
}

export function expectSame(found) {
  const added = found.filter((symbol) => !boundary.includes(symbol));
  const gone = boundary.filter((symbol) => !found.includes(symbol));
  if (added.length || gone.length) {
    throw new BuildError(
      `the generated code's outside symbols differ from scripts/boundary.mjs\n  not listed: ${added.join(' ') || '-'}\n  not used: ${gone.join(' ') || '-'}`,
      'a new symbol widens the sandbox: review it, then change the list',
    );
  }
}
