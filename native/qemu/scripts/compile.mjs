// From Debian's source package to QEMU: one machine, no device that it does not need, two accelerators.
import fs from 'node:fs';
import path from 'node:path';
import { contentsOf, keyOf } from '../../scripts/cache.mjs';
import { BuildError, jobCount, run } from '../../scripts/process.mjs';
import { describeOutputs, writeManifest } from '../../scripts/publish.mjs';
import { Apt } from './apt.mjs';
import { describeQemu, program } from './probe.mjs';

/** Options of hw/*\/Kconfig: the machine (and microvm, which it extends), the bus of its devices. */
const devices = ['CONFIG_MICROVM=y', 'CONFIG_NITRO_ENCLAVE=y', 'CONFIG_VIRTIO_MMIO=y'];

const configureOptions = [
  '--prefix=/usr', // bin/ finds ../share/qemu wherever the two are
  '--target-list=x86_64-softmmu', '--without-default-features', '--without-default-devices', '--with-devices-x86_64=nitro',
  '--enable-system', '--enable-tcg', '--enable-kvm',
  '--enable-vhost-user', // vsock
  '--enable-libcbor', '--enable-gnutls', // the NSM: CBOR, SHA-384
  '--enable-fdt=system', '--audio-drv-list=', '--disable-docs', '--disable-tools', '--disable-guest-agent', '--disable-user',
  '--disable-werror', '--disable-install-blobs', '--disable-download',
];

/** What the machine loads: the firmware, and the kernel's loader. */
const firmware = ['qboot.rom', 'linuxboot_dma.bin', 'kvmvapic.bin'];

function patchNames(qemuDirectory) {
  return fs.readdirSync(path.join(qemuDirectory, 'patches')).sort().map((name) => `patches/${name}`);
}

/**
 * A hash of what decides the result: the patches, this script, and the compiler. The version of the source is not part of
 * it: it is known only after asking the archive.
 */
export function keyOfQemu({ qemuDirectory, suite, tools }) {
  return keyOf({ ...contentsOf(qemuDirectory, ['scripts/compile.mjs', ...patchNames(qemuDirectory)]), suite, tools: JSON.stringify(tools) });
}

/** Fills `directory` with bin/, share/qemu/ and their manifest. `about` is what else the manifest is to say. */
export async function makeQemu({ directory, qemuDirectory, suite, about, progress }) {
  const patches = patchNames(qemuDirectory);
  const work = path.join(directory, 'work');
  const packages = path.join(work, 'packages');
  fs.mkdirSync(packages, { recursive: true });
  const apt = new Apt(path.join(work, 'apt'), suite);
  await progress.step('index', () => apt.update(), () => `${suite}, signed by Debian`);
  const description = await progress.step('download', () => apt.source('qemu', work), (file) => path.basename(file, '.dsc'));
  await progress.step('packages', () => apt.unpack(['meson', 'qemu-system-data'], packages), () => 'meson and the firmware, unpacked, not installed');
  const tree = await progress.step('unpack', () => unpack(description, path.join(work, 'tree'), patches.map((name) => path.join(qemuDirectory, name))));

  const started = performance.now();
  const onProgress = (text) => progress.longStep('compile', started, text);
  await progress.step('compile', () => compile({ tree, python: path.join(packages, 'usr/lib/python3/dist-packages'), directory, onProgress }));
  const buildSeconds = Math.round((performance.now() - started) / 1000);
  fs.mkdirSync(path.join(directory, 'share/qemu'), { recursive: true });
  for (const name of firmware) fs.copyFileSync(path.join(packages, 'usr/share/qemu', name), path.join(directory, 'share/qemu', name));
  fs.rmSync(work, { recursive: true });

  const qemu = await describeQemu(path.join(directory, 'bin', program));
  if (!qemu) throw new BuildError(`${program} was built but does not list the machine nitro-enclave`);
  writeManifest(directory, {
    version: qemu.version, origin: path.basename(description), ...about, patches, configureOptions, buildSeconds, jobs: jobCount(),
    outputs: describeOutputs(directory, [`bin/${program}`, ...firmware.map((name) => `share/qemu/${name}`)]),
  });
}

async function unpack(description, tree, patches) {
  // apt has checked the chain of signatures and hashes; the maintainer's key need not be here.
  await run('dpkg-source', ['--no-check', '-x', description, tree]);
  for (const patch of patches) await run('patch', ['-d', tree, '-p1', '--fuzz=0', '--forward', '--batch', '-i', patch]);
  return tree;
}

/** Compiles `tree` and puts the program into `directory`/bin. `python` is the folder of the module mesonbuild. */
async function compile({ tree, python, directory, onProgress }) {
  fs.writeFileSync(path.join(tree, 'configs/devices/x86_64-softmmu/nitro.mak'), `${devices.join('\n')}\n`);
  const build = path.join(tree, 'b');
  fs.mkdirSync(build);
  const env = { PATH: process.env.PATH, HOME: tree, LC_ALL: 'C', PYTHONPATH: python, PYTHONDONTWRITEBYTECODE: '1' };
  await run('../configure', ['--python=/usr/bin/python3', ...configureOptions], { cwd: build, env }).catch((error) => {
    throw new BuildError(error.message, 'scripts/setup.sh installs the Debian packages that this needs');
  });
  const onOutput = (chunk) => {
    const [, done, total] = [...chunk.toString('utf8').matchAll(/\[(\d+)\/(\d+)\]/g)].at(-1) ?? [];
    if (total) onProgress(`${done}/${total} steps`);
  };
  await run('ninja', [`-j${jobCount()}`, program], { cwd: build, env, onOutput });
  fs.mkdirSync(path.join(directory, 'bin'));
  await run('strip', ['-o', path.join(directory, 'bin', program), path.join(build, program)]);
}
