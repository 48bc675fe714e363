import { Injectable } from '@nestjs/common';
import { InjectCommander } from 'nest-commander';
import { textTable } from './text-table.js';

/** What a command found wrong makes the process end with this, so that a schedule notices. */
const FAULTS_EXIT_CODE = 2;

/** The part of the program that is needed here: options that every command takes. */
interface Program {
  option(flags: string, description: string): unknown;
  opts(): { readonly json?: boolean; readonly table?: boolean };
}

/** Where commands write: tables for people at a terminal, JSON for whatever else reads it, unless an option says which. */
@Injectable()
export class Terminal {
  constructor(@InjectCommander() private readonly program: Program) {
    program.option('--json', 'Print JSON, as whenever the output goes to a file or another program');
    program.option('--table', 'Print a table, as at a terminal');
  }

  /** @param shown what a table shows of it; all unless given */
  print(document: unknown, shown: unknown = document): void {
    if (this.isForPeople()) this.write(textTable(shown));
    else this.printJson(document);
  }

  /** For documents that are too deep for a table. */
  printJson(document: unknown): void {
    this.write(JSON.stringify(document, null, 2));
  }

  /** As it is. */
  write(text: string): void {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Prints a verdict; the process ends with 2 when it has faults. */
  verdict<Document extends { readonly faults: readonly unknown[] }>(document: Document): void {
    this.print(document);
    if (document.faults.length > 0) process.exitCode = FAULTS_EXIT_CODE;
  }

  private isForPeople(): boolean {
    const { json = false, table = false } = this.program.opts();
    return !json && (table || process.stdout.isTTY);
  }
}
