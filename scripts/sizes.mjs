// Reports how large the files are and fails when one is past the limit: a file holds one concept.
import fs from 'node:fs';
import path from 'node:path';

const LIMIT_LINES = 400;
const GENERATED = ['web/src/api/schema.ts'];
const FOLDERS = ['src', 'migrations', 'web/src', 'test', 'scripts', 'models', 'bench'];

const tooLarge = [];
console.log('folder       files  median   p90   max');
for (const folder of FOLDERS) {
  const files = codeBelow(folder).map((file) => ({
    file,
    lines: fs.readFileSync(file, 'utf8').split('\n').length - 1,
  }));
  if (files.length === 0) continue;
  files.sort((a, b) => a.lines - b.lines);
  const at = (share) => String(files[Math.min(files.length - 1, Math.floor(files.length * share))].lines);
  console.log(
    `${folder.padEnd(12)} ${String(files.length).padStart(5)} ${at(0.5).padStart(7)} ${at(0.9).padStart(5)} ${at(1).padStart(5)}`,
  );
  tooLarge.push(...files.filter(({ lines }) => lines > LIMIT_LINES));
}
for (const { file, lines } of tooLarge)
  console.log(`${file}: ${lines} lines, the limit is ${LIMIT_LINES}: split it by concept`);
process.exit(tooLarge.length > 0 ? 1 : 0);

function codeBelow(folder) {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((e) => e.isFile() && /\.(ts|tsx|mjs|js|css)$/.test(e.name) && !e.name.endsWith('.d.ts'));
  return files
    .map((e) => path.join(e.parentPath, e.name))
    .filter((f) => !GENERATED.includes(f) && !/node_modules|dist\//.test(f));
}
