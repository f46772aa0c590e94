// What scripts/guards.mjs would take away is there to be taken, and the test that it names exists.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { guards, switched } from './table.mjs';

const root = path.join(import.meta.dirname, '../..');

function sourcesIn(folder) {
  return fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.cs') && !/(^|\/)(obj|bin)\//.test(name)).map((name) => fs.readFileSync(path.join(folder, name), 'utf8'));
}

test('Each guard stands where the table says, once', () => {
  for (const { name, file, text } of guards) assert.equal(fs.readFileSync(path.join(root, file), 'utf8').split(text).length, 2, `${name}: ${file} does not have "${text}" once`);
});

test('Each test that must fail exists', () => {
  const projects = new Map([...new Set(guards.map(({ project }) => project))].map((name) => [name, sourcesIn(path.join(root, `tests/${name}.Tests`)).join('\n')]));
  for (const { name, project, test: wanted } of guards) {
    const [type, method] = wanted.split('.');
    assert.ok(projects.get(project).includes(`class ${type}`), `${name}: no ${type} in tests/${project}.Tests`);
    assert.ok(projects.get(project).includes(` ${method}`), `${name}: no ${wanted} in tests/${project}.Tests`);
  }
});

test('A guard is there until its number is set', () => {
  assert.equal(switched({ text: 'Erase();' }, 3), 'if (!(System.Environment.GetEnvironmentVariable("INIT_GUARD") == "3")) { Erase(); }');
  assert.equal(switched({ text: 'a > b', without: 'false' }, 4), '((System.Environment.GetEnvironmentVariable("INIT_GUARD") == "4") ? (false) : (a > b))');
});
