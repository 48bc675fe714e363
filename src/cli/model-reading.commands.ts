import { CommandRunner, SubCommand } from 'nest-commander';
import { type OperatorModelDto, toOperatorModelDto } from '../model-registry/dto/operator-model.dto.js';
import { OperatorModels } from '../model-registry/operators/operator-models.js';
import { allPages } from './all-pages.js';
import { modelIdOf } from './named-model.js';
import { Terminal } from './terminal.js';

@SubCommand({ name: 'list', description: 'Models of all tenants and those of the operators, newest first' })
export class ModelListCommand extends CommandRunner {
  constructor(
    private readonly models: OperatorModels,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(): Promise<void> {
    const models = (await allPages((limit, before) => this.models.list(limit, before))).map(toOperatorModelDto);
    this.terminal.print(models, models.map(shown));
  }
}

@SubCommand({ name: 'show', arguments: '<model>', description: 'One model with its checks, tensors and memory' })
export class ModelShowCommand extends CommandRunner {
  constructor(
    private readonly models: OperatorModels,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([model]: string[]): Promise<void> {
    this.terminal.print(toOperatorModelDto(await this.models.get(modelIdOf(model))));
  }
}

/** A line of the table. */
function shown({
  id,
  name,
  version,
  runtime,
  status,
  tenantId,
  tenants,
  servedTo,
  maxBatch,
}: OperatorModelDto): object {
  return { id, name, version, runtime, status, owner: tenantId ?? 'operators', tenants, servedTo, maxBatch };
}
