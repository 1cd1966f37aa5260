import type { InstanceOrder } from './order.ts';

/**
 * Reads an order. It is not checked again: the supervisor, which is the parent process and made
 * the order from settings that were checked, is the only one who can write to this process.
 */
export function readOrder(line: string): InstanceOrder {
  return JSON.parse(line) as InstanceOrder;
}
