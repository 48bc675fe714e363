import { useMemo } from 'react';
import { useText } from '../i18n/use-text.js';
import { anomalousRanges, seriesData } from './result-data.js';
import { JsonView } from './json-view.js';
import { ResultTable } from './result-table.js';
import { ResultTabs } from './result-tabs.js';
import type { ResultViewProps } from './result-view.js';
import { SeriesChart } from './series-chart.js';
import { Verdict } from './verdict.js';

/** A series of measurements with its anomalous windows. */
export function SeriesResult({ result, names }: ResultViewProps) {
  const { t, format } = useText();
  const data = useMemo(() => seriesData(result.data), [result.data]);
  const ranges = useMemo(() => (data ? anomalousRanges(data) : []), [data]);
  if (!data) return <JsonView value={result} />;
  const isNormal = data.verdict === 'normal';
  const known = isNormal ? t('result.normal') : t('result.anomalous');
  const label = names.labelOf(data.verdict);
  const rows = data.windows.map((w) => [
    `${format.number(w.start)} – ${format.number(w.end - 1)}`,
    format.percent(w.score),
    t(w.score >= data.threshold ? 'result.anomalous' : 'result.normal'),
  ]);
  return (
    <>
      <Verdict
        tone={isNormal ? 'ok' : names.severityOf(data.verdict) === 'critical' ? 'failed' : 'warn'}
        title={label === data.verdict ? known : label}
        details={[
          t('result.verdict.windows', { count: ranges.length }),
          t('result.verdict.score', { percent: format.percent(data.score), threshold: format.percent(data.threshold) }),
        ]}
      />
      <ResultTabs
        result={result}
        view={<SeriesChart data={data} ranges={ranges} />}
        table={
          <ResultTable
            columns={[t('result.table.window'), t('result.table.score'), t('result.table.state')]}
            rows={rows}
            empty={t('result.verdict.none')}
          />
        }
      />
    </>
  );
}
