import type { InspectOptions } from 'node:util';

declare module 'util' {
  /** The types of discord.js still name this; those of Node no longer do. */
  interface InspectOptionsStylized extends InspectOptions {
    stylize(text: string, styleType: string): string;
  }
}
