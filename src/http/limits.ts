/** Largest JSON body. */
export const JSON_LIMIT_BYTES = 2 ** 20;

/** Largest uploaded file: 100 MiB. */
export const FILE_LIMIT_BYTES = 100 * 2 ** 20;

/** Limits of a multipart body; each one is set, because the parser's own defaults are unlimited or huge. */
export const MULTIPART_LIMITS = {
  fileSize: FILE_LIMIT_BYTES,
  files: 16,
  fields: 32,
  parts: 48, // files + fields
  fieldSize: JSON_LIMIT_BYTES,
  fieldNameSize: 100,
  headerPairs: 20,
};
