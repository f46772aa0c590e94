// Debian packages of another release, without touching the system's apt: a sources list of our own, derived from the
// machine's, with lists and state in a folder of our own. Signatures are checked with Debian's keyring.
import fs from 'node:fs';
import path from 'node:path';
import { BuildError, run } from '../../scripts/process.mjs';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The exit code of "the source cannot be had here": a caller may go on without QEMU. */
export const exitUnavailable = 3;

/** The entries of a one-line list (sources.list(5)): [{ types, uris, suites, components }]. */
export function parseOneLine(text) {
  return text.split('\n').flatMap((line) => {
    const [, type, uri, suite, components] = /^\s*(deb|deb-src)\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)([^#]*)/.exec(line) ?? [];
    return type ? [{ types: [type], uris: [uri], suites: [suite], components: words(components) }] : [];
  });
}

/** The entries of a deb822 file; disabled ones are left out. */
export function parseDeb822(text) {
  return text.replace(/^#.*\n?/gm, '').split(/\n[ \t]*\n/).flatMap((paragraph) => {
    const fields = Object.fromEntries([...paragraph.matchAll(/^([\w-]+):((?:.*(?:\n[ \t].*)*))/gm)]
      .map(([, name, value]) => [name.toLowerCase(), value]));
    if (!fields.types || /^\s*(no|false|off|0)\s*$/i.test(fields.enabled ?? '')) return [];
    return [{ types: words(fields.types), uris: words(fields.uris), suites: words(fields.suites), components: words(fields.components) }];
  });
}

const words = (text = '') => text.split(/\s+/).filter(Boolean);

/**
 * Our own list: from each archive that the machine has Debian's main component of its own release from, `suite`. An
 * archive is told by that (third parties have other suites or components), and whatever it delivers must be signed by
 * Debian.
 */
export function deriveSources(entries, { codename, suite }) {
  const own = new Set([codename, 'stable', 'oldstable', 'testing', 'unstable', 'sid']);
  const uris = entries
    .filter(({ types, suites, components }) => types.includes('deb') && components.includes('main') && suites.some((name) => own.has(name)))
    .flatMap((entry) => entry.uris)
    .filter((uri) => !uri.startsWith('cdrom:'));
  return [...new Set(uris)].flatMap((uri) => ['deb', 'deb-src'].map((type) => `${type} [signed-by=${keyring}] ${uri} ${suite} main`));
}

/** The entries of all lists of the machine. */
export function readEntries(directory = '/etc/apt') {
  const parts = path.join(directory, 'sources.list.d');
  const names = fs.existsSync(parts) ? fs.readdirSync(parts).sort().map((name) => path.join(parts, name)) : [];
  return [path.join(directory, 'sources.list'), ...names].flatMap((file) => {
    if (!fs.existsSync(file)) return [];
    const text = fs.readFileSync(file, 'utf8');
    return file.endsWith('.sources') ? parseDeb822(text) : file.endsWith('.list') ? parseOneLine(text) : [];
  });
}

/** VERSION_CODENAME of os-release(5). */
export function readCodename(text) {
  const value = (name) => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1];
  return value('ID') === 'debian' ? value('VERSION_CODENAME') : undefined;
}

/** An apt that knows `suite` alone and keeps its state in `directory`. */
export class Apt {
  #options;

  constructor(directory, suite) {
    this.suite = suite;
    this.#options = Object.entries({
      'Dir::Etc::SourceList': path.join(directory, 'sources.list'),
      'Dir::Etc::SourceParts': '/dev/null',
      'Dir::State': path.join(directory, 'state'),
      'Dir::State::Status': path.join(directory, 'status'), // what is installed here is of no account
      'Dir::Cache': path.join(directory, 'cache'),
      'Acquire::AllowInsecureRepositories': 'false',
      'Acquire::Languages': 'none',
      'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
      'APT::Get::AllowUnauthenticated': 'false',
      'APT::Update::Error-Mode': 'any',
      'APT::Sandbox::User': 'root', // _apt cannot write to the cache folder of whoever builds
    }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    this.directory = directory;
  }

  /** Reads the archive's indexes. */
  async update() {
    if (!fs.existsSync(keyring)) throw unavailable(`${keyring} is not there`, 'it comes with the Debian package debian-archive-keyring');
    const codename = readCodename(fs.readFileSync('/etc/os-release', 'utf8'));
    const sources = codename ? deriveSources(readEntries(), { codename, suite: this.suite }) : [];
    if (sources.length === 0) throw unavailable('no archive of Debian in this machine\'s apt sources', 'put a qemu-system-x86_64 that has the nitro-enclave machine on PATH');
    for (const folder of ['state/lists/partial', 'cache/archives/partial']) fs.mkdirSync(path.join(this.directory, folder), { recursive: true });
    fs.writeFileSync(path.join(this.directory, 'sources.list'), `${sources.join('\n')}\n`);
    fs.writeFileSync(path.join(this.directory, 'status'), '');
    await this.#get(['update'], `read the index of ${this.suite}`);
  }

  /** Downloads the source package `name` into `into` and returns the path of its .dsc. */
  async source(name, into) {
    await this.#get(['source', '--download-only', '--only-source', name], `download the source package ${name} of ${this.suite}`, into);
    return path.join(into, fs.readdirSync(into).find((file) => file.startsWith(`${name}_`) && file.endsWith('.dsc')));
  }

  /** Downloads binary packages into `into` and unpacks them there; nothing is installed. */
  async unpack(names, into) {
    await this.#get(['download', ...names], `download ${names.join(' and ')} of ${this.suite}`, into);
    for (const file of fs.readdirSync(into).filter((file) => file.endsWith('.deb'))) await run('dpkg-deb', ['-x', path.join(into, file), into]);
  }

  async #get(args, operation, cwd) {
    await run('apt-get', ['-q', ...this.#options, ...args], { cwd }).catch((error) => {
      throw unavailable(`${operation}: ${error.message}`, 'put a qemu-system-x86_64 that has the nitro-enclave machine on PATH');
    });
  }
}

function unavailable(message, hint) {
  return new BuildError(`QEMU's source cannot be had: ${message}`, hint, exitUnavailable);
}
