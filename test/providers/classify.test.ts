import { describe, expect, test } from '@jest/globals';
import { A, B, failing, REGION, stage, vendor } from './guarded-stub.js';

describe('a failure of a write', () => {
  test.each([
    ['a row that says never', { code: 'Never' }, 'refused', 'invalid'],
    ['a row that says later', { code: 'Later' }, 'later', 'rate-limited'],
    ['a row that says once settled', { code: 'Settled' }, 'later', 'conflict'],
    ['a row that does not rule it out', { code: 'Maybe' }, 'unknown', 'unavailable'],
    ['a row that does not rule it out, though repeating is no use', { code: 'MaybeNever' }, 'unknown', 'unsupported'],
    ['a group', { code: 'Group' }, 'refused', 'quota'],
    ['a code of a group', { code: 'Group.Else.Deep' }, 'refused', 'quota'],
    ['a code of the longer group', { code: 'Group.Part.Else' }, 'refused', 'auth'],
    ['its own row before that of the group', { code: 'Group.Part.Own' }, 'refused', 'conflict'],
    ['a code that only begins like a group', { code: 'Grouping' }, 'unknown', 'bug'],
    ['a code that every object has', { code: 'constructor' }, 'unknown', 'bug'],
    ['a row, whatever the status', { code: 'Later', httpStatus: 500 }, 'later', 'rate-limited'],
    ['an unlisted code with 400', { code: 'Else', httpStatus: 400 }, 'unknown', 'invalid'],
    ['401', { httpStatus: 401 }, 'unknown', 'auth'],
    ['403', { httpStatus: 403 }, 'unknown', 'forbidden'],
    ['404', { httpStatus: 404 }, 'unknown', 'not-found'],
    ['409', { httpStatus: 409 }, 'unknown', 'conflict'],
    ['418', { httpStatus: 418 }, 'unknown', 'invalid'],
    ['429', { httpStatus: 429 }, 'unknown', 'rate-limited'],
    ['500', { httpStatus: 500 }, 'unknown', 'unavailable'],
    ['504', { httpStatus: 504 }, 'unknown', 'unavailable'],
    ['a time-out', { transport: 'timeout' }, 'unknown', 'timeout'],
    ['a broken connection', { transport: 'network' }, 'unknown', 'unavailable'],
    ['a connection that was refused', { transport: 'refused' }, 'later', 'unavailable'],
    ['an answer that cannot be read', { transport: 'malformed', httpStatus: 200 }, 'unknown', 'malformed'],
    ['a name that several have', { transport: 'ambiguous' }, 'refused', 'invalid'],
    ['an abort', { transport: 'aborted' }, 'unknown', 'aborted'],
    ['no credentials', { transport: 'no-credentials' }, 'refused', 'auth'],
    ['a time-out beside a listed code', { transport: 'timeout', code: 'Never' }, 'unknown', 'timeout'],
  ] as const)('%s', async (_what, facts, answer, kind) => {
    const { instances } = await failing(vendor(facts)).detach([A, B]);
    expect([...instances]).toEqual(
      [A, B].map((id) => [id, { kind: answer, fault: expect.objectContaining({ kind }) }]),
    );
  });

  test.each([
    ['in a reply', { code: 'Else' }],
    ['with a status', { code: 'Else', httpStatus: 400 }],
    ['by a status alone', { httpStatus: 418 }],
  ])('that nobody knows, told %s, is not said to be of no use again', async (_where, facts) => {
    const { instances } = await failing(vendor(facts)).detach();
    expect(instances.get(A)).toMatchObject({ kind: 'unknown', fault: { hint: 'unknown-code', repeat: 'never' } });
  });

  test('that is no vendor failure is a bug, told by its type and place only', async () => {
    const { instances } = await failing(new TypeError('https://cloud/?Signature=abc')).detach();
    const message = expect.stringMatching(/^TypeError at classify\.test\.ts:\d+$/);
    expect(instances.get(A)).toEqual({
      kind: 'unknown',
      fault: { kind: 'bug', code: 'Bug', message, hint: 'report-bug', repeat: 'never' },
    });
  });

  test('that is an error without a place is told by its type only', async () => {
    const error = new RangeError('https://cloud/?Signature=abc');
    delete error.stack;
    expect((await failing(error).detach()).instances.get(A)).toMatchObject({ fault: { message: 'RangeError' } });
  });

  test.each([['a word'], [undefined], [null], [{ code: 'Never' }]])(
    'that is %p, no error at all, is a bug',
    async (thrown) => {
      const { instances } = await failing(thrown).detach();
      expect(instances.get(A)).toMatchObject({ kind: 'unknown', fault: { kind: 'bug' } });
    },
  );

  test('keeps the code, the request id and how long to wait', async () => {
    const facts = { code: 'Later', requestId: 'req-7', retryAfterMs: 1500, message: 'slow down' };
    const { instances } = await failing(vendor(facts)).detach();
    expect(instances.get(A)).toMatchObject({ fault: facts });
  });

  test('thrown at once instead of rejected is read as well', async () => {
    const atOnce = () => {
      throw vendor({ code: 'Never' });
    };
    const { detach, guarded } = stage({ detach: atOnce, findKeyPair: atOnce });
    expect((await detach()).instances.get(A)).toMatchObject({ kind: 'refused' });
    expect(await guarded.findKeyPair({ nameOrId: 'key-one' }, REGION)).toMatchObject({ fault: { code: 'Never' } });
  });
});
