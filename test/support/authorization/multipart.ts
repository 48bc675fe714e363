/** A file of a form. */
export interface FormFile {
  readonly field: string;
  readonly name: string;
  readonly content: Buffer;
}

const BOUNDARY = 'a-boundary-that-stands-in-no-part';

/** A multipart body for `inject`, which takes bytes. */
export function multipart(
  fields: Readonly<Record<string, string>>,
  files: readonly FormFile[],
): { payload: Buffer; headers: Record<string, string> } {
  const part = (disposition: string, content: Buffer) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
      content,
      Buffer.from('\r\n'),
    ]);
  const parts = [
    ...Object.entries(fields).map(([name, value]) => part(`name="${name}"`, Buffer.from(value))),
    ...files.map(({ field, name, content }) => part(`name="${field}"; filename="${name}"`, content)),
  ];
  const payload = Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
  return { payload, headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` } };
}
