import type { GuardedCall } from './answers.js';
import { guardVerdict, judge, type Verdict } from './classify.js';
import type { CallContext, CallOperation, Provider } from './contract.js';
import { type Settled, settleWithin } from './deadline.js';
import { type ErrorKind, type Fault, isHeldBack } from './failures.js';
import { type Mask, makeMask } from './masking.js';
import type { Pacer } from './pacer.js';

/** One call of an adapter, for logs and metrics. */
export type CallRecord = {
  account: string;
  operation: CallOperation;
  region: string;
  /** How many instances it was about; 0 for lists and key pairs. */
  instances: number;
  ms: number;
  ok: boolean;
  /** Of the fault, where not ok. */
  kind?: ErrorKind;
  code?: string;
};

export type GuardOptions = {
  account: string;
  /** For each call of the adapter: a page is one, and so is a part of a read that is over the cloud's limit. */
  timeoutMs: number;
  secrets: readonly string[];
  /** Whatever it throws is dropped. */
  onCall?: (call: CallRecord) => void;
  /** Left out, every call goes at once. */
  pacer?: Pacer;
  now: () => number;
};

export type Attempt<T> = { ok: true; value: T } | Refused;
type Refused = { ok: false; verdict: Verdict };

export const failed = (verdict: Verdict): Refused => ({ ok: false, verdict });

/** Makes the calls of one adapter: in time, timed, and with every failure read. */
export type Calls = {
  /** Never rejects. A read waits a short time for its turn, if need be; a write has taken its turn before and goes at once. */
  make<T>(what: CallSubject<T>, call: GuardedCall, run: (context: CallContext) => Promise<T>): Promise<Attempt<T>>;
  /** Reads a failure that came inside a reply. */
  judge(error: unknown): Verdict;
  mask: Mask;
  close(): Promise<void>;
};
export type CallSubject<T> = {
  operation: CallOperation;
  instances: number;
  /** There for a write: finds what the cloud held against single instances. */
  faultIn?(value: T): Fault | undefined;
};

export function makeCalls(provider: Provider, options: GuardOptions): Calls {
  const mask = makeMask(options.secrets);
  const judgeMasked = (error: unknown) => judge(error, provider.errors, mask);
  let closing: Promise<unknown> | undefined;

  async function attempt<T>(
    { operation, instances }: Pick<CallSubject<T>, 'operation' | 'instances'>,
    { region, signal: caller }: GuardedCall,
    run: (context: CallContext) => Promise<T>,
  ): Promise<Attempt<T>> {
    const began = options.now();
    const settled = await settleWithin(options.timeoutMs, caller, (signal) => run({ region, signal }));
    const result = readSettled(settled, options.timeoutMs, judgeMasked);
    const outcome = result.ok ? { ok: true } : faultOf(result.verdict);
    tell(options, { account: options.account, operation, instances, region, ms: options.now() - began, ...outcome });
    return result;
  }

  /** Why a call must not be sent now. */
  function unsent(signal: AbortSignal | undefined, waitMs: number): Verdict | undefined {
    if (closing) return guardVerdict('Closed', 'the account is closed');
    if (signal?.aborted) return guardVerdict('NotSent', 'given up before it was sent');
    return waitMs > 0
      ? guardVerdict('Paced', 'held back, as the cloud would refuse more calls now', waitMs)
      : undefined;
  }

  async function attemptInTurn<T>(
    what: CallSubject<T>,
    call: GuardedCall,
    run: (context: CallContext) => Promise<T>,
  ): Promise<Attempt<T>> {
    const paced = { operation: what.operation, region: call.region };
    const waitMs = what.faultIn === undefined ? await options.pacer?.wait(paced, call.signal) : 0;
    const against = unsent(call.signal, waitMs ?? 0);
    if (against) return failed(against);
    const calledAt = options.now();
    const result = await attempt(what, call, run);
    const fault = result.ok ? what.faultIn?.(result.value) : result.verdict.fault;
    options.pacer?.learn(paced, { calledAt, ...(fault && { fault }) });
    return result;
  }

  return {
    async make(what, call, run) {
      const first = await attemptInTurn(what, call, run);
      if (first.ok || what.faultIn !== undefined) return first;
      // A session that the cloud has taken back says nothing of the account: its role may give another.
      if (first.verdict.otherKeys) return attemptInTurn(what, call, run);
      const isThrottled = first.verdict.fault.kind === 'rate-limited' && !isOurs(first);
      if (options.pacer === undefined || !isThrottled) return first;
      // Else a list of many pages would begin anew for each page that came too early.
      const second = await attemptInTurn(what, call, run);
      return !second.ok && isOurs(second) ? putOff(first, second) : second;
    },
    judge: judgeMasked,
    mask,
    async close() {
      closing ??= attempt({ operation: 'close', instances: 0 }, { region: '' }, () => provider.close());
      await closing;
    },
  };
}

function faultOf({ fault: { kind, code } }: Verdict): Pick<CallRecord, 'ok' | 'kind' | 'code'> {
  return { ok: false, kind, code };
}

const isOurs = ({ verdict }: Refused): boolean => isHeldBack(verdict.fault);

/** What the cloud said, and when to come back. */
function putOff<T>({ verdict }: Refused, { verdict: held }: Refused): Attempt<T> {
  const { retryAfterMs = 0 } = held.fault;
  return failed({ ...verdict, fault: { ...verdict.fault, retryAfterMs } });
}

function readSettled<T>(settled: Settled<T>, timeoutMs: number, judgeThrown: (error: unknown) => Verdict): Attempt<T> {
  switch (settled.kind) {
    case 'answered':
      return { ok: true, value: settled.value };
    case 'threw':
      return failed(judgeThrown(settled.error));
    case 'timeout':
      return failed(guardVerdict('Timeout', `no answer within ${timeoutMs} ms`));
    case 'aborted':
      return failed(guardVerdict('Aborted', 'given up while it was under way'));
  }
}

function tell(options: GuardOptions, record: CallRecord): void {
  try {
    options.onCall?.(record);
  } catch {
    // An observer must not change what the call did.
  }
}
