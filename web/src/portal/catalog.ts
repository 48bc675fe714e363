import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import type { Analyzer } from '../api/types.js';
import { useText } from '../i18n/use-text.js';
import type { IconName } from '../ui/icon.js';
import { useWorkplace } from './workplace.js';

/** Analyzers of this tenant, in the order of its brand. */
export function useAnalyzers(): UseQueryResult<Analyzer[]> {
  const { analyzers } = useWorkplace().workplace.brand;
  const place = (slug: string) => analyzers.findIndex((a) => a.slug === slug) >>> 0;
  return useQuery({
    queryKey: ['analyzers'],
    queryFn: async () => (await read(api.GET('/v1/analyzers'))).data as Analyzer[],
    select: (list) => [...list].sort((a, b) => place(a.slug) - place(b.slug)),
    staleTime: 300_000,
  });
}

/** Name and help of an analyzer: the tenant's words first, then the platform's. */
export function useAnalyzerText(): (
  slug: string,
  analyzer?: Analyzer,
) => { readonly label: string; readonly help: string } {
  const { locale } = useText();
  const { analyzers } = useWorkplace().workplace.brand;
  return (slug, analyzer) => {
    const own = analyzers.find((a) => a.slug === slug);
    return {
      label: own?.label?.[locale] ?? analyzer?.name[locale] ?? slug,
      help: own?.help?.[locale] ?? analyzer?.description?.[locale] ?? '',
    };
  };
}

/** An icon for what an analyzer looks at. */
export function analyzerIcon(analyzer: Pick<Analyzer, 'slug' | 'view'> | undefined): IconName {
  if (analyzer?.view.renderer === 'series') return 'wave';
  if (analyzer?.slug.includes('digit')) return 'digits';
  return analyzer ? 'image' : 'grid';
}
