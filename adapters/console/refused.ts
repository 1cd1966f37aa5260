import { type Refusal, type RefusalCode, refusal } from '#core/refusal.ts';

/** A refusal on its way out of a route. Thrown inside this adapter only, and answered by its error handler. */
export class Refused extends Error {
  readonly status: number;
  readonly refusal: Refusal;

  constructor(status: number, code: RefusalCode, message: string, next: string) {
    super(message);
    this.name = 'Refused';
    this.status = status;
    this.refusal = refusal(code, message, next);
  }
}
