import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { STAGES } from '../transition.js';
import { MoneyDto } from '../../http/money.dto.js';

import { RESULT_KINDS } from './result.dto.js';

@ApiSchema({ name: 'LocalizedText', description: 'A text in the languages of the product' })
export class LocalizedTextDto {
  @ApiProperty({ example: '표면 검사' })
  ko: string;

  @ApiProperty({ example: 'Surface inspection' })
  en: string;
}

@ApiSchema({ name: 'AnalyzerLabel', description: 'A label of a result and its words' })
export class AnalyzerLabelDto {
  @ApiProperty({ example: 'scratch' })
  id: string;

  @ApiProperty({ type: LocalizedTextDto })
  label: LocalizedTextDto;
}

@ApiSchema({ name: 'AnalyzerView', description: 'How a result is shown' })
export class AnalyzerViewDto {
  @ApiProperty({ enum: RESULT_KINDS, example: 'image_boxes' })
  renderer: string;

  @ApiProperty({ type: [AnalyzerLabelDto] })
  labels: AnalyzerLabelDto[];
}

@ApiSchema({ name: 'AnalyzerLimits', description: 'What one job may take' })
export class AnalyzerLimitsDto {
  @ApiProperty({ type: 'integer', example: 10485760 })
  maxInputBytes: number;

  @ApiProperty({ type: 'integer', example: 30000 })
  maxDurationMs: number;
}

@ApiSchema({ name: 'AnalyzerPrice', description: 'What one job bills' })
export class AnalyzerPriceDto {
  @ApiProperty({ enum: ['image', 'signal', 'row'], example: 'image' })
  unit: string;

  @ApiProperty({ type: 'integer', example: 1 })
  units: number;

  @ApiProperty({
    type: MoneyDto,
    nullable: true,
    description: 'What your plan bills for them now. Null: it has no price',
  })
  amount: MoneyDto | null;
}

@ApiSchema({
  name: 'AnalyzerLatency',
  description:
    'Measured time from submit to end of your own jobs that succeeded: those of the window among your latest 2,000 that ended, at most 1,000. Counted once a minute',
})
export class AnalyzerLatencyDto {
  @ApiProperty({ example: '7d' })
  window: string;

  @ApiProperty({ type: 'integer', example: 610 })
  p50Ms: number;

  @ApiProperty({ type: 'integer', example: 1480 })
  p90Ms: number;
}

@ApiSchema({
  name: 'AnalyzerEta',
  description:
    'How good the estimates of quotes are, on the jobs of `latency`: each is compared with what would have been quoted when it was submitted, from no more than had ended by then',
})
export class AnalyzerEtaDto {
  @ApiProperty({
    description:
      '`recent-1`: a job takes what your latest 100 succeeded jobs of the analyzer took, as the quantiles of their times. It knows nothing of the queue of the moment',
    example: 'recent-1',
  })
  model: string;

  @ApiProperty({ example: '7d' })
  window: string;

  @ApiProperty({ type: 'integer', description: 'Jobs that were compared', example: 880 })
  samples: number;

  @ApiProperty({ description: 'Share that ended within the p50; 0.5 is perfect', example: 0.52 })
  coverageP50: number;

  @ApiProperty({ description: 'Share that ended within the p90; 0.9 is perfect', example: 0.91 })
  coverageP90: number;

  @ApiProperty({ type: 'integer', description: 'Median distance to the p50', example: 180 })
  medianAbsErrorMs: number;
}

@ApiSchema({
  name: 'Analyzer',
  description: 'A kind of analysis that the tenant may use; form, docs and view follow from it',
})
export class AnalyzerDto {
  @ApiProperty({ example: 'surface-inspection' })
  slug: string;

  @ApiProperty({ enum: ['analyzer'], example: 'analyzer' })
  object: 'analyzer';

  @ApiProperty({ example: '1' })
  version: string;

  @ApiProperty({ type: LocalizedTextDto })
  name: LocalizedTextDto;

  @ApiProperty({ type: LocalizedTextDto })
  description: LocalizedTextDto;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'JSON Schema 2020-12 of `input`; a property with `x-file` takes a file',
    example: { type: 'object', properties: {}, additionalProperties: false },
  })
  inputSchema: Readonly<Record<string, unknown>>;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: "JSON Schema 2020-12 of the result's `data`",
    example: { type: 'object', properties: {}, additionalProperties: false },
  })
  outputSchema: Readonly<Record<string, unknown>>;

  @ApiProperty({ enum: STAGES, isArray: true, example: STAGES })
  stages: readonly string[];

  @ApiProperty({ type: AnalyzerViewDto })
  view: AnalyzerViewDto;

  @ApiProperty({ type: [String], description: 'Models that serve it now', example: ['mdl_01m8323e5rf42rbk4qyzd4e5r5'] })
  models: string[];

  @ApiProperty({ type: AnalyzerLimitsDto })
  limits: AnalyzerLimitsDto;

  @ApiProperty({ type: AnalyzerPriceDto })
  price: AnalyzerPriceDto;

  @ApiProperty({ type: AnalyzerLatencyDto, nullable: true, description: 'Null below 20 jobs' })
  latency: AnalyzerLatencyDto | null;

  @ApiProperty({ type: AnalyzerEtaDto, nullable: true, description: 'Null below 20 jobs to compare' })
  eta: AnalyzerEtaDto | null;
}

@ApiSchema({ name: 'AnalyzerPage' })
export class AnalyzerPageDto {
  @ApiProperty({ type: [AnalyzerDto] })
  data: AnalyzerDto[];

  @ApiProperty({ type: 'string', nullable: true, description: 'Always null: all are on one page', example: null })
  nextPageToken: string | null;

  @ApiProperty({ example: false })
  hasMore: boolean;
}
