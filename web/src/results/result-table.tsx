interface ResultTableProps {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly empty: string;
  /** Told which row the pointer or the keyboard is on; null when none. */
  readonly onActive?: (row: number | null) => void;
}

/** The result as text: the equivalent of what is drawn. */
export function ResultTable({ columns, rows, empty, onActive }: ResultTableProps) {
  if (rows.length === 0) return <p className="py-6 text-center text-sm text-muted">{empty}</p>;
  return (
    <div className="max-h-112 overflow-auto rounded-small border border-line" tabIndex={0} role="group">
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-surface">
          <tr>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                className="border-b border-line px-3 py-2 text-left font-medium whitespace-nowrap text-muted"
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr
              key={row}
              onMouseEnter={() => onActive?.(row)}
              onMouseLeave={() => onActive?.(null)}
              className="border-b border-line last:border-0 hover:bg-accent-soft"
            >
              {cells.map((cell, i) => (
                <td key={i} className="px-3 py-2 tabular-nums">
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
