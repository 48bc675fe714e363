import fs from 'node:fs/promises';
import { CommandRunner, SubCommand } from 'nest-commander';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { toOperatorModelDto } from '../model-registry/dto/operator-model.dto.js';
import { OperatorModels } from '../model-registry/operators/operator-models.js';
import { LocalModelReader } from '../model-registry/receiving/local-model-reader.js';
import { CommandRefusedError } from './command-refused.error.js';
import { Terminal } from './terminal.js';

@SubCommand({
  name: 'upload',
  arguments: '<manifest> <files...>',
  description: 'Take in a model that belongs to the operators: its manifest (JSON) and every file that this names',
})
export class ModelUploadCommand extends CommandRunner {
  constructor(
    private readonly models: OperatorModels,
    private readonly reader: LocalModelReader,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([manifestFile = '', ...files]: string[]): Promise<void> {
    for (const file of [manifestFile, ...files]) await requireFile(file);
    const incoming = await this.reader.read(await manifestIn(manifestFile), files);
    this.terminal.print(toOperatorModelDto(await this.models.receive(incoming, SYSTEM_ACTOR.type, SYSTEM_ACTOR)));
  }
}

async function requireFile(file: string): Promise<void> {
  const isReadable = await fs.access(file, fs.constants.R_OK).then(
    async () => (await fs.stat(file)).isFile(),
    () => false,
  );
  if (!isReadable) throw new CommandRefusedError(`"${file}" is no file that can be read.`);
}

async function manifestIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(await fs.readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandRefusedError(`"${file}" is not JSON.`);
    throw error;
  }
}
