import { Command, CommandRunner, SubCommand } from 'nest-commander';
import { toPlanDto } from '../admin/plans/dto/plan.dto.js';
import { AddPriceDto, PlanLimitsDto } from '../admin/plans/dto/set-plan.dto.js';
import { PlanAdministration } from '../admin/plans/plan-administration.js';
import { PLAN_LIMIT_NAMES } from '../admin/plans/plan-limit-names.js';
import { PlanNamePipe } from '../admin/plans/plan-name.pipe.js';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { checked } from './checked.js';
import { CommandGroup } from './command-group.js';
import { Takes } from './command-options.js';
import { Terminal } from './terminal.js';

const planOf = (text = '') => new PlanNamePipe().transform(text);

@SubCommand({ name: 'list', description: 'Plans with their limits and prices' })
export class PlanListCommand extends CommandRunner {
  constructor(
    private readonly plans: PlanAdministration,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(): Promise<void> {
    this.terminal.print((await this.plans.list()).map(toPlanDto));
  }
}

@SubCommand({
  name: 'set',
  arguments: '<plan>',
  description: 'Change the limits of a plan, or make one, which needs all of them',
})
@Takes(
  ...PLAN_LIMIT_NAMES.map((name) => ({ flags: `--${name} <number>`, description: `The limit ${name}`, read: Number })),
)
export class PlanSetCommand extends CommandRunner {
  constructor(
    private readonly plans: PlanAdministration,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([plan]: string[], limits: object): Promise<void> {
    const wanted = await checked(PlanLimitsDto, limits);
    this.terminal.print(toPlanDto(await this.plans.put(planOf(plan), wanted, SYSTEM_ACTOR)));
  }
}

@SubCommand({ name: 'price', arguments: '<plan>', description: 'Set what a unit costs from now or later on' })
@Takes(
  { flags: '--unit-price <price>', description: 'Decimal number such as 12.5', required: true },
  { flags: '--currency <currency>', description: 'ISO 4217, such as KRW', required: true },
  { flags: '--valid-from <instant>', description: 'Such as 2026-12-01T00:00:00Z; now unless given' },
)
export class PlanPriceCommand extends CommandRunner {
  constructor(
    private readonly plans: PlanAdministration,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([plan]: string[], typed: object): Promise<void> {
    const { unitPrice: value, ...price } = await checked(AddPriceDto, typed);
    this.terminal.print(toPlanDto(await this.plans.addPrice(planOf(plan), { value, ...price }, SYSTEM_ACTOR)));
  }
}

@Command({
  name: 'plan',
  description: 'What the installation offers its tenants',
  subCommands: [PlanListCommand, PlanSetCommand, PlanPriceCommand],
})
export class PlanCommand extends CommandGroup {}
