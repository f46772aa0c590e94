#!/usr/bin/env node
// Makes the generated pages of the reviewer's pack (docs/review) afresh from the source and from out/, which `make image` fills.
// usage: scripts/review.mjs [--check]; --check writes nothing and ends with 1 when a page would change.
import fs from 'node:fs';
import path from 'node:path';
import { pages } from './review/pages.mjs';

const root = path.join(import.meta.dirname, '..');
const check = process.argv.slice(2).join(' ') === '--check';
if (process.argv.length > (check ? 3 : 2)) {
  console.error('usage: scripts/review.mjs [--check]');
  process.exit(2);
}

let stale = 0;
for (const page of pages(root)) {
  const file = path.join(root, 'docs/review', page.name);
  const kept = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const other = page.builtOtherwise?.(kept);
  const comparable = (check && page.comparable) || ((text) => text);
  if (comparable(kept) === comparable(page.text)) {
    console.log(`review: same     docs/review/${page.name}`);
  } else if (check && other) {
    console.log(`review: skipped  docs/review/${page.name}: ${other}`);
  } else if (check) {
    stale++;
    console.log(`review: stale    docs/review/${page.name}: ${firstDifference(kept, page.text)}`);
  } else {
    fs.writeFileSync(file, page.text);
    console.log(`review: written  docs/review/${page.name}`);
  }
}
if (stale > 0) {
  console.error(`review: error: ${stale} pages are stale`);
  console.error('review: hint: make review');
  process.exit(1);
}

function firstDifference(kept, made) {
  const [old, now] = [kept.split('\n'), made.split('\n')];
  const at = now.findIndex((line, i) => line !== old[i]);
  return at < 0 ? `line ${now.length + 1} is no more` : `line ${at + 1} is now "${now[at].slice(0, 100)}"`;
}
