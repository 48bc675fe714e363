import { useEffect, useState } from 'react';
import { fileContent } from '../api/client.js';

/** An address of a stored file's bytes: null while they come, `failed` when they cannot. */
export function useFileUrl(fileId: string | null): string | 'failed' | null {
  const [url, setUrl] = useState<string | 'failed' | null>(null);
  useEffect(() => {
    if (!fileId) return setUrl(null);
    const abort = new AbortController();
    let made: string | null = null;
    fileContent(fileId, abort.signal).then(
      (blob) => setUrl((made = URL.createObjectURL(blob))),
      () => abort.signal.aborted || setUrl('failed'),
    );
    return () => {
      abort.abort();
      if (made) URL.revokeObjectURL(made);
    };
  }, [fileId]);
  return url;
}
