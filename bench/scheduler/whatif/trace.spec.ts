import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTrace, writeTrace } from './trace.js';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-trace-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function written(...lines: string[]): string {
  const file = path.join(folder, 'trace.jsonl');
  fs.writeFileSync(file, lines.join('\n'));
  return file;
}

describe('a trace', () => {
  it('is read with its defaults and survives being written', async () => {
    const file = written(
      '{"kind":"device","id":"gpu0","class":"cuda"}',
      '',
      '{"kind":"item","at":1.5,"tenant":"acme","model":"m","cost":2}',
    );
    const trace = await readTrace(file);
    expect(trace.devices).toEqual([{ id: 'gpu0', class: 'cuda' }]);
    expect(trace.items).toMatchObject([
      { weight: 1, band: 'standard', size: 1, deadline: Infinity, finished: Infinity },
    ]);
    writeTrace(file, trace);
    expect(await readTrace(file)).toEqual(trace);
  });

  it.each([
    ['{"kind":"item","at":1,"model":"m"}', '"tenant" is not text'],
    ['{"kind":"item","at":"soon","tenant":"a","model":"m"}', '"at" is not a number'],
    ['{"kind":"item","at":1,"tenant":"a","model":"m","band":"urgent"}', '"band" is none of'],
    ['{"kind":"item","at":1,"tenant":"a","model":"m","weight":0}', '"weight" is not above 0'],
    ['{"kind":"job"}', '"kind" is neither'],
    ['{"kind":', 'JSON'],
  ])('names the line that is wrong: %s', async (line, message) => {
    const file = written('{"kind":"device","id":"gpu0"}', line);
    await expect(readTrace(file)).rejects.toThrow(`${file}:2: `);
    await expect(readTrace(file)).rejects.toThrow(message);
  });

  it('without items is refused', async () => {
    await expect(readTrace(written('{"kind":"device","id":"gpu0"}'))).rejects.toThrow('has no items');
  });
});
