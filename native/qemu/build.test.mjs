// Tests of QEMU's build: sources lists, finding a QEMU that is there, and how it fails.
// node --test native/qemu/build.test.mjs
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { deriveSources, exitUnavailable, parseDeb822, parseOneLine, readCodename, readEntries } from './scripts/apt.mjs';
import { keyOfQemu } from './scripts/compile.mjs';
import { describeQemu, findQemu, hasMachine, versionOf } from './scripts/probe.mjs';

const build = path.join(import.meta.dirname, 'build.mjs');
let scratch;

before(() => { scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'qemu-build-test-')); });
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

describe('Sources of packages', () => {
  const options = { codename: 'bookworm', suite: 'trixie' };
  const signed = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
  const expected = ['deb', 'deb-src'].map((type) => `${type} ${signed} http://archive.example/debian trixie main`);

  test('A one-line list gives its archive with the other release', () => {
    const text = `# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://archive.example/debian bookworm main contrib # trailing
deb http://archive.example/debian bookworm-updates main
deb http://security.example/debian-security bookworm-security main
deb-src http://archive.example/debian bookworm main
`;
    assert.deepEqual(deriveSources(parseOneLine(text), options), expected);
  });

  test('A deb822 file gives its archive with the other release', () => {
    const text = `Types: deb
# a comment
URIs: http://archive.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main
`;
    assert.deepEqual(deriveSources(parseDeb822(text), options), expected);
  });

  test('A field of a deb822 file may go on in the next line, and a key may be written into the file', () => {
    const text = `Types: deb deb-src
URIs:
 http://archive.example/debian
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 Suites: other
 -----END PGP PUBLIC KEY BLOCK-----
`;
    assert.deepEqual(deriveSources(parseDeb822(text), options), expected);
  });

  test('Third parties, disabled entries, discs and other releases give nothing', () => {
    const deb822 = (fields) => parseDeb822(`Types: deb\nURIs: http://x.example/debian\nSuites: bookworm\nComponents: main\n${fields}\n`);
    assert.equal(deriveSources(deb822(''), options).length, 2);
    assert.deepEqual(deriveSources(deb822('Enabled: no'), options), []);
    for (const line of [
      'deb https://x.example/apt cloud-sdk-bookworm main', 'deb https://x.example/node_20.x nodistro main', 'deb http://x.example/debian bookworm contrib',
      'deb cdrom:[Debian]/ bookworm main', 'deb http://x.example/debian ./', 'deb-src http://x.example/debian bookworm main', '',
    ]) assert.deepEqual(deriveSources(parseOneLine(line), options), [], line);
  });

  test('The same archive in two files is asked once, two archives both', () => {
    const lines = 'deb http://archive.example/debian bookworm main\ndeb http://archive.example/debian stable main\n';
    assert.deepEqual(deriveSources(parseOneLine(lines), options), expected);
    assert.equal(deriveSources(parseOneLine(`${lines}deb http://second.example/debian bookworm main\n`), options).length, 4);
  });

  test('All lists of a folder are read, by their suffix', () => {
    const directory = path.join(scratch, 'apt');
    fs.mkdirSync(path.join(directory, 'sources.list.d'), { recursive: true });
    assert.deepEqual(readEntries(directory), []);
    fs.writeFileSync(path.join(directory, 'sources.list'), 'deb http://one.example/debian bookworm main\n');
    fs.writeFileSync(path.join(directory, 'sources.list.d/a.list'), 'deb http://two.example/debian bookworm main\n');
    fs.writeFileSync(path.join(directory, 'sources.list.d/b.sources'), 'Types: deb\nURIs: http://three.example/debian\nSuites: bookworm\nComponents: main\n');
    fs.writeFileSync(path.join(directory, 'sources.list.d/c.list.save'), 'deb http://four.example/debian bookworm main\n');
    assert.deepEqual(readEntries(directory).flatMap(({ uris }) => uris), ['http://one.example/debian', 'http://two.example/debian', 'http://three.example/debian']);
  });

  test('Only Debian has a codename here', () => {
    assert.equal(readCodename('PRETTY_NAME="x"\nVERSION_CODENAME=bookworm\nID=debian\n'), 'bookworm');
    assert.equal(readCodename('ID="debian"\nVERSION_CODENAME="trixie"\n'), 'trixie');
    assert.equal(readCodename('ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n'), undefined);
  });
});

describe('A QEMU that is there', () => {
  /** A folder with a program that answers like QEMU. */
  function fakeQemu(name, { machines, version = 'QEMU emulator version 9.2.1 (Fake)', mode = 0o755 }) {
    const directory = path.join(scratch, name);
    fs.mkdirSync(directory);
    fs.writeFileSync(path.join(directory, 'qemu-system-x86_64'), `#!/bin/sh\nif [ "$1" = -M ]; then echo '${machines}'; else echo '${version}'; fi\n`, { mode });
    return directory;
  }

  test('The machine is recognised in the list of machines, and only there', () => {
    assert.ok(hasMachine('Supported machines are:\nmicrovm              microvm (i386)\nnitro-enclave        AWS Nitro Enclave\n'));
    assert.ok(!hasMachine('microvm              microvm (i386), not nitro-enclave\n'));
    assert.equal(versionOf('QEMU emulator version 10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)\n'), '10.0.13');
    assert.equal(versionOf('something else'), undefined);
  });

  test('The first on the path counts, and it must have the machine and run', async () => {
    const good = fakeQemu('good', { machines: 'nitro-enclave        AWS Nitro Enclave' });
    const without = fakeQemu('without', { machines: 'microvm              microvm (i386)' });
    const notExecutable = fakeQemu('not-executable', { machines: 'nitro-enclave        AWS Nitro Enclave', mode: 0o644 });
    assert.deepEqual(await findQemu(`${notExecutable}:${good}:${without}`), { file: path.join(good, 'qemu-system-x86_64'), version: '9.2.1' });
    assert.equal(await findQemu(`${without}:${good}`), null);
    assert.equal(await findQemu(`/no/such/folder:${notExecutable}`), null);
    const broken = path.join(scratch, 'broken');
    fs.writeFileSync(broken, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    assert.equal(await describeQemu(broken), null);
  });

  test('It is published as a link, as it is', () => {
    const good = fakeQemu('published', { machines: 'nitro-enclave        AWS Nitro Enclave' });
    const out = path.join(scratch, 'out');
    const environment = { ...process.env, PATH: `${good}:${process.env.PATH}` };
    for (let run = 0; run < 2; run++) {
      const { status, stderr } = spawnSync(process.execPath, [build, '--out', out], { encoding: 'utf8', env: environment });
      assert.equal(status, 0, stderr);
      assert.equal(fs.readlinkSync(path.join(out, 'bin/qemu-system-x86_64')), path.join(good, 'qemu-system-x86_64'));
      assert.deepEqual(JSON.parse(fs.readFileSync(path.join(out, 'manifest.json'))).patches, []);
    }
  });
});

describe('A source that cannot be had', () => {
  /** Runs the build with an apt-get that fails, and nothing cached. */
  function buildWithoutArchive() {
    const directory = fs.mkdtempSync(path.join(scratch, 'no-archive-'));
    fs.writeFileSync(path.join(directory, 'apt-get'), '#!/bin/sh\necho "E: no such release" >&2\nexit 100\n', { mode: 0o755 });
    return spawnSync(process.execPath, [build, '--from-source', '--out', path.join(directory, 'out')], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${directory}:${process.env.PATH}`, INIT_CACHE: path.join(directory, 'cache') },
    });
  }

  test('It is told from other failures by the exit code, and the message says what was tried', () => {
    const { status, stderr } = buildWithoutArchive();
    assert.equal(status, exitUnavailable);
    assert.match(stderr, /^qemu: error: QEMU's source cannot be had: .*trixie/);
    assert.match(stderr, /no such release/);
    assert.match(stderr, /^qemu: hint: /m);
    assert.notEqual(exitUnavailable, 1);
  });

  test('A wrong option is an ordinary failure', () => {
    assert.equal(spawnSync(process.execPath, [build, '--no-such-option']).status, 1);
  });
});

describe('The cache\'s key', () => {
  test('It depends on the suite, the compiler, the patches and the script that compiles', () => {
    const qemuDirectory = path.join(scratch, 'qemu');
    for (const name of ['patches', 'scripts']) fs.cpSync(path.join(import.meta.dirname, name), path.join(qemuDirectory, name), { recursive: true });
    const inputs = { qemuDirectory, suite: 'trixie', tools: { gcc: 'gcc 12' } };
    const keys = [keyOfQemu(inputs), keyOfQemu({ ...inputs, suite: 'forky' }), keyOfQemu({ ...inputs, tools: { gcc: 'gcc 13' } })];
    assert.equal(keyOfQemu({ ...inputs, qemuDirectory: import.meta.dirname }), keys[0]);
    fs.appendFileSync(path.join(qemuDirectory, 'scripts/apt.mjs'), '// new\n');
    assert.equal(keyOfQemu(inputs), keys[0]);
    fs.appendFileSync(path.join(qemuDirectory, 'scripts/compile.mjs'), '// new\n');
    keys.push(keyOfQemu(inputs));
    fs.writeFileSync(path.join(qemuDirectory, 'patches/9999-new.patch'), 'text');
    keys.push(keyOfQemu(inputs));
    assert.equal(new Set(keys).size, keys.length);
  });
});
