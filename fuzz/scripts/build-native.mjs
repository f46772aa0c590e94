// Compiles the targets in C: host and arithmetic as they are shipped, under the sanitizers and with libFuzzer's coverage, and around
// them the objects of the translated module, which have neither.
import fs from 'node:fs';
import path from 'node:path';
import { BuildError, jobCount, run } from '../../native/scripts/process.mjs';
import { arithmeticFlags } from '../../native/prover/scripts/archive.mjs';

const root = path.join(import.meta.dirname, '../..');
const prover = path.join(root, 'native/prover');
const native = path.join(root, 'fuzz/native');
const clang = 'clang-19';

const sanitizers = ['-fsanitize=address,undefined,fuzzer-no-link', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer', '-g', '-O1'];
const warnings = ['-Wall', '-Wextra', '-Werror'];
const link = ['-fsanitize=address,undefined,fuzzer', '-fuse-ld=lld', '-pthread'];
const forModule = ['-march=x86-64-v3', '-madx'];

/** Constants that make a few hundred terms cross the limits for which the real ones need a quarter of a million. */
const smallConstants = {
  'GROUP_POINTS = 2 * BATCH_PAIRS': 'GROUP_POINTS = 16', 'FOLD_PAIRS = BATCH_PAIRS': 'FOLD_PAIRS = 16', 'MSM_CHUNK = 1 << 18': 'MSM_CHUNK = 1 << 9',
  'SPLIT_POINTS = 1 << 14': 'SPLIT_POINTS = 1 << 7', 'SET_ENTRIES = 1 << 16': 'SET_ENTRIES = 1 << 9',
};
/** The files of the MSM that know these constants. */
const msmSources = ['msm.c', 'msm_fold.c'];

/** Leaves out/fuzz/native/TARGET for each. */
export async function buildNative(out) {
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(path.join(out, 'objects'), { recursive: true });
  const generated = (await run(process.execPath, [path.join(prover, 'build.mjs'), '--print-generated'])).toString().trim();
  const object = (name) => path.join(out, 'objects', `${name}.o`);
  const includes = ['arithmetic', 'include', 'runtime', 'host'].map((folder) => `-I${path.join(prover, folder)}`);
  const common = ['-std=gnu17', ...sanitizers, ...warnings, ...includes, `-I${native}`, `-isystem${generated}`];
  const jobs = [];
  const compile = (name, source, flags) => jobs.push([...common, ...flags, '-c', source, '-o', object(name)]);

  const racing = ['-include', path.join(native, 'racing_memory.h')];
  const small = writeSmallMsm(out);
  for (const name of msmSources) {
    compile(`msm-small_${name}`, path.join(small, name), [...forModule, ...racing]);
    compile(`msm-real_${name}`, path.join(prover, 'arithmetic', name), [...forModule, ...racing]);
  }
  compile('fuzz-msm', path.join(native, 'fuzz_msm.c'), [...forModule, '-DFUZZ_MAX_TERMS=700']);
  compile('fuzz-msm-real', path.join(native, 'fuzz_msm.c'), [...forModule, '-DFUZZ_MAX_TERMS=20000']);
  for (const name of ['fuzz_arithmetic', 'fuzz_host', 'fuzz_bbapi', 'messagepack_mutator']) compile(name, path.join(native, `${name}.c`), [...forModule, '-D_GNU_SOURCE']);
  const arithmetic = sourcesIn('arithmetic');
  for (const name of arithmetic) compile(`arithmetic_${name}`, path.join(prover, 'arithmetic', name), cpuFlags(name));
  const host = sourcesIn('host').filter((name) => name !== 'srs_production.c');
  for (const name of host) compile(`host_${name}`, path.join(prover, 'host', name), ['-march=x86-64']);
  await inParallel(jobs);

  const points = arithmetic.filter((name) => !msmSources.includes(name)).map((name) => object(`arithmetic_${name}`)).concat(object('host_cpu.c'));
  const whole = [...arithmetic.map((name) => object(`arithmetic_${name}`)), ...host.map((name) => object(`host_${name}`))];
  // The archive's own host is not taken: nothing of it is missing. sandbox.h says why --wrap.
  const library = [path.join(root, 'out/native/libprover-dev-srs.a'), '-lm', '-Wl,--wrap=__asan_handle_no_return'];
  const program = (name, ...parts) => [...link, ...parts, '-o', path.join(out, name)];
  await inParallel([
    program('msm', object('fuzz-msm'), ...msmSources.map((name) => object(`msm-small_${name}`)), ...points),
    program('msm-real', object('fuzz-msm-real'), ...msmSources.map((name) => object(`msm-real_${name}`)), ...points),
    program('arithmetic', object('fuzz_arithmetic'), ...points),
    program('host', object('fuzz_host'), ...whole, ...library),
    program('bbapi', object('fuzz_bbapi'), object('messagepack_mutator'), ...whole, ...library),
  ]);
}

/** libFuzzer for the managed side: driver/libfuzzer.c. */
export async function buildDriver(library) {
  const runtime = (await run(clang, ['--print-file-name=libclang_rt.fuzzer_no_main-x86_64.a'])).toString().trim();
  const archive = fs.existsSync(runtime) ? runtime : path.join((await run(clang, ['-print-resource-dir'])).toString().trim(), 'lib/linux/libclang_rt.fuzzer_no_main-x86_64.a');
  if (!fs.existsSync(archive)) throw new BuildError(`${archive} is not there`, 'install the Debian package libclang-rt-19-dev');
  fs.mkdirSync(path.dirname(library), { recursive: true });
  await run(clang, [
    '-O2', ...warnings, '-fPIC', '-shared', path.join(root, 'fuzz/driver/libfuzzer.c'), '-Wl,--whole-archive', archive, '-Wl,--no-whole-archive',
    '-lstdc++', '-lm', '-pthread', '-o', library,
  ]);
}

function sourcesIn(folder) {
  return fs.readdirSync(path.join(prover, folder)).filter((name) => name.endsWith('.c')).sort();
}

/** What a file of arithmetic/ may use of the CPU, as it is shipped. */
function cpuFlags(name) {
  return arithmeticFlags(name).filter((flag) => flag.startsWith('-m'));
}

/** The MSM's files with small constants: what includes msm_scratch.h takes the one beside it. */
function writeSmallMsm(out) {
  const folder = path.join(out, 'objects/small');
  fs.mkdirSync(folder);
  for (const name of msmSources) fs.copyFileSync(path.join(prover, 'arithmetic', name), path.join(folder, name));
  let text = fs.readFileSync(path.join(prover, 'arithmetic/msm_scratch.h'), 'utf8');
  for (const [real, small] of Object.entries(smallConstants)) {
    if (text.split(real).length !== 2) throw new BuildError(`arithmetic/msm_scratch.h does not have "${real}" once`, 'see smallConstants in fuzz/scripts/build-native.mjs');
    text = text.replace(real, small);
  }
  fs.writeFileSync(path.join(folder, 'msm_scratch.h'), text);
  return folder;
}

async function inParallel(jobs) {
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await run(clang, job, { cwd: prover });
  };
  await Promise.all(Array.from({ length: jobCount() }, worker));
}
