// Tests of Dockerfile.nitro without building it: what it starts from, what it copies, what it leaves. test-dockerfile.sh builds it.
// node --test scripts/dockerfile.test.mjs
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';

const root = path.join(import.meta.dirname, '..');
const dockerfile = fs.readFileSync(path.join(root, 'Dockerfile.nitro'), 'utf8');
const ignore = fs.readFileSync(path.join(root, '.dockerignore'), 'utf8');

const finalStages = {
  eif: ['COPY --from=image /eif/ /'],
  init: ['COPY --from=image /image/ /', 'ENTRYPOINT ["/init"]'],
};

/** Every rule that the text breaks, as `rule: what`. */
function faultsOf(text) {
  const { globals, stages } = parse(text);
  const names = stages.map(({ name }) => name);
  const faults = [];
  const expect = (holds, fault) => { if (!holds) faults.push(fault); };

  for (const [index, { name, base }] of stages.entries()) {
    const known = base === 'scratch' || names.slice(0, index).includes(base);
    const variable = /^(.*)\$\{(\w+)\}$/.exec(base);
    if (known) continue;
    expect(variable, `base: ${name} is from ${base}, neither a stage before it nor an argument`);
    if (!variable) continue;
    const value = globals.get(variable[2]);
    const pinned = variable[1] === '' ? /^[\w.-]+\.[a-z]+\/[\w./-]+@sha256:[0-9a-f]{64}$/.test(value) : names.slice(0, index).includes(variable[1] + value);
    expect(pinned, `base: ${name} is from ${base}=${value}, which has no digest and is no stage`);
  }

  const last = stages.at(-1);
  expect(last.name === 'init', `last: the last stage is ${last.name}`);
  for (const [name, instructions] of Object.entries(finalStages)) {
    const stage = stages.find((candidate) => candidate.name === name);
    expect(stage?.base === 'scratch', `last: ${name} is not from scratch`);
    expect(String(stage?.instructions) === String(instructions), `last: ${name} is ${stage?.instructions}`);
  }

  for (const { name, instructions } of stages) {
    for (const instruction of instructions) {
      const [keyword] = instruction.split(' ');
      expect(['RUN', 'COPY', 'ENV', 'ARG', 'WORKDIR', 'ENTRYPOINT'].includes(keyword), `instruction: ${keyword} in ${name}`);
      expect(!/secret|token|passw|credential|npmrc|nuget\.config|_proxy|--build-arg|https?:\/\//i.test(instruction), `outside: ${instruction}`);
      expect(!/\b(curl|wget)\b.*\|/.test(instruction), `outside: ${instruction}`);
    }
  }
  return faults;
}

/** What COPY takes from the build context, each as it stands there. */
function contextSources(text) {
  return parse(text).stages.flatMap(({ instructions }) => instructions)
    .filter((instruction) => /^COPY (?!--from)/.test(instruction))
    .flatMap((instruction) => instruction.split(' ').slice(1, -1));
}

function parse(text) {
  const lines = text.replace(/^#.*\n/gm, '').replace(/\\\n */g, '').split('\n').map((line) => line.trim()).filter(Boolean);
  const globals = new Map();
  const stages = [];
  for (const line of lines) {
    const from = /^FROM (\S+) AS (\S+)$/.exec(line);
    const argument = /^ARG (\w+)=(\S+)$/.exec(line);
    if (from) stages.push({ base: from[1], name: from[2], instructions: [] });
    else if (stages.length > 0) stages.at(-1).instructions.push(line);
    else if (argument) globals.set(argument[1], argument[2]);
    else throw new Error(`neither ARG nor FROM: ${line}`);
  }
  return { globals, stages };
}

describe('Dockerfile.nitro', () => {
  test('Its bases are pinned, its last stages are scratch, and nothing else comes from outside', () => {
    assert.deepEqual(faultsOf(dockerfile), []);
  });

  const breaks = {
    'a base without a digest': [/@sha256:[0-9a-f]+/, ':20-bookworm-slim', /^base: tools/],
    'a shortened digest': [/(@sha256:[0-9a-f]{60})[0-9a-f]+/, '$1', /^base: tools/],
    'a base that is no argument': ['FROM ${BUILD_BASE}', 'FROM docker.io/library/debian:12', /^base: tools/],
    'a source of points that is no stage': ['ARG CRS=ceremony', 'ARG CRS=nowhere', /^base: crs/],
    'a last stage on a distribution': ['FROM scratch AS init', 'FROM tools AS init', /^last: init is not from scratch/],
    'a stage behind the last': [/$/, '\nFROM scratch AS debug\n', /^last: the last stage is debug/],
    'a shell in the image': ['ENTRYPOINT', 'COPY --from=tools /bin/sh /bin/sh\nENTRYPOINT', /^last: init is/],
    'a shell that starts the program': ['ENTRYPOINT ["/init"]', 'ENTRYPOINT /init', /^last: init is/],
    'more in the EIF\'s folder': ['COPY --from=image /eif/ /', 'COPY --from=image / /', /^last: eif is/],
    'a file fetched without a pin': ['FROM scratch AS eif', 'FROM tools AS more\nADD https://example.org/x /x\nFROM scratch AS eif', /^instruction: ADD/],
    'a script fetched and run': ['RUN scripts/toolchain.sh', 'RUN curl example.org/x | sh && scripts/toolchain.sh', /^outside: /],
    'a secret': ['ENV RestoreLockedMode=true', 'ENV NUGET_TOKEN=x', /^outside: /],
    'a proxy': ['ENV RestoreLockedMode=true', 'ENV https_proxy=x', /^outside: /],
  };
  for (const [what, [from, to, fault]] of Object.entries(breaks)) {
    test(`With ${what} it would be refused`, () => {
      const broken = dockerfile.replace(from, to);
      assert.notEqual(broken, dockerfile);
      assert.ok(faultsOf(broken).some((line) => fault.test(line)), faultsOf(broken).join('\n'));
    });
  }

  test('The build context is what it copies, and nothing that a build leaves', () => {
    const sources = contextSources(dockerfile);
    for (const source of sources) assert.ok(fs.existsSync(path.join(root, source)), source);
    const lines = ignore.split('\n').filter((line) => line && !line.startsWith('#'));
    assert.equal(lines[0], '*');
    const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    assert.deepEqual(allowed.sort(), [...new Set(sources.map((source) => source.replace(/\/.*$/, '')))].sort());
    assert.deepEqual(lines.filter((line) => line.startsWith('**/')).sort(), ['**/bin', '**/node_modules', '**/obj']);
  });

  test('Every target that its comments and the documentation name is a stage', () => {
    const names = parse(dockerfile).stages.map(({ name }) => name);
    const texts = [dockerfile, ...['README.md', 'docs/docker.md'].map((file) => fs.readFileSync(path.join(root, file), 'utf8'))];
    const targets = texts.flatMap((text) => [...text.matchAll(/--target (\w+)/g)].map(([, target]) => target));
    assert.ok(targets.length >= 2);
    for (const target of targets) assert.ok(names.includes(target), target);
  });

  test('What compiles, links and strips the programs is named with its version, so that it is the same one here and there', () => {
    const targets = fs.readFileSync(path.join(root, 'native/prover/Prover.targets'), 'utf8');
    const setup = fs.readFileSync(path.join(root, 'scripts/setup.sh'), 'utf8');
    const tools = { CppCompilerAndLinker: ['clang-19', 'clang-19'], LinkerFlavor: ['lld-19', 'lld-19'], ObjCopyName: ['llvm-objcopy-19', 'llvm-19'] };
    for (const [property, [tool, debianPackage]] of Object.entries(tools)) {
      assert.ok(targets.includes(`<${property}>${tool}</${property}>`), property);
      assert.match(setup, new RegExp(`^  ${debianPackage} `, 'm'));
    }
  });

  test('The SDK that it installs is one that global.json takes, and its digest is whole', () => {
    const script = fs.readFileSync(path.join(root, 'scripts/install-sdk.sh'), 'utf8');
    const { sdk } = JSON.parse(fs.readFileSync(path.join(root, 'global.json'), 'utf8'));
    const [, version] = /^version=(\S+)$/m.exec(script);
    assert.match(script, /^sha512=[0-9a-f]{128}( |$)/m);
    assert.equal(sdk.rollForward, 'latestFeature');
    const [major, minor, patch] = version.split('.').map(Number);
    assert.deepEqual([major, minor], sdk.version.split('.').slice(0, 2).map(Number));
    assert.ok(patch >= Number(sdk.version.split('.')[2]));
  });

  test('An SDK that is not the pinned one is not installed', () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'init-sdk-'));
    try {
      fs.writeFileSync(path.join(directory, 'dotnet'), '#!/bin/sh\necho 1.0.0\n', { mode: 0o755 }); // another one is here
      fs.writeFileSync(path.join(directory, 'sdk.tar.gz'), 'not it');
      const { status, stderr } = spawnSync(path.join(root, 'scripts/install-sdk.sh'), ['--url', `file://${directory}/sdk.tar.gz`], {
        env: { ...process.env, PATH: `${directory}:${process.env.PATH}`, DOTNET_ROOT: path.join(directory, 'installed') }, encoding: 'utf8',
      });
      assert.equal(status, 1);
      assert.match(stderr, /not the file that is pinned/);
      assert.ok(!fs.existsSync(path.join(directory, 'installed')));
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  });
});
