// Which npm packages the built server needs at run time.
import fs from 'node:fs';
import path from 'node:path';

/** Needed by install scripts, by programs of the command line, or by compilers alone. */
const NEVER = /^(@types\/.*|@webgpu\/types|adm-zip|core-js|global-agent|nest-commander|typescript)$/;

/**
 * The packages of the root's dependencies and of theirs, as they are installed: sorted paths below `node_modules`, a
 * nested one as `a/node_modules/b`. Optional peers are left out: whoever wants one installs it by name.
 */
export function packagesOf(root) {
  const found = new Set();
  const { dependencies, optionalDependencies } = manifestIn(root);
  const waiting = Object.keys({ ...dependencies, ...optionalDependencies }).map((name) => ({ name, from: root }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const folder = NEVER.test(next.name) ? null : installed(root, next.from, next.name);
    if (!folder || found.has(folder)) continue;
    found.add(folder);
    for (const name of needsOf(manifestIn(folder))) waiting.push({ name, from: folder });
  }
  return [...found].map((folder) => path.relative(path.join(root, 'node_modules'), folder)).sort();
}

function needsOf({ dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta = {} }) {
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
}

/** As Node looks a package up: beside the one that asks, then further out; null when it is not installed. */
function installed(root, from, name) {
  for (let folder = from; folder.startsWith(root); folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (fs.existsSync(path.join(candidate, 'package.json'))) return candidate;
  }
  return null;
}

function manifestIn(folder) {
  return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
}
