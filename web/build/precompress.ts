import fs from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Writes `.br` and `.gz` beside every script and style sheet, so that the server only picks one. */
export function precompress(): Plugin {
  return {
    name: 'maru:precompress',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle).filter((n) => /\.(js|css)$/.test(n))) {
        const file = path.join(dir ?? '', name);
        const bytes = fs.readFileSync(file);
        fs.writeFileSync(`${file}.br`, brotliCompressSync(bytes));
        fs.writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}
