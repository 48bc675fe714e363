import type { ReactNode } from 'react';

interface DataTableProps {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly id: string; readonly cells: readonly ReactNode[] }[];
}

/** A plain table that scrolls sideways on small screens. */
export function DataTable({ label, columns, rows }: DataTableProps) {
  return (
    <div className="-mx-2 overflow-x-auto" tabIndex={0} role="group" aria-label={label}>
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line text-left text-muted">
            {columns.map((column) => (
              <th key={column} scope="col" className="px-2 py-2 font-medium whitespace-nowrap">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, cells }) => (
            <tr key={id} className="border-b border-line last:border-0">
              {cells.map((cell, i) => (
                <td key={i} className="h-row px-2 py-2 tabular-nums">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
