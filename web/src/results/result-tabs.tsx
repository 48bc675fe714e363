import { Tabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import type { Result } from '../api/types.js';
import { useText } from '../i18n/use-text.js';
import { JsonView } from './json-view.js';

interface ResultTabsProps {
  readonly result: Result;
  readonly view: ReactNode;
  readonly table: ReactNode;
}

const TAB =
  'min-h-9 border-b-2 border-transparent px-3 text-sm text-muted hover:text-text data-active:border-accent-line data-active:font-medium data-active:text-text';

/** One result in three forms: drawn, as a table, as the API gives it. */
export function ResultTabs({ result, view, table }: ResultTabsProps) {
  const { t } = useText();
  return (
    <Tabs.Root defaultValue="view">
      <Tabs.List className="mb-4 flex gap-1 border-b border-line">
        <Tabs.Tab value="view" className={TAB}>
          {t('result.tab.view')}
        </Tabs.Tab>
        <Tabs.Tab value="table" className={TAB}>
          {t('result.tab.table')}
        </Tabs.Tab>
        <Tabs.Tab value="json" className={TAB}>
          {t('result.tab.json')}
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="view">{view}</Tabs.Panel>
      <Tabs.Panel value="table">{table}</Tabs.Panel>
      <Tabs.Panel value="json">
        <JsonView value={result} />
      </Tabs.Panel>
    </Tabs.Root>
  );
}
