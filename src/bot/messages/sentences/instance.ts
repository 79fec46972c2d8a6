import type { Line, Part } from '../line.js';

/** What the list of all instances says. */
export type InstanceSentences = {
  button: string;
  label(key: string, count: number): string;
  title: string;
  close: string;
  opening: string;
  /** Which request, and where it stands. */
  head(id: Part, state: string): Line;
  waiting: string;
  working: string;
  show: string;
  all: string;
  /** A kind of instances, and how many there are. */
  choice(kind: string, count: number): string;
  none: string;
  page(page: number, pages: number, count: number): string;
  previous: string;
  next: string;
};
