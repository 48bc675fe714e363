import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { NotificationListener } from '../../database/notification-listener.js';
import { type RegisteredModel, ServedModels } from '../../inference/models/served-models.js';
import { ModelFiles } from '../model-files.js';
import { MODELS_CHANNEL, type StoredModel } from '../stored-model.js';
import { toModelVersion } from '../to-model-version.js';
import { ServingRepository } from './serving.repository.js';

/** A notification can be lost; a pointer that nobody told of is seen this late. */
const POLL_MS = 15_000;

/** Keeps what this worker serves equal to the registry: reads it at every notification, and at intervals. */
@Injectable()
export class ModelFeed implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ModelFeed.name);
  private timer: NodeJS.Timeout | null = null;
  private reading: Promise<void> | null = null;
  private next: Promise<void> | null = null;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly repository: ServingRepository,
    private readonly served: ServedModels,
    private readonly files: ModelFiles,
    private readonly listener: NotificationListener,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.served.setSource(() => this.refresh());
    this.stopListening = await this.listener.listen(MODELS_CHANNEL, () => void this.refreshQuietly());
    await this.refreshQuietly();
    this.timer = setInterval(() => void this.refreshQuietly(), POLL_MS).unref();
  }

  onApplicationShutdown(): void {
    this.stopListening();
    if (this.timer) clearInterval(this.timer);
  }

  /** Resolves when a read that began after this call has ended; callers share it. */
  refresh(): Promise<void> {
    if (!this.reading) return (this.reading = this.read().finally(() => (this.reading = null)));
    this.next ??= this.reading
      .catch(() => undefined)
      .then(() => {
        this.next = null;
        return this.refresh();
      });
    return this.next;
  }

  private async refreshQuietly(): Promise<void> {
    await this.refresh().catch((error: Error) => this.logger.warn(`The models could not be read: ${error.message}`));
  }

  private async read(): Promise<void> {
    const { models, pointers } = await this.repository.read();
    this.served.replace({ models: models.flatMap((model) => this.registered(model)), pointers });
  }

  private registered(model: StoredModel): RegisteredModel[] {
    if (!model.signature) return [];
    return [{ version: toModelVersion(model, model.signature, this.files), manifest: model.manifest }];
  }
}
