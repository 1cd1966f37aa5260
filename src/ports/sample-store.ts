/** What the judge saw, kept so that a verdict can be judged again. Append-only; JSON text. */
export interface SampleStore {
  storeSamples(id: string, rollout: string, json: string): Promise<void>;
  samples(id: string): Promise<string | null>;
  samplesOf(rollout: string): Promise<readonly { readonly id: string; readonly json: string }[]>;
}
