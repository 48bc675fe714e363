import { Command } from 'nest-commander';
import { CommandGroup } from './command-group.js';
import { ModelSetCommand, ModelShareCommand, ModelUnshareCommand } from './model-changing.commands.js';
import { ModelListCommand, ModelShowCommand } from './model-reading.commands.js';
import { ModelUploadCommand } from './model-upload.command.js';

@Command({
  name: 'model',
  description: 'Models of tenants, and those that the operators share',
  subCommands: [
    ModelListCommand,
    ModelShowCommand,
    ModelUploadCommand,
    ModelShareCommand,
    ModelUnshareCommand,
    ModelSetCommand,
  ],
})
export class ModelCommand extends CommandGroup {}
