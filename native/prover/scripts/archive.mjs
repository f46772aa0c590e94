// Compiles the host and makes the libraries: for production and, with another SRS anchor, for tests.
import fs from 'node:fs';
import path from 'node:path';
import { BuildError, run } from '../../scripts/process.mjs';

/** A write behind an array on the stack, or by the C library behind what the compiler knows, ends the process. */
const hardening = ['-fstack-protector-strong', '-D_FORTIFY_SOURCE=2'];

/** The host runs before it is known what the CPU can do (host/cpu.c finds out), so it is compiled for any x86-64. */
export const hostFlags = [
  '-std=gnu17', '-O2', '-march=x86-64', '-fPIC', '-fvisibility=hidden', ...hardening, '-Wall', '-Wextra', '-Werror',
];

/**
 * Native arithmetic is for what the generated code is compiled for, or for more in the functions that are called only where
 * the CPU has it (host/cpu.c).
 */
export function arithmeticFlags(source) {
  const more = source.endsWith('_avx512f.c') ? ['-march=x86-64-v4'] : source.endsWith('_ifma.c') ? ['-march=x86-64-v4', '-mavx512ifma'] : ['-march=x86-64-v3', '-madx'];
  return [
    '-std=gnu17', '-O2', ...more, '-fPIC', '-fvisibility=hidden', ...hardening, '-Wframe-larger-than=65536', '-Wall', '-Wextra', '-Werror',
  ];
}

export const linkFlags = [
  '-shared', '-pthread', '-Wl,-z,relro,-z,now,-z,noexecstack,-z,defs', '-Wl,--build-id=none',
];

/** What differs between the two: which of the host's srs_*.c is left out, and which data segments are linked. */
export const variants = [
  { name: 'libprover', withoutHost: 'srs_dev.c', data: 'data.S' },
  { name: 'libprover-dev-srs', withoutHost: 'srs_production.c', data: 'data_dev.S' },
];

export function hostSources(proverDirectory) {
  const names = fs.readdirSync(path.join(proverDirectory, 'host')).filter((name) => name.endsWith('.c')).sort();
  for (const { withoutHost } of variants) {
    if (!names.includes(withoutHost)) throw new BuildError(`native/prover/host/${withoutHost} is not there`);
  }
  return names;
}

/** Fills `directory` with lib*.a and lib*.so. */
export async function makeLibraries({ proverDirectory, sources, objects, directory, tools, jobs }) {
  const hostObjects = path.join(directory, 'host');
  fs.mkdirSync(hostObjects);
  await compileHost({ proverDirectory, sources, hostObjects, clang: tools.clang.command, jobs });
  const exported = exportedFunctions(fs.readFileSync(path.join(proverDirectory, 'include/prover.h'), 'utf8'));
  for (const variant of variants) {
    const data = path.join(hostObjects, variant.data.replace(/\.S$/, '.o'));
    await run(tools.clang.command, ['-o', data, '-c', variant.data], { cwd: sources });
    const members = [...membersOf({ variant, objects, hostObjects }), data];
    await run(tools.llvmAr.command, ['rcsD', path.join(directory, `${variant.name}.a`), ...members]);
    const library = path.join(directory, `${variant.name}.so`);
    await run(tools.clang.command, [
      ...linkFlags, `--ld-path=${tools.lld.command}`, `-Wl,-soname,${variant.name}.so`, ...members, '-lm', '-o', library,
    ]);
    await expectExports(library, exported, tools.llvmNm.command);
  }
  fs.rmSync(hostObjects, { recursive: true });
}

async function compileHost({ proverDirectory, sources, hostObjects, clang, jobs }) {
  const inHost = hostSources(proverDirectory).map((name) => ({
    flags: [...hostFlags, '-Iinclude', '-Iruntime', '-Ihost', `-isystem${sources}`, `-ffile-prefix-map=${sources}=generated`],
    source: `host/${name}`,
    object: `host_${name.replace(/\.c$/, '.o')}`,
  }));
  const inArithmetic = fs.readdirSync(path.join(proverDirectory, 'arithmetic')).filter((name) => name.endsWith('.c')).sort().map((name) => ({
    flags: arithmeticFlags(name),
    source: `arithmetic/${name}`,
    object: `arithmetic_${name.replace(/\.c$/, '.o')}`,
  }));
  const waiting = [...inHost, ...inArithmetic];
  const worker = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      await run(clang, [...file.flags, '-Iarithmetic', '-o', path.join(hostObjects, file.object), '-c', file.source], { cwd: proverDirectory });
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}

function membersOf({ variant, objects, hostObjects }) {
  const leftOut = `host_${variant.withoutHost.replace(/\.c$/, '.o')}`;
  return [objects, hostObjects].flatMap((directory) => fs.readdirSync(directory)
    .filter((name) => name.endsWith('.o') && name !== leftOut && !name.startsWith('data'))
    .sort()
    .map((name) => path.join(directory, name)));
}

/** The functions that a header marks with PROVER_API. */
export function exportedFunctions(header) {
  return [...header.matchAll(/^PROVER_API\s[^;(]*?(\w+)\s*\(/gm)].map((match) => match[1]).sort();
}

/** The shared library's interface is prover.h, nothing more and nothing less. */
async function expectExports(library, expected, nm) {
  const output = await run(nm, ['-D', '--defined-only', '--format=just-symbols', library]);
  const found = output.toString('utf8').split('\n').filter(Boolean).sort();
  if (found.join() !== expected.join()) {
    throw new BuildError(`${path.basename(library)} exports\n  ${found.join(' ')}\nprover.h declares\n  ${expected.join(' ')}`);
  }
}
