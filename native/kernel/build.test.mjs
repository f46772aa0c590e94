// Tests of the kernel's build: the configuration check, and what kernel.fragment promises.
// node --test native/kernel/build.test.mjs
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { definedSymbols, expectGranted, notGranted, parseConfig, parseFragment } from './scripts/config.mjs';
import { environment, keyOfImage } from './scripts/image.mjs';

const fragment = fs.readFileSync(path.join(import.meta.dirname, 'kernel.fragment'), 'utf8');
const wishes = parseFragment(fragment);
const wished = new Map(wishes.map(({ symbol, value }) => [symbol, value]));

describe('The check of the configuration', () => {
  const config = parseConfig('CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_N=256\nCONFIG_S="-init"\n');
  const known = new Set(['A', 'B', 'N', 'S', 'NEVER']);
  const linesFor = (text) => notGranted(parseFragment(text), config, known);

  test('Wishes that are granted leave no line', () => {
    assert.deepEqual(linesFor('CONFIG_A=y\n# CONFIG_B is not set\n# CONFIG_NEVER is not set\nCONFIG_N=256\nCONFIG_S="-init"\n'), []);
  });

  test('An option that was wished for and is off is named', () => {
    assert.deepEqual(linesFor('CONFIG_B=y'), ['CONFIG_B: wanted y, is off']);
  });

  test('An option that must be off and is on is named', () => {
    assert.deepEqual(linesFor('# CONFIG_A is not set'), ['CONFIG_A: wanted off, is y']);
  });

  test('Another number or text is named', () => {
    assert.deepEqual(linesFor('CONFIG_N=25\nCONFIG_S="init"'), ['CONFIG_N: wanted 25, is 256', 'CONFIG_S: wanted "init", is "-init"']);
  });

  test('A name that no Kconfig file defines is named, even where the option should be off', () => {
    assert.deepEqual(linesFor('# CONFIG_DEVMEN is not set'), ['CONFIG_DEVMEN: this kernel has no such option']);
  });

  test('A wish that is not granted ends the build and shows every line', () => {
    const fake = parseFragment('CONFIG_B=y\n# CONFIG_A is not set');
    assert.throws(() => expectGranted(fake, config, known), /CONFIG_B: wanted y, is off\n +CONFIG_A: wanted off, is y/);
    expectGranted([], config, known);
  });

  test('A line that is neither option nor comment is refused, and so is an option that stands there twice', () => {
    for (const line of ['CONFIG_A', 'CONFIG_A=m', 'CONFIG_A=y # reason', '#CONFIG_A=y', '# CONFIG_A is not set.', '# CONFIG_A=n', 'A=y']) {
      assert.throws(() => parseFragment(`# comment\n${line}\n`), /kernel\.fragment:2: neither an option nor a comment/, line);
    }
    assert.throws(() => parseFragment('CONFIG_A=y\n# CONFIG_A is not set'), /kernel\.fragment:2: CONFIG_A stands there twice/);
  });

  test('The options of a Kconfig file are found however they are written', () => {
    const kconfig = 'menuconfig NET\n\tbool "x"\nif NET\n  config UNIX\n\tdefault y\nconfig\tVSOCKETS\n# config NOT\n\thelp\n\t  the config file of\n';
    assert.deepEqual(definedSymbols(kconfig), ['NET', 'UNIX', 'VSOCKETS']);
  });
});

describe('kernel.fragment', () => {
  test('Every run of options follows a comment with its reason', () => {
    const lines = fragment.split('\n');
    const isOption = (line) => parseFragment(line).length === 1;
    for (const [index, line] of lines.entries()) {
      if (isOption(line)) assert.ok(isOption(lines[index - 1]) || /^# \S/.test(lines[index - 1]), `${line} has no comment above it`);
    }
  });

  test('No interface through which code or memory could come in after the measurement is on', () => {
    for (const symbol of [
      'MODULES', 'KEXEC', 'KEXEC_FILE', 'BPF_SYSCALL', 'IO_URING', 'USERFAULTFD', 'NAMESPACES', 'DEVMEM', 'DEVPORT', 'DEBUG_FS', 'SWAP',
      'BLOCK', 'PCI', 'ACPI', 'INET', 'IPV6', 'IA32_EMULATION', 'MAGIC_SYSRQ', 'PROC_KCORE', 'COREDUMP', 'X86_IOPL_IOPERM', 'LEGACY_TIOCSTI',
    ]) assert.equal(wished.get(symbol), null, symbol);
  });

  test('nsm-hwrng has no rival', () => {
    const sources = wishes.filter(({ symbol, value }) => symbol.startsWith('HW_RANDOM_') && value !== null);
    assert.deepEqual(sources, []);
    assert.equal(wished.get('HW_RANDOM'), 'y');
    assert.equal(wished.get('NSM'), 'y');
  });

  test('A kernel that is not sound reboots at once', () => {
    assert.equal(wished.get('PANIC_ON_OOPS'), 'y');
    assert.equal(wished.get('PANIC_TIMEOUT'), '-1');
  });
});

describe('patches', () => {
  test('Each begins with its reason', () => {
    const directory = path.join(import.meta.dirname, 'patches');
    for (const name of fs.readdirSync(directory)) {
      const text = fs.readFileSync(path.join(directory, name), 'utf8');
      const [reason] = text.split(/^--- a\//m);
      assert.ok(reason.split('\n').length > 4, `${name} has no reason`);
      assert.match(name, /^\d{4}-[a-z0-9-]+\.patch$/);
    }
  });
});

describe('The cache\'s key', () => {
  const source = { sha256: 'a' };
  const versions = { gcc: 'gcc 12', 'ld.bfd': 'ld 2.40', make: 'make 4' };
  let kernelDirectory;

  before(() => {
    kernelDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 'kernel-build-test-'));
    for (const name of ['kernel.fragment', 'patches', 'scripts']) {
      fs.cpSync(path.join(import.meta.dirname, name), path.join(kernelDirectory, name), { recursive: true });
    }
  });
  after(() => fs.rmSync(kernelDirectory, { recursive: true, force: true }));

  const key = (change = {}) => keyOfImage({ kernelDirectory, source, versions, ...change });

  /** The key after `append` has been added to a file, which then is as before. */
  function keyWith(name, append) {
    const file = path.join(kernelDirectory, name);
    const content = fs.existsSync(file) ? fs.readFileSync(file) : null;
    fs.appendFileSync(file, append);
    try {
      return key();
    } finally {
      if (content) fs.writeFileSync(file, content);
      else fs.rmSync(file);
    }
  }

  test('It depends on the source, the compiler, the options, the patches and the scripts that make the image', () => {
    const keys = [
      key(), key({ source: { sha256: 'b' } }), key({ versions: { ...versions, gcc: 'gcc 13' } }), key({ versions: { ...versions, 'ld.bfd': 'ld 3' } }),
      keyWith('kernel.fragment', 'CONFIG_NEW=y\n'), keyWith('patches/9999-new.patch', 'text'), keyWith('scripts/image.mjs', '// new\n'),
      keyWith('scripts/source.mjs', '// new\n'),
    ];
    assert.equal(new Set(keys).size, keys.length);
  });

  test('It does not depend on comments of options, nor on the folder', () => {
    assert.equal(keyWith('kernel.fragment', '# a better reason\n'), key());
    assert.equal(keyOfImage({ kernelDirectory: import.meta.dirname, source, versions }), key());
  });
});

describe('The environment of the kernel\'s build', () => {
  test('It has nothing of ours but PATH', () => {
    process.env.KCFLAGS = '-O0';
    const { PATH: searchPath, ...rest } = environment(new Date(Date.UTC(2026, 0, 2, 3, 4, 5)));
    delete process.env.KCFLAGS;
    assert.equal(searchPath, process.env.PATH);
    assert.deepEqual(rest, {
      LC_ALL: 'C', TZ: 'UTC', ARCH: 'x86_64', LD: 'ld.bfd',
      KBUILD_BUILD_USER: 'init', KBUILD_BUILD_HOST: 'init', KBUILD_BUILD_VERSION: '1',
      KBUILD_BUILD_TIMESTAMP: '2026-01-02T03:04:05.000Z', SOURCE_DATE_EPOCH: '1767323045',
    });
  });
});
