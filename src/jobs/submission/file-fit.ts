import type { FileRule } from '../../analyzers/analyzer.js';
import type { FieldError } from '../../common/domain-error.js';
import type { FileFacts } from '../../files/file-facts.js';

/** Faults of a file against the rule of the field that it is meant for. */
export function faultsOfFile(pointer: string, facts: FileFacts, rule: FileRule): FieldError[] {
  const faults: FieldError[] = [];
  if (!rule.accept.includes(facts.mimeType)) {
    faults.push({ pointer, code: 'unsupported_type', message: `must be ${rule.accept.join(' or ')} by its content` });
  }
  if (facts.sizeBytes > rule.maxBytes) {
    faults.push({ pointer, code: 'too_large', message: `must have at most ${rule.maxBytes} bytes` });
  }
  const pixels = (facts.width ?? 0) * (facts.height ?? 0);
  if (rule.maxPixels !== undefined && pixels > rule.maxPixels) {
    faults.push({ pointer, code: 'too_many_pixels', message: `must have at most ${rule.maxPixels} pixels` });
  }
  return faults;
}
