export const number = (value: number): string => new Intl.NumberFormat('zh').format(value);

export const some = (count: number): string => `${number(count)} 台实例`;
