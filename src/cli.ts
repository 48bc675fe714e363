import 'reflect-metadata';
import { CommandFactory } from 'nest-commander';
import { CliModule } from './cli/cli.module.js';
import { commandConfig } from './cli/command-config.js';
import { reportFailure } from './cli/report-failure.js';

/** Role `maru`: commands of whoever runs the installation, `npm run maru -- --help`. */
try {
  const module = CliModule.forRoot(await commandConfig());
  await CommandFactory.run(module, {
    logger: ['error', 'warn'],
    cliName: 'maru',
    serviceErrorHandler: reportFailure,
    helpConfiguration: { showGlobalOptions: true },
  });
} catch (error) {
  reportFailure(error);
}
