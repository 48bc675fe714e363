/** The part of the API that the pages use, in the form that openapi-typescript writes. */
type Json<T> = { content: { 'application/json': T }; headers: Record<string, unknown> };
type Failure = { content: { 'application/problem+json': components['schemas']['Problem'] }; headers: Record<string, unknown> };
type Page<T> = { data: T[]; nextPageToken: string | null; hasMore: boolean };
type NoParameters = { query?: never; header?: never; path?: never; cookie?: never };
type Get<T, P = NoParameters> = {
  parameters: P;
  requestBody?: never;
  responses: { 200: Json<T>; default: Failure };
};
type Nothing = { content?: never; headers: Record<string, unknown> };
type ById = { path: { id: string }; query?: never; header?: never; cookie?: never };

export interface paths {
  '/v1/auth/login': {
    parameters: NoParameters;
    post: {
      parameters: NoParameters;
      requestBody: { content: { 'application/json': components['schemas']['Login'] } };
      responses: { 200: Json<components['schemas']['Session']>; default: Failure };
    };
  };
  '/v1/auth/logout': {
    parameters: NoParameters;
    post: { parameters: NoParameters; requestBody?: never; responses: { 204: Nothing; default: Failure } };
  };
  '/v1/me': { parameters: NoParameters; get: Get<components['schemas']['Me']> };
  '/v1/branding': {
    parameters: NoParameters;
    get: Get<
      components['schemas']['Branding'],
      { query?: { slug?: string }; header?: never; path?: never; cookie?: never }
    >;
  };
  '/v1/analyzers': { parameters: NoParameters; get: Get<Page<components['schemas']['Analyzer']>> };
  '/v1/jobs': {
    parameters: NoParameters;
    get: Get<
      Page<components['schemas']['Job']>,
      {
        query?: { limit?: number; pageToken?: string; status?: JobStatus[]; analyzer?: string };
        header?: never;
        path?: never;
        cookie?: never;
      }
    >;
    post: {
      parameters: { header?: { 'Idempotency-Key'?: string }; query?: never; path?: never; cookie?: never };
      requestBody: {
        content: { 'application/json': components['schemas']['CreateJob']; 'multipart/form-data': Record<string, unknown> };
      };
      responses: { 202: Json<components['schemas']['Job']>; default: Failure };
    };
  };
  '/v1/jobs/{id}': { parameters: NoParameters; get: Get<components['schemas']['Job'], ById> };
  '/v1/jobs/{id}/timeline': { parameters: NoParameters; get: Get<components['schemas']['Timeline'], ById> };
  '/v1/jobs/{id}/result': { parameters: NoParameters; get: Get<components['schemas']['Result'], ById> };
  '/v1/jobs/{id}/cancel': {
    parameters: NoParameters;
    post: {
      parameters: ById;
      requestBody?: never;
      responses: { 202: Json<components['schemas']['Job']>; 200: Json<components['schemas']['Job']>; default: Failure };
    };
  };
  '/v1/admin/tenants': { parameters: NoParameters; get: Get<Page<components['schemas']['Tenant']>> };
  '/v1/admin/scheduler': { parameters: NoParameters; get: Get<components['schemas']['Scheduler']> };
}

type StageName = 'prepare' | 'batch' | 'infer' | 'interpret';
type JobStatus = 'queued' | 'running' | 'canceling' | 'succeeded' | 'failed' | 'canceled' | 'expired';
type LocalizedText = { ko: string; en: string };

export interface components {
  schemas: {
    Problem: {
      type: string;
      title: string;
      status: number;
      detail: string;
      code: string;
      requestId: string;
      retryAfter: number | null;
      errors: { pointer: string; code: string; message: string }[];
    };
    Login: { tenant?: string; email: string; password: string; session?: 'cookie' | 'token' };
    Session: { accessToken: string; tokenType: string; expiresIn: number; refreshToken: string | null };
    Me: {
      id: string;
      object: 'member' | 'operator' | 'api_key';
      email: string | null;
      name: string | null;
      tenant: { id: string; slug: string; name: string } | null;
      role: string;
      scopes: string[];
    };
    Branding: {
      object: 'branding';
      tenantId: string;
      slug: string;
      version: number;
      doc: Record<string, unknown>;
      cssUrl: string;
      cssSha256: string;
    };
    Analyzer: {
      slug: string;
      object: 'analyzer';
      version: string;
      name: LocalizedText;
      description?: LocalizedText;
      inputSchema: Record<string, unknown>;
      outputSchema: Record<string, unknown>;
      stages: StageName[];
      view: { renderer: string; labels: { id: string; label: LocalizedText }[] };
    };
    CreateJob: { analyzer: string; input: Record<string, unknown>; metadata?: Record<string, string> | null };
    JobError: { code: string; message: string; stage: StageName | null; retryable: boolean; attempt: number };
    JobModel: { id: string; name: string; version: string; digest: string };
    Job: {
      id: string;
      object: 'job';
      status: JobStatus;
      seq: number;
      analyzer: string;
      analyzerVersion: string;
      model: components['schemas']['JobModel'] | null;
      priority: string;
      input: Record<string, unknown> | null;
      queue: {
        position: number | null;
        tenantPosition: number | null;
        reason: 'tenant_share' | 'batch_filling' | 'no_capacity' | 'quota' | null;
        batch: { filled: number; target: number; flushAt: string | null } | null;
      } | null;
      attempt: number;
      maxAttempts: number;
      cancelReason: string | null;
      createdAt: string;
      startedAt: string | null;
      finishedAt: string | null;
      result: components['schemas']['Result'] | null;
      error: components['schemas']['JobError'] | null;
      traceId: string | null;
    };
    Execution: {
      inferenceBatchId: string;
      batchSize: number;
      slot: number;
      batchWaitMs: number;
      device: string;
      deviceType: string;
      runtime: string;
      workerId: string;
      model: components['schemas']['JobModel'];
    };
    Transition: {
      seq: number;
      eventId: string;
      jobId: string;
      at: string;
      type: string;
      status: JobStatus;
      stage: StageName | null;
      attempt: number;
      enteredAt: string | null;
      durationMs: number | null;
      message: string | null;
      error: components['schemas']['JobError'] | null;
      execution: components['schemas']['Execution'] | null;
    };
    Timeline: { data: components['schemas']['Transition'][] };
    Result: {
      jobId: string;
      object: 'result';
      kind: string;
      data: Record<string, unknown>;
      files: string[];
      digest: string;
      expiresAt: string | null;
    };
    Tenant: {
      id: string;
      slug: string;
      name: string;
      status: 'active' | 'suspended';
      weight: number;
      hosts?: string[];
      analyzers?: string[];
      jobs?: { queued: number; running: number; succeeded: number; failed: number };
      createdAt: string;
    };
    Scheduler: {
      object: 'scheduler';
      workers: number;
      devices: { id: string; type: string; runtime: string; workerId: string; state: string; models: number; busyMs: number }[];
      lanes: { id: string; workerId: string; queued: number }[];
    };
  };
}
