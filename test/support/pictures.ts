import { crc32, deflateSync } from 'node:zlib';

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A grey PNG that claims this size and brings `pixels` (already filtered rows); by default almost none: a bomb. */
export function greyPng(width: number, height: number, pixels: Buffer = Buffer.alloc(64)): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A grey PNG whose pixel at x, y has the value of `at`. */
export function drawnPng(width: number, height: number, at: (x: number, y: number) => number): Buffer {
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: width }, (_, x) => at(x, y))]),
  );
  return greyPng(width, height, Buffer.concat(rows));
}

/** The smallest GIF: one pixel. */
export const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
export const SVG = Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
/** 64 x 48 pixels: a blue disc on red, JPEG quality 20. */
export const JPEG = Buffer.from(
  '/9j/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4' +
    'pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAwAEADASIAAhEBAxEB/8QAFgABAQEAAAAA' +
    'AAAAAAAAAAAAAAED/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/EABgBAQEBAQEAAAAAAAAAAAAAAAACBAUD/8QAHhEAAgEDBQAAAAAAAAAAAAAAAAIBETEy' +
    'AwQSEyH/2gAMAwEAAhEDEQA/AMQHkbgCKVZaxLOqZSURRllbhXV8ZACSgAAgDZo04nN3Nez0AGtTiNtXs8KAxnSAAAiilaVsSyK+UEUBmlrhUVMYACSj/9k=',
  'base64',
);
