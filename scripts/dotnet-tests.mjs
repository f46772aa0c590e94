// Runs a test project and reads its report: what scripts/test.mjs and scripts/campaign.mjs share.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '..');

// Counts, what each test came to, and the reasons of those that failed.
export async function dotnetTests(project, { filter, environment = {}, results }) {
  fs.mkdirSync(results, { recursive: true });
  const log = path.join(results, `${path.basename(project)}.trx`);
  fs.rmSync(log, { force: true });
  const { code, output } = await execute('dotnet', [
    'test', project, '-c', 'Release', '-nodeReuse:false', '-v', 'quiet', '--nologo', '--logger', `trx;LogFileName=${log}`,
    '--logger', 'console;verbosity=minimal', ...(filter ? ['--filter', filter] : []),
  ], { live: true, environment });
  if (!fs.existsSync(log)) return failure(`${project} did not run (${code}):\n${output}`);
  const report = fs.readFileSync(log, 'utf8');
  const counters = /<Counters ([^>]*)\/>/.exec(report)?.[1] ?? '';
  const count = (label) => Number(new RegExp(`\\b${label}="(\\d+)"`).exec(counters)?.[1] ?? 0);
  if (count('total') === 0) return failure(`${project} has no tests`);
  const failed = count('failed') + count('error') + count('timeout') + count('aborted');
  const tests = outcomes(report);
  const failures = tests.filter(({ outcome }) => outcome === 'Failed').map(({ name, said }) => `${name}: ${said}`);
  if (code !== 0 && failed === 0) failures.push(`${project} ended with ${code}`);
  return {
    passed: count('passed'), failed: code !== 0 ? Math.max(1, failed) : failed, skipped: count('total') - count('executed'), failures, tests,
  };
}

// Each test with how it ended, how long it took, and the first line of what it said.
function outcomes(report) {
  return [...report.matchAll(/<UnitTestResult ([^>]*?)(?:\/>|>([^]*?)<\/UnitTestResult>)/g)].map(([, attributes, content = '']) => {
    const attribute = (name) => plain(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
    const [hours, minutes, seconds] = attribute('duration').split(':').map(Number);
    const [said] = (/<Message>([^]*?)<\/Message>/.exec(content)?.[1] ?? 'no message').trim().split('\n');
    return {
      name: attribute('testName'), outcome: attribute('outcome'), seconds: hours * 3600 + minutes * 60 + seconds || 0, said: plain(said),
    };
  });
}

function plain(text) {
  return text.replace(/&(quot|lt|gt|amp|#xD|#xA);/g, (_, entity) => ({ quot: '"', lt: '<', gt: '>', amp: '&', '#xD': '', '#xA': ' ' })[entity]);
}

/** What a suite that could not run counts as. */
export function failure(message) {
  console.error(`test: error: ${message}`);
  return { passed: 0, failed: 1, skipped: 0, failures: [message.split('\n')[0]], tests: [] };
}

export function execute(command, arguments_, { live = false, environment = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, arguments_, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
    let output = '';
    const take = (chunk) => {
      output += chunk;
      if (live) process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
