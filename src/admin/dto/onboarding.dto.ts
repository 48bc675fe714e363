import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { OnboardingFacts } from '../tenant-onboarding-facts.js';
import { TenantSettingsDto } from './tenant-settings.dto.js';

const STEPS = ['owner', 'apiKey', 'analyzers', 'branding', 'firstJob'] as const;

/** One step of an onboarding. */
@ApiSchema({ name: 'OnboardingStep' })
export class OnboardingStepDto {
  @ApiProperty({ enum: STEPS, example: 'analyzers' })
  name: (typeof STEPS)[number];

  @ApiProperty({ example: true })
  done: boolean;
}

/** How far the onboarding of a tenant is. */
@ApiSchema({ name: 'Onboarding' })
export class OnboardingDto {
  @ApiProperty({ enum: ['onboarding'], example: 'onboarding' })
  object: 'onboarding';

  @ApiProperty({ example: false })
  complete: boolean;

  @ApiProperty({ type: [OnboardingStepDto] })
  steps: OnboardingStepDto[];
}

/** A new tenant and what is shown only now. */
@ApiSchema({ name: 'LaunchedTenant' })
export class LaunchedTenantDto extends TenantSettingsDto {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Secret of the first API key; shown once',
    example: null,
  })
  apiKey: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Job that was submitted to try it', example: null })
  smokeJobId: string | null;
}

export function toOnboardingDto(facts: OnboardingFacts): OnboardingDto {
  const steps = STEPS.map((name) => ({ name, done: facts[name] }));
  return { object: 'onboarding', complete: steps.every((step) => step.done), steps };
}
