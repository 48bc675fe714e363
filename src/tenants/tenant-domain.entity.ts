import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Row of maru.tenant_domains: a host that leads to a tenant. */
@Entity({ schema: 'maru', name: 'tenant_domains' })
export class TenantDomainEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** Lower case, without a port. */
  @PrimaryColumn('text')
  hostname: string;

  /** Only an active domain resolves. */
  @Column('text')
  status: 'pending_verification' | 'active' | 'error';
}
