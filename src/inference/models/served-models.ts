import type { ModelVersion } from '../model-version.js';
import { canaryPart } from './canary-share.js';
import { ModelStore } from './model-catalog.js';

/** An uploaded model that may serve, with the description that its analyzer is made of. */
export interface RegisteredModel {
  readonly version: ModelVersion;
  readonly manifest: unknown;
}

/** Which uploaded models serve one analyzer of one tenant. */
export interface ServingPointers {
  readonly tenantId: string;
  readonly slug: string;
  /** uuid of a registered model. */
  readonly stable: string;
  readonly canary: { readonly modelId: string; readonly percent: number } | null;
}

/** Everything registered, as of one moment. */
export interface RegisteredModels {
  readonly models: readonly RegisteredModel[];
  readonly pointers: readonly ServingPointers[];
}

/** A model in use; whoever took it gives it back when nothing can run on it any more. */
export interface ModelInUse extends RegisteredModel {
  release(): void;
}

interface Place {
  pointers: ServingPointers;
  /** What serves as stable here: the pointer's model once that is resident, the one before until then. */
  serving: string;
}

/**
 * The models of this worker: those of the platform, and those that tenants uploaded and pointed an analyzer at. A new
 * pointer takes effect when its model is resident; the old model stays until its last job has let go of it.
 */
export class ServedModels extends ModelStore {
  private readonly listeners: (() => void)[] = [];
  private readonly places = new Map<string, Place>();
  private readonly uses = new Map<string, number>();
  /** Models of the platform that jobs run with. */
  private readonly platformUses = new Map<string, { readonly version: ModelVersion; count: number }>();
  private models = new Map<string, RegisteredModel>();
  private resident: ReadonlySet<string> = new Set();
  private listed = '';
  private source: () => Promise<void> = () => Promise.resolve();

  /** @param platform models that every tenant may use: shipped ones, and those of inference servers */
  constructor(private readonly platform: ModelStore) {
    super();
  }

  list(): readonly ModelVersion[] {
    const now = this.platform.list();
    const left = [...this.platformUses.values()].filter(({ version }) => !now.some(({ id }) => id === version.id));
    return [...now, ...left.map(({ version }) => version), ...this.wantedIds().map((id) => this.byId(id))];
  }

  byName(name: string): ModelVersion {
    return this.platform.byName(name);
  }

  byId(id: string): ModelVersion {
    return this.models.get(id)?.version ?? this.platformUses.get(id)?.version ?? this.platform.byId(id);
  }

  override onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  override setResident(ids: ReadonlySet<string>): void {
    this.resident = ids;
    for (const place of this.places.values()) this.advance(place);
    this.tell();
  }

  /** Who reads the registry: `refresh` asks it to look again. */
  setSource(source: () => Promise<void>): void {
    this.source = source;
  }

  /** Resolves when the registry was read again; at once on a worker without one. */
  refresh(): Promise<void> {
    return this.source();
  }

  /** Takes over what the registry says now. Models in use stay known, whatever it says. */
  replace({ models, pointers }: RegisteredModels): void {
    const before = this.models;
    // What an engine was told of a version holds for as long as it is known here.
    this.models = new Map(models.map((model) => [model.version.id, before.get(model.version.id) ?? model]));
    const wanted = new Set(pointers.map(keyOf));
    for (const key of this.places.keys()) if (!wanted.has(key)) this.places.delete(key);
    for (const pointer of pointers) this.point(pointer);
    for (const id of [...this.uses.keys(), ...[...this.places.values()].map(({ serving }) => serving)]) {
      const known = before.get(id);
      if (known && !this.models.has(id)) this.models.set(id, known);
    }
    this.tell();
  }

  /**
   * The model that a job of this analyzer runs with, kept until it is released; null when nothing serves it.
   * @param pinned digest that it must have, for a rerun; null = whatever serves
   */
  take(tenantId: string, slug: string, jobId: string, pinned: string | null): ModelInUse | null {
    const place = this.places.get(keyOf({ tenantId, slug }));
    if (!place) return null;
    const id = pinned === null ? this.choose(place, jobId) : this.pinnedId(place, pinned);
    const model = id === null ? undefined : this.models.get(id);
    return model ? { ...model, release: this.hold(model.version.id) } : null;
  }

  /** Keeps a model of the platform listed until the answer is called, should another take its name over meanwhile. */
  keep(version: ModelVersion): () => void {
    const use = this.platformUses.get(version.id) ?? { version, count: 0 };
    use.count += 1;
    this.platformUses.set(version.id, use);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      use.count -= 1;
      if (use.count > 0) return;
      this.platformUses.delete(version.id);
      if (!this.platform.list().some(({ id }) => id === version.id)) this.tellListeners();
    };
  }

  private pinnedId({ pointers, serving }: Place, digest: string): string | null {
    const ids = [serving, pointers.stable, ...(pointers.canary ? [pointers.canary.modelId] : [])];
    const same = ids.find((id) => this.models.get(id)?.version.digest === digest);
    if (same !== undefined) return same;
    // Another version that the tenant may use: it is loaded for this job.
    const { tenantId, slug } = pointers;
    const others = [...this.models.values()].map(({ version }) => version);
    const other = others.find(
      (v) => v.digest === digest && v.name === slug && (v.tenantId === tenantId || v.tenantId === null),
    );
    return other?.id ?? null;
  }

  private choose(place: Place, jobId: string): string {
    const { slug, canary } = place.pointers;
    const isCanary = canary !== null && canaryPart(slug, jobId) < canary.percent && this.resident.has(canary.modelId);
    return isCanary ? canary.modelId : place.serving;
  }

  private point(pointers: ServingPointers): void {
    const place = this.places.get(keyOf(pointers));
    if (!place) return void this.places.set(keyOf(pointers), { pointers, serving: pointers.stable });
    place.pointers = pointers;
    this.advance(place);
  }

  /** A model that serves nowhere yet gives way at once; one that serves stays until its successor is resident. */
  private advance(place: Place): void {
    const { stable } = place.pointers;
    if (this.resident.has(stable) || !this.resident.has(place.serving)) place.serving = stable;
  }

  private hold(id: string): () => void {
    this.uses.set(id, (this.uses.get(id) ?? 0) + 1);
    this.tell();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.uses.get(id) ?? 1) - 1;
      if (left > 0) this.uses.set(id, left);
      else this.uses.delete(id);
      if (left === 0) this.tell();
    };
  }

  /** Ids of uploaded models that must be resident. */
  private wantedIds(): string[] {
    const ids = new Set(this.uses.keys());
    for (const { pointers, serving } of this.places.values()) {
      for (const id of [serving, pointers.stable, ...(pointers.canary ? [pointers.canary.modelId] : [])]) ids.add(id);
    }
    return [...ids].filter((id) => this.models.has(id)).sort();
  }

  private tell(): void {
    const listed = this.wantedIds().join();
    if (listed === this.listed) return;
    this.listed = listed;
    this.tellListeners();
  }

  private tellListeners(): void {
    for (const listener of this.listeners) listener();
  }
}

function keyOf({ tenantId, slug }: Pick<ServingPointers, 'tenantId' | 'slug'>): string {
  return `${tenantId} ${slug}`;
}
