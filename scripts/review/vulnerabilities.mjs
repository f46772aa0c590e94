// What can be told without the internet of what is known to be wrong with the packages in the image: whether Debian has a newer version, and
// which vulnerabilities the changelog of the version in the image says are fixed.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { parts, readManifest } from './image.mjs';
import { head, table } from './markdown.mjs';

const shownCves = 6;

export function vulnerabilitiesPage(root) {
  const components = parts(readManifest(root)).flatMap((part) => part.Components);
  const debian = components.filter(({ Purl }) => Purl.startsWith('pkg:deb/'));
  const others = components.filter(({ Purl }) => !Purl.startsWith('pkg:deb/'));
  const text = head('Known vulnerabilities of what is in the image', 'the packages\' changelogs and Debian\'s lists, on the day below', 'apt-cache policy libssl-dev linux-source-6.12\nless /usr/share/doc/libssl-dev/changelog.Debian.gz') +
    `Made on ${new Date().toISOString().slice(0, 10)}. \`make setup\` brings the packages that are linked into the image to the newest version in Debian's lists, security ` +
    'updates among them; the image has to be built again for that, and its PCRs change. CI compares the packages and versions with the image, not the day.\n\n## Debian\n\n' +
    table(['package', 'version', 'newest in Debian\'s lists', 'vulnerabilities that its changelog says are fixed'], debian.map((component) => [
      component.Name, component.Version, newest(component), fixed(component.Name),
    ])) +
    'What is known and not fixed yet stands in Debian\'s security tracker, by source package; it cannot be read without the internet. ' +
    'With it: `debsecan --suite bookworm --format detail`, for the packages above.\n\n## Others\n\n' +
    table(['package', 'version', 'how to ask'], others.map(({ Name, Version, Purl }) => [Name, Version, Purl.startsWith('pkg:npm/') ? '`npm audit --prefix native/prover`' : '`dotnet list src/Init package --vulnerable --include-transitive`'])) +
    'Both need their registry\'s feed of advisories. Where this page was made neither had one: npm\'s answered with an error, and NuGet\'s told of nothing ' +
    'even for a package that is known to be vulnerable, so its silence means nothing. `out/image/sbom.json` has what any scanner of CycloneDX bills takes.\n\n' +
    '.NET 10 is supported until November 2028; a fix in its runtime needs a newer SDK and a new image ([decision 0001](../decisions/0001-target-framework.md)).\n';
  return { name: 'vulnerabilities.md', text, comparable: packagesAndVersions };
}

/** The page without the day and what Debian says on it. */
const packagesAndVersions = (text) => text.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.split('|').slice(1, 3).join('|')).join('\n');

function newest({ Name, Version }) {
  const candidate = /Candidate: (.*)/.exec(execFileSync('apt-cache', ['policy', Name], { encoding: 'utf8' }))?.[1];
  return candidate === Version ? 'the same' : candidate ?? 'not in them';
}

function fixed(name) {
  const changelog = ['changelog.Debian.gz', 'changelog.Debian.amd64.gz'].map((file) => path.join('/usr/share/doc', name, file)).find((file) => fs.existsSync(file));
  if (!changelog) return 'no changelog is installed';
  const all = [...new Set(zlib.gunzipSync(fs.readFileSync(changelog)).toString().match(/CVE-\d+-\d+/g))];
  return all.length === 0 ? 'none' : `${all.length}; the latest: ${all.slice(0, shownCves).join(', ')}`;
}
