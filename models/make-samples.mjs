import fs from 'node:fs';
import path from 'node:path';
import { randomStream } from './training/rng.mjs';
import { toPng } from './training/picture-row.mjs';
import { drawLine } from './digit-reader/data.mjs';
import { drawMeter } from './meter-reader/data.mjs';
import { drawSignal } from './signal-anomaly/data.mjs';
import { drawSurface } from './surface-inspection/data.mjs';

/** `node models/make-samples.mjs` draws the sample inputs that come with the repository, from seeds that no other set uses. */
const DIRECTORY = path.join(import.meta.dirname, '..', 'samples');
const save = (name, body) => fs.writeFileSync(path.join(DIRECTORY, name), body);

async function weldPlate() {
  const random = randomStream(9_000_011);
  const kinds = ['scratch', 'pit'];
  const picture = drawSurface(random, { width: 640, height: 480, kinds });
  save('hanbit-weld-plate.png', await toPng(picture));
}

async function parcelLabel() {
  const random = randomStream(9_000_105);
  save('dasan-parcel-label.png', await toPng(drawLine(random, { text: '40172965', scale: 3 })));
}

function turbineVibration() {
  const { values } = drawSignal(randomStream(9_000_207), 1024, { kind: 'noise burst' });
  save('pureun-turbine-vibration.csv', `value\n${values.map((v) => Number(v.toPrecision(6))).join('\n')}\n`);
}

async function gasMeter() {
  const random = randomStream(9_000_301);
  save('pureun-gas-meter.png', await toPng(drawMeter(random, { text: '0048216', scale: 4, isEmpty: false })));
}

fs.mkdirSync(DIRECTORY, { recursive: true });
await weldPlate();
await parcelLabel();
turbineVibration();
await gasMeter();
