import { Command, CommandRunner, SubCommand } from 'nest-commander';
import { SchedulerView } from '../admin/scheduler-view.js';
import { TenantActivityRepository } from '../admin/tenant-activity.repository.js';
import { publicId } from '../common/ids.js';
import { AllTenants } from './all-tenants.js';
import { CommandGroup } from './command-group.js';
import { Takes } from './command-options.js';
import { Terminal } from './terminal.js';

@SubCommand({
  name: 'show',
  description: 'Devices and lanes of all workers as of their last heartbeats, and the queue by tenant',
})
export class SchedulerShowCommand extends CommandRunner {
  constructor(
    private readonly scheduler: SchedulerView,
    private readonly all: AllTenants,
    private readonly activity: TenantActivityRepository,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(): Promise<void> {
    this.terminal.print({ ...(await this.scheduler.now()), queues: await this.queues() });
  }

  /** Of tenants that have one. */
  private async queues(): Promise<object[]> {
    const tenants = new Map((await this.all.list()).map((tenant) => [tenant.id, tenant]));
    return (await this.activity.of([...tenants.keys()])).flatMap(({ tenantId, jobs: { queued, running } }) => {
      const { slug, weight } = tenants.get(tenantId) ?? {};
      return queued + running > 0 ? [{ tenant: publicId('tenant', tenantId), slug, weight, queued, running }] : [];
    });
  }
}

@SubCommand({
  name: 'decisions',
  description: 'The latest inference batches, newest first, or those that ran a job and why it waited',
})
@Takes({ flags: '--job <job>', description: 'Only those that ran this job (job_...), oldest first' })
export class SchedulerDecisionsCommand extends CommandRunner {
  constructor(
    private readonly scheduler: SchedulerView,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_arguments: string[], { job }: { job?: string }): Promise<void> {
    const { scheduler } = this;
    this.terminal.print(await (job === undefined ? scheduler.decisions() : scheduler.decisionsOf(job)));
  }
}

@Command({
  name: 'scheduler',
  description: 'What the workers do',
  subCommands: [SchedulerShowCommand, SchedulerDecisionsCommand],
})
export class SchedulerCommand extends CommandGroup {}
