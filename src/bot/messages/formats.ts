import type { Language } from '../../jobs/events.js';
import type { Line } from './line.js';
import { joinLines, say } from './line.js';
import type { Formats } from './sentences/sentences.js';

type Own = Pick<Formats, 'instances' | 'comma' | 'space'>;

/** Lists and durations as the language writes them. */
export const formatsFor = (language: Language, own: Own): Formats => ({
  ...own,
  list: (items) => list(language, items),
  duration: (ms) => duration(language, ms),
});

function list(language: Language, items: readonly Line[]): Line {
  // Without spaces around it, as `Intl` writes it, "和" looks like a part of the names beside it.
  if (language === 'zh') return joinLines(items, '、');
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
  return parts.join(' ').replace(/(?<=\d)(?=\p{Script=Han})/gu, ' ');
}
