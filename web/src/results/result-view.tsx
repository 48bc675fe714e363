import { type ComponentType, lazy, Suspense } from 'react';
import type { Result } from '../api/types.js';
import { Loading } from '../ui/states.js';
import type { ClassNames } from './class-names.js';
import { ImageBoxesResult } from './image-boxes-result.js';
import { JsonView } from './json-view.js';

export interface ResultViewProps {
  readonly result: Result;
  /** Input of the job: the picture lies there. */
  readonly input: Readonly<Record<string, unknown>> | null;
  readonly names: ClassNames;
}

const SeriesResult = lazy(() => import('./series-result.js').then((m) => ({ default: m.SeriesResult })));

const RENDERERS: Readonly<Record<string, ComponentType<ResultViewProps>>> = {
  image_boxes: ImageBoxesResult,
  series: SeriesResult,
};

/** Draws a result by its kind; a kind that is not known is shown as JSON. */
export function ResultView(props: ResultViewProps) {
  const Renderer = RENDERERS[props.result.kind];
  if (!Renderer) return <JsonView value={props.result} />;
  return (
    <Suspense fallback={<Loading className="h-96" />}>
      <Renderer {...props} />
    </Suspense>
  );
}
