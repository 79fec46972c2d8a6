/** A key of `ssh-keygen -t ed25519`, and what `ssh-keygen -l` prints of it. */
export const LINE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPxgIIFmNivOCoBUhl1JsB4FOcR9F9Ny7rYmz7HiqyMy anna@laptop';
export const SHA256 = 'r+/Od8epfBNBJK10+w3UugbSLnYrnOpAaomdykl1Qn8';
export const MD5 = '31977460019335038746a6c579f63023';
export const colons = (hex: string) => (hex.match(/../g) ?? []).join(':');

const field = (bytes: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
export const blobOf = (type: string, ...parts: Buffer[]) =>
  Buffer.concat([field(Buffer.from(type)), ...parts.map(field)]);

export const RSA = blobOf('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.alloc(513, 7));
export const RSA_LINE = `ssh-rsa ${RSA.toString('base64')}`;
