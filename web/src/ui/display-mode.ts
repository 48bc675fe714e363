import { useState } from 'react';

export type DisplayMode = 'auto' | 'light' | 'dark';
const KEY = 'maru.mode';

function stored(): DisplayMode {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'auto';
}

/** Puts a visitor's choice on the page; without one the brand's own mode holds. Called before anything is drawn. */
export function applyDisplayMode(mode: DisplayMode = stored()): void {
  if (mode === 'auto') document.documentElement.removeAttribute('data-mode');
  else document.documentElement.setAttribute('data-mode', mode);
}

/** The visitor's choice, kept on this device. */
export function useDisplayMode(): [DisplayMode, (mode: DisplayMode) => void] {
  const [mode, setMode] = useState(stored);
  const choose = (next: DisplayMode) => {
    if (next === 'auto') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
    applyDisplayMode(next);
    setMode(next);
  };
  return [mode, choose];
}
