import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials.module.js';
import { MySessions } from './my-sessions.js';
import { SessionListRepository } from './session-list.repository.js';
import { SessionsController } from './sessions.controller.js';

/** Listing and ending one's own sessions over HTTP. */
@Module({
  imports: [CredentialsModule],
  controllers: [SessionsController],
  providers: [MySessions, SessionListRepository],
})
export class SessionsModule {}
