import { useState } from 'react';
import { useText } from '../i18n/use-text.js';
import { DigitsRead } from './digits-read.js';
import { Picture } from './picture.js';
import { imageBoxesData, inputFileId } from './result-data.js';
import type { ResultViewProps } from './result-view.js';
import { ResultTable } from './result-table.js';
import { ResultTabs } from './result-tabs.js';
import { Verdict } from './verdict.js';

/** Findings on a picture. */
export function ImageBoxesResult({ result, input, names }: ResultViewProps) {
  const { t, format } = useText();
  const [active, setActive] = useState<number | null>(null);
  const data = imageBoxesData(result.data);
  const severity = data.verdict ? names.severityOf(data.verdict) : null;
  const isClean = data.boxes.length === 0;
  const details = [
    isClean ? t('result.verdict.none') : t('result.verdict.boxes', { count: data.boxes.length }),
    ...(data.confidence === null ? [] : [t('result.verdict.confidence', { percent: format.percent(data.confidence) })]),
  ];
  const rows = data.boxes.map((box) => [
    names.labelOf(box.label),
    format.percent(box.score),
    `${format.number(box.x, 0)}, ${format.number(box.y, 0)}`,
    `${format.number(box.width, 0)} × ${format.number(box.height, 0)}`,
  ]);
  const columns = (['label', 'score', 'position', 'size'] as const).map((key) => t(`result.table.${key}`));
  return (
    <>
      {data.digits ? (
        <DigitsRead digits={data.digits} />
      ) : (
        <Verdict
          tone={isClean ? 'ok' : severity === 'critical' ? 'failed' : 'warn'}
          title={data.verdict ? names.labelOf(data.verdict) : (details[0] ?? '')}
          details={data.verdict ? details : details.slice(1)}
        />
      )}
      <ResultTabs
        result={result}
        view={<Picture fileId={inputFileId(input)} data={data} names={names} active={active} />}
        table={<ResultTable columns={columns} rows={rows} onActive={setActive} empty={t('result.verdict.none')} />}
      />
    </>
  );
}
