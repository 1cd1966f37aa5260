/** What keeps a process from starting and a person has to mend. The message says how. */
export class CannotStart extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotStart';
  }
}
