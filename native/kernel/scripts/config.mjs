// The configuration: what kernel.fragment wishes, and whether the kernel's own tools granted it.
import { BuildError } from '../../scripts/process.mjs';

const wish = /^CONFIG_(\w+)=(y|-?\d+|"[^"\\]*")$/;
const refusal = /^# CONFIG_(\w+) is not set$/;

/** Reads a fragment: [{ symbol, value }], value being the text after the `=`, or null for an option that must be off. */
export function parseFragment(text) {
  const wishes = [];
  const symbols = new Set();
  for (const [index, line] of text.split('\n').entries()) {
    const [, symbol, value = null] = wish.exec(line) ?? refusal.exec(line) ?? [];
    if (symbol) {
      if (symbols.has(symbol)) throw new BuildError(`kernel.fragment:${index + 1}: CONFIG_${symbol} stands there twice`);
      symbols.add(symbol);
      wishes.push({ symbol, value });
    } else if (!/^(#|$)/.test(line) || line.includes('CONFIG_')) {
      // A comment with an option's full name is most likely a wish that is not written as one.
      throw new BuildError(`kernel.fragment:${index + 1}: neither an option nor a comment: ${line}`);
    }
  }
  return wishes;
}

/** Reads a .config: a Map from symbol to value. What is off is not in it. */
export function parseConfig(text) {
  return new Map([...text.matchAll(/^CONFIG_(\w+)=(.*)$/gm)].map(([, symbol, value]) => [symbol, value]));
}

/** The options that a Kconfig file defines. */
export function definedSymbols(kconfig) {
  return [...kconfig.matchAll(/^[ \t]*(?:menu)?config[ \t]+(\w+)[ \t]*$/gm)].map(([, symbol]) => symbol);
}

/**
 * One line for each wish that the configuration does not grant. An option that is off because nothing of its name exists
 * counts too: it is misspelt, or the kernel has renamed it, and then its successor may be on.
 */
export function notGranted(wishes, config, known) {
  return wishes.flatMap(({ symbol, value }) => {
    const found = config.get(symbol);
    if (!known.has(symbol)) return [`CONFIG_${symbol}: this kernel has no such option`];
    if (value === null) return found === undefined ? [] : [`CONFIG_${symbol}: wanted off, is ${found}`];
    return found === value ? [] : [`CONFIG_${symbol}: wanted ${value}, is ${found ?? 'off'}`];
  });
}

export function expectGranted(wishes, config, known) {
  const lines = notGranted(wishes, config, known);
  if (lines.length === 0) return;
  throw new BuildError(
    `kernel.fragment is not what the configuration became:\n  ${lines.join('\n  ')}`,
    'an option that is off lacks another that it depends on; one that is on is selected by another (make menuconfig, / shows which)',
  );
}
