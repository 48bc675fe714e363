import { Injectable } from '@nestjs/common';

/** What a command found wrong makes the process end with this, so that a schedule notices. */
const FAULTS_EXIT_CODE = 2;

/** Where commands write: JSON, so that scripts read it. */
@Injectable()
export class Terminal {
  print(document: unknown): void {
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }

  /** Prints a verdict; the process ends with 2 when it has faults. */
  verdict<Document extends { readonly faults: readonly unknown[] }>(document: Document): void {
    this.print(document);
    if (document.faults.length > 0) process.exitCode = FAULTS_EXIT_CODE;
  }
}
