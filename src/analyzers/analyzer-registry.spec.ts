import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { AnalyzerRegistry } from './analyzer-registry.js';
import { AnalyzerNotFoundError, DuplicateAnalyzerError } from './analyzers.errors.js';
import { AnalyzersModule } from './analyzers.module.js';
import { DigitReaderAnalyzer } from './digit-reader/digit-reader.analyzer.js';
import { JsonSchemaValidator } from './json-schema-validator.js';

describe('AnalyzerRegistry', () => {
  it('holds the built-in analyzers when the module starts', async () => {
    const module = await Test.createTestingModule({ imports: [AnalyzersModule] }).compile();
    const registry = module.get(AnalyzerRegistry);
    const slugs = registry.list().map(({ definition }) => definition.slug);
    expect(slugs).toEqual(['digit-reader', 'meter-reader', 'signal-anomaly', 'surface-inspection']);
    expect(registry.get('digit-reader')).toBeInstanceOf(DigitReaderAnalyzer);
    for (const { definition } of registry.list()) {
      expect(() => new JsonSchemaValidator(definition.outputSchema)).not.toThrow();
    }
  });

  it('refuses two analyzers with one slug', () => {
    const twice = () => new AnalyzerRegistry([new DigitReaderAnalyzer(), new DigitReaderAnalyzer()]);
    expect(twice).toThrow(DuplicateAnalyzerError);
    expect(twice).toThrow(/slug "digit-reader"/);
  });

  it('tells an unknown slug apart', () => {
    const registry = new AnalyzerRegistry([]);
    expect(registry.find('nothing')).toBeUndefined();
    expect(() => registry.get('nothing')).toThrow(AnalyzerNotFoundError);
    expect(() => registry.faultsOf('nothing', {})).toThrow(AnalyzerNotFoundError);
  });

  it('checks inputs with the schema of the slug', () => {
    const registry = new AnalyzerRegistry([new DigitReaderAnalyzer()]);
    expect(registry.faultsOf('digit-reader', {})).toMatchObject([{ pointer: '/image', code: 'required' }]);
  });
});
