import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { NotificationListener } from '../../database/notification-listener.js';
import { MODELS_CHANNEL } from '../stored-model.js';
import { type AdmissionClaim, AdmissionRepository } from './admission.repository.js';
import { ModelAdmission } from './model-admission.js';

/** How soon another worker takes over after a death, and how often a living one says that it works. */
export class AdmissionTimes {
  readonly leaseMs: number = 30_000;
  readonly heartbeatMs: number = 10_000;
  readonly pollMs: number = 10_000;
}

/** A model that takes workers down with it gets no more of them. */
const MAX_ATTEMPTS = 3;
const SHUTDOWN_GRACE_MS = 2_000;

/** The claim went to another worker, or this one stops: what is under way has no effect any more. */
class AdmissionStopped extends Error {}

/** Carries out admissions, one at a time: whichever worker is free takes the oldest, and takes over those of the dead. */
@Injectable()
export class AdmissionDuty implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(AdmissionDuty.name);
  private readonly stopping = new AbortController();
  private looking: Promise<void> | null = null;
  private isNews = false;
  private poll: NodeJS.Timeout | null = null;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly repository: AdmissionRepository,
    private readonly admission: ModelAdmission,
    private readonly listener: NotificationListener,
    private readonly times: AdmissionTimes,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = await this.listener.listen(MODELS_CHANNEL, () => this.look());
    this.poll = setInterval(() => this.look(), this.times.pollMs).unref();
    this.look();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.stopListening();
    if (this.poll) clearInterval(this.poll);
    await Promise.race([this.looking, delay(SHUTDOWN_GRACE_MS, undefined, { ref: false })]);
  }

  private look(): void {
    this.isNews = true;
    this.looking ??= this.work().finally(() => (this.looking = null));
  }

  private async work(): Promise<void> {
    while (this.isNews && !this.stopping.signal.aborted) {
      this.isNews = false;
      try {
        for (let claim = await this.next(); claim; claim = await this.next()) await this.carryOut(claim);
      } catch (error) {
        this.logger.warn(`Admissions will be looked for again: ${(error as Error).message}`);
        return;
      }
    }
  }

  private async next(): Promise<AdmissionClaim | null> {
    return this.stopping.signal.aborted ? null : this.repository.claim(this.times.leaseMs);
  }

  private async carryOut(claim: AdmissionClaim): Promise<void> {
    const { model, attempt } = claim;
    const { heartbeatMs, leaseMs } = this.times;
    let isLost = false;
    const heartbeat = setInterval(() => {
      this.repository.extend(claim, leaseMs).then(
        (isHeld) => (isLost ||= !isHeld),
        (error: Error) => this.logger.warn(`An admission's lease was not extended: ${error.message}`),
      );
    }, heartbeatMs);
    try {
      if (attempt > MAX_ATTEMPTS) return await this.giveUp(claim);
      const verdict = await this.admission.judge(model, async (check) => {
        if (this.stopping.signal.aborted || isLost) throw new AdmissionStopped();
        if (!(await this.repository.append(claim, check))) throw new AdmissionStopped();
      });
      await this.repository.finish(claim, verdict);
      this.logger.log(`${model.name} ${model.version} is ${verdict.status}`);
    } catch (error) {
      if (!(error instanceof AdmissionStopped)) {
        this.logger.warn(
          `The admission of ${model.name} ${model.version} failed and begins again: ${(error as Error).message}`,
        );
        // The lease stays until it ends: an admission that fails at once must not spin.
        if (!this.stopping.signal.aborted) return;
      }
      await this.repository.release(claim);
    } finally {
      clearInterval(heartbeat);
    }
  }

  private async giveUp(claim: AdmissionClaim): Promise<void> {
    const message = `${MAX_ATTEMPTS} workers could not bring the checks of this model to an end; it is not tried again`;
    await this.repository.append(claim, { name: 'attempts', passed: false, message, ms: 0 });
    await this.repository.finish(claim, { status: 'rejected' });
  }
}
