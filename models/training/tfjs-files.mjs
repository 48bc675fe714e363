import fs from 'node:fs';
import path from 'node:path';

const toBytes = (data) =>
  Array.isArray(data) ? Buffer.concat(data.map((part) => Buffer.from(part))) : Buffer.from(data);

/** Writes a layers model as `model.json` and `weights.bin` into `directory`. */
export async function saveTfjs(tf, model, directory) {
  fs.mkdirSync(directory, { recursive: true });
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    fs.writeFileSync(path.join(directory, 'weights.bin'), toBytes(artifacts.weightData));
    const { format, generatedBy, modelTopology, weightSpecs } = artifacts;
    const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
    const text = JSON.stringify({ format, generatedBy, modelTopology, weightsManifest });
    fs.writeFileSync(path.join(directory, 'model.json'), `${text}\n`);
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  });
  await model.save(handler);
}

/** Reads what saveTfjs wrote. */
export function loadTfjs(tf, directory) {
  const { modelTopology, weightsManifest } = JSON.parse(fs.readFileSync(path.join(directory, 'model.json'), 'utf8'));
  const weightData = new Uint8Array(fs.readFileSync(path.join(directory, 'weights.bin'))).buffer;
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }));
}
