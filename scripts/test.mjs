// `npm test`: every check there is, in order, up to the first that fails. `npm test -- <args>` runs vitest alone.
import fs from 'node:fs';
import path from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { buildIfStale } from './build.mjs';
import { npm, run, step } from './steps.mjs';

const REPORTS = '.data/test';
const totals = { passed: 0, failed: 0, skipped: 0 };
const notes = [];
const failures = [];

await bootstrap();
const args = process.argv.slice(2);
process.exit(args.length > 0 ? (await vitest(args)).code : await everything());

async function everything() {
  fs.rmSync(REPORTS, { recursive: true, force: true });
  fs.mkdirSync(REPORTS, { recursive: true });
  const { findChromium } = await import('../test/support/chromium.ts');
  const began = performance.now();
  const durations = [];
  let failure = null;
  for (const [label, work] of steps(findChromium())) {
    const { ok, seconds } = await work(label);
    durations.push([label, seconds]);
    if (!ok) failure = label;
    if (!ok) break;
  }
  summarize(durations, (performance.now() - began) / 1000, failure);
  return failure === null ? 0 : 1;
}

function steps(chromium) {
  return [
    ['format', script('format:check')],
    ['lint', script('lint')],
    ['types', script('typecheck')],
    ['sizes', script('sizes', { verbose: true })],
    ['dead code', script('deadcode')],
    ['documents', script('docs:check', { verbose: true })],
    ['advisories', script('audit', { verbose: true })],
    ['unit tests', project('unit')],
    ['integration tests', project('integration')],
    ['build', check(() => buildIfStale().then(() => ({ code: 0, output: '' })))],
    ['shipped models', script('models:verify', { verbose: true })],
    ['smoke test of the built program', program('smoke', 'test/smoke/dist.smoke.mjs')],
    ['short chaos run', program('chaos', 'test/chaos/chaos.mjs', '--quick', '--report')],
    ['end-to-end tests', project('e2e')],
    ['browser tests', chromium ? project('browser', { CHROMIUM_PATH: chromium }) : skipBrowser],
  ];
}

/** A check without tests of its own counts when it fails. */
function check(work, options) {
  return async (label) => {
    const result = await step(label, work, options);
    if (!result.ok) totals.failed += 1;
    return result;
  };
}

function script(name, options) {
  return check(() => npm(['run', '--silent', name]), options);
}

/** One vitest project; its output passes through, its counts come from the JSON report. */
function project(name, env = {}) {
  return (label) =>
    shown(label, async () => {
      const report = `${REPORTS}/${name}.json`;
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const result = await vitest(['--project', name, ...reporters], env);
      return { ...result, counts: countsOf(report) };
    });
}

/** A program that takes the file for its counts as its last argument. */
function program(name, ...args) {
  return (label) =>
    shown(label, async () => {
      const report = `${REPORTS}/${name}.json`;
      const result = await run(process.execPath, [...args, report], { show: true });
      return { ...result, counts: countsOf(report) };
    });
}

function skipBrowser() {
  notes.push('BROWSER TESTS SKIPPED: no Chromium found (apt-get install chromium, or set CHROMIUM_PATH)');
  return { ok: true, seconds: 0 };
}

function vitest(extra, env = {}) {
  const options = { show: true, env: { ...process.env, ...env } };
  return run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...extra], options);
}

/** A step that prints by itself and reports how many tests passed and failed. */
async function shown(label, work) {
  console.log(`${label} ...`);
  const began = performance.now();
  const { code, counts } = await work();
  const seconds = (performance.now() - began) / 1000;
  totals.passed += counts.passed;
  totals.skipped += counts.skipped;
  totals.failed += code === 0 ? counts.failed : Math.max(1, counts.failed);
  console.log(`${label} ... ${code === 0 ? '' : 'FAILED after '}${seconds.toFixed(1)} s`);
  return { ok: code === 0 && counts.failed === 0, seconds };
}

function countsOf(report) {
  if (!fs.existsSync(report)) return { passed: 0, failed: 0, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(fs.readFileSync(report, 'utf8'));
  failures.push(...(testResults ?? []).flatMap(failuresOf));
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
}

/** The failed tests of a file, each with the first lines of its message; the file itself when it could not run. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = path.relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length === 0) return status === 'failed' ? [`${file}: ${beginning(message)}`] : [];
  return failed.map(
    ({ fullName, failureMessages }) => `${file}: ${fullName}: ${beginning(failureMessages.join('; '))}`,
  );
}

function beginning(message) {
  return message.split('\n').slice(0, 3).join(' ').slice(0, 400);
}

function summarize(durations, seconds, failure) {
  console.log('\nSummary');
  for (const [label, took] of durations) console.log(`  ${took.toFixed(1).padStart(6)} s  ${label}`);
  console.log(`  ${seconds.toFixed(1).padStart(6)} s  in all; ${totals.skipped} tests skipped`);
  for (const line of [...notes, ...failures]) console.log(line);
  if (failure) console.log(`FAILED: ${failure}`);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
}
