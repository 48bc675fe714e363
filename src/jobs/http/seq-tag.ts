/** The weak ETag of a job: its seq. */
export function seqTag(seq: number): string {
  return `W/"${seq}"`;
}

/** The seqs that an `If-None-Match` header names; `*` and foreign tags name none of ours. */
export function seqsOf(header: string | undefined): number[] {
  return [...(header ?? '').matchAll(/"(\d{1,9})"/g)].map((match) => Number(match[1]));
}
