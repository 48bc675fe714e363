import { useState } from 'react';
import { useText } from '../i18n/use-text.js';
import { Loading } from '../ui/states.js';
import { BoxLayer } from './box-layer.js';
import type { ClassNames } from './class-names.js';
import { HeatLayer } from './heat-layer.js';
import type { ImageBoxesData } from './result-data.js';
import { useFileUrl } from './use-file-url.js';

interface PictureProps {
  readonly fileId: string | null;
  readonly data: ImageBoxesData;
  readonly names: ClassNames;
  readonly active: number | null;
}

/** The analyzed picture with its findings on top. */
export function Picture({ fileId, data, names, active }: PictureProps) {
  const { t, format } = useText();
  const url = useFileUrl(fileId);
  const [natural, setNatural] = useState<{ width: number; height: number } | null>(null);
  const [layers, setLayers] = useState({ boxes: true, heatmap: false });
  const size = data.image ?? natural;
  if (url === null && fileId) return <Loading className="h-80" />;
  if (url === null || url === 'failed') return <p className="text-sm text-muted">{t('result.imageFailed')}</p>;
  return (
    <figure className="flex flex-col gap-3">
      <div
        role="img"
        aria-label={t('result.image', { count: data.boxes.length })}
        className="relative mx-auto w-full max-w-2xl overflow-hidden rounded-small border border-line"
      >
        <img
          src={url}
          alt=""
          className="block w-full"
          width={size?.width}
          height={size?.height}
          onLoad={(e) => setNatural({ width: e.currentTarget.naturalWidth, height: e.currentTarget.naturalHeight })}
        />
        {layers.heatmap && data.heatmap && <HeatLayer heatmap={data.heatmap} />}
        {layers.boxes && size && (
          <BoxLayer
            boxes={data.boxes}
            {...size}
            names={names}
            active={active}
            format={(score) => format.percent(score)}
          />
        )}
      </div>
      <fieldset className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
        <legend className="sr-only">{t('result.layers')}</legend>
        {(['boxes', 'heatmap'] as const)
          .filter((layer) => layer === 'boxes' || data.heatmap)
          .map((layer) => (
            <label key={layer} className="inline-flex items-center gap-2">
              <input
                type="checkbox"
                className="size-4 accent-accent-line"
                checked={layers[layer]}
                onChange={(e) => setLayers({ ...layers, [layer]: e.target.checked })}
              />
              {t(`result.layer.${layer}`)}
            </label>
          ))}
      </fieldset>
    </figure>
  );
}
