import { signal } from '@preact/signals';

/** Whether the palette is open. */
export const paletteOpen = signal(false);

export function openPalette(): void {
  paletteOpen.value = true;
}
