import { afterEach, describe, expect, it } from '@jest/globals';
import { KEY, KIND_IDS, KINDS } from '../../playground/stage/clouds.js';
import { PEOPLE, type StageFile } from '../../playground/stage/stage.js';
import { accountSchema } from '../../src/providers/registry.js';
import { ROLES } from '../providers/roles.js';
import { click, ending, openPlay, type Play, plan } from './play.js';
import { everythingIn } from './redis-values.js';

let play: Play;
afterEach(() => play.stop());

const withRoles = (file: StageFile): StageFile => {
  const roled = KIND_IDS.map((kind) => {
    const { account: name } = KINDS[kind];
    const account = file.accounts[name];
    return [name, accountSchema.parse({ ...account, credentials: { ...account?.credentials, ...ROLES[kind].names } })];
  });
  return { ...file, accounts: { ...file.accounts, ...Object.fromEntries(roled) } };
};

describe.each(KIND_IDS)('an account of %s with a role', (kind) => {
  it('is worked through with what the role gives, which is shown nowhere', async () => {
    play = await openPlay({ config: withRoles });
    const { account, cloud } = play.clouds[kind];
    cloud.sessions.roles.add(ROLES[kind].role);
    const { id, root } = await plan(play, `${account} ${KEY} all`);
    const [session] = cloud.sessions.given;
    const secrets = [session?.sessionToken ?? '', session?.secretKey ?? ''];
    const message = `you sent ${secrets.join(' signed with ')}`;
    cloud.fail(/detach|disassociate/i, { kind: 'code', code: 'Surprise.NotListed', message });
    await click(play, PEOPLE.approver, root, 'approve');
    expect((await ending(play, id)).join('\n')).toContain('you sent *** signed with ***');
    const again = await plan(play, `${account} ${KEY} all`);
    await click(play, PEOPLE.approver, again.root, 'approve');
    await ending(play, again.id);
    expect(cloud.sessions.given).toHaveLength(1);
    expect([...cloud.world.instances.values()].map(({ keyPairs }) => keyPairs)).toEqual([[]]);
    const seen = [
      ...play.logged,
      ...(await everythingIn(play.redis, play.prefix)),
      JSON.stringify([...play.slack.workspace.channels]),
    ].join('\n');
    expect(secrets.filter((secret) => secret === '' || seen.includes(secret))).toEqual([]);
  });
});
