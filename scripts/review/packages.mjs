// Each package of which there is code in the image, from out/image/manifest.json.
import { builtFrom, builtOtherwise, parts, readManifest } from './image.mjs';
import { head, table } from './markdown.mjs';

export function packagesPage(root) {
  const manifest = readManifest(root);
  const rows = parts(manifest).flatMap((part) => part.Components.map((component) => [
    part.Path, component.Name, component.Version, component.Origin, component.Licence ?? `not told by a machine-readable file: ${licence(component)}`,
    [component.Files.map((file) => file.Name).join(', '), component.Note].filter(Boolean).join('; '),
  ]));
  const tools = parts(manifest).flatMap((part) => Object.entries(part.Tools ?? {}).map(([tool, version]) => [part.Path, tool, version]));
  const text = head('Packages in the image, and their licences', '`out/image/manifest.json`', 'make image && less out/image/sbom.json    # CycloneDX 1.6') +
    'What the linker took, package by package; a file that no package accounts for fails the build ([docs/image.md](../image.md)). Whose code it is, and ' +
    'under which terms, is also in [NOTICE](../../NOTICE). What is known to be wrong with these versions: [vulnerabilities.md](vulnerabilities.md).\n\n' +
    table(['in', 'package', 'version', 'origin', 'licence', 'what of it'], rows) +
    '## Tools\n\n' + table(['for', 'tool', 'version'], tools) + `${builtFrom(manifest)}\n`;
  return { name: 'packages.md', text, builtOtherwise: builtOtherwise(manifest) };
}

/** As NOTICE says it, for packages whose copyright file no program can read. */
function licence({ Name }) {
  const said = { 'libc6-dev': 'LGPL 2.1 or later', 'libgcc-12-dev': 'GPL 3 with the GCC Runtime Library Exception' }[Name];
  if (!said) throw new Error(`nobody has said what the licence of ${Name} is`);
  return said;
}
