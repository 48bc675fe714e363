import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { MoneyDto } from '../../http/money.dto.js';
import { JobEstimateDto } from './job-parts.dto.js';

@ApiSchema({ name: 'Quote', description: 'What the job would cost; unknown parts are null' })
export class QuoteDto {
  @ApiProperty({ type: 'integer', example: 1 })
  units: number;

  @ApiProperty({ type: MoneyDto, nullable: true, description: 'Null when the analyzer has no price', example: null })
  amount: MoneyDto | null;

  @ApiProperty({ type: JobEstimateDto, nullable: true, description: 'Null when there is no estimate', example: null })
  estimatedStartAt: JobEstimateDto | null;

  @ApiProperty({ type: JobEstimateDto, nullable: true, description: 'Null when there is no estimate', example: null })
  estimatedFinishAt: JobEstimateDto | null;

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
