const PAGE = 200;

/**
 * Everything of a list that is read page by page.
 * @param read at most `limit` rows that follow the one with the id `after`; null = from the beginning
 */
export async function allPages<Row extends { readonly id: string }>(
  read: (limit: number, after: string | null) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (;;) {
    const page = await read(PAGE, all.at(-1)?.id ?? null);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
