import { expect, it } from 'vitest';
import { copyGraph } from './copy-graph.js';

class Node {
  readonly others = new Set<Node>();
  readonly byName = new Map<string, Node>();
  readonly samples = Float64Array.of(1, 2);
  constructor(public weight: number) {}
  get doubled(): number {
    return 2 * this.weight;
  }
}

it('copies classes, shared references and circles, and shares nothing that changes', () => {
  const [a, b] = [new Node(1), new Node(2)];
  a.others.add(a).add(b);
  b.byName.set('a', a);
  const copy = copyGraph(a);
  const [self, other] = copy.others;
  expect([self === copy, other?.byName.get('a') === copy, other?.doubled]).toEqual([true, true, 4]);
  copy.weight = 9;
  copy.samples[0] = 9;
  other?.byName.clear();
  expect([a.weight, a.samples[0], b.byName.size]).toEqual([1, 1, 1]);
});

it('copies a chain that is longer than any stack', () => {
  interface Link {
    next: Link | null;
  }
  let chain: Link = { next: null };
  for (let i = 0; i < 200_000; i++) chain = { next: chain };
  let length = 0;
  for (let link: Link | null = copyGraph(chain); link; link = link.next) length++;
  expect(length).toBe(200_001);
});

it('refuses a function, which would see the original', () => {
  expect(() => copyGraph({ emit: () => undefined })).toThrow(/cannot be copied: emit/);
});
