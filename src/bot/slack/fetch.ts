import type { FetchFunction } from '@slack/web-api';

export type SlackFetchOptions = {
  /** How long Slack may take, the body of its answer included. */
  timeoutMs: number;
  /** Aborts when nothing may be waited for any more. */
  limit: AbortSignal;
};

/**
 * How Slack is called, by whatever library: a call to an address that a gesture brought along, too, and one that opens
 * a connection. Left to themselves they wait for minutes, or for ever.
 */
export function createSlackFetch({ timeoutMs, limit }: SlackFetchOptions): FetchFunction {
  return (url, init) => {
    const given = init?.signal ? [init.signal] : [];
    const signal = AbortSignal.any([...given, limit, AbortSignal.timeout(timeoutMs)]);
    return fetch(url, { ...init, signal });
  };
}
