import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { debianLicence, linkedFiles, referencedPackages } from './components.mjs';

const script = path.join(import.meta.dirname, 'components.mjs');

test('an archive counts when the linker took a member of it, an object always', () => {
  const dependencies = 'out/init: \\\n obj/init.exports \\\n /lib/crt1.o \\\n /lib/libused.a \\\n /lib/libunused.a\n\n/lib/crt1.o:\n';
  const extracted = 'reference\textracted\tsymbol\n/lib/crt1.o\t/lib/x/../libused.a(a.o)\tmain\n';
  assert.deepEqual(linkedFiles(dependencies, extracted), ['/lib/crt1.o', '/lib/libused.a']);
});

test('a linker whose two accounts disagree is not believed', () => {
  assert.throws(() => linkedFiles('init: \\\n /lib/crt1.o\n', 'reference\textracted\tsymbol\na\t/lib/libx.a(a.o)\tmain\n'), /libx\.a is not among/);
  assert.throws(() => linkedFiles('init: \\\n /lib/crt1.o\n', 'reference\textracted\tsymbol\na\t/lib/x.o\tmain\n'), /a line without an archive/);
  assert.throws(() => linkedFiles('', ''), /not a rule/);
});

test('assemblies count by their package, but for the pack of references', () => {
  const rsp = 'obj/init.dll\n-r:/p/system.x/1.0/lib/X.dll\n-r:/p/system.x/1.0/lib/Y.dll\n-r:/home/own.dll\n-r:/p/microsoft.netcore.app.runtime.linux-x64/9/W.dll\n-O\n';
  assert.deepEqual(referencedPackages(rsp, '/p'), ['system.x/1.0']);
});

test("a licence is what Debian's file says of all files, and otherwise unknown with a reason", () => {
  const format = 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n';
  assert.deepEqual(debianLicence(`${format}Files: a\nLicense: GPL-2\n\nFiles: *\nCopyright: x\nLicense: MIT\n text\n`), { licence: 'MIT' });
  assert.match(debianLicence(`${format}Files: a\nLicense: GPL-2\n`).licenceUnknown, /names none/);
  assert.match(debianLicence('This package was debianized by ..\nLicense: MIT\n').licenceUnknown, /not machine-readable/);
});

test('a kernel that is not the one its manifest describes is refused', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'components-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex');
  fs.writeFileSync(path.join(folder, 'bzImage'), 'kernel');
  fs.writeFileSync(path.join(folder, 'config'), 'CONFIG_A=y\n');
  const outputs = { bzImage: { sha256: sha256('another') }, config: { sha256: sha256('CONFIG_A=y\n') } };
  fs.writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ outputs, source: {}, patches: [], tools: {} }));
  const { status, stderr } = spawnSync(process.execPath, [script, 'kernel', folder, '--output', path.join(folder, 'out.json')], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /^components: error: the kernel is not the one that its manifest describes\n/);
  assert.ok(!fs.existsSync(path.join(folder, 'out.json')));
});

test('the command line is checked', () => {
  const { status, stderr } = spawnSync(process.execPath, [script, 'program', 'x'], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /arguments are missing/);
});
