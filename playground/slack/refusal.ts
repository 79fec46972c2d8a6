/** What Slack answers when it does not do a thing: `error` is its code, `messages` its `response_metadata.messages`. */
export class SlackRefusal extends Error {
  override readonly name = 'SlackRefusal';
  readonly error: string;
  readonly messages: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
  constructor(error: string, messages: readonly string[] = [], fields: Record<string, unknown> = {}) {
    super([error, ...messages].join(': '));
    this.error = error;
    this.messages = messages;
    this.fields = fields;
  }
}

/** What a person sees when a gesture did not reach the app; the codes are those that Slack's client shows. */
export class GestureFailure extends Error {
  override readonly name = 'GestureFailure';
  readonly code: 'operation_timeout' | 'dispatch_failed' | 'not_on_screen' | 'not_allowed';
  constructor(code: GestureFailure['code'], detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}
