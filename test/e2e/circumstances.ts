import type { LocalOnCall } from '../../playground/on-call/server.js';
import type { LocalSlack } from '../../playground/slack/local-slack.js';
import type { User } from '../../playground/slack/workspace.js';

/** What is otherwise for a while, of people and of whoever is asked about them. */

export type Stand = { slack: LocalSlack; pagerduty: LocalOnCall; opsgenie: LocalOnCall };

/** Gives what undoes it. */
export type Circumstance<Needs = Stand> = (stand: Needs) => () => void;
type InSlack = Circumstance<Pick<Stand, 'slack'>>;

function groupOf({ slack }: Pick<Stand, 'slack'>, id: string) {
  const found = slack.workspace.userGroups.get(id);
  if (found === undefined) throw new Error(`no group ${id}`);
  return found;
}

export const group = (id: string, change: (users: readonly string[]) => string[]): InSlack => {
  return (stand) => {
    const found = groupOf(stand, id);
    const before = found.users;
    found.users = change(before);
    return () => {
      found.users = before;
    };
  };
};

export const disabled = (id: string): InSlack => {
  return (stand) => {
    const found = groupOf(stand, id);
    found.disabled = true;
    return () => {
      found.disabled = false;
    };
  };
};

export const handedOver = (schedule: string, to: string): Circumstance => {
  return ({ pagerduty }) => {
    const before = pagerduty.schedules.get(schedule) ?? [];
    pagerduty.schedules.set(schedule, [to]);
    return () => void pagerduty.schedules.set(schedule, before);
  };
};

type OnCall = Exclude<keyof Stand, 'slack'>;

export const silent = <Service extends OnCall>(
  ...faults: readonly [Service, 'hang' | number][]
): Circumstance<Pick<Stand, Service>> => {
  return (services) => {
    for (const [service, fault] of faults) services[service].fail(fault);
    return () => {
      for (const [service] of faults) services[service].fail(undefined);
    };
  };
};

/** They are somebody else than they were. */
export const changed = (id: string, facts: Partial<User>): InSlack => {
  return ({ slack }) => {
    const { users } = slack.workspace;
    const before = users.get(id);
    if (before === undefined) throw new Error(`nobody is ${id}`);
    users.set(id, { ...before, ...facts });
    return () => void users.set(id, before);
  };
};

/** Nobody makes a gesture without an account: it is lost between the gesture and the question. */
export const deactivated = (id: string): InSlack => {
  return (stand) => {
    let undo = () => {};
    const hold = stand.slack.hold('users.info');
    void hold.arrived.then(() => {
      undo = changed(id, { deleted: true })(stand);
      hold.release();
    });
    return () => undo();
  };
};

export const withoutMail: InSlack = ({ slack }) => {
  const { scopes } = slack.workspace;
  scopes.delete('users:read.email');
  return () => void scopes.add('users:read.email');
};

export const slackFails = (method: string): InSlack => {
  return ({ slack }) => {
    slack.fail(method, { kind: 'error', error: 'internal_error' }, Number.POSITIVE_INFINITY);
    return () => slack.clearFaults();
  };
};
