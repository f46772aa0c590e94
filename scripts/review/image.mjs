// What is in the image, from out/image/manifest.json.
import fs from 'node:fs';
import path from 'node:path';
import { head, number, table } from './markdown.mjs';

export const readManifest = (root) => JSON.parse(fs.readFileSync(path.join(root, 'out/image/manifest.json'), 'utf8'));

/** Every part of the image that was made of packages, the kernel among them. */
export const parts = (manifest) => [{ Path: 'kernel', ...manifest.Kernel }, ...manifest.Files].filter((part) => part.Components?.length > 0);

/** One line for what the image was built from, so that a page can tell another build from a stale one. */
export function builtFrom(manifest) {
  const packages = parts(manifest).flatMap((part) => part.Components.map(({ Name, Version }) => `${Name} ${Version}`));
  const tools = parts(manifest).flatMap((part) => Object.entries(part.Tools ?? {}).map(([tool, version]) => (version.startsWith(tool) ? version : `${tool} ${version}`)));
  const points = manifest.Files.filter((file) => file.Path.startsWith('/crs/')).map((file) => `${file.Path} ${file.Sha384.slice(0, 16)}`);
  return `Built from: ${[...new Set([...packages, ...tools, ...points])].sort().join('; ')}.`;
}

/** The reason why a kept page may differ: it was made where other packages, tools or points were. */
export const builtOtherwise = (manifest) => (kept) => {
  const before = /^Built from: .*$/m.exec(kept)?.[0];
  return before && before !== builtFrom(manifest) ? 'it is of an image built from other packages, tools or points than are here' : undefined;
};

export function imagePage(root) {
  const manifest = readManifest(root);
  const files = [
    ['(kernel)', '', number(manifest.Kernel.SizeBytes), manifest.Kernel.Sha384],
    ...manifest.Files.map((file) => [file.Path, file.Mode, file.SizeBytes === undefined ? '' : number(file.SizeBytes), file.Sha384 ?? device(file)]),
  ];
  const registers = Object.entries(manifest.Measurements).filter(([name]) => name.startsWith('PCR'));
  const text = head('What is in the image', '`out/image/manifest.json`, which `make image` writes', 'make image\nout/bin/enclave image describe out/image/init.eif\nout/bin/enclave image measure out/image/init.eif') +
    `${number(manifest.SizeBytes)} bytes, for ${manifest.Architecture}; the parent must give it ${manifest.MinMemoryMiB} MiB or more.\n\n## Files\n\n` +
    table(['file', 'mode', 'bytes', 'SHA-384'], files) +
    `## Command line\n\n    ${manifest.CommandLine.split(' ').join('\n    ')}\n\n## Measurements\n\n` +
    'What the image attests. PCR2 measures further ramdisks, of which there are none; the signed image adds PCR8, the certificate.\n\n' +
    table(['register', 'value'], registers) +
    `${builtFrom(manifest)}\n`;
  return { name: 'image.md', text, builtOtherwise: builtOtherwise(manifest) };
}

const device = (file) => (file.DeviceMajor === undefined ? '' : `device ${file.DeviceMajor}:${file.DeviceMinor}`);
