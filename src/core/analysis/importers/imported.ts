import type { z } from 'zod';
import type { Analysis } from '#core/analysis/metric.ts';
import { refusal } from '#core/refusal.ts';
import { no } from '#core/result.ts';

/** An analysis read from another tool's form, and what a person should look at before using it. */
export interface Imported {
  readonly analysis: Analysis;
  readonly remarks: readonly string[];
}

/** The refusal for a form that does not have the expected shape. */
export function unreadable(form: string, error: z.ZodError) {
  const [issue] = error.issues;
  const where = issue === undefined ? '' : ` (${issue.path.join('.') || 'top'}: ${issue.message})`;
  return no(
    refusal(
      'import.unreadable',
      `This is not a ${form} that can be read${where}.`,
      'Correct the member that is named, or leave it out.',
    ),
  );
}
