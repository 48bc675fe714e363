/** Purposes that a file may be uploaded in parts for, and how large it may be, in bytes. */
export const UPLOAD_LIMITS = { job_input: 100 * 2 ** 20, model: 520 * 2 ** 20 } as const;
export type UploadPurpose = keyof typeof UPLOAD_LIMITS;
export const PURPOSES = Object.keys(UPLOAD_LIMITS) as UploadPurpose[];

/** A row of `maru.uploads`. */
export interface Upload {
  readonly tenantId: string;
  /** uuid; becomes the id of the file. */
  readonly id: string;
  readonly purpose: UploadPurpose;
  readonly name: string;
  /** Of the whole content, as the client declared it. */
  readonly bytes: number;
  /** Hex; null = the client did not say. */
  readonly sha256: string | null;
  readonly completedAt: Date | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}
