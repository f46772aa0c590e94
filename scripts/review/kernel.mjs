// native/kernel/kernel.fragment as a table: what is on, what must stay off, and why.
import fs from 'node:fs';
import path from 'node:path';
import { head, table } from './markdown.mjs';

const option = /^(?:CONFIG_(\w+)=(.*)|# CONFIG_(\w+) is not set)$/;

export function kernelPage(root) {
  const sections = parse(fs.readFileSync(path.join(root, 'native/kernel/kernel.fragment'), 'utf8'));
  const count = (off) => sections.flatMap(({ groups }) => groups).flatMap(({ options }) => options).filter((o) => o.off === off).length;
  const text = head('The kernel\'s options, and why', '`native/kernel/kernel.fragment`', 'make kernel && cat out/kernel/config') +
    `The build begins with \`allnoconfig\`, asks for these ${count(false)} options, insists that ${count(true)} stay off, and fails when the kernel's own tools ` +
    'grant something else. What these select beyond themselves is in `out/kernel/config`.\n\n' +
    sections.map(({ title, groups }) => `## ${title}\n\n${table(['why', 'on', 'off'], groups.map(row))}`).join('');
  return { name: 'kernel.md', text: text.trimEnd() + '\n' };
}

const row = ({ why, options }) => [why, names(options, false), names(options, true)];
const names = (options, off) => options.filter((o) => o.off === off).map((o) => (o.value === 'y' || off ? o.name : `${o.name}=${o.value}`)).join(', ');

/** A comment is the reason of the options up to the next comment. */
function parse(fragment) {
  const sections = [];
  let why = [];
  for (const line of fragment.split('\n')) {
    const [, title] = /^# -- (.*?) -+$/.exec(line) ?? [];
    const [, name, value, off] = option.exec(line) ?? [];
    if (title) {
      sections.push({ title, groups: [] });
      why = [];
    } else if (name || off) {
      const groups = sections.at(-1).groups;
      if (why.length > 0 || groups.length === 0) groups.push({ why: why.join(' '), options: [] });
      why = [];
      groups.at(-1).options.push({ name: name ?? off, value, off: Boolean(off) });
    } else if (line.startsWith('# ') && sections.length > 0) {
      why.push(line.slice(2));
    }
  }
  return sections;
}
