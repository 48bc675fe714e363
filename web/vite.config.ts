import path from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './build/precompress.ts';
import { sizeBudget } from './build/size-budget.ts';

const page = (name: string) => path.resolve(import.meta.dirname, `${name}.html`);

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), sizeBudget({ scriptBytes: 130_000, styleBytes: 12_000 }), precompress()],
  build: {
    target: 'es2023',
    // Older targets would replace light-dark() by variables that our brand sheets do not set.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Pages run under a policy without inline scripts and without data: images.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { input: { portal: page('portal'), console: page('console') } },
  },
});
