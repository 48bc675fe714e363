import { ApiProperty, ApiSchema } from '@nestjs/swagger';

export const RESULT_KINDS = ['image_boxes', 'heatmap', 'table', 'series', 'text'] as const;

@ApiSchema({ name: 'Result', description: 'What the analyzer found' })
export class ResultDto {
  @ApiProperty({ example: 'job_01m8323e5rfbnv28231hc5mh2z' })
  jobId: string;

  @ApiProperty({ enum: ['result'], example: 'result' })
  object: 'result';

  @ApiProperty({ enum: RESULT_KINDS, description: 'Picks the renderer', example: 'image_boxes' })
  kind: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: "Matches the analyzer's outputSchema",
    example: { boxes: [{ x: 12, y: 40, width: 31, height: 18, label: 'scratch', score: 0.94 }] },
  })
  data: Readonly<Record<string, unknown>>;

  @ApiProperty({ type: [String], description: 'Ids of output files', example: [] })
  files: string[];

  @ApiProperty({ description: 'Digest of kind and data as canonical JSON', example: 'sha256:77b0c4d1e2' })
  digest: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Null: kept until it is erased',
    example: null,
  })
  expiresAt: string | null;
}
