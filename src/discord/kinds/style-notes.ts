import { z } from 'zod';
import type { ResultFacts } from '../../jobs/job.js';
import { styleFindings } from '../../works/work.js';
import type { Texts } from '../texts/texts.js';

const styleFindingsSchema = z.object(styleFindings);

/** Returns what is to be known of the style of a result. */
export function styleNotes(texts: Texts, findings: ResultFacts['findings']): readonly string[] {
  const { data } = styleFindingsSchema.safeParse(findings);
  return [
    ...(data?.styleMoves ? [texts.job.styleMoves] : []),
    ...(data?.styleIsTransparent ? [texts.job.styleIsTransparent] : []),
  ];
}
