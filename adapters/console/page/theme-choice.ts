import { computed, signal } from '@preact/signals';

type Theme = 'system' | 'light' | 'dark';
const after: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

const theme = signal<Theme>(stored());

/** What the present choice is called. */
export const themeName = computed(() => (theme.value === 'system' ? 'as the system' : theme.value));

/** Goes on to the next theme, and remembers it in this browser. */
export function turnTheme(): void {
  theme.value = after[theme.value];
  if (theme.value === 'system') {
    localStorage.removeItem('signalbox-theme');
    document.documentElement.removeAttribute('data-theme');
    return;
  }
  localStorage.setItem('signalbox-theme', theme.value);
  document.documentElement.setAttribute('data-theme', theme.value);
}

function stored(): Theme {
  const found = localStorage.getItem('signalbox-theme');
  return found === 'light' || found === 'dark' ? found : 'system';
}
