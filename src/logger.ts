import { pino } from 'pino';
import { makeLineMask } from './logging/line-mask.js';
import { toLoggable } from './logging/loggable.js';

export type LogFields = Readonly<Record<string, unknown>>;
export type LogFunction = {
  (fields: LogFields, message: string): void;
  (message: string): void;
};

/** One JSON object a line. Errors come as name, message, code and stack; secrets do not come at all. */
export type Logger = {
  readonly debug: LogFunction;
  readonly info: LogFunction;
  readonly warn: LogFunction;
  readonly error: LogFunction;
  /** A logger whose lines all have these fields. */
  child(fields: LogFields): Logger;
};

export type LoggerOptions = {
  level: string;
  /** Masked wherever they stand in a line. */
  secrets: readonly string[];
  destination?: NodeJS.WritableStream;
};

export function createLogger({ level, secrets, destination = process.stdout }: LoggerOptions): Logger {
  const mask = makeLineMask(secrets);
  const masked = { write: (line: string) => destination.write(mask(line)) };
  // Errors are plain data by then: pino's own way with them keeps what an SDK hung on them.
  const serializers = { err: (value: unknown) => value };
  return wrap(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers }, masked));
}

function wrap(inner: pino.Logger): Logger {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (first: LogFields | string, message?: string) => {
    if (!inner.isLevelEnabled(level)) return;
    if (typeof first === 'string') inner[level](first);
    else inner[level](toLoggable(first), message);
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(inner.child(toLoggable(fields))),
  };
}
