import { openPalette } from './palette-state.ts';
import { navigate } from './router.ts';

let leader = 0;

/** Keys that work wherever nothing is being written: `/`, `g b`, `g r`, `g o`, `g f`, `g c`; Ctrl-K everywhere. */
export function startShortcuts(): void {
  addEventListener('keydown', (event) => {
    const commanded = event.ctrlKey || event.metaKey;
    if (event.key === 'k' && commanded) {
      event.preventDefault();
      openPalette();
    } else if (!commanded && !event.altKey && !writing(event.target)) plainKey(event);
  });
}

const places: Readonly<Record<string, string>> = {
  b: '/board',
  r: '/rollouts',
  o: '/figures/on-call',
  f: '/figures',
  c: '/',
};

function plainKey(event: KeyboardEvent): void {
  if (event.key === '/') {
    event.preventDefault();
    const boxes = document.querySelectorAll<HTMLTextAreaElement>('.composer textarea');
    boxes.item(boxes.length - 1)?.focus();
    return;
  }
  const chord = performance.now() - leader < 1200;
  leader = event.key === 'g' ? performance.now() : 0;
  const place = places[event.key];
  if (chord && place !== undefined) navigate(place);
}

function writing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.matches('input, textarea, select') || target.closest('dialog') !== null)
  );
}
