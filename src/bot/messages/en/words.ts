export const number = (value: number): string => new Intl.NumberFormat('en').format(value);

export const some = (count: number): string => `${number(count)} ${count === 1 ? 'instance' : 'instances'}`;

export const places = (count: number): string => `${number(count)} ${count === 1 ? 'place' : 'places'}`;

/** "1 instance restarts", "2 instances restart". */
export const someDo = (count: number, one: string, many: string): string =>
  `${some(count)} ${count === 1 ? one : many}`;
