import type { Request } from '../request.js';
import type { Rejection } from './events.js';

/** Why a plan that was read to its end is not one to be approved. Pure. */
export function flawOf({ action, groups }: Pick<Request, 'action' | 'groups'>, max: number): Rejection | undefined {
  const targets = groups.flatMap((group) => group?.targets ?? []);
  if (targets.every(({ outcome }) => outcome !== undefined)) {
    const needStop = targets.filter(({ outcome }) => outcome?.kind === 'skipped' && outcome.reason === 'needs-stop');
    const code = action === 'attach' ? 'nothing-to-attach' : 'nothing-to-do';
    return { code, ...(needStop.length > 0 && { needStop: needStop.length }) };
  }
  return targets.length > max ? { code: 'too-many', count: targets.length, max } : undefined;
}
