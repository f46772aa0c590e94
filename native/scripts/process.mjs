// Runs other programs, and the one kind of error that the builds report without a stack trace.
import { spawn } from 'node:child_process';
import os from 'node:os';

/** An expected failure: `message` says operation, object and cause; `hint` what to do about it. */
export class BuildError extends Error {
  constructor(message, hint, exitCode = 1) {
    super(message);
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** Runs a build script's main function and reports how it failed. */
export async function runMain(component, main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${component}: error: ${error instanceof BuildError ? error.message : error.stack}\n`);
    if (error.hint) process.stderr.write(`${component}: hint: ${error.hint}\n`);
    process.exitCode = error.exitCode ?? 1;
  }
}

/** How many programs to run at a time. */
export function jobCount(environment = process.env) {
  const text = environment.JOBS;
  if (!text) return os.availableParallelism();
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new BuildError(`JOBS=${text}: not a number of jobs`);
  return Number(text);
}

const shownErrorCharacters = 4000;
const shownCommandCharacters = 120;

const running = new Set();

/** A build that is told to stop takes its compilers with it. */
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running) child.kill();
    process.kill(process.pid, signal); // once() has removed this handler, so this ends the process
  });
}

/**
 * Runs a program to its end and returns its standard output. Anything but exit code 0 is a BuildError. `env` replaces the
 * environment; `onOutput` gets the standard output as it comes.
 */
export function run(command, args, { cwd, env, onOutput = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const output = [];
    const errors = [];
    child.stdout.on('data', (chunk) => {
      output.push(chunk);
      onOutput(chunk);
    });
    child.stderr.on('data', (chunk) => errors.push(chunk));
    child.on('error', (error) => reject(new BuildError(`run ${command}: ${error.message}`)));
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) return resolve(Buffer.concat(output));
      const text = Buffer.concat(errors.concat(output)).toString('utf8').slice(0, shownErrorCharacters).trimEnd();
      const commandLine = [command, ...args].join(' ').slice(0, shownCommandCharacters);
      return reject(new BuildError(`${commandLine}: ${signal ?? `exit code ${code}`}\n${text}`));
    });
  });
}
