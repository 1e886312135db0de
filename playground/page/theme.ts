import { useEffect, useState } from 'preact/hooks';

export type Theme = 'system' | 'dark' | 'light';

const key = 'theme';

/** Returns the appearance that the visitor has chosen, which the browser remembers, and what changes it. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(remembered());
  useEffect(() => {
    localStorage.setItem(key, theme);
    show(theme);
  }, [theme]);
  return [theme, setTheme];
}

/** Shows the page as it was chosen the last time. */
export function showRememberedTheme(): void {
  show(remembered());
}

function remembered(): Theme {
  const theme = localStorage.getItem(key);
  return theme === 'dark' || theme === 'light' ? theme : 'system';
}

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
