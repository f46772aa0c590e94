// Puts what fuzzing found into the committed corpus: libFuzzer leaves out what reaches nothing more, and of the rest some of every size stay.
import fs from 'node:fs';
import path from 'node:path';

const maxFiles = 150;

/** Names that libFuzzer gave, by content, and seeds, which come back under such a name. Others were given by people, and stay. */
const isFound = (name) => /^[0-9a-f]{40}$/.test(name) || name.startsWith('seed-');

export async function keepSome(target, { committed, working }, libFuzzer) {
  const isDropped = (name) => isFound(name) && !(target.keepsSeeds && name.startsWith('seed-'));
  const merged = `${working}-merged`;
  fs.rmSync(merged, { recursive: true, force: true });
  fs.mkdirSync(merged, { recursive: true });
  for (const name of fs.readdirSync(committed).filter((name) => !isDropped(name))) fs.copyFileSync(path.join(committed, name), path.join(merged, name));
  const { code, output } = await libFuzzer(target, ['-merge=1', merged, committed, working]);
  if (code !== 0) throw new Error(`merge ${target.name} ended with ${code}:\n${output}`);
  const found = fs.readdirSync(merged).filter(isDropped)
    .map((name) => ({ name, bytes: fs.statSync(path.join(merged, name)).size }))
    .sort((a, b) => a.bytes - b.bytes || (a.name < b.name ? -1 : 1));
  for (const name of fs.readdirSync(committed).filter(isDropped)) fs.rmSync(path.join(committed, name));
  const kept = evenly(found, target.keepBytes);
  for (const { name } of kept) fs.copyFileSync(path.join(merged, name), path.join(committed, name));
  fs.rmSync(merged, { recursive: true });
  console.log(`fuzz: ${target.name}: ${kept.length} of ${found.length} inputs kept`);
}

/** As many of the inputs, from the smallest to the largest in equal steps, as there is room for. */
function evenly(inputs, limitBytes) {
  for (let count = Math.min(inputs.length, maxFiles); count > 0; count--) {
    const chosen = Array.from({ length: count }, (_, i) => inputs[Math.floor(((i + 1) * inputs.length) / count) - 1]);
    if (chosen.reduce((sum, { bytes }) => sum + bytes, 0) <= limitBytes) return chosen;
  }
  return [];
}
