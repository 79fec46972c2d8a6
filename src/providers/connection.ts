import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { VendorFailureFacts } from './failures.js';

/** The connection of one call, for an SDK whose errors keep neither the reason nor whether anything was sent. */
export type Connection = {
  /** In place of Node's own modules. */
  transport: { request(options: RequestOptions, onReply: (reply: IncomingMessage) => void): ClientRequest };
  /** Ends when the caller gives up or the time is over. */
  signal: AbortSignal;
  /** What has come of the answer, if anything. */
  head(): { status?: number; headers: IncomingHttpHeaders };
  /** Why there is no answer that can be read. */
  trouble(): Pick<VendorFailureFacts, 'message'> & Required<Pick<VendorFailureFacts, 'transport'>>;
};

export function openConnection(given: AbortSignal | undefined, timeoutMs: number): Connection {
  const timeout = AbortSignal.timeout(timeoutMs);
  let isConnected = false;
  let reply: IncomingMessage | undefined;
  let hasEnded = false;
  return {
    transport: {
      request(options, onReply) {
        const secure = options.protocol === 'https:';
        const outgoing = (secure ? httpsRequest : httpRequest)(options, (incoming) => {
          reply = incoming;
          incoming.once('end', () => {
            hasEnded = true;
          });
          onReply(incoming);
        });
        outgoing.once('socket', (socket) => {
          socket.once(secure ? 'secureConnect' : 'connect', () => {
            isConnected = true;
          });
        });
        return outgoing;
      },
    },
    signal: given ? AbortSignal.any([given, timeout]) : timeout,
    head: () => ({
      ...(reply?.statusCode !== undefined && { status: reply.statusCode }),
      headers: reply?.headers ?? {},
    }),
    trouble() {
      if (given?.aborted) return { transport: 'aborted', message: 'The call was given up' };
      if (!isConnected) return { transport: 'refused', message: 'No connection, nothing was sent' };
      if (timeout.aborted) return { transport: 'timeout', message: 'No answer in time' };
      return hasEnded ? MALFORMED : { transport: 'network', message: 'The connection broke off' };
    },
  };
}

export const MALFORMED = Object.freeze({
  transport: 'malformed',
  message: 'The answer is not of the documented form',
} as const);
