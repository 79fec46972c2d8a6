import { connect } from 'node:net';

const ANSWER_WITHIN_MS = 2_000;

/**
 * Sends one command, without a client library, and gives the first piece of the reply as it came; undefined when
 * there was none.
 * @param {number} port
 * @param {string} command
 * @returns {Promise<string | undefined>}
 */
export function askOnce(port, command) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy());
    // 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => resolve(undefined));
    socket.once('data', (reply) => {
      resolve(reply.toString());
      socket.destroy();
    });
  });
}
