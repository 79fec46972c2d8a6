import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { NotifierBusy, NotifierRefused } from '../../jobs/notifier.js';

/** When Slack named no time, and when it did not answer. */
const PAUSE_MS = 5_000;

/** `internal_error` and `fatal_error` may come after the effect (docs.slack.dev, chat.postMessage). */
const PASSING = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'update_failed',
  'team_added_to_org',
  'message_limit_exceeded',
]);
const RATE_LIMITED = new Set(['ratelimited', 'rate_limited']);

/** Slack took the message for well-meant, and its form for wrong. */
const ABOUT_FORM = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long']);

export const isAboutForm = (error: unknown): boolean =>
  error instanceof WebAPIPlatformError && ABOUT_FORM.has(error.data.error);

/**
 * What a failed call means for jobs. Whatever is no answer of Slack's (a time-out, a broken connection, a proxy's
 * page) may have come after the effect: `NotifierBusy`, and what was told is looked up before it is told again.
 * Any other code of Slack's says that it was not done and will not be: `NotifierRefused`.
 */
export function toNotifierError(error: unknown): NotifierBusy | NotifierRefused {
  if (error instanceof WebAPIRateLimitedError) {
    return new NotifierBusy(error.retryAfter * 1_000, 'ratelimited', true);
  }
  if (!(error instanceof WebAPIPlatformError)) return new NotifierBusy(PAUSE_MS, 'no_answer', false);
  const { error: code, response_metadata: more } = error.data;
  if (RATE_LIMITED.has(code)) {
    const seconds = more?.retryAfter;
    return new NotifierBusy(seconds === undefined ? PAUSE_MS : seconds * 1_000, code, true);
  }
  return PASSING.has(code) ? new NotifierBusy(PAUSE_MS, code, false) : new NotifierRefused(code);
}
