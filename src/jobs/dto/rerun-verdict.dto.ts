import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'RerunVerdict', description: 'Comparison of a rerun with the job that it repeats' })
export class RerunVerdictDto {
  @ApiProperty({ description: 'True when both results have the same digest', example: true })
  match: boolean;

  @ApiProperty({ example: 'sha256:77b0c1' })
  expectedDigest: string;

  @ApiProperty({ example: 'sha256:77b0c1' })
  actualDigest: string;

  @ApiProperty({
    type: [String],
    description: 'What could not be pinned and was different: `deviceType`, `batchSize`',
    example: ['batchSize'],
  })
  differs: readonly string[];
}
