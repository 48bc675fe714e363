import { Injectable, type PipeTransform } from '@nestjs/common';
import { MalformedRequestError } from '../../http/http.errors.js';
import { RequestValidationPipe } from '../../http/request-validation.pipe.js';
import { ListJobsQuery } from '../dto/list-jobs.query.js';

const METADATA_NAME = /^metadata\[([^[\]]+)\]$/;

/** Reads the query of the job list: `metadata[order]=42` becomes a member of `metadata`. */
@Injectable()
export class ListJobsQueryPipe implements PipeTransform<Record<string, unknown>, Promise<ListJobsQuery>> {
  private readonly validation = new RequestValidationPipe();

  async transform(query: Record<string, unknown>): Promise<ListJobsQuery> {
    const metadata: Record<string, unknown> = {};
    const rest: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(query)) {
      const key = METADATA_NAME.exec(name)?.[1];
      if (key !== undefined) Object.defineProperty(metadata, key, { value, enumerable: true });
      else if (name === 'metadata') throw new MalformedRequestError('Write metadata[key]=value.');
      else rest[name] = value;
    }
    const gathered = Object.keys(metadata).length > 0 ? { ...rest, metadata } : rest;
    return (await this.validation.transform(gathered, { type: 'query', metatype: ListJobsQuery })) as ListJobsQuery;
  }
}
