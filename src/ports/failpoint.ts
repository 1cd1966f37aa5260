/**
 * A named point before or after an effect or a commit, where the crash test may end the process.
 * In production it does nothing. Names are declared in `#app/failpoints.ts`.
 */
export type Failpoint = (name: string) => Promise<void>;
