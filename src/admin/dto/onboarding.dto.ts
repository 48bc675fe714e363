import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { MemberWithLinkDto, toMemberWithLinkDto } from '../../auth/members/dto/member.dto.js';
import { publicId } from '../../common/ids.js';
import type { Launched } from '../launch-request.js';
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

/** Where to go with a new tenant. */
@ApiSchema({ name: 'LaunchLinks' })
export class LaunchLinksDto {
  @ApiProperty({ example: 'http://hanbit.localhost:3000/' })
  portal: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The first job; read it with the API key of the tenant',
    example: 'http://hanbit.localhost:3000/v1/jobs/job_01m8323e5rf0ds4xq6xyk0sbn3',
  })
  smokeJob: string | null;
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

  @ApiProperty({
    type: MemberWithLinkDto,
    nullable: true,
    description: 'The first owner with the link of the invitation; shown once',
  })
  owner: MemberWithLinkDto | null;

  @ApiProperty({ type: LaunchLinksDto })
  links: LaunchLinksDto;
}

/** @param settings of the tenant as operators read them, whose hosts bear their port */
export function toLaunchedTenantDto(settings: TenantSettingsDto, launched: Launched, publicUrl: string) {
  const { apiKey, smokeJobId: jobId, owner } = launched;
  const smokeJobId = jobId && publicId('job', jobId);
  const { protocol } = new URL(publicUrl);
  const portal = settings.hosts[0] ? `${protocol}//${settings.hosts[0]}/` : `${publicUrl}/t/${settings.slug}/`;
  const api = new URL(portal).origin;
  const links = { portal, smokeJob: smokeJobId && `${api}/v1/jobs/${smokeJobId}` };
  return { ...settings, apiKey, smokeJobId, owner: owner && toMemberWithLinkDto(owner), links };
}

export function toOnboardingDto(facts: OnboardingFacts): OnboardingDto {
  const steps = STEPS.map((name) => ({ name, done: facts[name] }));
  return { object: 'onboarding', complete: steps.every((step) => step.done), steps };
}
