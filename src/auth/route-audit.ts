import { Injectable, type OnApplicationBootstrap, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { PERMISSION } from '../http/permission.js';

/** Stops the boot when a route does not say who may call it: such a route would refuse everybody, or worse. */
@Injectable()
export class RouteAudit implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onApplicationBootstrap(): void {
    const open = this.discovery.getControllers().flatMap(({ instance, metatype }) => {
      if (!instance || !metatype) return [];
      const prototype: Record<string, unknown> = Object.getPrototypeOf(instance);
      const names = this.scanner.getAllMethodNames(prototype);
      return names.filter((name) => this.isOpen(prototype[name], metatype)).map((name) => describe(metatype, name));
    });
    if (open.length === 0) return;
    throw new Error(
      `Add @Authenticated({ scope }) to these routes; without it nobody may call them:\n${open.join('\n')}`,
    );
  }

  private isOpen(handler: unknown, controller: object): boolean {
    if (typeof handler !== 'function' || Reflect.getMetadata(PATH_METADATA, handler) === undefined) return false;
    return this.reflector.getAllAndOverride(PERMISSION, [handler, controller as never]) === undefined;
  }
}

function describe(controller: object, handlerName: string): string {
  const { name, prototype } = controller as { name: string; prototype: Record<string, object> };
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, prototype[handlerName]!) as number];
  return `${name}.${handlerName} (${method})`;
}
