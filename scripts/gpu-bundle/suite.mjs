// The conformance suite and what it stands on, as JavaScript beside the built server: it is no part of the build itself.
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const ENTRIES = ['src/inference/inference-runtime.conformance.ts', 'test/support/runtimes-under-test.ts'];
const IMPORT = /^(?:import|export)\s[^;]*?from '(\.[^']+)\.js';/gm;

/** The entries and every file below them that the build leaves out; paths from the root. */
export function suiteSources(root) {
  const found = new Set(ENTRIES);
  for (const file of found) {
    for (const [, name] of fs.readFileSync(path.join(root, file), 'utf8').matchAll(IMPORT)) {
      const target = `${path.posix.join(path.posix.dirname(file), name)}.ts`;
      if (!isBuilt(target)) found.add(target);
    }
  }
  return [...found].sort();
}

/** Writes the suite into the folder of built files. */
export function compileSuite(root, dist) {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  for (const file of suiteSources(root)) {
    const source = fs.readFileSync(path.join(root, file), 'utf8');
    const { outputText } = ts.transpileModule(source, {
      fileName: file,
      compilerOptions: { ...options, module: ts.ModuleKind.ESNext, sourceMap: false },
    });
    const target = path.join(dist, file.replace(/\.ts$/, '.js'));
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, outputText);
  }
}

function isBuilt(file) {
  return file.startsWith('src/') && !/\.(spec|conformance)\.ts$/.test(file);
}
