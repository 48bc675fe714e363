// Checks what the Markdown files promise: links and paths lead somewhere, commands exist, and the table of rooms says
// what the linter enforces.
import fs from 'node:fs';
import path from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'out']);
const TREE = /^(?:src|web|test|scripts|docs|migrations|models|bench|samples)\/[\w./*-]*$/;
/** Made by a build or a run. */
const MADE = /^web\/dist\b|^bench\/out\b|^test\/browser\/out\b/;
const ROOM_TABLE = 'docs/architecture.md';

const scripts = JSON.parse(fs.readFileSync('package.json', 'utf8')).scripts;
const documents = markdownBelow('.');
const faults = [...documents.flatMap(faultsOf), ...roomFaults()];
for (const fault of faults) console.log(fault);
console.log(`${documents.length} documents, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);

function markdownBelow(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) return [];
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return markdownBelow(file);
    return entry.name.endsWith('.md') ? [file] : [];
  });
}

function faultsOf(document) {
  const text = fs.readFileSync(document, 'utf8');
  return [
    ...linksOf(text)
      .filter((link) => !fs.existsSync(path.join(path.dirname(document), link)))
      .map((link) => `${document}: the link ${link} leads nowhere`),
    ...pathsOf(text)
      .filter((place) => !MADE.test(place) && !exists(place))
      .map((place) => `${document}: there is no ${place}`),
    ...commandsOf(text)
      .filter((name) => !(name in scripts))
      .map((name) => `${document}: package.json has no script ${name}`),
  ];
}

/** Targets of links and images inside this repository. */
function linksOf(text) {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]);
  return targets.filter((to) => !/^[a-z]+:|^#/.test(to)).map((to) => to.replace(/#.*$/, ''));
}

/** What stands in backticks and looks like a path from the root. */
function pathsOf(text) {
  return [...text.matchAll(/`([^`\s]+)`/g)].map((match) => match[1]).filter((word) => TREE.test(word));
}

/** Of a pattern only the folder in front of its first star is looked at. */
function exists(place) {
  const [head] = place.split('*');
  return fs.existsSync(head === place ? place : path.join(head, '.'));
}

function commandsOf(text) {
  return [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1]);
}

/** Rooms whose row in the table differs from what the linter lets them import. */
function roomFaults() {
  const rooms = fs.readdirSync('src', { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? [e.name] : []));
  const { overrides } = JSON.parse(fs.readFileSync('.oxlintrc.json', 'utf8'));
  const rows = new Map(
    [...fs.readFileSync(ROOM_TABLE, 'utf8').matchAll(/^\| `src\/([\w-]+)` *\|[^|]*\| *([^|]*?) *\|$/gm)].map((row) => [
      row[1],
      row[2],
    ]),
  );
  return rooms.flatMap((room) => {
    const denied = deniedTo(room, overrides);
    if (!denied) return [`.oxlintrc.json says nothing about src/${room}`];
    const allowed = rooms.filter((other) => other !== room && !denied.includes(other)).join(', ') || 'nothing';
    const said = rows.get(room);
    return said === allowed ? [] : [`${ROOM_TABLE}: src/${room} may import ${allowed}; the table says ${said}`];
  });
}

function deniedTo(room, overrides) {
  const override = overrides.find(({ files }) => files[0] === `src/${room}/**`);
  const patterns = override?.rules['no-restricted-imports']?.[1]?.patterns ?? [];
  return patterns.map(({ regex }) => /\+\(([a-z|-]+)\)\/$/.exec(regex ?? '')?.[1]?.split('|')).find(Boolean);
}
