import { brandAddress } from './brand-address.js';
import { escapeHtml } from './html-text.js';

/** A page without JavaScript: a title, a sentence, a few links. It names no tenant. */
export interface PlainPage {
  readonly title: string;
  readonly text: string;
  readonly links?: readonly { readonly href: string; readonly label: string }[];
}

/** The address space belongs to nobody, or the path leads nowhere. */
export const NOT_FOUND_PAGE: PlainPage = {
  title: 'Page not found',
  text: '주소를 다시 확인해 주세요. Please check the address.',
};

/** A tenant that an operator has suspended. */
export const SUSPENDED_PAGE: PlainPage = {
  title: 'Not available',
  text: '이 공간은 잠시 사용할 수 없습니다. 담당자에게 문의해 주세요. This workspace is paused. Please ask its administrator.',
};

/** A server that runs without the built web files. */
export const NOT_BUILT_PAGE: PlainPage = {
  title: 'The portal is not built yet',
  text: 'Run "npm run build" and start the server again. The API is already available.',
  links: [{ href: '/docs', label: 'API reference' }],
};

/** First page of the platform's own host. */
export const LANDING_PAGE: PlainPage = {
  title: 'Maru',
  text: '여러 팀이 함께 쓰는 AI 분석 플랫폼입니다. A platform for AI analysis, shared by many teams.',
  links: [
    { href: '/docs', label: 'API reference' },
    { href: '/console', label: 'Operator console' },
  ],
};

/** Style sheet of plain pages; colors come from the platform's brand. */
export const PLAIN_CSS = `body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--bg);color:var(--text);
font:16px/1.6 var(--font);word-break:keep-all}main{max-width:30rem;padding:2rem;text-align:center}
h1{font-size:1.75rem;letter-spacing:-.02em;margin:0 0 .5rem}p{color:var(--muted);margin:0 0 1.5rem}
nav{display:flex;gap:.75rem;justify-content:center;flex-wrap:wrap}
a{padding:.6rem 1.1rem;border:1px solid var(--line);border-radius:var(--radius);background:var(--surface);
color:var(--accent-text);text-decoration:none;font-weight:600}
a:hover{border-color:var(--accent-line)}a:focus-visible{outline:2px solid var(--accent-line);outline-offset:2px}
`;

/** Address of PLAIN_CSS. */
export const PLAIN_CSS_PATH = '/brand/plain.css';

/** The HTML of a plain page. */
export function plainHtml({ title, text, links = [] }: PlainPage): string {
  const { cssUrl, iconUrl } = brandAddress(null);
  const anchors = links.map((l) => `<a href="${escapeHtml(l.href)}">${escapeHtml(l.label)}</a>`).join('');
  return (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escapeHtml(title)}</title><link rel="icon" href="${iconUrl}"><link rel="stylesheet" href="${cssUrl}">` +
    `<link rel="stylesheet" href="${PLAIN_CSS_PATH}"></head><body><main><h1>${escapeHtml(title)}</h1>` +
    `<p>${escapeHtml(text)}</p>${anchors ? `<nav>${anchors}</nav>` : ''}</main></body></html>\n`
  );
}
