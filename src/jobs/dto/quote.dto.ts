import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { MoneyDto } from '../../http/money.dto.js';
import { JobEstimateDto } from './job-parts.dto.js';

@ApiSchema({ name: 'Quote', description: 'What the job would cost; unknown parts are null' })
export class QuoteDto {
  @ApiProperty({ type: 'integer', example: 1 })
  units: number;

  @ApiProperty({
    type: MoneyDto,
    nullable: true,
    description: 'At the price of now; a test job costs 0. Null when your plan has no price',
  })
  amount: MoneyDto | null;

  @ApiProperty({
    type: JobEstimateDto,
    nullable: true,
    description: 'Start of its first inference batch, if it was submitted now. Null when nothing is known',
  })
  estimatedStartAt: JobEstimateDto | null;

  @ApiProperty({ type: JobEstimateDto, nullable: true, description: 'Its end. Null when nothing is known' })
  estimatedFinishAt: JobEstimateDto | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      'Model of the estimates. `fairfit-1`: your jobs wait in a worker, and its scheduler says how long. `recent-1`: none waits, and your latest jobs of the analyzer are taken for what comes',
    example: 'recent-1',
  })
  etaModel: string | null;

  @ApiProperty({ type: 'integer', description: 'Jobs that you may submit now', example: 99_958 })
  quotaLeft: number;
}

@ApiSchema({ name: 'ValidationAnswer', description: 'Answer to `validateOnly`: the request would be accepted' })
export class ValidationAnswerDto {
  @ApiProperty({ enum: [true], example: true })
  valid: true;

  @ApiProperty({ example: 'sha256:41aa07c9' })
  inputDigest: string;

  @ApiProperty({ type: QuoteDto })
  quote: QuoteDto;
}
