/** Label, value, and whether the value is an id (small, fixed width, wraps anywhere). */
export type Fact = readonly [label: string, value: string, kind?: 'id'];

/** A list of labelled facts. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
      {facts.map(([label, value, kind]) => (
        <div key={label} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-muted">{label}</dt>
          <dd className={kind === 'id' ? 'text-right font-mono text-xs leading-5 break-all' : 'text-right'}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
