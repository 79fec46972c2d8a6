import type { GuardedCall } from './answers.js';
import { guardVerdict, judge, type Verdict } from './classify.js';
import type { CallContext, PowerAction, Provider } from './contract.js';
import { type Settled, settleWithin } from './deadline.js';
import type { ErrorKind } from './failures.js';
import { type Mask, makeMask } from './masking.js';

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
export type CallOperation = keyof Omit<Provider, 'traits' | 'errors' | 'power'> | PowerAction;

export type GuardOptions = {
  account: string;
  /** For each call of the adapter: a page is one, and so is a part of a read that is over the cloud's limit. */
  timeoutMs: number;
  secrets: readonly string[];
  /** Whatever it throws is dropped. */
  onCall?: (call: CallRecord) => void;
  now: () => number;
};

export type Attempt<T> = { ok: true; value: T } | { ok: false; verdict: Verdict };

export const failed = (verdict: Verdict): { ok: false; verdict: Verdict } => ({ ok: false, verdict });

/** Makes the calls of one adapter: in time, timed, and with every failure read. */
export type Calls = {
  /** Never rejects. */
  make<T>(what: CallSubject, call: GuardedCall, run: (context: CallContext) => Promise<T>): Promise<Attempt<T>>;
  /** Reads a failure that came inside a reply. */
  judge(error: unknown): Verdict;
  mask: Mask;
  close(): Promise<void>;
};
export type CallSubject = { operation: CallOperation; instances: number };

export function makeCalls(provider: Provider, options: GuardOptions): Calls {
  const mask = makeMask(options.secrets);
  const judgeMasked = (error: unknown) => judge(error, provider.errors, mask);
  let closing: Promise<unknown> | undefined;

  async function attempt<T>(
    what: CallSubject,
    { region, signal: caller }: GuardedCall,
    run: (context: CallContext) => Promise<T>,
  ): Promise<Attempt<T>> {
    const began = options.now();
    const settled = await settleWithin(options.timeoutMs, caller, (signal) => run({ region, signal }));
    const result = readSettled(settled, options.timeoutMs, judgeMasked);
    const outcome = result.ok ? { ok: true } : faultOf(result.verdict);
    tell(options, { account: options.account, ...what, region, ms: options.now() - began, ...outcome });
    return result;
  }

  return {
    async make(what, call, run) {
      if (closing) return failed(guardVerdict('Closed', 'the account is closed'));
      if (call.signal?.aborted) return failed(guardVerdict('NotSent', 'given up before it was sent'));
      return attempt(what, call, run);
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
