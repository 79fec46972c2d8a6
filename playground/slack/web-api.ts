import { makeArgs, readBody } from './args.js';
import type { Faults, SlackFault } from './faults.js';
import { type Answer, type HttpRequest, jsonReply } from './http.js';
import { type Methods, needScope } from './methods/method.js';
import type { ApiCall } from './model.js';
import type { RateLimits } from './rate-limits.js';
import { SlackRefusal } from './refusal.js';
import type { State } from './state.js';

export type Tokens = { bot: string; app: string };
export type WebApiParts = {
  state: State;
  methods: Methods;
  tokens: Tokens;
  faults: Faults;
  /** Left out: nothing is limited. */
  limits?: RateLimits;
};

export const refusalBody = ({ error, messages, fields }: SlackRefusal) => ({
  ok: false,
  error,
  ...fields,
  ...(messages.length > 0 && { response_metadata: { messages } }),
});

function readToken(request: HttpRequest, body: Readonly<Record<string, unknown>>): string | undefined {
  const header = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  return header ?? (typeof body.token === 'string' ? body.token : undefined);
}

function checkToken(tokens: Tokens, kind: keyof Tokens, token: string | undefined): void {
  if (!token) throw new SlackRefusal('not_authed');
  if (token === tokens[kind]) return;
  throw new SlackRefusal(token === tokens.bot || token === tokens.app ? 'not_allowed_token_type' : 'invalid_auth');
}

function faultReply(fault: Exclude<SlackFault, { kind: 'reply-lost' }>): Answer {
  switch (fault.kind) {
    case 'ratelimited':
      return tooMany(fault.retryAfterSeconds);
    case 'error':
      return jsonReply({ ok: false, error: fault.error });
    case 'http':
      return {
        status: fault.status,
        headers: { 'content-type': 'text/html' },
        body: '<h1>Slack is having trouble</h1>',
      };
    case 'hang':
      return 'hang';
  }
}

const tooMany = (seconds: number) =>
  jsonReply({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': String(seconds) });

/** The reply as the record of calls keeps it. */
function summary(answer: Answer): NonNullable<ApiCall['reply']> {
  if (typeof answer === 'string') return { ok: false, error: answer };
  if (answer.status !== 200) return { ok: false, error: `http ${answer.status}` };
  const { ok, error } = JSON.parse(answer.body) as { ok: boolean; error?: string };
  return { ok, ...(error !== undefined && { error }) };
}

/** Keeps a call in the record, with what it was answered, and tells everyone who waits that something happened. */
export async function recorded(
  state: State,
  method: string,
  attempt: (call: ApiCall) => Promise<Answer>,
  refuse: (refusal: SlackRefusal) => Answer,
): Promise<Answer> {
  const call: ApiCall = { method, args: {}, at: state.now() };
  state.calls.push(call);
  const answer = await attempt(call).catch((error: unknown) => {
    if (error instanceof SlackRefusal) return refuse(error);
    throw error;
  });
  call.reply = summary(answer);
  state.changed();
  return answer;
}

/** Holds the call, or lets it fail, where a test asked for that. */
export async function underFaults(faults: Faults, method: string, perform: () => Answer): Promise<Answer> {
  await faults.pass(method);
  const fault = faults.take(method);
  if (!fault) return perform();
  if (fault.kind !== 'reply-lost') return faultReply(fault);
  perform();
  return 'cut';
}

/** Answers one call of the Web API: token, hold, fault, rate limit, scope, and then the method itself. */
export async function callMethod(parts: WebApiParts, name: string, request: HttpRequest): Promise<Answer> {
  const { state, limits } = parts;
  const attempt = async (call: ApiCall) => {
    const body = readBody(request);
    const { token: _, ...raw } = body;
    call.args = raw;
    const method = parts.methods[name];
    if (!method) throw new SlackRefusal('unknown_method', [], { req_method: name });
    checkToken(parts.tokens, method.token, readToken(request, body));
    state.changed();
    const args = makeArgs(raw);
    return underFaults(parts.faults, name, () => {
      const wait = limits?.take(name, method.limit, args.text('channel'));
      if (wait !== undefined) return tooMany(wait);
      needScope(state, ...method.scopes);
      return jsonReply({ ok: true, ...method.run(args, state) });
    });
  };
  return recorded(state, name, attempt, (refusal) => jsonReply(refusalBody(refusal)));
}
