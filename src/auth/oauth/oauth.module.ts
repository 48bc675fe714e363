import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials.module.js';
import { ClientCredentials } from './client-credentials.js';
import { OauthController } from './oauth.controller.js';

/** Access tokens for machines. */
@Module({ imports: [CredentialsModule], controllers: [OauthController], providers: [ClientCredentials] })
export class OauthModule {}
