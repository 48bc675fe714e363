import fs from 'node:fs';
import { Injectable } from '@nestjs/common';
import { CommandFactory, InjectCommander } from 'nest-commander';
import { beforeAll, expect, it } from 'vitest';
import { CliModule } from '../../src/cli/cli.module.js';
import { commandConfig } from '../../src/cli/command-config.js';

/** The command, with the option if it takes one, that does what an operation of the operators does. */
const COMMAND_OF: Readonly<Record<string, string>> = {
  listOperators: 'operator list',
  createOperator: 'operator create',
  changeOperator: 'operator set',
  removeOperator: 'operator remove',
  removeOperatorSecondFactor: 'operator remove-second-factor',
  rotateSigningKeys: 'key rotate --compromised',
  listModelsAsOperator: 'model list',
  uploadSharedModel: 'model upload',
  changeModel: 'model set --max-batch',
  listTenants: 'tenant list',
  createTenant: 'tenant create',
  getTenantOnboarding: 'tenant show',
  getTenantAsOperator: 'tenant show',
  changeTenant: 'tenant set',
  deleteTenant: 'tenant delete',
  suspendTenant: 'tenant suspend',
  resumeTenant: 'tenant resume',
  listTenantQuotas: 'tenant quotas',
  setTenantQuotas: 'tenant quotas --set',
  setTenantAnalyzers: 'tenant analyzers',
  inviteTenantOwner: 'tenant invite-owner',
  exportTenant: 'tenant export',
  listPlans: 'plan list',
  setPlan: 'plan set --daily',
  addPlanPrice: 'plan price --unit-price',
  getScheduler: 'scheduler show',
  listSchedulerDecisions: 'scheduler decisions --job',
  listAuditEventsAsOperator: 'audit list --csv',
  startImpersonation: 'impersonation start',
  endImpersonation: 'impersonation end',
};
/** Operations that no command does, and why. */
const WITHOUT_COMMAND: Readonly<Record<string, string>> = {};
/** Commands that no operation does, and why. */
const COMMAND_ONLY: Readonly<Record<string, string>> = {
  'audit verify': 'walks every chain: minutes on a large log',
  'audit seal': 'a worker does so every five seconds',
  'model show': 'the list of the API holds every model whole',
  'model share': 'part of changeModel: adds to the tenants instead of replacing them',
  'model unshare': 'part of changeModel: takes away from the tenants',
  'secrets rewrap': 'needs the old and the new key of the installation',
  'secrets rotate': 'key material never passes the API',
  'usage reconcile': 'reads the books of every tenant',
};

interface Branch {
  readonly commands: readonly Branch[];
  readonly options: readonly { readonly long?: string }[];
  name(): string;
}

@Injectable()
class Tree {
  constructor(@InjectCommander() readonly root: Branch) {}
}
class TreeModule {}

const operations: { operationId: string; path: string; tags: string[] }[] = [];
let leaves: Map<string, Branch>;
beforeAll(async () => {
  const { paths } = JSON.parse(fs.readFileSync('openapi.json', 'utf8')) as {
    paths: Record<string, Record<string, { operationId: string; tags: string[] }>>;
  };
  for (const [path, methods] of Object.entries(paths)) {
    for (const operation of Object.values(methods)) operations.push({ path, ...operation });
  }
  const module = { module: TreeModule, imports: [CliModule.forRoot(await commandConfig())], providers: [Tree] };
  const app = await CommandFactory.createWithoutRunning(module as never, { logger: false, cliName: 'maru' });
  const { root } = app.get(Tree, { strict: false });
  leaves = new Map(
    root.commands.flatMap((group) =>
      group.commands.map((leaf): [string, Branch] => [`${group.name()} ${leaf.name()}`, leaf]),
    ),
  );
  await app.close();
});

const ofOperators = () =>
  operations.filter(({ path, tags }) => path.startsWith('/v1/admin/') || tags.includes('Operator'));

it('does with a command whatever operators can do over the API, or says why not', () => {
  const ids = ofOperators().map(({ operationId }) => operationId);
  expect(ids.filter((id) => !(id in COMMAND_OF) && !(id in WITHOUT_COMMAND))).toEqual([]);
  expect([...Object.keys(COMMAND_OF), ...Object.keys(WITHOUT_COMMAND)].filter((id) => !ids.includes(id))).toEqual([]);
  const missing = Object.values(COMMAND_OF).filter((words) => {
    const [group, leaf, option] = words.split(' ');
    const command = leaves.get(`${group} ${leaf}`);
    return !command || (option !== undefined && !command.options.some(({ long }) => long === option));
  });
  expect(missing).toEqual([]);
});

it('has no command that neither an operation nor a reason stands for, and docs name every one', () => {
  const known = Object.values(COMMAND_OF).map((words) => words.split(' ', 2).join(' '));
  expect([...leaves.keys()].toSorted()).toEqual([...new Set([...known, ...Object.keys(COMMAND_ONLY)])].toSorted());
  const docs = fs.readFileSync('docs/administration.md', 'utf8');
  expect([...leaves.keys()].filter((command) => !docs.includes(`\`${command}`))).toEqual([]);
});
