import { Logger } from '@nestjs/common';
import type { ModelVersion } from '../model-version.js';
import { isSameSignature } from '../runtimes/signature-check.js';
import { ModelStore, UnknownModelError } from './model-catalog.js';

/** Where model versions come from beside those that ship. */
export interface ModelSource {
  models(): readonly ModelVersion[];
}

/**
 * The models that ship and those that other sources, such as inference servers, describe. A source that has a model under the name of a shipped one,
 * with the same tensors, serves it instead: so an operator moves a built-in analyzer to an inference server.
 */
export class JoinedModels extends ModelStore {
  private readonly logger = new Logger(JoinedModels.name);
  private readonly told = new Set<string>();

  constructor(
    private readonly shipped: ModelStore,
    private readonly sources: readonly ModelSource[],
  ) {
    super();
  }

  list(): readonly ModelVersion[] {
    const shipped = this.shipped.list();
    const others = this.others().filter((other) => {
      const own = shipped.find(({ name }) => name === other.name);
      return !own || this.canReplace(own, other);
    });
    const names = new Set(others.map(({ name }) => name));
    return [...shipped.filter(({ name }) => !names.has(name)), ...others];
  }

  byName(name: string): ModelVersion {
    return this.find(this.list(), (version) => version.name === name, name);
  }

  byId(id: string): ModelVersion {
    const other = this.others().find((version) => version.id === id);
    if (other) return other;
    try {
      return this.shipped.byId(id);
    } catch (error) {
      if (!(error instanceof UnknownModelError)) throw error;
      return this.find(this.list(), (version) => version.id === id, id);
    }
  }

  private find(
    versions: readonly ModelVersion[],
    matches: (version: ModelVersion) => boolean,
    what: string,
  ): ModelVersion {
    const found = versions.find(matches);
    if (found) return found;
    const known = versions.map(({ name }) => name).join(', ') || 'none';
    throw new UnknownModelError(`There is no model ${what} here; known models: ${known}.`);
  }

  private canReplace(own: ModelVersion, other: ModelVersion): boolean {
    if (isSameSignature(own, other)) return true;
    if (!this.told.has(other.id)) {
      this.logger.warn(`${other.file} has other tensors than ${own.name}; the one that ships goes on serving`);
    }
    this.told.add(other.id);
    return false;
  }

  private others(): readonly ModelVersion[] {
    return this.sources.flatMap((source) => source.models());
  }
}
