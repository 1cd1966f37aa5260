/** Remembers how to undo each write of the present transaction. */
export interface Journal {
  undo(step: () => void): void;
  /** True when there is something to undo. */
  changed(): boolean;
  /** Forgets: the writes stay. */
  commit(): void;
  /** Takes all writes back, newest first. */
  rollBack(): void;
}

/** Makes an empty journal. */
export function createJournal(): Journal {
  const steps: (() => void)[] = [];
  return {
    undo(step) {
      steps.push(step);
    },
    changed: () => steps.length > 0,
    commit() {
      steps.length = 0;
    },
    rollBack() {
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) step();
    },
  };
}

/** Rows by key whose writes a journal can take back. */
export interface Table<Row> {
  get(key: string): Row | undefined;
  set(key: string, row: Row): void;
  delete(key: string): void;
  /** In the order of insertion. */
  rows(): readonly Row[];
  size(): number;
}

/** Makes an empty table on the journal. */
export function createTable<Row>(journal: Journal): Table<Row> {
  const rows = new Map<string, Row>();
  return {
    get: (key) => rows.get(key),
    set(key, row) {
      const former = rows.get(key);
      journal.undo(() => (former === undefined ? rows.delete(key) : rows.set(key, former)));
      rows.set(key, row);
    },
    delete(key) {
      const former = rows.get(key);
      if (former === undefined) return;
      journal.undo(() => rows.set(key, former));
      rows.delete(key);
    },
    rows: () => [...rows.values()],
    size: () => rows.size,
  };
}

/** A list that only grows, except when a journal takes the end of it back. */
export interface Log<Row> {
  push(row: Row): void;
  rows: readonly Row[];
}

/** Makes an empty list on the journal. */
export function createLog<Row>(journal: Journal): Log<Row> {
  const rows: Row[] = [];
  return {
    rows,
    push(row) {
      journal.undo(() => rows.pop());
      rows.push(row);
    },
  };
}

/** One value whose changes a journal can take back. */
export interface Cell<Value> {
  get(): Value;
  set(value: Value): void;
}

/** Makes a cell on the journal. */
export function createCell<Value>(journal: Journal, first: Value): Cell<Value> {
  let current = first;
  return {
    get: () => current,
    set(value) {
      const former = current;
      journal.undo(() => {
        current = former;
      });
      current = value;
    },
  };
}
