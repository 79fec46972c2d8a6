import type { RequestEvent } from '../../jobs/events.js';
import type { TellableEntry } from '../../jobs/notifier.js';
import type { Request } from '../../jobs/request.js';
import type { Catalogue } from './catalogue.js';
import { countsLine, countsOf } from './facts.js';
import { unplannedLines } from './left-out.js';
import type { Line } from './line.js';
import { say, time } from './line.js';

/** The last word about a request that ran: what became of all, and how long each part of it took. */

type Story = { entries: readonly TellableEntry[]; at: number };

/** How many instances somebody has to look at. */
export function needLook(request: Request): number {
  const { failed, unrestarted } = countsOf(request);
  return failed + unrestarted;
}

/** At an end every outcome is final. */
export function closingLines(request: Request, story: Story, words: Catalogue): Line[] {
  const { actions, thread } = words;
  const counts = countsOf(request);
  const toLookAt = needLook(request);
  const uncounted = counts.now + counts.later + counts.already;
  return [
    say`${countsLine(request, words)}`,
    ...(counts.waiting > 0 ? [say`⏰ ${actions[request.action].waiting(counts.waiting)}`] : []),
    ...unplannedLines(request, words),
    ...(toLookAt > 0 ? [say`${thread.lookAbove(toLookAt)}`] : []),
    ...(request.thread === 'failures' && uncounted > 0 ? [say`${thread.namedInFile(uncounted)}`] : []),
    ...timeLines(request, story, words),
  ];
}

/** Who approved stands above, and in the root message: named here, they would be called once more. */
function timeLines(request: Request, { entries, at }: Story, { thread, formats }: Catalogue): Line[] {
  const planned = timeOf(entries, 'planned');
  const started = timeOf(entries, 'started');
  if (planned === undefined || started === undefined) return [];
  const took = (from: number, to: number) => formats.duration(to - from);
  return [
    thread.askedAt(time(request.createdAt), took(request.createdAt, planned)),
    thread.approvedAt(time(started), took(planned, started)),
    thread.endedAt(time(at), took(started, at)),
  ];
}

const timeOf = (entries: readonly TellableEntry[], type: RequestEvent['type']): number | undefined =>
  entries.find(({ events }) => events.some((event) => event.type === type))?.at;
