import { pino } from 'pino';

export type LogFunction = {
  (fields: Readonly<Record<string, unknown>>, message: string): void;
  (message: string): void;
};

export type Logger = {
  readonly debug: LogFunction;
  readonly info: LogFunction;
  readonly warn: LogFunction;
  readonly error: LogFunction;
  child(bindings: Readonly<Record<string, unknown>>): Logger;
};

export type LoggerOptions = {
  level: string;
  secrets: readonly string[];
  destination?: NodeJS.WritableStream;
};

export function createLogger(options: LoggerOptions): Logger {
  return pino({ level: options.level }, options.destination ?? process.stdout);
}
