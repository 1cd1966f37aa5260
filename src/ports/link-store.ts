import type { Instant } from '#core/ids.ts';
import type { Account } from '#core/people.ts';

/** A one-time invitation to link an account to the person who asked for it. */
export interface LinkTicket {
  readonly token: string;
  readonly person: string;
  readonly from: Account;
  readonly expiresAt: Instant;
  readonly usedAt: Instant | null;
  /** The click to complete once linked, if any. */
  readonly resume: unknown;
}

/** Which account stands for which person, beyond what the settings say. */
export interface LinkStore {
  personOf(account: Account): Promise<string | null>;
  accountsOf(person: string): Promise<readonly Account[]>;
  link(account: Account, person: string): Promise<void>;
  unlink(account: Account): Promise<void>;
  storeTicket(ticket: LinkTicket): Promise<void>;
  /** Looks without taking, for the page that shows both sides; null as for `takeTicket`. */
  ticket(token: string): Promise<LinkTicket | null>;
  /** Marks it used and returns it; null when unknown, used or expired by the database's time. */
  takeTicket(token: string): Promise<LinkTicket | null>;
}
