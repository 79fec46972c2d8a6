import type { Instance } from '../../providers/contract.js';
import type { Fault, Hint } from '../../providers/failures.js';
import type { Batch } from '../request.js';
import type { Timing as AllTiming } from '../retrying.js';
import { isPausing, type Trouble } from './holds.js';

/** Which instances of a start have been off for so long that somebody has to be told, and why. Pure. */

type Timing = Pick<AllTiming, 'now' | 'alarmMs' | 'slowMs'>;
type Complaint = Omit<Trouble, 'instances'>;
type Shown = ReadonlyMap<string, Instance>;

/** `shown`: the reading, by instance. */
export function startTroubles(batch: Batch, shown: Shown, timing: Timing): Trouble[] {
  if (!isAlarming(batch, timing)) return [];
  const byWhat = new Map<string, Trouble>();
  for (const id of batch.pending) {
    const complaint = complaintOf(batch, id, shown.get(id), timing);
    if (complaint === undefined) continue;
    const key = JSON.stringify([complaint.code, complaint.message]);
    const instances = [...(byWhat.get(key)?.instances ?? []), id];
    byWhat.set(key, { ...complaint, instances });
  }
  return [...byWhat.values()];
}

/** A reading that failed shows none of them, so it is what is wrong with all. */
export function unreadTroubles(batch: Batch, { code, message, hint }: Fault, timing: Timing): Trouble[] {
  return isAlarming(batch, timing) ? [{ code, message, hint, instances: [...batch.pending] }] : [];
}

const isAlarming = ({ step, since }: Batch, { now, alarmMs }: Timing): boolean =>
  step === 'start' && now >= since + alarmMs;

function complaintOf(batch: Batch, id: string, instance: Instance | undefined, timing: Timing): Complaint | undefined {
  const unstarted = (message: string, hint: Hint): Complaint => ({ code: 'NotStarted', message, hint });
  switch (instance?.state) {
    case 'running':
      return undefined;
    // Large machines take their time.
    case 'changing':
      if (timing.now < batch.since + timing.slowMs) return undefined;
      return unstarted(`it is on its way, and does not arrive: ${instance.vendorState}`, 'start-by-hand');
    case 'unusable':
      return unstarted(`it cannot be started: ${instance.vendorState}`, 'start-by-hand');
    case undefined:
      return unstarted('the cloud does not show this instance any more', 'not-shown');
    case 'stopped': {
      const last = batch.calls.get(id);
      const fault = last?.fault;
      // That is the account's trouble, and told as that.
      if (fault && isPausing(fault.hint)) return undefined;
      if (fault) return { code: fault.code, message: fault.message, hint: fault.hint };
      if (last?.at === undefined) return unstarted('no call to start it was answered yet', 'start-by-hand');
      return unstarted('the cloud took the start, and the instance is still off', 'start-by-hand');
    }
  }
}
