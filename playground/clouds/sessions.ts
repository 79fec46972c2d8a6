import { randomUUID } from 'node:crypto';

/** What a role gives: keys with a token, for a time. */
export type Session = { accessKey: string; secretKey: string; sessionToken: string; role: string; expiresAt: number };

export type Sessions = {
  /** Roles that the account's own keys may assume. Where there are some, those keys may do nothing else. */
  readonly roles: Set<string>;
  /** All that were given, oldest first. */
  readonly given: readonly Session[];
  assume(role: string, expiresAt: number): Session | undefined;
  /** The one whose access key stands in this header. */
  find(authorization: string | undefined): Session | undefined;
};

export function makeSessions(): Sessions {
  const roles = new Set<string>();
  const given: Session[] = [];
  return {
    roles,
    given,
    assume(role, expiresAt) {
      if (!roles.has(role)) return undefined;
      const part = () => randomUUID().replaceAll('-', '');
      const session = {
        accessKey: `STS${part()}`,
        secretKey: `canary-secret-${part()}`,
        sessionToken: `canary-token-${part()}`,
        role,
        expiresAt,
      };
      given.push(session);
      return session;
    },
    find: (authorization = '') => given.find(({ accessKey }) => authorization.includes(accessKey)),
  };
}
