import type { GuardedCall } from './answers.js';
import { type GuardCode, guardVerdict, type Verdict } from './classify.js';
import type { KeyPair, Traits, WriteInput } from './contract.js';

/** Regions become host names, so they may hold nothing else. */
export const REGION_PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_NAME = 255;
const TOKEN_PATTERN = /^[\x21-\x7e]{1,64}$/;

/** The rules for what may leave the house; each answers with why not. */
export type InputRules = {
  region(call: GuardedCall): Verdict | undefined;
  instances(ids: readonly string[]): Verdict | undefined;
  write(input: WriteInput, limit: number): Verdict | undefined;
  keyPair(keyPair: KeyPair): Verdict | undefined;
  name(nameOrId: string): Verdict | undefined;
};

export function makeInputRules(traits: Traits): InputRules {
  const wholeId = new RegExp(`^(?:${traits.instanceIdPattern})$`);
  const region = (call: GuardedCall) =>
    REGION_PATTERN.test(call.region) ? undefined : invalid('a region is lower case letters, digits and hyphens');

  function instances(ids: readonly string[]): Verdict | undefined {
    if (ids.length === 0) return invalid('no instance was named');
    if (new Set(ids).size < ids.length) return invalid('an instance was named twice');
    return ids.every((id) => wholeId.test(id)) ? undefined : invalid('an id is not the id of an instance here');
  }

  function write(input: WriteInput, limit: number): Verdict | undefined {
    if (input.instanceIds.length > limit) return invalid(`more than ${limit} instances in one call`);
    if (!TOKEN_PATTERN.test(input.token)) return invalid('a token is 1 to 64 printable ASCII characters');
    return instances(input.instanceIds);
  }

  function keyPair({ name, id }: KeyPair): Verdict | undefined {
    const named = traits.keyPairNamedBy === 'id' ? id : name;
    if (named === undefined || !isPlain(named)) {
      return invalid('the key pair lacks what this cloud names it by', 'InvalidKeyPair');
    }
    return [name, id].every((part) => part === undefined || part === '' || isPlain(part))
      ? undefined
      : invalid('a key pair is named by printable characters', 'InvalidKeyPair');
  }

  const name = (nameOrId: string) =>
    isPlain(nameOrId) ? undefined : invalid('a key pair is named by printable characters', 'InvalidKeyPair');

  return { region, instances, write, keyPair, name };
}

/** Not empty, not endless, no control characters and no half of a surrogate pair. */
function isPlain(text: string): boolean {
  return text.length > 0 && text.length <= LONGEST_NAME && !/[\p{Cc}\p{Cs}]/u.test(text);
}

function invalid(message: string, code: GuardCode = 'InvalidInput'): Verdict {
  return guardVerdict(code, message);
}
