import { Module } from '@nestjs/common';
import { TenantsModule } from '../tenants/tenants.module.js';
import { BrandFilesController } from './brand-files.controller.js';
import { BrandingController } from './branding.controller.js';
import { PagesController } from './pages.controller.js';
import { VisitorRealm } from './visitor-realm.js';
import { WebBundle } from './web-bundle.js';

/** Serves the portal in each tenant's brand, and the operators' console. */
@Module({
  imports: [TenantsModule],
  controllers: [BrandingController, BrandFilesController, PagesController],
  providers: [VisitorRealm, WebBundle],
})
export class PortalModule {}
