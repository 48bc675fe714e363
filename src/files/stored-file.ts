/** What is known of a stored file. */
export interface StoredFile {
  /** uuid. */
  readonly id: string;
  readonly purpose: FilePurpose;
  /** As the client called it; only ever shown. */
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly status: 'pending' | 'ready' | 'rejected' | 'expired';
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

/** Purposes that a client may give an upload today. */
export const UPLOAD_PURPOSES = ['job_input', 'model'] as const;
export type FilePurpose = 'job_input' | 'job_output' | 'batch_input' | 'batch_output' | 'model' | 'brand_asset';
