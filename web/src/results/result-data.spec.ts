import { expect, test } from 'vitest';
import { anomalousRanges, imageBoxesData, inputFileId, seriesData } from './result-data.js';

test('a surface result: boxes, grid and verdict', () => {
  const box = { x: 1, y: 2, width: 3, height: 4, label: 'pit', score: 0.9 };
  const data = imageBoxesData({
    defectClass: 'pit',
    confidence: 0.9,
    boxes: [box, { x: 'wide' }, null],
    heatmap: { width: 2, height: 1, data: [0, 1] },
    image: { width: 8, height: 8 },
  });
  expect(data).toMatchObject({
    boxes: [box],
    verdict: 'pit',
    digits: null,
    heatmap: { width: 2 },
    image: { width: 8 },
  });
});

test('a grid of the wrong size is not drawn', () => {
  expect(imageBoxesData({ heatmap: { width: 4, height: 4, data: [1] } }).heatmap).toBeNull();
});

test('a digit result without digits is empty, not missing', () => {
  expect(imageBoxesData({ digits: [] }).digits).toEqual([]);
});

test('a signal result; neighbouring anomalous windows become one range', () => {
  const windows = [0.1, 0.8, 0.9, 0.2, 0.7].map((score, i) => ({ start: i * 32, end: i * 32 + 32, score }));
  const data = seriesData({
    verdict: 'anomalous',
    score: 0.9,
    threshold: 0.7,
    windows,
    series: [
      [0, 1],
      [1, 'x'],
      [2, 3],
    ],
    sampleRate: null,
  });
  expect(data?.points).toEqual([
    [0, 1],
    [2, 3],
  ]);
  expect(data && anomalousRanges(data)).toEqual([
    { start: 32, end: 96, score: 0.9 },
    { start: 128, end: 160, score: 0.7 },
  ]);
  expect(seriesData({ verdict: 'normal' })).toBeNull();
});

test('the input file', () => {
  expect(inputFileId({ threshold: 1, image: { fileId: 'file_1' } })).toBe('file_1');
  expect(inputFileId({ values: [1] })).toBeNull();
  expect(inputFileId(null)).toBeNull();
});
