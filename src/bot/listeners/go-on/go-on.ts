import type { GoOnReason, GoOnRefusal } from '../../../jobs/go-on.js';
import type { Person } from '../../../jobs/policy.js';
import type { Request } from '../../../jobs/request.js';
import type { ReasonWanted } from '../../../jobs/terms.js';
import type { Place } from '../../identity.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';
import { placeOfRequest } from '../gesture/place.js';

/** What came of it; each gesture tells it in its own way. */
export type WentOn =
  | { kind: 'taken'; request: Request }
  /** Nothing but the reason stands against it. */
  | { kind: 'reason-wanted'; wanted: readonly ReasonWanted[] }
  | { kind: 'refused'; refusals: readonly GoOnRefusal[] }
  | { kind: 'wrong-place'; place: Exclude<Place['kind'], 'usable'> };

type Asked = { id: string; why: GoOnReason; person: Person; reason?: string };

/** `reason` left out: the earlier request's. */
export async function goOn(
  dependencies: Pick<ListenerDependencies, 'requests' | 'identity'>,
  { id, why, person, reason }: Asked,
): Promise<WentOn> {
  const place = await placeOfRequest(dependencies, id);
  if (place === undefined) return { kind: 'refused', refusals: [{ code: 'unknown-request' }] };
  if (place.kind !== 'usable') return { kind: 'wrong-place', place: place.kind };
  const gone = await dependencies.requests.goOn(id, why, person, reason === undefined ? {} : { reason });
  if (gone.ok) return { kind: 'taken', request: gone.request };
  const { refusals } = gone;
  const wanted = refusals.filter((refusal) => refusal.code === 'reason-wanted');
  return wanted.length === refusals.length ? { kind: 'reason-wanted', wanted } : { kind: 'refused', refusals };
}
