import { Command, CommandRunner, SubCommand } from 'nest-commander';
import { publicId } from '../common/ids.js';
import { type UsageFault, UsageReconciliation } from '../usage/usage-reconciliation.js';
import { AllTenants } from './all-tenants.js';
import { CommandGroup } from './command-group.js';
import { Takes } from './command-options.js';
import { CommandRefusedError } from './command-refused.error.js';
import { Terminal } from './terminal.js';

const MS_PER_DAY = 86_400_000;
const DEFAULT_DAYS = 31;

@SubCommand({
  name: 'reconcile',
  description: 'Compare ledger, ends of jobs, receipts and sums of every tenant; ends with 2 when they disagree',
})
@Takes({ flags: '--days <days>', description: 'How far back; 31 unless given', read: Number })
export class UsageReconcileCommand extends CommandRunner {
  constructor(
    private readonly reconciliation: UsageReconciliation,
    private readonly all: AllTenants,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_arguments: string[], { days = DEFAULT_DAYS }: { days?: number }): Promise<void> {
    if (!Number.isInteger(days) || days < 1) throw new CommandRefusedError('--days must be a whole number from 1.');
    const to = new Date();
    const from = new Date(to.getTime() - days * MS_PER_DAY);
    let [entries, units] = [0, 0];
    const faults: (UsageFault & { tenantId: string })[] = [];
    const tenants = await this.all.list();
    for (const { id } of tenants) {
      const verdict = await this.reconciliation.compare(id, from, to);
      entries += verdict.entries;
      units += verdict.units;
      faults.push(...verdict.faults.map((fault) => ({ tenantId: publicId('tenant', id), ...fault })));
    }
    this.terminal.verdict({ from, to, tenants: tenants.length, entries, units, faults } as { faults: UsageFault[] });
  }
}

@Command({ name: 'usage', description: 'What tenants used', subCommands: [UsageReconcileCommand] })
export class UsageCommand extends CommandGroup {}
