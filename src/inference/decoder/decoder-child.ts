import fs from 'node:fs';
import { readFully, writeFully } from '../arena/file-bytes.js';
import { serveRequests } from '../engine/serve-requests.js';
import type { DecoderOperations } from './decoder-operations.js';
import { type ImageRowPixels, imageRows, plainReason } from './image-rows.js';
import { requireAcceptedImage } from './image-sniffer.js';

// Entry of a decoder process: image bytes are the most hostile input there is, so they are decoded here and nowhere else.

const arena = fs.openSync(process.env['MARU_ARENA'] ?? '', 'r+');

serveRequests<DecoderOperations>({
  decode: async ({ source, rows, specs }) => {
    const file = Buffer.allocUnsafeSlow(source.bytes);
    readFully(arena, file, source.offset);
    requireAcceptedImage(file);
    const decoded = await imageRows(file, specs).catch((error: Error): ImageRowPixels[] => {
      throw new Error(plainReason(error));
    });
    return decoded.map(({ pixels, geometry }, i) => {
      const row = rows[i];
      if (!row || pixels.length > row.bytes) throw new Error('the row is larger than its region');
      writeFully(arena, pixels, row.offset);
      return geometry;
    });
  },
});
