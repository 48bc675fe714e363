import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/** Limits of what a page loads before it can draw, gzip bytes. */
export interface SizeBudget {
  readonly scriptBytes: number;
  readonly styleBytes: number;
}

type Bundle = Record<string, Rolldown.OutputChunk | Rolldown.OutputAsset>;

const gz = (content: string | Uint8Array) => gzipSync(content, { level: 9 }).length;
const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

/** The chunk and everything it imports at once. */
function closure(name: string, bundle: Bundle, seen = new Set<string>()): Set<string> {
  const chunk = bundle[name];
  if (seen.has(name) || chunk?.type !== 'chunk') return seen;
  seen.add(name);
  for (const next of chunk.imports) closure(next, bundle, seen);
  return seen;
}

/** The larger of the two language chunks: one of them is needed before the first text. */
function languageBytes(bundle: Bundle): number {
  const texts = Object.values(bundle).filter((c) => c.type === 'chunk' && /(^|\/)(ko|en)-[^/]+\.js$/.test(c.fileName));
  return Math.max(0, ...texts.map((c) => (c.type === 'chunk' ? gz(c.code) : 0)));
}

/** Prints the gzip size of each page's first load and fails the build over the budget. */
export function sizeBudget(budget: SizeBudget): Plugin {
  return {
    name: 'maru:size-budget',
    apply: 'build',
    generateBundle(_, output) {
      const bundle: Bundle = output;
      const size = (name: string) => {
        const chunk = bundle[name];
        return chunk?.type === 'chunk' ? gz(chunk.code) : 0;
      };
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        if (!chunk.isEntry) {
          if (size(chunk.fileName) > 5000) this.info(`${chunk.fileName}: ${kB(size(chunk.fileName))} gzip`);
          continue;
        }
        const scripts = [...closure(chunk.fileName, bundle)].reduce((sum, n) => sum + size(n), languageBytes(bundle));
        this.info(`${chunk.name}: first load ${kB(scripts)} of ${kB(budget.scriptBytes)} gzip`);
        if (scripts > budget.scriptBytes) this.error(`${chunk.name} is over its script budget`);
      }
      for (const asset of Object.values(bundle)) {
        if (asset.type !== 'asset' || !asset.fileName.endsWith('.css')) continue;
        this.info(`${asset.fileName}: ${kB(gz(asset.source))} of ${kB(budget.styleBytes)} gzip`);
        if (gz(asset.source) > budget.styleBytes) this.error(`${asset.fileName} is over its style budget`);
      }
    },
  };
}
