import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { analyzeWithShippedModel, sample } from '../analyzer.conformance.js';
import { SurfaceInspectionAnalyzer } from './surface-inspection.analyzer.js';

const analyzer = new SurfaceInspectionAnalyzer();
const image = sample('hanbit-weld-plate.png');

it('finds the scratch and the pit on the weld plate, where they are', async () => {
  const result = await analyzeWithShippedModel(analyzer, { image });
  expect(result).toMatchObject({ defectClass: 'scratch', image: { width: 640, height: 480 } });
  const boxes = result['boxes'] as { label: string; x: number; y: number; width: number; height: number }[];
  expect(boxes.map(({ label }) => label)).toEqual(['scratch', 'pit']);
  const holds = (k: number, x: number, y: number) => {
    const box = boxes[k];
    return box && x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
  };
  expect(holds(0, 400, 32)).toBe(true);
  expect(holds(1, 115, 262)).toBe(true);
});

it('finds nothing on the clean part of the plate', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-'));
  const clean = path.join(directory, 'clean.png');
  try {
    const part = { left: 180, top: 120, width: 460, height: 340 };
    await sharp(fs.readFileSync('samples/hanbit-weld-plate.png')).extract(part).toFile(clean);
    const result = await analyzeWithShippedModel(analyzer, { image: sample(clean) });
    expect(result).toMatchObject({ defectClass: 'ok', boxes: [], image: { width: 460, height: 340 } });
    expect(result['confidence']).toBeGreaterThan(0.5);
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
});
