import type { ClassNames } from './class-names.js';
import type { Box } from './result-data.js';

interface BoxLayerProps {
  readonly boxes: readonly Box[];
  readonly width: number;
  readonly height: number;
  readonly names: ClassNames;
  /** Index of the finding that stands out. */
  readonly active: number | null;
  readonly format: (score: number) => string;
}

/** Boxes with a white halo, so that any picture and any brand works. */
export function BoxLayer({ boxes, width, height, names, active, format }: BoxLayerProps) {
  const size = Math.max(Math.max(width, height) / 38, 4);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden
      className="pointer-events-none absolute inset-0 size-full overflow-visible"
    >
      {boxes.map((box, i) => {
        const color = names.colorOf(box.label);
        const rect = { x: box.x, y: box.y, width: box.width, height: box.height, rx: size / 8, fill: 'none' };
        const isActive = i === active;
        const above = box.y > size * 1.5;
        const fits = above || box.y + box.height + size * 1.6 < height;
        return (
          <g key={i} opacity={active === null || isActive ? 1 : 0.35}>
            <rect {...rect} stroke="#ffffff" strokeWidth={isActive ? 7 : 5} vectorEffect="non-scaling-stroke" />
            <rect {...rect} stroke={color} strokeWidth={isActive ? 4 : 2.5} vectorEffect="non-scaling-stroke" />
            {fits && (
              <text
                x={box.x + size * 0.15}
                y={above ? box.y - size * 0.45 : box.y + box.height + size * 1.15}
                fontSize={size}
                fontWeight={700}
                fill={color}
                stroke="#ffffff"
                strokeWidth={size / 3.5}
                strokeLinejoin="round"
                paintOrder="stroke"
              >
                {names.labelOf(box.label)} {format(box.score)}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
