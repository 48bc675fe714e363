import { SetMetadata } from '@nestjs/common';
import type { LeasedName } from './quota-names.js';

/** Metadata key of the further limits of a route. */
export const METERED = 'maru:metered';

/** A route that counts against further limits than `requests`, for example `@Metered('submit')`. */
export const Metered = (...names: LeasedName[]): MethodDecorator => SetMetadata(METERED, names);
