// From docs/reliability.md and what the tests came to: the page's last section.

export const marker = '<!-- figures: make campaign writes what follows -->';

// The rows above the figures: a mode's number, its name, the tests that carry it.
export function failureModes(page) {
  const [above] = page.split(marker);
  return [...above.matchAll(/^\| (\d+) \| ([^|]+) \| [^|]+ \| ([^|]+) \|$/gm)].map(([, number, name, names]) => ({
    number: Number(number), name: name.trim(), tests: [...names.matchAll(/`([^`]+)`/g)].map(([, test]) => test),
  }));
}

// How a mode's tests ended and what they measured. A theory's cases are counted one by one.
export function ofMode(mode, tests, said) {
  const own = tests.filter(({ name }) => mode.tests.includes(shortName(name)));
  const count = (outcome) => own.filter((test) => test.outcome === outcome).length;
  return {
    number: mode.number,
    name: mode.name,
    passed: count('Passed'),
    failed: count('Failed'),
    skipped: count('NotExecuted'),
    seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
    figures: said.filter((figure) => figure.mode === mode.number).map(({ text }) => text),
  };
}

// `Init.Linux.Tests.StormTests.A_storm(interruptions: 1)` is `StormTests.A_storm`.
export function shortName(name) {
  const [full] = name.split('(');
  return full.split('.').slice(-2).join('.');
}

export function figuresPage(page, results) {
  const [above] = page.split(marker);
  const lengths = Object.entries(results.lengths).map(([name, value]) => `${name}=${value}`).join(', ');
  return `${above}${marker}

${results.date}, commit ${results.commit}, form \`${results.form}\` (${lengths || 'the shortest of everything'}), seed ${results.seed}, ${results.minutes} minutes,
${results.passed} passed, ${results.failed} failed, ${results.skipped} skipped. ${results.machine}; QEMU emulates the guest's processor (no KVM).

| load | what came of it |
|---|---|
${results.loads.map(({ load, text }) => `| ${load} | ${text} |\n`).join('')}
| # | failure mode | tests | s | measured |
|---|---|---|---|---|
${results.modes.map((mode) => `| ${mode.number} | ${mode.name} | ${outcome(mode)} | ${mode.seconds.toFixed(1)} | ${mode.figures.join('; ')} |\n`).join('')}`;
}

function outcome({ passed, failed, skipped }) {
  return [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`].filter(Boolean).join(', ');
}
