/** What happens when, in simulated time: earliest first, in the order of entry at the same instant. */
export interface Agenda {
  now(): number;
  at(time: number, run: () => void): void;
  /** Runs everything until the given instant. */
  runUntil(end: number): void;
}

interface Entry {
  readonly time: number;
  readonly order: number;
  readonly run: () => void;
}

/** An empty agenda at time zero, kept as a binary heap. */
export function createAgenda(): Agenda {
  const heap: Entry[] = [];
  let now = 0;
  let order = 0;

  function before(a: Entry | undefined, b: Entry | undefined): boolean {
    if (a === undefined || b === undefined) return false;
    return a.time < b.time || (a.time === b.time && a.order < b.order);
  }

  function swap(i: number, j: number): void {
    const a = heap[i];
    const b = heap[j];
    if (a === undefined || b === undefined) return;
    heap[i] = b;
    heap[j] = a;
  }

  function take(): Entry | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    heap[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      let least = before(heap[left], heap[index]) ? left : index;
      if (before(heap[left + 1], heap[least])) least = left + 1;
      if (least === index) return first;
      swap(index, least);
      index = least;
    }
  }

  return {
    now: () => now,
    at(time, run) {
      order += 1;
      heap.push({ time: Math.max(time, now), order, run });
      let index = heap.length - 1;
      while (index > 0 && before(heap[index], heap[(index - 1) >> 1])) {
        swap(index, (index - 1) >> 1);
        index = (index - 1) >> 1;
      }
    },
    runUntil(end) {
      while (heap[0] !== undefined && heap[0].time <= end) {
        const entry = take();
        if (entry === undefined) return;
        now = entry.time;
        entry.run();
      }
      now = end;
    },
  };
}
