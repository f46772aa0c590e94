#!/usr/bin/env node
// What an executable or a kernel consists of: the packages its inputs came from, with version, origin and licence, as JSON for
// `enclave image build --components`. Facts come from the linker's own account, from package databases and from the manifests of the
// builds; an input that nothing accounts for is an error. No path of this machine and no time gets in.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { sha256 } from './cache.mjs';
import { BuildError, run, runMain } from './process.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const format = 'init-components-1';
const usage = `usage: node native/scripts/components.mjs program FILE --link DIR --ilc FILE --packages DIR --output FILE
       node native/scripts/components.mjs kernel DIR --output FILE
`;

/** ILC is given this pack's assemblies that its own package lacks (WindowsBase, which only forwards types): no code of them is compiled. */
const referenceOnly = /^microsoft\.netcore\.app\.runtime\./;

const byName = (a, b) => (a.purl < b.purl ? -1 : a.purl > b.purl ? 1 : 0);
const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const artifact = (file) => ({ sizeBytes: fs.statSync(file).size, sha384: crypto.createHash('sha384').update(fs.readFileSync(file)).digest('hex') });

/** The object files and archives that the linker took something from; paths as the linker named them. */
export function linkedFiles(dependencies, extracted) {
  // Makefile form: `target: a \ b ..`, then an empty rule for each file.
  const [, list] = /^[^:]*:((?:.*\\\n)*.*)\n/.exec(dependencies) ?? [];
  if (list === undefined) throw new BuildError('read link.d: not a rule of make');
  const opened = list.split(/\s+/).filter((word) => word && word !== '\\');
  // reference, extracted `archive(member)`, symbol; the first line names the columns.
  const archives = new Set(extracted.split('\n').slice(1).filter(Boolean).map((line) => /^[^\t]*\t(.*)\([^()]*\)\t/.exec(line)?.[1] ?? ''));
  if (archives.has('')) throw new BuildError('read extracted.tsv: a line without an archive');

  // One file names an archive as it was given, the other without `..`.
  const used = new Set([...archives].map((file) => path.normalize(file)));
  const files = new Set(opened.map((file) => path.normalize(file)));
  const unknown = [...used].find((file) => !files.has(file));
  if (unknown) throw new BuildError(`read extracted.tsv: ${unknown} is not among what the linker opened`);
  return [...files].filter((file) => /\.o$/.test(file) || used.has(file));
}

/** The packages of assemblies that ILC was told to reference, as folders `id/version` below `packages`. */
export function referencedPackages(rsp, packages) {
  const files = rsp.split('\n').filter((line) => line.startsWith('-r:')).map((line) => line.slice(3).trim());
  const inPackages = files.map((file) => path.relative(packages, file)).filter((file) => !file.startsWith('..') && !path.isAbsolute(file));
  return [...new Set(inPackages.map((file) => file.split(path.sep).slice(0, 2).join('/')))].filter((folder) => !referenceOnly.test(folder)).sort();
}

/** The licence of `Files: *` in a machine-readable Debian copyright file, or why there is none. */
export function debianLicence(copyright) {
  if (!/^Format: https?:\/\/www\.debian\.org\/doc\/packaging-manuals\/copyright-format\//m.test(copyright.slice(0, 400))) {
    return { licenceUnknown: "Debian's copyright file is not machine-readable" };
  }
  const paragraph = copyright.split(/\n\s*\n/).find((text) => /^Files:\s*\*\s*$/m.test(text));
  const [, licence] = /^License: (.+)$/m.exec(paragraph ?? '') ?? [];
  return licence ? { licence: licence.trim() } : { licenceUnknown: "Debian's copyright file names none for Files: *" };
}

async function debianPackage(name, arch, extra) {
  const show = await run('dpkg-query', ['-W', '-f', '${Package}\\t${Version}\\t${Architecture}\\t${source:Package}\\t${source:Version}\\n', arch ? `${name}:${arch}` : name]);
  const [id, version, architecture, source, sourceVersion] = show.toString('utf8').trim().split('\t');
  const copyright = `/usr/share/doc/${id}/copyright`;
  return {
    name: id, version, purl: `pkg:deb/debian/${id}@${encodeURIComponent(version).replaceAll('%3A', ':').replaceAll('%2B', '+')}?arch=${architecture}`,
    origin: `Debian source package ${source} ${sourceVersion}`,
    ...(fs.existsSync(copyright) ? debianLicence(fs.readFileSync(copyright, 'utf8')) : { licenceUnknown: "Debian's copyright file is not installed" }),
    ...extra,
  };
}

/** Which Debian package a file belongs to, [name, arch]. */
async function ownerOf(file) {
  const real = fs.realpathSync(file);
  // Files of a merged /usr are in the database under either name.
  for (const candidate of [real, real.replace(/^\/usr/, '')]) {
    const found = await run('dpkg', ['-S', candidate]).catch(() => undefined);
    const [, name, arch] = /^([^:\s,]+)(?::([^:\s,]+))?: /.exec(found?.toString('utf8') ?? '') ?? [];
    if (name) return { name, arch };
  }
  throw new BuildError(`${file} is linked, and no package has it`, 'only what a Debian or NuGet package or this checkout provides can be accounted for');
}

function nugetPackage(packages, folder, extra) {
  const directory = path.join(packages, folder);
  const nuspec = fs.readdirSync(directory).find((name) => name.endsWith('.nuspec'));
  const text = fs.readFileSync(path.join(directory, nuspec), 'utf8');
  const field = (pattern) => pattern.exec(text)?.[1];
  const id = field(/<id>([^<]+)<\/id>/);
  const version = field(/<version>([^<]+)<\/version>/);
  const repository = /<repository\b[^>]*>/.exec(text)?.[0] ?? '';
  const url = /\burl="([^"]+)"/.exec(repository)?.[1];
  const commit = /\bcommit="([^"]+)"/.exec(repository)?.[1];
  const licence = field(/<license type="expression">([^<]+)<\/license>/);
  return {
    name: id, version, purl: `pkg:nuget/${id}@${version}`,
    origin: url ? `${url}${commit ? `, commit ${commit}` : ''}` : 'NuGet; the package names no repository',
    ...(licence ? { licence } : { licenceUnknown: 'the package names no licence expression' }), ...extra,
  };
}

function npmPackage(directory, name, version, extra) {
  const description = readJson(path.join(directory, 'node_modules', name, 'package.json'));
  if (description.version !== version) throw new BuildError(`npm package ${name} is ${description.version}, pinned is ${version}`);
  return {
    name, version, purl: `pkg:npm/${name.replace('@', '%40')}@${version}`, origin: 'npm',
    ...(description.license ? { licence: description.license } : { licenceUnknown: 'the package names none' }), ...extra,
  };
}

/** What libprover.a was made of, if it is the one that the prover's manifest describes. */
async function proverComponents(archive) {
  const manifest = readJson(path.join(path.dirname(archive), 'manifest.json'));
  const name = path.basename(archive);
  if (manifest.outputs[name]?.sha256 !== sha256(fs.readFileSync(archive))) throw new BuildError(`${name} is not the one that its manifest describes`, 'make native');
  const { wasmGzip, wasm2c } = manifest.inputs;
  const prover = path.join(root, 'native/prover');
  return {
    tools: manifest.tools,
    components: [
      npmPackage(prover, wasmGzip.package, wasmGzip.version, {
        files: [{ name: wasmGzip.file, sha256: wasmGzip.sha256 }],
        note: 'translated to C from WebAssembly; what its makers linked into the module is not listed by them',
      }),
      npmPackage(prover, wasm2c.package, wasm2c.version, { note: 'support code that wasm2c emits into the translated C' }),
      await debianPackage('libsimde-dev', undefined, { note: 'headers, compiled into the translated C' }),
    ],
  };
}

async function describeProgram(file, { link, ilc, packages }) {
  const nuget = new Map(referencedPackages(fs.readFileSync(ilc, 'utf8'), packages).map((folder) => [folder, new Set()]));
  const debian = new Map();
  const own = [];
  let prover = { components: [], tools: {} };
  for (const name of linkedFiles(fs.readFileSync(path.join(link, 'link.d'), 'utf8'), fs.readFileSync(path.join(link, 'extracted.tsv'), 'utf8'))) {
    const full = path.resolve(name);
    const inPackages = path.relative(packages, full);
    if (!inPackages.startsWith('..')) {
      const folder = inPackages.split(path.sep).slice(0, 2).join('/');
      nuget.set(folder, (nuget.get(folder) ?? new Set()).add(path.basename(full)));
    } else if (full.startsWith(root + path.sep)) {
      if (/^libprover.*\.a$/.test(path.basename(full))) prover = await proverComponents(full);
      else own.push(path.basename(full));
    } else {
      const { name: owner, arch } = await ownerOf(full);
      const known = debian.get(owner) ?? { arch, files: new Set() };
      known.files.add(path.basename(full));
      debian.set(owner, known);
    }
  }
  const filesOf = (names) => ({ files: [...names].sort().map((name) => ({ name })) });
  return {
    format,
    artifact: artifact(file),
    components: [
      ...[...nuget].map(([folder, names]) => nugetPackage(packages, folder, filesOf(names))),
      ...await Promise.all([...debian].map(([name, { arch, files }]) => debianPackage(name, arch, filesOf(files)))),
      ...prover.components,
    ].sort(byName),
    ownFiles: own.sort(),
    tools: { ...prover.tools, 'dotnet SDK': (await run('dotnet', ['--version'])).toString('utf8').trim() },
    options: {},
  };
}

async function describeKernel(directory) {
  const manifest = readJson(path.join(directory, 'manifest.json'));
  const image = path.join(directory, 'bzImage');
  const config = fs.readFileSync(path.join(directory, 'config'));
  if (manifest.outputs.bzImage.sha256 !== sha256(fs.readFileSync(image)) || manifest.outputs.config.sha256 !== sha256(config)) {
    throw new BuildError('the kernel is not the one that its manifest describes', 'make kernel');
  }
  const { package: name, version, sha256: sourceSha256 } = manifest.source;
  const source = await debianPackage(name, undefined, { files: [{ name: `${name}.tar.xz`, sha256: sourceSha256 }] });
  if (source.version !== version) throw new BuildError(`${name} is ${source.version}, the kernel was made from ${version}`, 'make kernel');
  const patches = manifest.patches.map((patch) => ({ name: path.basename(patch), sha256: sha256(fs.readFileSync(path.join(root, 'native/kernel', patch))) }));
  const options = config.toString('utf8').split('\n').map((line) => /^(CONFIG_\w+)=(.*)$/.exec(line)).filter(Boolean).map(([, key, value]) => [key, value]);
  return {
    format,
    artifact: artifact(image),
    components: [{ ...source, files: [...source.files, ...patches], note: `Linux ${manifest.kernelVersion}, with the patches listed` }],
    ownFiles: [],
    tools: manifest.tools,
    options: Object.fromEntries(options.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function parseCommandLine() {
  const string = { type: 'string' };
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { link: string, ilc: string, packages: string, output: string } });
    const [kind, file] = positionals;
    const needed = { program: ['link', 'ilc', 'packages', 'output'], kernel: ['output'] }[kind];
    if (positionals.length !== 2 || !needed || needed.some((name) => !values[name])) throw new BuildError('arguments are missing', usage);
    return { kind, file, values };
  } catch (error) {
    throw error instanceof BuildError ? error : new BuildError(error.message, usage);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain('components', async () => {
    const { kind, file, values } = parseCommandLine();
    const description = kind === 'program' ? await describeProgram(file, values) : await describeKernel(file);
    fs.writeFileSync(values.output, `${JSON.stringify(description, null, 2)}\n`);
  });
}
