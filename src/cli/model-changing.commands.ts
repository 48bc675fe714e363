import { CommandRunner, SubCommand } from 'nest-commander';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { ChangeModelDto, toOperatorModelDto } from '../model-registry/dto/operator-model.dto.js';
import { OperatorModels } from '../model-registry/operators/operator-models.js';
import { checked } from './checked.js';
import { Takes } from './command-options.js';
import { modelIdOf } from './named-model.js';
import { NamedTenant } from './named-tenant.js';
import { Terminal } from './terminal.js';

@SubCommand({
  name: 'share',
  arguments: '<model> <tenants>',
  description: 'Let these tenants use a model of the operators too, separated by commas',
})
export class ModelShareCommand extends CommandRunner {
  constructor(
    private readonly models: OperatorModels,
    private readonly named: NamedTenant,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([model, names]: string[]): Promise<void> {
    const [id, more] = [modelIdOf(model), await this.named.ids(names)];
    const tenantIds = (current: readonly string[]) => [...new Set([...current, ...more])];
    this.terminal.print(toOperatorModelDto(await this.models.change(id, { tenantIds }, SYSTEM_ACTOR)));
  }
}

@SubCommand({
  name: 'unshare',
  arguments: '<model> <tenants>',
  description:
    'Take a model of the operators back from these tenants; refused while an analyzer of theirs points at it',
})
export class ModelUnshareCommand extends CommandRunner {
  constructor(
    private readonly models: OperatorModels,
    private readonly named: NamedTenant,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([model, names]: string[]): Promise<void> {
    const [id, fewer] = [modelIdOf(model), await this.named.ids(names)];
    const tenantIds = (current: readonly string[]) => current.filter((tenant) => !fewer.includes(tenant));
    this.terminal.print(toOperatorModelDto(await this.models.change(id, { tenantIds }, SYSTEM_ACTOR)));
  }
}

@SubCommand({ name: 'set', arguments: '<model>', description: 'Change the batch size of any model' })
@Takes({
  flags: '--max-batch <rows>',
  description: 'Most rows of one inference batch; at most what its checks ran',
  required: true,
  read: Number,
})
export class ModelSetCommand extends CommandRunner {
  constructor(
    private readonly models: OperatorModels,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([model]: string[], options: object): Promise<void> {
    const { maxBatch } = await checked(ChangeModelDto, options);
    this.terminal.print(toOperatorModelDto(await this.models.change(modelIdOf(model), { maxBatch }, SYSTEM_ACTOR)));
  }
}
