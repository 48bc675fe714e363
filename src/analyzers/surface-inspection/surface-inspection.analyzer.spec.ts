import { describe, expect, it } from 'vitest';
import { InterpretError } from '../analyzer.js';
import { SurfaceInspectionAnalyzer } from './surface-inspection.analyzer.js';

const analyzer = new SurfaceInspectionAnalyzer();
const input = { image: { fileId: 'file_01m8323f50ecdtnmz19wr9rz7h' } };
const geometry = { sourceWidth: 640, sourceHeight: 480, scaleX: 128 / 640, scaleY: 128 / 480 };

function outputs(edit: (data: Float32Array) => void) {
  const data = new Float32Array(16 * 16 * 5);
  for (let cell = 0; cell < 256; cell++) data[cell * 5] = 1;
  edit(data);
  return { y: { type: 'float32' as const, dims: [1, 16, 16, 5], data } };
}

describe('SurfaceInspectionAnalyzer', () => {
  it('asks for one stretched grey row and gives its shape', async () => {
    const asked: unknown[] = [];
    const prepared = await analyzer.prepare(input, {
      signal: new AbortController().signal,
      imageRow: async (file, spec) => (asked.push(file, spec), { row: { offset: 0, bytes: 16384 }, geometry }),
      imageRows: () => Promise.reject(new Error('not asked for')),
      text: () => Promise.reject(new Error('not asked for')),
      floatRow: () => Promise.reject(new Error('not asked for')),
      tensorRows: () => Promise.reject(new Error('not asked for')),
    });
    expect(asked).toEqual([input.image, { mode: 'fill', width: 128, height: 128, channels: 1 }]);
    expect(prepared).toMatchObject({ shapeBucket: '128x128', tensors: { x: { rowShape: [128, 128, 1] } } });
  });

  it('gives boxes in source pixels and rounds to six digits', () => {
    const result = analyzer.interpret(
      outputs((data) => {
        data.set([0, 0, 1 / 3, 2 / 3, 0], (15 * 16 + 14) * 5);
        data.set([0, 0, 1 / 3, 2 / 3, 0], (15 * 16 + 15) * 5);
      }),
      geometry,
      input,
    );
    expect(result.data).toMatchObject({
      defectClass: 'stain',
      confidence: 0.666667,
      boxes: [{ x: 560, y: 450, width: 80, height: 30, label: 'stain', score: 0.666667 }],
    });
  });

  it('takes the threshold of the job', () => {
    const faint = outputs((data) => {
      data.set([0.8, 0.2, 0, 0, 0], 0);
      data.set([0.8, 0.2, 0, 0, 0], 5);
    });
    expect(analyzer.interpret(faint, geometry, input).data['defectClass']).toBe('ok');
    expect(analyzer.interpret(faint, geometry, { ...input, threshold: 0.1 }).data['defectClass']).toBe('scratch');
  });

  it('refuses outputs that are no probabilities', () => {
    expect(() =>
      analyzer.interpret(
        outputs((data) => (data[7] = Number.NaN)),
        geometry,
        input,
      ),
    ).toThrow(InterpretError);
  });
});
