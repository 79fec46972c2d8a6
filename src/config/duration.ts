import { z } from 'zod';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function toMilliseconds(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 0);
}

/** `45s`, `30m`, `2h`; gives milliseconds. */
export const durationSchema = z
  .string('must be a number and a unit, as in 45s, 30m or 2h')
  .refine((text) => (toMilliseconds(text) ?? 0) > 0, 'must be a number above 0 and a unit, as in 45s, 30m or 2h')
  .transform((text) => toMilliseconds(text) ?? 0);
