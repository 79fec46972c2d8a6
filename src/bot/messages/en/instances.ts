import { say } from '../line.js';
import type { InstanceSentences } from '../sentences/instance.js';
import { number, some } from './words.js';

export const instances: InstanceSentences = {
  button: 'Show all instances',
  label: (key, count) => `Show all instances: key ${key}, ${some(count)}`,
  title: 'All instances',
  close: 'Close',
  opening: 'Reading the request …',
  head: (id, state) => say`Request ${id}, ${state}. This is how it stands now.`,
  waiting: '⚪ Not begun',
  working: '⏳ Under way',
  show: 'Show',
  all: 'All',
  choice: (kind, count) => `${kind} (${number(count)})`,
  none: 'There are none of these now.',
  page: (page, pages, count) => `Page ${number(page)} of ${number(pages)}, ${some(count)}`,
  previous: 'Previous',
  next: 'Next',
};
