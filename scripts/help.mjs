// What `npm start -- --help` prints. The variables come from the class that reads them, so that the two cannot differ.
import fs from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';

export function printHelp() {
  const source = fs.readFileSync(path.join(root, 'src/config/env.dto.ts'), 'utf8');
  const found = source.matchAll(/\/\*\*([^/]*?)\*\/\s*(?:@\w+\([^\n]*\)\s*)*?([A-Z][A-Z0-9_]+)\??:/g);
  const rows = [...found].map(([, comment, name]) => [
    name,
    comment
      .replace(/\s*\n\s*\*\s*/g, ' ')
      .replaceAll('`', '')
      .trim(),
  ]);
  const width = Math.max(...rows.map(([name]) => name.length));
  console.log('npm start installs, builds and runs the whole platform; npm test checks it.\n');
  console.log('Environment variables, all optional outside production:');
  for (const [name, text] of rows) console.log(`  ${name.padEnd(width)}  ${text}`);
}
