import type { Language } from '../../jobs/events.js';
import type { Line } from './line.js';
import { say } from './line.js';
import type { Formats } from './sentences.js';

/** Lists and durations as the language writes them. */
export function formatsFor(language: Language, instances: (count: number) => string, comma: string): Formats {
  return {
    instances,
    list: (items) => list(language, items),
    duration: (ms) => duration(language, ms),
    comma,
  };
}

function list(language: Language, items: readonly Line[]): Line {
  const places = items.map((_, index) => String(index));
  return new Intl.ListFormat(language, { type: 'conjunction' })
    .formatToParts(places)
    .flatMap(({ type, value }) => (type === 'element' ? (items[Number(value)] ?? []) : say`${value}`));
}

/** The two largest units. */
function duration(language: Language, ms: number): string {
  const total = Math.max(0, Math.round(ms / 1_000));
  const units = [
    { unit: 'hour', count: Math.floor(total / 3_600) },
    { unit: 'minute', count: Math.floor(total / 60) % 60 },
    { unit: 'second', count: total % 60 },
  ];
  const used = units.filter(({ count }) => count > 0).slice(0, 2);
  const parts = (used.length > 0 ? used : units.slice(2)).map(({ unit, count }) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(count),
  );
  return new Intl.ListFormat(language, { type: 'unit', style: 'narrow' }).format(parts);
}
