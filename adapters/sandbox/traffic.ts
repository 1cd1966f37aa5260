import { seededChance } from './instance/chance.ts';
import { Agent, request } from './instance/node-http.ts';
import { dueHeader, wallNow } from './proxy.ts';

/** Visitors of one service. */
export interface Traffic {
  /** Requests that were not made because too many were under way. */
  readonly shed: () => number;
  stop(): void;
}

const underWayLimit = 200;
const burstLimit = 50;
const longestSleepMs = 250;
/** An arrival that is overdue by more is let go: the machine slept. */
const forgottenMs = 2000;

/**
 * Open-loop traffic: a Poisson process of the present rate, repeatable by seed. A visitor comes
 * when due, whether the former has been served or not; a slow version does not slow the visitors.
 */
export function startTraffic(port: number, rate: () => number, seed: number): Traffic {
  const chance = seededChance(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: underWayLimit, maxFreeSockets: 32 });
  let underWay = 0;
  let shed = 0;
  let due = wallNow();
  let timer = setTimeout(arrive, 0);

  function visit(at: number): void {
    if (underWay >= underWayLimit) {
      shed += 1;
      return;
    }
    underWay += 1;
    const headers = { [dueHeader]: at.toFixed(3) };
    const visitor = request({ host: '127.0.0.1', port, path: '/', headers, agent });
    visitor.once('response', (answer) => answer.resume());
    visitor.once('error', () => {
      // The proxy is coming up or going down: the next visitor will see.
    });
    visitor.once('close', () => {
      underWay -= 1;
    });
    visitor.end();
  }

  function arrive(): void {
    const now = wallNow();
    if (now - due > forgottenMs) due = now;
    for (let burst = 0; burst < burstLimit && due <= now; burst += 1) {
      const perSecond = rate();
      if (perSecond > 0) visit(due);
      due += perSecond > 0 ? (chance.exponential() * 1000) / perSecond : longestSleepMs;
    }
    // Never asleep for long: the rate may rise meanwhile.
    timer = setTimeout(arrive, Math.min(longestSleepMs, Math.max(0, due - wallNow())));
  }

  return {
    shed: () => shed,
    stop() {
      clearTimeout(timer);
      agent.destroy();
    },
  };
}
