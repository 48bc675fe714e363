// Builds the server and the portal when their sources have changed since the last build.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { npm, refuse, run, step } from './steps.mjs';

const STAMP = 'dist/.maru-stamp';
const DIRECTORIES = ['src', 'migrations', 'web/src', 'web/public', 'web/build'];
const FILES = [
  'package.json',
  'package-lock.json',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'openapi.json',
];
/** Made by the build itself out of openapi.json. */
const GENERATED = path.normalize('web/src/api/schema.ts');

/** Leaves `dist` and `web/dist` up to date; ends the process when the build fails. */
export async function buildIfStale() {
  const want = fingerprint();
  if (readIfThere(STAMP) === want && fs.existsSync('web/dist')) return;
  const { ok } = await step('Building', build);
  if (!ok) refuse('The build failed: its output is above.');
  fs.writeFileSync(STAMP, want);
}

/** Both halves at once: each keeps about one core busy. Old output goes first: analyzers are discovered by folder. */
async function build() {
  fs.rmSync('dist', { recursive: true, force: true });
  const halves = await Promise.all([
    run(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build']),
    npm(['run', 'build', '--silent', '-w', 'web']),
  ]);
  return {
    code: halves.find(({ code }) => code !== 0)?.code ?? 0,
    output: halves.map(({ output }) => output).join('\n'),
  };
}

function fingerprint() {
  const web = fs.readdirSync('web').filter((name) => /\.(html|ts|json)$/.test(name));
  const files = [...DIRECTORIES.flatMap(filesBelow), ...web.map((name) => path.join('web', name)), ...FILES];
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(`${file}\0`).update(fs.readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function filesBelow(directory) {
  if (!fs.existsSync(directory)) return [];
  const entries = fs.readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !/\.spec\.tsx?$/.test(entry.name));
  return files
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => path.normalize(file) !== GENERATED);
}

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}
