import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useText } from '../i18n/use-text.js';
import type { ScoredWindow, SeriesData } from './result-data.js';

interface SeriesChartProps {
  readonly data: SeriesData;
  readonly ranges: readonly ScoredWindow[];
}

const HEIGHT = 320;

/** Colors as they stand on the page now. */
function colors(element: Element) {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return { text: token('--muted'), grid: token('--line'), line: token('--accent-line'), font: token('--font') };
}

/** Shades the anomalous ranges behind the line, with a bar on top so that shade is not the only sign. */
function shade(chart: uPlot, ranges: readonly ScoredWindow[], scale: number, color: string): void {
  const { ctx, bbox } = chart;
  ctx.save();
  for (const { start, end, score } of ranges) {
    const left = chart.valToPos(start * scale, 'x', true);
    const width = Math.max(2, chart.valToPos(end * scale, 'x', true) - left);
    ctx.fillStyle = color;
    ctx.globalAlpha = 0.1 + 0.15 * score;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(left, bbox.top, width, 4 * devicePixelRatio);
  }
  ctx.restore();
}

function draw(host: HTMLElement, { data, ranges }: SeriesChartProps, axisLabel: string): uPlot {
  const { text, grid, line, font } = colors(host);
  const warn = getComputedStyle(host).color;
  const scale = data.sampleRate ? 1 / data.sampleRate : 1;
  const axis = {
    stroke: text,
    font: `12px ${font}`,
    labelFont: `12px ${font}`,
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
  };
  const options: uPlot.Options = {
    width: host.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { points: { size: 6 }, drag: { x: true, y: false } },
    scales: { x: { time: false } },
    axes: [
      { ...axis, label: axisLabel, size: 32, labelSize: 22, labelGap: 0 },
      { ...axis, size: 56 },
    ],
    series: [{}, { stroke: line, width: 1.6, points: { show: false } }],
    hooks: { drawClear: [(chart) => shade(chart, ranges, scale, warn)] },
  };
  const points: uPlot.AlignedData = [data.points.map(([x]) => x * scale), data.points.map(([, y]) => y)];
  return new uPlot(options, points, host);
}

/** The line with shaded windows. Dragging zooms, a double click shows all again. */
export function SeriesChart({ data, ranges }: SeriesChartProps) {
  const { t } = useText();
  const host = useRef<HTMLDivElement>(null);
  const axisLabel = t(data.sampleRate ? 'result.axis.seconds' : 'result.axis.sample');
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let chart = draw(element, { data, ranges }, axisLabel);
    const redraw = () => {
      chart.destroy();
      chart = draw(element, { data, ranges }, axisLabel);
    };
    const resize = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    const mode = new MutationObserver(redraw);
    const system = matchMedia('(prefers-color-scheme: dark)');
    resize.observe(element);
    mode.observe(document.documentElement, { attributeFilter: ['data-mode'] });
    system.addEventListener('change', redraw);
    return () => {
      resize.disconnect();
      mode.disconnect();
      system.removeEventListener('change', redraw);
      chart.destroy();
    };
  }, [data, ranges, axisLabel]);
  return (
    <div
      ref={host}
      role="img"
      aria-label={t('result.chart', { count: ranges.length })}
      className="min-h-80 w-full text-warn"
    />
  );
}
