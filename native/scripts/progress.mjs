// One line for each step, with its seconds, and now and then one for a long step.
const longStepEveryMs = 10_000;

export class Progress {
  /** `component` stands at the beginning of each line. */
  constructor(component, { quiet, write = (line) => process.stdout.write(line) }) {
    this.component = component;
    this.write = quiet ? () => {} : write;
    this.started = performance.now();
    this.lastLongStep = -Infinity;
  }

  /** Runs `action` and prints the step's name, seconds and the text that `describe(result)` gives. */
  async step(name, action, describe = () => '') {
    const started = performance.now();
    const result = await action();
    this.line(name, seconds(started), describe(result));
    return result;
  }

  /** For use within a step: at most one line in ten seconds. */
  longStep(name, started, text) {
    if (performance.now() - this.lastLongStep < longStepEveryMs) return;
    this.lastLongStep = performance.now();
    this.line(`  ${name}`, seconds(started), text);
  }

  line(name, secondsText, text) {
    this.write(`${this.component}: ${name.padEnd(12)} ${secondsText.padStart(7)}  ${text}`.trimEnd() + '\n');
  }

  text(message) {
    this.write(`${this.component}: ${message}\n`);
  }

  get wallSeconds() {
    return (performance.now() - this.started) / 1000;
  }
}

const seconds = (started) => `${((performance.now() - started) / 1000).toFixed(1)} s`;
