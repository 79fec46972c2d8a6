import { catalogue } from '../../../src/bot/messages/catalogue.js';
import type { Language } from '../../../src/jobs/events.js';

type Table = Record<string, unknown>;

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Notes from now on which sentences of a language are read. It changes the catalogue's own objects: every test file
 * has the modules for itself.
 */
export function watchSentences(language: Language): { unread(): string[] } {
  const unread = new Set<string>();
  const watch = (table: Table, path: string): void => {
    for (const [key, value] of Object.entries(table)) {
      const name = path === '' ? key : `${path}.${key}`;
      if (isTable(value)) watch(value, name);
      else {
        unread.add(name);
        Object.defineProperty(table, key, {
          enumerable: true,
          get: () => {
            unread.delete(name);
            return value;
          },
        });
      }
    }
  };
  watch(catalogue(language) as unknown as Table, '');
  return { unread: () => [...unread].sort() };
}
