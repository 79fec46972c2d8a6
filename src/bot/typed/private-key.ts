import { readPublicKeys } from '../../jobs/keys/public-key.js';
import { BASE64, tidy } from '../../jobs/keys/words.js';

/**
 * Whether a text holds a private key, however it was pasted: lines joined, dashes turned long by a phone, escaped as
 * JSON or in a URL, the whole PEM in base64, its body without the lines around it, or lines from
 * the middle of it. What is found here is never
 * stored, logged or echoed.
 */
export function holdsPrivateKey(text: string): boolean {
  const plain = bare(text);
  return (
    SIGNS.some((sign) => sign.test(plain)) ||
    encoded(plain).some((inner) => SIGNS.some((sign) => sign.test(inner))) ||
    holdsKeyBytes(text)
  );
}

const SIGNS = [
  /-(?:BEGIN|END)[A-Z0-9]{0,20}PRIVATEKEY/iu,
  /PuTTY-User-Key-File/iu,
  /Private-Lines:\d/iu,
  // "openssh-key-v1" and its zero byte: how the body of an OpenSSH private key begins.
  /b3BlbnNzaC1rZXktdjEA/u,
  // How bodies of PEM begin, in DER. RSA (PKCS #1): version 0 and the modulus; PKCS #8: version 0 and the algorithm.
  /MII[A-Z][\w/]{1,2}IBAA[JK][BC]/u,
  /MII[A-Z][\w/]{1,2}IBADANBgkqhkiG9w0BAQ/u,
  /AgEAM[A-Z][\w/]{1,2}ByqGSM49/u,
  /CAQ[AE]wBQYDK2V/u,
  // An elliptic curve's (SEC 1): version 1 and the number.
  /M(?:HcCAQEEI|I[GH]\wAgEBB[DE])/u,
  // The algorithm of encrypted ones (PBES2), wherever it falls among the letters.
  /BgkqhkiG9w0BBQ0|CSqGSIb3DQEFDT|KoZIhvcNAQUN/u,
];

/** Without spaces, invisible characters and escapes. */
const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/%2d/giu, '-')
    .replace(/%(?:20|0a|0d)/giu, '')
    .replace(/\\[nrt]/gu, '')
    .replace(/&#0*45;/gu, '-')
    .replace(/\p{Dash}/gu, '-')
    .replace(/[\s+\\"'*_~`\p{Cf}\p{Cc}]/gu, '');

/** "-----BEGIN" in base64. */
const encoded = (plain: string): string[] =>
  [...plain.matchAll(/LS0tLS1CRUdJTi[A-Za-z0-9+/]*/gu)].map(([run]) =>
    bare(Buffer.from(run, 'base64').toString('latin1')),
  );

/** No cloud has longer names of key pairs. */
const LONGEST_NAME = 128;
/** The shortest lines that programs break the base64 of a key into have 64. */
const SHORTEST_LINE = 60;

/** Bytes that are no public key: too long for a name, or on more lines than one. */
function holdsKeyBytes(text: string): boolean {
  const { rest } = readPublicKeys(tidy(text));
  const isLine = (word = '') => word.length >= SHORTEST_LINE && isMixed(word);
  return rest.some((word, at) => {
    if (word.length > LONGEST_NAME) return isMixed(word) || isHex(word);
    return isLine(word) && isLine(rest[at + 1]);
  });
}

/** As no word is that people type. */
const isMixed = (word: string): boolean =>
  BASE64.test(word) && [/[0-9]/, /[a-z]/, /[A-Z]/].every((kind) => kind.test(word));
const isHex = (word: string): boolean => /^[0-9a-f]+$/iu.test(word) && /[0-9]/.test(word) && /[a-f]/i.test(word);
