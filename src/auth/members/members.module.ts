import { Module } from '@nestjs/common';
import { TenantsModule } from '../../tenants/tenants.module.js';
import { CredentialsModule } from '../credentials.module.js';
import { SecondFactorModule } from '../second-factor/second-factor.module.js';
import { AccountLinksRepository } from './account-links.repository.js';
import { AccountLinks } from './account-links.service.js';
import { AccountMail } from './account-mail.js';
import { AccountRecovery } from './account-recovery.js';
import { DirectoryMail } from './directory-mail.js';
import { MemberAdministration } from './member-administration.js';
import { MembersRepository } from './members.repository.js';

/** Members, invitations and forgotten passwords, without HTTP. */
@Module({
  imports: [CredentialsModule, SecondFactorModule, TenantsModule],
  providers: [
    AccountLinks,
    AccountLinksRepository,
    { provide: AccountMail, useClass: DirectoryMail },
    AccountRecovery,
    MemberAdministration,
    MembersRepository,
  ],
  exports: [AccountLinks, AccountRecovery, MemberAdministration, MembersRepository],
})
export class MembersModule {}
