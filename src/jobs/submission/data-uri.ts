/** Largest content of a data URI, decoded. Larger files are uploaded, or sent as a part. */
export const MAX_DATA_URI_BYTES = 256 * 1024;

const BASE64_URI = /^data:[^,]*;base64,([A-Za-z0-9+/_=-]*)$/;

/** Why a data URI cannot be used. */
export type DataUriFault = 'bad_format' | 'too_large';

/** Content of a base64 data URI. The media type that it claims counts for nothing. */
export function decodeDataUri(uri: string): Buffer | DataUriFault {
  const match = BASE64_URI.exec(uri);
  if (!match?.[1]) return 'bad_format';
  const content = Buffer.from(match[1], 'base64');
  return content.length > MAX_DATA_URI_BYTES ? 'too_large' : content;
}
