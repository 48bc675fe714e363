import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { factsOf, factsOfBeginning } from './file-facts.js';

const picture = () => sharp({ create: { width: 40, height: 30, channels: 3, background: '#fff' } });

describe('factsOf', () => {
  it.each([
    ['image/png', () => picture().png().toBuffer()],
    ['image/jpeg', () => picture().jpeg().toBuffer()],
    ['image/webp', () => picture().webp().toBuffer()],
  ])('knows %s and its size from the header', async (mimeType, make) => {
    expect(factsOf(await make())).toMatchObject({ mimeType, width: 40, height: 30 });
  });

  it('reads the size of a bomb without decoding it', () => {
    const header = Buffer.from('89504e470d0a1a0a0000000d4948445200007530000075300806000000', 'hex');
    expect(factsOf(Buffer.concat([header, Buffer.alloc(64)]))).toMatchObject({
      mimeType: 'image/png',
      width: 30000,
      height: 30000,
    });
  });

  it('does not take a name or a magic number for a picture', () => {
    expect(factsOf(Buffer.from('this is a text, whatever its name'))?.mimeType).toBe('text/plain');
    expect(factsOf(Buffer.from('89504e470d0a1a0a', 'hex'))).toBeNull();
    expect(factsOf(Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00', 'latin1'))).toBeNull();
  });

  it('tells JSON, CSV and text apart, and refuses what is not UTF-8', () => {
    expect(factsOf(Buffer.from('{"values":[1,2]}'))?.mimeType).toBe('application/json');
    expect(factsOf(Buffer.from('value\n1.5\n-2e3\n'))?.mimeType).toBe('text/csv');
    expect(factsOf(Buffer.from('t,value\r\n0,1\r\n1,2\r\n'))?.mimeType).toBe('text/csv');
    expect(factsOf(Buffer.from('value\none\n'))?.mimeType).toBe('text/plain');
    expect(factsOf(Buffer.from([0xff, 0xfe, 0x41]))).toBeNull();
    expect(factsOf(Buffer.alloc(0))).toBeNull();
  });

  it('judges the beginning of a long text by its whole lines', () => {
    const text = Buffer.from(`t,value\n${'1,2\n'.repeat(10)}값,`);
    expect(factsOfBeginning(text)?.mimeType).toBe('text/csv');
    expect(factsOfBeginning(text.subarray(0, -2))?.mimeType).toBe('text/csv');
    expect(factsOf(text.subarray(0, -2))).toBeNull();
  });
});
