/** A finding on a picture, in source pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  /** 0..1 */
  readonly score: number;
}

/** Scores 0..1 of a grid over the whole picture, row by row. */
export interface Heatmap {
  readonly width: number;
  readonly height: number;
  readonly data: readonly number[];
}

/** A stretch of samples, `end` exclusive. */
export interface ScoredWindow {
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** What the `image_boxes` view draws; everything but the boxes may be missing. */
export interface ImageBoxesData {
  readonly boxes: readonly Box[];
  readonly image: { readonly width: number; readonly height: number } | null;
  readonly heatmap: Heatmap | null;
  /** Class of the whole picture. */
  readonly verdict: string | null;
  readonly confidence: number | null;
  /** Digits from left to right; null when the analyzer reads none. */
  readonly digits: readonly { readonly digit: number; readonly confidence: number }[] | null;
}

/** What the `series` view draws. */
export interface SeriesData {
  readonly verdict: string;
  readonly score: number;
  readonly threshold: number;
  readonly windows: readonly ScoredWindow[];
  /** [sample index, value] */
  readonly points: readonly (readonly [number, number])[];
  /** Samples per second; null = the axis counts samples. */
  readonly sampleRate: number | null;
}

type Loose = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const list = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter(isObject) : []);
const hasNumbers = (value: Loose, ...names: string[]) => names.every((name) => isNumber(value[name]));

/** Reads `image_boxes` data; what does not fit is left out rather than drawn wrongly. */
export function imageBoxesData(data: Loose): ImageBoxesData {
  const { heatmap, image } = data;
  const boxes = list(data['boxes']).filter((b) => hasNumbers(b, 'x', 'y', 'width', 'height', 'score'));
  const digits = Array.isArray(data['digits'])
    ? list(data['digits']).filter((d) => hasNumbers(d, 'digit', 'confidence'))
    : null;
  const isGrid = isObject(heatmap) && hasNumbers(heatmap, 'width', 'height') && Array.isArray(heatmap['data']);
  const grid = isGrid ? (heatmap as unknown as Heatmap) : null;
  return {
    boxes: boxes.map((b) => ({ ...(b as unknown as Box), label: String(b['label'] ?? '') })),
    image:
      isObject(image) && hasNumbers(image, 'width', 'height') ? (image as { width: number; height: number }) : null,
    heatmap: grid && grid.data.length === grid.width * grid.height ? grid : null,
    verdict: typeof data['defectClass'] === 'string' ? data['defectClass'] : null,
    confidence: isNumber(data['confidence']) ? data['confidence'] : null,
    digits: digits && digits.map((d) => ({ digit: d['digit'] as number, confidence: d['confidence'] as number })),
  };
}

/** Reads `series` data; null when there is no series to draw. */
export function seriesData(data: Loose): SeriesData | null {
  const { series, verdict, score, threshold, sampleRate } = data;
  if (!Array.isArray(series) || typeof verdict !== 'string') return null;
  const isPoint = (p: unknown): p is [number, number] => Array.isArray(p) && isNumber(p[0]) && isNumber(p[1]);
  return {
    verdict,
    score: isNumber(score) ? score : 0,
    threshold: isNumber(threshold) ? threshold : 1,
    windows: list(data['windows']).filter((w) => hasNumbers(w, 'start', 'end', 'score')) as unknown as ScoredWindow[],
    points: series.filter(isPoint),
    sampleRate: isNumber(sampleRate) && sampleRate > 0 ? sampleRate : null,
  };
}

/** Windows at or over the threshold, neighbours joined; the score is the largest. */
export function anomalousRanges({ windows, threshold }: Pick<SeriesData, 'windows' | 'threshold'>): ScoredWindow[] {
  const ranges: ScoredWindow[] = [];
  for (const window of windows.filter((w) => w.score >= threshold)) {
    const last = ranges.at(-1);
    if (last && last.end >= window.start) {
      ranges[ranges.length - 1] = { start: last.start, end: window.end, score: Math.max(last.score, window.score) };
    } else ranges.push(window);
  }
  return ranges;
}

/** The first stored file of a job's input. */
export function inputFileId(input: Loose | null): string | null {
  const file = Object.values(input ?? {}).find((value) => isObject(value) && typeof value['fileId'] === 'string');
  return file ? String((file as Loose)['fileId']) : null;
}
