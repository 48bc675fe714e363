import fs from 'node:fs';
import { readFully, writeFully } from '../arena/file-bytes.js';
import { serveRequests } from '../engine/serve-requests.js';
import type { DecoderOperations } from './decoder-operations.js';
import { imageRow, type ImageRowPixels, plainReason } from './image-rows.js';
import { requireAcceptedImage } from './image-sniffer.js';

// Entry of a decoder process: image bytes are the most hostile input there is, so they are decoded here and nowhere else.

const arena = fs.openSync(process.env['MARU_ARENA'] ?? '', 'r+');

serveRequests<DecoderOperations>({
  decode: async ({ source, row, spec }) => {
    const file = Buffer.allocUnsafeSlow(source.bytes);
    readFully(arena, file, source.offset);
    requireAcceptedImage(file);
    const { pixels, geometry } = await imageRow(file, spec).catch((error: Error): ImageRowPixels => {
      throw new Error(plainReason(error));
    });
    if (pixels.length > row.bytes) throw new Error('the row is larger than its region');
    writeFully(arena, pixels, row.offset);
    return geometry;
  },
});
