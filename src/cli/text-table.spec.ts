import { expect, it } from 'vitest';
import { textTable } from './text-table.js';

it('writes rows in columns as wide as they are read', () => {
  const rows = [
    { slug: 'hanbit', name: '한빛 정밀', jobs: { queued: 12, running: 0 }, hosts: ['a.localhost', 'b.localhost'] },
    { slug: 'x', name: 'Café', jobs: { queued: 1, running: 2 }, hosts: [] },
  ];
  expect(textTable(rows)).toBe(
    [
      'slug    name       jobs.queued  jobs.running  hosts',
      'hanbit  한빛 정밀  12           0             a.localhost, b.localhost',
      'x       Café       1            2             -',
    ].join('\n'),
  );
  expect(textTable([])).toBe('(none)');
});

it('writes a document as its fields, and lists of objects in it as tables below', () => {
  const document = {
    workers: 1,
    at: new Date(0),
    oldSnapshot: null,
    devices: [{ id: 'cpu:0', state: 'free' }],
    lanes: [],
    tenant: { slug: 'hanbit', locales: { default: 'ko' } },
  };
  expect(textTable(document)).toBe(
    [
      'workers                 1',
      'at                      1970-01-01T00:00:00.000Z',
      'oldSnapshot             -',
      'lanes                   -',
      'tenant.slug             hanbit',
      'tenant.locales.default  ko',
      '',
      'devices:',
      'id     state',
      'cpu:0  free',
    ].join('\n'),
  );
});

it('shows nothing that a terminal would act on, or that reads as something else', () => {
  const hostile = textTable([{ name: 'a\u001b[2J\u009b1m\nb\u202ec', token: 'x'.repeat(900) }]);
  expect(hostile).toBe(`name${' '.repeat(10)}token\na\ufffd[2J\ufffd1m\ufffdb\ufffdc  ${'x'.repeat(900)}`);
});
